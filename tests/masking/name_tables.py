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
}

HARMLESS = {
    "ordinary": """
        keyboard monkey passenger author id max_tokens nextToken compass turkey tokenizer secretary
    """,
    "AWS and counts": """
        ServiceToken ClientToken ClientRequestToken SecretId secretKeyRef httpTokens cached_tokens audio_tokens
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
    ("theme", "eyJhbGciOi.x"),
    ("remember_user", "eyJfcmFpbHMi"), ("AWSALB", "abcDEF123/xyz"), (".AspNetCore.Identity.Application", "CfDJ8Nx2b"),
    ("wordpress_logged_in_0a1b", "admin%7C1700000000%7Chash1"), ("lang", "ghp_a1B2a1B2a1B2a1B2a1B2"),
    ("auth", "YWRtaW4x"),
    ("XSRF-TOKEN", "d41d8cd9"), ("sid", "s%3AabcDEF1.x9"), ("csrftoken", "k3jh5k3j4h5"), ("hdnts", "exp=1~hmac=ab"),
]  # fmt: skip
HARMLESS_COOKIES = [
    ("theme", "dark"), ("lang", "de-DE"), ("cookie_consent", "true"), ("_ga", "GA1.2.1033501218.1368477899"),
    ("tz", "Europe/Berlin"), ("consent", "1"), ("cart", "3"), ("Path", "/"), ("Max-Age", "3600"), ("ts", "1744202096"),
    ("SameSite", "Lax"), ("currency", "EUR"), ("sidebar", "collapsed"), ("session", ""),
    ("session", "deleted"), ("cookie_flavour", "vanilla"), ("tz", "Europe%2FBerlin"), ("v", "1.2.3"),
]  # fmt: skip
