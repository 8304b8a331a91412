"""What builds, moves and stores: queues, caches, warehouses, devices and the tools around them."""

from tests.masking.services.shapes import (
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
    "Warehouses and lakes": (
        YAML(
            "shop:\n  target: prod\n  outputs:\n    prod:\n      type: snowflake\n      account: acme-eu1\n      user: dbt\n      password: ⟦pw⟧\n      role: TRANSFORMER\n      threads: 4\n"
        ),
        YAML(
            'sources:\n  - name: pg\n    kind: postgres\n    connection:\n      host: db.example\n      user: sync\n      password: "⟦pw⟧"\n      sslmode: require\n    streams: [orders]\n'
        ),
        YAML(
            "catalogs:\n  hive:\n    connector.name: hive\n    hive.s3.aws-access-key: ⟦AKIA|up16⟧\n    hive.s3.aws-secret-key: ⟦base40⟧\n    hive.metastore.uri: thrift://meta.example:9083\n"
        ),
        INI(
            "[databricks]\nhost = https://dbc-1.cloud.example\ntoken = ⟦dapi|hex32⟧\ncluster_id = 0501-101500-abc123\n\n[snowsql]\naccountname = acme-eu1\nusername = etl\npassword = ⟦pw⟧\nwarehousename = WH_S"
        ),
        INI(
            "spark.hadoop.fs.azure.account.key.acme.dfs.core.windows.net ⟦base86+==⟧\nspark.executor.memory «4g»\nspark.ssl.keyPassword ⟦pw⟧\nspark.authenticate.secret ⟦an40⟧"
        ),
        COMMAND("bq query --use_legacy_sql=«false» '«SELECT 1»'"),
        COMMAND("snowsql -a «acme-eu1» -u «etl» --private-key-path «rsa.p8» -o log_level=«DEBUG»"),
        COMMAND('dbt run --target «prod» --vars \'{"api_key": "⟦an32⟧", "day": "«2025-05-01»"}\''),
        COMMAND(
            "sqoop import --connect «jdbc:mysql://db.example/orders» --username «etl» --password ⟦pw⟧ --table «orders»"
        ),
        COMMAND(
            "spark-submit --conf spark.hadoop.fs.s3a.secret.key=⟦base40⟧ --master «yarn» «job.py» --day «2025-05-01»"
        ),
        COMMAND(
            "airflow connections add «pg» --conn-type «postgres» --conn-host «db.example» --conn-login «etl» --conn-password ⟦pw⟧"
        ),
        COMMAND("clickhouse client --user «default» --password '' --query '«SELECT 1»'"),
        COMMAND("vertica vsql -h «db.example» -U «dbadmin» -w ⟦pw⟧ -c '«SELECT 1»'"),
        SQL(
            "CREATE CATALOG «pg» USING postgresql WITH (\"connection-user\" = '«etl»', \"connection-password\" = '⟦pw⟧');"
        ),
        SQL(
            "CREATE EXTERNAL DATA SOURCE «s» WITH (LOCATION='«abfss://in@acme.example»', CREDENTIAL=«cred»); CREATE DATABASE SCOPED CREDENTIAL «cred» WITH IDENTITY='«sas»', SECRET='⟦url120⟧';"
        ),
        SQL("ALTER USER «etl» SET PASSWORD = '⟦pw⟧' MUST_CHANGE_PASSWORD = «TRUE»;"),
        SQL(
            "UNLOAD ('«select * from orders»') TO '«s3://acme/out/»' ACCESS_KEY_ID '⟦AKIA|up16⟧' SECRET_ACCESS_KEY '⟦base40⟧' DELIMITER '«,»';"
        ),
        LOG(
            "«10:15:00»  Running with dbt=«1.8.0»\n«10:15:00»  Database Error: «250001 (08001)»: Failed to connect to DB: «acme-eu1» password=⟦pw⟧"
        ),
        LOG("«25/05/01 10:15:00» WARN «S3AUtils»: fs.s3a.secret.key=⟦base40⟧ fs.s3a.endpoint=«s3.example»"),
        MESSAGE(
            "snowflake.connector.errors.DatabaseError: «250001»: Incorrect username or password was specified: etl / ⟦pw⟧"
        ),
        MESSAGE("Invalid access token '⟦dapi|hex32⟧' for workspace «17»"),
        JSON(
            '{"spec":{"source":{"config":{"host":"db.example","port":5432,"username":"sync","password":"⟦pw⟧","ssl":true}}},"status":"running"}'
        ),
        JSON(
            '{"warehouse":{"type":"bigquery","credentials_info":{"private_key":"-----BEGIN PRIVATE KEY-----\\\\n⟦base64⟧\\\\n-----END PRIVATE KEY-----\\\\n","project_id":"acme"}}}'
        ),
    ),
    "Queues and streams": (
        YAML(
            "mqtt:\n  server: mqtt://mq.example:1883\n  user: z2m\n  password: ⟦pw⟧\nadvanced:\n  network_key: GENERATE\n  pan_id: 6754\n  channel: 11\nfrontend:\n  port: 8080\n  auth_token: ⟦an32⟧\n"
        ),
        YAML(
            "kafka:\n  bootstrap.servers: kafka:9092\n  sasl.username: †ABC\n  sasl.password: ⟦base64⟧\n  sasl.mechanisms: PLAIN\n"
        ),
        YAML(
            "accounts:\n  SYS:\n    users:\n      - user: admin\n        password: ⟦$2a$11$|an53⟧\nauthorization:\n  token: ⟦an32⟧\n  timeout: 2\njetstream:\n  store_dir: /data\n"
        ),
        INI(
            "connector.class=io.debezium.connector.mysql.MySqlConnector\ndatabase.hostname=db.example\ndatabase.user=debezium\ndatabase.password=⟦pw⟧\ndatabase.server.id=184054\nkey.converter=org.apache.kafka.connect.json.JsonConverter\nkey.converter.schemas.enable=false\ntombstones.on.delete=true"
        ),
        INI(
            "loopback_users.guest = true\ndefault_user = app\ndefault_pass = ⟦pw⟧\nssl_options.keyfile = /etc/ssl/key.pem\nssl_options.password = ⟦pw⟧\nmanagement.tcp.port = 15672"
        ),
        INI("authorization {\n  user: «app»\n  password: ⟦pw⟧\n  timeout: «1»\n}\nport: «4222»"),
        COMMAND("nats sub «orders.*» --user «app» --password ⟦pw⟧ --server «nats://mq.example:4222»"),
        COMMAND("kcat -b «kafka:9092» -X sasl.username=«app» -X sasl.password=⟦pw⟧ -t «orders» -C"),
        COMMAND("amqp-publish --url=amqp://app:⟦pw⟧@mq.example -r «orders» -b '«hello»'"),
        COMMAND("mosquitto_sub -h «mq.example» -u «app» -P '⟦pw⟧' -t '«home/#»' -v"),
        COMMAND("redis-cli -h «cache.example» --user «app» -a '⟦pw⟧' --scan --pattern '«session:*»'"),
        LOG(
            "[«2025-05-01 10:15:00,123»] INFO Kafka startTimeMs: «1746094500123» (o.a.k.c.u.AppInfoParser)\n[«2025-05-01 10:15:00,123»] WARN config sasl.password=⟦pw⟧ is deprecated"
        ),
        LOG("«1746094500»: New client connected from «203.0.113.7» as «sensor-17» (p2, c1, k60, u'«app»')."),
        LOG('amqp connect: {"hostname":"«mq.example»","username":"«app»","password":"⟦pw⟧","heartbeat":«60»}'),
        MESSAGE("Connection refused: amqp://app:⟦pw⟧@mq.example:5672/%2F - «ACCESS_REFUSED»"),
        MESSAGE("NOAUTH Authentication required. Called with: AUTH ⟦pw⟧"),
        STACK(
            "pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: («403») '«ACCESS_REFUSED»'\n  File \"«/srv/mq.py»\", line «12», in connect\n    credentials = PlainCredentials('«app»', '⟦pw⟧')"
        ),
        STACK(
            'Error: Handshake terminated by server: «403» (ACCESS-REFUSED)\n    at connect («/srv/mq.js:12:9»)\n    at amqp.connect("amqp://app:⟦pw⟧@mq.example") («/srv/mq.js:7:3»)'
        ),
        PRINTED("ConsumerConfig(topic='«orders»', group='«shop»', sasl_plain_password='⟦pw⟧', poll=«500»)"),
    ),
    "Devices and homes": (
        JSON(
            '{"wifi":{"ssid":"Acme","psk":"⟦pw⟧","channel":6},"mqtt":{"host":"mq.example","user":"dev","pass":"⟦pw⟧"},"fw":"1.4.2"}'
        ),
        JSON('{"device":{"id":"sensor-17","provisioning_key":"⟦an40⟧","claim_code":"⟦uan8⟧"},"model":"X1"}'),
        JSON(
            '{"camera":{"url":"rtsp://cam:⟦pw⟧@10.0.0.7/1","fps":25},"onvif":{"username":"admin","password":"⟦pw⟧","port":80}}'
        ),
        XML(
            "<device><serial>SN12345</serial><adminPwd>⟦pw⟧</adminPwd><snmp><readCommunity>⟦an12⟧</readCommunity><port>161</port></snmp></device>"
        ),
        XML(
            "<ParameterValueStruct><Name>Device.WiFi.AccessPoint.1.Security.KeyPassphrase</Name><Value>⟦pw⟧</Value></ParameterValueStruct>"
        ),
        XML(
            '<ParameterValueStruct><Name>InternetGatewayDevice.ManagementServer.Password</Name><Value xsi:type="xsd:string">⟦pw⟧</Value></ParameterValueStruct>'
        ),
        YAML(
            'esphome:\n  name: lamp\nwifi:\n  networks:\n    - ssid: Acme\n      password: ⟦pw⟧\n  ap:\n    ssid: Fallback\n    password: ⟦pw⟧\napi:\n  encryption:\n    key: "⟦base43+=⟧"\nweb_server:\n  port: 80\n  auth:\n    username: admin\n    password: ⟦pw⟧\n'
        ),
        INI(
            "enable secret 5 ⟦$1$|an4+$+an22⟧\nusername admin privilege «15» password 7 ⟦uphex20⟧\nsnmp-server community ⟦an12⟧ RO\nhostname «core-1»\nline vty 0 4\n password 7 ⟦uphex20⟧"
        ),
        INI(
            'set system host-name «fw-1»\nset system root-authentication encrypted-password "⟦$6$|an8+$+an86⟧"\nset security ike policy p1 pre-shared-key ascii-text "⟦$9$|an24⟧"\nset interfaces ge-0/0/0 unit 0 description "«uplink»"'
        ),
        INI(
            'config user local\n    edit "«maria»"\n        set passwd ENC ⟦base60⟧\n        set status «enable»\n    next\nend'
        ),
        LOG(
            "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: «admin»] [Source: «203.0.113.7»] [localport: «22»] [Reason: «Login Authentication Failed»]"
        ),
        LOG(
            "wpa_supplicant[«7»]: wlan0: Trying to associate with «aa:bb:cc:00:11:22» (SSID='«Acme»' freq=«2437» MHz) psk=\"⟦pw⟧\""
        ),
        LOG("[«10:15:00»][C][wifi:«037»]: WiFi: SSID: '«Acme»' Password: '⟦pw⟧' IP Address: «10.0.0.17»"),
        COMMAND("esptool.py --port «/dev/ttyUSB0» write_flash «0x1000» «fw.bin»"),
        COMMAND("wpa_passphrase «Acme» ⟦pw⟧"),
        COMMAND("nmcli con modify «Acme» wifi-sec.psk ⟦pw⟧ ipv4.method «auto»"),
        COMMAND("ssh-copy-id -i «~/.ssh/id.pub» «admin@10.0.0.1»"),
        HTML("<tr><td>WLAN-Schlüssel</td><td>⟦pw⟧</td></tr><tr><td>SSID</td><td>Acme</td></tr>"),
        HTML(
            '<label>Wi-Fi password <input type="text" name="wpa_psk" value="⟦pw⟧"/></label><label>Name <input type="text" name="ssid" value="Acme"/></label>'
        ),
        FORM("ssid=Acme&wpa_passphrase=⟦pw⟧&channel=6&submit=Save"),
    ),
    "Builds and hosts": (
        YAML(
            "deploy:\n  provider: heroku\n  api_key:\n    secure: ⟦base86+==⟧\n  app: shop\n  on:\n    branch: main\n"
        ),
        YAML(
            "steps:\n  - name: gcr.io/cloud-builders/docker\n    args: ['login', '-u', 'ci', '-p', '⟦pw⟧']\n  - name: gcr.io/cloud-builders/npm\n    args: [ci]\n    env:\n      - NPM_TOKEN=⟦npm_|an36⟧\n"
        ),
        YAML(
            "kind: pipeline\nname: default\nsteps:\n  - name: publish\n    image: plugins/docker\n    settings:\n      username: ci\n      password: ⟦pw⟧\n      repo: acme/shop\n      tags: latest\n"
        ),
        YAML(
            "credentials:\n  - kind: token\n    host: app.terraform.io\n    token: ⟦an14+.atlasv1.+an67⟧\nplugins:\n  - name: aws\n    version: 5.40.0\n"
        ),
        ENV(
            "SONAR_TOKEN=⟦sqp_|hex40⟧\nCODECOV_TOKEN=⟦uuid⟧\nSNYK_TOKEN=⟦uuid⟧\nFASTLANE_PASSWORD=⟦pw⟧\nMATCH_PASSWORD=⟦pw⟧\nCI=true\nNODE_ENV=test"
        ),
        INI("storePassword=⟦pw⟧\nkeyPassword=⟦pw⟧\nkeyAlias=upload\nstoreFile=/srv/keys/upload.jks"),
        INI(
            '[registries.acme]\nindex = "«https://crates.example/index»"\ntoken = "Bearer ⟦url43⟧"\n[net]\ngit-fetch-with-cli = «true»'
        ),
        INI("gem: --no-document\n:rubygems_api_key: ⟦rubygems_|hex48⟧\n:sources: [«https://rubygems.org»]"),
        COMMAND("fastlane match appstore --app_identifier «com.acme» --git_basic_authorization ⟦base44⟧"),
        COMMAND("xcrun altool --upload-app -f «app.ipa» -u «ci@acme.example» -p ⟦lan4+-+lan4+-+lan4+-+lan4⟧"),
        COMMAND(
            "xcrun notarytool submit «app.zip» --apple-id «ci@acme.example» --team-id «ABCDE12345» --password ⟦lan4+-+lan4+-+lan4+-+lan4⟧"
        ),
        COMMAND("signtool sign /f «cert.pfx» /p ⟦pw⟧ /t «http://time.example» «app.exe»"),
        COMMAND("security unlock-keychain -p ⟦pw⟧ «build.keychain»"),
        COMMAND(
            "jfrog config add «acme» --url=«https://acme.jfrog.example» --user=«ci» --password=⟦pw⟧ --interactive=«false»"
        ),
        COMMAND("skopeo copy --dest-creds ci:⟦pw⟧ «docker://a/b:1» «docker://c/d:1»"),
        COMMAND("buildah login --username «ci» --password ⟦pw⟧ «quay.io»"),
        COMMAND("crane auth login «ghcr.io» -u «ci» -p ⟦ghp_|an36⟧"),
        COMMAND("argocd login «cd.example» --username «admin» --password ⟦pw⟧ --insecure"),
        COMMAND("oc login «https://api.ocp.example:6443» --token=⟦sha256~|url43⟧"),
        COMMAND("doctl auth init --access-token ⟦dop_v1_|hex64⟧ --context «acme»"),
        COMMAND("hcloud context create «acme» --name «x»"),
        COMMAND('serverless deploy --stage «prod» --param="dbPassword=⟦pw⟧" --region «eu-west-1»'),
        COMMAND("sam deploy --parameter-overrides DbPassword=⟦pw⟧ Stage=«prod» --stack-name «shop»"),
        COMMAND("cdk deploy --parameters «Shop»:DbPassword=⟦pw⟧ --require-approval «never»"),
        COMMAND('wrangler secret put API_KEY <<< "⟦an32⟧"'),
        LOG(
            "[command]/usr/bin/docker login «ghcr.io» -u «ci» --password-stdin\n«Login Succeeded»\n##[debug]token=⟦ghs_|an36⟧"
        ),
        LOG("Step 7/12 : ENV API_SECRET=⟦an40⟧\n ---> Running in «3f5c1b2a9d8e»\nStep 8/12 : EXPOSE «8080»"),
        LOG(
            "> Task :publish\nUploading «acme-1.4.jar» to https://ci:⟦pw⟧@repo.example/releases\n«BUILD SUCCESSFUL in 12s»"
        ),
        MESSAGE(
            "npm ERR! code «E401»\nnpm ERR! Unable to authenticate, your authentication token seems to be invalid: ⟦npm_|an36⟧"
        ),
        MESSAGE("fatal: Authentication failed for 'https://ci:⟦pw⟧@git.example/acme/shop.git/'"),
        MESSAGE("denied: requested access to the resource is denied (token «expired»)"),
        URL("https://ci.example/job/shop/build?token=⟦an24⟧&cause=push&delay=0sec"),
        URL(
            "https://registry.example/v2/token?service=registry&scope=repository:acme/shop:pull&account=ci&offline_token=true&client_id=docker"
        ),
        HEADERS("X-JFrog-Art-Api: ⟦AKCp|an69⟧\nX-Result-Detail: info\nX-Checksum-Sha1: †5f4dcc3b"),
        HEADERS("Private-Token: ⟦glpat-|an20⟧\nX-Total-Pages: 3\nX-Per-Page: 20"),
        COOKIE("_gitlab_session=⟦hex32⟧; sidebar_collapsed=false; diff_view=inline; hide_auto_devops=true"),
        COOKIE("JSESSIONID.a1b2c3d4=node01⟦lan22⟧; iconSize=16x16; jenkins-timestamper=system"),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name=":action"\r\n\r\n«file_upload»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="token"\r\n\r\n⟦pypi-AgE|url120⟧\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="json"\r\n\r\n{"credentials":{"scope":"«GLOBAL»","username":"«ci»","password":"⟦pw⟧","$class":"«com.cloudbees»"}}\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
}
