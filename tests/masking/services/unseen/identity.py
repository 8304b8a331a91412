"""Who may sign in: identity providers and protocols."""

from tests.masking.services.shapes import (
    COMMAND,
    COOKIE,
    ENV,
    FORM,
    HEADERS,
    HTML,
    JSON,
    LOG,
    MESSAGE,
    MULTIPART,
    PRINTED,
    STACK,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "Ory": (
        JSON(
            r"""{"session_token":"⟦ory_st_|an32⟧","session":{"id":"«~uuid»","active":true,"expires_at":"2025-05-01T10:15:00Z","authenticator_assurance_level":"aal1","authentication_methods":[{"method":"password","aal":"aal1","completed_at":"2025-05-01T10:00:00Z"}],"identity":{"id":"«~uuid»","schema_id":"default","state":"active","traits":{"email":"jo@example.com"}}}}"""
        ),
        JSON(
            r"""{"id":"«~uuid»","type":"api","state":"choose_method","ui":{"action":"https://id.example/self-service/login?flow=7f1c","method":"POST","nodes":[{"type":"input","group":"default","attributes":{"name":"csrf_token","type":"hidden","value":"⟦base86+==⟧","required":true,"disabled":false,"node_type":"input"}},{"type":"input","group":"password","attributes":{"name":"method","type":"submit","value":"password","node_type":"input"}}],"messages":[{"id":4000006,"text":"The provided credentials are invalid, check for spelling mistakes in your password or username.","type":"error"}]}}"""
        ),
        COOKIE(
            "ory_kratos_session=⟦MTY|base160⟧; csrf_token_806060ca5bf70dff3caa0e5c860002aade9d470a5a4dce73bcfa7ba10778f481=⟦base43+=⟧; lang=en"
        ),
        FORM("grant_type=refresh_token&refresh_token=⟦ory_rt_|url43+.+url43⟧&client_id=9b5f&scope=offline+openid"),
        YAML(
            "dsn: postgres://kratos:⟦pw⟧@db:5432/kratos?sslmode=disable\nsecrets:\n  cookie:\n    - ⟦an32⟧\n  cipher:\n    - ⟦an32⟧\nhashers:\n  algorithm: bcrypt\n  bcrypt:\n    cost: 12\nlog:\n  level: info\n  leak_sensitive_values: false\n"
        ),
        LOG(
            "time=«2025-05-01T10:15:00Z» level=«info» msg=«started handling request» http_request=map[headers:map[accept:«*/*» x-session-token:⟦ory_st_|an32⟧] host:«id.example» method:«GET» path:«/sessions/whoami» query:<nil> remote:«10.0.0.7:51515»]"
        ),
    ),
    "Authentik": (
        ENV(
            "AUTHENTIK_SECRET_KEY=⟦base60⟧\nAUTHENTIK_POSTGRESQL__PASSWORD=⟦pw⟧\nAUTHENTIK_POSTGRESQL__HOST=db\nAUTHENTIK_EMAIL__USE_TLS=true\nAUTHENTIK_BOOTSTRAP_TOKEN=⟦an60⟧\nAUTHENTIK_LOG_LEVEL=info\n"
        ),
        COOKIE("authentik_csrf=⟦an32⟧; authentik_session=⟦jwt⟧; pref_locale=de"),
        JSON(
            r"""{"type":"native","flow_info":{"title":"Welcome to authentik!","background":"/static/dist/assets/images/flow_background.jpg","cancel_url":"/flows/-/cancel/","layout":"stacked"},"component":"ak-stage-password","response_errors":{"password":[{"string":"Failed to authenticate.","code":"invalid"}]},"pending_user":"jo","recovery_url":"/if/flow/recovery/"}"""
        ),
        JSON(r"""{"component":"ak-stage-password","password":"⟦pw⟧"}"""),
        LOG(
            '{"auth_via": "«unauthenticated»", "domain_url": "«sso.example»", "event": "«/api/v3/flows/executor/default-authentication-flow/?query=next%3D%252F»", "host": "«sso.example»", "level": "«info»", "logger": "«authentik.asgi»", "method": "«POST»", "pid": «38», "request_id": "«~hex32»", "runtime": «57», "status": «200», "timestamp": "«2025-05-01T10:15:00.123456»"}'
        ),
    ),
    "Zitadel": (
        JSON(
            r"""{"type":"serviceaccount","keyId":"100509901696068329","key":"-----BEGIN RSA PRIVATE KEY-----\n⟦base64⟧\n⟦base64⟧\n-----END RSA PRIVATE KEY-----\n","userId":"100507859606888466"}"""
        ),
        JSON(
            r"""{"details":{"sequence":"2","changeDate":"2025-05-01T10:15:00.000Z","resourceOwner":"69629023906488334"},"sessionId":"†222430354126975533","sessionToken":"⟦url90⟧"}"""
        ),
        JSON(
            r"""{"userId":"163840776835432345","verificationCode":"⟦uan6⟧","newPassword":{"password":"⟦pw⟧","changeRequired":true}}"""
        ),
        JSON(
            r"""{"code":16,"message":"Errors.Token.Invalid (AUTH-7fs1e)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"AUTH-7fs1e","message":"Errors.Token.Invalid"}]}"""
        ),
        HTML(
            '<form action="/ui/login/password/reset" method="POST"><input type="hidden" name="gorilla.csrf.Token" value="⟦base86+==⟧" /><input type="hidden" name="authRequestID" value="222430354126975533" /><input type="hidden" name="userID" value="163840776835432345" /><input type="text" name="code" value="⟦uan6⟧" autocomplete="off" /><input type="password" name="password" autocomplete="new-password" /><p class="lgn-error-message">Code is invalid</p></form>'
        ),
    ),
    "ADFS and WS-Federation": (
        XML(
            r"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><a:Action>http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue</a:Action><o:Security><o:UsernameToken u:Id="uuid-6a13a244"><o:Username>jo@acme.example</o:Username><o:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText">⟦pw⟧</o:Password></o:UsernameToken></o:Security></s:Header><s:Body><t:RequestSecurityToken><t:KeyType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer</t:KeyType><t:TokenType>urn:oasis:names:tc:SAML:2.0:assertion</t:TokenType></t:RequestSecurityToken></s:Body></s:Envelope>"""
        ),
        XML(
            r"""<EntityDescriptor ID="_5f1c2a30" entityID="http://adfs.acme.example/adfs/services/trust" xmlns="urn:oasis:names:tc:SAML:2.0:metadata"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo><X509Data><X509Certificate>MIIC3jCCAcagAwIBAgIQFdHC</X509Certificate></X509Data></KeyInfo></KeyDescriptor><NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://adfs.acme.example/adfs/ls/"/></IDPSSODescriptor></EntityDescriptor>"""
        ),
        FORM("UserName=acme%5Cjo&Password=⟦pw⟧&Kmsi=true&AuthMethod=FormsAuthentication"),
        HTML(
            '<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="https://shop.example/saml/acs"><input type="hidden" name="SAMLResponse" value="⟦base400⟧" /><input type="hidden" name="RelayState" value="/orders/17" /><noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit" /></noscript></form></body></html>'
        ),
        COOKIE(
            "MSISAuth=⟦AAEAAM|base200⟧; MSISAuthenticated=NS8xLzIwMjUgMTA6MTU6MDA=; MSISLoopDetectionCookie=MjAyNS0wNS0wMTox; SamlSession=⟦base120⟧"
        ),
        HTML(
            '<form id="loginForm" method="post" action="/adfs/ls/?client-request-id=7f1c2a30-0000-4000-0000-0080000000ff"><span id="errorText">Incorrect user ID or password. Type the correct user ID and password, and try again.</span><input id="userNameInput" name="UserName" type="email" value="jo@acme.example" spellcheck="false"/><input id="passwordInput" name="Password" type="password" value="⟦pw⟧"/><input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication"/></form>'
        ),
    ),
    "LDAP and Kerberos": (
        COMMAND(
            'ldapsearch -x -H «ldaps://ldap.acme.example:636» -D "«cn=reader,dc=acme,dc=example»" -w ⟦pw⟧ -b "«ou=people,dc=acme,dc=example»" "«(uid=jo)»" «mail»'
        ),
        STACK(
            "javax.naming.AuthenticationException: [LDAP: error code «49» - «80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563»]\n\tat java.naming/com.sun.jndi.ldap.LdapCtx.mapErrorCode(«LdapCtx.java:3282»)\n\tat java.naming/com.sun.jndi.ldap.LdapCtx.connect(«LdapCtx.java:2897»)\nEnvironment: {java.naming.security.principal=«cn=reader,dc=acme,dc=example», java.naming.security.credentials=⟦pw⟧, java.naming.provider.url=«ldaps://ldap.acme.example:636»}"
        ),
        PRINTED(
            "SearchResultEntry(dn='«uid=jo,ou=people,dc=acme,dc=example»', attributes={'uid': ['«jo»'], 'cn': ['«Jo Meier»'], 'userPassword': ['⟦{SSHA}|base32⟧'], 'pwdChangedTime': ['«20250501101500Z»'], 'sambaNTPassword': ['⟦uphex32⟧'], 'loginShell': ['«/bin/bash»']})"
        ),
        HEADERS("Authorization: Negotiate ⟦YII|base300⟧\nX-Request-Id: 7f1c2a30bb5d\nAccept: */*"),
        YAML(
            "dn: uid=jo,ou=people,dc=acme,dc=example\nobjectClass: inetOrgPerson\nuid: jo\nmail: jo@acme.example\nuserPassword: ⟦{SSHA}|base32⟧\nloginShell: /bin/bash\n"
        ),
        MESSAGE(
            "kinit: «Preauthentication failed while getting initial credentials» for «jo@ACME.EXAMPLE», etype «18», kvno «3»"
        ),
    ),
    "Duo and Authelia": (
        FORM("factor=push&device=auto&username=jo&type=login&async=1&ipaddr=203.0.113.7"),
        FORM("factor=passcode&username=jo&passcode=⟦d6⟧&ipaddr=203.0.113.7"),
        JSON(
            r"""{"response":{"activation_barcode":"https://api-eval.duosecurity.com/frame/qr?value=⟦duo://|an20+-+an24⟧","activation_code":"⟦duo://|an20+-+an24⟧","expiration":1357020061,"user_id":"DU94SWSN4ADHHJHF2HXT","username":"49c6c3097adb386048c84354d82ea63d"},"stat":"OK"}"""
        ),
        YAML(
            "session:\n  secret: '⟦an64⟧'\n  expiration: 1h\n  inactivity: 5m\n  redis:\n    host: redis\n    password: '⟦pw⟧'\nidentity_validation:\n  reset_password:\n    jwt_secret: '⟦an64⟧'\n    jwt_lifespan: 5 minutes\ntotp:\n  issuer: authelia.example\n  period: 30\nstorage:\n  encryption_key: '⟦an64⟧'\n"
        ),
        COOKIE("authelia_session=⟦an32⟧; theme=dark; lng=en-US"),
        ENV(
            "DUO_IKEY=DIXXXXXXXXXXXXXXXXXX\nDUO_SKEY=⟦an40⟧\nDUO_API_HOST=api-eval.duosecurity.com\nDUO_FAILMODE=secure\n"
        ),
    ),
    "Sign in with Apple and Google One Tap": (
        FORM(
            "client_id=com.acme.shop&client_secret=⟦jwt⟧&code=⟦c+hex32+.0.m+uan4+.+url22⟧&grant_type=authorization_code&redirect_uri=https%3A%2F%2Facme.example%2Fcb"
        ),
        FORM("credential=⟦jwt⟧&g_csrf_token=⟦hex16⟧&select_by=btn"),
        JSON(
            r"""{"access_token":"⟦a+hex32+.0.m+uan4+.+url22⟧","token_type":"Bearer","expires_in":3600,"refresh_token":"⟦r+hex32+.0.m+uan4+.+url22⟧","id_token":"⟦jwt⟧"}"""
        ),
        JSON(
            r"""{"keys":[{"kty":"RSA","kid":"fh6Bs8C","use":"sig","alg":"RS256","n":"u704gotMSZc6CSSVNCZ1d0S9dZKwO2BVzfdTKYz8wSNm7R_KIufOQf3ru7Pph1FjW6gQ8zgvhnv4IebkGWsZJlodduTC7c0sRb5PZpEyM6PtO8FPHowaracJJsK1f6_rSLstLdWbSDXeSq7vBvDu3Q31RaoV_0YlEzQwPsbCvD45oVy5Vo5oBePUm4cqi6T3cZ-10gr9QJCVwvx7KiQsttp0kUkHM94PlxbG_HAWlEZjvAlxfEDc","e":"AQAB"}]}"""
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="code"\r\n\r\n⟦c+hex32+.0.m+uan4+.+url22⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="id_token"\r\n\r\n⟦jwt⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="user"; filename="«user.json»"\r\nContent-Type: application/json\r\n\r\n{"name":{"firstName":"«Jo»","lastName":"«Meier»"},"email":"«jo@privaterelay.example»"}\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="response_mode"\r\n\r\n«form_post»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
}
