"""Frameworks, databases and clients: their errors, dumps and logs."""

from tests.masking.services.shapes import (
    CALL_ERROR,
    COMMAND,
    COOKIE,
    FORM,
    HTML,
    INI,
    JSON,
    LOG,
    MESSAGE,
    MULTIPART,
    PRINTED,
    SET_COOKIE,
    SQL,
    STACK,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "PostgreSQL": (
        MESSAGE(
            'duplicate key value violates unique constraint "«users_api_token_key»"\nDETAIL:  Key (api_token)=(⟦an32⟧) already exists.'
        ),
        MESSAGE(
            'connection to server at "«db.example»" («10.0.0.7»), port «5432» failed: FATAL:  password authentication failed for user "«app»"'
        ),
        SQL(
            "INSERT INTO users (id, email, password_hash, city, created_at) VALUES («17», '«jo@acme.example»', '⟦$2b$12$|an53⟧', '«Bonn»', '«2025-01-01»') RETURNING «id»"
        ),
        SQL("ALTER ROLE app WITH LOGIN PASSWORD '⟦pw⟧' CONNECTION LIMIT «10»"),
        LOG(
            "«2025-06-01 10:00:00.000 UTC» [«17»] LOG:  duration: «1.234 ms»  statement: UPDATE users SET password = '⟦pw⟧', visits = «3» WHERE id = «17»"
        ),
        COMMAND("PGPASSWORD=⟦pw⟧ psql -h «db.example» -p «5432» -U «app» -d «orders» -c «'select 1'»"),
        PRINTED("connection to server failed: postgresql://app:⟦pw⟧@db.example:5432/«orders?sslmode=require»"),
    ),
    "MongoDB": (
        MESSAGE(
            'E11000 duplicate key error collection: «app.users» index: «email_1» dup key: { email: "«jo@acme.example»" }'
        ),
        CALL_ERROR(
            "MongoServerSelectionError: connect ECONNREFUSED mongodb+srv://app:⟦pw⟧@cluster0.example.mongodb.net/«shop»"
        ),
        JSON(
            r"""{"t":{"$date":"2025-05-20T20:10:08.731+00:00"},"s":"I","c":"ACCESS","id":5286307,"ctx":"conn281","msg":"Failed to authenticate","attr":{"client":"127.0.0.1:50202","isSpeculative":true,"mechanism":"SCRAM-SHA-256","user":"app","db":"admin","error":"AuthenticationFailed: SCRAM authentication failed, storedKey mismatch","result":18}}"""
        ),
        PRINTED(
            "{ _id: ObjectId('«66b0f1c2d3e4f50617283940»'), name: '«jo»', password: '⟦pw⟧', visits: «3», tags: [ '«a»', '«b»' ], apiKey: '⟦an32⟧' }"
        ),
    ),
    "SQLAlchemy": (
        MESSAGE(
            "(psycopg2.errors.UniqueViolation) duplicate key\n[SQL: INSERT INTO users (name, password) VALUES (%(name)s, %(password)s)]\n[parameters: {'name': '«jo»', 'password': '⟦pw⟧'}]\n(Background on this error at: «https://sqlalche.me/e/20/gkpj»)"
        ),
        LOG(
            "«2025-06-01 10:00:00,000» «INFO» sqlalchemy.engine.Engine UPDATE users SET api_token=%(api_token)s WHERE users.id = %(users_id)s\n«INFO» [generated in «0.00012s»] {'api_token': '⟦an32⟧', 'users_id': «17»}"
        ),
        SQL(
            "SELECT users.id, users.city FROM users WHERE users.session_token = '⟦an40⟧' AND users.active = «true» LIMIT «1»"
        ),
    ),
    "Django": (
        HTML(
            '<form action="/login/" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="⟦an64⟧"><input type="text" name="username" maxlength="150" value="maria"><input type="password" name="password" autocomplete="current-password"><button class="btn">Sign in</button></form>'
        ),
        COOKIE("csrftoken=⟦an32⟧; sessionid=⟦lan32⟧; django_language=de; theme=dark"),
        FORM("csrfmiddlewaretoken=⟦an64⟧&username=maria&password1=⟦pw⟧&password2=⟦pw⟧&next=%2Faccount%2F&remember=on"),
        STACK(
            'Traceback (most recent call last):\n  File "«/app/django/contrib/auth/password_validation.py»", line «56», in «validate_password»\n    raise ValidationError(errors)\n  File "«/app/shop/token.py»", line «9», in «check»\ndjango.core.exceptions.ValidationError: [\'«This password is too short. It must contain at least 8 characters.»\']'
        ),
        JSON(
            r"""{"password":["This password is too common.","This password is entirely numeric."],"username":["A user with that username already exists."]}"""
        ),
        SET_COOKIE("csrftoken=⟦an32⟧; expires=Sun, 31 May 2026 10:00:00 GMT; Max-Age=31449600; Path=/; SameSite=Lax"),
    ),
    "Express": (
        JSON(
            r"""{"errors":[{"type":"field","value":"⟦pw⟧","msg":"Invalid value","path":"password"¦,"location":"body"},{"type":"field","value":"bonn","msg":"Invalid value","path":"city","location":"body"}]}"""
        ),
        COOKIE("connect.sid=⟦s%3A|an32+.+an43⟧; lang=de; cookie_consent=true"),
        STACK(
            "SyntaxError: «Unexpected token } in JSON at position 42»\n    at JSON.parse («<anonymous>»)\n    at parse («/var/task/node_modules/body-parser/lib/types/json.js:92:19»)\n    at «/var/task/node_modules/raw-body/index.js:238:16»\n    at checkPassword («/var/task/src/password.js:14:9»)"
        ),
        PRINTED(
            "{ body: { username: '«maria»', password: '⟦pw⟧' }, params: { id: '«17»' }, query: {}, method: '«POST»', ip: '«203.0.113.7»' }"
        ),
        LOG(
            '«::ffff:203.0.113.7» - - [«01/Jun/2025:10:00:00 +0000»] "«GET» /reset?token=⟦an40⟧&lang=«de» HTTP/1.1" «200» «512» "-" "«Mozilla/5.0»"'
        ),
    ),
    "Spring": (
        JSON(
            r"""{"timestamp":"2025-06-01T10:00:00.000+00:00","status":400,"error":"Bad Request","errors":[{"codes":["Size.signUp.password","Size"],"objectName":"signUp","field":"password","rejectedValue":"⟦pw⟧","bindingFailure":false,"code":"Size","defaultMessage":"size must be between 12 and 64"}],"path":"/users"}"""
        ),
        MESSAGE(
            "Validation failed for argument [«0»] in «public void A.signUp(SignUp)»: [Field error in object '«signUp»' on field '«password»': rejected value [⟦pw⟧]; codes [«Size.signUp.password»,«Size»]; default message [«size must be between 12 and 64»]]"
        ),
        STACK(
            "org.springframework.security.authentication.BadCredentialsException: «Bad credentials»\n\tat org.springframework.security.authentication.dao.DaoAuthenticationProvider.additionalAuthenticationChecks(«DaoAuthenticationProvider.java:93»)\n\tat com.acme.TokenService.issue(«TokenService.java:42»)\n\tat com.acme.CsrfFilter.doFilterInternal(«CsrfFilter.java:118»)\nCaused by: java.lang.IllegalArgumentException: «no password encoder mapped for the id»"
        ),
        INI(
            "spring.datasource.url=jdbc:postgresql://db.example:5432/orders\nspring.datasource.username=app\nspring.datasource.password=⟦pw⟧\nspring.datasource.hikari.maximum-pool-size=10\nserver.port=8080\nserver.ssl.key-store-password=⟦pw⟧\nserver.ssl.key-store=classpath:keys.p12\njwt.secret=⟦an40⟧\njwt.expiration=3600\nlogging.level.root=INFO\n"
        ),
        YAML(
            "spring:\n  datasource:\n    url: jdbc:mysql://db.example/orders\n    username: app\n    password: ⟦pw⟧\n  mail:\n    host: smtp.example\n    port: 587\nsecurity:\n  token-validity: 3600\n  secret: ⟦an40⟧\n"
        ),
        PRINTED("User(id=«17», name=«jo», password=⟦pw⟧, roles=[«ADMIN»], active=«true»)"),
    ),
    "Rails": (
        LOG(
            'Started «POST» "«/login»" for «203.0.113.7» at «2025-06-01 10:00:00 +0000»\n  Parameters: {"authenticity_token"=>"⟦base86+==⟧", "user"=>{"email"=>"«jo@acme.example»", "password"=>"⟦pw⟧"}, "commit"=>"«Log in»"}\nCompleted «401» Unauthorized in «5ms»'
        ),
        HTML(
            '<meta name="csrf-param" content="authenticity_token"><meta name="csrf-token" content="⟦base86+==⟧"><form class="new_user" action="/users"><input type="hidden" name="authenticity_token" value="⟦base86+==⟧"><input type="email" name="user[email]" value="jo@acme.example"></form>'
        ),
        JSON(
            r"""{"errors":{"password":["is too short (minimum is 12 characters)","can't be blank"],"email":["has already been taken"]}}"""
        ),
        YAML(
            "production:\n  adapter: postgresql\n  database: shop\n  pool: 5\n  username: app\n  password: ⟦pw⟧\nsecret_key_base: ⟦hex128⟧\n"
        ),
        STACK(
            "ActiveRecord::RecordInvalid («Validation failed: Password is too short»):\n  «app/models/password.rb:14:in» `check_strength'\n  «app/controllers/sessions_controller.rb:22:in» `create'"
        ),
        PRINTED(
            '#<User id: «17», email: "«jo@acme.example»", encrypted_password: "⟦$2a$12$|an53⟧", reset_password_token: "⟦an20⟧", sign_in_count: «3», locale: "«de»">'
        ),
    ),
    "Python's requests": (
        CALL_ERROR(
            "HTTPSConnectionPool(host='«api.example»', port=«443»): Max retries exceeded with url: /v1/items?api_key=⟦an32⟧&page=«2» (Caused by «NewConnectionError»('«Failed to establish a new connection»'))"
        ),
        MESSAGE(
            "«401» Client Error: «Unauthorized» for url: https://api.example/v1/items?access_token=⟦an40⟧&page=«2»"
        ),
        LOG(
            'send: b\'POST /login HTTP/1.1\\r\\nHost: «api.example»\\r\\nAuthorization: Bearer ⟦an40⟧\\r\\nContent-Type: «application/json»\\r\\n\\r\\n\'\nsend: b\'{"user": "«jo»", "password": "⟦pw⟧"}\'\nreply: \'«HTTP/1.1 200 OK\\r\\n»\'\nheader: Content-Type: «application/json»'
        ),
        PRINTED(
            "{'Authorization': 'Bearer ⟦an40⟧', 'Accept': '«*/*»', 'x-api-key': '⟦an32⟧', 'Content-Length': '«17»'}"
        ),
        PRINTED("Login(user='«jo»', password='⟦pw⟧', remember=«True», tries=«3»)"),
    ),
    "Go's net/http": (
        MESSAGE(
            'Get "https://api.example/v1/items?apikey=⟦an32⟧&page=«2»": dial tcp: lookup «api.example»: «no such host»'
        ),
        PRINTED(
            'http.Header{"Accept":[]string{"«*/*»"}, "Authorization":[]string{"Bearer ⟦an40⟧"}, "Content-Type":[]string{"«application/json»"}}'
        ),
        PRINTED("{User:«jo» Password:⟦pw⟧ Retries:«3» Tags:[«a» «b»]}"),
        STACK(
            "panic: «runtime error: invalid memory address or nil pointer dereference»\n\ngoroutine 1 [running]:\nmain.(*TokenStore).Get(«0xc000012345», {«0xc000010000», «0x14»})\n\t«/app/token.go:33» +«0x1b»\nmain.main()\n\t«/app/main.go:12» +«0x85»"
        ),
        LOG(
            'time=«2025-06-01T10:00:00Z» level=«ERROR» msg="«login failed»" user=«jo» password=⟦pw⟧ tries=«3» duration=«12ms»'
        ),
    ),
    "multipart forms of browsers": (
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="username"\r\n\r\n«maria»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="password"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="file"; filename="«keys.txt»"\r\nContent-Type: «text/plain»\r\n\r\n«hello world»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="city"\r\n\r\n«Bonn»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="settings"\r\nContent-Type: application/json\r\n\r\n{"city": "«Bonn»", "api_key": "⟦an32⟧", "page": «2»}\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="note"\r\n\r\n«no secret here»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n⟦an40⟧\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
    "web.config": (
        XML(
            r"""<configuration><connectionStrings><add name="Main" connectionString="Server=db.example;Database=orders;User Id=app;Password=⟦pw⟧;Encrypt=true" providerName="System.Data.SqlClient" /></connectionStrings><appSettings><add key="Level" value="debug" /><add key="SmtpPassword" value="⟦pw⟧" /><add key="ClientValidationEnabled" value="true" /></appSettings><system.web><machineKey validationKey="⟦uphex128⟧" decryptionKey="⟦uphex64⟧" validation="SHA1" decryption="AES" /><compilation debug="true" targetFramework="4.8" /></system.web></configuration>"""
        ),
        STACK(
            "System.Security.Authentication.AuthenticationException: «The remote certificate is invalid»\n   at Acme.TokenService.Verify(«String token») in «/src/TokenService.cs:line 42»\n   at Acme.PasswordHasher.Hash(«String password») in «/src/PasswordHasher.cs:line 7»"
        ),
    ),
    "Flask": (
        STACK(
            'Traceback (most recent call last):\n  File "«/app/views.py»", line «41», in «login»\n    db.connect(user="«app»", password="⟦pw⟧", port=«5432»)\n  File "«/app/session.py»", line «12», in «connect»\nConnectionRefusedError: [Errno «111»] «Connection refused»'
        ),
        STACK(
            "Error: «connect ECONNREFUSED 10.0.0.7:5432»\n    at TCPConnectWrap.afterConnect («node:net:1555:16»)\n    at Pool.connect («/app/src/token-pool.js:9:3»)\n  url: 'postgres://app:⟦pw⟧@db.example/«orders»',\n  apiKey: '⟦an32⟧',\n  retries: «3»"
        ),
        STACK(
            "java.sql.SQLException: «could not connect»: jdbc:mysql://db.example/orders?user=«app»&password=⟦pw⟧\n\tat com.acme.PasswordStore.open(«PasswordStore.java:77»)\nCaused by: java.io.IOException: «401» for https://api.example/v1?access_token=⟦an40⟧&page=«2»"
        ),
        HTML(
            '<!doctype html><title>Login</title><form method="post"><input id="csrf_token" name="csrf_token" type="hidden" value="⟦an91⟧"><input name="email" type="text" value="jo@acme.example"><input name="otp" value="⟦d6⟧"><a href="https://shop.example/reset?token=⟦an40⟧">Forgot?</a><p>Invalid password</p></form>'
        ),
        SQL("UPDATE users SET reset_token = '⟦an40⟧', locale = '«de»', tries = «3» WHERE email = '«jo@acme.example»'"),
        SQL(
            "INSERT INTO api_keys (name, secret, scope) VALUES ('«ci»', '⟦an40⟧', '«read»'), ('«cd»', '⟦an40⟧', '«write»')"
        ),
        SQL(
            "SELECT id, password_changed_at FROM users WHERE name = '«jo»' AND password = md5('⟦pw⟧') ORDER BY «created_at» LIMIT «10»"
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\n«password»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="client_secret"\r\n\r\n⟦an40⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="scope"\r\n\r\n«openid»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        COOKIE("session=⟦eyJ|an40+.+url6+.+url27⟧; remember_token=⟦d2+%7C+hex128⟧; lang=de; tz=Europe/Berlin"),
    ),
}
