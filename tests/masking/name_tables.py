"""Names as services and frameworks write them, with what they are."""

from __future__ import annotations

SECRET = {
    "passwords and kinds of secrets": """
        password Password passwd PASSWORD pwd DB_PWD db_password DATABASE_PASSWORD userPassword new_password
        newPassword passphrase pass PGPASSWORD secret client_secret clientSecret SECRET_KEY app-secret credential
        private_key privateKey signing_key encryption_key loginPassword password_confirmation adminPass
    """,
    "tokens and keys": """
        token access_token accessToken refresh_token refreshToken id_token auth_token authToken api_key apiKey apikey
        API_KEY x-api-key api-key session_token sessionToken bearer_token X-Auth-Token access_key accessKey session_id
        sessionId csrf_token xsrfToken hmac_key stripe_api_key webhook_secret oauth_token deviceToken authorization
    """,
    "signatures, sessions, cards": """
        Authorization Signature X-Amz-Signature sig X-Hub-Signature-256 hmac JSESSIONID PHPSESSID sessionid
        connect.sid sid ASP.NET_SessionId pin passcode otp ssn pan cardNumber card_number recovery_phrase
    """,
    "without boundaries, and odd ones": """
        csrfmiddlewaretoken smtpPass API-KEY hdnts adminpass rootpw hmackey codeverifier routing_key writeKey
        csrftoken devicecode user_pin pinBlock csc smsCode two_factor_code 2fa priv_key securityAnswer recoveryKey
        validationKey encrypt.key hashed
    """,
    "keys of headers": """
        DD-APPLICATION-KEY Fastly-Key aeg-sas-key X-Query-Key X-Admin-Key X-App-Key application_key authkey apitoken
        wstoken oauth_verifier oobCode
    """,
    "environments and AWS": """
        LANGCHAIN_API_KEY HOME_ASSISTANT_TOKEN NODE_AUTH_TOKEN usageIdentifierKey challengeAnswer outputToken
        identitySource ApiKey apiKey
    """,
    "other languages": """
        heslo Heslo uzivatelske_heslo salasana kayttajan_salasana tunnussana kata_sandi katasandi kataSandi
        kata_laluan parola_chiave chiave_segreta parola codice_segreto chiave_api segreto wachtwoord senha contrasena
        haslo mot_de_passe motDePasse motdepasse passwort kennwort lozinka
    """,
    "AWS": """
        AWS_SECRET_ACCESS_KEY SecretAccessKey aws_session_token SecretString MasterUserPassword TemporaryPassword
        ProposedPassword PreviousPassword ConfirmationCode AccessToken IdToken RefreshToken SecretHash SecretCode
        TaskToken KeyMaterial AuthToken authorizationToken SSECustomerKey x-amz-security-token
        x-amz-server-side-encryption-customer-key NEW_PASSWORD SMS_MFA_CODE SOFTWARE_TOKEN_MFA_CODE
        PASSWORD_CLAIM_SIGNATURE
    """,
    "Azure": """
        primaryMasterKey instrumentationKey sasToken sharedAccessKey adminPassword secretText storageAccountKey
        administratorLoginPassword SharedAccessSignature AccountKey x-functions-key Ocp-Apim-Subscription-Key
    """,
    "Google": """
        keyString privateKeyData customToken passwordHash salt
    """,
    "payment": """
        card[cvc] cvc cvv cvv2 securityCode cardCode account_number accountNumber iban
    """,
    "Okta and Auth0": """
        stateToken passCode activationToken recoveryToken sharedSecret mfa_token binding_code recovery_code
        backup_codes
    """,
    "SAP, Salesforce, OAuth 1": """
        security_token consumer_key oauth_consumer_key consumerSecret j_password sap-password logonToken
        X-SAP-LogonToken
    """,
    "frameworks": """
        secret_key_base authenticity_token RAILS_MASTER_KEY encrypted_password reset_password_token remember_token
        current_password APP_KEY XSRF-TOKEN laravel_session _token AUTH_KEY SECURE_AUTH_KEY NONCE_KEY AUTH_SALT
        DB_PASSWORD user_pass user_activation_key _wpnonce
    """,
    "Spring": """
        spring.datasource.password jwt.secret keystore-password key-store-password spring.security.user.password
        jasypt.encryptor.password
    """,
    "networks": """
        wifi_key wep_key pre_shared_key preSharedKey wpa_psk psk wifiPassphrase wpa_passphrase
    """,
    "answers and licences": """
        puk sip_password secretAnswer license_key licenseKey deploy_key service_key serviceKey
    """,
    "headers": """
        PRIVATE-TOKEN JOB-TOKEN X-Gitlab-Token X-Plex-Token X-Shopify-Access-Token X-Consul-Token Circle-Token
        X-TrackerToken X-Vault-Token X-Auth-Key X-MS-TOKEN-AAD-ACCESS-TOKEN X-RapidAPI-Key Api-Token
        X-Twilio-Signature stripe-signature X-Telegram-Bot-Api-Secret-Token CF-Access-Client-Secret
        CF-Access-Jwt-Assertion X-MBX-APIKEY KC-API-PASSPHRASE OK-ACCESS-SIGN X-Sentry-Auth X-Insert-Key X-License-Key
        X-Parse-REST-API-Key X-Parse-Master-Key x-hasura-admin-secret X-Appwrite-Key X-Postmark-Server-Token
        X-NuGet-ApiKey X-Ops-Authorization-1 X-Redmine-API-Key
    """,
    "squeezed": """
        authtoken accesstoken idtoken userpass dbpass dbpw ftppass mysqlpass mysqlpassword pgpassword smtppassword
        smtppass sessionkey clientsecret apisecret appsecret appkey secretkey privatekey signingkey encryptionkey
        authcode resetcode passwordhash pwhash hashedpassword hashedPassword passwordConfirm confirmpassword
        confirmPassword oldpassword newpwd userpwd dbpwd
    """,
    "environment": """
        DB_PASS DB_PASS_PROD REDIS_PASSWORD requirepass masterauth bindpw LDAP_BIND_PW POSTGRES_PASSWORD
        SLACK_BOT_TOKEN SLACK_SIGNING_SECRET GITHUB_TOKEN OPENAI_API_KEY STRIPE_SECRET_KEY DATADOG_API_KEY
        SENTRY_AUTH_TOKEN TWILIO_AUTH_TOKEN SENDGRID_API_KEY JWT_SECRET COOKIE_SECRET SESSION_SECRET NEXTAUTH_SECRET
        DJANGO_SECRET_KEY FLASK_SECRET_KEY
    """,
    "nested": """
        user[password] user[password_confirmation] auth[token] credentials.password password[] data[User][password]
        token[0]
    """,
    "SAML and cards": """
        SAMLResponse client_assertion assertion cryptogram onlinePaymentCryptogram cavv
    """,
    "other letters": """
        пароль contraseña ПАРОЛЬ hasło mật_khẩu
    """,
    "codes": """
        mfaCode mfa_code otpCode totp_code verificationCode verification_code one_time_password oneTimeCode
        access_code loginCode activationCode
    """,
    "credentials": """
        jwt JWT bearer bearerToken creds AwsCredentials dbCredentials X-Amz-Credential
    """,
    "files of keys": """
        tls.key tlsKey sslKey ssh_key sshPrivateKey ssh-privatekey client-key-data pgp_private_key master_key
    """,
    "users' own": """
        MONGO_PASS emailPass email_password proxyPass proxy_password gatewayPassword merchantKey merchant_secret
        apiSign
    """,
    "webhooks and cookies": """
        webhookSecret webhook_key webhookSigningKey hookSecret hook_secret signatureKey cookie Cookie set-cookie
        cookies session_cookie
    """,
    "stores": """
        ticketPassword zipPassword pdfPassword p12Password pfxPassword keyPassword storePassword trustStorePassword
        certificatePassword cert_password
    """,
    "tokens of all kinds": """
        tokenSecret oauth_token_secret oauthToken oauth_signature resumePassword userToken pushToken fcmToken
        fcm_token apnsToken registrationToken inviteToken invitationToken unsubscribeToken verifyToken verify_token
        confirmationToken emailToken magicToken shareToken uploadToken downloadToken
    """,
    "forgery": """
        x-csrf-token X-XSRF-TOKEN csrf _csrf csrfToken anti-forgery-token __RequestVerificationToken
        RequestVerificationToken
    """,
    "seeds": """
        totpSecret otpSecret mfaSecret secretSeed mnemonic seedPhrase walletMnemonic priv_key privKey
    """,
    "Spring, beans": """
        connection.password mail.smtp.password server.ssl.key-store-password spring.redis.password
        management.metrics.export.datadog.apiKey eureka.password app.jwt.secretKey jwtSecretKey
        security.oauth2.client.client-secret
    """,
    "Google, captchas": """
        service_account_key_secret serviceAccountPrivateKey gcp_credentials GOOGLE_API_KEY GEMINI_API_KEY MAPS_API_KEY
        firebaseApiKey firebase_token recaptchaSecret recaptcha_secret_key hcaptcha_secret turnstileSecretKey
        captchaToken g-recaptcha-token
    """,
    "Kubernetes, Vault": """
        kube_token bootstrapToken bootstrap-token-secret clusterSecret registryPassword imagePullSecretData
        helm_password argocdToken vaultToken VAULT_TOKEN vault_unseal_key unsealKey rootToken ROOT_TOKEN consulToken
        nomadToken
    """,
    "stores of objects": """
        aws_secret_key s3SecretKey s3_access_key minioSecretKey MINIO_ROOT_PASSWORD spacesSecret r2_secret_access_key
        b2_application_key wasabi_secret_key
    """,
    "databases": """
        mysql_root_password MYSQL_PWD PGPASS postgresPassword sqlPassword mssqlSaPassword SA_PASSWORD mongoPassword
        redisPassword cassandra_password elasticPassword ELASTIC_PASSWORD neo4jPassword influxToken INFLUXDB_TOKEN
        snowflakePassword databricksToken DATABRICKS_TOKEN
    """,
    "messengers, mail": """
        slackToken slack_signing_secret slackWebhookSecret discordToken DISCORD_BOT_TOKEN telegramBotToken teamsSecret
        zoomSecret twilioAuthToken twilioApiSecret vonageSecret messagebirdKeySecret sendgridKey mailgunApiKey
        mailchimpApiKey postmarkToken sparkpostApiKey
    """,
    "payment services": """
        stripeSecretKey stripe_secret stripeWebhookSecret paypalSecret paypal_client_secret braintreePrivateKey
        adyenApiKey adyenHmacKey squareAccessToken klarnaPassword mollieApiKey razorpaySecret plaidSecret
        plaid_access_token wiseToken cardCvc cardCvv cvvNumber cvv_code cvc_code cardSecurityCode cardPin pinCode
        cardNumber creditCardNumber credit_card_number ccNumber bankAccountNumber bank_account_number ibanNumber
    """,
    "builds, clouds": """
        githubToken GH_TOKEN gitlabToken GITLAB_PRIVATE_TOKEN CI_JOB_TOKEN bitbucketPassword NPM_TOKEN npmAuthToken
        _authToken PYPI_PASSWORD DOCKER_PASSWORD dockerhubToken SONAR_TOKEN CODECOV_TOKEN SNYK_TOKEN jenkinsToken
        circleToken travisToken HEROKU_API_KEY NETLIFY_AUTH_TOKEN VERCEL_TOKEN CLOUDFLARE_API_TOKEN CF_API_KEY
        FASTLY_API_TOKEN DIGITALOCEAN_TOKEN LINODE_TOKEN HCLOUD_TOKEN
    """,
    "spellings of passwords": """
        loginPwd userPwd adminPwd newPwd oldPwd confirmPwd pwdHash passHash pass_hash password1 password2
        password_again retypePassword repeatPassword verifyPassword passwordVerify passwordRepeat plainPassword
        plain_password rawPassword tempPassword oneTimePassword initialPassword defaultPassword masterPassword
        encryptedPassword hashedPwd pw_hash
    """,
    "mails of accounts": """
        resetToken reset_token passwordResetToken password_reset_token emailVerificationToken activation_token
        confirm_token magic_link_token loginToken login_token rememberMeToken persistentToken deviceSecret
        deviceKeySecret sharedKey shared_access_key SharedAccessKey sas_token SAS_TOKEN blobSasToken
    """,
    "OAuth 2": """
        oauth2_client_secret OAuthClientSecret client_secret_post consumerKey consumer_secret bearer_access_token
        authBearer jwt_token jwtToken signedJwt idTokenHintSecret refresh-token RefreshTokenValue subject_token
        actor_token assertionToken device_code authorization_code auth_code pkceVerifier code_verifier
    """,
    "second factors": """
        otp_code otpSecret totpKey totp_secret smsOtp sms_otp emailOtp mfaSecret mfa_secret mfaToken twoFactorSecret
        two_factor_secret backupCodes recoveryCodes recovery_codes tanCode securityPin loginPin atmPin mobilePin
    """,
    "headers of webhooks": """
        X-User-Token X-Access-Token X-Session-Token X-Session-Id X-Refresh-Token X-Secret-Key X-Signature
        X-Webhook-Signature X-Shopify-Hmac-Sha256 Paypal-Transmission-Sig X-Square-Signature X-Slack-Signature
        X-GitHub-Token X-Gitlab-Token Linear-Signature X-Api-Secret X-Auth X-Authorization x-goog-signature
        X-Cron-Secret X-Internal-Secret X-Service-Secret
    """,
    "networks and telephones": """
        wifiPassword ssidPassword snmpCommunitySecret enableSecret enable_password radiusSecret radius_shared_secret
        tacacsKey ipsecPsk vpnPsk presharedKey wgPrivateKey sipSecret sipPassword hotspotPassword simPin puk1
    """,
    "private keys": """
        sshPassword ssh_private_key sshPassphrase rsaPrivateKey privateKeyPem pemPrivateKey tlsPrivateKey
        ssl_private_key signingPrivateKey gpgPassphrase pgpKey keyPassphrase certPassword pfxPassword p12_password
        jksPassword keystorePass truststorePass ksPassword
    """,
    "directories and mail servers": """
        ldapPassword bindPassword bind_password ldap_bind_password adPassword domainPassword kerberosPassword
        sambaPassword ftpPassword ftp_pass sftpPass imapPassword popPassword smtp_password SMTP_PASS mailPassword
        EMAIL_HOST_PASSWORD proxyPassword proxyPass basicAuthPassword httpPassword
    """,
    "wallets": """
        walletPrivateKey wallet_seed_phrase seed_phrase secretPhrase mnemonicPhrase ethPrivateKey solanaPrivateKey
        xprvKeySecret
    """,
    "more languages": """
        motDePasse mot_de_passe codeSecret contrasenaActual clave_secreta palavra_passe senhaAtual wachtwoordNieuw
        kennwort_neu passwortWiederholen nuovaPassword haslo_uzytkownika noveHeslo stareHeslo heslo2 uusiSalasana
        kataSandiBaru katasandi_lama sandiBaru lozinkaKorisnika
    """,
}

HARMLESS = {
    "ordinary": """
        keyboard monkey passenger author id max_tokens nextToken compass turkey tokenizer secretary
    """,
    "AWS and counts": """
        ClientRequestToken secretKeyRef httpTokens cached_tokens audio_tokens
        tokensPerSecond x-ratelimit-remaining-tokens TOKEN_TTL_SECONDS SALT_ROUNDS signature_dish pass_rate
        cookie_flavour pincode token_endpoint_auth_methods_supported TokenService.java CsrfFilter password.go token.js
    """,
    "documents": """
        cookie_consent prompt_tokens completion_tokens total_tokens tokenCount hasSecret passwordLength
        requirePassword passwordChangedAt keyId publicKey public_key api_version idempotency_key Idempotency-Key
        key_id keys_url payment_method_types session_count signed_in hotkey bypass pinned passwordPolicy
        password_policy token_type tokenType TokenType expires_in key name
    """,
    "keys of data": """
        partitionKey sort_key primaryKey foreign_key routeKey cacheKey objectKey hashKey RangeKey LastEvaluatedKey
        ExclusiveStartKey s3Key
    """,
    "cursors": """
        NextToken nextPageToken next_page_token pageToken NextContinuationToken ContinuationToken paginationToken
        syncToken nextSyncToken resumeToken nextForwardToken sequenceToken uploadSequenceToken LockToken
    """,
    "names and ids of keys": """
        KMSMasterKeyID kmsKeyId KeyPairId KeyName keyArn kmsKeyArn AccessKeyId access_key_id secretName SecretArn
        secret_arn secretVersion token_use auth_time authTime signatureVersion SignatureVersion SigningCertUrl
        signature_method credentialScope SignatureMethod oauth_signature_method oauth_version oauth_timestamp
    """,
    "about passwords": """
        passwordResetRequired password_reset_url passwordExpired passwordLastChanged PasswordLastUsed passwordStrength
        minPasswordLength passwordMinLength passwordless
    """,
    "about authorization": """
        authorization_endpoint authorizationStatus authorization_details tokenUrl token_url tokenEndpoint authUrl
        auth_url authorizer authorizedBy authorName authority authorizationType authProvider authMethod auth_type
        authMode isAuthenticated authenticated authenticationType authenticationMethod
    """,
    "codes": """
        zipCode country_code statusCode status_code errorCode error_code currencyCode languageCode postalCode
        promoCode couponCode productCode areaCode code barcode qrCode exitCode discount_code unicode decode opcode
        keycode shortcode encode
    """,
    "numbers": """
        serialNumber orderNumber phone_number invoiceNumber routing_number tracking_number houseNumber number
    """,
    "words with sig": """
        design assign signal signup signedAt signer assignee insignia signin_count
    """,
    "words with pin": """
        pinpoint pinnedAt spinner shipping mapping opinion pins pinterest PinBoard
    """,
    "words with pan": """
        panel company span japan expand panes
    """,
    "words with card": """
        discard dashboard scorecard cardType card_brand cardholder cardholderName card_expiry cardLast4
    """,
    "about sessions": """
        session_state sessionTimeout session_duration sessionStart sessionName session_type sessions sessionIssuer
    """,
    "about cookies": """
        cookieName cookiePolicy cookies_enabled cookieBanner cookieConsent
    """,
    "accounts": """
        accountId account_id accountName accountType AccountAlias accounting account
    """,
    "words with key": """
        keyword keywords keystone monkeypatch whiskey hockey jockey donkey turkey keyframe keypress keyup keydown
        keyCode
    """,
    "words with pass": """
        compassion bypassed surpass trespass overpass underpass encompass passport passive passage passengerCount
        passing passed passes passerby
    """,
    "about tokens": """
        tokenization tokenizeText tokenId tokenAddress tokenSymbol tokenName tokenUri token_name tokenPrice
    """,
    "identity": """
        identity identitySourceArn identityId identityPoolId cognitoIdentityId identifier
    """,
    "classes": """
        credentialsProvider CredentialsProviderError PasswordEncoder TokenProvider AuthFilter SessionFactory
        SecretManager secretsManager PasswordValidator InvalidTokenException TokenExpiredError JwtAuthenticationFilter
        BadCredentialsException
    """,
    "verified": """
        verified email_verified verification_status verifiedAt verificationType
    """,
    "answers": """
        answer question answers securityQuestion
    """,
    "taxes": """
        taxRate taxes taxAmount national nationality tax_total taxCode
    """,
    "counts": """
        nonce_count announcement pronounced
    """,
    "hashes": """
        hashtag hash commit_hash content_hash blockHash checksum
    """,
    "salted": """
        salted saltwater result results basalt
    """,
    "sides": """
        cast castle sidebar inside residence sideEffect president
    """,
    "ordinary words": """
        state status region environment count
    """,
    "headers": """
        X-Amzn-Trace-Id X-Request-Id Sec-WebSocket-Key surrogate-key x-amz-server-side-encryption-aws-kms-key-id
        X-RateLimit-Limit X-Auth-Email x-datadog-trace-id X-Parse-Application-Id x-amzn-oidc-identity
    """,
    "about keys": """
        keyType keySize keySpec KeyUsage KeyState keyAlgorithm keySchema KeySchema key_ops
    """,
    "keys of texts": """
        localization_key translationKey i18nKey message_key messageKey issueKey issue_key projectKey
    """,
    "counts of models": """
        inputTokens outputTokens reasoning_tokens input_tokens output_tokens max_completion_tokens
        accepted_prediction_tokens cacheReadInputTokens cache_creation_input_tokens tokens_used tokenUsage token_limit
        remainingTokens TokensPerMinute
    """,
    "about secrets": """
        secretCount secretRotationEnabled tokenExpiry tokenExpiresAt token_expires_in tokenLifetime tokenIssuer
        tokenVersion tokenStatus tokenValid tokenPrefix tokenHeader token_source tokenScope
    """,
    "about passwords in forms": """
        password_hint passwordHint password_field passwordLabel password_placeholder passwordAttempts password_error
        passwordMessage
    """,
    "Kubernetes": """
        kind apiVersion metadata spec selector labels annotations replicas containers image imagePullPolicy ports
        targetPort nodePort clusterIP serviceAccountName automountServiceAccountToken tokenRequests tokenReview
        secretName secretRef secretKeyName imagePullSecretsCount volumeMounts mountPath configMapRef tolerations
        keyPath matchKey
    """,
    "payments": """
        payment_method payment_intent statement_descriptor receipt_url application_fee_amount card_brand cardType
        last4 exp_month exp_year funding network country currency amount_captured balance_transaction capture_method
        customer invoice livemode on_behalf_of outcome paid authorization_expires cvc_check address_line1_check
        cvv_result cvvResult avsResult avs_code networkTransactionId authorizationCodeType
    """,
    "times": """
        created_at updatedAt deletedAt passwordUpdatedAt password_changed_at lastPasswordChange passwordExpiresAt
        tokenCreatedAt sessionStartedAt session_started session_length sessionCount sessions_count sessionAttributes
        sessionTimeoutMinutes
    """,
    "banks": """
        account_type accountStatus accountHolder account_holder_name accountBalance accountManager account_id
        accountNumberType bankName bank_code bankCode sortCode sort_code swiftCode swift_code bic routingNumber
        branchCode
    """,
    "booleans and settings": """
        isPasswordSet hasPassword has_password password_set_at passwordPolicyId password_enabled supportsPassword
        passwordAuthEnabled secretsEnabled hasToken has_token isTokenValid tokenIsValid hasApiKey apiKeyEnabled
        apiKeyRequired apiKeySource api_key_name apiKeyId apiKeyName api_key_status accessKeyStatus accessKeyLastUsed
    """,
    "models' tokens": """
        total_tokens promptTokens completionTokens cachedInputTokens tokens_per_minute tokensRemaining max_new_tokens
        maxOutputTokens outputTokenCount promptTokenCount candidatesTokenCount totalTokenCount thoughtsTokenCount
        tokenizer_name eos_token bos_token pad_token unk_token sep_token mask_token_id eos_token_id num_tokens
        stop_token special_tokens added_tokens token_ids tokenLogprobs
    """,
    "keys of all kinds": """
        public_key publicKey publicKeyPem ssh_public_key sshPublicKey publishableKey publishable_key primary_key
        foreign_key composite_key row_key hash_key range_key sort_key lookup_key cache_key cacheKey i18n_key
        translation_key message_key error_key feature_key flagKey settingKey config_key keyCount keyspace keyIndex
        keyField key_prefix keyPrefix objectKey s3_key s3ObjectKey bucketKey imageKey fileKey folderKey parentKey
        childKey
    """,
    "codes of all kinds": """
        zip_code postal_code area_code dial_code countryCode regionCode stateCode status_code error_code reason_code
        response_code exit_code product_code sku_code item_code coupon_code promo_code discount_code voucherCode
        referralCode referral_code currency_code language_code locale_code source_code http_code code_name codeReview
    """,
    "authorization and authors": """
        auth_type authType auth_method authMethod authProvider authUrl auth_uri token_uri auth_provider_x509_cert_url
        client_x509_cert_url authDomain authority authorId author_name authors authorizedAmount authorized_by
        authorizationUrl oauth_scopes oauthProvider isAuthenticated authenticatedUser authenticationRequired
    """,
    "signatures and signs": """
        signature_version signatureAlgorithm signature_algorithm signatureStatus signatureValid signed_at signedBy
        signer_name signInCount sign_in_count signup_date signal_strength significance designation assigned_to
        assignment
    """,
    "policies of cookies": """
        cookiePolicy cookie_policy cookieConsent cookies_accepted cookieDomain cookie_name cookieExpiry
    """,
    "pins": """
        pinned is_pinned pinColor pin_count pinterest_url shippingMethod shipping_address mapping typing pingInterval
        ping
    """,
    "companies, panels": """
        company companyName panel panelId expanded japan span span_id spanId pane planId
    """,
    "passes": """
        passenger passengerCount passport_country passport_expiry bypass_cache compass_heading passing_score passed
        pass_count passCount passFail pass_percentage pass_type
    """,
    "secretaries": """
        secretary_name secretariat secretSanta_count secret_version secret_type secretCount secretArn secret_arn
        SecretARN
    """,
    "animals": """
        keyboard_layout keyword keywords keynote monkey_id turkey donkey hockey keystone
    """,
    "taxes and nations": """
        tax_rate taxRate tax_amount taxCategory taxonomy syntax taxExempt national nationality internationalCode
    """,
    "identities": """
        identity identityProvider identity_pool identityType resident residence sidebar inside siding considered
        sidecar
    """,
    "salts": """
        result cancelled saltLake basalt salted universal salesTax salary
    """,
    "X- headers": """
        X-Request-Id X-Correlation-Id X-Forwarded-For X-Amz-Cf-Id X-Cache-Key X-RateLimit-Remaining X-Frame-Options
        X-Content-Type-Options X-Powered-By X-Robots-Tag X-Api-Version X-Client-Version X-Device-Id X-Tenant-Id
        X-Session-Timeout Access-Control-Allow-Headers Content-Security-Policy Strict-Transport-Security
    """,
    "cursors and routes": """
        routeKey usageKey issueKey eventKey sessionDuration sessionIssuer sessionContext partitionKeyRange
        continuationToken NextPageToken nextSyncToken pageToken cursorToken resumptionToken syncToken
    """,
}

HEADERS = """
        Authorization Proxy-Authorization Cookie Set-Cookie X-Api-Key X-Client-Token X-Acme-Auth-Data DPoP
        X-Origin-Verify X-JFrog-Art-Api x-honeycomb-team x-amz-security-token X-Vault-Token DD-API-KEY PRIVATE-TOKEN
        DD-APPLICATION-KEY Fastly-Key aeg-sas-key X-Query-Key X-Admin-Key X-App-Key Authentication-Info
        X-Forwarded-Authorization X-Hub-Signature-256 X-Goog-IAP-JWT-Assertion OK-ACCESS-SIGN x-amzn-oidc-data
        x-amz-copy-source-server-side-encryption-customer-key x-goog-api-key
"""

PARAMETERS = """
        token access_token key code sig signature X-Amz-Signature X-Amz-Credential X-Amz-Security-Token AWSAccessKeyId
        application_key appid authkey apitoken wstoken hdnts ticket oauth_verifier oobCode X-Goog-Signature t s
        SAMLResponse client_assertion subscription-key jwt sso id_token_hint csrf_token
"""

COOKIES = [
    ("session", "hunter2abc"), ("JSESSIONID", "abc1"), ("x", "a8f5f167f44f4964e6c998dee827110c"),
    ("theme", "eyJhbGciOi.x"), ("theme", "eyJhbGciOiJIUzI1NiJ9.e30."), ("lang", "de|q7Rk29XvLm3TzB8n"),
    ("consent", "hunter2abc"), ("locale", "9f86d081884c7d65"),
    ("remember_user", "eyJfcmFpbHMi"), ("AWSALB", "abcDEF123/xyz"), (".AspNetCore.Identity.Application", "CfDJ8Nx2b"),
    ("wordpress_logged_in_0a1b", "admin%7C1700000000%7Ca1B2a1B2a1B2a1B2"), ("lang", "ghp_a1B2a1B2a1B2a1B2a1B2"),
    ("auth", "YWRtaW4x"),
    ("XSRF-TOKEN", "d41d8cd9"), ("sid", "s%3AabcDEF1.x9"), ("csrftoken", "k3jh5k3j4h5"), ("hdnts", "exp=1~hmac=ab"),
]  # fmt: skip
HARMLESS_COOKIES = [
    ("theme", "dark"), ("lang", "de-DE"), ("cookie_consent", "true"), ("_ga", "GA1.2.1033501218.1368477899"),
    ("tz", "Europe/Berlin"), ("consent", "1"), ("cart", "3"), ("Path", "/"), ("Max-Age", "3600"), ("ts", "1744202096"),
    ("SameSite", "Lax"), ("currency", "EUR"), ("sidebar", "collapsed"), ("session", ""),
    ("session", "deleted"), ("cookie_flavour", "vanilla"), ("tz", "Europe%2FBerlin"), ("v", "1.2.3"),
    ("collation", "utf8mb4_general_ci"), (".AspNetCore.Culture", "c%3Dde%7Cuic%3Dde"),
    ("CookieConsent", '{"ads":false,"at":1744202096,"version":"2.1"}'), ("test_cookie", "WP+Cookie+check"),
]  # fmt: skip
