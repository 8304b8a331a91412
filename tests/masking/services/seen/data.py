"""Databases, queues and indexes."""

from tests.masking.services.shapes import (
    CALL_ERROR,
    COMMAND,
    COOKIE,
    ENV,
    HEADERS,
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
    "MongoDB Atlas": (
        COMMAND(
            'curl --user "kjhgfdsa:⟦uuid⟧" --digest --header "Accept: «application/vnd.atlas.2025-03-12+json»" «https://cloud.mongodb.com/api/atlas/v2/groups»'
        ),
        JSON(
            r"""{"connectionStrings":{"standardSrv":"mongodb+srv://app:⟦pw⟧@cluster0.a1b2c.mongodb.net/shop"},"clusterType":"REPLICASET","mongoDBVersion":"7.0.5","paused":false,"stateName":"IDLE","backupEnabled":true}"""
        ),
        JSON(
            r"""{"databaseName":"admin","username":"app","password":"⟦pw⟧","roles":[{"databaseName":"shop","roleName":"readWrite"}],"x509Type":"NONE","awsIAMType":"NONE"}"""
        ),
        STACK(
            "MongoServerSelectionError: «connection timed out»\n    at Topology.selectServer («/var/task/node_modules/mongodb/lib/sdam/topology.js:276:38»)\n    at async MongoClient.connect («/var/task/db.js:9:3») {\n  reason: TopologyDescription { type: '«ReplicaSetNoPrimary»', stale: «false» },\n  [Symbol(options)]: { credentials: MongoCredentials { username: '«app»', password: '⟦pw⟧', source: '«admin»', mechanism: '«DEFAULT»' } }\n}"
        ),
        YAML(
            "apiVersion: atlas.mongodb.com/v1\nkind: AtlasDatabaseUser\nmetadata:\n  name: app\nspec:\n  username: app\n  databaseName: admin\n  passwordSecretRef:\n    name: app-password\n"
        ),
    ),
    "CouchDB": (
        SET_COOKIE("AuthSession=⟦YW5uYTo|url40⟧; Version=1; Path=/; HttpOnly"),
        COMMAND(
            'curl -X PUT http://admin:⟦pw⟧@127.0.0.1:5984/_users/org.couchdb.user:jan -H "Content-Type: «application/json»" -d \'{"name": "«jan»", "password": "⟦pw⟧", "roles": [], "type": "«user»"}\''
        ),
        JSON(
            r"""{"_id":"org.couchdb.user:jan","_rev":"1-9d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a","name":"jan","password_scheme":"pbkdf2","iterations":10,"derived_key":"⟦hex40⟧","salt":"†7f1c2a30","type":"user"}"""
        ),
        JSON(
            r"""{"_id":"repl-1","source":{"url":"https://couch.example/db","auth":{"basic":{"username":"jo","password":"⟦pw⟧"}}},"target":"https://jo:⟦pw⟧@backup.example/db","continuous":true,"_replication_state":"triggered","_replication_id":"c0ebe9256695ff083347cbf95f93e280"}"""
        ),
        INI(
            "[admins]\nadmin = ⟦-pbkdf2-|hex40+,+hex32+,10⟧\n[chttpd_auth]\nsecret = ⟦hex32⟧\ntimeout = 600\nrequire_valid_user = true\n[couchdb]\nuuid = 6bd5d6ac4d3a5b3cf8cbd3bba9aa7b22\n"
        ),
    ),
    "Cassandra": (
        YAML(
            "cluster_name: Test Cluster\nnum_tokens: 16\ninitial_token: -9223372036854775808\nauthenticator: PasswordAuthenticator\nclient_encryption_options:\n  enabled: true\n  keystore: conf/.keystore\n  keystore_password: ⟦pw⟧\n  truststore_password: ⟦pw⟧\n  require_client_auth: false\nallocate_tokens_for_local_replication_factor: 3\n"
        ),
        SQL("CREATE ROLE «coach» WITH PASSWORD = '⟦pw⟧' AND LOGIN = «true» AND SUPERUSER = «false»;"),
        SQL(
            "SELECT token(user_id), user_id, city FROM users WHERE token(user_id) > «-4611686018427387904» LIMIT «100»"
        ),
        MESSAGE(
            "NoHostAvailable: ('«Unable to connect to any servers»', {'«10.0.0.7:9042»': AuthenticationFailed('«Failed to authenticate to 10.0.0.7:9042: Error from server: code=0100 [Bad credentials] message=\"Provided username cassandra and/or password are incorrect\"»')})"
        ),
        COMMAND(
            'cqlsh «10.0.0.7» «9042» -u «cassandra» -p ⟦pw⟧ --ssl -e "«DESCRIBE KEYSPACES»" --request-timeout=«30»'
        ),
    ),
    "Neo4j": (
        ENV(
            "NEO4J_URI=neo4j+s://a1b2c3d4.databases.neo4j.io\nNEO4J_AUTH=neo4j/⟦pw⟧\nNEO4J_PASSWORD=⟦url43⟧\nAURA_INSTANCEID=a1b2c3d4\nNEO4J_server_memory_heap_max__size=2G\n"
        ),
        SQL("ALTER USER «jake» SET PASSWORD '⟦pw⟧' CHANGE NOT REQUIRED"),
        JSON(
            r"""{"errors":[{"code":"Neo.ClientError.Security.Unauthorized","message":"Invalid username or password."}],"results":[],"lastBookmarkTransactionId":null}"""
        ),
        STACK(
            'neo4j.exceptions.AuthError: {code: «Neo.ClientError.Security.Unauthorized»} {message: «The client is unauthorized due to authentication failure.»}\n  File "«/var/task/graph.py»", line «23», in «driver»\n    return GraphDatabase.driver("«neo4j+s://a1b2c3d4.databases.neo4j.io»", auth=("«neo4j»", "⟦pw⟧"), max_connection_lifetime=«3600»)'
        ),
    ),
    "InfluxDB": (
        HEADERS("Authorization: Token ⟦url86+==⟧\nContent-Type: text/plain; charset=utf-8\nX-Influxdb-Version: v2.7.1"),
        URL(
            "https://influx.example:8086/query?db=metrics&u=telegraf&p=⟦pw⟧&q=SELECT+mean%28usage%29+FROM+cpu&epoch=ms"
        ),
        INI(
            '[[outputs.influxdb_v2]]\n  urls = ["http://127.0.0.1:8086"]\n  token = "⟦url86+==⟧"\n  organization = "acme"\n  bucket = "metrics"\n  timeout = "5s"\n'
        ),
        SQL("CREATE USER «telegraf» WITH PASSWORD '⟦pw⟧' WITH ALL PRIVILEGES"),
        COMMAND(
            'influx write --bucket «metrics» --org «acme» --token ⟦url86+==⟧ --precision «s» "«m,host=db-1 tokens=17i»"'
        ),
        JSON(
            r"""{"id":"0b3cbb5dd5b8d000","token":"⟦url86+==⟧","status":"active","description":"grafana reader","orgID":"4f6a1c2b3d4e5f60","org":"acme","userID":"0b3cbb5dd5b8d001","createdAt":"2025-05-01T10:15:00Z","permissions":[{"action":"read","resource":{"type":"buckets"}}]}"""
        ),
    ),
    "RabbitMQ": (
        JSON(
            r"""{"name":"jo","password_hash":"⟦base48⟧","hashing_algorithm":"rabbit_password_hashing_sha256","tags":["administrator"],"limits":{}}"""
        ),
        JSON(
            r"""{"rabbit_version":"3.12.0","vhosts":[{"name":"/"}],"parameters":[{"vhost":"/","component":"shovel","name":"orders","value":{"src-uri":"amqp://app:⟦pw⟧@mq-1:5672/%2f","src-queue":"orders","ack-mode":"on-confirm","reconnect-delay":5}}]}"""
        ),
        INI(
            "listeners.tcp.default = 5672\ndefault_user = app\ndefault_pass = ⟦pw⟧\nmanagement.tcp.port = 15672\nssl_options.password = ⟦pw⟧\nvm_memory_high_watermark.relative = 0.4\n"
        ),
        LOG("«2025-05-01 10:15:00.123» [«error»] <0.1234.0> «HTTP access denied: user 'guest' - invalid credentials»"),
        COMMAND("rabbitmqctl add_user «shop» ⟦pw⟧ --vhost «/orders» -n «rabbit@mq-1»"),
        COMMAND("rabbitmqadmin -H «mq-1» -u «app» -p ⟦pw⟧ declare queue name=«orders» durable=«true»"),
        CALL_ERROR(
            "pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: («403») '«ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN»' for amqp://app:⟦pw⟧@mq-1:5672/%2f?heartbeat=«60»"
        ),
    ),
    "Kafka and Confluent": (
        INI(
            'bootstrap.servers=pkc-4r087.us-west2.gcp.confluent.cloud:9092\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="ABCDEFGH12345678" password="⟦base64⟧";\nssl.keystore.password=⟦pw⟧\nssl.key.password=⟦pw⟧\nacks=all\nmax.poll.records=500\n'
        ),
        JSON(
            r"""{"name":"pg-source","config":{"connector.class":"io.debezium.connector.postgresql.PostgresConnector","tasks.max":"1","database.hostname":"db","database.port":"5432","database.user":"debezium","database.password":"⟦pw⟧","topic.prefix":"shop","plugin.name":"pgoutput","key.converter":"org.apache.kafka.connect.json.JsonConverter","key.converter.schemas.enable":"false"}}"""
        ),
        LOG(
            "[«2025-05-01 10:15:00,123»] «INFO» «ProducerConfig values»: \tacks = «-1»\tclient.id = «producer-1»\tkey.serializer = «class org.apache.kafka.common.serialization.StringSerializer»\tsasl.mechanism = «PLAIN»\tssl.key.password = ⟦pw⟧\tretries = «2147483647»"
        ),
        PRINTED(
            "{'bootstrap.servers': '«pkc-4r087.us-west2.gcp.confluent.cloud:9092»', 'sasl.username': 'ABCDEFGH12345678', 'sasl.password': '⟦base64⟧', 'group.id': '«orders»', 'auto.offset.reset': '«earliest»', 'session.timeout.ms': «45000»}"
        ),
        LOG(
            "«%3|1764000000.123|FAIL|rdkafka#consumer-1| [thrd:sasl_ssl://pkc-4r087:9092/bootstrap]: SASL authentication error: Authentication failed» (after «217»ms in state «AUTH_REQ»)"
        ),
    ),
    "Supabase": (
        HEADERS(
            "apikey: ⟦jwt⟧\nAuthorization: Bearer ⟦jwt⟧\nPrefer: return=representation\nx-client-info: supabase-js/2.45.0"
        ),
        JSON(
            r"""{"access_token":"⟦jwt⟧","token_type":"bearer","expires_in":3600,"expires_at":1764003600,"refresh_token":"⟦url22⟧","user":{"id":"«~uuid»","aud":"authenticated","role":"authenticated","email":"jo@example.com","app_metadata":{"provider":"email"},"is_anonymous":false}}"""
        ),
        COOKIE("sb-abcdefghijklmnop-auth-token=⟦base64-eyJ|base300⟧; sb-lang=de; theme=dark"),
        URL("https://acme.supabase.co/storage/v1/object/sign/docs/a.pdf?token=⟦jwt⟧&download=a.pdf"),
        ENV(
            "SUPABASE_URL=https://acme.supabase.co\nSUPABASE_SERVICE_ROLE_KEY=⟦jwt⟧\nPOSTGRES_URL=postgres://postgres.acme:⟦an16⟧@aws-0-eu-central-1.pooler.supabase.com:6543/postgres\nSUPABASE_JWT_SECRET=⟦base86+==⟧\nSUPABASE_STORAGE_BUCKET=docs\n"
        ),
        JSON(r"""{"code":"PGRST301","details":null,"hint":null,"message":"JWT expired"}"""),
    ),
    "Databricks": (
        INI(
            "[DEFAULT]\nhost = https://adb-123456789.12.azuredatabricks.net\ntoken = ⟦dapi|hex32⟧\ncluster_id = 0501-101500-ab12cd34\n"
        ),
        SQL(
            "CREATE CONNECTION mysql_connection TYPE mysql OPTIONS (host '«db.example»', port '«3306»', user '«reader»', password '⟦pw⟧')"
        ),
        JSON(
            r"""{"token_value":"⟦dapi|hex32⟧","token_info":{"token_id":"5715498424f15ee0213be729257b53fc35a47d5953e3bdfd8ed22a0b93b339f4","creation_time":1513120516293,"expiry_time":1513120522293,"comment":"this is an example token"}}"""
        ),
        STACK(
            'databricks.sql.exc.RequestError: «Error during request to server: HTTP 403»\n  File "«/var/task/warehouse.py»", line «31», in «query»\n    connection = sql.connect(server_hostname="«adb-123456789.12.azuredatabricks.net»", http_path="«/sql/1.0/warehouses/a1b2c3d4»", access_token="⟦dapi|hex32⟧")'
        ),
    ),
    "MinIO and Ceph": (
        ENV(
            "MINIO_ROOT_USER=minioadmin\nMINIO_ROOT_PASSWORD=⟦pw⟧\nMINIO_BROWSER_REDIRECT_URL=https://console.example\nMINIO_PROMETHEUS_AUTH_TYPE=public\n"
        ),
        COMMAND("mc alias set «local» «http://127.0.0.1:9000» «minioadmin» ⟦pw⟧ --api «S3v4»"),
        XML(
            r"""<?xml version="1.0" encoding="UTF-8"?><AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn></Arn></AssumedRoleUser><Credentials><AccessKeyId>†Y4RJU1RNFGK48LGO9I2S</AccessKeyId><SecretAccessKey>⟦url40⟧</SecretAccessKey><Expiration>2025-12-08T10:23:54Z</Expiration><SessionToken>⟦jwt⟧</SessionToken></Credentials></AssumeRoleResult><ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata></AssumeRoleResponse>"""
        ),
        XML(
            "<Error><Code>InvalidAccessKeyId</Code><Message>The Access Key Id you provided does not exist in our records.</Message><Key>a/token.txt</Key><BucketName>docs</BucketName><RequestId>17C5D4A1B2C3D4E5</RequestId><HostId>dd9025bab4ad464b049177c95eb6ebf3</HostId></Error>"
        ),
        INI('[client.admin]\n\tkey = ⟦AQ|base36+==⟧\n\tcaps mds = "allow *"\n\tcaps mon = "allow *"\n'),
        JSON(
            r"""{"user_id":"johndoe","display_name":"John Doe","suspended":0,"max_buckets":1000,"keys":[{"user":"johndoe","access_key":"†7T0S","secret_key":"⟦an40⟧"}],"swift_keys":[{"user":"johndoe:swift","secret_key":"⟦an40⟧"}],"op_mask":"read, write, delete","default_placement":""}"""
        ),
    ),
    "Algolia and Meilisearch": (
        HEADERS(
            "X-Algolia-API-Key: ⟦hex32⟧\nX-Algolia-Application-Id: YourApplicationID\nX-Algolia-Agent: Algolia for JavaScript (4.24.0)"
        ),
        URL(
            "https://abc-dsn.algolia.net/1/indexes/products?x-algolia-application-id=ABC123&x-algolia-api-key=⟦hex32⟧&query=phone&hitsPerPage=20"
        ),
        JSON(
            r"""{"results":[{"uid":"74c9c733-3368-4738-bbe5-1d18a5fecb37","name":"Default Admin API Key","key":"⟦hex64⟧","actions":["*"],"indexes":["*"],"expiresAt":null,"createdAt":"2025-11-12T10:00:00Z"}],"offset":0,"limit":20,"total":1}"""
        ),
        JSON(
            r"""{"message":"The provided API key is invalid.","code":"invalid_api_key","type":"auth","link":"https://docs.meilisearch.com/errors#invalid_api_key"}"""
        ),
        PRINTED(
            'Meilisearch::ApiError: «403 Forbidden» - «The provided API key is invalid.». {:url=>"«http://127.0.0.1:7700/indexes»", :api_key=>"⟦hex64⟧", :timeout=>«10», :max_retries=>«2»}'
        ),
    ),
    "Trino and Hive": (
        SQL(
            "CREATE CATALOG example USING postgresql WITH (\"connection-url\" = '«jdbc:postgresql://db.example:5432/shop»', \"connection-user\" = '«reader»', \"connection-password\" = '⟦pw⟧', \"case-insensitive-name-matching\" = '«true»')"
        ),
        XML(
            "<configuration><property><name>hive.metastore.uris</name><value>thrift://metastore:9083</value></property><property><name>javax.jdo.option.ConnectionPassword</name><value>⟦pw⟧</value><description>password to use against metastore database</description></property><property><name>fs.s3a.secret.key</name><value>⟦base40⟧</value></property><property><name>hive.cluster.delegation.token.store.class</name><value>org.apache.hadoop.hive.thrift.MemoryTokenStore</value></property></configuration>"
        ),
        COMMAND('beeline -u "«jdbc:hive2://hive:10000/default»" -n «etl» -p ⟦pw⟧ -e "«SHOW TABLES»"'),
        SQL(
            "SELECT name, secret_name, last_rotated, length(token) FROM tokens WHERE kind = '«refresh»' AND attempts > «3» AND expires_at < '«2025-05-01»' ORDER BY last_rotated"
        ),
        SQL(
            "CREATE EXTERNAL TABLE events LOCATION '«s3://acme/events/»' CREDENTIALS 'aws_access_key_id=⟦AKIA|up16⟧;aws_secret_access_key=⟦base40⟧' DELIMITER '«,»' GZIP"
        ),
    ),
}
