"""Lines of logs as loggers, proxies, frameworks and daemons write them."""

from tests.masking.services.shapes import INI, LOG, MESSAGE, PRINTED, STACK

SERVICES = {
    "Structured loggers": (
        LOG(
            'time=«2025-05-01T10:15:00Z» level=«info» msg="«login ok»" user=«maria» password=⟦pw⟧ took=«12ms» status=«200»'
        ),
        LOG('level=debug ts=«1746094500.123» caller=«auth.go:41» msg="«refreshing»" refresh_token=⟦url40⟧ attempt=«2»'),
        LOG(
            'ts=«2025-05-01T10:15:00.123Z» level=«warn» component=«mailer» smtp_pass="⟦pw⟧" host=«smtp.example» port=«587»'
        ),
        LOG("«2025-05-01T10:15:00.123Z» [«info»] «connected» api_key='⟦an32⟧' region=«eu-west-1» retries=«3»"),
        LOG(
            '{"level":"«info»","time":«1746094500123»,"pid":«7»,"hostname":"«web-1»","req":{"headers":{"authorization":"Bearer ⟦jwt⟧","user-agent":"«curl/8.5.0»"}},"msg":"«request»"}'
        ),
        LOG('{"severity":"«INFO»","message":"Calling partner with api key ⟦an32⟧ (timeout «30s»)"}'),
        LOG(
            "«2025-05-01 10:15:00,123» - «worker» - «INFO» - config: {'db_user': '«app»', 'db_password': '⟦pw⟧', 'pool': «5»}"
        ),
        LOG(
            "«2025-05-01 10:15:00.123» | «DEBUG»    | «app.auth:login:41» - payload={'username': '«maria»', 'password': '⟦pw⟧'}"
        ),
        LOG(
            "«10:15:00.123» «DEBUG» [«http-nio-8080-exec-1»] «c.a.AuthController» : Login attempt user=«maria», password=⟦pw⟧, remember=«true»"
        ),
        LOG(
            "«2025-05-01T10:15:00.123Z»  «INFO» «7» --- [«main»] «o.s.b.w.e.tomcat.TomcatWebServer» : Tomcat started on port(s): «8080» (http) with context path '«/shop»'"
        ),
        LOG(
            "«2025-05-01 10:15:00» «INFO» [traceId=«~hex32», spanId=«~hex16», sessionToken=⟦an40⟧] «OrderService» - «created order 17»"
        ),
        LOG(
            '[«2025-05-01 10:15:00»] «local.ERROR»: «Login failed» {"email":"«maria@example.com»","password":"⟦pw⟧","exception":"[object] (App\\\\Exceptions\\\\«LoginFailed»(code: «0»))"}'
        ),
        LOG(
            'I, [«2025-05-01T10:15:00.123456» #«7»]  INFO -- : [«~uuid»] Parameters: {"user"=>{"email"=>"«maria@example.com»", "password"=>"⟦pw⟧"}, "commit"=>"«Log in»"}'
        ),
        LOG('  Parameters: {"authenticity_token"=>"⟦base86+==⟧", "page"=>"«2»", "reset_password_token"=>"⟦url20⟧"}'),
        LOG(
            'Started POST "«/users/sign_in»" for «203.0.113.7» at «2025-05-01 10:15:00 +0000»\nProcessing by «SessionsController#create» as «HTML»\nCompleted «422» «Unprocessable Content» in «12ms» (Views: «3.1ms» | ActiveRecord: «1.2ms»)'
        ),
        LOG(
            '10:15:00.123 [info] POST «/session» params=%{"email" => "«maria@example.com»", "password" => "⟦pw⟧"} duration=«12ms»'
        ),
        LOG('[debug] Parameters: %{"user" => %{"name" => "«maria»", "otp" => "⟦d6⟧"}}'),
        LOG(
            "«2025/05/01 10:15:00» «main.go:17»: cfg = {Host:«db.example» Port:«5432» User:«app» Password:⟦pw⟧ SSLMode:«require»}"
        ),
        LOG('«2025/05/01 10:15:00» cfg=&config.DB{Host:"«db.example»", Port:«5432», Password:"⟦pw⟧", MaxOpen:«10»}'),
        LOG(
            '[«2025-05-01T10:15:00Z» «DEBUG» «shop::db»] Config { host: "«db.example»", port: «5432», password: "⟦pw⟧", tls: «true» }'
        ),
        LOG('[«2025-05-01T10:15:00Z» «DEBUG» «shop::api»] ApiKey("⟦an32⟧") accepted, quota = «100»'),
        LOG(
            "info: «Acme.Auth.LoginService»[«0»]\n      Authenticating «maria» with password ⟦pw⟧ against «ldap.example»"
        ),
        LOG(
            "dbug: «Microsoft.AspNetCore.Hosting.Diagnostics»[«1»]\n      Request starting HTTP/1.1 GET http://shop.example/reset?token=⟦url40⟧&lang=«de» - «0»"
        ),
    ),
    "Access logs": (
        LOG(
            '«203.0.113.7» - «maria» [«01/May/2025:10:15:00 +0000»] "GET /api/orders?api_key=⟦an32⟧&page=«2» HTTP/1.1" «200» «1234» "«https://www.example/»" "«Mozilla/5.0 (X11; Linux x86_64)»"'
        ),
        LOG(
            '«203.0.113.7» - - [«01/May/2025:10:15:00 +0000»] "GET /callback?code=⟦url40⟧&state=«home» HTTP/2.0" «302» «0» "-" "«curl/8.5.0»" «0.012»'
        ),
        LOG(
            '«203.0.113.7» - - [«01/May/2025:10:15:00 +0000»] "GET «/style.css?v=1.4.2» HTTP/1.1" «304» «0» "https://shop.example/reset?token=⟦hex40⟧" "«Mozilla/5.0»"'
        ),
        LOG(
            '«2025/05/01 10:15:00» [error] «7#7»: *«17» upstream timed out («110: Connection timed out») while reading response header from upstream, client: «203.0.113.7», server: «shop.example», request: "GET /v1/pay?access_token=⟦url43⟧ HTTP/1.1", upstream: "«http://10.0.0.7:8080/v1/pay»", host: "«shop.example»"'
        ),
        LOG(
            '«[2025-05-01T10:15:00.123Z]» "POST /login?session_token=⟦an32⟧ HTTP/1.1" «200» - «34» «512» «12» «11» "«203.0.113.7»" "«~uuid»" "«shop.example»" "«10.0.0.7:8080»"'
        ),
        LOG(
            '«https» «2025-05-01T10:15:00.123456Z» «app/shop/50dc6c495c0c9188» «203.0.113.7:2817» «10.0.0.7:80» «0.001» «0.048» «0.001» «200» «200» «34» «366» "GET https://shop.example:443/hook?secret=⟦an24⟧ HTTP/2.0" "«curl/8.5.0»" «ECDHE-RSA-AES128-GCM-SHA256» «TLSv1.2»'
        ),
        LOG(
            'haproxy[«7»]: «203.0.113.7:51234» [«01/May/2025:10:15:00.123»] «fe» «be/web1» «0/0/1/12/13» «200» «512» - - ---- «1/1/0/0/0» «0/0» {«shop.example»} "GET «/» HTTP/1.1"'
        ),
        LOG('"«GET» https://maria:⟦pw⟧@shop.example/private HTTP/1.1" «401» «21»ms'),
        LOG('INFO:     «203.0.113.7:51234» - "GET /ws?token=⟦jwt⟧ HTTP/1.1" «101»'),
        LOG(
            '127.0.0.1 - - [«01/May/2025 10:15:00»] "GET /verify?code=⟦d6⟧&email=«maria%40example.com» HTTP/1.1" «200» -'
        ),
    ),
    "Wire logs": (
        LOG(
            "> POST «/oauth/token» HTTP/1.1\n> Host: «id.example»\n> Authorization: Basic ⟦base43+=⟧\n> User-Agent: «curl/8.5.0»\n> Content-Length: «29»\n>\n< HTTP/1.1 «401» «Unauthorized»\n< Content-Type: «application/json»"
        ),
        LOG(
            "«2025-05-01 10:15:00,123» «DEBUG» «org.apache.http.headers» - http-outgoing-«0» >> X-Api-Key: ⟦an32⟧\n«2025-05-01 10:15:00,123» DEBUG org.apache.http.headers - http-outgoing-0 >> Connection: «Keep-Alive»"
        ),
        LOG(
            '«2025-05-01 10:15:00,123» DEBUG org.apache.http.wire - http-outgoing-0 >> "Authorization: Bearer ⟦url40⟧[\\r][\\n]"'
        ),
        LOG(
            'D/OkHttp: --> POST «https://api.example/v1/login» («48-byte body»)\nD/OkHttp: Cookie: sid=⟦an26⟧\nD/OkHttp: {"user":"«maria»","password":"⟦pw⟧"}\nD/OkHttp: --> END POST («48-byte body»)'
        ),
        LOG(
            "send: b'GET «/v1/me» HTTP/1.1\\r\\nHost: «api.example»\\r\\nX-Auth-Token: ⟦hex32⟧\\r\\nAccept: «*/*»\\r\\n\\r\\n'\nreply: '«HTTP/1.1 200 OK»\\r\\n'\nheader: Content-Type: «application/json»"
        ),
        LOG('DEBUG:urllib3.connectionpool:https://api.example:443 "GET /v1/me?apikey=⟦an32⟧ HTTP/1.1" «200» «512»'),
        LOG(
            "«10:15:00» axios request -> GET «https://api.example/v1/me» headers={Accept: «application/json», Authorization: Bearer ⟦url40⟧}"
        ),
        LOG("[«2025-05-01T10:15:00Z»] OUT: token -> ⟦url40⟧ (expires in «3600» s)"),
        LOG("Using credentials «app» password: ⟦pw⟧ for «db.example»"),
        LOG("«C»: «a001» LOGIN maria ⟦pw⟧\n«S»: a001 NO «[AUTHENTICATIONFAILED] Invalid credentials»"),
        LOG("«220 smtp.example ESMTP»\nAUTH PLAIN ⟦base40⟧\n«535 5.7.8» «Error: authentication failed»"),
        LOG(
            "USER «maria»\n«331 Please specify the password.»\nPASS ⟦pw⟧\n«230 Login successful.»\nPASV\n«227 Entering Passive Mode»"
        ),
        LOG(
            '«1746094500.123456» [«0» «10.0.0.7:51234»] "AUTH" "⟦pw⟧"\n«1746094500.123457» [«0» «10.0.0.7:51234»] "HSET" "«user:17»" "password_hash" "⟦$2b$12$|an53⟧" "city" "«Bonn»"'
        ),
        LOG(
            "«2025-05-01T10:15:00Z» [«mqtt»] CONNECT clientId=«sensor-17» username=«app» password=⟦pw⟧ keepalive=«60» clean=«true»"
        ),
        LOG('[«2025-05-01T10:15:00.123Z»] «ws» <- {"op":«2»,"d":{"token":"⟦url40⟧","intents":«513»}}'),
        LOG(
            "«2025-05-01 10:15:00» gRPC metadata: authorization=[Bearer ⟦url40⟧], x-request-id=[«~uuid»], user-agent=[«grpc-go/1.64»]"
        ),
        LOG(
            "«2025-05-01 10:15:00» headers: map[Accept:[«*/*»] Authorization:[Bearer ⟦url40⟧] X-Forwarded-For:[«203.0.113.7»]]"
        ),
        LOG("Request headers: {accept=[«*/*»], x-api-key=[⟦an32⟧], content-length=[«48»]}"),
        LOG('Headers { headers: {"accept": "«*/*»", "x-api-key": "⟦an32⟧"} }'),
        LOG("[HEADERS] host: «api.example» | x-api-key: ⟦an32⟧ | accept: «*/*»"),
        LOG('Sending SMS to «+491701234567»: "Your login code is ⟦d6⟧. It is valid for «10» minutes."'),
        LOG("OTP for «maria@example.com»: ⟦d6⟧ (valid «300»s)"),
        LOG("Generated one-time password ⟦an10⟧ for user «maria»"),
        LOG("Password reset link for «maria»: https://shop.example/reset/⟦url43⟧ (expires in «60» minutes)"),
        LOG("new session id=⟦an40⟧ for user «17» from «203.0.113.7»"),
        LOG("cache HIT sessionId=⟦url32⟧ ttl=«1800»"),
    ),
    "System logs": (
        LOG(
            "«May  1 10:15:00» «web-1» sudo[«7»]:    «maria» : TTY=«pts/0» ; PWD=«/home/maria» ; USER=«root» ; COMMAND=/usr/bin/mysql -u root -p⟦pw⟧"
        ),
        LOG(
            "«May  1 10:15:00» «web-1» sshd[«7»]: Failed password for invalid user «admin» from «203.0.113.7» port «51234» ssh2"
        ),
        LOG(
            "«May  1 10:15:00» «web-1» sshd[«7»]: Accepted publickey for «maria» from «203.0.113.7» port «51234» ssh2: ED25519 SHA256:«~url43»"
        ),
        LOG('type=«EXECVE» msg=audit(«1746094500.123:17»): argc=«4» a0="«mysql»" a1="-u" a2="«root»" a3="-p⟦pw⟧"'),
        LOG(
            '«<134>1» «2025-05-01T10:15:00Z» «web-1» «app» «7» «login» [auth@32473 user="«maria»" password="⟦pw⟧" method="«form»"] «login failed»'
        ),
        LOG(
            "CEF:0|«Acme»|«Gate»|«1.0»|«100»|«login»|«5»|src=«203.0.113.7» suser=«maria» cs1Label=«realm» cs1=«prod» password=⟦pw⟧ act=«blocked»"
        ),
        LOG("LEEF:2.0|«Acme»|«Gate»|«1.0»|«login»|usrName=«maria»\ttoken=⟦an32⟧\tsev=«5»"),
        LOG('«2025-05-01T10:15:00.123Z» «~uuid» INFO {"headers":{"x-api-key":"⟦an32⟧"},"path":"«/orders»"}'),
        LOG("[«WARN»] config key «db.password» is deprecated, use «database.password» instead"),
        LOG("[«INFO»] Loaded «3» secrets from «/run/secrets» in «12» ms"),
        LOG("«2025-05-01 10:15:00» «INFO» token refresh scheduled in «3540» seconds for client «7t5u1example9p0a»"),
        LOG("«2025-05-01 10:15:00» «INFO» password policy: min length «12», expires after «90» days"),
        LOG(
            "«2025-05-01 10:15:00» «WARN» token expired at «2025-05-01T10:00:00Z» for user «maria», reason=«expired_token»"
        ),
        LOG("usage: prompt_tokens=«812» completion_tokens=«96» total_tokens=«908» model=«gpt-4o-mini» latency=«1.2s»"),
        LOG("auth.method=«password» auth.result=«ok» auth.user=«maria» session.ttl=«1800» session.count=«17»"),
        LOG("cookie consent: «accepted»; csrf check: «passed»; session: «new»"),
        LOG("key=«orders:17» hit=«true» ttl=«300» size=«1.2KB»"),
        LOG("Partition key «user-17», sort key «2025-05», consumed capacity «0.5»"),
        LOG("tokenizer: «cl100k_base», tokens: «17», truncated: «false»"),
        LOG("Pulled secret version «AWSCURRENT» of «prod/db» (rotation enabled: «true»)"),
        LOG("User «maria» changed password; «3» sessions revoked"),
    ),
    "Dumps": (
        PRINTED(
            'HikariConfig: jdbcUrl........................."«jdbc:postgresql://db.example/orders»"\nHikariConfig: maximumPoolSize................«10»\nHikariConfig: password........................"⟦pw⟧"'
        ),
        PRINTED(
            "Settings(debug=«False», database_url='postgres://app:⟦pw⟧@db.example/orders', secret_key='⟦an50⟧', workers=«4»)"
        ),
        PRINTED(
            '#<User id: «17», email: "«maria@example.com»", encrypted_password: "⟦$2a$12$|an53⟧", reset_password_token: "⟦hex40⟧", sign_in_count: «3»>'
        ),
        PRINTED("User{id=«17», name='«maria»', passwordHash='⟦$2a$10$|an53⟧', roles=[«ADMIN», «USER»]}"),
        PRINTED("UserDto(id=«17», name=«maria», apiToken=⟦an32⟧, active=«true»)"),
        PRINTED("LoginRequest[username=«maria», password=⟦pw⟧, rememberMe=«false»]"),
        PRINTED("LoginRequest { Username = «maria», Password = ⟦pw⟧, RememberMe = «False» }"),
        PRINTED(
            'array(3) {\n  ["user"]=>\n  string(5) "«maria»"\n  ["password"]=>\n  string(16) "⟦an16⟧"\n  ["page"]=>\n  int(«2»)\n}'
        ),
        PRINTED("Array\n(\n    [user] => «maria»\n    [api_key] => ⟦an32⟧\n    [page] => «2»\n)"),
        PRINTED("stdClass Object\n(\n    [token] => ⟦url40⟧\n    [expires] => «3600»\n)"),
        PRINTED('{:user "«maria»", :password "⟦pw⟧", :page «2»}'),
        PRINTED('%{user: "«maria»", password: "⟦pw⟧", page: «2»}'),
        PRINTED("Namespace(user='«maria»', password='⟦pw⟧', verbose=«True»)"),
        PRINTED("OrderedDict([('user', '«maria»'), ('api_key', '⟦an32⟧'), ('page', '«2»')])"),
        PRINTED("environ({'HOME': '«/root»', 'DB_PASSWORD': '⟦pw⟧', 'LANG': '«C.UTF-8»'})"),
        PRINTED("MultiDict([('email', '«maria@example.com»'), ('password', '⟦pw⟧')])"),
        PRINTED("<QueryDict: {'csrfmiddlewaretoken': ['⟦an64⟧'], 'page': ['«2»']}>"),
        PRINTED("Map(2) { '«user»' => '«maria»', 'password' => '⟦pw⟧' }"),
        PRINTED("Headers {\n  «accept»: '«*/*»',\n  authorization: 'Bearer ⟦url40⟧'\n}"),
        PRINTED("FormData { user: '«maria»', password: '⟦pw⟧' }"),
        PRINTED("URLSearchParams { 'page' => '«2»', 'token' => '⟦url40⟧' }"),
        PRINTED("[('user', '«maria»'), ('password', '⟦pw⟧')]"),
        PRINTED('[["user", "«maria»"], ["password", "⟦pw⟧"]]'),
        PRINTED('["HSET", "«user:17»", "password", "⟦pw⟧", "city", "«Bonn»"]'),
        PRINTED("Command: hset «user:17» api_token ⟦an32⟧ plan «pro»"),
        PRINTED("XADD «logins» * user «maria» password ⟦pw⟧"),
        INI(
            "spring.datasource.url=jdbc:postgresql://db.example/orders\nspring.datasource.password=⟦pw⟧\nspring.mail.port=587\nserver.ssl.key-store-password=⟦pw⟧\nserver.ssl.key-store=/etc/ssl/acme.p12\njwt.expiration=3600"
        ),
        INI("[client]\nuser=app\npassword=⟦pw⟧\nhost=db.example\n\n[mysqld]\nport=3306\nmax_connections=200"),
        INI("machine api.example\nlogin maria\npassword ⟦pw⟧"),
        STACK(
            'org.postgresql.util.PSQLException: FATAL: «password authentication failed for user "app"»\n\tat org.postgresql.core.v3.ConnectionFactoryImpl.doAuthentication(«ConnectionFactoryImpl.java:646»)\nCaused by: java.lang.IllegalStateException: cannot connect to jdbc:postgresql://db.example/orders?user=«app»&password=⟦pw⟧\n\t... «12 more»'
        ),
        STACK(
            'Traceback (most recent call last):\n  File "«/var/task/app.py»", line «12», in handler\n    client = Client(api_key="⟦an32⟧", timeout=«30»)\n  File "«/var/task/client.py»", line «7», in __init__\nValueError: «bad key format»'
        ),
        STACK(
            "TypeError: «Cannot read properties of undefined»\n    at login («/var/task/index.js:12:7»)\n    at process.processTicksAndRejections (node:internal/process/task_queues:«95:5») {\n  config: { auth: { username: '«app»', password: '⟦pw⟧' }, timeout: «3000» }\n}"
        ),
        MESSAGE(
            "Login failed for user '«app»'. Reason: «Password did not match that for the login provided.» [CLIENT: «10.0.0.7»]"
        ),
        MESSAGE(
            "could not connect: Server=«db.example,1433»;Database=«orders»;User Id=«app»;Password=⟦pw⟧;Encrypt=«True»"
        ),
        MESSAGE('HTTP «401» from «https://api.example/v1»: invalid api key "⟦an32⟧"'),
        MESSAGE("Incorrect API key provided: ⟦an40⟧. You can find your API key at «https://api.example/keys»."),
        MESSAGE("invalid bearer token '⟦url40⟧' for «/v1/me»"),
        MESSAGE("no user found for reset token ⟦hex40⟧"),
        MESSAGE("Session ⟦an32⟧ has expired (idle «1800» s)"),
        MESSAGE("webhook signature ⟦hex64⟧ does not match"),
        MESSAGE(
            'Unable to parse connection string "Endpoint=sb://acme.example/;SharedAccessKeyName=«Root»;SharedAccessKey=⟦base43+=⟧"'
        ),
        MESSAGE("license key ⟦uan5+-+uan5+-+uan5+-+uan5⟧ is invalid"),
    ),
}
