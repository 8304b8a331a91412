"""Source hosting, CI, deployment and settings."""

from tests.masking.services.shapes import (
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
}
