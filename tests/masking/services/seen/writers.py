"""What programs write about themselves: log lines of many frameworks, errors, traces, statements, pages and forms."""

from tests.masking.services.shapes import CALL_ERROR, FORM, HTML, LOG, MESSAGE, MULTIPART, PRINTED, SQL, STACK, XML

SERVICES = {
    "Loggers": (
        LOG(
            'level=«info» ts=«2025-05-01T10:15:00.123Z» caller=«auth.go:41» msg="«user logged in»" user=«maria» token=⟦an40⟧ dur=«12ms»'
        ),
        LOG(
            'time="«2025-05-01T10:15:00Z»" level=«warning» msg="login failed for «maria» with password ⟦pw⟧" attempts=«3»'
        ),
        LOG('«10:15AM» «INF» connecting addr=«db.example:5432» password="⟦pw⟧" user=«app» module=«storage»'),
        LOG(
            '2025/05/01 10:15:00 INFO «request» method=«GET» path=«/v1/me» headers.Authorization="Bearer ⟦url40⟧" status=«200»'
        ),
        LOG('t=«2025-05-01T10:15:00+0000» lvl=«eror» msg="«Invalid API key»" logger=«context» apikey=⟦an32⟧ orgId=«1»'),
        LOG(
            "«2025-05-01 10:15:00.123»  «WARN» «4711» --- [«nio-8080-exec-1»] «c.acme.AuthFilter» : Rejected token ⟦jwt⟧ of user «maria»"
        ),
        LOG(
            "«2025-05-01 10:15:00» [«main»] «DEBUG» «org.hibernate.SQL» - insert into users (email, password_hash) values (?, ?)\n«2025-05-01 10:15:00» [main] TRACE «o.h.type.descriptor.sql.BasicBinder» - binding parameter [«1»] as [«VARCHAR»] - [«maria@acme.example»]"
        ),
        LOG("«10:15:00,123» |-INFO in «ch.qos.logback.classic.AsyncAppender» - password is not set, using «default»"),
        LOG(
            "«May 01, 2025 10:15:00 AM» «com.acme.Main» main\nINFO: Starting with options [--user=«app», --password=⟦pw⟧, --port=«8080»]"
        ),
        LOG(
            "«[INFO ]» «2025-05-01 10:15:00.123» [«pool-1-thread-1»] «Client» - login(user=«maria», pass=⟦pw⟧) -> «OK»"
        ),
        LOG(
            "«DEBUG» [«2025-05-01T10:15:00»] «sqlalchemy.engine.Engine» INSERT INTO users (email, password) VALUES (%(email)s, %(password)s)\n«INFO» sqlalchemy.engine.Engine [cached since «12.3»s ago] {'email': '«maria@acme.example»', 'password': '⟦pw⟧'}"
        ),
        LOG(
            "[«2025-05-01 10:15:00,123»: «WARNING/ForkPoolWorker-1»] Task «send_mail»[«~uuid»] args=['«maria@acme.example»', '«welcome»'] kwargs={'smtp_password': '⟦pw⟧'}"
        ),
        LOG("«WARNING:root»:retrying with api_key='⟦an32⟧' timeout=«30»"),
        LOG("«2025-05-01 10:15:00.123» | «INFO»     | «shop.auth»:«login»:«41» - issued token ⟦url43⟧ for «maria»"),
        LOG(
            '{"level":«30»,"time":«1746094500123»,"pid":«7»,"hostname":"«web-1»","body":{"username":"«maria»","pwd":"⟦pw⟧"},"msg":"«incoming»"}'
        ),
        LOG(
            '«info»: Login attempt {"email":"«maria@acme.example»","password":"⟦pw⟧","service":"«auth»","timestamp":"«2025-05-01T10:15:00Z»"}'
        ),
        LOG("[«10:15:00.123»] «DEBUG» (auth/«7»): { user: '«maria»', accessToken: '⟦url40⟧', expiresIn: «3600» }"),
        LOG('I0501 10:15:00.123456       «7» «auth.go:41»] "«Authenticated»" user="«maria»" bearerToken="⟦url40⟧"'),
        LOG(
            'W0501 10:15:00.123456       «7» «reflector.go:324»] failed to list *v1.Secret: «secrets is forbidden: User "ci" cannot list resource»'
        ),
        LOG(
            'E0501 10:15:00.123456    «7» «authentication.go:73»] "Unable to authenticate the request" err="[«invalid bearer token», «token lookup failed»]"'
        ),
        LOG(
            '«2025-05-01T10:15:00.123456Z»  «INFO» «shop::auth»: issued session_token="⟦url43⟧" user_id=«17» ttl=«3600»'
        ),
        LOG(
            '[«2025-05-01T10:15:00Z» «WARN»  «actix_web::middleware»] «203.0.113.7» "POST /login?pw=⟦pw⟧ HTTP/1.1" «401» «21» "-" "«curl/8.5.0»" «0.001»'
        ),
        LOG(
            'D, [«2025-05-01T10:15:00.123» #«7»] DEBUG -- :   «User Load» («0.4ms»)  SELECT "users".* FROM "users" WHERE "users"."reset_token" = $1 LIMIT $2  [["reset_token", "⟦url20⟧"], ["LIMIT", «1»]]'
        ),
        LOG(
            "«F», [«2025-05-01T10:15:00.123»] FATAL -- : «ActionController::InvalidAuthenticityToken» («Can't verify CSRF token authenticity.»):"
        ),
        LOG(
            'Performing «UserMailer#reset» from «Sidekiq» enqueued at «2025-05-01T10:15:00Z» with arguments: #<GlobalID «gid://shop/User/17»>, {:token=>"⟦url43⟧"}'
        ),
        LOG(
            '[«2025-05-01T10:15:00.123456+00:00»] «app.WARNING»: «Bad credentials» {"username":"«maria»","password":"⟦pw⟧"} {"ip":"«203.0.113.7»"}'
        ),
        LOG(
            "[«01-May-2025 10:15:00 UTC»] PHP Warning:  mysqli_connect(): (HY000/1045): «Access denied for user 'app'@'10.0.0.7' (using password: YES)» in «/srv/db.php» on line «12»"
        ),
        LOG(
            '[Nest] «7»  - «05/01/2025, 10:15:00 AM»   «DEBUG» [«AuthService»] Object:\n{\n  "username": "«maria»",\n  "password": "⟦pw⟧"\n}'
        ),
        LOG("«10:15:00.123» request_id=«F1abc» [info] Sent «200» in «12ms» token=⟦SFMyNTY.|url80⟧"),
        LOG(
            "=ERROR REPORT==== «1-May-2025::10:15:00» ===\nError on AMQP connection <«0.123.0»>: user '«app»' - invalid credentials"
        ),
        LOG(
            "«fail»: «Microsoft.EntityFrameworkCore.Database.Command»[«20102»]\n      Failed executing DbCommand («12»ms) [Parameters=[@p0='⟦pw⟧' (Size = «4000»), @p1='«17»'], CommandType='«Text»', CommandTimeout='«30»']\n      UPDATE [Users] SET [Password] = @p0 WHERE [Id] = @p1;"
        ),
        LOG(
            '«2025-05-01 10:15:00.123 +02:00» [«DBG»] Config: {"ConnectionString":"Server=«db.example»;User Id=«app»;Password=⟦pw⟧","Timeout":«30»}'
        ),
        LOG("«2025-05-01 10:15:00.123 UTC» [«4711»] app@orders LOG:  statement: ALTER USER app WITH PASSWORD '⟦pw⟧';"),
        LOG("«2025-05-01 10:15:00 UTC»:10.0.0.7(«51234»):app@orders:[«7»]:DETAIL:  parameters: $1 = '«maria»'\n"),
        LOG("«2025-05-01T10:15:00.123456Z»\t   «17» Query\tSET PASSWORD FOR 'app'@'%' = '⟦pw⟧'"),
        LOG(
            '{"t":{"$date":"«2025-05-01T10:15:00.123+00:00»"},"s":"«I»","c":"«ACCESS»","id":«20249»,"msg":"«Authentication failed»","attr":{"mechanism":"«SCRAM-SHA-256»","principalName":"«app»","authenticationDatabase":"«admin»","error":"«AuthenticationFailed: SCRAM authentication failed, storedKey mismatch»"}}'
        ),
        LOG(
            "«7»:M «01 May 2025 10:15:00.123» # Warning: Could not authenticate with master: «WRONGPASS invalid username-password pair»"
        ),
        LOG(
            '«1746094500.123456» [«0» «10.0.0.7:51234»] "auth" "app" "⟦pw⟧"\n«1746094501.123456» [«0» 10.0.0.7:51234] "set" "«user:17:name»" "«maria»" "EX" "«300»"'
        ),
        LOG('«1746094500.000001» [«0» «lua»] "CONFIG" "SET" "requirepass" "⟦pw⟧"'),
        LOG("«2025-05-01 10:15:00.123» CEST [«7»] HINT:  «The supplied password did not match the stored one.»"),
        LOG(
            "kafka.server: Authentication failed for «/10.0.0.7» due to «SSL handshake failed»; principal=User:«app» listener=«SASL_SSL»"
        ),
        LOG(
            "[«2025-05-01 10:15:00,123»] INFO ProducerConfig values: \n\tacks = «1»\n\tbootstrap.servers = [«kafka:9092»]\n\tsasl.jaas.config = [«hidden»]\n\tsasl.mechanism = «PLAIN»\n\tssl.keystore.password = null\n\tclient.id = «shop»"
        ),
        LOG(
            '[«2025-05-01 10:15:00,123»] DEBUG sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username="«app»" password="⟦pw⟧"; («KafkaConfig»)'
        ),
        LOG(
            'audit: {"type":"«request»","auth":{"client_token":"⟦hmac-sha256:|hex64⟧","policies":["«default»"]},"request":{"path":"«secret/data/shop»","operation":"«update»","data":{"data":{"password":"⟦pw⟧"}}}}'
        ),
        LOG(
            'type=USER_CMD msg=audit(«1746094500.123:17»): pid=«7» uid=«0» exe="«/usr/bin/sudo»" cmd="mysql -p⟦pw⟧ orders" res=«success»'
        ),
        LOG("«May  1 10:15:00» «web-1» «docker[7]»: -e DB_PASSWORD=⟦pw⟧ -e TZ=«UTC» «acme/web:1.4»"),
        LOG("«May  1 10:15:00» «web-1» CRON[«7»]: (root) CMD (PGPASSWORD=⟦pw⟧ pg_dump -U «backup» «orders»)"),
        LOG(
            "«May  1 10:15:00» «web-1» dovecot: imap-login: Login: user=<«maria»>, method=«PLAIN», rip=«203.0.113.7», session=<⟦url16⟧>"
        ),
        LOG(
            "«May  1 10:15:00» «web-1» dovecot: auth: Debug: sql(«maria»,«203.0.113.7»): Password mismatch (given password: ⟦pw⟧)"
        ),
        LOG(
            "«May  1 10:15:00» «radius» radiusd[«7»]: («17») Login incorrect (pap: «SHA password check failed»): [maria/⟦pw⟧] (from client «office» port «0»)"
        ),
        LOG(
            "«2025-05-01 10:15:00» proxy: CONNECT «api.example:443» headers: Proxy-Authorization: Basic ⟦base32⟧ User-Agent: «Go-http-client/1.1»"
        ),
        LOG(
            '«203.0.113.7» - - [«01/May/2025:10:15:00 +0000»] "GET /ws/chat?access_token=⟦jwt⟧&room=«17» HTTP/1.1" «101» «0» "«https://shop.example/»" "«Mozilla/5.0»"'
        ),
        LOG(
            '«203.0.113.7» "POST /graphql" «200» vars={"input":{"email":"«maria@acme.example»","password":"⟦pw⟧"}} op=«Login»'
        ),
        LOG("fetch https://maps.example/js?key=⟦AIza|url35⟧&libraries=«places» -> «200» in «41ms»"),
        LOG(
            "→ POST «https://id.example/oauth/token» {grant_type: «client_credentials», client_id: «web», client_secret: ⟦an32⟧}"
        ),
        LOG(
            '<-- «200» https://api.example/login («341ms»)\nset-cookie: sid=⟦an32⟧; Path=/; HttpOnly\n{"token":"⟦url40⟧"}\n<-- END HTTP («52-byte body»)'
        ),
        LOG("[HPM] Proxy created: «/api»  -> «http://10.0.0.7:8080» auth=maria:⟦pw⟧"),
        LOG(
            'mail: sent to «maria@acme.example» subject="«Reset your password»" link=https://shop.example/password/reset?reset_password_token=⟦url20⟧'
        ),
        LOG("SMS «+491701234567»: «Acme»: ⟦d6⟧ is your verification code¦. Do not share it."),
        LOG("2FA code for user «17»: ⟦d6⟧, expires in «300» s"),
        LOG("New API key created for org «acme»: ⟦an40⟧ (scopes: «read,write»)"),
        LOG("Generated password for «maria@acme.example»: ⟦pw⟧"),
        LOG("Initial admin password: ⟦pw⟧ (change it after the first login)"),
        LOG(
            "*************************************************************\nPlease use the following password to proceed to installation:\n\n⟦hex32⟧\n\nThis may also be found at: «/var/jenkins_home/secrets/initialAdminPassword»"
        ),
        LOG("Using generated security password: ⟦uuid⟧"),
        LOG("    To access the server, open: «http://localhost:8888/lab»?token=⟦hex48⟧"),
        LOG(
            "✅ Elasticsearch security features have been automatically configured!\nPassword for the «elastic» user (reset with «bin/elasticsearch-reset-password»):\n  ⟦base20⟧"
        ),
        LOG(
            "GENERATED ROOT PASSWORD: ⟦an32⟧\n«2025-05-01 10:15:00+00:00» [«Note»] [«Entrypoint»]: «Database initialized»"
        ),
        LOG("[«Note»] A temporary password is generated for root@localhost: ⟦pw⟧"),
        LOG("token bucket: capacity=«100» tokens=«57» refill_rate=«10/s» key=«ip:203.0.113.7»"),
        LOG("rotating secret «prod/db» version «AWSPENDING» -> «AWSCURRENT» took «12» ms"),
        LOG("session «cleanup» removed «17» expired sessions in «3.2» ms"),
        LOG("cache key «user:17:profile» expired, keyspace hits=«99» misses=«1»"),
        LOG('auth: method=«oauth2» provider=«google» result=«success» mfa=«none» scope="«openid email»"'),
        LOG("lexer: unexpected token «identifier» at line «12», column «7»; expected «semicolon»"),
        LOG("llm usage: input_tokens=«812», output_tokens=«96», cache_read_input_tokens=«0», stop_reason=«end_turn»"),
        LOG("Password for «maria» will expire in «7» days; policy «strong», history «5»"),
        LOG(
            "sudo: pam_unix(sudo:auth): authentication failure; logname=«maria» uid=«1000» tty=«/dev/pts/0» ruser=«maria» rhost=«web-1»"
        ),
        LOG("Key pair «deploy» imported, fingerprint «1f:51:ae:28:bf:89:e9:d8» type «rsa»"),
    ),
    "Complaints": (
        MESSAGE("Authentication failed for user '«maria»' with password '⟦pw⟧'"),
        MESSAGE("«redis.exceptions.ResponseError»: unknown command 'AUTH', with args beginning with: '⟦pw⟧' "),
        MESSAGE("invalid DSN: app:⟦pw⟧@tcp(db.example:3306)/orders?parseTime=«true»"),
        MESSAGE('parse "postgres://app:⟦pw⟧@db.example:54x2/orders": «invalid port ":54x2" after host»'),
        MESSAGE("failed to connect to `host=«db.example» user=«app» database=«orders» password=⟦pw⟧`: «dial error»"),
        MESSAGE("KeyError: '«access_token»'"),
        MESSAGE("Could not resolve placeholder '«db.password»' in value \"«${db.password}»\""),
        MESSAGE("Missing required environment variable «STRIPE_SECRET_KEY»"),
        MESSAGE(
            "1 validation error for Settings\nsecret_key\n  String should have at least «32» characters [type=«string_too_short», input_value='⟦an16⟧', input_type=«str»]"
        ),
        MESSAGE('ValidationError: "password" with value "⟦pw⟧" fails to match the required pattern: «/^[a-z]+$/»'),
        MESSAGE(
            "Validation failed for object='«loginForm»'. Error count: «1»; Field error in object 'loginForm' on field 'password': rejected value [⟦pw⟧]; codes [«Size.loginForm.password»]; default message [«size must be between 12 and 64»]"
        ),
        MESSAGE('Cast to ObjectId failed for value "⟦pw⟧" (type «string») at path "password"¦ for model "«User»"'),
        MESSAGE('E11000 duplicate key error collection: «shop.users» index: «apiKey_1» dup key: { apiKey: "⟦an32⟧" }'),
        MESSAGE(
            'duplicate key value violates unique constraint "«sessions_token_key»"\nDETAIL:  Key (token)=(⟦url43⟧) already exists.'
        ),
        MESSAGE("UNIQUE constraint failed: «users.api_key»"),
        MESSAGE("ORA-01017: «invalid username/password; logon denied»"),
        MESSAGE("535 5.7.8 «Username and Password not accepted»."),
        MESSAGE("JWT signature does not match locally computed signature. Token: ⟦jwt⟧"),
        MESSAGE("Token ⟦url43⟧ is not valid for this project"),
        MESSAGE("API key ⟦an32⟧ not found. Please pass a valid API key."),
        MESSAGE("«The security token included in the request is invalid.»"),
        MESSAGE("«ExpiredToken»: «The provided token has expired.» status code: «400», request id: «~uuid»"),
        MESSAGE("Unexpected token «<» in JSON at position «0»"),
        MESSAGE("Cannot read property '«token»' of undefined"),
        MESSAGE('secrets "«db-credentials»" not found in namespace "«shop»"'),
        MESSAGE("invalid literal for int() with base 10: '«12a»' in field «pin_length»"),
        MESSAGE("Unable to parse secret value: ⟦pw⟧ is not valid JSON¦"),
        MESSAGE("bad decrypt for key ⟦hex64⟧ (iv «000102030405»)"),
        CALL_ERROR(
            "HTTPSConnectionPool(host='«api.example»', port=«443»): Max retries exceeded with url: /v1/me?api_key=⟦an32⟧&page=«2» (Caused by «NewConnectionError»)"
        ),
        CALL_ERROR("«401 Client Error: Unauthorized for url»: https://api.example/v1/me?access_token=⟦url43⟧"),
        CALL_ERROR('Get "https://maria:⟦pw⟧@registry.example/v2/": «x509: certificate signed by unknown authority»'),
        CALL_ERROR(
            "request to https://api.example/bot⟦d10+:AA+url33⟧/sendMessage failed, reason: «connect ECONNREFUSED»"
        ),
        CALL_ERROR('Invalid header value: "Bearer ⟦url40⟧\\n"'),
        CALL_ERROR(
            "Server returned HTTP response code: «403» for URL: https://cdn.example/a.m3u8?token=⟦url43⟧&expires=«1746094500»"
        ),
        STACK(
            "java.lang.IllegalArgumentException: Illegal character in authority: https://app:⟦pw⟧@db.example/\n\tat java.base/java.net.URI.create(«URI.java:906»)\n\tat com.acme.auth.TokenService.issue(«TokenService.java:41»)\n\tat com.acme.PasswordEncoder.encode(«PasswordEncoder.java:12»)"
        ),
        STACK(
            "Error: Login failed\n    at AuthService.login («/srv/auth/token.js:41:12») {\n  config: { headers: { Authorization: 'Bearer ⟦url40⟧', Accept: '«*/*»' }, timeout: «3000» },\n  code: '«ERR_BAD_REQUEST»'\n}"
        ),
        STACK(
            'Traceback (most recent call last):\n  File "«/srv/auth.py»", line «41», in login\n    raise AuthError(f"bad password {password}")\nAuthError: bad password ⟦pw⟧'
        ),
        STACK(
            "panic: invalid token ⟦url43⟧\n\ngoroutine «1» [running]:\nmain.parseToken(«0xc000012345», «0x2b»)\n\t«/srv/token.go:41» +«0x1a5»\nmain.main()\n\t«/srv/main.go:12» +«0x25»"
        ),
        STACK(
            "thread 'main' panicked at «src/auth.rs:41:9»:\ncalled `Result::unwrap()` on an `Err` value: InvalidKey(\"⟦an32⟧\")\nnote: run with `RUST_BACKTRACE=1`"
        ),
        STACK(
            "app/models/user.rb:«41»:in `authenticate!': wrong password \"⟦pw⟧\" for maria (AuthError)\n\tfrom «app/controllers/sessions_controller.rb:12:in `create'»"
        ),
        STACK(
            "PHP Fatal error:  Uncaught PDOException: «SQLSTATE[HY000] [2002]» in «/srv/db.php:12»\nStack trace:\n#0 «/srv/db.php(12)»: PDO->__construct('«mysql:host=db»', '«app»', '⟦pw⟧')\n#1 {main}"
        ),
        STACK(
            "Unhandled exception. System.UnauthorizedAccessException: Key '⟦an40⟧' was rejected\n   at Acme.Auth.KeyStore.Find(String key) in «/src/KeyStore.cs:line 41»\n   at Acme.Program.Main(String[] args) in «/src/Program.cs:line 12»"
        ),
    ),
    "Statements": (
        SQL("CREATE USER «app» WITH LOGIN PASSWORD '⟦pw⟧' VALID UNTIL '«2026-01-01»';"),
        SQL("ALTER ROLE «app» SET search_path = «shop»; ALTER ROLE «app» PASSWORD '⟦pw⟧';"),
        SQL(
            "CREATE USER '«app»'@'%' IDENTIFIED WITH caching_sha2_password BY '⟦pw⟧' PASSWORD EXPIRE INTERVAL «90» DAY;"
        ),
        SQL("GRANT ALL ON «orders».* TO '«app»'@'localhost' IDENTIFIED BY '⟦pw⟧';"),
        SQL("CREATE LOGIN «app» WITH PASSWORD = N'⟦pw⟧', CHECK_POLICY = «ON», DEFAULT_DATABASE = «orders»;"),
        SQL("ALTER LOGIN «sa» WITH PASSWORD = '⟦pw⟧' OLD_PASSWORD = '⟦pw⟧';"),
        SQL("CREATE MASTER KEY ENCRYPTION BY PASSWORD = '⟦pw⟧';"),
        SQL("OPEN SYMMETRIC KEY «k1» DECRYPTION BY PASSWORD = '⟦pw⟧';"),
        SQL('ALTER USER «app» IDENTIFIED BY "⟦pw⟧" ACCOUNT UNLOCK;'),
        SQL("CREATE DATABASE LINK «remote» CONNECT TO «app» IDENTIFIED BY \"⟦pw⟧\" USING '«orcl»';"),
        SQL("CREATE USER MAPPING FOR «app» SERVER «remote» OPTIONS (user '«app»', password '⟦pw⟧');"),
        SQL("SELECT dblink_connect('host=«db.example» user=«app» password=⟦pw⟧ dbname=«orders»');"),
        SQL("CREATE SUBSCRIPTION «s» CONNECTION 'host=«db.example» user=«repl» password=⟦pw⟧' PUBLICATION «p»;"),
        SQL(
            "CHANGE MASTER TO MASTER_HOST='«db.example»', MASTER_USER='«repl»', MASTER_PASSWORD='⟦pw⟧', MASTER_PORT=«3306»;"
        ),
        SQL("CREATE SECRET «s3» (TYPE «S3», KEY_ID '⟦AKIA|up16⟧', SECRET '⟦base40⟧', REGION '«eu-west-1»');"),
        SQL(
            "COPY «orders» FROM '«s3://acme/in/»' CREDENTIALS 'aws_access_key_id=⟦AKIA|up16⟧;aws_secret_access_key=⟦base40⟧' DELIMITER '«,»';"
        ),
        SQL(
            "CREATE STAGE «in» URL='«s3://acme/in/»' CREDENTIALS=(AWS_KEY_ID='⟦AKIA|up16⟧' AWS_SECRET_KEY='⟦base40⟧');"
        ),
        SQL(
            "INSERT INTO «users» (id, email, password, active) VALUES («17», '«maria@acme.example»', '⟦pw⟧', «true») RETURNING id;"
        ),
        SQL("INSERT INTO «users» SET email='«maria@acme.example»', password=MD5('⟦pw⟧'), active=«1»;"),
        SQL("UPDATE «users» SET password = crypt('⟦pw⟧', gen_salt('«bf»')), updated_at = now() WHERE id = «17»;"),
        SQL("SELECT * FROM «users» WHERE email = '«maria@acme.example»' AND password = SHA2('⟦pw⟧', «256»);"),
        SQL("SELECT id FROM «sessions» WHERE token = '⟦url43⟧' AND expires_at > '«2025-05-01»';"),
        SQL("SELECT id FROM «cards» WHERE id = «17»;"),
        SQL("DELETE FROM «tokens» WHERE token IN ('⟦an40⟧', '⟦an40⟧') AND kind = '«refresh»';"),
        SQL(
            "MERGE INTO «users» USING dual ON (id = «17») WHEN MATCHED THEN UPDATE SET api_key = '⟦an32⟧', name = '«maria»';"
        ),
        SQL("CALL «sp_login»(p_user => '«maria»', p_password => '⟦pw⟧');"),
        SQL("EXEC «sp_addlogin» @loginame = '«app»', @passwd = '⟦pw⟧', @defdb = '«orders»';"),
        SQL("SET SESSION «sql_mode» = '«STRICT_ALL_TABLES»'; SET PASSWORD = '⟦pw⟧';"),
        SQL("SELECT user, plugin, password_expired, password_lifetime FROM mysql.user WHERE user = '«app»';"),
        SQL("SELECT key, value FROM «settings» WHERE key = '«theme»' ORDER BY sort_key LIMIT «10»;"),
        SQL("MERGE (u:User {email: '«maria@acme.example»'}) SET u.password = '⟦pw⟧', u.city = '«Bonn»' RETURN u"),
    ),
    "Pages": (
        HTML(
            '<form action="/login" method="post"><input type="hidden" name="_csrf" value="⟦url43⟧"/><input type="text" name="username" value="maria" autocomplete="username"/><input type="password" name="password" value="⟦pw⟧" placeholder="Password"/></form>'
        ),
        HTML(
            '<meta name="csrf-token" content="⟦base86+==⟧"/><meta name="csrf-param" content="authenticity_token"/><meta name="viewport" content="width=device-width"/>'
        ),
        HTML(
            '<input value="⟦an40⟧" id="api-key" type="text" readonly="readonly"/><label for="api-key">API key</label><button data-action="copy">Copy</button>'
        ),
        HTML(
            "<input type='hidden' name='__VIEWSTATE' value='†dDwtMTM'/><input type='hidden' name='__RequestVerificationToken' value='⟦url80⟧'/><input type='hidden' name='step' value=\"2\"/>"
        ),
        HTML('<div data-token="⟦an40⟧" data-user="maria" data-theme="dark" class="app">Welcome</div>'),
        HTML('<script>window.__CONFIG__ = {apiKey: "⟦AIza|url35⟧", env: "«prod»", sessionTimeout: «1800»};</script>'),
        HTML("<script>var csrf_token = '⟦an32⟧'; var lang = '«de»'; gtag('config', '«G-ABC123DEF4»');</script>"),
        HTML(
            '<script id="__NEXT_DATA__" type="application/json">{"props":{"session":{"accessToken":"⟦jwt⟧","user":{"name":"«maria»"}},"locale":"«de»"}}</script>'
        ),
        HTML(
            "<table><tr><th>Username</th><td>maria</td></tr><tr><th>Password</th><td>⟦pw⟧</td></tr><tr><th>Port</th><td>993</td></tr></table>"
        ),
        HTML("<dl><dt>Host</dt><dd>db.example</dd><dt>API token</dt><dd><code>⟦an40⟧</code></dd></dl>"),
        HTML("<p>Hello Maria,</p><p>your new password is: <strong>⟦pw⟧</strong></p><p>Please change it soon.</p>"),
        HTML("<p>Your confirmation code:</p><h1>⟦d6⟧</h1><p>It expires in 10 minutes.</p>"),
        HTML(
            '<a href="https://shop.example/reset?token=⟦url43⟧&amp;lang=de">Reset password</a> <a href="/help">Help</a>'
        ),
        HTML('<a href="https://shop.example/magic/⟦url43⟧">Sign in</a><p>The link works once.</p>'),
        HTML(
            '<img src="https://track.example/o.gif?u=17" alt=""/><link rel="preload" href="/token.css"/><script src="/js/password.js" integrity="†sha384-x"></script>'
        ),
        HTML(
            '<ul class="errors"><li>Password is too short</li><li>Token has expired</li></ul><span class="password-strength">weak</span>'
        ),
        HTML("<pre>export API_KEY=⟦an32⟧\nexport STAGE=«prod»</pre><p>Keep it safe.</p>"),
        HTML(
            '<turbo-frame id="keys" src="/keys"><tr id="key_17"><td>ci</td><td class="secret">⟦an40⟧</td><td>2025-05-01</td></tr></turbo-frame>'
        ),
        HTML('<iframe src="https://meet.example/j/17?pwd=⟦an32⟧" title="Meeting"></iframe>'),
        HTML(
            '<textarea name="private_key" rows="10">⟦base64⟧</textarea><select name="region"><option value="eu" selected="selected">Europe</option></select>'
        ),
        HTML(
            '<option value="token">Token</option><option value="password">Password</option><input type="checkbox" name="remember" value="1"/>'
        ),
        XML(
            '<?xml version="1.0"?><methodCall><methodName>wp.getPosts</methodName><params><param><value><int>1</int></value></param><param><value><string>maria</string></value></param><param><value><string>†x</string></value></param></params></methodCall>'
        ),
        XML(
            '<env:Body><GetQuote><Credentials><ApiKey>⟦an32⟧</ApiKey><AccountNumber>†17</AccountNumber></Credentials><Weight unit="kg">1.2</Weight></GetQuote></env:Body>'
        ),
        XML(
            "<UPSSecurity><UsernameToken><Username>acme</Username><Password>⟦pw⟧</Password></UsernameToken><ServiceAccessToken><AccessLicenseNumber>⟦uan16⟧</AccessLicenseNumber></ServiceAccessToken></UPSSecurity>"
        ),
        XML(
            "<request><auth><user>maria</user><pass>⟦pw⟧</pass></auth><command>status</command><lang>de</lang></request>"
        ),
        XML(
            "<epp><command><login><clID>acme</clID><pw>⟦pw⟧</pw><options><version>1.0</version><lang>en</lang></options></login><clTRID>ABC-12345</clTRID></command></epp>"
        ),
        XML(
            "<epp><command><create><domain:create><domain:name>acme.example</domain:name><domain:authInfo><domain:pw>⟦pw⟧</domain:pw></domain:authInfo></domain:create></create></command></epp>"
        ),
        XML(
            "<AssumeRoleResult><Credentials><AccessKeyId>⟦ASIA|up16⟧</AccessKeyId><SecretAccessKey>⟦base40⟧</SecretAccessKey><SessionToken>⟦base200⟧</SessionToken><Expiration>2025-05-01T11:15:00Z</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/ci/ci</Arn></AssumedRoleUser></AssumeRoleResult>"
        ),
        XML(
            "<Envelope><Header><SessionHeader><sessionId>⟦an112⟧</sessionId></SessionHeader></Header><Body><query><queryString>SELECT Id FROM Account</queryString></query></Body></Envelope>"
        ),
        XML(
            "<configuration><property><name>fs.s3a.secret.key</name><value>⟦base40⟧</value></property><property><name>fs.s3a.connection.maximum</name><value>15</value></property></configuration>"
        ),
        XML(
            '<log4j:event logger="com.acme.Auth" level="WARN"><log4j:message>login failed password=⟦pw⟧ user=«maria»</log4j:message></log4j:event>'
        ),
        XML(
            '<jdbc><url>jdbc:mysql://db.example/orders</url><user>app</user><passwd>⟦pw⟧</passwd><pool min="1" max="10"/></jdbc>'
        ),
        XML(
            '<Event><System><EventID>4625</EventID><Level>0</Level></System><EventData><Data Name="TargetUserName">maria</Data><Data Name="FailureReason">%%2313</Data><Data Name="Password">⟦pw⟧</Data><Data Name="LogonType">3</Data></EventData></Event>'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="username"\r\n\r\n«maria»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="api_token"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n⟦an40⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="lang"\r\n\r\n«de»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="config"; filename="«.env»"\r\nContent-Type: application/octet-stream\r\n\r\nDB_PASSWORD=⟦pw⟧\nSTAGE=«prod»\n\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"secret":"⟦an32⟧","name":"«report»"}\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="key"\r\n\r\n«uploads/report.pdf»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="x-amz-signature"\r\n\r\n⟦hex64⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="x-amz-algorithm"\r\n\r\n«AWS4-HMAC-SHA256»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            "--x7MA4YWxkTrZu0gW\nContent-Disposition: form-data; name=credentials[pass]\n\n⟦pw⟧\n--x7MA4YWxkTrZu0gW\nContent-Disposition: form-data; name=credentials[user]\n\n«maria»\n--x7MA4YWxkTrZu0gW--\n"
        ),
        FORM("user%5Blogin%5D=maria&user%5Bpassword%5D=⟦pw⟧&commit=Sign+in&utf8=%E2%9C%93"),
        FORM("j_username=maria&j_password=⟦pw⟧&remember-me=on&from=%2F"),
        FORM("log=maria&pwd=⟦pw⟧&wp-submit=Log+In&redirect_to=%2Fwp-admin%2F&testcookie=1"),
        FORM(
            "USER=acme&PWD=⟦pw⟧&SIGNATURE=⟦base56⟧&METHOD=SetExpressCheckout&VERSION=204.0&PAYMENTREQUEST_0_AMT=12.50"
        ),
        FORM("grant_type=refresh_token&refresh_token=⟦url60⟧&client_id=web&scope=openid"),
        FORM("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=⟦jwt⟧"),
        FORM(
            "token=⟦an24⟧&team_id=T0001&team_domain=acme&channel_id=C2147&command=%2Fdeploy&text=prod&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0001%2F1%2F⟦an24⟧"
        ),
        FORM("secret=⟦an40⟧&response=†03AGdBq24&remoteip=203.0.113.7"),
        FORM("number=⟦cardnumber⟧&exp_month=12&exp_year=2027&cvc=⟦d3⟧&name=Maria+Muster&currency=eur"),
        FORM("action=query&meta=tokens&type=csrf&format=json&formatversion=2"),
        FORM(
            "Action=SendMessage&MessageBody=hello&Version=2012-11-05&AWSAccessKeyId=⟦AKIA|up16⟧&Signature=⟦base43+%3D⟧&SignatureMethod=HmacSHA256&SignatureVersion=2"
        ),
    ),
    "Dumped objects": (
        PRINTED("Config(host='«db.example»', port=«5432», password=SecretStr('**********'), token='⟦an40⟧')"),
        PRINTED("{'Authorization': 'Token ⟦hex40⟧', 'User-Agent': '«python-requests/2.32»', 'Accept': '«*/*»'}"),
        PRINTED("<PreparedRequest [«POST»]> body=b'user=«maria»&password=⟦pw⟧'"),
        PRINTED("{Key:⟦an32⟧ Name:«ci» Scopes:[«read» «write»] Active:«true»}"),
        PRINTED('main.Credentials{User:"«maria»", Password:"⟦pw⟧", Realm:(*string)(nil)}'),
        PRINTED('Credentials { user: "«maria»", password: Some("⟦pw⟧"), realm: None }'),
        PRINTED('#<struct Config host="«db.example»", password="⟦pw⟧", port=«5432»>'),
        PRINTED('{"host"=>"«db.example»", "password"=>"⟦pw⟧", :token=>nil, api_key: "⟦an32⟧"}'),
        PRINTED(
            'object(Config)#«1» (2) {\n  ["host":protected]=>\n  string(10) "«db.example»"\n  ["password":protected]=>\n  string(16) "⟦an16⟧"\n}'
        ),
        PRINTED("[\n    'host' => '«db.example»',\n    'password' => '⟦pw⟧',\n    'port' => «5432»,\n]"),
        PRINTED("Config [host=«db.example», credentials=Credentials [user=«app», password=⟦pw⟧], pool=«10»]"),
        PRINTED("Config(host=«db.example», secret=⟦an32⟧, retries=«3»)"),
        PRINTED("{host=«db.example», password=⟦pw⟧, pool=«10»}"),
        PRINTED("@{Host=«db.example»; Password=⟦pw⟧; Port=«5432»}"),
        PRINTED('{ Host = «db.example», Password = "⟦pw⟧", Port = «5432» }'),
        PRINTED('Config { host = "«db.example»", password = "⟦pw⟧", port = «5432» }'),
        PRINTED('#{host => <<"«db.example»">>,password => <<"⟦pw⟧">>,port => «5432»}'),
        PRINTED('[{host,"«db.example»"},{password,"⟦pw⟧"},{port,«5432»}]'),
        PRINTED('%Config{host: "«db.example»", password: "⟦pw⟧", port: «5432»}'),
        PRINTED('password: Optional("⟦pw⟧"), user: Optional("«maria»")'),
        PRINTED('▿ Config\n  - host: "«db.example»"\n  - password: "⟦pw⟧"\n  - port: «5432»'),
        PRINTED('<Config host="«db.example»" password="⟦pw⟧" port=«5432»>'),
        PRINTED("Map(Authorization -> Bearer ⟦url40⟧, Accept -> «*/*»)"),
        PRINTED("HashMap(password -> ⟦pw⟧, user -> «maria»)"),
        PRINTED("ArrayMap{user: «maria», password: ⟦pw⟧}"),
        PRINTED("Bundle[{token=⟦url40⟧, lang=«de»}]"),
        PRINTED('user: "«maria»"\npassword: "⟦pw⟧"\nroles: "«admin»"\n1: "«x»"'),
        PRINTED("name=password value=⟦pw⟧ ttl=«300»"),
        PRINTED("ENV DB_PASSWORD ⟦pw⟧\nENV STAGE «prod»\nARG NPM_TOKEN=⟦an36⟧\nEXPOSE «8080»"),
        PRINTED('("Authorization", "Bearer ⟦url40⟧"), ("Accept", "«*/*»")'),
        PRINTED("| user  | password |\n| «maria» | ⟦an16⟧ |"),
        PRINTED("user,password,city\n«maria»,⟦pw⟧,«Bonn»\n«jo»,⟦pw⟧,«Köln»"),
        PRINTED("id\temail\tapi_key\n«17»\t«maria@acme.example»\t⟦an32⟧"),
        PRINTED(
            "*************************** 1. row ***************************\n      id: «17»\npassword: ⟦pw⟧\n    city: «Bonn»"
        ),
        PRINTED("-[ RECORD 1 ]------\nid       | «17»\npassword | ⟦pw⟧\ncity     | «Bonn»"),
    ),
}
