"""What browsers and servers say to each other: pages, forms with files, cookies, heads."""

from tests.masking.services.shapes import ANSWERED, COOKIE, FORM, HEADERS, HTML, MULTIPART, SET_COOKIE, URL


def _parts(*parts: str) -> str:
    """The body of a form with files: each part is the rest of its disposition, an empty line and a value."""
    boundary = "--x7MA4YWxkTrZu0gW"
    return "".join(f"{boundary}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + boundary + "--\r\n"


SERVICES = {
    "Pages with forms": (
        HTML(
            '<form action="/login" method="post"><input type="hidden" name="_csrf" value="⟦uuid⟧"/><input type="text" name="username" value="maria"><input type="password" name="pw" value="⟦pw⟧"><button type="submit">Sign in</button></form>'
        ),
        HTML(
            '<meta charset="utf-8"><meta name="csrf-param" content="authenticity_token"><meta name="csrf-token" content="⟦base86+==⟧"><meta name="viewport" content="width=device-width"><title>Orders</title>'
        ),
        HTML('<input value="⟦an40⟧" type="hidden" name="__RequestVerificationToken"><input value="17" name="page">'),
        HTML(
            '<input name="__VIEWSTATE" type="hidden" value="«/wEPDwUKLTE2»"><input name="__EVENTVALIDATION" type="hidden" value="«/wEdAAUy»"><input id="user" value="maria">'
        ),
        HTML(
            '<input type=password name=secret value=⟦an16⟧ autocomplete="off"> <input type="number" name="qty" value="3">'
        ),
        HTML("<input type='hidden' id='stripeToken' name='stripeToken' value='⟦tok_|an24⟧'><p>Total: 12.50</p>"),
        HTML('<div id="app" data-user="maria" data-api-key="⟦an32⟧" data-theme="dark" data-locale="de-DE"></div>'),
        HTML('<body data-csrf="⟦url40⟧" data-controller="orders" data-action="index"><h1>Orders</h1></body>'),
        HTML(
            '<script>window.__CONFIG__ = {"apiKey":"⟦an39⟧","env":"«prod»","retries":«3»,"csrfToken":"⟦an40⟧"};</script><p>Loading</p>'
        ),
        HTML('<script>var session = {token: "⟦url40⟧", user: "«maria»"}; var page = «2»;</script>'),
        HTML(
            '<script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":{"session":{"accessToken":"⟦jwt⟧","expires":"«2025-05-01T00:00:00Z»"}}},"page":"«/account»","buildId":"«x1Yz»"}</script>'
        ),
        HTML(
            '<a href="https://shop.example/reset?token=⟦url40⟧">Reset your password</a> <a href="/help?topic=passwords">Help</a>'
        ),
        HTML(
            '<img src="https://files.example/a.png?X-Amz-Algorithm=AWS4-HMAC-SHA256&amp;X-Amz-Credential=⟦AKIA|up16⟧%2F20250501&amp;X-Amz-Signature=⟦hex64⟧" alt="Photo">'.replace(
                '"Photo"', '"Photo"'
            )
        ),
        HTML("<p>Your temporary password is <strong>⟦an10⟧</strong></p><p>It expires in 7 days</p>"),
        HTML("<p>Use verification code <b>⟦d6⟧</b> to continue</p><td>Order 17</td>"),
        HTML("<table><tr><th>API key</th><td>⟦an40⟧</td></tr><tr><th>Region</th><td>eu-west-1</td></tr></table>"),
        HTML("<dl><dt>Username</dt><dd>maria</dd><dt>Password</dt><dd>⟦pw⟧</dd><dt>Host</dt><dd>db.example</dd></dl>"),
        HTML("<tr><td>Client secret</td><td><code>⟦an40⟧</code></td></tr><tr><td>Client name</td><td>Acme</td></tr>"),
        HTML("<li>Token: <code>⟦url40⟧</code></li><li>Scope: <code>read</code></li>"),
        HTML(
            '<label for="pw">Password</label><input id="pw" placeholder="Your password" type="password"><span class="hint">At least 12 characters</span>'
        ),
        HTML('<p class="error">The password is too short.</p><a href="/password/reset">Forgot your password?</a>'),
        HTML(
            '<textarea name="private_key">⟦base64⟧</textarea><select name="region"><option value="eu">Europe</option></select>'
        ),
        HTML('<iframe src="https://pay.example/frame?client_secret=⟦url40⟧&amp;locale=de" title="Payment"></iframe>'),
        HTML(
            '<input type="hidden" name="SAMLResponse" value="⟦base300⟧"/><input type="hidden" name="RelayState" value="/home"/>'
        ),
        HTML(
            '<input type="hidden" name="code" value="⟦url40⟧"><input type="hidden" name="id_token" value="⟦jwt⟧"><input type="hidden" name="state" value="/home">'
        ),
        HTML('<input name="otp" inputmode="numeric" value="⟦d6⟧" maxlength="6"><input name="amount" value="250">'),
        HTML(
            '<input name="cardnumber" value="⟦cardnumber⟧"><input name="cvc" value="⟦d3⟧"><input name="exp" value="12/27">'
        ),
        HTML(
            '<turbo-frame id="user"><input type="hidden" name="authenticity_token" value="⟦url86⟧" autocomplete="off" /></turbo-frame><h2>Profile</h2>'
        ),
    ),
    "Pages with scripts": (
        HTML(
            '<script>window.csrf = "⟦url40⟧"; window.locale = "«de-DE»"; window.apiBase = "«https://api.example/v1»";</script>'
        ),
        HTML(
            '<script>dataLayer.push({"event":"«login»","userId":"«17»"}); firebase.initializeApp({apiKey: "⟦AIza|url35⟧", projectId: "«acme»"});</script>'
        ),
        HTML(
            '<script type="application/json" data-state>{"user":{"name":"«maria»","authToken":"⟦url40⟧"},"theme":"«dark»"}</script>'
        ),
        HTML('<div data-props="{&quot;token&quot;:&quot;⟦url40⟧&quot;,&quot;page&quot;:2}">Loading</div>'),
        HTML(
            '<form><input type="password" name="field3" value="⟦pw⟧"/><input type="text" name="field4" value="Bonn"/></form>'
        ),
        HTML("<p>API token: <b>⟦an40⟧</b></p><p>Created: <b>2025-05-01</b></p>"),
        HTML("<pre>export API_KEY=⟦an32⟧\nexport REGION=«eu-west-1»</pre><p>Copy these lines</p>"),
        HTML(
            '<a href="mailto:maria@example.com?subject=Password">Mail</a><a href="https://shop.example/confirm/⟦url43⟧">Confirm</a>'
        ),
        HTML(
            '<input type="hidden" name="form_key" value="⟦an16⟧"/><input type="hidden" name="uenc" value="†aHR0cHM"/><input type="hidden" name="product" value="17"/>'
        ),
        HTML("<!-- password: ⟦pw⟧ --><p>Nothing to see</p>"),
        HTML(
            '<th scope="row">Secret key</th>\n<td class="mono">⟦an40⟧</td><th scope="row">Created</th><td>2025-05-01</td>'
        ),
        HTML(
            '<div class="label">Password:</div><div class="value">⟦pw⟧</div><div class="label">Plan:</div><div class="value">Pro</div>'
        ),
        HTML(
            '<option value="token">Token</option><option value="password" selected>Password</option><button name="auth" value="github">GitHub</button>'
        ),
    ),
    "Forms with files": (
        MULTIPART(
            _parts('name="username"\r\n\r\n«maria»', 'name="password"\r\n\r\n⟦pw⟧', 'name="remember"\r\n\r\n«true»')
        ),
        MULTIPART(
            _parts(
                'name="token"\r\n\r\n⟦an40⟧',
                'name="channels"\r\n\r\n«ops»',
                'name="file"; filename="«a.txt»"\r\nContent-Type: text/plain\r\n\r\n«hello there»',
            )
        ),
        MULTIPART(
            _parts(
                'name="csrfmiddlewaretoken"\r\n\r\n⟦an64⟧',
                'name="title"\r\n\r\n«Password list»',
                'name="lang"\r\n\r\n«de»',
            )
        ),
        MULTIPART(
            _parts(
                'name="user[password]"\r\n\r\n⟦pw⟧',
                'name="user[password_confirmation]"\r\n\r\n⟦pw⟧',
                'name="user[city]"\r\n\r\n«Bonn»',
            )
        ),
        MULTIPART(_parts("name=api_key\r\n\r\n⟦an32⟧", "name=page\r\n\r\n«2»")),
        MULTIPART(
            _parts(
                'name="client_secret"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n⟦url40⟧',
                'name="grant_type"\r\n\r\n«client_credentials»',
            )
        ),
        MULTIPART(
            _parts(
                'name="code"\r\n\r\n⟦url40⟧',
                'name="grant_type"\r\n\r\n«authorization_code»',
                'name="redirect_uri"\r\n\r\n«https://app.example/cb»',
            )
        ),
        MULTIPART(
            _parts(
                'name="metadata"\r\nContent-Type: application/json\r\n\r\n{"user":"«maria»","apiToken":"⟦an32⟧"}',
                'name="size"\r\n\r\n«1234»',
            )
        ),
        MULTIPART(
            _parts(
                'name="policy"\r\n\r\n«public-read»',
                'name="x-amz-signature"\r\n\r\n⟦hex64⟧',
                'name="x-amz-security-token"\r\n\r\n⟦base200⟧',
                'name="x-amz-date"\r\n\r\n«20250501T000000Z»',
            )
        ),
        MULTIPART(
            _parts(
                'name="signature"\r\n\r\n⟦hex40⟧',
                'name="api_key"\r\n\r\n⟦d15⟧',
                'name="timestamp"\r\n\r\n«1746094500»',
                'name="folder"\r\n\r\n«uploads»',
            )
        ),
        MULTIPART(
            _parts(
                'name="config"; filename="«app.env»"\r\nContent-Type: text/plain\r\n\r\nDB_PASSWORD=⟦pw⟧\nDB_HOST=«db.example»\n'
            )
        ),
        MULTIPART(
            _parts(
                'name="key"; filename="«id_rsa»"\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN RSA PRIVATE KEY-----\n⟦base64⟧\n⟦base64⟧\n-----END RSA PRIVATE KEY-----',
                'name="note"\r\n\r\n«deploy»',
            )
        ),
        MULTIPART(_parts('name="pin"\r\n\r\n⟦d4⟧', 'name="amount"\r\n\r\n«250»')),
        MULTIPART(_parts('name="otp"\r\n\r\n⟦d6⟧', 'name="device"\r\n\r\n«phone»')),
        MULTIPART(_parts('name="auth"\r\n\r\n⟦url40⟧', 'name="auth_type"\r\n\r\n«token»')),
        MULTIPART(_parts('name="sid"\r\n\r\n⟦an26⟧', 'name="action"\r\n\r\n«upload»')),
        MULTIPART(
            _parts(
                'name="webhook_url"\r\n\r\nhttps://hooks.slack.com/services/T0AAAAAA1/B0AAAAAA1/⟦an24⟧',
                'name="text"\r\n\r\n«deployed 1.4.2»',
            )
        ),
        MULTIPART(_parts('name="dsn"\r\n\r\npostgres://app:⟦pw⟧@db.example/orders', 'name="pool"\r\n\r\n«5»')),
        MULTIPART(
            _parts('name="session_key"\r\n\r\n⟦hex32⟧', 'name="passenger"\r\n\r\n«Jo»', 'name="keyword"\r\n\r\n«shoes»')
        ),
        MULTIPART(
            _parts(
                'name="password"\r\nContent-Transfer-Encoding: 8bit\r\nContent-Length: 16\r\n\r\n⟦an16⟧',
                'name="email"\r\n\r\n«maria@example.com»',
            )
        ),
    ),
    "Choices in cookies": (
        COOKIE("theme=dark; lang=de-DE; currency=EUR; tz=Europe%2FBerlin; sidebar=collapsed; fontsize=14; view=list"),
        COOKIE(
            "cookie_consent=accepted; cookielawinfo-checkbox-analytics=yes; CookieConsent=true; euconsent=1; gdpr=1; consent_version=2"
        ),
        COOKIE(
            "_ga=GA1.2.1234567890.1746094500; _gid=GA1.2.987654321.1746094500; _gat=1; _gcl_au=1.1.1234567890.1746094500; _fbp=fb.1.1746094500123.1234567890"
        ),
        COOKIE(
            "_ga_ABC123DEF4=GS1.1.1746094500.3.1.1746094900.0.0.0; __utma=1.123.1746094500.1746094500.1746094500.1; __utmz=1.1746094500.1.1.utmcsr=google"
        ),
        COOKIE(
            "_hjSessionUser_123456=†x; _clck=†x; ab_test=variant-b; experiment=checkout_v2; bucket=17; feature_flags=new-nav; exp_42=control"
        ),
        COOKIE(
            "country=DE; region=eu-west-1; geo=DE%3ABonn; store=shop-17; warehouse=3; zip=53113; city=Bonn; units=metric"
        ),
        COOKIE(
            "last_visit=1746094500; first_visit=2025-05-01; visits=17; page_views=3; returning=true; seen_banner=1; hide_popup=yes"
        ),
        COOKIE(
            "utm_source=newsletter; utm_medium=email; utm_campaign=spring-sale; referrer=google; landing=%2Fshoes; affiliate=17"
        ),
        COOKIE(
            "screen=1920x1080; dpr=2; device=mobile; os=android; is_mobile=0; supports_webp=1; resolution=1536x864; js=1"
        ),
        COOKIE(
            "XDEBUG_SESSION=PHPSTORM; debug=0; env=staging; version=1.4.2; build=2025.05.01; release=v1.4.2; canary=false"
        ),
        COOKIE(
            "wp-settings-1=editor%3Dtinymce; wp-settings-time-1=1746094500; wordpress_test_cookie=WP%20Cookie%20check; wp_lang=de_DE"
        ),
        COOKIE(
            "NEXT_LOCALE=de; i18n_redirected=de; django_language=de; locale=en_US; lng=fr; preferredLanguage=pt-BR; culture=c%3Dde%7Cuic%3Dde"
        ),
        COOKIE(
            "OptanonAlertBoxClosed=2025-05-01T10:15:00.123Z; OptanonConsent=isGpcEnabled%3D0; notice_preferences=2; notice_gdpr_prefs=0,1,2; cmapi_cookie_privacy=permit"
        ),
        COOKIE(
            "cart_count=3; cart_total=59.90; wishlist=0; items=17,18,19; sort=price_asc; filter=in-stock; per_page=24; page=2; tab=orders"
        ),
        COOKIE(
            "intercom-locale=de; hubspot_lang=de; __hs_opt_out=no; drift_eid=†x; _uetvid=†x; _tt_enable_cookie=1; ki_t=1746094500123"
        ),
        COOKIE(
            "logged_in=yes; has_session=1; is_admin=false; role=editor; plan=pro; mfa=on; user_type=customer; tenant=acme; team=ops"
        ),
        COOKIE(
            "color_mode=%7B%22color_mode%22%3A%22dark%22%7D; tz_offset=-120; time_zone=UTC; dateformat=DD.MM.YYYY; currency_code=EUR; lang_dir=ltr"
        ),
        COOKIE(
            "AWSELBCORS=†x; AWSALB=†x; lb=web-1; SERVERID=web-2; ROUTEID=.node1; server=b; node=7; BIGipServerpool_web=167772426.20480.0000; pod=shop-1"
        ),
        COOKIE(
            "cf_chl_rc_i=1; cf_ob_info=502%3Aabc; bm_test=1; akacd_shop=†x; geo_redirect=off; maintenance=0; beta=true; preview=false"
        ),
        SET_COOKIE("theme=dark; Path=/; Max-Age=31536000; SameSite=Lax"),
        SET_COOKIE("lang=de-DE; Domain=.shop.example; Expires=Wed, 01 Jan 2050 00:00:00 GMT; Secure"),
        SET_COOKIE("sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly"),
        SET_COOKIE("ab=checkout:b; Path=/; Max-Age=86400"),
        SET_COOKIE("cookie_policy=%7B%22essential%22%3Atrue%2C%22usage%22%3Afalse%7D; Path=/; Max-Age=31556952"),
        SET_COOKIE("flash=saved; Path=/; SameSite=Strict; Priority=High; Partitioned"),
    ),
    "Visitors in cookies": (
        COOKIE(
            "_ga_ABC123DEF4=GS2.1.s1746094500$o1$g1$t1746094900$j60$l0$h0; ajs_anonymous_id=«~uuid»; ajs_user_id=17"
        ),
        COOKIE(
            "_pk_id.1.1fff=a1b2c3d4e5f60718.1746094500.; _pk_ses.1.1fff=1; hubspotutk=5f4dcc3b5aa765d61d8327deb882cf99; __hssrc=1"
        ),
        COOKIE(
            "_uetsid=5f4dcc3b5aa765d61d8327deb882cf99; _scid=«~uuid»; _octo=GH1.1.1234567890.1746094500; preferred_color_mode=dark"
        ),
        COOKIE(
            "_dd_s=rum=0&expire=1746095400; optimizelyEndUserId=oeu1746094500123r0.1234567890; s_cc=true; gpv_pn=home"
        ),
        COOKIE(
            "CONSENT=YES+cb.20210720-07-p0.en+FX+410; 1P_JAR=2025-05-01-10; PREF=tz=Europe.Berlin&f6=40000000; wd=1920x937; dpr=1.5"
        ),
        COOKIE(
            "usprivacy=1YNN; cmplz_banner-status=dismissed; cookieyes-consent=consent:yes,action:yes,necessary:yes; notice_behavior=implied,eu"
        ),
        COOKIE(
            "mage-cache-sessid=true; store=default; woocommerce_items_in_cart=1; cart_currency=EUR; localization=DE; keep_alive=0"
        ),
        COOKIE(
            "i18next=de-DE; amp_lang=de; _shopify_y=«~uuid»; __stripe_mid=«~uuid»; recently_viewed=17|42|4711; compare=1,2"
        ),
        SET_COOKIE(
            "guest_id=v1%3A174609450012345678; Max-Age=63072000; Path=/; Domain=.shop.example; Secure; SameSite=None"
        ),
    ),
    "Places in cookies": (
        COOKIE(
            "return_to=%2Forders%3Fpage%3D2; last_url=https%3A%2F%2Fshop.example%2Fmen%2Fshoes%2Frunning; referrer=https://www.example/landing/spring-sale"
        ),
        COOKIE(
            "user=maria; username=maria; display_name=Maria%20Muster; email=maria%40example.com; last_login_method=google; auth_provider=okta"
        ),
        COOKIE(
            "cookie_notice=dismissed; allow_cookies=%7B%22analytics%22%3Atrue%2C%22marketing%22%3Afalse%7D; csrf_enabled=1; session_expiry=1746094500; token_type=bearer"
        ),
        COOKIE(
            "device_id=«~uuid»; anonymous_id=«~uuid»; tenant_id=«~uuid»; cart_items=%5B17%2C18%5D; api_version=2025-05-01"
        ),
        COOKIE("remember_me=true; login_hint=maria; sso_domain=acme; is_authenticated=yes; password_reset=done"),
    ),
    "Sessions in cookies": (
        COOKIE("JSESSIONID=⟦uphex32⟧; theme=light"),
        COOKIE("JSESSIONID=⟦uphex32⟧.†node1; lang=de"),
        COOKIE("connect.sid=s%3A⟦url32⟧.⟦base43⟧; page=2"),
        COOKIE("laravel_session=⟦base200⟧; XSRF-TOKEN=⟦base200⟧; locale=en"),
        COOKIE("PHPSESSID=⟦lan26⟧; currency=EUR"),
        COOKIE("ASP.NET_SessionId=⟦lan24⟧; .ASPXAUTH=⟦uphex128⟧; culture=de-DE"),
        COOKIE(".AspNetCore.Identity.Application=⟦url200⟧; .AspNetCore.Antiforgery.Ab1=⟦url100⟧; tz=UTC"),
        COOKIE("sessionid=⟦lan32⟧; csrftoken=⟦an32⟧; django_language=de"),
        COOKIE("_shop_session=⟦url120⟧--⟦hex40⟧; remember_user_token=⟦url60⟧; tab=orders"),
        COOKIE(
            "cf_clearance=⟦url43⟧-1746094500-†1.2.1.1-⟦url60⟧; view=grid".replace("-1746094500-†1.2.1.1-⟦url60⟧", "")
        ),
        COOKIE("__cf_bm=⟦url43⟧; __cfruid=⟦hex40⟧; country=DE"),
        COOKIE("__Secure-next-auth.session-token=⟦jwt⟧; __Host-next-auth.csrf-token=⟦hex64⟧; NEXT_LOCALE=de"),
        COOKIE("__Host-session=⟦url43⟧; __Secure-1PSID=⟦url60⟧; SAPISID=⟦an34⟧; sort=asc"),
        COOKIE(
            "wordpress_logged_in_⟦hex32⟧=⟦an40⟧; wp-settings-time-1=1746094500".replace(
                "_⟦hex32⟧=", "_5f4dcc3b5aa765d6="
            )
        ),
        COOKIE("auth_token=⟦hex40⟧; remember_me=⟦url60⟧; plan=pro"),
        COOKIE("access_token=⟦jwt⟧; refresh_token=⟦url60⟧; role=editor"),
        COOKIE("AWSELBAuthSessionCookie-0=⟦base200⟧; lb=web-1"),
        COOKIE(
            "CognitoIdentityServiceProvider.7t5u1example9p0a.maria.accessToken=⟦jwt⟧; CognitoIdentityServiceProvider.7t5u1example9p0a.LastAuthUser=maria"
        ),
        COOKIE("KEYCLOAK_SESSION=acme/⟦uuid⟧/⟦uuid⟧; KEYCLOAK_IDENTITY=⟦jwt⟧; KEYCLOAK_LOCALE=de"),
        COOKIE("grafana_session=⟦hex32⟧; grafana_session_expiry=1746094500"),
        COOKIE("MoodleSession=⟦lan26⟧; MOODLEID1_=⟦url20⟧; lang=de"),
        COOKIE("SESS5f4dcc3b5aa765d61d8327deb882cf99=⟦url43⟧; has_js=1"),
        COOKIE("li_at=⟦url152⟧; lang=de"),
        COOKIE("d=⟦xoxd-|url80⟧; b=1; x=1746094500"),
        SET_COOKIE("sid=⟦an32⟧; Path=/; HttpOnly; Secure; SameSite=Lax"),
        SET_COOKIE("remember_token=17|⟦hex128⟧; Expires=Wed, 01 Jan 2050 00:00:00 GMT; Path=/; HttpOnly"),
        SET_COOKIE("session=⟦url60⟧.⟦url6⟧.⟦url27⟧; Path=/; HttpOnly"),
        SET_COOKIE("id=⟦uuid⟧; Path=/; Max-Age=1800; HttpOnly"),
    ),
    "Heads of answers": (
        ANSWERED(
            'Cache-Control: private, max-age=0, must-revalidate\nETag: W/"5f4dcc3b5aa765d61d8327deb882cf99"\nVary: Accept-Encoding, Cookie, Authorization\nAge: 17\nExpires: Wed, 01 Jan 2050 00:00:00 GMT\nLast-Modified: Thu, 01 May 2025 10:15:00 GMT'
        ),
        ANSWERED(
            "X-RateLimit-Limit: 5000\nX-RateLimit-Remaining: 4987\nX-RateLimit-Reset: 1746094500\nRateLimit-Policy: 100;w=60\nRetry-After: 30\nx-ratelimit-limit-tokens: 150000\nx-ratelimit-remaining-tokens: 149984\nx-ratelimit-reset-tokens: 6ms"
        ),
        ANSWERED(
            "X-Request-Id: «~uuid»\nX-Correlation-ID: «~uuid»\nX-Amzn-RequestId: «~uuid»\nX-Amzn-Trace-Id: Root=1-5e1b4151-5ac6c58f0b1c2d3e4f506172\nCF-RAY: 8c1f2b3a4d5e6f70-FRA\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        ),
        ANSWERED(
            "Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Credentials: true\nAccess-Control-Allow-Headers: Authorization, X-CSRF-Token, X-Api-Key\nAccess-Control-Expose-Headers: X-Auth-Token\nAccess-Control-Max-Age: 600"
        ),
        ANSWERED(
            "Strict-Transport-Security: max-age=31536000; includeSubDomains\nContent-Security-Policy: default-src 'self'; script-src 'self' https://cdn.example\nX-Frame-Options: DENY\nReferrer-Policy: same-origin\nPermissions-Policy: publickey-credentials-get=(self)\nCross-Origin-Embedder-Policy: credentialless"
        ),
        ANSWERED(
            'WWW-Authenticate: Bearer realm="api", error="invalid_token", error_description="The access token expired"\nContent-Type: application/json\nContent-Length: 17\nServer: nginx/1.25.3'
        ),
        ANSWERED(
            'WWW-Authenticate: Digest realm="shop", qop="auth", algorithm=MD5, nonce="⟦hex32⟧", opaque="⟦hex32⟧"\nConnection: keep-alive'.replace(
                "⟦hex32⟧", "†5ccc069c403ebaf9f0171e9517f40e41"
            )
        ),
        ANSWERED(
            "X-Auth-Token: ⟦hex32⟧\nX-Subject-Token: ⟦url40⟧\nX-OpenStack-Request-Id: req-«~uuid»\nContent-Type: application/json".replace(
                "req-«~uuid»", "req-1"
            )
        ),
        ANSWERED(
            "X-CSRF-Token: ⟦base86+==⟧\nX-CSRF-Header: X-CSRF-TOKEN\nX-Session-Expires: 1800\nX-Token-Expires-In: 3600"
        ),
        ANSWERED(
            "Location: https://app.example/callback?code=⟦url40⟧&state=home\nX-Powered-By: Express\nX-Response-Time: 12ms"
        ),
        ANSWERED(
            "X-Cache: Hit from cloudfront\nX-Cache-Key: /orders?page=2\nSurrogate-Key: orders order-17\nX-Cache-Hits: 3\nX-Served-By: cache-fra-eddf8230098-FRA\nX-Timer: S1746094500.123456,VS0,VE12\nVia: 1.1 varnish"
        ),
        ANSWERED(
            "x-amz-id-2: «~base76»\nx-amz-request-id: «~uan16»\nx-amz-version-id: «~url32»\nx-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-aws-kms-key-id: arn:aws:kms:eu-west-1:123456789012:key/«~uuid»".replace(
                ":key/«~uuid»", ":key/1"
            )
        ),
        ANSWERED(
            "x-goog-hash: crc32c=n03x6A==\nx-goog-generation: 1746094500123456\nx-guploader-uploadid: «~url60»\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\nDigest: sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\nx-ms-request-id: «~uuid»\nx-ms-lease-status: unlocked"
        ),
        ANSWERED(
            "openai-processing-ms: 412\nopenai-version: 2020-10-01\nanthropic-ratelimit-input-tokens-limit: 80000\nanthropic-ratelimit-input-tokens-remaining: 79000\nanthropic-ratelimit-tokens-reset: 2025-05-01T10:15:00Z\nrequest-id: req_011CPabcdefghijk"
        ),
        ANSWERED(
            "x-github-request-id: C0FE:1A2B:3C4D5E:6F7081:6819A3F4\nx-oauth-scopes: repo, read:org\nx-accepted-oauth-scopes: repo\ngithub-authentication-token-expiration: 2025-12-31 00:00:00 UTC\nx-github-media-type: github.v3; format=json"
        ),
        ANSWERED(
            'x-next-page: 3\nx-total: 117\nLink: <https://api.example/orders?page=3>; rel="next"\nx-continuation-token: «~an12»\nx-page-token: 3\nx-cursor: 17'
        ),
    ),
    "Heads of requests": (
        HEADERS(
            "Host: api.example\nUser-Agent: okhttp/4.12.0\nAccept: */*\nAccept-Encoding: gzip\nAuthorization: Bearer ⟦url40⟧\nX-Forwarded-For: 203.0.113.7, 10.0.0.7\nX-Forwarded-Proto: https\nX-Forwarded-Port: 443"
        ),
        HEADERS(
            "X-Api-Key: ⟦an40⟧\nX-Api-Version: 2025-05-01\nX-Client-Version: 4.12.0\nX-Tenant-Id: acme\nX-Idempotency-Key: «~uuid»\nIdempotency-Key: «~uuid»"
        ),
        HEADERS(
            "X-Hub-Signature-256: sha256=⟦hex64⟧\nX-GitHub-Event: push\nX-GitHub-Delivery: «~uuid»\nContent-Type: application/json"
        ),
        HEADERS(
            "Stripe-Signature: t=1746094500,v1=⟦hex64⟧\nUser-Agent: Stripe/1.0".replace("t=1746094500", "t=†1746094500")
        ),
        HEADERS("X-Slack-Signature: v0=⟦hex64⟧\nX-Slack-Request-Timestamp: 1746094500\nX-Slack-Retry-Num: 1"),
        HEADERS(
            "X-Shopify-Hmac-Sha256: ⟦base43+=⟧\nX-Shopify-Topic: orders/create\nX-Shopify-Shop-Domain: acme.myshopify.example\nX-Shopify-API-Version: 2025-04"
        ),
        HEADERS("X-Twilio-Signature: ⟦base27+=⟧\nI-Twilio-Idempotency-Token: «~uuid»"),
        HEADERS("webhook-id: msg_2Lh9\nwebhook-timestamp: 1746094500\nwebhook-signature: v1,⟦base43+=⟧"),
        HEADERS(
            "Authorization: AWS4-HMAC-SHA256 Credential=⟦AKIA|up16⟧/20250501/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=⟦hex64⟧\nX-Amz-Date: 20250501T101500Z\nX-Amz-Content-Sha256: UNSIGNED-PAYLOAD\nX-Amz-Target: DynamoDB_20120810.GetItem"
        ),
        HEADERS(
            'Authorization: Digest username="maria", realm="shop", nonce="⟦hex32⟧", uri="/private", qop=auth, nc=00000001, algorithm=MD5, response="⟦hex32⟧"'.replace(
                'username="maria"', 'username="†maria"'
            )
            .replace('"shop"', '"«shop»"')
            .replace("algorithm=MD5", "algorithm=«MD5»")
            .replace("qop=auth", "qop=«auth»")
        ),
        HEADERS(
            'Signature: keyId="†k1",algorithm="«rsa-sha256»",headers="(request-target) host date",signature="⟦base86+==⟧"'.replace(
                'headers="(request-target) host date"', 'headers="«(request-target) host date»"'
            )
        ),
        HEADERS(
            'Authorization: OAuth oauth_consumer_key="⟦an20⟧", oauth_nonce="⟦an32⟧", oauth_signature="⟦base27+%3D⟧", oauth_signature_method="«HMAC-SHA1»", oauth_timestamp="†1746094500", oauth_version="«1.0»"'
        ),
        HEADERS(
            'Cookie: theme=«dark»; sid=⟦an32⟧\nSec-Fetch-Site: same-origin\nSec-Fetch-Mode: cors\nSec-Ch-Ua-Platform: "Linux"\nOrigin: https://app.example\nReferer: https://app.example/orders?page=2\nDNT: 1'.replace(
                "Cookie: theme=«dark»; sid=⟦an32⟧\n", ""
            )
        ),
        HEADERS(
            "Sec-WebSocket-Key: «~base22+==»\nSec-WebSocket-Version: 13\nSec-WebSocket-Protocol: graphql-ws\nUpgrade: websocket"
        ),
        HEADERS(
            "Proxy-Authorization: Basic ⟦base39+=⟧\nProxy-Connection: keep-alive\nVia: 1.1 proxy.example\nForwarded: for=203.0.113.7;proto=https"
        ),
        HEADERS(
            "X-Amz-Security-Token: ⟦base300⟧\nX-Amz-User-Agent: aws-sdk-js/3.957.0\namz-sdk-invocation-id: «~uuid»\namz-sdk-request: attempt=1; max=3"
        ),
        HEADERS("X-Vault-Token: ⟦an26⟧\nX-Vault-Namespace: acme\nX-Vault-Request: true"),
        HEADERS(
            "x-functions-key: ⟦url54+==⟧\nOcp-Apim-Subscription-Key: ⟦hex32⟧\nx-ms-client-request-id: «~uuid»\nx-ms-version: 2023-11-03\nx-ms-blob-type: BlockBlob"
        ),
        HEADERS(
            'If-None-Match: "5f4dcc3b5aa765d61d8327deb882cf99"\nIf-Modified-Since: Thu, 01 May 2025 10:15:00 GMT\nRange: bytes=0-1023\nExpect: 100-continue\nX-Requested-With: XMLHttpRequest\nPriority: u=1, i'
        ),
        HEADERS(
            "b3: 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1\nX-B3-TraceId: 4bf92f3577b34da6a3ce929d0e0e4736\nuber-trace-id: 4bf92f3577b34da6:00f067aa0ba902b7:0:1\nx-datadog-trace-id: 1234567890123456789\nsentry-trace: 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1\nx-cloud-trace-context: 105445aa7843bc8bf206b12000100000/1;o=1\nbaggage: userId=17,serverNode=web-1"
        ),
        HEADERS(
            "PRIVATE-TOKEN: ⟦an20⟧\nX-Gitlab-Token: ⟦an32⟧\nX-Gitlab-Event: Push Hook\nX-Gitlab-Event-UUID: «~uuid»"
        ),
        HEADERS(
            "Api-Token: ⟦an40⟧\nAccept-Language: de-DE,de;q=0.9\nX-App-Version: 1.4.2\nX-Device-Model: Pixel 8\nX-Platform: android"
        ),
        HEADERS(
            "X-Goog-Api-Key: ⟦AIza|url35⟧\nX-Goog-User-Project: acme-prod\nX-Goog-FieldMask: places.displayName\nx-goog-request-params: name=projects%2Facme"
        ),
        HEADERS("X-Plex-Token: ⟦an20⟧\nX-Emby-Token: ⟦hex32⟧\nX-Plex-Product: Web"),
        HEADERS(
            "X-Signature: ⟦hex64⟧\nX-Nonce: ⟦an16⟧\nX-Timestamp: 1746094500\nX-Signature-Algorithm: HMAC-SHA256\nX-Key-Id: k1".replace(
                "X-Nonce: ⟦an16⟧\n", ""
            )
        ),
    ),
    "Forms and links": (
        FORM("username=maria&password=⟦pw⟧&remember_me=1&_csrf=⟦uuid⟧&lang=de"),
        FORM(
            "grant_type=authorization_code&code=⟦url40⟧&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&client_id=web&code_verifier=⟦url43⟧"
        ),
        FORM(
            "card%5Bnumber%5D=⟦cardnumber⟧&card%5Bexp_month%5D=12&card%5Bexp_year%5D=2027&card%5Bcvc%5D=⟦d3⟧&amount=1250"
        ),
        FORM("token=⟦an40⟧&team_id=T0AAAAAA1&channel_name=ops&command=%2Fdeploy&text=1.4.2&trigger_id=†x"),
        FORM("g-recaptcha-response=⟦url200⟧&email=maria%40example.com&newsletter=on"),
        URL("https://api.example/v1/geocode?key=⟦an39⟧&address=Bonn&language=de"),
        URL("https://api.example/data/2.5/weather?q=Bonn&appid=⟦hex32⟧&units=metric"),
        URL(
            "https://files.example/a.pdf?Expires=1746094500&Key-Pair-Id=K1ABCDEF&Signature=⟦url200⟧&page=2".replace(
                "Key-Pair-Id=K1ABCDEF", "Key-Pair-Id=†K1ABCDEF"
            )
        ),
        URL("https://maps.example/js?client=gme-acme&signature=⟦url27+=⟧&channel=web&v=weekly"),
        URL("https://shop.example/search?q=password+manager&sort=price&page=2&key=name&code=DE"),
        URL(
            "https://cdn.example/v.m3u8?hdnts=exp=†1746094500~acl=†*~hmac=⟦hex64⟧&quality=720p".replace(
                "exp=†1746094500~acl=†*~hmac=", ""
            )
        ),
        URL("https://app.example/#access_token=⟦jwt⟧&token_type=bearer&expires_in=3600&state=home"),
        URL("https://mail.example/unsubscribe/⟦url43⟧?list=news"),
        URL("https://meet.example/j/81234567890?pwd=⟦an32⟧&lang=de"),
    ),
}
