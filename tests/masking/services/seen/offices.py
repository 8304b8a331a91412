"""Identity, monitoring, business and operations: what such services answer, write and complain about."""

from tests.masking.services.shapes import (
    ANSWERED,
    CALL_ERROR,
    COMMAND,
    COOKIE,
    ENV,
    FORM,
    HEADERS,
    HTML,
    INI,
    JSON,
    LOG,
    MESSAGE,
    MULTIPART,
    PRINTED,
    SQL,
    STACK,
    URL,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "Identity at work": (
        HTML(
            '<form method="post" action="https://shop.example/cb"><input type="hidden" name="code" value="⟦url43⟧"/><input type="hidden" name="state" value="†x1"/><input type="hidden" name="id_token" value="⟦jwt⟧"/><noscript>Continue</noscript></form>'
        ),
        HTML(
            '<form method="post" action="https://sp.example/acs"><input type="hidden" name="SAMLResponse" value="⟦base200⟧"/><input type="hidden" name="RelayState" value="home"/></form>'
        ),
        HTML(
            '<form name="hiddenform" method="POST" action="https://sp.example/"><input type="hidden" name="wa" value="wsignin1.0"/><input type="hidden" name="wresult" value="⟦base200⟧"/><input type="hidden" name="wctx" value="rm=0"/></form>'
        ),
        HTML(
            '<div id="qr" data-secret="⟦up32⟧" data-issuer="Acme"><p>Scan the code or enter <code>⟦up32⟧</code> by hand.</p></div>'
        ),
        HTML(
            '<ul class="recovery-codes"><li>⟦hex5+-+hex5⟧</li><li>⟦hex5+-+hex5⟧</li></ul><p>Save these recovery codes.</p>'
        ),
        HTML("<p>Your one-time code is <b>⟦d6⟧</b>. It is valid for 5 minutes.</p><p>Order 123456 is on its way.</p>"),
        HTML('<p>Use the code below to sign in:</p><div style="font-size:24px"><strong>⟦d6⟧</strong></div>'),
        HTML(
            '<p>Username: <b>maria</b><br/>Temporary password: <b>⟦pw⟧</b></p><a href="https://shop.example/login">Sign in</a>'
        ),
        HTML(
            '<td class="label">Client secret</td><td class="value">⟦an40⟧</td><td class="label">Client name</td><td class="value">web</td>'
        ),
        HTML('<script>window.authToken = "⟦url43⟧"; const pageSize = «20»;</script>'),
        HTML('<script>fetch("/api", {headers: {"X-Api-Key": "⟦an32⟧", "Accept": "«application/json»"}})</script>'),
        HTML('<app-root api-token="⟦an40⟧" locale="de" theme="dark"></app-root>'),
        HTML(
            '<input type="text" name="otp" maxlength="6" value="⟦d6⟧" inputmode="numeric"/><input type="hidden" name="next" value="/account"/>'
        ),
        HTML(
            '<a href="mailto:maria@example.com?subject=Hello">Mail</a><a href="https://shop.example/unsubscribe?u=17&amp;token=⟦hex40⟧">Unsubscribe</a>'
        ),
        XML(
            '<samlp:Response ID="_a1" Version="2.0"><saml:Assertion><saml:Subject><saml:NameID>maria</saml:NameID></saml:Subject><ds:Signature><ds:SignatureValue>⟦base86+==⟧</ds:SignatureValue></ds:Signature></saml:Assertion></samlp:Response>'
        ),
        XML(
            "<LoginRequest><UserName>maria</UserName><PassCode>⟦d6⟧</PassCode><DeviceName>phone</DeviceName></LoginRequest>"
        ),
        XML(
            '<wst:RequestedSecurityToken><wsse:BinarySecurityToken ValueType="urn:ietf:params:oauth:token-type:jwt">⟦base120⟧</wsse:BinarySecurityToken></wst:RequestedSecurityToken>'
        ),
        XML(
            "<GetSessionTokenResult><Credentials><SessionToken>⟦base120⟧</SessionToken><Expiration>2025-05-01T11:15:00Z</Expiration></Credentials></GetSessionTokenResult>"
        ),
        XML(
            "<user><id>17</id><name>maria</name><api-key>⟦hex40⟧</api-key><status>1</status><created_on>2025-05-01T10:15:00Z</created_on></user>"
        ),
        XML(
            "<cas:serviceResponse><cas:authenticationSuccess><cas:user>maria</cas:user><cas:proxyGrantingTicket>⟦PGTIOU-|an40⟧</cas:proxyGrantingTicket></cas:authenticationSuccess></cas:serviceResponse>"
        ),
        XML('<Password type="hashed">⟦base44⟧</Password><Role>editor</Role>'),
        XML(
            '<config><entry name="bind.password"><![CDATA[⟦pw⟧]]></entry><entry name="bind.dn"><![CDATA[«cn=admin»]]></entry></config>'
        ),
        XML('<property name="password" type="encrypted">⟦base44⟧</property><property name="poolSize">5</property>'),
        XML('<users><user login="maria" pwd="⟦pw⟧" lang="de"/><user login="jo" pwd="⟦pw⟧" lang="en"/></users>'),
        YAML(
            "clients:\n  - clientId: web\n    secret: ⟦an32⟧\n    redirectUris:\n      - https://shop.example/cb\n    publicClient: false\nusers:\n  - username: maria\n    credentials:\n      - type: password\n        value: ⟦pw⟧\n        temporary: true\n"
        ),
        YAML(
            "connectors:\n  - type: ldap\n    id: ldap\n    config:\n      host: ldap.example:636\n      bindDN: cn=dex,dc=acme\n      bindPW: ⟦pw⟧\n  - type: github\n    config:\n      clientID: †Iv1.8a\n      clientSecret: ⟦hex40⟧\nstaticPasswords:\n  - email: maria@acme.example\n    hash: ⟦$2a$10$|an53⟧\n"
        ),
        YAML(
            "session:\n  name: authelia_session\n  secret: ⟦an64⟧\n  expiration: 1h\n  redis:\n    host: redis\n    password: ⟦pw⟧\nidentity_validation:\n  reset_password:\n    jwt_secret: ⟦an64⟧\nstorage:\n  encryption_key: ⟦an64⟧\nnotifier:\n  smtp:\n    password: ⟦pw⟧\n    sender: auth@acme.example\n"
        ),
        YAML(
            "vault:\n  address: https://vault.example\n  auto_auth:\n    method:\n      type: approle\n      config:\n        role_id: †5b2e\n        secret_id: ⟦uuid⟧\n"
        ),
        YAML(
            "secrets:\n  system:\n    - ⟦an32⟧\n  cookie:\n    - ⟦an32⟧\nurls:\n  self:\n    issuer: https://id.example\nttl:\n  access_token: 1h\n  refresh_token: 720h\n"
        ),
        MESSAGE("Access token '⟦url43⟧' has expired"),
        MESSAGE("The API key '⟦an32⟧' is not allowed to call «/v1/orders»"),
        MESSAGE("OTP ⟦d6⟧ is incorrect or has expired"),
        MESSAGE("Wrong PIN ⟦d4⟧ for ¦card «1234»"),
        MESSAGE("refresh token ⟦url43⟧ was revoked at «2025-05-01T10:15:00Z»"),
        MESSAGE("invalid_grant: authorization code ⟦url43⟧ was already used"),
        MESSAGE("Login failed (user=«maria», password=⟦pw⟧, ip=«203.0.113.7»)"),
        MESSAGE("Invalid credentials: maria:⟦pw⟧"),
        MESSAGE('Could not decode secret "⟦pw⟧": «illegal base64 data at input byte 4»'),
        MESSAGE("jwt malformed: ⟦url60⟧"),
        MESSAGE("Unknown session ⟦hex32⟧"),
        MESSAGE("Token signature mismatch, expected ⟦hex64⟧ but got ⟦hex64⟧"),
        MESSAGE("password must match /^(?=.*[A-Z]).{12,}$/, got: ⟦pw⟧"),
        MESSAGE("Value '⟦pw⟧' for parameter password¦ is invalid. Reason: «Password must be at least 12 characters»."),
        MESSAGE(
            "1 validation error detected: Value '⟦pw⟧' at 'password'¦ failed to satisfy constraint: «Member must have length greater than or equal to 12»"
        ),
        MESSAGE("PIN must be «4» digits"),
        MESSAGE("Your session has been inactive for «30» minutes"),
        CALL_ERROR("«invalid_client»: Client authentication failed for client secret ⟦an40⟧"),
        CALL_ERROR("Bad response from https://id.example/introspect?token=⟦url43⟧&hint=«access_token»: «503»"),
        COMMAND(
            "kcadm.sh config credentials --server «https://id.example» --realm «master» --user «admin» --password ⟦pw⟧"
        ),
        COMMAND("kcadm.sh set-password -r «shop» --username «maria» --new-password ⟦pw⟧"),
        COMMAND("okta apps create --token=⟦00|url40⟧ --name=«web»"),
        COMMAND("ldapmodify -x -D «cn=admin» -w '⟦pw⟧' -f «user.ldif»"),
        COMMAND("step ca certificate «web.example» «web.crt» «web.key» --token ⟦jwt⟧"),
        COMMAND("authelia crypto hash generate argon2 --password '⟦pw⟧'"),
        COMMAND("ssh-add «~/.ssh/id_ed25519» <<< ⟦pw⟧"),
        JSON(
            '{"type":"service_account","project_id":"acme","private_key_id":"†5f4dcc3b","client_email":"ci@acme.example","auth_uri":"https://accounts.example/auth"}'
        ),
        JSON(
            '{"factor":{"type":"totp","secret":"⟦up32⟧","uri":"otpauth://totp/Acme:maria?secret=⟦up32⟧&issuer=Acme"},"status":"pending"}'
        ),
        JSON('{"recovery_codes":["⟦hex5+-+hex5⟧","⟦hex5+-+hex5⟧"],"generated_at":"2025-05-01T10:15:00Z"}'),
        JSON(
            '{"device_code":"⟦url40⟧","user_code":"⟦uan4+-+uan4⟧","verification_uri":"https://id.example/device","expires_in":1800,"interval":5}'
        ),
        JSON(
            '{"access_token":"⟦url43⟧","token_type":"Bearer","expires_in":3600,"refresh_token":"⟦url43⟧","scope":"openid profile","id_token":"⟦jwt⟧"}'
        ),
        JSON(
            '{"active":true,"client_id":"web","username":"maria","scope":"read","sub":"17","exp":1746094500,"token_type":"access_token"}'
        ),
        JSON(
            '{"events":[{"eventType":"user.session.start","outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"},"authenticationContext":{"authenticationStep":0,"credentialType":"PASSWORD"}}]}'
        ),
        JSON(
            '{"passwordPolicy":{"minLength":12,"requireUppercase":true,"historyCount":5,"maxAgeDays":90},"mfa":{"required":true,"methods":["totp","sms"]}}'
        ),
        FORM("username=maria&password=⟦pw⟧&otp=⟦d6⟧&remember=on&csrf=⟦hex32⟧"),
        FORM("client_id=web&client_secret=⟦an40⟧&token=⟦url43⟧&token_type_hint=access_token"),
        FORM("SAMLResponse=⟦base120⟧&RelayState=home"),
        FORM("credential=⟦jwt⟧&g_csrf_token=⟦hex32⟧&select_by=btn"),
        COOKIE("KEYCLOAK_REMEMBER_ME=⟦url43⟧; KC_AUTH_STATE=†x; KEYCLOAK_LOCALE=en"),
        COOKIE("__Secure-next-auth.session-token=⟦jwt⟧; consent=all; lastProvider=github"),
        COOKIE("idsrv.session=⟦uphex32⟧; .AspNetCore.Cookies=⟦CfDJ8|url120⟧; culture=de"),
        URL("https://shop.example/verify-email?oobCode=⟦url54⟧&mode=verifyEmail&lang=de"),
        URL("https://shop.example/saml/acs?SAMLart=⟦base44⟧&RelayState=home"),
        URL("https://shop.example/invite/accept?invitation_token=⟦url20⟧&team=ops"),
        URL("https://shop.example/#access_token=⟦url43⟧&token_type=bearer&expires_in=3600&state=x1"),
        HEADERS(
            "X-Auth-Request-Access-Token: ⟦url43⟧\nX-Auth-Request-User: maria\nX-Auth-Request-Email: maria@acme.example"
        ),
        HEADERS("X-Amzn-Oidc-Data: ⟦jwt⟧\nX-Amzn-Oidc-Identity: †5b2e\nX-Amzn-Oidc-Accesstoken: ⟦jwt⟧"),
        HEADERS("Cf-Access-Jwt-Assertion: ⟦jwt⟧\nCf-Access-Client-Id: †5b2e.access\nCf-Access-Client-Secret: ⟦hex64⟧"),
        LOG(
            "[«2025-05-01 10:15:00»] type=«LOGIN_ERROR», realmId=«shop», clientId=«web», error=«invalid_user_credentials», username=«maria», code_id=†5b2e, password=⟦pw⟧"
        ),
        LOG("«2025-05-01T10:15:00Z» «info» Device flow: user «maria» entered code ⟦uan4+-+uan4⟧"),
        LOG("issued authorization code ⟦url43⟧ to client «web»"),
        LOG("«10:15:00» bind(cn=admin,dc=acme, ⟦pw⟧) -> «INVALID_CREDENTIALS(49)»"),
        LOG("TOTP secret for «maria»: ⟦up32⟧"),
        LOG("magic link for «maria@acme.example»: https://shop.example/m/⟦url43⟧"),
        LOG('pam_radius: sent password="⟦pw⟧" user="«maria»" nas=«10.0.0.9»'),
        LOG("OAuth state=«home» nonce=«n1» code_verifier=⟦url43⟧ method=«S256»"),
        LOG("Impersonation token ⟦glpat-|an20⟧ created for «jo», expires «2025-06-01»"),
        STACK(
            "org.springframework.security.authentication.BadCredentialsException: Bad credentials for maria/⟦pw⟧\n\tat com.acme.auth.LoginService.login(«LoginService.java:41»)"
        ),
        STACK(
            "System.ArgumentException: The key is too short. (Parameter 'apiKey')\nActual value was ⟦an16⟧.\n   at Acme.Client..ctor(String apiKey) in «/src/Client.cs:line 12»"
        ),
        STACK(
            "com.auth0.jwt.exceptions.JWTDecodeException: The string '⟦url60⟧' is not a valid token¦\n\tat com.auth0.jwt.JWTDecoder.<init>(«JWTDecoder.java:31»)"
        ),
        STACK(
            '** (MatchError) no match of right hand side value: {:error, :bad_token, "⟦url43⟧"}\n    (shop 0.1.0) «lib/shop/token.ex:41»: Shop.Token.verify/1'
        ),
        STACK('jwt.exceptions.DecodeError: Invalid token: ⟦url60⟧\n  File "«/srv/token.py»", line «41», in decode'),
        STACK("TypeError: secret must be a string, got «Buffer»\n    at sign («/srv/token.js:12:9»)"),
        SQL(
            "INSERT INTO «oauth_access_tokens» (id, user_id, secret, scopes, revoked) VALUES ('«1»', «17», '⟦an40⟧', '«read»', «0»);"
        ),
        SQL(
            "UPDATE users SET reset_token = '⟦hex40⟧', reset_sent_at = '«2025-05-01»' WHERE email = '«maria@acme.example»';"
        ),
        SQL("select * from users where login = «'maria'» and pwd = '⟦pw⟧' limit «1»"),
        SQL("REPLACE INTO credential (id, type, value) VALUES («17», '«password»', '⟦pw⟧');"),
        SQL("INSERT INTO api_keys VALUES («17», '«ci»', '⟦an40⟧', '«2025-05-01»');"),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="otp"\r\n\r\n⟦d6⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="lang"\r\n\r\n«de»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="code"\r\n\r\n⟦url43⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\n«authorization_code»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="key"; filename="«id_rsa»"\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN OPENSSH PRIVATE KEY-----\n⟦base64⟧\n⟦base44⟧\n-----END OPENSSH PRIVATE KEY-----\n\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="pin"\r\n\r\n⟦d4⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="amount"\r\n\r\n«12.50»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            "--x7MA4YWxkTrZu0gW\r\ncontent-disposition: form-data; name='password'\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\ncontent-disposition: form-data; name='user'\r\n\r\n«maria»\r\n--x7MA4YWxkTrZu0gW--\r\n"
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="users"; filename="«users.csv»"\r\nContent-Type: text/csv\r\n\r\nname,password\n«maria»,⟦pw⟧\n\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; name="client_secret"\r\nContent-Length: 40\r\n\r\n⟦an40⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="title"\r\n\r\n«Token of the day»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="apikey"\r\n\r\n⟦an32⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="file"; filename="«a.txt»"\r\n\r\n«hello»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
    "Watching and calling": (
        YAML(
            "receivers:\n  - name: ops\n    opsgenie_configs:\n      - api_key: ⟦uuid⟧\n        priority: P2\n    victorops_configs:\n      - api_key: ⟦uuid⟧\n        routing_key: ops\n    pushover_configs:\n      - user_key: ⟦lan30⟧\n        token: ⟦lan30⟧\n    webhook_configs:\n      - url: https://hook.example/⟦url43⟧\n        send_resolved: true\n"
        ),
        YAML(
            "datasources:\n  - name: Loki\n    type: loki\n    basicAuth: true\n    basicAuthUser: loki\n    secureJsonData:\n      basicAuthPassword: ⟦pw⟧\n      httpHeaderValue1: Bearer ⟦url43⟧\n    jsonData:\n      httpHeaderName1: Authorization\n      timeout: 60\n"
        ),
        YAML(
            "api_key: ⟦hex32⟧\nsite: datadoghq.eu\nlogs_enabled: true\napm_config:\n  enabled: true\nprocess_config:\n  container_collection:\n    enabled: true\ntags:\n  - env:prod\n"
        ),
        YAML("license_key: ⟦hex36+NRAL⟧\napp_name: shop\ndistributed_tracing:\n  enabled: true\nlog_level: info\n"),
        YAML(
            "init_config:\ninstances:\n  - host: db.example\n    username: datadog\n    password: ⟦pw⟧\n    port: 5432\n    dbm: true\n"
        ),
        YAML(
            "modules:\n  http_2xx:\n    prober: http\n    http:\n      headers:\n        Authorization: Bearer ⟦url43⟧\n      basic_auth:\n        username: probe\n        password: ⟦pw⟧\nauths:\n  public_v2:\n    community: ⟦an12⟧\n    version: 2\n  v3:\n    username: ops\n    password: ⟦pw⟧\n    priv_password: ⟦pw⟧\n"
        ),
        YAML(
            "mattermost:\n  url: https://chat.example\n  token: ⟦lan26⟧\n  team: acme\nsmtp:\n  user: app\n  pass: ⟦pw⟧\n  tls: true\ntwilio:\n  sid: †AC5f\n  token: ⟦hex32⟧\n  from: '+491701234567'\n"
        ),
        YAML(
            "uptime:\n  monitors:\n    - name: api\n      url: https://api.example/health?key=⟦an32⟧\n      interval: 60s\n    - name: db\n      dsn: postgres://probe:⟦pw⟧@db.example/orders\n      timeout: 5s\n"
        ),
        INI(
            "[smtp_server]\nserver=smtp.example\nusername=zabbix\npassword=⟦pw⟧\nDBPassword=⟦pw⟧\nDBName=zabbix\nTLSPSKFile=/etc/zabbix/psk\nTLSPSKIdentity=web-1"
        ),
        INI(
            "define contact {\n  contact_name   «maria»\n  email   «maria@acme.example»\n  _PUSHOVER_TOKEN  ⟦lan30⟧\n}\n$USER3$=⟦pw⟧"
        ),
        INI('rocommunity ⟦an12⟧ «10.0.0.0/8»\ncreateUser ops SHA "⟦pw⟧" AES "⟦pw⟧"\nsyslocation «Berlin»'),
        INI(
            "graphite.host=graphite.example\nsplunk.hec.token=⟦uuid⟧\nsplunk.index=main\nnewrelic.insert_key=⟦NRII-|url32⟧\nsentry.dsn=https://⟦hex32⟧@sentry.example/17"
        ),
        ENV(
            "DD_API_KEY=⟦hex32⟧\nDD_SITE=datadoghq.eu\nDD_TRACE_SAMPLE_RATE=0.1\nOTEL_EXPORTER_OTLP_HEADERS=api-key=⟦an40⟧\nHONEYCOMB_API_KEY=⟦an22⟧\nROLLBAR_ACCESS_TOKEN=⟦hex32⟧\nLOG_TOKEN_COUNT=true"
        ),
        JSON(
            '{"service_key":"⟦hex32⟧","event_type":"trigger","description":"CPU high","details":{"load":"7.5","password_age_days":12}}'
        ),
        JSON(
            '{"routing_key":"⟦an32⟧","event_action":"trigger","dedup_key":"srv01/HTTP","payload":{"summary":"down","severity":"critical","source":"web-1"}}'
        ),
        JSON(
            '{"alert":{"title":"Token usage high","tokens_used":81200,"token_limit":100000,"key":"llm.tokens","threshold":0.8}}'
        ),
        JSON(
            '{"dashboard":{"uid":"abc","title":"Auth","panels":[{"title":"Failed passwords","expr":"rate(auth_failed_total[5m])"}]},"overwrite":true}'
        ),
        JSON('{"name":"ci","key":"⟦eyJrIjoi|an60⟧","id":17}'),
        JSON(
            '{"synthetics":{"steps":[{"action":"type","target":"#password","text":"⟦pw⟧"},{"action":"click","target":"#login"}]}}'
        ),
        JSON(
            '{"webhook":{"url":"https://hook.example/in","headers":[{"key":"Authorization","value":"Basic ⟦base32⟧"},{"key":"Accept","value":"application/json"}]}}'
        ),
        JSON(
            '{"probe":{"auth":{"kind":"basic","username":"probe","password":"⟦pw⟧"},"interval":60,"assertions":[{"type":"statusCode","value":200}]}}'
        ),
        LOG(
            "«2025-05-01 10:15:00 UTC» | CORE | «INFO» | (pkg/util/log.go:572) | Features detected; api_key=***************************«1a2b3»"
        ),
        LOG("«2025-05-01T10:15:00Z» E! [outputs.influxdb_v2] failed to write: «unauthorized access» token=⟦url86+==⟧"),
        LOG(
            'ts=«2025-05-01T10:15:00.123Z» caller=«dedupe.go:112» component=«remote» level=«error» url=https://prom:⟦pw⟧@prom.example/push msg="«non-recoverable error»"'
        ),
        LOG(
            'POST «https://events.pagerduty.com/v2/enqueue» {"routing_key":"⟦an32⟧","event_action":"«resolve»"} -> «202»'
        ),
        LOG('snmpd[«7»]: Connection from UDP: [«203.0.113.7»]:«51234» community "⟦an12⟧"'),
        LOG("«2025/05/01 10:15:00» [«alert»] push to user «maria» failed"),
        COMMAND("newrelic apiAccess apiAccessGetKey --apiKey ⟦NRAK-|uan27⟧ --accountId «1234567»"),
        COMMAND('DD_API_KEY=⟦hex32⟧ bash -c "$(curl -L «https://install.datadoghq.com/agent.sh»)"'),
        COMMAND("promtool push metrics --http.config.file=«http.yml» «https://prom.example»"),
        COMMAND(
            "curl -X POST «https://api.pagerduty.com/incidents» -H 'Authorization: Token token=⟦url20⟧' -H 'From: «ops@acme.example»'"
        ),
        COMMAND("grafana-cli admin reset-admin-password ⟦pw⟧"),
        COMMAND("snmpwalk -v2c -c ⟦an12⟧ «10.0.0.9» «system»"),
        COMMAND("zabbix_sender -z «zbx.example» -s «web-1» -k «app.tokens» -o «17»"),
        COMMAND("splunk add monitor «/var/log» -auth admin:⟦pw⟧ -index «main»"),
        COMMAND("telegraf --config «https://influx.example/api/v2/telegrafs/17» --token ⟦url86+==⟧"),
        COMMAND("elasticdump --input=https://elastic:⟦pw⟧@es.example:9200/orders --output=«orders.json» --type=«data»"),
    ),
    "Business": (
        JSON(
            '{"card":{"number":"⟦cardnumber⟧","exp_month":12,"exp_year":2027,"cvc":"⟦d3⟧"},"currency":"eur","capture":true}'
        ),
        JSON(
            '{"account":{"iban":"⟦iban⟧","bic":"COBADEFFXXX","holder":"Maria Muster"},"mandate":{"signed_at":"2025-05-01"}}'
        ),
        JSON('{"employee":{"ssn":"⟦d3+-+d2+-+d4⟧","tax_id":"⟦d11⟧","salary":50000,"department":"ops"}}'),
        JSON(
            '{"merchantAccount":"AcmeDE","hmacKey":"⟦uphex64⟧","notificationUrl":"https://shop.example/n","apiVersion":71}'
        ),
        JSON(
            '{"order":{"id":17,"token":"⟦hex32⟧","checkout_token":"⟦hex32⟧","currency":"EUR","discount_codes":[{"code":"SPRING25","amount":"5.00"}]}}'
        ),
        JSON('{"gift_card":{"code":"⟦uan4+-+uan4+-+uan4⟧","balance":"25.00","currency":"EUR"},"pin":"⟦d4⟧"}'),
        JSON(
            '{"crm":{"instance_url":"https://acme.my.example","signature":"⟦base43+=⟧","issued_at":"1746094500123","token_type":"Bearer"}}'
        ),
        JSON(
            '{"voucher":"WELCOME10","promo_code":"MAY2025","zip_code":"10115","country_code":"DE","currency_code":"EUR","error_code":"E17","status_code":200}'
        ),
        XML(
            "<Payment><CardNum>⟦cardnumber⟧</CardNum><ExpDate>1227</ExpDate><CVNum>⟦d3⟧</CVNum><Amount>12.50</Amount></Payment>"
        ),
        XML(
            "<Auth><MerchantID>acme</MerchantID><MerchantPassword>⟦pw⟧</MerchantPassword><Currency>978</Currency></Auth>"
        ),
        XML(
            '<Request version="1.0"><Header><Security sender="acme"><Level>1</Level></Security></Header><User login="api" pwd="⟦pw⟧"/></Request>'
        ),
        XML(
            "<PmtInf><DbtrAcct><Id><IBAN>⟦iban⟧</IBAN></Id></DbtrAcct><ReqdExctnDt>2025-05-01</ReqdExctnDt><Amt>12.50</Amt></PmtInf>"
        ),
        FORM("merchant_id=acme&secret_key=⟦an32⟧&amount=1250&currency=EUR&order=17"),
        FORM("vpc_AccessCode=⟦uphex8⟧&vpc_SecureHash=⟦uphex64⟧&vpc_Amount=1250&vpc_Locale=de"),
        FORM("pan=⟦cardnumber⟧&cvv=⟦d3⟧&expiry=12%2F27&holder=Maria+Muster"),
        HEADERS(
            "X-Api-Signature: ⟦hex64⟧\nX-Api-Timestamp: 1746094500\nX-Merchant-Id: acme\nX-Merchant-Secret: ⟦an32⟧"
        ),
        HEADERS(
            "paypal-transmission-sig: ⟦base86+==⟧\npaypal-auth-algo: SHA256withRSA\npaypal-transmission-time: 2025-05-01T10:15:00Z"
        ),
        HEADERS("X-Square-Hmacsha256-Signature: ⟦base43+=⟧\nsquare-environment: Production"),
        ANSWERED(
            "X-Shopify-Storefront-Access-Token: ⟦hex32⟧\nX-Shopify-Stage: production\nX-Sorting-Hat-ShopId: 12345"
        ),
        URL("https://pay.example/checkout?merchant=acme&amount=1250&currency=EUR&signature=⟦hex64⟧&lang=de"),
        URL("https://pay.example/return?session_id=⟦cs_live_|an58⟧&status=complete"),
        MESSAGE("Card ⟦cardnumber⟧ was declined (code «05»)"),
        MESSAGE("IBAN ⟦ibangroups⟧ is not valid for country «DE»"),
        MESSAGE("CVC «check» does not match"),
        MESSAGE("Signature verification failed. Computed: ⟦hex64⟧, received: ⟦hex64⟧"),
        MESSAGE("Coupon code «SPRING25» has expired"),
        LOG("charge card=⟦cardnumber⟧ exp=«12/27» cvv=⟦d3⟧ amount=«12.50» currency=«EUR» result=«declined»"),
        LOG("«2025-05-01» gateway request: MERCHANT_ID=«acme» PASSWORD=⟦pw⟧ TRXTYPE=«S» AMT=«12.50»"),
        LOG("order «17» paid with voucher «WELCOME10», tracking code «DE123456789», invoice key «2025-17»"),
        COOKIE("cart_sig=⟦hex32⟧; checkout=⟦hex32⟧; customer_group=b2b; currency=EUR"),
        SQL("INSERT INTO cards (holder, pan, cvv, exp) VALUES ('«Maria»', '⟦cardnumber⟧', '⟦d3⟧', '«12/27»');"),
        PRINTED("Payment(card=CardData(number=⟦cardnumber⟧, cvc=⟦d3⟧, expiry=«12/27»), amount=«12.50»)"),
        HTML("<tr><td>IBAN</td><td>⟦ibangroups⟧</td></tr><tr><td>BIC</td><td>COBADEFFXXX</td></tr>"),
        HTML(
            '<input name="cardnumber" value="⟦cardnumber⟧"/><input name="cvc" value="⟦d3⟧"/><input name="holder" value="Maria"/>'
        ),
    ),
}
