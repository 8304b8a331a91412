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
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "GitHub": (
        EVENT(
            r"""{"action":"opened","number":2,"pull_request":{"url":"https://api.github.com/repos/acme/shop/pulls/2","id":279147437,"node_id":"MDExOlB1bGxSZXF1ZXN0Mjc5MTQ3NDM3","state":"open","locked":false,"title":"Rotate the token","head":{"ref":"changes","sha":"«~hex40»"},"base":{"ref":"master","sha":"«~hex40»"},"merged":false,"comments":0,"additions":1},"repository":{"id":186853002,"full_name":"acme/shop","private":false,"keys_url":"https://api.github.com/repos/acme/shop/keys{/key_id}","pushed_at":"2019-05-15T15:20:33Z","default_branch":"master"},"sender":{"login":"maria","type":"User","site_admin":false},"installation":{"id":17}}"""
        ),
        JSON(
            r"""{"token":"⟦ghs_|an36⟧","expires_at":"2025-07-11T22:14:10Z","permissions":{"issues":"write","contents":"read"},"repository_selection":"selected"}"""
        ),
        JSON(r"""{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest","status":"401"}"""),
        HEADERS(
            "Authorization: token ⟦ghp_|an36⟧\nAccept: application/vnd.github+json\nX-GitHub-Api-Version: 2022-11-28\nX-Hub-Signature-256: ⟦sha256=|hex64⟧\nX-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958\nX-GitHub-Event: push"
        ),
        COMMAND(
            "fatal: unable to access 'https://x-access-token:⟦ghs_|an36⟧@github.com/«acme/shop.git»/': «The requested URL returned error: 403»"
        ),
        COOKIE(
            "_octo=†GH1.1.1; logged_in=yes; dotcom_user=maria; user_session=⟦url48⟧; tz=Europe%2FBerlin; color_mode=dark"
        ),
    ),
    "Bitbucket": (
        JSON(
            r"""{"type":"pipeline_variable","uuid":"{«~uuid»}","key":"DEPLOY_PASSWORD","value":"⟦pw⟧","secured":false}"""
        ),
        JSON(
            r"""{"access_token":"⟦url86⟧","scopes":"repository:write account","expires_in":7200,"refresh_token":"⟦an18⟧","token_type":"bearer","state":"†authorization_code"}"""
        ),
        URL("https://bitbucket.org/site/oauth2/authorize?client_id=†an17&response_type=code"),
        COMMAND("git clone https://maria:⟦ATBB|an28⟧@bitbucket.org/«acme/shop.git» --depth «1» --branch «main»"),
        YAML(
            "pipelines:\n  default:\n    - step:\n        name: Build\n        image: node:20\n        script:\n          - npm ci\n        services:\n          - docker\nvariables:\n  NPM_TOKEN: ⟦npm_|an36⟧\n"
        ),
    ),
    "CircleCI": (
        JSON(
            r"""{"items":[{"name":"AWS_REGION","value":"xxxx-1","created-at":"2025-01-01T00:00:00Z"}],"next_page_token":null}"""
        ),
        HEADERS("Circle-Token: ⟦CCIPAT_|an22+_+hex40⟧\nAccept: application/json"),
        LOG(
            "«#!/bin/bash -eo pipefail»\n+ docker login -u «maria» -p ⟦pw⟧ «registry.example»\nLogin Succeeded\n+ docker push «registry.example/shop:1.4.2»"
        ),
        LOG(
            "Exited with code exit status «1»\nCircleCI received exit code «1»\nexport SENTRY_AUTH_TOKEN=⟦hex64⟧\nexport NODE_ENV=«test»"
        ),
    ),
    "Jenkins": (
        XML(
            r"""<?xml version="1.1" encoding="UTF-8"?><com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl plugin="credentials@2.6.1"><scope>GLOBAL</scope><id>deploy</id><description>deploys</description><username>jo</username><password>⟦pw⟧</password><usernameSecret>false</usernameSecret></com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>"""
        ),
        HEADERS("Jenkins-Crumb: ⟦hex64⟧\nContent-Type: application/x-www-form-urlencoded\nX-Jenkins: 2.426"),
        JSON(
            r"""{"_class":"hudson.security.csrf.DefaultCrumbIssuer","crumb":"⟦hex64⟧","crumbRequestField":"Jenkins-Crumb"}"""
        ),
        STACK(
            "hudson.AbortException: «script returned exit code 1»\n\tat org.jenkinsci.plugins.credentials.CredentialsProvider.findCredentials(«CredentialsProvider.java:412»)\n\tat hudson.security.TokenBasedRememberMeServices2.autoLogin(«TokenBasedRememberMeServices2.java:91»)\n\tat java.base/java.lang.Thread.run(«Thread.java:840»)"
        ),
        URL("https://ci.example/job/shop/build?token=⟦an20⟧&cause=push&delay=0sec"),
    ),
    "npm and PyPI": (
        INI(
            "registry=https://registry.npmjs.org/\n//registry.npmjs.org/:_authToken=⟦npm_|an36⟧\nalways-auth=true\nfund=false\n"
        ),
        INI(
            "[distutils]\nindex-servers =\n    pypi\n\n[pypi]\nrepository = https://upload.pypi.org/legacy/\nusername = __token__\npassword = ⟦pypi-|url120⟧\n"
        ),
        COMMAND(
            "twine upload --repository-url «https://upload.pypi.org/legacy/» --username «__token__» --password ⟦pypi-|url120⟧ «dist/shop-1.0.tar.gz»"
        ),
        MESSAGE(
            "npm ERR! code «E401»\nnpm ERR! Incorrect or missing password.\nnpm ERR! A complete log of this run can be found in: «/root/.npm/_logs/2025-01-01T00_00_00_000Z-debug-0.log»"
        ),
    ),
    "Kubernetes": (
        YAML(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db-secret\n  namespace: shop\n  labels:\n    app: shop\ntype: Opaque\ndata:\n  username: †YXBw\n  password: ⟦base24⟧\nstringData:\n  api-key: ⟦an32⟧\n"
        ),
        YAML(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: 3\n  template:\n    spec:\n      serviceAccountName: shop\n      containers:\n      - name: shop\n        image: registry.example/shop:1.4.2\n        env:\n        - name: LEVEL\n          value: debug\n        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: db-secret\n              key: password\n        - name: SMTP_PASSWORD\n          value: ⟦pw⟧\n        volumeMounts:\n        - name: tokens\n          mountPath: /var/run/secrets/tokens\n          readOnly: true\n"
        ),
        YAML(
            "apiVersion: v1\nkind: Config\nclusters:\n- name: prod\n  cluster:\n    server: https://10.0.0.1:6443\n    certificate-authority-data: †LS0tLS1CRUdJTg\ncurrent-context: prod\nusers:\n- name: admin\n  user:\n    client-key-data: ⟦base400⟧\n    token: ⟦an40⟧\n"
        ),
        JSON(
            r"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets \"db-secret\" is forbidden: User \"system:serviceaccount:shop:default\" cannot get resource \"secrets\" in API group \"\" in the namespace \"shop\"","reason":"Forbidden","details":{"name":"db-secret","kind":"secrets"},"code":403}"""
        ),
        LOG(
            '«I0601 10:00:00.000000» «1» reconciler.go:«224»] «"operationExecutor.MountVolume started for volume"» pod=«"shop/shop-7d9c"» volume=«"kube-api-access-x2x"»'
        ),
    ),
    "Terraform": (
        JSON(
            r"""{"version":4,"terraform_version":"1.7.0","serial":17,"lineage":"«~uuid»","outputs":{"region":{"value":"eu-west-1","type":"string"},"db_password":{"value":"⟦pw⟧","type":"†string","sensitive":†true}},"resources":[{"mode":"managed","type":"aws_db_instance","name":"main","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"schema_version":1,"attributes":{"address":"db-1.abc.eu-west-1.rds.amazonaws.com","allocated_storage":20,"engine":"postgres","instance_class":"db.t3.micro","master_user_secret":[],"multi_az":false,"password":"⟦pw⟧","port":5432,"storage_encrypted":true,"username":"app"}}]}]}"""
        ),
        INI(
            'db_name     = "orders"\ndb_password = "⟦pw⟧"\nregion      = "eu-west-1"\ninstance_count = 2\napi_token = "⟦an32⟧"\n'
        ),
        COMMAND('terraform apply -auto-approve -var «region=eu-west-1» -var "db_password=⟦pw⟧" -lock-timeout=«60s»'),
        LOG(
            'Error: «creating RDS DB Instance (main)»: InvalidParameterValue: «The parameter MasterUserPassword is not a valid password.»\n\n  with «aws_db_instance.main»,\n  on «rds.tf» line «12», in resource "«aws_db_instance»" "«main»":\n  «12»: resource "aws_db_instance" "main" {'
        ),
    ),
    "docker-compose": (
        YAML(
            'services:\n  db:\n    image: postgres:16\n    restart: always\n    environment:\n      POSTGRES_USER: app\n      POSTGRES_PASSWORD: ⟦pw⟧\n      POSTGRES_DB: orders\n      PGDATA: /var/lib/postgresql/data\n    ports:\n      - "«5432:5432»"\n  web:\n    image: shop:1.4.2\n    environment:\n      - LEVEL=«debug»\n      - SECRET_KEY_BASE=⟦hex128⟧\n      - DATABASE_URL=postgres://app:⟦pw⟧@db:5432/orders\n      - WORKERS=«4»\n'
        ),
        JSON(
            r"""{"auths":{"https://index.docker.io/v1/":{"auth":"⟦base40⟧"}},"credsStore":"desktop","currentContext":"default","HttpHeaders":{"User-Agent":"Docker-Client/24.0"}}"""
        ),
        LOG(
            'Error response from daemon: Get "«https://registry.example/v2/»": unauthorized: «incorrect username or password»'
        ),
    ),
    "dotenv of a Node shop": (
        ENV(
            "NODE_ENV=production\nPORT=3000\nJWT_SECRET=⟦an32⟧\nJWT_EXPIRES_IN=7d\nSESSION_SECRET=\"⟦pw⟧\"\nBCRYPT_ROUNDS=12\nSMTP_HOST=smtp.example\nSMTP_USER=mailer\nSMTP_PASS='⟦pw⟧'\nREDIS_URL=redis://:⟦pw⟧@cache:6379/0\nAWS_REGION=eu-west-1\nAWS_ACCESS_KEY_ID=⟦AKIA|up16⟧\nAWS_SECRET_ACCESS_KEY=⟦base40⟧\nCORS_ORIGIN=https://shop.example\nTOKEN_TTL_SECONDS=3600\nLOG_LEVEL=info\nCOOKIE_DOMAIN=.shop.example\n"
        ),
        PRINTED(
            "{\n  NODE_ENV: '«production»',\n  PORT: '«3000»',\n  JWT_SECRET: '⟦an32⟧',\n  SMTP_PASS: '⟦pw⟧',\n  LOG_LEVEL: '«info»',\n  PWD: '«/var/task»',\n  retries: «3»,\n  keepAlive: «true»\n}"
        ),
    ),
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
