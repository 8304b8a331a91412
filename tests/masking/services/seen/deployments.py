"""What is deployed and how: manifests, values, workflows, plans, and the files that servers and clients are set up by."""

from tests.masking.services.shapes import ENV, INI, PRINTED, YAML

SERVICES = {
    "Manifests": (
        YAML(
            "version: '3.9'\nservices:\n  db:\n    image: mysql:8.4\n    environment:\n      MYSQL_ROOT_PASSWORD: ⟦pw⟧\n      MYSQL_DATABASE: orders\n      MYSQL_ALLOW_EMPTY_PASSWORD: 'no'\n    healthcheck:\n      interval: 10s\n      retries: 5\n"
        ),
        YAML(
            "services:\n  minio:\n    image: minio/minio\n    command: server /data --console-address :9001\n    environment:\n      - MINIO_ROOT_USER=†admin\n      - MINIO_ROOT_PASSWORD=⟦pw⟧\n    restart: always\n"
        ),
        YAML(
            "services:\n  redis:\n    image: redis:7\n    command: redis-server --requirepass ⟦pw⟧ --appendonly yes\n    ports: ['6379:6379']\n"
        ),
        YAML(
            'services:\n  cache:\n    command: ["redis-server", "--requirepass", "⟦pw⟧"]\n  web:\n    labels:\n      - "traefik.http.middlewares.auth.basicauth.users=maria:⟦$$apr1$$|an8+$$+an22⟧"\n'
        ),
        YAML(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: mail\nstringData:\n  smtp-user: app\n  smtp-pass: ⟦pw⟧\n  config.yaml: |\n    host: smtp.example\n    password: ⟦pw⟧\n"
        ),
        YAML(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: registry\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: †eyJhdXRocyI6e319\n"
        ),
        YAML(
            "apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata:\n  name: db\nspec:\n  refreshInterval: 1h\n  secretStoreRef:\n    name: aws\n    kind: ClusterSecretStore\n  data:\n    - secretKey: password\n      remoteRef:\n        key: prod/db\n        property: password\n"
        ),
        YAML(
            'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: acme/web:1.4.2\n          args:\n            - --port=8080\n            - --db-password=⟦pw⟧\n            - --jwt-key\n            - ⟦an40⟧\n          env:\n            - name: SENTRY_AUTH_TOKEN\n              value: "⟦hex64⟧"\n            - name: LOG_LEVEL\n              value: "info"\n'
        ),
        YAML(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\nautomountServiceAccountToken: false\nimagePullSecrets:\n  - name: regcred\nsecrets:\n  - name: web-token-x7k2p\n"
        ),
        YAML(
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: db\nspec:\n  encryptedData:\n    password: ⟦AgB|base200⟧\n  template:\n    type: Opaque\n"
        ),
        YAML(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n  TOKEN_EXPIRY: 15m\n  PASSWORD_MIN_LENGTH: '12'\n  SESSION_STORE: redis\n  AUTH_ENABLED: 'true'\n  COOKIE_DOMAIN: shop.example\n  application.properties: |\n    spring.mail.password=⟦pw⟧\n    spring.mail.port=587\n"
        ),
        YAML(
            "kind: Kustomization\nsecretGenerator:\n  - name: db\n    literals:\n      - username=app\n      - password=⟦pw⟧\n    options:\n      disableNameSuffixHash: true\n"
        ),
        YAML(
            "grafana:\n  adminUser: ops\n  adminPassword: ⟦pw⟧\n  persistence:\n    enabled: true\n  grafana.ini:\n    auth.generic_oauth:\n      enabled: true\n      client_id: grafana\n      client_secret: ⟦an32⟧\n      scopes: openid profile\n      auth_url: https://id.example/authorize\n      token_url: https://id.example/token\n"
        ),
        YAML(
            "rabbitmq:\n  auth:\n    username: app\n    password: ⟦pw⟧\n    erlangCookie: ⟦up20⟧\n    existingPasswordSecret: ''\nredis:\n  auth:\n    enabled: true\n    password: \"⟦pw⟧\"\n    usePasswordFiles: false\n  replica:\n    replicaCount: 3\n"
        ),
        YAML(
            "externalDatabase:\n  host: db.example\n  port: 5432\n  user: app\n  pass: ⟦pw⟧\n  existingSecretPasswordKey: db-password\nkeycloak:\n  auth:\n    adminUser: admin\n    adminPassword: '⟦pw⟧'\n  proxy: edge\n"
        ),
        YAML(
            "controller:\n  adminPassword: ⟦pw⟧\n  numExecutors: 2\n  JCasC:\n    configScripts:\n      creds: |\n        credentials:\n          system:\n            domainCredentials:\n              - credentials:\n                  - usernamePassword:\n                      id: git\n                      username: ci\n                      password: ⟦pw⟧\n                      scope: GLOBAL\n"
        ),
        YAML(
            "argocd:\n  server:\n    url: https://cd.example\n  configs:\n    secret:\n      argocdServerAdminPassword: ⟦$2a$10$|an53⟧\n      githubSecret: ⟦an40⟧\n    params:\n      server.insecure: true\n"
        ),
        YAML(
            "on:\n  push:\n    branches: [main]\nenv:\n  REGISTRY: ghcr.io\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: docker/login-action@v3\n        with:\n          registry: ghcr.io\n          username: ${{ github.actor }}\n          password: ${{ secrets.GITHUB_TOKEN }}\n      - uses: appleboy/ssh-action@v1\n        with:\n          host: web-1.example\n          username: deploy\n          password: ⟦pw⟧\n          port: 22\n"
        ),
        YAML(
            'stages:\n  - build\n  - deploy\nvariables:\n  DOCKER_DRIVER: overlay2\n  DB_PASS: ⟦pw⟧\n  CI_DEBUG_TRACE: "false"\ndeploy:\n  stage: deploy\n  script:\n    - docker login -u ci -p ⟦an20⟧ registry.example\n    - curl --header "PRIVATE-TOKEN: ⟦an20⟧" https://git.example/api/v4/projects\n  cache:\n    key: $CI_COMMIT_REF_SLUG\n'
        ),
        YAML(
            "version: 2.1\norbs:\n  node: circleci/node@5.2\njobs:\n  build:\n    docker:\n      - image: cimg/node:20.11\n        auth:\n          username: acme\n          password: ⟦pw⟧\n        environment:\n          NPM_TOKEN: ⟦npm_|an36⟧\n    steps:\n      - restore_cache:\n          key: deps-v1\n"
        ),
        YAML(
            "trigger:\n  - main\npool:\n  vmImage: ubuntu-latest\nvariables:\n  - name: dbPassword\n    value: ⟦pw⟧\n  - name: buildConfiguration\n    value: Release\n  - group: shop\n"
        ),
        YAML(
            'language: ruby\nrvm: 3.3\nenv:\n  global:\n    - secure: "⟦base86+==⟧"\n    - RAILS_ENV=test\nnotifications:\n  slack: acme:⟦an24⟧\n  email: false\n'
        ),
        YAML(
            "pipelines:\n  default:\n    - step:\n        name: Deploy\n        script:\n          - export AWS_SECRET_ACCESS_KEY=⟦base40⟧\n          - npm ci\n        services:\n          - docker\n"
        ),
        YAML(
            'all:\n  hosts:\n    web1:\n      ansible_host: 10.0.0.7\n      ansible_user: deploy\n      ansible_ssh_pass: ⟦pw⟧\n      ansible_port: 22\n  vars:\n    postgresql_users:\n      - name: app\n        password: "{{ vault_db_password }}"\n    redis_requirepass: ⟦pw⟧\n    vault_db_password: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      ⟦hex64⟧\n      ⟦hex64⟧\n'
        ),
        YAML(
            "- name: Log in\n  uri:\n    url: https://api.example/login\n    method: POST\n    body_format: json\n    body:\n      user: maria\n      password: ⟦pw⟧\n    status_code: 200\n  register: login\n  no_log: true\n- name: Add the user\n  user:\n    name: maria\n    password: \"{{ '⟦pw⟧' | password_hash('sha512') }}\"\n    state: present\n"
        ),
        YAML(
            "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  DBPassword:\n    Type: String\n    NoEcho: true\n    MinLength: 12\n    Default: ⟦pw⟧\nResources:\n  Key:\n    Type: AWS::ApiGateway::ApiKey\n    Properties:\n      Name: shop\n      Value: ⟦an32⟧\n      Enabled: true\n"
        ),
        YAML(
            "Resources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n      Runtime: python3.12\n      Environment:\n        Variables:\n          SLACK_SIGNING_SECRET: ⟦hex32⟧\n          TABLE: !Ref Orders\n          DB_PASSWORD: '{{resolve:secretsmanager:prod/db:SecretString:password}}'\n"
        ),
        YAML(
            "config:\n  aws:region: eu-west-1\n  shop:dbPassword:\n    secure: ⟦v1:|base16+:+base60⟧\n  shop:apiToken: ⟦an40⟧\nencryptionsalt: ⟦v1:|base11+=:v1:+base60⟧\n"
        ),
        YAML(
            "cluster:\n  name: shop\n  ssl:\n    keystore: /etc/ssl/shop.jks\n    keystore_password: ⟦pw⟧\n    truststore_password: ⟦pw⟧\n    client_auth: required\nauthenticator: PasswordAuthenticator\ncredentials_validity: 2000ms\n"
        ),
        YAML(
            "xpack.security.enabled: true\nxpack.security.transport.ssl.keystore.path: certs/elastic.p12\nelasticsearch.username: kibana_system\nelasticsearch.password: ⟦pw⟧\nxpack.encryptedSavedObjects.encryptionKey: ⟦an32⟧\nserver.port: 5601\n"
        ),
        YAML(
            'filebeat.inputs:\n  - type: log\n    paths: [/var/log/*.log]\noutput.elasticsearch:\n  hosts: ["https://es.example:9200"]\n  username: beats\n  password: "⟦pw⟧"\n  api_key: "⟦url20⟧:⟦url22⟧"\nlogging.level: info\n'
        ),
        YAML(
            "receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: 0.0.0.0:4317\nexporters:\n  otlphttp:\n    endpoint: https://otlp.example\n    headers:\n      api-key: ⟦an40⟧\n      x-tenant: acme\n  datadog:\n    api:\n      key: ⟦hex32⟧\n      site: datadoghq.eu\n"
        ),
        YAML(
            "remote_write:\n  - url: https://prom.example/api/prom/push\n    basic_auth:\n      username: 12345\n      password: ⟦glc_|an60⟧\n    bearer_token: ⟦url43⟧\n    queue_config:\n      max_shards: 10\n"
        ),
        YAML(
            "homeassistant:\n  name: Home\n  latitude: 52.52\nmqtt:\n  broker: mqtt.example\n  username: ha\n  password: ⟦pw⟧\nsensor:\n  - platform: openweathermap\n    api_key: ⟦hex32⟧\n    mode: daily\nalarm_control_panel:\n  - platform: manual\n    code: ⟦d6⟧\n    arming_time: 30\n"
        ),
        YAML(
            'matrix:\n  homeserver: https://matrix.example\nregistration_shared_secret: "⟦url50⟧"\nmacaroon_secret_key: ⟦an50⟧\nform_secret: ⟦an50⟧\nenable_registration: false\nturn_shared_secret: "⟦an40⟧"\nturn_user_lifetime: 1h\npassword_config:\n  enabled: true\n  pepper: ⟦an32⟧\n'
        ),
        YAML(
            "dn: cn=admin,dc=acme\ncn: admin\nuserPassword: ⟦{SSHA}|base38+==⟧\nobjectClass: simpleSecurityObject\nmail: admin@acme.example\n"
        ),
        YAML(
            'network:\n  version: 2\n  wifis:\n    wlan0:\n      dhcp4: true\n      access-points:\n        "Acme":\n          password: "⟦pw⟧"\n          mode: infrastructure\n'
        ),
        YAML(
            "#cloud-config\nhostname: web-1\nchpasswd:\n  expire: false\n  list: |\n    root:⟦pw⟧\n    maria:⟦pw⟧\nssh_pwauth: true\nusers:\n  - name: maria\n    passwd: ⟦$6$|an8+$+an86⟧\n    lock_passwd: false\n    shell: /bin/bash\n"
        ),
        YAML(
            "authentication:\n  jwt:\n    issuer: https://id.example\n    audience: shop\n    key: ⟦an64⟧\n    lifetime: 15m\n  basic:\n    realm: shop\n    user: maria\n    hash: ⟦$2y$10$|an53⟧\nrate_limit:\n  key: ip\n  limit: 100\n"
        ),
        YAML(
            "openapi: 3.1.0\ncomponents:\n  securitySchemes:\n    apiKey:\n      type: apiKey\n      in: header\n      name: X-API-Key\n    oauth:\n      type: oauth2\n      flows:\n        clientCredentials:\n          tokenUrl: https://id.example/token\n  schemas:\n    Login:\n      required: [email, password]\n      properties:\n        password:\n          type: string\n          minLength: 12\n          example: ⟦pw⟧\n"
        ),
        YAML(
            "en:\n  devise:\n    passwords:\n      edit: Change your password\n      no_token: You cannot access this page without coming from a password reset email\n    failure:\n      invalid: Invalid email or password.\n      timeout: Your session expired.\n  forms:\n    password: Password\n    token: Token\n    api_key: API key\n    forgot_password: Forgot your password?\n"
        ),
        YAML(
            "tasks:\n  - id: rotate-keys\n    key: rotate\n    schedule: daily\n    retries: 3\n  - id: refresh-token\n    key: refresh\n    token_bucket:\n      capacity: 100\n      refill: 10\ncache:\n  key: deps-{{ checksum }}\n  paths: [node_modules]\n"
        ),
        YAML(
            "users:\n  maria:\n    password: ⟦pw⟧\n    roles: [admin, ops]\n    email: maria@acme.example\n  jo:\n    password: ⟦pw⟧\n    roles: [viewer]\n    disabled: true\n"
        ),
        YAML(
            "default: &default\n  adapter: mysql2\n  encoding: utf8mb4\n  username: app\n  password: <%= ENV['DB_PASSWORD'] %>\ntest:\n  <<: *default\n  password: '⟦pw⟧'\n  socket: /tmp/mysql.sock\n"
        ),
        YAML(
            "provider: s3\naccess_key_id: ⟦AKIA|up16⟧\nsecret_access_key: ⟦base40⟧\nregion: eu-west-1\nbucket: acme-data\nsse: aws:kms\nacl: private\n"
        ),
        YAML(
            "quarkus:\n  datasource:\n    username: app\n    password: ⟦pw⟧\n    jdbc:\n      max-size: 16\n  oidc:\n    client-id: web\n    credentials:\n      secret: ⟦an32⟧\n    application-type: service\nmp.jwt.verify.issuer: https://id.example\n"
        ),
    ),
    "Settings of servers": (
        INI(
            "[global]\nworkgroup = ACME\nserver string = files\nencrypt passwords = yes\nldap admin dn = cn=admin,dc=acme\npassdb backend = tdbsam\n\n[share]\npath = /srv/share\nvalid users = maria"
        ),
        INI('[mysqldump]\nuser = backup\npassword = "⟦pw⟧"\nquick\nmax_allowed_packet = 64M'),
        INI(
            '[mail function]\nSMTP = localhost\nsmtp_port = 25\n[MySQLi]\nmysqli.default_user = app\nmysqli.default_pw = ⟦pw⟧\nmysqli.max_links = -1\n[Session]\nsession.save_handler = redis\nsession.save_path = "tcp://cache.example:6379?auth=⟦pw⟧"\nsession.name = PHPSESSID\nsession.cookie_lifetime = 0\nsession.sid_length = 32'
        ),
        INI(
            "registry=https://npm.example/\n//npm.example/:_authToken=⟦npm_|an36⟧\nalways-auth=true\nsave-exact=true\nstrict-ssl=true"
        ),
        INI(
            "@acme:registry=https://npm.pkg.example\n//npm.pkg.example/:_password=⟦base32⟧\n//npm.pkg.example/:username=ci\n//npm.pkg.example/:email=ci@acme.example"
        ),
        INI("registry=https://artifactory.example/api/npm/npm/\n_auth=⟦base44⟧\nemail=ci@acme.example"),
        INI(
            "[distutils]\nindex-servers = acme\n\n[acme]\nrepository = https://pypi.example/\nusername = ci\npassword = ⟦pw⟧"
        ),
        INI("[global]\nindex-url = https://ci:⟦pw⟧@pypi.example/simple\ntimeout = 60"),
        INI(
            "machine api.example login maria password ⟦pw⟧\nmachine git.example login ci password ⟦an40⟧\ndefault login anonymous password ⟦pw⟧"
        ),
        INI("machine ftp.example\n  login maria\n  account acme\n  password ⟦pw⟧\n"),
        INI("db.example:5432:orders:app:⟦pw⟧\n*:*:*:postgres:⟦pw⟧"),
        INI(
            "[orders]\nDriver = PostgreSQL\nServername = db.example\nPort = 5432\nDatabase = orders\nUserName = app\nPassword = ⟦pw⟧\nReadOnly = No"
        ),
        INI(
            "[ODBC Data Sources]\norders = MySQL\n[orders]\nDRIVER=/usr/lib/libmyodbc8.so\nSERVER=db.example\nUID=app\nPWD=⟦pw⟧\nOPTION=3"
        ),
        INI(
            "[default]\naws_access_key_id = ⟦AKIA|up16⟧\naws_secret_access_key = ⟦base40⟧\nregion = eu-west-1\noutput = json\n\n[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/ci\nsource_profile = default\nmfa_serial = arn:aws:iam::123456789012:mfa/maria"
        ),
        INI(
            '[user]\nname = Maria\nemail = maria@acme.example\nsigningkey = †3AA5C343\n[credential]\nhelper = store\n[url "https://ci:⟦pw⟧@git.example/"]\ninsteadOf = https://git.example/\n[http]\nextraHeader = Authorization: Basic ⟦base32⟧'
        ),
        INI("https://maria:⟦pw⟧@git.example\nhttps://ci:⟦ghp_|an36⟧@github.example"),
        INI(
            '[program:web]\ncommand=/srv/web/run --port 8080\nuser=app\nautostart=true\nenvironment=SECRET_KEY="⟦an50⟧",STAGE="«prod»"\nstdout_logfile=/var/log/web.log\n\n[inet_http_server]\nport=127.0.0.1:9001\nusername=ops\npassword=⟦pw⟧'
        ),
        INI(
            '[Unit]\nDescription=Web\nAfter=network.target\n\n[Service]\nUser=app\nEnvironment="DB_PASSWORD=⟦pw⟧" "STAGE=«prod»"\nEnvironment=API_TOKEN=⟦an40⟧\nEnvironmentFile=-/etc/default/web\nLoadCredential=db:/etc/creds/db\nExecStart=/srv/web/run\nRestart=always'
        ),
        INI(
            'listen 80;\nserver_name shop.example;\nproxy_set_header Authorization "Basic ⟦base32⟧";\nproxy_set_header X-Api-Key "⟦an32⟧";\nproxy_pass http://10.0.0.7:8080;\nauth_basic "«Restricted»";\nauth_basic_user_file «/etc/nginx/.htpasswd»;\nssl_certificate_key «/etc/ssl/shop.key»;\nproxy_cache_key «$scheme$host$request_uri»;'
        ),
        INI(
            'AuthLDAPURL "«ldaps://ldap.example/dc=acme?uid»"\nAuthLDAPBindDN "«cn=www,dc=acme»"\nAuthLDAPBindPassword "⟦pw⟧"\nAuthType «Basic»\nAuthName "«Restricted»"\nRequire «valid-user»\nSSLCertificateKeyFile «/etc/ssl/shop.key»'
        ),
        INI(
            'SetEnv DB_PASSWORD ⟦pw⟧\nSetEnv STAGE «prod»\nRequestHeader set X-Auth-Token "⟦an40⟧"\nDBDParams "host=«db.example» user=«app» password=⟦pw⟧"'
        ),
        INI(
            "userlist ops\n  user maria password ⟦$5$|an16+$+an43⟧\n  user jo insecure-password ⟦pw⟧\nfrontend fe\n  bind :443 ssl crt «/etc/ssl/shop.pem»\n  stats auth maria:⟦pw⟧\n  timeout client «30s»"
        ),
        INI(
            "global_defs {\n  router_id «web1»\n}\nvrrp_instance VI_1 {\n  state «MASTER»\n  virtual_router_id «51»\n  authentication {\n    auth_type «PASS»\n    auth_pass ⟦an8⟧\n  }\n}"
        ),
        INI(
            "requirepass ⟦pw⟧\nmasterauth ⟦pw⟧\nuser app on >⟦pw⟧ ~* +@all\nport «6379»\nmaxmemory «512mb»\nappendonly «yes»"
        ),
        INI('rootdn "«cn=admin,dc=acme»"\nrootpw ⟦{SSHA}|base32⟧\nsuffix "«dc=acme»"\ndirectory «/var/lib/ldap»'),
        INI("uri ldap://ldap.example\nbase dc=acme\nbinddn cn=proxy,dc=acme\nbindpw ⟦pw⟧\npam_password «crypt»"),
        INI(
            "[domain/acme]\nid_provider = ldap\nldap_uri = ldaps://ldap.example\nldap_default_bind_dn = cn=sssd,dc=acme\nldap_default_authtok_type = password\nldap_default_authtok = ⟦pw⟧\ncache_credentials = True"
        ),
        INI('network={\n\tssid="«Acme»"\n\tpsk="⟦pw⟧"\n\tkey_mgmt=«WPA-PSK»\n\tpriority=«5»\n}'),
        INI("interface=wlan0\nssid=Acme\nwpa=2\nwpa_passphrase=⟦pw⟧\nwpa_key_mgmt=WPA-PSK\nchannel=6"),
        INI("[connection]\nid=Acme\ntype=wifi\n[wifi-security]\nkey-mgmt=wpa-psk\npsk=⟦pw⟧\n[ipv4]\nmethod=auto"),
        INI(
            "[Interface]\nPrivateKey = ⟦base43+=⟧\nAddress = 10.8.0.2/24\nDNS = 10.8.0.1\n[Peer]\nPublicKey = †xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\nPresharedKey = ⟦base43+=⟧\nEndpoint = vpn.example:51820\nPersistentKeepalive = 25"
        ),
        INI(
            'conn acme\n  left=%defaultroute\n  right=203.0.113.7\n  authby=secret\n  ike=aes256-sha256-modp2048\n203.0.113.7 : PSK "⟦pw⟧"\nmaria : EAP "⟦pw⟧"'
        ),
        INI(
            'plugin rlm_sql\nclient office {\n  ipaddr = «10.0.0.0/8»\n  secret = ⟦pw⟧\n  shortname = «office»\n}\nmaria Cleartext-Password := "⟦pw⟧"'
        ),
        INI(
            '[smtp]\nenabled = true\nhost = smtp.example:587\nuser = app\npassword = """⟦pw⟧"""\nskip_verify = false\n[security]\nsecret_key = ⟦an20⟧\nadmin_password = ⟦pw⟧\ncookie_secure = true\ndisable_gravatar = true'
        ),
        INI(
            "[database]\nDB_TYPE = postgres\nHOST = db.example:5432\nNAME = gitea\nUSER = gitea\nPASSWD = `⟦pw⟧`\n[security]\nINSTALL_LOCK = true\nSECRET_KEY = ⟦an64⟧\nINTERNAL_TOKEN = ⟦jwt⟧\nPASSWORD_HASH_ALGO = pbkdf2\n[oauth2]\nJWT_SECRET = ⟦url43⟧"
        ),
        INI(
            "[core]\nfernet_key = ⟦url43+=⟧\nsql_alchemy_conn = postgresql+psycopg2://airflow:⟦pw⟧@db.example/airflow\nload_examples = False\n[webserver]\nsecret_key = ⟦hex32⟧\nexpose_config = False\n[smtp]\nsmtp_password = ⟦pw⟧\nsmtp_port = 587"
        ),
        INI(
            "security.oauth2.client.client-secret=⟦an32⟧\nserver.ssl.key-alias=shop\nserver.ssl.key-store-type=PKCS12\nspring.redis.password=⟦pw⟧\nspring.jpa.show-sql=false\njwt.token.validity=3600\nmanagement.endpoint.env.keys-to-sanitize=password"
        ),
        INI(
            'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="«app»" password="⟦pw⟧";\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nssl.truststore.location=/etc/ssl/trust.jks\nssl.truststore.password=⟦pw⟧\nssl.key.password=⟦pw⟧\ngroup.id=shop'
        ),
        INI(
            "db.url=jdbc:mysql://db.example/orders?user=app&password=⟦pw⟧&useSSL=«true»\ndb.pool=10\nhibernate.connection.password ⟦pw⟧\nhibernate.show_sql false"
        ),
        INI(
            "systemProp.http.proxyPassword=⟦pw⟧\nsystemProp.http.proxyUser=ci\nRELEASE_STORE_PASSWORD=⟦pw⟧\nRELEASE_KEY_ALIAS=acme\norg.gradle.jvmargs=-Xmx2g"
        ),
        INI(
            "[remote]\ntype = sftp\nhost = files.example\nuser = maria\npass = ⟦url40⟧\nkey_use_agent = false\n[crypt]\ntype = crypt\nremote = remote:in\npassword = ⟦url32⟧\npassword2 = ⟦url32⟧\nfilename_encryption = standard"
        ),
        INI(
            "[s3cmd]\naccess_key = ⟦AKIA|up16⟧\nsecret_key = ⟦base40⟧\nhost_base = s3.example\ngpg_passphrase = ⟦pw⟧\nuse_https = True\nsignature_v2 = False"
        ),
        INI(
            '[agent]\ninterval = "10s"\n[[outputs.influxdb_v2]]\nurls = ["«https://influx.example»"]\ntoken = "⟦url86+==⟧"\norganization = "acme"\n[[inputs.mysql]]\nservers = ["app:⟦pw⟧@tcp(db.example:3306)/?tls=false"]'
        ),
        INI(
            'db_password = "⟦pw⟧"\nregion = "eu-west-1"\ninstance_count = 3\napi_tokens = ["⟦an40⟧", "⟦an40⟧"]\ntags = { team = "«shop»", owner = "«maria»" }'
        ),
        INI(
            'variable "db_password" {\n  type      = «string»\n  sensitive = «true»\n  default   = "⟦pw⟧"\n}\nresource "aws_db_instance" "db" {\n  username = "«app»"\n  password = var.db_password\n  storage_encrypted = «true»\n}'
        ),
        INI(
            'storage "consul" {\n  address = "«127.0.0.1:8500»"\n  token   = "⟦uuid⟧"\n  path    = "«vault/»"\n}\nseal "awskms" {\n  kms_key_id = "«alias/vault»"\n}\nencrypt = "⟦base43+=⟧"'
        ),
        INI(
            "Host web-1\n  HostName «10.0.0.7»\n  User «deploy»\n  IdentityFile «~/.ssh/id_ed25519»\n  PasswordAuthentication «no»\n  PubkeyAuthentication yes"
        ),
        INI("account default\nhost smtp.example\nport 587\nauth on\nuser app\npassword ⟦pw⟧\ntls on"),
        INI('poll imap.example protocol IMAP\nuser "«maria»" there with password "⟦pw⟧" is "«maria»" here\nssl'),
        INI('set imap_user = "«maria»"\nset imap_pass = "⟦pw⟧"\nset smtp_pass=\'⟦pw⟧\'\nset sort = «threads»'),
        INI(
            "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd\nrelayhost = [smtp.example]:587\n[smtp.example]:587 app:⟦pw⟧"
        ),
        INI(
            "hosts = db.example\nuser = mail\npassword = ⟦pw⟧\ndbname = mail\nquery = SELECT password FROM users WHERE email='%s'"
        ),
        INI(
            "connect = host=db.example dbname=mail user=mail password=⟦pw⟧\ndefault_pass_scheme = SHA512-CRYPT\ndriver = pgsql"
        ),
        INI("maria:x:1000:1000:Maria:/home/maria:/bin/bash\nroot:⟦$6$|an8+$+an86⟧:19800:0:99999:7:::"),
        INI("maria:⟦$apr1$|an8+$+an22⟧\njo:⟦{SHA}|base27+=⟧"),
        INI(
            "TOTP_ISSUER=Acme\nPASSWORD_RESET_TIMEOUT=3600\nSESSION_COOKIE_NAME=sid\nCSRF_TRUSTED_ORIGINS=https://shop.example\nAUTH_USER_MODEL=shop.User\nTOKEN_HEADER=X-Auth-Token\nPASSWORD_PEPPER=⟦an32⟧"
        ),
        INI(
            "<?php\n$db['default']['password'] = '⟦pw⟧';\n$db['default']['hostname'] = '«db.example»';\ndefine('DB_PASSWORD', '⟦pw⟧');\ndefine('AUTH_KEY', '⟦base64⟧');\ndefine('WP_DEBUG', «false»);\n$CFG->dbpass = '⟦pw⟧';\n$CFG->dbtype = '«pgsql»';"
        ),
        INI(
            '$wgDBpassword = "⟦pw⟧";\n$wgDBserver = "«db.example»";\n$wgSecretKey = "⟦hex64⟧";\n$wgUpgradeKey = "⟦hex16⟧";\n$cfg[\'blowfish_secret\'] = \'⟦an32⟧\';'
        ),
        ENV(
            "POSTGRES_PASSWORD=⟦pw⟧\nPGADMIN_DEFAULT_PASSWORD=⟦pw⟧\nPOSTGRES_HOST_AUTH_METHOD=scram-sha-256\nPOSTGRES_DB=orders"
        ),
        ENV(
            "VITE_API_URL=https://api.example\nSUPABASE_SERVICE_ROLE_KEY=⟦jwt⟧\nSUPABASE_ANON_KEY=⟦jwt⟧\nNEXT_TELEMETRY_DISABLED=1\nAUTH_TRUST_HOST=true"
        ),
        ENV(
            "RAILS_MASTER_KEY=⟦hex32⟧\nSECRET_KEY_BASE=⟦hex128⟧\nRAILS_LOG_LEVEL=info\nDEVISE_PEPPER=⟦hex64⟧\nLOCKBOX_MASTER_KEY=⟦hex64⟧"
        ),
        ENV(
            "N8N_ENCRYPTION_KEY=⟦base32⟧\nN8N_BASIC_AUTH_ACTIVE=true\nN8N_BASIC_AUTH_PASSWORD=⟦pw⟧\nGENERIC_TIMEZONE=Europe/Berlin"
        ),
        ENV(
            "TELEGRAM_BOT_TOKEN=⟦d10+:AA+url33⟧\nTELEGRAM_CHAT_ID=-1001234567890\nDISCORD_WEBHOOK=https://discord.com/api/webhooks/†123456789012345678/⟦url68⟧\nLOG_FORMAT=json"
        ),
        ENV(
            'DATABASE_URL="mysql://app:⟦pw⟧@db.example:3306/orders?sslaccept=strict"\nSHADOW_DATABASE_URL=\nPRISMA_HIDE_UPDATE_MESSAGE=1\nREDIS_TLS_URL=rediss://:⟦pw⟧@cache.example:6380'
        ),
        PRINTED(
            '# aws_db_instance.db will be updated in-place\n  ~ resource "aws_db_instance" "db" {\n        id       = "«orders»"\n      ~ password = "⟦pw⟧" -> "⟦pw⟧"\n        engine   = "«mysql»"\n        storage_encrypted = «true»\n    }'
        ),
        PRINTED(
            '  + resource "random_password" "db" {\n      + length  = «16»\n      + result  = (sensitive value)\n      + special = «true»\n    }\n\nOutputs:\n\ndb_password = "⟦pw⟧"\nendpoint = "«db.example:3306»"'
        ),
        PRINTED(
            "kubectl describe: Environment:\n      DB_PASSWORD:  ⟦pw⟧\n      LOG_LEVEL:    «info»\n      API_KEY:      <set to the key '«api-key»' in secret '«app»'>  Optional: «false»"
        ),
        PRINTED(
            "Name:         «db-credentials»\nType:  «Opaque»\n\nData\n====\npassword:  «16 bytes»\nusername:  «3 bytes»\ntoken:     ⟦jwt⟧"
        ),
        PRINTED(
            "+----------+------------------+\n| Key      | Value            |\n+----------+------------------+\n| password | ⟦an16⟧ |\n| ttl      | «30m» |\n+----------+------------------+"
        ),
        PRINTED(
            'Key                  Value\n---                  -----\ntoken                ⟦hvs.|an24⟧\ntoken_accessor       ⟦an24⟧\ntoken_duration       «768h»\ntoken_renewable      «true»\ntoken_policies       ["«root»"]'
        ),
        PRINTED("====== Data ======\nKey         Value\n---         -----\npassword    ⟦pw⟧\nusername    «app»"),
        PRINTED(
            "Unseal Key 1: ⟦base44⟧\nUnseal Key 2: ⟦base44⟧\n\nInitial Root Token: ⟦hvs.|an24⟧\n\nVault initialized with «5» key shares and a key threshold of «3»."
        ),
        PRINTED(
            '{\n  "appId": "«~uuid»",\n  "displayName": "«ci»",\n  "password": "⟦url40⟧",\n  "tenant": "«~uuid»"\n}'
        ),
        PRINTED(
            "AccessKey:\n  AccessKeyId: ⟦AKIA|up16⟧\n  CreateDate: '«2025-05-01T08:15:00+00:00»'\n  SecretAccessKey: ⟦base40⟧\n  Status: «Active»\n  UserName: «maria»"
        ),
    ),
}
