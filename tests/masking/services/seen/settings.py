"""Files of settings: of daemons, of deployments, of builds; and statements of databases."""

from tests.masking.services.shapes import ENV, INI, MESSAGE, SQL, XML, YAML

SERVICES = {
    "Daemons": (
        INI(
            "[Interface]\nPrivateKey = ⟦base43+=⟧\nAddress = 10.0.0.2/32\nDNS = 10.0.0.1\n\n[Peer]\nPublicKey = «~base43+=»\nPresharedKey = ⟦base43+=⟧\nAllowedIPs = 0.0.0.0/0\nEndpoint = vpn.example:51820\nPersistentKeepalive = 25"
        ),
        INI('network={\n    ssid="«Acme»"\n    psk="⟦pw⟧"\n    key_mgmt=«WPA-PSK»\n    priority=«5»\n}'),
        INI('network={\n    identity="«maria»"\n    password="⟦pw⟧"\n    eap=«PEAP»\n    private_key_passwd="⟦pw⟧"\n}'),
        INI(
            "[global]\nserver string = files\nworkgroup = ACME\n; password = ⟦pw⟧\nsecurity = user\npassdb backend = tdbsam"
        ),
        INI("requirepass ⟦pw⟧\nmasterauth ⟦pw⟧\nport «6379»\nmaxmemory-policy «allkeys-lru»\nappendonly «yes»"),
        INI("user default on >⟦pw⟧ ~* &* +@all\nuser reader on >⟦pw⟧ ~cache:* +«get»"),
        INI(
            '[smtp]\nenabled = true\nhost = smtp.example:587\nuser = app\npassword = """⟦pw⟧"""\nskip_verify = false\n\n[security]\nadmin_user = admin\nadmin_password = ⟦pw⟧\nsecret_key = ⟦an20⟧\ncookie_secure = true\nlogin_remember_days = 7'
        ),
        INI("[1001]\ntype=friend\nsecret=⟦an12⟧\nhost=dynamic\ncontext=internal\nmailbox=1001@default"),
        INI("client 10.0.0.0/8 {\n    secret = ⟦an16⟧\n    shortname = «switches»\n    nas_type = «other»\n}"),
        INI("bind-address=0.0.0.0\nrpcuser=app\nrpcpassword=⟦an40⟧\nrpcport=8332\ntxindex=1"),
        INI(
            "[default]\naws_access_key_id = ⟦AKIA|up16⟧\naws_secret_access_key = ⟦an40⟧\nregion = eu-west-1\noutput = json\n\n[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/ci\nsource_profile = default\nsso_start_url = https://acme.awsapps.example/start"
        ),
        INI(
            "[s3]\ntype = s3\nprovider = Minio\naccess_key_id = †app\nsecret_access_key = ⟦an40⟧\nendpoint = https://s3.example\nacl = private"
        ),
        INI(
            "[crypt]\ntype = crypt\nremote = s3:backup\npassword = ⟦url48⟧\npassword2 = ⟦url48⟧\nfilename_encryption = standard"
        ),
        INI(
            "[orders]\nDriver = PostgreSQL Unicode\nServername = db.example\nUserName = app\nPassword = ⟦pw⟧\nPort = 5432\nSSLmode = require"
        ),
        INI(
            "[databases]\norders = host=«db.example» port=«5432» user=«app» password=⟦pw⟧ dbname=«orders»\n\n[pgbouncer]\nauth_type = scram-sha-256\nauth_file = /etc/pgbouncer/userlist.txt\npool_mode = transaction"
        ),
        INI(
            "relayhost = [smtp.example]:587\nsmtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\nsmtp_sasl_security_options = noanonymous\nsmtp_tls_security_level = encrypt"
        ),
        INI("account acme\nhost smtp.example\nuser maria\npassword ⟦pw⟧\ntls on"),
        INI("[uwsgi]\nhttp = :8000\nenv = SECRET_KEY=⟦an50⟧\nenv = STAGE=prod\nprocesses = 4"),
        INI(
            '[Service]\nExecStart=/usr/bin/node server.js\nEnvironment="API_TOKEN=⟦an32⟧"\nEnvironmentFile=/etc/acme/env\nRestart=always\nUser=app'
        ),
        INI('[program:web]\ncommand=/srv/app/run\nenvironment=DB_PASSWORD="⟦pw⟧",STAGE="«prod»"\nautostart=true'),
        INI(
            "[pypi]\nusername = __token__\npassword = ⟦pypi-|url120⟧\n\n[acme]\nrepository = https://pypi.acme.example\nusername = ci\npassword = ⟦pw⟧"
        ),
        INI(
            "//registry.npmjs.org/:_authToken=⟦an36⟧\n@acme:registry=https://npm.acme.example\n//npm.acme.example/:_password=⟦base24⟧\nalways-auth=true\nfund=false"
        ),
        INI('[registries.acme]\nindex = "https://cargo.acme.example"\ntoken = "⟦an35⟧"\n\n[net]\nretry = 3'),
        INI(
            "[credential]\n\thelper = store\n[user]\n\tname = Maria\n\temail = maria@example.com\n[http]\n\tproxy = http://jo:⟦pw⟧@proxy.example:3128"
        ),
        INI(
            "db.url=jdbc:mysql://db.example:3306/orders\ndb.username=app\ndb.password=⟦pw⟧\ndb.pool.size=10\njwt.secret=⟦an64⟧\njwt.expiration-ms=86400000\nencryptor.algorithm=PBEWithMD5AndDES"
        ),
        INI(
            'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="«app»" password="⟦pw⟧";\nsecurity.protocol=SASL_SSL\nssl.truststore.location=/etc/ssl/trust.jks\nssl.truststore.password=⟦pw⟧\nsasl.mechanism=PLAIN'
        ),
        INI(
            "default_user = app\ndefault_pass = ⟦pw⟧\nssl_options.password = ⟦pw⟧\nssl_options.keyfile = /etc/ssl/key.pem\nheartbeat = 60"
        ),
        INI(
            "listener 1883\nallow_anonymous false\npassword_file /etc/mosquitto/passwd\nremote_password ⟦pw⟧\nbridge_psk ⟦hex32⟧"
        ),
        INI("TURN_SECRET=⟦hex64⟧\nrealm=turn.example\nstatic-auth-secret=⟦hex64⟧\nlistening-port=3478"),
        INI(
            "[core]\nfernet_key = ⟦url43+=⟧\nsql_alchemy_conn = postgresql+psycopg2://app:⟦pw⟧@db.example/airflow\nexecutor = CeleryExecutor\n\n[webserver]\nsecret_key = ⟦hex32⟧\nweb_server_port = 8080\nexpose_config = False"
        ),
        INI("sonar.token=⟦sqp_|hex40⟧\nsonar.projectKey=shop\nsonar.sources=src"),
    ),
    "Deployments": (
        YAML(
            "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: app\n      POSTGRES_PASSWORD: ⟦pw⟧\n      POSTGRES_DB: orders\n    healthcheck:\n      interval: 10s\n      retries: 5\n"
        ),
        YAML(
            'services:\n  web:\n    environment:\n      - SECRET_KEY=⟦an50⟧\n      - STAGE=«prod»\n      - DATABASE_URL=postgres://app:⟦pw⟧@db/orders\n    ports:\n      - "«8080:80»"\n    secrets:\n      - «db_password»\nsecrets:\n  db_password:\n    file: ./db_password.txt\n'
        ),
        YAML(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: shop\ntype: Opaque\ndata:\n  password: ⟦base24⟧\n  api-key: ⟦base44⟧\nstringData:\n  token: ⟦an32⟧\n"
        ),
        YAML(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: tls\ntype: kubernetes.io/tls\ndata:\n  tls.key: ⟦base200⟧\n"
        ),
        YAML(
            "env:\n  - name: DB_HOST\n    value: db.example\n  - name: DB_PASSWORD\n    value: ⟦pw⟧\n  - name: API_KEY\n    valueFrom:\n      secretKeyRef:\n        name: app\n        key: api-key\n"
        ),
        YAML(
            "auth:\n  enablePostgresUser: true\n  postgresPassword: ⟦pw⟧\n  replicationPassword: ⟦pw⟧\n  existingSecret: db-credentials\n  secretKeys:\n    adminPasswordKey: postgres-password\nprimary:\n  persistence:\n    size: 8Gi\n"
        ),
        YAML(
            "global:\n  smtp_smarthost: smtp.example:587\n  smtp_auth_username: app\n  smtp_auth_password: ⟦pw⟧\n  resolve_timeout: 5m\nreceivers:\n  - name: ops\n    pagerduty_configs:\n      - routing_key: ⟦hex32⟧\n        severity: critical\n    slack_configs:\n      - api_url: https://hooks.slack.com/services/T0AAAAAA1/B0AAAAAA1/⟦an24⟧\n"
        ),
        YAML(
            "scrape_configs:\n  - job_name: web\n    scrape_interval: 15s\n    basic_auth:\n      username: prom\n      password: ⟦pw⟧\n    authorization:\n      type: Bearer\n      credentials: ⟦url40⟧\n    tls_config:\n      key_file: /etc/ssl/key.pem\n"
        ),
        YAML(
            '- hosts: web\n  become: true\n  vars:\n    ansible_become_password: ⟦pw⟧\n    mysql_root_password: "⟦pw⟧"\n    http_port: 80\n  tasks:\n    - name: Create the user\n      mysql_user:\n        name: app\n        password: "⟦pw⟧"\n        priv: orders.*:ALL\n'
        ),
        YAML(
            "name: deploy\nenv:\n  NODE_VERSION: 20\njobs:\n  build:\n    runs-on: ubuntu-latest\n    permissions:\n      id-token: write\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          token: ${{ secrets.GH_TOKEN }}\n      - run: ./deploy.sh\n        env:\n          DEPLOY_TOKEN: ⟦an40⟧\n"
        ),
        YAML(
            "Resources:\n  Database:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: mysql\n      MasterUsername: app\n      MasterUserPassword: ⟦pw⟧\n      KmsKeyId: alias/aws/rds\n  Param:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Name: /prod/db/password\n      Value: ⟦pw⟧\n"
        ),
        YAML(
            "provider:\n  name: aws\n  runtime: nodejs20.x\n  environment:\n    STRIPE_SECRET_KEY: ⟦sk_live_|an24⟧\n    TABLE_NAME: orders\n    DB_PASSWORD: ${ssm:/prod/db/password}\n    TOKEN_TTL: 3600\n"
        ),
        YAML(
            "spring:\n  datasource:\n    url: jdbc:postgresql://db.example/orders\n    username: app\n    password: ⟦pw⟧\n    hikari:\n      maximum-pool-size: 10\n  security:\n    oauth2:\n      client:\n        registration:\n          acme:\n            client-id: web\n            client-secret: ⟦url40⟧\n            scope: openid\njwt:\n  secret: ⟦an64⟧\n  expiration: 3600\n"
        ),
        YAML(
            'development:\n  adapter: postgresql\n  database: shop\n  username: app\n  password: ⟦pw⟧\n  pool: 5\nproduction:\n  url: <%= ENV["DATABASE_URL"] %>\nsecret_key_base: ⟦hex128⟧\n'
        ),
        YAML(
            'http:\n  middlewares:\n    auth:\n      basicAuth:\n        users:\n          - "maria:⟦$2y$10$|an53⟧"\n        realm: «ops»\n  routers:\n    web:\n      rule: Host(`shop.example`)\n'
        ),
        YAML(
            "consumers:\n  - username: maria\n    keyauth_credentials:\n      - key: ⟦an32⟧\n    jwt_secrets:\n      - key: web\n        secret: ⟦an32⟧\n        algorithm: HS256\nplugins:\n  - name: rate-limiting\n    config:\n      minute: 60\n"
        ),
        YAML(
            "wifi:\n  ssid: Acme\n  password: ⟦pw⟧\napi:\n  encryption:\n    key: ⟦base43+=⟧\nota:\n  password: ⟦hex32⟧\nlogger:\n  level: DEBUG\n"
        ),
        YAML(
            'swagger: "2.0"\nsecurityDefinitions:\n  ApiKeyAuth:\n    type: apiKey\n    in: header\n    name: X-API-Key\nparameters:\n  password:\n    type: string\n    format: password\n    minLength: 12\n    description: The password of the user\n'
        ),
        YAML(
            "users:\n  - name: ci\n    user:\n      token: ⟦jwt⟧\n  - name: admin\n    user:\n      client-certificate-data: †LS0t\n      client-key-data: ⟦base200⟧\ncontexts:\n  - name: prod\n    context:\n      cluster: prod\n      user: ci\ncurrent-context: prod\n"
        ),
        YAML("hosts:\n  github.example:\n    user: maria\n    oauth_token: ⟦gho_|an36⟧\n    git_protocol: https\n"),
        YAML(
            "version: 2\nmysettings:\n  - &db\n    host: db.example\n    password: &pw ⟦pw⟧\n  - <<: *db\n    port: 5432\n"
        ),
        YAML(
            "private_key: |\n  -----BEGIN PRIVATE KEY-----\n  ⟦base64⟧\n  ⟦base64⟧\n  -----END PRIVATE KEY-----\ncert_path: /etc/ssl/cert.pem\n"
        ),
        YAML("password: >-\n  ⟦an16⟧\nusername: maria\ntoken: '⟦an32⟧'   # rotated in «May»\ntimeout: 30\n"),
        YAML("{user: «maria», password: ⟦pw⟧, port: «5432»}\n"),
        YAML(
            "cloudflare:\n  email: ops@acme.example\n  api_key: ⟦hex37⟧\n  zone_id: †5f4dcc3b5aa765d61d8327deb882cf99\nnotifiers:\n  telegram:\n    chat_id: 17\n    bot_token: ⟦d10⟧:⟦url35⟧\n"
        ),
        ENV(
            "export DB_PASSWORD='⟦pw⟧'\nexport DB_HOST=db.example\nexport PATH=/usr/local/bin:/usr/bin\nexport TOKEN_TTL=3600\nexport PASSWORD_MIN_LENGTH=12"
        ),
        ENV(
            'SECRET_KEY="⟦an50⟧"\nDEBUG=False\nALLOWED_HOSTS=shop.example,localhost\nEMAIL_HOST_PASSWORD=⟦pw⟧\nEMAIL_PORT=587\nCSRF_COOKIE_SECURE=True\nSESSION_COOKIE_AGE=1209600\nPASSWORD_HASHERS=argon2'
        ),
        ENV(
            "APP_KEY=base64:⟦base43+=⟧\nAPP_ENV=local\nDB_CONNECTION=mysql\nDB_PASSWORD=⟦pw⟧\nREDIS_PASSWORD=null\nMAIL_PASSWORD=⟦pw⟧\nMAIL_ENCRYPTION=tls\nPUSHER_APP_SECRET=⟦an20⟧\nSESSION_DRIVER=file\nSESSION_LIFETIME=120"
        ),
        ENV(
            "NEXTAUTH_SECRET=⟦base43+=⟧\nNEXTAUTH_URL=https://shop.example\nGITHUB_ID=†Iv1.8a61f9b3a7aba766\nGITHUB_SECRET=⟦hex40⟧\nNEXT_PUBLIC_API_URL=https://api.example"
        ),
        ENV(
            "STRIPE_WEBHOOK_SECRET=⟦whsec_|an32⟧\nSENTRY_DSN=https://⟦hex32⟧@o1.ingest.sentry.example/17\nAUTH_PROVIDER=cognito\nKEYCLOAK_REALM=acme\nKEYCLOAK_ADMIN_PASSWORD=⟦pw⟧\nJWT_EXPIRES_IN=15m"
        ),
        ENV(
            "TF_VAR_db_password=⟦pw⟧\nPULUMI_CONFIG_PASSPHRASE=⟦pw⟧\nANSIBLE_VAULT_PASSWORD_FILE=/run/secrets/vault\nVAULT_ADDR=https://vault.example:8200\nCONSUL_HTTP_TOKEN=⟦uuid⟧\nSSH_AUTH_SOCK=/tmp/ssh-1/agent.7\nGPG_TTY=/dev/pts/0"
        ),
        ENV(
            "SMTP_URL=smtps://app:⟦pw⟧@smtp.example:465\nAMQP_URL=amqps://app:⟦pw⟧@mq.example/%2Fprod\nCELERY_BROKER_URL=redis://:⟦pw⟧@cache.example:6379/0\nELASTIC_URL=https://elastic:⟦pw⟧@es.example:9200\nWORKERS=4"
        ),
        ENV(
            "MSSQL_CONN=Server=«db.example»;Database=«orders»;User Id=«app»;Password=⟦pw⟧;Encrypt=«True»\nAZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=«https»;AccountName=«acme»;AccountKey=⟦base86+==⟧;EndpointSuffix=«core.windows.net»"
        ),
    ),
    "Files in XML": (
        XML(
            "<settings><servers><server><id>acme</id><username>ci</username><password>⟦pw⟧</password></server></servers><mirrors><mirror><url>https://maven.acme.example</url></mirror></mirrors></settings>"
        ),
        XML(
            '<tomcat-users><role rolename="manager-gui"/><user username="admin" password="⟦pw⟧" roles="manager-gui"/></tomcat-users>'
        ),
        XML(
            '<Connector port="8443" protocol="HTTP/1.1" SSLEnabled="true" keystoreFile="conf/acme.jks" keystorePass="⟦pw⟧" clientAuth="false"/>'
        ),
        XML(
            '<configuration><connectionStrings><add name="Default" connectionString="Server=«db.example»;User Id=«app»;Password=⟦pw⟧;Encrypt=«True»" providerName="System.Data.SqlClient"/></connectionStrings><appSettings><add key="ApiKey" value="⟦an32⟧"/><add key="PageSize" value="20"/></appSettings></configuration>'
        ),
        XML('<machineKey validationKey="⟦uphex128⟧" decryptionKey="⟦uphex64⟧" validation="SHA1" decryption="AES"/>'),
        XML('<network host="smtp.example" port="587" userName="app" password="⟦pw⟧" enableSsl="true"/>'),
        XML(
            '<packageSourceCredentials><acme><add key="Username" value="ci"/><add key="ClearTextPassword" value="⟦pw⟧"/></acme></packageSourceCredentials>'
        ),
        XML(
            '<hibernate-configuration><session-factory><property name="connection.username">app</property><property name="connection.password">⟦pw⟧</property><property name="dialect">org.hibernate.dialect.PostgreSQL</property></session-factory></hibernate-configuration>'
        ),
        XML(
            '<datasource jndi-name="java:/orders"><connection-url>jdbc:postgresql://db.example/orders</connection-url><security><user-name>app</user-name><password>⟦pw⟧</password></security></datasource>'
        ),
        XML(
            "<com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl><scope>GLOBAL</scope><id>ci</id><username>maria</username><password>{⟦base43+=⟧}</password></com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>"
        ),
        XML(
            '<plist version="1.0"><dict><key>Username</key><string>maria</string><key>Password</key><string>⟦pw⟧</string><key>Port</key><integer>993</integer></dict></plist>'
        ),
        XML(
            '<resources><string name="app_name">Acme</string><string name="google_maps_key">⟦AIza|url35⟧</string><string name="api_secret">⟦an40⟧</string></resources>'
        ),
        XML(
            '<Server><Host>ftp.example</Host><Port>21</Port><User>maria</User><Pass encoding="base64">⟦base24⟧</Pass><Logontype>1</Logontype></Server>'
        ),
        XML(
            '<wsse:Security><wsse:UsernameToken><wsse:Username>maria</wsse:Username><wsse:Password Type="http://docs.oasis-open.org/wss#PasswordText">⟦pw⟧</wsse:Password><wsse:Nonce>†x1</wsse:Nonce><wsu:Created>2025-05-01T10:15:00Z</wsu:Created></wsse:UsernameToken></wsse:Security>'
        ),
        XML('<login xmlns="urn:partner.soap"><username>maria@acme.example</username><password>⟦pw⟧</password></login>'),
        XML(
            "<loginResponse><result><sessionId>⟦an112⟧</sessionId><serverUrl>https://eu1.example/services/Soap</serverUrl><passwordExpired>false</passwordExpired><userInfo><userLanguage>en_US</userLanguage></userInfo></result></loginResponse>"
        ),
        XML(
            "<methodCall><methodName>system.login</methodName><params><param><name>password</name><value><string>⟦pw⟧</string></value></param><param><name>page</name><value><int>2</int></value></param></params></methodCall>"
        ),
        XML(
            "<Header><ApiToken>⟦an32⟧</ApiToken><TokenType>Bearer</TokenType><ExpiresIn>3600</ExpiresIn><SessionTimeout>1800</SessionTimeout><PasswordPolicy>strong</PasswordPolicy></Header>"
        ),
        XML(
            '<CardPayment><CardNumber>⟦cardnumber⟧</CardNumber><CVV2>⟦d3⟧</CVV2><ExpiryDate>1227</ExpiryDate><Amount currency="EUR">12.50</Amount><AuthCode>†123456</AuthCode></CardPayment>'
        ),
        XML(
            '<bean id="ds" class="org.apache.commons.dbcp2.BasicDataSource"><property name="username" value="app"/><property name="password" value="⟦pw⟧"/><property name="maxTotal" value="10"/></bean>'
        ),
        XML(
            '<Resource name="jdbc/orders" auth="Container" type="javax.sql.DataSource" username="app" password="⟦pw⟧" maxTotal="20" driverClassName="org.postgresql.Driver"/>'
        ),
        XML(
            "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>Invalid credentials</faultstring><detail><error>password is required</error></detail></soap:Fault>"
        ),
        XML(
            "<ListUsersResponse><member><UserName>maria</UserName><PasswordLastUsed>2025-05-01T10:15:00Z</PasswordLastUsed><MFAEnabled>true</MFAEnabled></member><IsTruncated>false</IsTruncated><NextToken>†AAB</NextToken></ListUsersResponse>"
        ),
        XML(
            '<xs:element name="password" type="xs:string" minOccurs="1"/><xs:element name="token" type="xs:token" minOccurs="0"/>'
        ),
    ),
    "Federation in XML": (
        XML(
            '<samlp:Response ID="_8e8dc5f6" Version="2.0" IssueInstant="2025-05-01T10:15:00Z" Destination="https://sp.example/acs"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:Response>'
        ),
        XML(
            '<saml:AuthnStatement AuthnInstant="2025-05-01T10:15:00Z" SessionIndex="†_be9967ab"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>'
        ),
        XML(
            '<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/></ds:SignedInfo><ds:SignatureValue>⟦base86+==⟧</ds:SignatureValue><ds:KeyInfo><ds:KeyName>k1</ds:KeyName></ds:KeyInfo></ds:Signature>'
        ),
        XML(
            "<wst:RequestSecurityToken><wst:TokenType>urn:oasis:names:tc:SAML:2.0:assertion</wst:TokenType><wst:KeyType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer</wst:KeyType><wst:RequestType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue</wst:RequestType><wst:KeySize>256</wst:KeySize></wst:RequestSecurityToken>"
        ),
        XML(
            '<md:EntityDescriptor entityID="https://idp.example"><md:IDPSSODescriptor WantAuthnRequestsSigned="true"><md:KeyDescriptor use="signing"/><md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat></md:IDPSSODescriptor></md:EntityDescriptor>'
        ),
        XML(
            "<ListBucketResult><Name>acme</Name><Prefix>in/</Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>true</IsTruncated><NextContinuationToken>†1ueGcxLPRx1Tr</NextContinuationToken><Contents><Key>in/password-list.pdf</Key><ETag>&quot;5f4dcc3b&quot;</ETag><Size>434234</Size></Contents></ListBucketResult>"
        ),
        XML(
            "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided.</Message><Key>in/a.csv</Key><RequestId>4442587FB7D0A2F9</RequestId></Error>"
        ),
        XML(
            "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message><HostId>†x1</HostId></Error>"
        ),
        XML(
            "<GetSessionTokenResponse><GetSessionTokenResult><Credentials><AccessKeyId>⟦ASIA|up16⟧</AccessKeyId><SecretAccessKey>⟦an40⟧</SecretAccessKey><SessionToken>⟦base200⟧</SessionToken><Expiration>2025-05-01T11:15:00Z</Expiration></Credentials></GetSessionTokenResult></GetSessionTokenResponse>"
        ),
        XML(
            "<web-app><session-config><session-timeout>30</session-timeout><cookie-config><http-only>true</http-only><name>SHOPSESSION</name></cookie-config><tracking-mode>COOKIE</tracking-mode></session-config><login-config><auth-method>FORM</auth-method></login-config></web-app>"
        ),
        XML(
            '<security:http auto-config="true"><security:intercept-url pattern="/admin/**" access="hasRole(ADMIN)"/><security:form-login login-page="/login"/><security:csrf disabled="false"/></security:http>'
        ),
        XML(
            '<system.web><authentication mode="Forms"><forms loginUrl="/login" timeout="30"/></authentication><sessionState mode="StateServer" timeout="20" cookieless="false"/><membership><providers><add name="Sql" passwordFormat="Hashed" minRequiredPasswordLength="8"/></providers></membership></system.web>'
        ),
        XML(
            "<key>CFBundleIdentifier</key><string>com.acme.shop</string><key>NSFaceIDUsageDescription</key><string>Sign in without a password</string><key>keychain-access-groups</key><string>acme.shared</string>"
        ),
        XML(
            "<error><message>Authentication failed: bad password</message><token>expired</token><session>closed</session><auth>required</auth></error>"
        ),
        XML(
            "<rss><channel><title>Password tips</title><item><title>How to choose a token</title><guid>17</guid><author>maria</author></item></channel></rss>"
        ),
        XML(
            '<testsuite name="TokenTest" tests="17"><testcase name="password is masked" classname="acme.SecretTest" time="0.12"/><properties><property name="token.ttl" value="3600"/></properties></testsuite>'
        ),
    ),
    "Plain errors": (
        MESSAGE(
            "Signature expired: «20250501T101500Z» is now earlier than «20250501T102000Z» («20250501T102500Z» - «5 min».)"
        ),
        MESSAGE('No API key found for provider "«openai»". Set «OPENAI_API_KEY» in the environment.'),
        MESSAGE("TypeError: get_token() missing «1» required positional argument: '«audience»'"),
        MESSAGE("AttributeError: 'Session' object has no attribute '«token»'"),
        MESSAGE("KeyError: '«password»'"),
        MESSAGE("NameError: name '«secret»' is not defined"),
        MESSAGE("undefined method `«password_digest»' for nil:NilClass"),
        MESSAGE('java.lang.NullPointerException: Cannot invoke "«Session.getToken()»" because "«session»" is null'),
        MESSAGE("Property '«apiKey»' does not exist on type '«Config»'."),
        MESSAGE("Invalid session state: «CLOSED», expected «OPEN»"),
        MESSAGE("session «not started» (state: «idle»)"),
        MESSAGE("Cookie “«sid»” has been rejected because it is already expired."),
        MESSAGE(
            "Authorization failed for principal «arn:aws:sts::123456789012:assumed-role/app/i-0abc» on resource «orders»"
        ),
        MESSAGE(
            "AccessDenied: User: «arn:aws:sts::123456789012:assumed-role/app/fn» is not authorized to perform: «secretsmanager:GetSecretValue» on resource: «arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf»"
        ),
        MESSAGE("Card declined: auth code «05» (do not honor), error code: «card_declined»"),
        MESSAGE("invalid_grant: «Token has been expired or revoked.»"),
        MESSAGE("invalid_client: «Client authentication failed (e.g., unknown client)»"),
        MESSAGE("insufficient_scope: token needs scope «orders:write»"),
        MESSAGE("JWTClaimsError: Invalid audience: expected «api», got «web»"),
        MESSAGE("token contains an invalid number of segments: «2»"),
        MESSAGE("Unexpected token «u» in JSON at position «17»"),
        MESSAGE("SyntaxError: Unexpected token '«export»'"),
        MESSAGE("unexpected token: «)» near line «3», column «17» [«select x from»]"),
        MESSAGE('Unable to locate credentials. You can configure credentials by running "«aws configure»".'),
        MESSAGE("The config profile («ci») could not be found"),
        MESSAGE("Private key file not found: «/etc/ssl/private/key.pem»"),
        MESSAGE("ENOENT: no such file or directory, open '«/run/secrets/db_password»'"),
        MESSAGE("bad decrypt: «digital envelope routines» error:«1C800064»"),
        MESSAGE(
            "ssh: handshake failed: «unable to authenticate, attempted methods [none password], no supported methods remain»"
        ),
        MESSAGE("WRONGPASS «invalid username-password pair or user is disabled.»"),
        MESSAGE("NOAUTH «Authentication required.»"),
        MESSAGE("ORA-«01017»: «invalid username/password; logon denied»"),
        MESSAGE("Password expired on «2025-05-01» for account «app»"),
        MESSAGE("password hash algorithm «bcrypt» with cost «12» is not supported"),
        MESSAGE("Context length exceeded: «128000» tokens, requested «131072» tokens («2048» in the completion)"),
        MESSAGE("Rate limit reached for tokens per min (TPM): Limit «30000», Used «29512», Requested «1024»"),
        MESSAGE(
            "CSRF verification failed. Reason: «Origin checking failed - https://evil.example does not match any trusted origins.»"
        ),
        MESSAGE("InvalidAuthenticityToken in «OrdersController#create»"),
        MESSAGE("ConditionalCheckFailedException: key «order#17» already exists"),
        MESSAGE("duplicate key error: key: «user-17», index: «email_1»"),
        MESSAGE("Lock key: «orders:17» is held by «worker-3»"),
        MESSAGE("One-time code was not sent: «provider timeout» after «30» s"),
        MESSAGE("MFA required: method «totp», factor id «17»"),
        MESSAGE("The AWS Access Key Id needs a subscription for the service («OptInRequired»)"),
        MESSAGE("credential provider «EcsMetadata» timed out after «1000 ms»"),
    ),
    "Statements": (
        SQL("CREATE USER 'app'@'%' IDENTIFIED BY '⟦pw⟧' PASSWORD EXPIRE NEVER"),
        SQL("CREATE USER app WITH ENCRYPTED PASSWORD '⟦pw⟧' VALID UNTIL '«2026-01-01»'"),
        SQL("ALTER USER 'app'@'localhost' IDENTIFIED WITH mysql_native_password BY '⟦pw⟧'"),
        SQL("CREATE LOGIN app WITH PASSWORD = '⟦pw⟧', DEFAULT_DATABASE = [«orders»], CHECK_POLICY = «ON»"),
        SQL("ALTER LOGIN sa WITH PASSWORD = N'⟦pw⟧' OLD_PASSWORD = N'⟦pw⟧'"),
        SQL("CREATE DATABASE SCOPED CREDENTIAL acme WITH IDENTITY = '«SHARED ACCESS SIGNATURE»', SECRET = '⟦url80⟧'"),
        SQL("CREATE MASTER KEY ENCRYPTION BY PASSWORD = '⟦pw⟧'"),
        SQL("UPDATE users SET password = crypt('⟦pw⟧', gen_salt('«bf»', «10»)) WHERE id = «17»"),
        SQL("SELECT id FROM users WHERE email = '«maria@example.com»' AND password = md5('⟦pw⟧') LIMIT «1»"),
        SQL("SELECT '«x»' AS kind FROM payments WHERE id = «17»"),
        SQL("SELECT pgp_sym_decrypt(ssn, '⟦pw⟧') FROM people WHERE id = «17»"),
        SQL(
            "INSERT INTO users (email, password, city) VALUES ('«a@example.com»', '⟦pw⟧', '«Bonn»'), ('«b@example.com»', '⟦pw⟧', '«Ulm»')"
        ),
        SQL(
            "INSERT INTO sessions (session_id, user_id, token, expires_at) VALUES ('⟦an40⟧', «17», '⟦url43⟧', '«2025-05-01»')"
        ),
        SQL("REPLACE INTO settings SET name = '«smtp»', smtp_password = '⟦pw⟧', port = «587»"),
        SQL(
            "COPY orders FROM '«s3://acme/orders»' CREDENTIALS 'aws_access_key_id=⟦AKIA|up16⟧;aws_secret_access_key=⟦an40⟧' CSV DELIMITER '«,»'"
        ),
        SQL(
            "CREATE STAGE acme URL='«s3://acme/»' CREDENTIALS=(AWS_KEY_ID='⟦AKIA|up16⟧' AWS_SECRET_KEY='⟦an40⟧') FILE_FORMAT=(TYPE=«CSV»)"
        ),
        SQL(
            "CREATE SUBSCRIPTION s CONNECTION 'host=«db.example» user=«repl» password=⟦pw⟧ dbname=«orders»' PUBLICATION «p»"
        ),
        SQL(
            "SELECT * FROM dblink('host=«db.example» dbname=«orders» user=«app» password=⟦pw⟧', '«select 1»') AS t(x int)"
        ),
        SQL(
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST='«db.example»', SOURCE_USER='«repl»', SOURCE_PASSWORD='⟦pw⟧', SOURCE_PORT=«3306»"
        ),
        SQL("CREATE SECRET s3 (TYPE «s3», KEY_ID '⟦AKIA|up16⟧', SECRET '⟦an40⟧', REGION '«eu-west-1»')"),
        SQL("CREATE USER MAPPING FOR app SERVER remote OPTIONS (user '«app»', password '⟦pw⟧')"),
        SQL("GRANT ALL ON orders.* TO 'app'@'%' IDENTIFIED BY '⟦pw⟧'"),
        SQL("SET PASSWORD FOR 'app'@'%' = '⟦pw⟧'"),
        SQL(
            "MERGE INTO t USING (SELECT «17» AS id, '⟦an40⟧' AS api_key) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET t.city = '«Bonn»'"
        ),
        SQL("SELECT '⟦url43⟧' AS token, '«maria»' AS name, «17» AS id"),
        SQL("CALL create_user(p_email => '«maria@example.com»', p_password => '⟦pw⟧', p_role => '«admin»')"),
        SQL("EXEC sp_addlogin @loginame = N'«app»', @passwd = N'⟦pw⟧', @defdb = N'«orders»'"),
        SQL(
            "SELECT count(*) FROM tokens WHERE token_type = '«refresh»' AND password_changed_at > '«2025-05-01»' AND session_count < «17» ORDER BY key_name LIMIT «20»"
        ),
        SQL("SELECT key, value FROM settings WHERE key = '«page_size»' AND scope = '«shop»'"),
        MESSAGE(
            'SQLSTATE[«28P01»]: FATAL: password authentication failed for user "«app»" (Connection: «pgsql», SQL: update users set remember_token = ⟦an60⟧ where id = «17»)'
        ),
        MESSAGE(
            'ERROR: duplicate key value violates unique constraint "«sessions_token_key»" DETAIL: Key (token)=(⟦url43⟧) already exists.'
        ),
        MESSAGE("Data too long for column '«api_token»' at row «1»"),
        MESSAGE("invalid input syntax for type uuid: \"«abc»\" CONTEXT: unnamed portal parameter $1 = '...'"),
        MESSAGE("[parameters: {'email': '«maria@example.com»', 'password_hash': '⟦$2b$12$|an53⟧', 'age': «17»}]"),
        MESSAGE('QueryFailedError: query failed: SELECT * FROM users WHERE api_key = $1 -- PARAMETERS: ["⟦an32⟧"]'),
        MESSAGE(
            'MongoServerError: E11000 duplicate key error collection: «shop.users» index: «apiKey_1» dup key: { apiKey: "⟦an32⟧" }'
        ),
        MESSAGE(
            "ValidationError: User validation failed: password: Path `password` (`⟦an8⟧`) is shorter than the minimum allowed length («12»)."
        ),
        MESSAGE(
            "1 validation error for Settings\napi_key\n  «Field required» [type=«missing», input_value={'debug': «True»}, input_type=«dict»]"
        ),
        MESSAGE(
            "1 validation error for Login\npassword\n  String should have at least «12» characters [type=«string_too_short», input_value='⟦an8⟧', input_type=«str»]"
        ),
        MESSAGE("Invalid value for environment variable API_TOKEN: '⟦an32⟧' («expected 40 characters»)"),
        MESSAGE("json: cannot unmarshal string into Go struct field Config.secret of type «int»"),
        MESSAGE("Error: «secretOrPrivateKey must have a value»"),
        MESSAGE('jwt malformed: "⟦url40⟧"'),
        MESSAGE("KeyError: '«api_key»'"),
        MESSAGE(
            "AuthenticationError: «401» Incorrect API key provided: ⟦sk-proj-|an40⟧. You can find your API key at «https://platform.example/account/api-keys»."
        ),
        MESSAGE(
            "The security token included in the request is «invalid» (Service: «AWSSecurityTokenService»; Status Code: «403»; Error Code: «InvalidClientTokenId»; Request ID: «~uuid»)"
        ),
        MESSAGE("Could not resolve placeholder '«db.password»' in value \"${db.password}\""),
        MESSAGE(
            'Missing required parameter in input: "«SecretId»"; Unknown parameter in input: "«SecretName»", must be one of: «SecretId, VersionId, VersionStage»'
        ),
    ),
}
