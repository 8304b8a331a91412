"""Hosting, networks and builds."""

from tests.masking.services.shapes import (
    ANSWERED,
    COMMAND,
    COOKIE,
    ENV,
    FORM,
    HEADERS,
    INI,
    JSON,
    LOG,
    MESSAGE,
    SET_COOKIE,
    URL,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "Hetzner": (
        HEADERS("Authorization: Bearer ⟦an64⟧\nContent-Type: application/json"),
        JSON(
            r"""{"server":{"id":42,"name":"my-server","status":"running","created":"2025-01-30T23:50:00+00:00","public_net":{"ipv4":{"ip":"203.0.113.7","blocked":false}},"server_type":{"name":"cx22","cores":2},"rescue_enabled":false},"action":{"id":1,"command":"create_server","progress":0,"error":null},"root_password":"⟦an20⟧"}"""
        ),
        COMMAND("hcloud context create --token ⟦an64⟧ «acme-prod»"),
        JSON(
            r"""{"console":null,"wss_url":"wss://console.hetzner.cloud/?server_id=1&token=⟦uuid⟧","password":"⟦an14⟧","action":{"id":1,"command":"request_console","status":"success","progress":100}}"""
        ),
        YAML(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: hcloud\n  namespace: kube-system\nstringData:\n  token: ⟦an64⟧\n  network: acme-net\n"
        ),
    ),
    "OVH": (
        HEADERS(
            "X-Ovh-Application: †7kbG7Bk7S9Nt7ZSV\nX-Ovh-Consumer: ⟦an32⟧\nX-Ovh-Signature: ⟦$1$|hex40⟧\nX-Ovh-Timestamp: 1764000000"
        ),
        INI(
            "[default]\nendpoint=ovh-eu\n[ovh-eu]\napplication_key=†7kbG7Bk7S9Nt7ZSV\napplication_secret=⟦hex32⟧\nconsumer_key=⟦hex32⟧\n"
        ),
        JSON(
            r"""{"errorCode":"INVALID_CREDENTIAL","httpCode":"403 Forbidden","message":"This credential is not valid"}"""
        ),
        JSON(
            r"""{"validationUrl":"https://eu.api.ovh.com/auth/?credentialToken=⟦an64⟧","consumerKey":"⟦an32⟧","state":"pendingValidation"}"""
        ),
    ),
    "Scaleway": (
        HEADERS("X-Auth-Token: ⟦uuid⟧\nContent-Type: application/json"),
        YAML(
            "access_key: †SCW123\nsecret_key: ⟦uuid⟧\ndefault_organization_id: 8f1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11\ndefault_project_id: 8f1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11\ndefault_region: fr-par\ndefault_zone: fr-par-1\n"
        ),
        JSON(
            r"""{"access_key":"†SCWXXX","secret_key":"⟦uuid⟧","application_id":"«~uuid»","description":"ci","created_at":"2025-05-01T10:00:00Z","expires_at":null,"editable":true,"creation_ip":"203.0.113.7"}"""
        ),
        ENV("SCW_ACCESS_KEY=†SCW123\nSCW_SECRET_KEY=⟦uuid⟧\nSCW_DEFAULT_REGION=nl-ams\nSCW_INSECURE=false\n"),
    ),
    "Alibaba Cloud": (
        URL(
            "https://ecs.aliyuncs.com/?Action=DescribeInstances&Format=JSON&Version=2014-05-26&AccessKeyId=†LTAI4&Signature=⟦an27⟧%3D&SignatureMethod=HMAC-SHA1&SignatureNonce=†15215528852396&SignatureVersion=1.0"
        ),
        JSON(
            r"""{"RequestId":"6894B13B-6D71-4EF5-88FA-F32781734A7F","AssumedRoleUser":{"Arn":"acs:ram::123456789012****:role/adminrole/alice","AssumedRoleId":"34458433936495****:alice"},"Credentials":{"SecurityToken":"⟦CAISzw|base300⟧","AccessKeyId":"†STS.L4aBSCSJVMuKg5U1vFDw","AccessKeySecret":"⟦an30⟧","Expiration":"2025-04-09T11:52:19Z"}}"""
        ),
        JSON(
            r"""{"RequestId":"540CFF28-407A-40B5-B6A5-74Bxxxxxxxxx","HostId":"ecs.aliyuncs.com","Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation."}"""
        ),
        INI(
            "[Credentials]\nlanguage=EN\nendpoint=oss-cn-hangzhou.aliyuncs.com\naccessKeyID=†LTAI5t\naccessKeySecret=⟦an30⟧\nstsToken=⟦CAIS|base200⟧\n"
        ),
        HEADERS(
            'Authorization: OSS †LTAI5t:⟦base27+=⟧\nx-oss-security-token: ⟦CAIS|base200⟧\nx-oss-request-id: 5C3D9175B6FC201293AD4E3A\nETag: "5B3C1A2E053D763E1B002CC607C5A0FE"'
        ),
        URL(
            "https://acme.oss-cn-hangzhou.aliyuncs.com/a.pdf?Expires=1764000000&OSSAccessKeyId=†LTAI5t&Signature=⟦an27⟧%3D&response-content-type=application%2Fpdf"
        ),
    ),
    "Oracle Cloud": (
        HEADERS(
            'Authorization: Signature version="«1»",keyId="†ocid1.tenancy.oc1..aaaa/ocid1.user.oc1..bbbb/20:3b:97:13:55:1c",algorithm="«rsa-sha256»",headers="«(request-target) date host»",signature="⟦base342+==⟧"\nopc-request-id: 7f1c2a30BB5D4E3A\nx-content-sha256: V9Z20UJTvkvpJ50flBzKE32+6m2zJjweHpDMX/U4Uy0='
        ),
        INI(
            "[DEFAULT]\nuser=ocid1.user.oc1..aaaaaaaat5nvwcna5j6aqzjcaty5eqbb6qt2jvpkanghtgdaqedqw3rynjq\nfingerprint=20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34\nkey_file=~/.oci/oci_api_key.pem\npass_phrase=⟦pw⟧\ntenancy=ocid1.tenancy.oc1..aaaaaaaaba3pv6wuzr4h25vqstifsfdsq\nregion=us-ashburn-1\n"
        ),
        JSON(
            r"""{"id":"ocid1.credential.oc1..aaaa","token":"⟦an20⟧","description":"Jenkins push","inactiveStatus":null,"lifecycleState":"ACTIVE","timeCreated":"2025-01-01T10:00:00.000Z","userId":"ocid1.user.oc1..aaaa"}"""
        ),
        URL("https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/⟦url64⟧/n/acme/b/backups/o/db.dmp"),
    ),
    "IBM Cloud": (
        FORM("grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=⟦url44⟧&response_type=cloud_iam"),
        JSON(
            r"""{"access_token":"⟦jwt⟧","refresh_token":"not_supported","ims_user_id":118,"token_type":"Bearer","expires_in":3600,"expiration":1764000000,"scope":"ibm openid"}"""
        ),
        JSON(
            r"""{"apikey":"⟦url44⟧","endpoints":"https://control.cloud-object-storage.cloud.ibm.com/v2/endpoints","iam_apikey_description":"Auto-generated for key","iam_apikey_name":"ci","iam_role_crn":"crn:v1:bluemix:public:iam::::serviceRole:Writer","resource_instance_id":"crn:v1:bluemix:public:cloud-object-storage:global:a/1:2::","cos_hmac_keys":{"access_key_id":"†a1b2c3","secret_access_key":"⟦hex48⟧"}}"""
        ),
        COMMAND("ibmcloud login --apikey ⟦url44⟧ -r «eu-de» -g «Default» --no-region"),
        MESSAGE(
            "ibm_cloud_sdk_core.ApiException: Error: «Provided API key could not be found.», Status code: «400», transactionId: «bTY0NTg-1f0c», apikey=⟦url44⟧"
        ),
    ),
    "Cloudflare": (
        HEADERS(
            "X-Auth-Email: jo@example.com\nX-Auth-Key: ⟦hex37⟧\ncf-ray: 9a1b2c3d4e5f6789-FRA\ncf-cache-status: DYNAMIC"
        ),
        COOKIE("CF_Authorization=⟦jwt⟧; __cf_bm=†a1; cf_clearance=⟦url43+-1764000000-1.2.1.1-+url100⟧; theme=dark"),
        ENV(
            "CLOUDFLARE_API_TOKEN=⟦url40⟧\nCLOUDFLARE_ACCOUNT_ID=01a7362d577a6c3019a474fd6f485823\nCLOUDFLARE_ZONE_ID=023e105f4ecef8ad9ca31a8372d0c353\nCF_ACCESS_CLIENT_SECRET=⟦hex64⟧\n"
        ),
        JSON(
            r"""{"result":{"id":"ed17574386854bf78a67040be0a770b0","name":"readonly token","status":"active","issued_on":"2025-07-01T05:20:00Z","policies":[{"id":"f267e341f3dd4697bd3b9f71dd96247f","effect":"allow"}],"value":"⟦url40⟧"},"success":true,"errors":[],"messages":[]}"""
        ),
        JSON(
            r"""{"success":true,"challenge_ts":"2025-02-28T15:14:30.096Z","hostname":"shop.example","error-codes":[],"action":"login","cdata":"†sessionid-123456789"}"""
        ),
        FORM("secret=⟦0x4AAAAAAA|url24⟧&response=†0.Aa&remoteip=203.0.113.7&idempotency_key=0d7e"),
        JSON(
            r"""{"success":false,"errors":[{"code":9109,"message":"Invalid access token"},{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}"""
        ),
    ),
    "Fastly": (
        HEADERS(
            "Fastly-Key: ⟦url32⟧\nFastly-Soft-Purge: 1\nSurrogate-Key: product-17 category-3\nAccept: application/json"
        ),
        ANSWERED(
            "X-Served-By: cache-fra-eddf8230034-FRA\nX-Cache: HIT, MISS\nX-Cache-Hits: 3, 0\nFastly-RateLimit-Remaining: 998\nSurrogate-Key: user-1 order-17"
        ),
        JSON(
            r"""{"id":"3krg2uUGZzb2W9Euo4moOR","name":"ci","access_token":"⟦url32⟧","scope":"purge_select","services":["7i6HN3TK9wS159v2gPAZ8A"],"expires_at":null,"ip":"203.0.113.7","sudo_expires_at":"2025-01-01T10:00:00Z"}"""
        ),
        COMMAND("fastly purge --service-id «7i6HN3TK9wS159v2gPAZ8A» --key «product-17» --token ⟦url32⟧ --soft"),
    ),
    "Akamai": (
        INI(
            "[default]\nclient_secret = ⟦base43+=⟧\nhost = akab-h05tnam3wl42son7nktnlnnx-kbob3i3v.luna.akamaiapis.net\naccess_token = ⟦akab-|lan16+-+lan16⟧\nclient_token = ⟦akab-|lan16+-+lan16⟧\nmax_body = 131072\n"
        ),
        HEADERS(
            "Authorization: EG1-HMAC-SHA256 client_token=⟦akab-|lan16+-+lan16⟧;access_token=⟦akab-|lan16+-+lan16⟧;timestamp=«20250324T19:31:41+0000»;nonce=†nonce-1;signature=⟦base43+=⟧\nX-Akamai-Session-Info: name=COUNTRY_CODE; value=DE"
        ),
        SET_COOKIE("__token__=⟦exp=1764000000~acl=/*~hmac=|hex64⟧; Path=/; Secure"),
        URL(
            "https://media.example/live/master.m3u8?hdnea=⟦st=1764000000~exp=1764003600~acl=/live/*~hmac=|hex64⟧&quality=720p"
        ),
    ),
    "DigitalOcean and Vercel": (
        JSON(
            r"""{"database":{"id":"«~uuid»","name":"backend","engine":"pg","version":"14","connection":{"uri":"postgres://doadmin:⟦AVNS_|url18⟧@backend-do-user-1.db.ondigitalocean.com:25060/defaultdb?sslmode=require","database":"defaultdb","host":"backend-do-user-1.db.ondigitalocean.com","port":25060,"user":"doadmin","password":"⟦AVNS_|url18⟧","ssl":true},"num_nodes":2,"region":"nyc3","status":"creating"}}"""
        ),
        COMMAND(
            "vercel deploy --prod --token=⟦an24⟧ --scope «acme» --build-env NODE_ENV=«production» --env DATABASE_PASSWORD=⟦pw⟧"
        ),
        JSON(
            r"""{"key":"API_URL","value":"https://shop.example","type":"encrypted","target":["production","preview"],"gitBranch":null,"configurationId":null,"createdAt":1557241361455}"""
        ),
        COOKIE("_vercel_jwt=⟦jwt⟧; __prerender_bypass=⟦hex256⟧; NEXT_LOCALE=de; ph_phc_theme=dark"),
        HEADERS(
            "x-vercel-id: fra1::iad1::9qk2c-1764000000000-0a1b2c3d4e5f\nx-vercel-protection-bypass: ⟦an32⟧\nx-vercel-signature: ⟦hex40⟧\nx-vercel-deployment-url: acme-git-main.vercel.app"
        ),
    ),
    "Drone and TeamCity": (
        YAML(
            "kind: pipeline\ntype: docker\nname: default\nsteps:\n  - name: publish\n    image: plugins/docker\n    settings:\n      username: octocat\n      password: ⟦pw⟧\n      repo: octocat/hello-world\n      tags: latest\n"
        ),
        ENV(
            "DRONE_RPC_SECRET=⟦hex32⟧\nDRONE_SERVER_HOST=drone.example\nDRONE_GITEA_CLIENT_SECRET=⟦gto_|lan52⟧\nDRONE_RUNNER_CAPACITY=2\nDRONE_COMMIT_SHA=bcdd4bf0245c82c060407b3b24b9b87301d15ac1\n"
        ),
        XML(
            r"""<build id="17" number="42" status="FAILURE" state="finished" branchName="main" webUrl="https://tc.example/viewLog.html?buildId=17"><statusText>Exit code 1 (Step: Get auth token (Command Line))</statusText><properties count="3"><property name="env.NODE_ENV" value="production"/><property name="env.NPM_TOKEN" value="⟦npm_|an36⟧"/><property name="system.db.password" value="⟦pw⟧"/></properties><revisions count="1"><revision version="a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"/></revisions></build>"""
        ),
        LOG(
            "[«10:15:00»] : [Step «2/4»] + curl -fsS --header 'Authorization: Bearer ⟦jwt⟧' «https://tc.example/app/rest/builds/id:17» -o «build.json»"
        ),
        LOG(
            '[«10:15:07»]W: [Step «3/4»] error: «Key "token" not found in secret "deploy"», exit code «1», commit «~hex40», agent «linux-7»'
        ),
        COMMAND(
            "docker run -e TEAMCITY_SERVER_OPTS=«-Xmx2g» -e AGENT_TOKEN=⟦hex32⟧ -e SERVER_URL=«https://tc.example» --name «agent-1» «jetbrains/teamcity-agent:2024.12»"
        ),
    ),
    "Azure DevOps": (
        COMMAND(
            'git -c http.extraheader="AUTHORIZATION: Basic ⟦base72⟧" clone --depth «1» «https://dev.azure.com/acme/shop/_git/shop»'
        ),
        LOG(
            "«2025-05-01T10:15:00.1234567Z» ##[command]git remote add origin https://acme:⟦lan52⟧@dev.azure.com/acme/shop/_git/shop"
        ),
        LOG(
            "«2025-05-01T10:15:02.1234567Z» ##[error]«The process '/usr/bin/bash' failed with exit code 1» job=«Build» attempt=«2» buildId=«1711» sourceVersion=«~hex40»"
        ),
        XML(
            r"""<configuration><packageSources><add key="acme" value="https://pkgs.dev.azure.com/acme/_packaging/acme/nuget/v3/index.json" /></packageSources><packageSourceCredentials><acme><add key="Username" value="ci" /><add key="ClearTextPassword" value="⟦lan52⟧" /></acme></packageSourceCredentials></configuration>"""
        ),
        YAML(
            "trigger: none\npool:\n  vmImage: ubuntu-latest\nvariables:\n  buildConfiguration: Release\n  sonarToken: ⟦sqp_|hex40⟧\nsteps:\n  - task: Npm@1\n    displayName: Install tokens package\n  - script: dotnet build\n"
        ),
    ),
    "Artifactory and SonarQube": (
        HEADERS(
            "X-JFrog-Art-Api: ⟦AKC|an70⟧\nX-Checksum-Sha1: 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12\nX-Artifactory-Id: 89b5f1a2"
        ),
        XML(
            r"""<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0"><servers><server><id>central</id><username>ci</username><password>⟦cmVmdGtuOjAx|an52⟧</password></server><server><id>deploy</id><privateKey>/home/ci/.ssh/id_rsa</privateKey><passphrase>⟦pw⟧</passphrase></server></servers><mirrors><mirror><mirrorOf>*</mirrorOf><url>https://repo.example/maven</url></mirror></mirrors></settings>"""
        ),
        COMMAND(
            "mvn -B verify sonar:sonar -Dsonar.projectKey=«acme_shop» -Dsonar.host.url=«https://sonar.example» -Dsonar.token=⟦sqp_|hex40⟧ -DskipTests=«true»"
        ),
        JSON(
            r"""{"projectStatus":{"status":"ERROR","conditions":[{"status":"ERROR","metricKey":"new_coverage","comparator":"LT","errorThreshold":"85","actualValue":"82.50"}],"ignoredConditions":false,"caycStatus":"compliant"}}"""
        ),
        INI(
            "sonar.jdbc.username=sonarqube\nsonar.jdbc.password=⟦pw⟧\nsonar.web.port=9000\nsonar.auth.jwtBase64Hs256Secret=⟦base43+=⟧\nsonar.search.javaOpts=-Xmx512m\n"
        ),
    ),
}
