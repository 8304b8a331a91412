"""Source hosting, CI, deployment and settings."""

from tests.masking.services.shapes import (
    CALL_ERROR,
    COMMAND,
    COOKIE,
    ENV,
    EVENT,
    HEADERS,
    INI,
    JSON,
    LOG,
    MESSAGE,
    PRINTED,
    STACK,
    URL,
    YAML,
)  # fmt: skip

SERVICES = {
    "GitLab": (
        EVENT(
            r"""{"object_kind":"push","event_name":"push","before":"«~hex40»","after":"«~hex40»","ref":"refs/heads/master","user_id":4,"user_username":"jsmith","project_id":15,"project":{"id":15,"name":"Diaspora","web_url":"http://example.com/mike/diaspora","visibility_level":0,"ci_config_path":null},"commits":[{"id":"«~hex40»","message":"Update the access token docs","timestamp":"2011-12-12T14:27:31+02:00","added":["CHANGELOG"],"modified":["app/token.rb"]}],"total_commits_count":4}"""
        ),
        HEADERS("PRIVATE-TOKEN: ⟦glpat-|url20⟧\nX-Gitlab-Event: Push Hook\nX-Gitlab-Instance: https://gitlab.example"),
        HEADERS("X-Gitlab-Token: ⟦pw⟧\nX-Gitlab-Webhook-UUID: «~uuid»\nIdempotency-Key: f5e57ca0"),
        JSON(
            r"""{"id":12,"revoked":false,"expires_at":null,"ip_address":null,"token":"⟦glrt-|url20⟧","description":"runner","active":true,"status":"online","access_level":"not_protected"}"""
        ),
        YAML(
            "stages:\n  - build\nvariables:\n  DOCKER_TLS_CERTDIR: /certs\n  DEPLOY_TOKEN: ⟦gldt-|url20⟧\nbuild:\n  stage: build\n  image: docker:24\n  timeout: 30m\n"
        ),
        COMMAND("git push https://oauth2:⟦glpat-|url20⟧@gitlab.example/«acme/shop.git» «HEAD:main»"),
        JSON(
            r"""{"message":{"password":["is too short (minimum is 8 characters)"],"email":["has already been taken"]}}"""
        ),
    ),
    "Gitea": (
        INI(
            "[database]\nDB_TYPE = postgres\nHOST = db:5432\nPASSWD = ⟦pw⟧\nSSL_MODE = disable\n\n[security]\nINSTALL_LOCK = true\nSECRET_KEY = ⟦an64⟧\nINTERNAL_TOKEN = ⟦jwt⟧\nPASSWORD_HASH_ALGO = pbkdf2\n"
        ),
        COOKIE("i_like_gitea=⟦hex16⟧; lang=de-DE; _csrf=⟦url44⟧; gitea_theme=auto"),
        URL("https://git.example/api/v1/user/repos?access_token=⟦hex40⟧&limit=50&page=1"),
    ),
    "GitHub Actions' logs": (
        LOG(
            "«2025-06-01T10:00:00.0000000Z» ##[group]Run aws s3 sync\nenv:\n  AWS_REGION: «eu-west-1»\n  AWS_SECRET_ACCESS_KEY: ⟦base40⟧\n  RUNNER_OS: «Linux»\n##[error]Process completed with exit code «1»."
        ),
        LOG(
            "«2025-06-01T10:00:00.0000000Z» remote: Invalid username or password.\n«fatal: Authentication failed» for 'https://github.com/«acme/shop»/'"
        ),
        YAML(
            "name: deploy\non:\n  push:\n    branches: main\npermissions:\n  id-token: write\n  contents: read\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    timeout-minutes: 15\n    env:\n      API_TOKEN: ⟦an40⟧\n      LEVEL: debug\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          token: ${{ secrets.GITHUB_TOKEN }}\n          persist-credentials: false\n"
        ),
    ),
    "Travis and Buildkite": (
        JSON(
            r"""{"event":"build.finished","build":{"id":"«~uuid»","number":27,"state":"passed","blocked":false,"message":"Add tests for the key parser","commit":"a65572555600c07c7ee79a2bd909220e1ca5485b","branch":"main","env":{"DEPLOY_PASSWORD":"⟦pw⟧","LEVEL":"debug"},"source":"webhook"},"sender":{"name":"Keith"}}"""
        ),
        HEADERS("X-Buildkite-Token: ⟦hex32⟧\nX-Buildkite-Event: build.finished\nX-Request: 17"),
        HEADERS("Authorization: token ⟦url22⟧\nTravis-API-Version: 3\nAccept: application/json"),
        LOG(
            "$ export ARTIFACTS_SECRET=⟦base40⟧\n$ export ARTIFACTS_REGION=«eu-west-1»\n$ «npm test»\n# tests «43»\n# pass «41»\n# fail «2»"
        ),
        COMMAND('buildkite-agent start --token "⟦hex50⟧" --tags "«queue=default»" --spawn «2»'),
    ),
    "Heroku and Netlify": (
        JSON(
            r"""{"id":"«~uuid»","user":{"email":"jo@example.com"},"access_token":{"expires_in":2592000,"id":"†3f2504e0","token":"⟦HRKU-|url60⟧"},"refresh_token":{"id":"†8f9e2504","token":"⟦uuid⟧"},"scope":["global"],"created_at":"2012-01-01T12:00:00Z"}"""
        ),
        JSON(
            r"""{"CONSUMER_SECRET":"⟦an40⟧","LANG":"en_US.UTF-8","MAX_THREADS":"5","RAILS_ENV":"production","REDIS_URL":"redis://:⟦hex64⟧@ec2-1.compute.amazonaws.com:6379","WEB_CONCURRENCY":"2"}"""
        ),
        INI(
            '[build]\n  publish = "dist"\n  command = "npm run build"\n[context.production.environment]\n  STRIPE_SECRET = "⟦an40⟧"\n  NODE_VERSION = "20"\n'
        ),
        CALL_ERROR("POST https://api.netlify.com/build_hooks/⟦hex24⟧?branch=«main» returned «404»"),
        LOG(
            '«2025-06-01T10:00:00.000000+00:00» heroku[router]: at=«info» method=«GET» path="/confirm?confirmation_token=⟦url20⟧" host=«shop.example» dyno=«web.1» connect=«1ms» service=«18ms» status=«200» bytes=«13»'
        ),
    ),
    "Helm and Argo": (
        YAML(
            "replicaCount: 2\nimage:\n  repository: registry.example/shop\n  tag: 1.4.2\n  pullPolicy: IfNotPresent\nauth:\n  username: app\n  existingSecret: shop-auth\n  rootPassword: ⟦pw⟧\n  replicationPassword: ⟦pw⟧\nservice:\n  port: 8080\nresources:\n  limits:\n    memory: 256Mi\n"
        ),
        COMMAND(
            "helm upgrade --install shop «./chart» --set auth.password=⟦pw⟧ --set «image.tag=1.4.2» --namespace «shop» --timeout «5m»"
        ),
        YAML(
            "apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata:\n  name: db\nspec:\n  refreshInterval: 1h\n  secretStoreRef:\n    kind: ClusterSecretStore\n    name: aws\n  target:\n    name: db-secret\n  data:\n    - secretKey: password\n      remoteRef:\n        key: prod/db\n        property: password\n"
        ),
        LOG(
            'time="«2025-06-01T10:00:00Z»" level=«info» msg="«finished unary call with code OK»" grpc.method=«Create» grpc.service=«session.SessionService» grpc.time_ms=«17.2» span.kind=«server»'
        ),
    ),
    "CloudFormation": (
        EVENT(
            r"""{"RequestType":"Create","ServiceToken":"arn:aws:lambda:eu-west-1:123456789012:function:maker","ResponseURL":"https://cloudformation-custom-resource.s3.amazonaws.com/arn?AWSAccessKeyId=†x&Expires=1&Signature=⟦an28⟧","StackId":"arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1","RequestId":"«~uuid»","ResourceType":"Custom::Db","LogicalResourceId":"Db","ResourceProperties":{"ServiceToken":"arn:aws:lambda:eu-west-1:123456789012:function:maker","Engine":"postgres","MasterUserPassword":"⟦pw⟧","DeletionProtection":"true"}}"""
        ),
        YAML(
            "Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    DeletionPolicy: Snapshot\n    Properties:\n      Engine: postgres\n      MasterUsername: app\n      MasterUserPassword: ⟦pw⟧\n      AllocatedStorage: 20\n      ManageMasterUserPassword: false\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Timeout: 30\n      Environment:\n        Variables:\n          LEVEL: debug\n          API_KEY: ⟦an40⟧\n"
        ),
        JSON(
            r"""[{"ParameterKey":"InstanceType","ParameterValue":"t3.micro"},{"ParameterKey":"DbPassword","ParameterValue":"⟦pw⟧"},{"ParameterKey":"KeyName","ParameterValue":"ops"}]"""
        ),
        JSON(
            r"""{"StackName":"shop","Capabilities":["CAPABILITY_IAM"],"ClientRequestToken":"«~uuid»","Parameters":[{"ParameterKey":"Token","UsePreviousValue":true}],"TimeoutInMinutes":30}"""
        ),
        COMMAND(
            "aws cloudformation deploy --stack-name «shop» --template-file «template.yaml» --parameter-overrides DbPassword=⟦pw⟧ --region «eu-west-1»"
        ),
    ),
    "Ansible and Pulumi": (
        YAML(
            "- hosts: web\n  become: true\n  vars:\n    db_host: db.example\n    db_pass: ⟦pw⟧\n    vault_addr: https://vault.example\n  tasks:\n    - name: ping\n      retries: 3\n"
        ),
        INI(
            "[web]\nansible_user=deploy\nansible_port=22\nansible_become_pass=⟦pw⟧\nansible_ssh_private_key_file=~/.ssh/id_ed25519\n"
        ),
        JSON(
            r"""{"changed":false,"invocation":{"module_args":{"login_host":"db","login_password":"⟦pw⟧","name":"app","state":"present","port":5432}},"msg":"unable to connect","rc":1}"""
        ),
        STACK(
            "TypeError: «Cannot read properties of undefined (reading 'token')»\n    at Provider.getToken («/app/node_modules/@acme/auth/token-provider.js:33:21»)\n    at async Credentials.load («/app/src/credentials.ts:18:5»)\n    at process.processTicksAndRejections («node:internal/process/task_queues:95:5»)"
        ),
    ),
    "dotenv of a Python service": (
        ENV(
            "DEBUG=False\nDJANGO_SETTINGS_MODULE=shop.settings\nDJANGO_SECRET_KEY=⟦an50⟧\nALLOWED_HOSTS=shop.example\nDATABASE_URL=postgres://app:⟦pw⟧@db/orders\nEMAIL_HOST_PASSWORD=⟦pw⟧\nEMAIL_PORT=587\nCELERY_BROKER_URL=amqp://app:⟦pw⟧@mq//\nSENTRY_TRACES_SAMPLE_RATE=0.1\nACCESS_TOKEN_EXPIRE_MINUTES=30\nPASSWORD_RESET_TIMEOUT=259200\nSESSION_COOKIE_AGE=1209600\nGOOGLE_APPLICATION_CREDENTIALS=/var/task/key.json\nTOKEN_ALGORITHM=HS256\n"
        ),
        ENV(
            "export VAULT_ADDR=https://vault.example:8200\nexport VAULT_TOKEN=⟦hvs.|url90⟧\nexport PGUSER=app\nexport PGPASSWORD='⟦pw⟧'\nexport LC_ALL=C.UTF-8\nexport EDITOR=vim\n"
        ),
        PRINTED(
            "Settings(debug=«False», database_host='«db.example»', secret_key='⟦an50⟧', token_ttl=«3600», smtp_password='⟦pw⟧', workers=«4»)"
        ),
        MESSAGE(
            "1 validation error for Settings\nsmtp_password\n  String should have at least 20 characters [type=«string_too_short», input_value='⟦pw⟧', input_type=«str»]"
        ),
    ),
    "TOML of Rust and Python": (
        INI(
            '[server]\nhost = "0.0.0.0"\nport = 8080\nworkers = 4\n[auth]\njwt_secret = "⟦an48⟧"\ntoken_lifetime = "1h"\nbcrypt_cost = 12\n[database]\nuser = "app"\npassword = "⟦pw⟧"\npool_size = 10\n'
        ),
        INI(
            '[registries.acme]\nindex = "https://cargo.example/index"\ntoken = "⟦an36⟧"\n[net]\nretry = 3\ngit-fetch-with-cli = true\n'
        ),
        PRINTED(
            'Config { host: "«0.0.0.0»", port: «8080», auth: AuthConfig { jwt_secret: "⟦an48⟧", token_lifetime: «3600» }, verbose: «false» }'
        ),
        STACK(
            "thread 'main' panicked at «src/token.rs:41:9»:\n«called `Option::unwrap()` on a `None` value»\nstack backtrace:\n   2: shop::secret::load\n             at «./src/secret.rs:17:5»\n   3: core::ops::function::FnOnce::call_once\n             at «/rustc/07dca489ac2d/library/core/src/ops/function.rs:250:5»"
        ),
    ),
}
