"""Databases, servers and web frameworks: their errors, dumps and logs."""

from tests.masking.services.shapes import (
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
    PRINTED,
    SET_COOKIE,
    SQL,
    STACK,
    URL,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "MySQL": (
        MESSAGE("(1062, \"Duplicate entry '⟦an32⟧' for key 'users.api_token'¦\")"),
        MESSAGE(
            "You have an error in your SQL syntax near 'WHERE id = «17»' at line «1»: UPDATE users SET passwd = '⟦pw⟧', city = '«Bonn»' WHERE id = «17»"
        ),
        SQL("CREATE USER 'app'@'%' IDENTIFIED BY '⟦pw⟧' PASSWORD EXPIRE INTERVAL «90» DAY"),
        SQL(
            "INSERT INTO `users` (`id`, `name`, `password`, `city`, `token_count`) VALUES («17», '«jo»', '⟦pw⟧', '«Bonn»', «3»)"
        ),
        COMMAND("mysqldump --host=«db.example» --user=«app» --password=⟦pw⟧ --single-transaction «orders»"),
        INI(
            "[client]\nuser=app\npassword=⟦pw⟧\nhost=db.example\nport=3306\n\n[mysqld]\nmax_connections=151\ndefault_password_lifetime=90\n"
        ),
        LOG(
            "# Time: «2025-06-01T10:00:00.000000Z»\n# Query_time: «12.5»  Lock_time: «0.000120» Rows_sent: «1»\nSET timestamp=«1764000000»;\nSELECT id FROM users WHERE reset_token = '⟦an40⟧' AND active = «1»;"
        ),
    ),
    "Redis": (
        MESSAGE("WRONGPASS «invalid username-password pair or user is disabled.»"),
        CALL_ERROR(
            "redis.exceptions.ConnectionError: Error «111» connecting to rediss://default:⟦pw⟧@cache.example:6380/«0»"
        ),
        COMMAND("redis-cli -h «cache.example» -p «6379» -a ⟦pw⟧ --no-auth-warning «ping»"),
        INI("maxmemory 256mb\nrequirepass ⟦pw⟧\nmasterauth ⟦pw⟧\ntimeout = 300\n"),
        LOG(
            '«1764000000.123456» [«0» «127.0.0.1:50202»] "AUTH" "default" "⟦pw⟧"\n«1764000000.123457» [«0» «127.0.0.1:50202»] "GET" "«cart:17»"'
        ),
    ),
    "SQL Server": (
        MESSAGE(
            "Login failed for user '«app»'. Reason: «Password did not match that for the login provided.» [CLIENT: «10.0.0.7»]"
        ),
        SQL("CREATE LOGIN app WITH PASSWORD = N'⟦pw⟧', DEFAULT_DATABASE = «orders», CHECK_POLICY = «ON»"),
        CALL_ERROR(
            "cannot open Server=tcp:«db.example»,«1433»;Initial Catalog=«orders»;User ID=«app»;Password=⟦pw⟧;Encrypt=«True»;Connection Timeout=«30»;"
        ),
        SQL(
            "EXEC sp_addlinkedsrvlogin @rmtsrvname = N'«db-2»', @rmtuser = N'«app»', @rmtpassword = N'⟦pw⟧', @useself = N'«False»'"
        ),
    ),
    "Elasticsearch": (
        JSON(
            r"""{"id":"VuaCfGcBCdbkQm-e5aOx","name":"my-api-key","expiration":1544068612110,"api_key":"⟦url22⟧","encoded":"⟦base60⟧"}"""
        ),
        JSON(r"""{"tokens":[{"token":"quick","start_offset":4,"end_offset":9,"type":"<ALPHANUM>","position":1}]}"""),
        HEADERS("Authorization: ApiKey ⟦base60⟧\nX-Opaque-Id: 123456\nContent-Type: application/json"),
        JSON(
            r"""{"error":{"root_cause":[{"type":"security_exception","reason":"unable to authenticate user [app] for REST request [/_search]","header":{"WWW-Authenticate":"ApiKey"}}],"type":"security_exception"},"status":401}"""
        ),
        YAML(
            "cluster.name: shop\nnetwork.host: 0.0.0.0\nxpack.security.enabled: true\nxpack.security.http.ssl.keystore.secure_password: ⟦pw⟧\nhttp.port: 9200\n"
        ),
    ),
    "Laravel": (
        JSON(
            r"""{"message":"The password field must be at least 12 characters.","errors":{"password":["The password field must be at least 12 characters."],"email":["The email has already been taken."]}}"""
        ),
        COOKIE("XSRF-TOKEN=⟦eyJpdiI6|an200⟧; laravel_session=⟦eyJpdiI6|an200⟧; locale=de; dark_mode=1"),
        HTML(
            '<meta name="csrf-token" content="⟦an40⟧"><form method="POST" action="https://shop.example/login"><input type="hidden" name="_token" value="⟦an40⟧" autocomplete="off"><input type="email" name="email" value="jo@acme.example"><label>Remember me</label></form>'
        ),
        ENV(
            "APP_NAME=Shop\nAPP_ENV=production\nAPP_KEY=base64:⟦base43+=⟧\nAPP_DEBUG=false\nDB_CONNECTION=mysql\nDB_PORT=3306\nDB_PASSWORD=⟦pw⟧\nMAIL_PASSWORD=⟦pw⟧\nMAIL_ENCRYPTION=tls\nSESSION_LIFETIME=120\nPUSHER_APP_SECRET=⟦hex20⟧\n"
        ),
        STACK(
            "#0 «/var/www/vendor/laravel/framework/src/Illuminate/Auth/Middleware/Authenticate.php(88)»: Illuminate\\Auth\\AuthManager->«guard»()\n#1 «/var/www/app/Http/Middleware/VerifyCsrfToken.php(17)»: handle()\n#2 «/var/www/app/Services/PasswordBroker.php(42)»: reset()"
        ),
        PRINTED('array:4 [\n  "name" => "«jo»"\n  "password" => "⟦pw⟧"\n  "remember" => «true»\n  "visits" => «3»\n]'),
        FORM("_token=⟦an40⟧&email=jo%40acme.example&password=⟦pw⟧&password_confirmation=⟦pw⟧&terms=1"),
    ),
    "FastAPI": (
        JSON(
            r"""{"detail":[{"type":"string_too_short","loc":["body","new_password"],"msg":"String should have at least 12 characters","input":"⟦pw⟧","ctx":{"min_length":12}},{"type":"int_parsing","loc":["query","page"],"msg":"Input should be a valid integer","input":"two"}]}"""
        ),
        JSON(r"""{"access_token":"⟦jwt⟧","token_type":"bearer"}"""),
        JSON(r"""{"detail":"Could not validate credentials"}"""),
        LOG('INFO:     «203.0.113.7:50202» - "«GET» /verify?token=⟦url43⟧&lang=«de» HTTP/1.1" «200» OK'),
        STACK(
            'Traceback (most recent call last):\n  File "«/app/security.py»", line «31», in «decode_token»\n    payload = jwt.decode(token, SECRET_KEY, algorithms=["HS256"])\n  File "«/usr/lib/python3.12/site-packages/jwt/api_jwt.py»", line «210», in «decode»\njwt.exceptions.ExpiredSignatureError: «Signature has expired»'
        ),
        JSON(
            r"""{"openapi":"3.1.0","components":{"schemas":{"Login":{"properties":{"password":{"type":"string","maxLength":64,"title":"Password"},"token":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["password"]}},"securitySchemes":{"OAuth2":{"type":"oauth2","flows":{"password":{"scopes":{},"tokenUrl":"token"}}}}}}"""
        ),
    ),
    "ASP.NET": (
        JSON(
            r"""{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"One or more validation errors occurred.","status":400,"errors":{"Password":["The field Password must be a string with a minimum length of 12."]},"traceId":"00-84c1fd4063c38d9f3900d06e56542d48-85d1d4-00"}"""
        ),
        JSON(
            r"""{"ConnectionStrings":{"Default":"Server=db.example;Database=orders;User Id=app;Password=⟦pw⟧;"},"Jwt":{"Key":"⟦an48⟧","Issuer":"https://shop.example","ExpireMinutes":60},"Logging":{"LogLevel":{"Default":"Information"}},"AllowedHosts":"*"}"""
        ),
        COOKIE(".AspNetCore.Identity.Application=⟦CfDJ8|url200⟧; .AspNetCore.Culture=c%3Dde; .AspNet.Consent=yes"),
        HTML(
            '<form method="post"><input class="form-control" type="password" id="Input_Password" name="Input.Password" value="⟦pw⟧" /><input name="__RequestVerificationToken" type="hidden" value="⟦CfDJ8|url150⟧" /><span class="text-danger">Invalid login attempt.</span></form>'
        ),
        STACK(
            "Microsoft.IdentityModel.Tokens.SecurityTokenExpiredException: «IDX10223: Lifetime validation failed. The token is expired.»\n   at Microsoft.IdentityModel.Tokens.ValidatorUtilities.ValidateLifetime(«Nullable`1 notBefore»)\n   at Shop.Auth.TokenValidator.Validate(«String token») in «/src/Auth/TokenValidator.cs:line 57»"
        ),
        PRINTED("LoginModel { UserName = «jo», Password = ⟦pw⟧, RememberMe = «True» }"),
    ),
    "Gin and gRPC": (
        MESSAGE(
            "rpc error: code = «Unauthenticated» desc = «invalid token» for metadata map[authorization:[Bearer ⟦an40⟧] user-agent:[«grpc-go/1.60»]]"
        ),
        JSON(
            r"""{"level":"error","ts":1764000000.123,"caller":"auth/token.go:108","msg":"token rejected","user":"jo","password":"⟦pw⟧","attempt":3,"stacktrace":"main.main\n\t/app/main.go:12"}"""
        ),
        STACK(
            "goroutine 17 [running]:\nruntime/debug.Stack()\n\t«/usr/local/go/src/runtime/debug/stack.go:24» +«0x5e»\nshop/auth.(*Password).Verify(«0xc0000b2000»)\n\t«/app/auth/password.go:61» +«0x1d4»\nshop/session.New()\n\t«/app/session/session.go:19» +«0x33»"
        ),
        PRINTED("&{Method:«POST» Header:map[Accept:[«*/*»] X-Api-Key:[⟦an32⟧]] ContentLength:«17» Host:«api.example»}"),
        PRINTED('config.DB{Host:"«db.example»", Port:«5432», Password:"⟦pw⟧", MaxConns:«10», SSLMode:"«disable»"}'),
        LOG(
            '[GIN] «2025/06/01 - 10:00:00» | «401» | «1.2ms» | «203.0.113.7» | «GET» "/v1/items?api_key=⟦an32⟧&page=«2»"'
        ),
    ),
    "WordPress": (
        COOKIE(
            "wordpress_logged_in_abc=⟦jo%7C1764000000%7C|an43+%7C+hex64⟧; wp-settings-time-1=1764000000; wp_lang=de_DE; wordpress_test_cookie=WP+Cookie+check"
        ),
        FORM("log=jo&pwd=⟦pw⟧&rememberme=forever&wp-submit=Log+In&redirect_to=%2Fwp-admin%2F&testcookie=1"),
        PRINTED(
            "define( 'DB_NAME', '«shop»' );\ndefine( 'DB_PASSWORD', '⟦pw⟧' );\ndefine( 'AUTH_KEY', '⟦an64⟧' );\ndefine( 'WP_DEBUG', «false» );\ndefine( 'DB_CHARSET', '«utf8mb4»' );"
        ),
        HTML(
            '<form name="loginform" id="loginform" action="https://shop.example/wp-login.php" method="post"><label for="user_pass">Password</label><input type="hidden" id="_wpnonce" name="_wpnonce" value="⟦hex10⟧" /><input type="hidden" name="testcookie" value="1" /></form>'
        ),
        XML(
            r"""<?xml version="1.0"?><methodCall><methodName>wp.getPosts</methodName><params><param><value><struct><member><name>password</name><value><string>⟦pw⟧</string></value></member><member><name>number</name><value><int>10</int></value></member></struct></value></param></params></methodCall>"""
        ),
        URL("https://shop.example/wp-login.php?action=rp&key=⟦an20⟧&login=jo&wp_lang=de_DE"),
    ),
    "curl and OkHttp": (
        LOG(
            "> GET /v1/items?page=«2» HTTP/1.1\n> Host: «api.example»\n> Authorization: Bearer ⟦an40⟧\n> X-Auth-Token: ⟦an32⟧\n> Accept: «*/*»\n< HTTP/1.1 «401» Unauthorized\n< Content-Type: «application/json»\n< Set-Cookie: sid=⟦an32⟧; Path=/"
        ),
        COMMAND(
            "curl -X POST «https://api.example/login» -H 'X-Api-Key: ⟦an32⟧' -d 'user=«jo»&password=⟦pw⟧' --compressed --retry «3»"
        ),
        COMMAND("curl -b 'session=⟦an32⟧; theme=«dark»' -u jo:⟦pw⟧ «https://api.example/me» -o «out.json»"),
        LOG(
            '--> POST https://api.example/login?page=«2» (41-byte body)\nContent-Type: «application/json»\nX-Api-Key: ⟦an32⟧\n\n{"user":"«jo»","password":"⟦pw⟧"}\n--> END POST\n<-- «200» OK («154ms»)'
        ),
        STACK(
            "java.net.SocketTimeoutException: «timeout»\n\tat okhttp3.internal.http2.Http2Stream$StreamTimeout.newTimeoutException(«Http2Stream.kt:675»)\n\tat com.acme.auth.TokenInterceptor.intercept(«TokenInterceptor.kt:31»)\n\tat com.acme.auth.ApiKeyProvider.get(«ApiKeyProvider.java:12»)"
        ),
    ),
    "axios and undici": (
        PRINTED(
            "AxiosError {\n  code: '«ERR_BAD_REQUEST»',\n  config: {\n    timeout: «0»,\n    xsrfCookieName: '«XSRF-TOKEN»',\n    headers: {\n      Accept: '«application/json»',\n      Authorization: 'Bearer ⟦an40⟧',\n      'X-Api-Key': '⟦an32⟧'\n    },\n    method: '«post»',\n    data: '{\"user\":\"«jo»\",\"password\":\"⟦pw⟧\"}'\n  },\n  status: «401»\n}"
        ),
        PRINTED("rawHeaders: [\n  'Host', '«api.example»',\n  'X-Auth-Token', '⟦an32⟧',\n  'Accept', '«*/*»'\n]"),
        MESSAGE('TypeError: Invalid character in header content ["X-Api-Key"]: ⟦an32⟧'),
        SET_COOKIE("__Host-next-auth.csrf-token=⟦hex64⟧; Path=/; HttpOnly; Secure; SameSite=Lax"),
        COOKIE(
            "__Secure-next-auth.session-token=⟦eyJhbGciOiJkaXIi|url200⟧; NEXT_LOCALE=de; sidebar=collapsed; consent=all"
        ),
        JSON(
            r"""{"method":"POST","credentials":"include","mode":"cors","cache":"no-cache","headers":{"X-CSRF-Token":"⟦an40⟧","accept":"*/*"},"redirect":"follow"}"""
        ),
    ),
    "Java's servers": (
        LOG(
            '«2025-06-01 10:00:00.000» «DEBUG» [«http-nio-8080-exec-1»] o.s.web.client.RestTemplate - Writing [LoginRequest(username=«jo», password=⟦pw⟧, remember=«true»)] as "«application/json»"'
        ),
        PRINTED("{username=«jo», password=⟦pw⟧, attempts=«3», roles=[«USER», «ADMIN»], apiToken=⟦an40⟧}"),
        PRINTED("Credentials[user=«jo», secret=⟦pw⟧, expires=«2025-01-01»]"),
        XML(
            r"""<tomcat-users xmlns="http://tomcat.apache.org/xml"><role rolename="manager-gui"/><user username="tomcat" password="⟦pw⟧" roles="manager-gui"/></tomcat-users>"""
        ),
        XML(
            r"""<settings><servers><server><id>central</id><username>deploy</username><password>⟦pw⟧</password></server></servers><profiles><profile><id>release</id><properties><gpg.passphrase>⟦pw⟧</gpg.passphrase><skipTests>true</skipTests></properties></profile></profiles></settings>"""
        ),
        STACK(
            "org.hibernate.exception.ConstraintViolationException: «could not execute statement»\n\tat com.acme.PasswordResetService.reset(«PasswordResetService.java:88»)\nCaused by: org.postgresql.util.PSQLException: ERROR: duplicate key value\n  Detail: Key (reset_token)=(⟦an40⟧) already exists."
        ),
        SET_COOKIE("JSESSIONID=⟦uphex32⟧; Path=/shop; HttpOnly"),
        MESSAGE(
            "Field error in object 'account' on field 'newPassword': rejected value [⟦pw⟧]; codes [«Pattern.account.newPassword»,«Pattern»]; default message [«must match»]"
        ),
    ),
}
