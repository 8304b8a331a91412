"""Cookies and addresses of sites: what shops, analytics, consent banners and load balancers put into a browser."""

from tests.masking.services.shapes import ANSWERED, COOKIE, HEADERS, SET_COOKIE, URL

SERVICES = {
    "Cookies of measuring": (
        COOKIE(
            "_ga=GA1.1.1234567890.1746094500; _ga_ABC123DEF4=GS1.1.1746094500.3.1.1746094560.0.0.0; sessionid=⟦an32⟧"
        ),
        COOKIE("_gcl_au=1.1.987654321.1746094500; _gat_UA-12345-1=1; _dc_gtm_UA-12345-1=1"),
        COOKIE("_fbp=fb.1.1746094500123.1234567890; _fbc=fb.1.1746094500123.†IwAR0abc"),
        COOKIE("_hjSessionUser_123456=†eyJpZCI6; _hjIncludedInSessionSample_123456=0; _hjAbsoluteSessionInProgress=1"),
        COOKIE(
            "_pk_id.1.abcd=†1f2e3d4c5b6a7f8e.1746094500.; _pk_ses.1.abcd=1; _pk_ref.1.abcd=%5B%22%22%2C%22%22%2C1746094500%2C%22https%3A%2F%2Fwww.google.example%2F%22%5D"
        ),
        COOKIE("mp_abc_mixpanel=%7B%22distinct_id%22%3A%20%22†17%22%7D; ajs_anonymous_id=†5b2e; mp_debug=0"),
        COOKIE("_clck=1abcd2|2|fgh|0|1234; _clsk=1ab2cd|1746094500123|3|1|k.clarity.ms/collect; MUID=†0A1B2C3D"),
        COOKIE("_uetsid=†0a1b2c; _uetvid=†0a1b2d; _tt_enable_cookie=1; _ttp=†AbCdEf"),
        COOKIE("optimizelyEndUserId=oeu1746094500123r0.123456789; optimizelySegments=%7B%7D"),
        COOKIE("_vwo_uuid_v2=†D1234|abc; _vis_opt_s=1%7C; _vis_opt_test_cookie=1; _vis_opt_exp_12_combi=2"),
        COOKIE("ab_test_checkout=variant_b; experiment_17=control; feature_flags=new_nav,dark_mode; bucket=42"),
        COOKIE("abtest=B; split=2; cohort=2025-05; variant=control"),
        COOKIE(
            "utm_source=newsletter; utm_medium=email; utm_campaign=spring-sale; referrer=https%3A%2F%2Fwww.google.example%2F"
        ),
        COOKIE("first_visit=2025-05-01; last_visit=1746094500; visits=12; returning=true"),
        COOKIE(
            "OptanonConsent=isGpcEnabled=0&datestamp=Thu+May+01+2025+10%3A15%3A00+GMT%2B0200&version=202404.1.0&groups=C0001%3A1%2CC0002%3A0; OptanonAlertBoxClosed=2025-05-01T08:15:00.123Z"
        ),
        COOKIE(
            "CookieConsent={stamp:%27-1%27%2Cnecessary:true%2Cpreferences:false%2Cstatistics:false%2Cmarketing:false%2Cver:1}; gdpr=1"
        ),
        COOKIE("cookieyes-consent=consentid:†YWJj,consent:yes,action:yes,necessary:yes,functional:no; cky-action=yes"),
        COOKIE(
            "cookie_notice_accepted=true; viewed_cookie_policy=yes; cookielawinfo-checkbox-necessary=yes; cookielawinfo-checkbox-analytics=no"
        ),
        COOKIE(
            "cc_cookie=%7B%22categories%22%3A%5B%22necessary%22%5D%2C%22revision%22%3A0%7D; euconsent-v2=†CPXxRfAPXxRfA"
        ),
        COOKIE(
            "borlabs-cookie=%7B%22consents%22%3A%7B%22essential%22%3A%5B%22borlabs-cookie%22%5D%7D%2C%22version%22%3A%221%22%7D"
        ),
        COOKIE(
            "didomi_token=†eyJ1c2VyX2lkIjoi; _iub_cs-123=%7B%22timestamp%22%3A%222025-05-01T08%3A15%3A00.123Z%22%2C%22consent%22%3Atrue%7D"
        ),
        COOKIE("hide_banner=1; promo_seen=spring2025; newsletter_popup=closed; onboarding_step=3; tour_done=yes"),
        COOKIE("nps_dismissed=2025-05-01; survey=done; app_banner=hidden; app_store_rating=later"),
    ),
    "Cookies of choices": (
        COOKIE(
            "lang=de; locale=de_DE; NEXT_LOCALE=en-US; i18n_redirected=fr; django_language=pt-br; PHPSESSID=⟦lan26⟧"
        ),
        COOKIE(
            "theme=dark; color_mode=%7B%22color_mode%22%3A%22auto%22%2C%22light_theme%22%3A%7B%22name%22%3A%22light%22%7D%7D; sidebar_collapsed=true; density=compact"
        ),
        COOKIE("tz=Europe%2FBerlin; timezone_offset=-120; tzOffset=120; dateFormat=dd.MM.yyyy; units=metric"),
        COOKIE("currency=EUR; country=DE; store=berlin-mitte; region=eu; zip=10115; cart_currency=EUR"),
        COOKIE("view=grid; per_page=48; sort=price_asc; filters=size%3AM%2Ccolor%3Ared; page=2; tab=reviews"),
        COOKIE("recently_viewed=17%2C42%2C99; wishlist_count=3; cart_items=2; cart_total=59.90; compare=12-17"),
        COOKIE("screen=1920x1080; dpr=2; viewport=1440x900; device=desktop; platform=web; os=macOS"),
        COOKIE("app_version=4.12.0; build=20250501.3; release=v2025.5; api_version=2; schema=3"),
        COOKIE("player_volume=0.8; autoplay=off; quality=hd1080; subtitles=de; playback_rate=1.25"),
        COOKIE("flash_message=Saved; notice=Password+changed; toast=success; last_error=none"),
        COOKIE(
            "redirect_to=%2Faccount%2Forders; return_url=https%3A%2F%2Fshop.example%2Fcheckout; last_page=/products/17"
        ),
        COOKIE("editor=vim; font-size=14px; line_height=1.5; wrap=soft; keymap=emacs"),
        COOKIE("has_js=1; javascript_enabled=true; webp=1; retina=2; touch=0; test_cookie=CheckForPermission"),
        COOKIE("age_verified=1; over18=yes; adult_ok=true; restricted=false"),
        COOKIE(
            "login_hint=maria%40example.com; remember_email=1; auth_method=password; login_provider=google; sso=off; mfa=totp"
        ),
        COOKIE("logged_in=yes; is_admin=false; role=editor; plan=pro; tier=gold; user_type=b2b"),
        COOKIE(
            "wp-settings-time-1=1746094500; wp-settings-1=libraryContent%3Dbrowse%26editor%3Dtinymce; wordpress_test_cookie=WP%20Cookie%20check; wordpress_logged_in_5f4dcc3b=maria%7C1746267300%7C⟦an43⟧%7C⟦hex64⟧"
        ),
        COOKIE("Drupal.visitor.name=maria; Drupal.tableDrag.showWeight=0; has_js=1; SSESS5f4dcc3b=⟦url43⟧"),
        COOKIE(
            "mage-cache-storage=%7B%7D; mage-cache-sessid=true; mage-translation-storage=%7B%7D; form_key=⟦an16⟧; private_content_version=†5f4dcc3b; section_data_ids=%7B%22cart%22%3A1746094500%7D"
        ),
        COOKIE(
            "woocommerce_items_in_cart=1; woocommerce_cart_hash=†5f4dcc3b5aa765d61d8327deb882cf99; wp_woocommerce_session_5f4d=⟦hex32⟧%7C%7C1746267300"
        ),
        COOKIE(
            "localization=DE; cart_currency=EUR; keep_alive=†5b2e; _shopify_y=†5b2e; cart=⟦hex32⟧; secure_customer_sig=⟦hex64⟧"
        ),
        COOKIE("grafana_session=⟦hex32⟧; grafana_session_expiry=1746094500; grafana_lang=en-US"),
        COOKIE(
            "JSESSIONID.5f4dcc3b=⟦an26⟧.node0; screenResolution=1920x1080; hudson_auto_refresh=false; jenkins-timestamper-offset=-7200000"
        ),
        COOKIE(
            "phpMyAdmin=⟦lan26⟧; pma_lang=de; pma_collation_connection=utf8mb4_unicode_ci; pmaUser-1=⟦url43⟧; pmaAuth-1=⟦url43⟧"
        ),
        COOKIE("roundcube_sessid=⟦lan26⟧; roundcube_sessauth=⟦an40⟧; roundcube_cookies=enabled; mailviewsplitter=205"),
        COOKIE(
            "oc_sessionPassphrase=⟦base86+==⟧; nc_sameSiteCookielax=true; nc_sameSiteCookiestrict=true; nc_username=maria; nc_token=⟦an32⟧"
        ),
        COOKIE(
            "_gitlab_session=⟦hex32⟧; known_sign_in=⟦url43⟧; preferred_language=en; super_sidebar_collapsed=false; event_filter=all"
        ),
        COOKIE(
            "user_session=⟦url48⟧; __Host-user_session_same_site=⟦url48⟧; dotcom_user=maria; preferred_color_mode=light; tz=Europe%2FBerlin; has_recent_activity=1"
        ),
        COOKIE(
            "d=⟦xoxd-|url60⟧; b=†.5f4dcc3b; lc=1746094500; x=†5f4d; utm=%7B%22utm_source%22%3A%22in-prod%22%7D; d-s=1746094500; shown_ssb_redirect_page=1"
        ),
        COOKIE(
            "SIDCC=⟦url80⟧; NID=511=⟦url60⟧; CONSENT=YES+cb.20250501-17-p0.de+FX+123; SOCS=†CAISHAgB; AEC=⟦url50⟧; 1P_JAR=2025-05-01-08"
        ),
        COOKIE('li_at=⟦url120⟧; lang=v=2&lang=de-de; lidc=†b=VB1; timezone=Europe/Berlin; JSESSIONID="ajax:⟦d19⟧"'),
        COOKIE(
            "auth_token=⟦hex40⟧; ct0=⟦hex64⟧; guest_id=v1%3A174609450012345678; personalization_id=†v1_abc; lang=de; twid=u%3D1234567890"
        ),
        COOKIE(
            "c_user=†100001234567890; xs=⟦url40⟧; datr=⟦url24⟧; sb=⟦url24⟧; wd=1920x937; dpr=1.5; presence=†C%7B; locale=de_DE"
        ),
        COOKIE(
            "reddit_session=⟦url60⟧; loid=⟦url40⟧; eu_cookie={%22opted%22:true%2C%22nonessential%22:false}; csv=2; edgebucket=†5b2e"
        ),
        COOKIE(
            "NetflixId=⟦url80⟧; SecureNetflixId=⟦url60⟧; profilesNewSession=0; hasSeenCookieDisclosure=true; netflix-sans-bold-3-loaded=true"
        ),
        COOKIE(
            "i18n-prefs=EUR; lc-acbde=de_DE; session-id=⟦d3+-+d7+-+d7⟧; session-id-time=2082787201l; ubid-acbde=†257-1234567; at-acbde=⟦Atza||url60⟧; sess-at-acbde=⟦base43+=⟧; sp-cdn=L5Z9:DE"
        ),
        COOKIE(
            "steamLoginSecure=⟦d17+%7C%7C+url60⟧; steamCountry=DE%7C†5f4d; timezoneOffset=7200,0; birthtime=631148401; Steam_Language=german"
        ),
    ),
    "Cookies of servers": (
        COOKIE("AWSALB=⟦base120⟧; AWSALBCORS=⟦base120⟧; AWSALBTG=⟦base120⟧; lb_zone=eu-west-1a"),
        COOKIE("BIGipServerpool_shop=1677787402.36895.0000; TS0123abcd=⟦hex64⟧; f5_cspm=1234"),
        COOKIE("SERVERID=web-2; ROUTEID=.node1; NSC_wjq=†ffffffff; SRV=s17; haproxy=be1"),
        COOKIE(
            "ARRAffinity=⟦hex64⟧; ARRAffinitySameSite=⟦hex64⟧; ApplicationGatewayAffinity=⟦hex32⟧; TiPMix=57.3; x-ms-routing-name=self"
        ),
        COOKIE("incap_ses_123_456=⟦base43+=⟧; visid_incap_456=⟦base60⟧; nlbi_456=⟦base43+=⟧"),
        COOKIE(
            "cf_clearance=⟦url43+-1746094500-1.2.1.1-+url60⟧; __cf_bm=⟦url43+-1746094500-1.0.1.1-+url60⟧; __cflb=⟦an40⟧"
        ),
        COOKIE(
            "ak_bmsc=⟦uphex32⟧~000000000000~⟦base60⟧; bm_sz=⟦uphex32⟧~YAAQ⟦base40⟧; _abck=⟦uphex32⟧~-1~YAAQ⟦base40⟧~-1~-1~-1"
        ),
        COOKIE("datadome=⟦url80⟧; _px3=⟦hex64⟧; _pxvid=†5b2e; pxcts=†5b2e"),
        COOKIE("CloudFront-Policy=⟦url80⟧; CloudFront-Signature=⟦url80⟧; CloudFront-Key-Pair-Id=†K2JCJMDEHXQW5F"),
        COOKIE(
            "KEYCLOAK_IDENTITY=⟦jwt⟧; KEYCLOAK_SESSION=shop/⟦uuid⟧/⟦uuid⟧; AUTH_SESSION_ID=⟦uuid⟧.kc-0; KC_RESTART=⟦jwt⟧; KEYCLOAK_LOCALE=de"
        ),
        COOKIE(
            ".AspNetCore.Antiforgery.w5W7x28NAIs=⟦CfDJ8|url80⟧; .AspNetCore.Identity.Application=⟦CfDJ8|url120⟧; .AspNetCore.Culture=c%3Dde-DE%7Cuic%3Dde-DE"
        ),
        COOKIE("ASP.NET_SessionId=⟦lan24⟧; .ASPXAUTH=⟦uphex96⟧; __RequestVerificationToken=⟦url80⟧; UICulture=de"),
        COOKIE(
            "laravel_session=⟦eyJpdiI6|an80⟧; XSRF-TOKEN=⟦eyJpdiI6|an80⟧; remember_web_5f4dcc3b=⟦eyJpdiI6|an80⟧; locale=de"
        ),
        COOKIE("csrftoken=⟦an64⟧; sessionid=⟦lan32⟧; messages=†W1si; django_timezone=Europe/Berlin"),
        COOKIE("connect.sid=s%3A⟦url32⟧.⟦base43⟧; i18next=de; theme=light"),
        COOKIE("_rails_session=⟦base80⟧--⟦hex40⟧; remember_user_token=⟦base60⟧--⟦hex40⟧; signed_in=1; locale=de"),
        COOKIE(
            "next-auth.session-token=⟦jwt⟧; next-auth.csrf-token=⟦hex64⟧%7C⟦hex64⟧; next-auth.callback-url=https%3A%2F%2Fshop.example%2F; __Secure-authjs.session-token=⟦jwt⟧"
        ),
        COOKIE("sb-abcdefghijklmnopqrst-auth-token=⟦base64-eyJ|an80⟧; supabase-locale=de"),
        COOKIE("__session=⟦jwt⟧; __client_uat=1746094500; __clerk_db_jwt=⟦dvb_|an27⟧"),
        COOKIE(
            "CognitoIdentityServiceProvider.†7t5u.LastAuthUser=maria; cognito=⟦url60⟧; amplify-polling-started=1; amplify-signin-with-hostedUI=false"
        ),
        COOKIE("auth0=⟦s%3A|url60⟧; auth0.is.authenticated=true; did=⟦s%3A|url60⟧; a0:state=⟦url43⟧"),
        COOKIE(
            "okta-oauth-nonce=⟦an64⟧; okta-oauth-state=⟦an64⟧; sid=⟦url25⟧; DT=⟦url24⟧; t=default; ln=maria%40example.com"
        ),
        COOKIE(
            "ESTSAUTH=⟦url80⟧; ESTSAUTHPERSISTENT=⟦url80⟧; stsservicecookie=estsfd; x-ms-gateway-slice=estsfd; AADSSO=NA|NoExtension; SSOCOOKIEPULLED=1; brcap=0"
        ),
        COOKIE("SimpleSAML=⟦hex32⟧; SimpleSAMLAuthToken=⟦_|hex40⟧; language=de"),
        COOKIE("_oauth2_proxy=⟦url80⟧|1746094500|⟦url43⟧; _oauth2_proxy_csrf=⟦url60⟧"),
        COOKIE("authelia_session=⟦url32⟧; authentik_proxy_5f4d=⟦base60⟧; vouch=⟦jwt⟧; lang=en"),
        COOKIE("token=⟦pw⟧; user=maria; lang=de"),
        COOKIE("rememberme=⟦base43⟧; theme=dark"),
        COOKIE("access=⟦base43⟧; lang=de"),
        SET_COOKIE("sid=⟦an32⟧; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=1209600"),
        SET_COOKIE("lang=de; Path=/; Expires=Fri, 01 May 2026 08:15:00 GMT; SameSite=Lax"),
        SET_COOKIE("__Host-session=⟦url43⟧; Path=/; Secure; HttpOnly; SameSite=Strict; Partitioned"),
        SET_COOKIE("cart_id=⟦uuid⟧; Domain=shop.example; Path=/; Max-Age=2592000"),
        SET_COOKIE("theme=dark; Path=/; Max-Age=31536000; SameSite=None; Secure; Priority=High"),
        SET_COOKIE("csrf_access_token=⟦uuid⟧; Path=/; SameSite=Strict"),
        SET_COOKIE("refresh_token=⟦jwt⟧; Path=/api/auth/refresh; HttpOnly; Expires=Thu, 08 May 2025 08:15:00 GMT"),
        SET_COOKIE("visitor_country=DE; Path=/; Max-Age=86400"),
        SET_COOKIE("sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"),
        SET_COOKIE("AWSALB=⟦base120⟧; Expires=Thu, 08 May 2025 08:15:00 GMT; Path=/"),
        SET_COOKIE("flash=%7B%22type%22%3A%22info%22%2C%22text%22%3A%22Saved%22%7D; Path=/; HttpOnly"),
        SET_COOKIE("experiments=nav:b,search:control,price:a; Path=/; Max-Age=604800"),
    ),
    "Addresses": (
        URL("https://www.shop.example/products?category=shoes&size=42&sort=price_asc&page=2&key=color&code=SPRING25"),
        URL("https://api.maps.example/geocode/json?address=Berlin&language=de&region=de&key=⟦AIza|url35⟧"),
        URL("https://api.weather.example/data/2.5/forecast?q=Berlin,de&units=metric&appid=⟦hex32⟧&cnt=7"),
        URL("https://shop.example/confirm?token=⟦url43⟧&email=maria%40example.com&utm_source=mail"),
        URL(
            "https://id.example/authorize?response_type=code&client_id=†web&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&scope=openid%20email&state=†xyz&code_challenge=†E9Melhoa&code_challenge_method=S256&prompt=login"
        ),
        URL("https://shop.example/cb?code=⟦url60⟧&state=†xyz&session_state=†5b2e&iss=https%3A%2F%2Fid.example"),
        URL(
            "https://acme.blob.core.windows.net/in/a.csv?sv=2023-11-03&st=2025-05-01T08%3A15%3A00Z&se=2025-05-02T08%3A15%3A00Z&sr=b&sp=r&sig=⟦url43+%3D⟧"
        ),
        URL(
            "https://storage.googleapis.com/acme/a.csv?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=†ci%40acme&X-Goog-Date=20250501T081500Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=⟦hex256⟧"
        ),
        URL("https://d111.cloudfront.example/a.mp4?Expires=1746094500&Signature=⟦url120⟧&Key-Pair-Id=†K2JCJMDEHXQW5F"),
        URL("https://search.example/?q=how+to+reset+password&hl=de&start=10&safe=off"),
        URL(
            "https://api.example/v1/users?filter=name%20eq%20%22maria%22&fields=id,name&limit=50&cursor=17&include=roles"
        ),
        URL("https://api.example/v1/keys/primary?version=3&format=pem&type=rsa&alias=prod-db"),
        URL("https://api.example/v1/tokens?status=active&page=2&per_page=20&order=desc"),
        URL("https://jenkins.example/job/shop/buildWithParameters?token=⟦an24⟧&branch=main&cause=push"),
        URL("https://hooks.example/trigger?secret=⟦an32⟧&event=push&ref=main"),
        URL("https://git.example/api/v4/projects/17/repository/files/README.md?ref=main&private_token=⟦an20⟧"),
        URL("https://shop.example/de/account/password/reset?step=2&locale=de_DE&auth=email"),
        URL("https://cdn.example/css/app.css?v=1746094500&hash=5f4dcc3b&t=dark"),
        URL("https://shop.example/t/summer-sale?t=1746094500&s=mobile&p=2&h=300&k=shoes"),
        URL("https://meet.example/j/98765432101?pwd=⟦an32⟧&from=calendar"),
        URL("https://ws.example/socket.io/?EIO=4&transport=websocket&sid=⟦url20⟧&t=1"),
        URL("https://files.example/share/2025/report-final.pdf?download=1&inline=false&sessionTimeout=30"),
        URL("https://sms.example/send?user=acme&password=⟦pw⟧&to=491701234567&text=Hello&type=0"),
        URL("https://track.example/click?u=17&id=†5f4dcc3b5a&e=17&auth_type=none&token_type=bearer"),
        URL("https://api.example/v2/orders?api_key=⟦an32⟧&since=2025-05-01&status=open&country_code=DE&key_id=17"),
        URL("wss://stream.example/ws/btcusdt@trade?listenKey=⟦an64⟧&interval=1m"),
        URL("https://bot.example/bot⟦d10+:AA+url33⟧/getUpdates?offset=17&timeout=30"),
        URL("s3://acme-data/year=2025/month=05/part-0001.parquet?partition_key=day&sort_key=hour"),
        URL(
            "https://login.example/saml2?SAMLRequest=†fZJ&RelayState=home&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature=⟦url120⟧"
        ),
        URL(
            "https://api.example/oauth/token?grant_type=password&username=maria&password=⟦pw⟧&client_id=†web&client_secret=⟦an32⟧"
        ),
        URL("https://unsub.example/u?e=maria%40example.com&h=⟦hex32⟧&list=news"),
        URL("https://shop.example/checkout?order_key=⟦wc_order_|an13⟧&pay_for_order=true"),
    ),
    "Heads of browsers": (
        HEADERS(
            'Accept-Encoding: gzip, br\nSec-Fetch-Mode: cors\nX-Requested-With: XMLHttpRequest\nX-CSRF-Token: ⟦url43⟧\nIf-None-Match: "5f4dcc3b"'
        ),
        HEADERS(
            "X-Forwarded-For: 203.0.113.7, 10.0.0.7\nX-Forwarded-Proto: https\nX-Request-Id: †5b2e\nAuthorization: ApiKey ⟦base40⟧"
        ),
        HEADERS(
            "X-Shopify-Access-Token: ⟦shpat_|hex32⟧\nX-Shopify-Topic: orders/create\nX-Shopify-Hmac-Sha256: ⟦base43+=⟧\nX-Shopify-Api-Version: 2025-04"
        ),
        HEADERS("Stripe-Signature: t=1746094500,v1=⟦hex64⟧\nStripe-Version: 2024-06-20\nIdempotency-Key: †5b2e"),
        HEADERS("X-Slack-Signature: v0=⟦hex64⟧\nX-Slack-Request-Timestamp: 1746094500\nX-Slack-Retry-Num: 1"),
        HEADERS("X-Twilio-Signature: ⟦base27+=⟧\nI-Twilio-Idempotency-Token: †5b2e\nUser-Agent: TwilioProxy/1.1"),
        HEADERS(
            "X-GitHub-Event: push\nX-GitHub-Delivery: †5b2e\nX-Hub-Signature-256: sha256=⟦hex64⟧\nX-GitHub-Hook-ID: 17"
        ),
        HEADERS("X-Gitlab-Token: ⟦an24⟧\nX-Gitlab-Event: Push Hook\nX-Gitlab-Instance: https://git.example"),
        HEADERS(
            "x-amz-security-token: ⟦base200⟧\nx-amz-date: 20250501T081500Z\nx-amz-content-sha256: UNSIGNED-PAYLOAD\nx-amz-key-id: alias/prod"
        ),
        HEADERS("Ocp-Apim-Subscription-Key: ⟦hex32⟧\nOcp-Apim-Trace: true\nx-functions-key: ⟦base54+==⟧"),
        HEADERS("X-Plex-Token: ⟦an20⟧\nX-Plex-Product: Plex Web\nX-Plex-Version: 4.100.1"),
        HEADERS("X-RapidAPI-Key: ⟦an50⟧\nX-RapidAPI-Host: api.weather.example"),
        HEADERS("circle-token: ⟦hex40⟧\nAccept: application/json"),
        HEADERS("X-Auth-Key: ⟦hex37⟧\nX-Auth-Email: ops@acme.example\nX-Auth-User-Service-Key: ⟦v1.0-|hex24+-+hex146⟧"),
        HEADERS("X-ClickHouse-User: default\nX-ClickHouse-Key: ⟦pw⟧\nX-ClickHouse-Database: orders"),
        HEADERS("X-Registry-Auth: ⟦base80⟧\nX-Registry-Config: none"),
        HEADERS(
            "Sec-WebSocket-Key: †dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\nSec-WebSocket-Protocol: graphql-ws"
        ),
        HEADERS("Proxy-Authorization: Basic ⟦base32⟧\nX-Token-Type: bearer\nX-Auth-Method: password"),
        ANSWERED(
            'WWW-Authenticate: Bearer realm="shop", error="invalid_token", error_description="The access token expired"\nX-RateLimit-Remaining: 17\nX-Token-Expires-In: 3600'
        ),
        ANSWERED(
            'WWW-Authenticate: Digest realm="shop", qop="auth", algorithm=MD5, nonce="†7ypf/xlj9XXwfDPEoM4URrv"\nVary: Authorization, Cookie'
        ),
        ANSWERED("X-Subject-Token: ⟦gAAAAAB|url120⟧\nVary: X-Auth-Token\nContent-Language: de"),
        ANSWERED("Location: https://shop.example/cb?code=⟦url43⟧&state=†xyz\nCache-Control: no-store"),
        ANSWERED(
            "Access-Control-Allow-Headers: Authorization, X-Api-Key, X-CSRF-Token\nAccess-Control-Expose-Headers: X-Auth-Token\nAccess-Control-Allow-Credentials: true"
        ),
        ANSWERED(
            "Content-Security-Policy: default-src 'self'; script-src 'self'; report-uri /csp\nStrict-Transport-Security: max-age=31536000"
        ),
        ANSWERED("X-Session-Token: ⟦an40⟧\nX-Session-Expires: 2025-05-01T10:15:00Z\nX-Session-Timeout: 1800"),
        ANSWERED(
            'ETag: W/"5f4dcc3b5aa765d6"\nX-Cache: Hit from cloudfront\nX-Amz-Cf-Pop: FRA56-P3\nX-Cache-Key: /products/17'
        ),
        ANSWERED('Server-Timing: db;dur=12.3, auth;dur=1.2, cache;desc="hit"\nX-Partition-Key: user-17'),
    ),
}
