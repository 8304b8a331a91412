"""Frameworks of the web, their settings, errors, pages and tables."""

from tests.masking.services.shapes import (
    COMMAND,
    COOKIE,
    ENV,
    FORM,
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
    "Symfony": (
        ENV(
            "APP_ENV=prod\nAPP_SECRET=⟦hex32⟧\nMAILER_DSN=smtp://shop:⟦pw⟧@smtp.example:587?encryption=«tls»\nMESSENGER_TRANSPORT_DSN=doctrine://default?auto_setup=0\nJWT_PASSPHRASE=⟦hex64⟧\nTRUSTED_PROXIES=127.0.0.1\n"
        ),
        HTML(
            '<form method="post" action="/login"><input type="hidden" name="_csrf_token" value="⟦hex20+.+url43+.+url43⟧"><input type="email" id="inputEmail" name="_username" value="jo@example.com"><input type="password" name="_password" value=""><input type="checkbox" name="_remember_me" value="on"><div class="alert">Invalid credentials.</div></form>'
        ),
        FORM(
            "_username=jo%40example.com&_password=⟦pw⟧&_csrf_token=⟦hex20+.+url43+.+url43⟧&_remember_me=on&_target_path=%2Fadmin"
        ),
        COOKIE(
            "PHPSESSID=⟦lan26⟧; REMEMBERME=⟦App.Entity.User%3A|base40+%3A1764000000%3A+hex64⟧; sf_redirect=†%7B%22token%22%3A%22a1b2c3%22%7D; _locale=de"
        ),
        STACK(
            '[«2025-05-01T10:15:00.123456+00:00»] request.CRITICAL: «Uncaught PHP Exception Symfony\\Component\\Mailer\\Exception\\TransportException»: "«Failed to authenticate on SMTP server with username "shop" using the following authenticators: "LOGIN", "PLAIN".»" at «/app/vendor/symfony/mailer/Transport/Smtp/EsmtpTransport.php» line «226»\n#0 «/app/vendor/symfony/mailer/Transport.php(58)»: Symfony\\Component\\Mailer\\Transport::fromDsn(\'smtp://shop:⟦pw⟧@smtp.example:587\')\n#1 «/app/src/Controller/ResetController.php(41)»: App\\Mailer->send()'
        ),
        PRINTED(
            'array(4) {\n  ["username"]=>\n  string(2) "«jo»"\n  ["password"]=>\n  string(14) "⟦pw⟧"\n  ["_locale"]=>\n  string(2) "«de»"\n  ["attempts"]=>\n  int(«3»)\n}'
        ),
    ),
    "NestJS and Prisma": (
        ENV(
            'DATABASE_URL="postgresql://janedoe:⟦pw⟧@localhost:5432/mydb?schema=«public»"\nJWT_SECRET=⟦url43⟧\nJWT_EXPIRES_IN=3600s\nSHADOW_DATABASE_URL=postgresql://janedoe:⟦pw⟧@localhost:5432/shadow\nPORT=3000\n'
        ),
        STACK(
            'PrismaClientInitializationError: \n«Invalid `prisma.user.findUnique()` invocation:»\nerror: «Error validating datasource `db`: the URL must start with the protocol `postgresql://`»\n  -->  «schema.prisma:10»\n   | url = "postgre://janedoe:⟦pw⟧@localhost:5432/«mydb»"\n    at «/var/task/node_modules/@prisma/client/runtime/library.js:123:7»\n    at async UserService.login («/var/task/dist/user.service.js:31:18»)'
        ),
        LOG(
            "[Nest] «8» - «05/01/2025, 10:15:00 AM» «ERROR» [«ExceptionsHandler»] «secretOrPrivateKey must have a value»"
        ),
        LOG(
            'prisma:query SELECT "id","email","passwordHash" FROM "User" WHERE "email" = $1 LIMIT $2 params: ["«jo@example.com»",«1»] duration: «3ms»'
        ),
        SQL(
            'INSERT INTO "public"."User" ("id", "email", "passwordHash", "refreshToken", "createdAt") VALUES («17», \'«jo@example.com»\', \'⟦$argon2id$v=19$m=65536,t=3,p=4$|base22+$+base43⟧\', \'⟦jwt⟧\', \'«2025-05-01 10:15:00»\') RETURNING "id"'
        ),
    ),
    "Next.js and NextAuth": (
        COOKIE(
            "__Host-next-auth.csrf-token=⟦hex64+%7C+hex64⟧; __Secure-next-auth.session-token=⟦eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..|url16+.+url200+.+url22⟧; __Secure-next-auth.callback-url=https%3A%2F%2Fshop.example; NEXT_LOCALE=de"
        ),
        FORM("csrfToken=⟦hex64⟧&username=jo&password=⟦pw⟧&callbackUrl=https%3A%2F%2Fshop.example%2F&json=true"),
        HTML(
            '<script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":{"csrfToken":"⟦hex64⟧","providers":{"github":{"id":"«github»","name":"«GitHub»"}}},"__N_SSP":«true»},"page":"«/auth/signin»","buildId":"«dEvBu1LdId»","locale":"«de»"}</script><h1 class="title">Sign in</h1>'
        ),
        LOG(
            "[next-auth][error][«OAUTH_CALLBACK_ERROR»] «https://next-auth.js.org/errors#oauth_callback_error» «invalid_grant (Code not valid)» { error: «OPError», providerId: '«keycloak»', message: '«invalid_grant (Code not valid)»' }"
        ),
        ENV(
            "NEXTAUTH_URL=https://shop.example\nNEXTAUTH_SECRET=⟦base43+=⟧\nAUTH_GITHUB_SECRET=⟦hex40⟧\nNEXT_PUBLIC_ANALYTICS_ID=UA-1234-1\n"
        ),
    ),
    "Phoenix and Ecto": (
        COOKIE(
            "_shop_key=⟦SFMyNTY.g3QAAAA|url120+.+url43⟧; _shop_web_user_remember_me=⟦SFMyNTY.|url80+.+url43⟧; locale=de"
        ),
        HTML(
            '<meta name="csrf-token" content="⟦url56⟧"><form action="/users/log_in" method="post"><input name="_csrf_token" type="hidden" hidden="" value="⟦url56⟧"><input type="email" name="user[email]" id="user_email" value="jo@example.com"><input type="password" name="user[password]" value="⟦pw⟧"><p class="alert alert-danger">Invalid email or password</p></form>'
        ),
        LOG(
            '«10:15:00.123» [«info»] POST «/users/log_in» «10:15:00.124» [«debug»] Processing with «ShopWeb.UserSessionController.create/2» Parameters: %{"_csrf_token" => "⟦url56⟧", "user" => %{"email" => "«jo@example.com»", "remember_me" => "«true»"}}'
        ),
        PRINTED(
            '%Shop.Accounts.User{__meta__: #Ecto.Schema.Metadata<:loaded, "users">, id: «17», email: "«jo@example.com»", hashed_password: "⟦$2b$12$|an53⟧", confirmed_at: ~N[«2025-05-01 10:15:00»], password: "⟦pw⟧", locale: "«de»"}'
        ),
        STACK(
            '** (Postgrex.Error) «FATAL 28P01 (invalid_password) password authentication failed for user "shop"»\n    (db_connection «2.6.0») «lib/db_connection.ex:769»: DBConnection.query/4\n    (shop «0.1.0») «lib/shop/repo.ex:12»: Shop.Repo.start(url: "ecto://shop:⟦pw⟧@db/shop", pool_size: «10», ssl: «true»)'
        ),
    ),
    "Quarkus and Micronaut": (
        INI(
            "quarkus.datasource.username=shop\nquarkus.datasource.password=⟦pw⟧\nquarkus.oidc.credentials.secret=⟦uuid⟧\nquarkus.http.ssl.certificate.key-store-password=⟦pw⟧\nquarkus.log.level=INFO\nquarkus.oidc.token.issuer=https://id.example/realms/acme\n"
        ),
        YAML(
            "micronaut:\n  security:\n    token:\n      jwt:\n        signatures:\n          secret:\n            generator:\n              secret: '⟦an43⟧'\n              jws-algorithm: HS256\n    authentication: bearer\ndatasources:\n  default:\n    username: shop\n    password: ⟦pw⟧\n    maximum-pool-size: 5\n"
        ),
        STACK(
            "java.lang.RuntimeException: «Failed to start application (with profile [prod])»\n\tat io.quarkus.runner.ApplicationImpl.doStart(«Unknown Source»)\n\tat io.quarkus.runtime.Quarkus.run(«Quarkus.java:71»)\nCaused by: io.smallrye.config.ConfigValidationException: «SRCFG00014: The config property quarkus.oidc.token.issuer is required»\nArgs: -Dquarkus.datasource.password=⟦pw⟧ -Dquarkus.profile=«prod» -Xmx«512m»"
        ),
        PRINTED("LoginRequest[username=«jo», password=⟦pw⟧, otp=⟦d6⟧, rememberMe=«true», locale=«de_DE»]"),
    ),
    "Fiber and Echo": (
        STACK(
            "panic: «runtime error: invalid memory address or nil pointer dereference» [recovered]\n\ngoroutine «41» [running]:\nmain.(*Server).login(«0xc000112000»)\n\t«/app/auth/login.go:58» +«0x1a5»\nrequest: POST «/login» map[Authorization:[Bearer ⟦jwt⟧] Content-Type:[«application/json»] X-Request-Id:[«7f1c2a30»]]"
        ),
        PRINTED("{Host:«db.example» Port:«5432» User:«shop» Password:⟦pw⟧ SSLMode:«require» MaxConns:«10»}"),
        PRINTED(
            '&oauth2.Token{AccessToken:"⟦ya29.|url120⟧", TokenType:"«Bearer»", RefreshToken:"⟦1//0|url90⟧", Expiry:time.Date(«2025, time.May, 1, 10, 15, 0, 0, time.UTC»)}'
        ),
        LOG(
            '{"time":"«2025-05-01T10:15:00.123Z»","id":"«7f1c2a30»","remote_ip":"«10.0.0.7»","host":"«shop.example»","method":"«GET»","uri":"/reset?token=⟦an40⟧&lang=«de»","user_agent":"«curl/8.5.0»","status":«200»,"latency_human":"«1.2ms»","bytes_out":«512»}'
        ),
        COOKIE("fiber_session=⟦uuid⟧; csrf_=⟦uuid⟧; _lang=de"),
    ),
    "Sinatra and Devise": (
        PRINTED(
            '#<User id: «17», email: "«jo@example.com»", encrypted_password: "⟦$2a$12$|an53⟧", reset_password_token: "⟦hex64⟧", sign_in_count: «3», created_at: "«2025-05-01 10:15:00»">'
        ),
        PRINTED(
            '{:smtp=>{:address=>"«smtp.example»", :port=>«587», :user_name=>"«shop»", :password=>"⟦pw⟧", :authentication=>:«plain»}, :retries=>«3»}'
        ),
        HTML(
            '<p>Hello jo@example.com!</p><p>Someone has requested a link to change your password.</p><p><a href="https://shop.example/users/password/edit?reset_password_token=⟦url20⟧">Change my password</a></p><p>Your password won\'t change until you access the link above.</p>'
        ),
        COOKIE("rack.session=⟦BAh7C|base160+--+hex40⟧; remember_user_token=⟦eyJfcmFpbHMi|base120+--+hex40⟧; locale=de"),
        STACK(
            'ActionView::Template::Error («undefined method `token\' for nil:NilClass»):\n    «12»: <%= link_to \'Reset\', edit_password_url(@resource, reset_password_token: @token) %>\n«app/views/devise/mailer/reset.html.erb:12»:in `«_app_views_devise_mailer_reset__123»\'\n  Parameters: {"user"=>{"email"=>"«jo@example.com»", "current_password"=>"⟦pw⟧"}, "commit"=>"«Update»"}'
        ),
        SQL(
            'UPDATE "users" SET "reset_password_token" = \'⟦hex64⟧\', "reset_password_sent_at" = \'«2025-05-01 10:15:00»\', "sign_in_count" = «4» WHERE "users"."id" = «17»'
        ),
    ),
    "httpx and aiohttp": (
        STACK(
            "Traceback (most recent call last):\n  File \"«/var/task/client.py»\", line «57», in «fetch»\n    response.raise_for_status()\n  File \"«/opt/python/httpx/_models.py»\", line «761», in «raise_for_status»\n    raise HTTPStatusError(message, request=request, response=self)\nhttpx.HTTPStatusError: «Client error '403 Forbidden'» for url 'https://partner.example/v1/orders?access_token=⟦an40⟧&page=«2»'"
        ),
        LOG(
            "«DEBUG:httpcore.http11:send_request_headers.started» request=<Request [b'POST']> headers=[(b'Host', b'«partner.example»'), (b'X-Api-Key', b'⟦an40⟧'), (b'Accept', b'«*/*»'), (b'Content-Length', b'«17»')]"
        ),
        PRINTED(
            "<CIMultiDictProxy('Host': '«shop.example»', 'Authorization': 'Bearer ⟦jwt⟧', 'User-Agent': '«python-aiohttp/3.9.5»', 'Cookie': 'session=⟦url60⟧', 'Content-Length': '«212»')>"
        ),
        MESSAGE(
            "aiohttp.client_exceptions.ClientResponseError: «401», message='«Unauthorized»', url=URL('https://jo:⟦pw⟧@partner.example/feed?format=«csv»')"
        ),
        MESSAGE("KeyError: '«access_token»'"),
        PRINTED(
            "Settings(env='«prod»', debug=«False», db_dsn=PostgresDsn('postgresql+asyncpg://shop:⟦pw⟧@db:5432/shop'), session_secret='⟦an43⟧', token_ttl=«3600», redis_host='«redis»')"
        ),
    ),
    "Drupal and Joomla": (
        SQL(
            "INSERT INTO `users_field_data` (`uid`, `name`, `pass`, `mail`, `status`, `langcode`) VALUES («1», '«admin»', '⟦$S$E|an51⟧', '«admin@example.com»', «1», '«de»')"
        ),
        SQL(
            "INSERT INTO `jos_session` (`session_id`, `client_id`, `guest`, `time`, `userid`, `username`) VALUES ('⟦lan26⟧', «1», «0», '«1764000000»', «42», '«admin»')"
        ),
        HTML(
            '<form class="user-login-form" data-drupal-selector="user-login-form" action="/user/login" method="post"><input data-drupal-selector="edit-name" type="text" name="name" value="jo" size="60" maxlength="60" /><input type="hidden" name="form_build_id" value="form-7f1c2a30bb5d" /><input type="hidden" name="form_token" value="⟦url43⟧" /><input type="hidden" name="form_id" value="user_login_form" /><input type="submit" name="op" value="Log in" /></form>'
        ),
        HTML(
            '<form action="index.php" method="post" name="adminForm"><input type="text" name="jform[dbname]" value="joomla"><input type="password" name="jform[password]" value="⟦pw⟧"><input type="hidden" name="task" value="save"><input type="hidden" name="option" value="com_config"><label for="secret">Secret question</label></form>'
        ),
        PRINTED(
            "class JConfig { public $dbtype = '«mysqli»'; public $host = '«db»'; public $user = '«joomla»'; public $password = '⟦pw⟧'; public $secret = '⟦an16⟧'; public $lifetime = '«15»'; public $smtppass = '⟦pw⟧'; public $smtpport = '«587»'; }"
        ),
        COOKIE(
            "SSESS7f1c2a30bb5d4e3a9d5e5f1d7a3b9c11=⟦url43⟧; Drupal.visitor.name=jo; joomla_user_state=logged_in; big_pipe_nojs=1"
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="form_build_id"\r\n\r\n«form-7f1c2a30bb5d»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n⟦url43⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="form_id"\r\n\r\n«user_form»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="current_pass"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="pass[pass1]"\r\n\r\n⟦pw⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="files[user_picture_0]"; filename="«me.txt»"\r\nContent-Type: text/plain\r\n\r\n«picture»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
    "Strapi and Directus": (
        JSON(
            r"""{"jwt":"⟦jwt⟧","user":{"id":1,"documentId":"z7f1c2a30","username":"kai","email":"kai@strapi.example","provider":"local","confirmed":true,"blocked":false,"createdAt":"2025-02-12T10:05:33.187Z"}}"""
        ),
        ENV(
            "HOST=0.0.0.0\nAPP_KEYS=⟦base22+==,+base22+==⟧\nAPI_TOKEN_SALT=⟦base22+==⟧\nADMIN_JWT_SECRET=⟦base22+==⟧\nTRANSFER_TOKEN_SALT=⟦base22+==⟧\nDATABASE_CLIENT=postgres\n"
        ),
        URL("https://cms.example/assets/7f1c2a30?access_token=⟦url32⟧&width=200&format=webp"),
        JSON(r"""{"errors":[{"message":"Token expired.","extensions":{"code":"TOKEN_EXPIRED"}}]}"""),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="ref"\r\n\r\n«api::article.article»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="refId"\r\n\r\n«17»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="field"\r\n\r\n«cover»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="files"; filename="«cover.txt»"\r\nContent-Type: text/plain\r\n\r\n«cover»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="access_token"\r\n\r\n⟦jwt⟧\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
    "Tomcat and Hibernate": (
        XML(
            r"""<tomcat-users xmlns="http://tomcat.apache.org/xml" version="1.0"><role rolename="manager-gui"/><user username="tomcat" password="⟦pw⟧" roles="manager-gui"/><user username="probe" password="⟦pw⟧" roles="manager-status"/></tomcat-users>"""
        ),
        XML(
            r"""<Context docBase="shop"><Resource name="jdbc/shop" auth="Container" type="javax.sql.DataSource" username="shop" password="⟦pw⟧" driverClassName="org.postgresql.Driver" url="jdbc:postgresql://db:5432/shop" maxTotal="20" maxIdle="10"/></Context>"""
        ),
        XML(
            r"""<hibernate-configuration><session-factory><property name="connection.url">jdbc:mysql://db/shop</property><property name="connection.username">shop</property><property name="connection.password">⟦pw⟧</property><property name="show_sql">true</property><property name="current_session_context_class">thread</property></session-factory></hibernate-configuration>"""
        ),
        STACK(
            'org.hibernate.exception.GenericJDBCException: «unable to obtain isolated JDBC connection [FATAL: password authentication failed for user "shop"]»\n\tat org.hibernate.exception.internal.StandardSQLExceptionConverter.convert(«StandardSQLExceptionConverter.java:63»)\n\tat org.apache.catalina.core.ApplicationFilterChain.doFilter(«ApplicationFilterChain.java:164»)\nCaused by: org.postgresql.util.PSQLException: «FATAL: password authentication failed for user "shop"» url=jdbc:postgresql://db:5432/shop?user=«shop»&password=⟦pw⟧&ssl=«true»'
        ),
        URL("https://shop.example/cart;jsessionid=⟦uphex32⟧?item=17&lang=de"),
    ),
    "Celery and Airflow": (
        LOG(
            "[«2025-05-01 10:15:00,123»: «ERROR»/MainProcess] consumer: Cannot connect to amqp://celery:⟦pw⟧@mq-1:5672//: «[Errno 111] Connection refused». Trying again in «2.00» seconds... («1/100»)"
        ),
        LOG(
            "[«2025-05-01 10:15:00,123»: «INFO»/MainProcess] Task «shop.tasks.refresh_token[7f1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11]» received"
        ),
        INI(
            "[core]\nexecutor = CeleryExecutor\nfernet_key = ⟦url43+=⟧\nparallelism = 32\n[database]\nsql_alchemy_conn = postgresql+psycopg2://airflow:⟦pw⟧@db/airflow\n[webserver]\nsecret_key = ⟦hex32⟧\nexpose_config = False\n"
        ),
        COMMAND(
            "airflow connections add «shop_db» --conn-type «postgres» --conn-host «db» --conn-login «shop» --conn-password ⟦pw⟧ --conn-port «5432»"
        ),
        SQL(
            "INSERT INTO connection (conn_id, conn_type, host, schema, login, password, port, extra) VALUES ('«shop_db»', '«postgres»', '«db»', '«shop»', '«app»', '⟦gAAAAAB|url112⟧', «5432», '{\"sslmode\": \"«require»\"}')"
        ),
        STACK(
            "Traceback (most recent call last):\n  File \"«/opt/python/celery/app/trace.py»\", line «477», in «trace_task»\n    R = retval = fun(*args, **kwargs)\n  File \"«/var/task/tasks.py»\", line «18», in «sync»\n    client = login(user='«jo»', password='⟦pw⟧', region='«eu»')\ncelery.exceptions.MaxRetriesExceededError: Can't retry «shop.tasks.sync[7f1c2a30]» kwargs:{'api_key': '⟦an32⟧', 'page': «2»}"
        ),
    ),
}
