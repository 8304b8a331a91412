"""Clouds' parameters, keys and gateways, identity providers, monitoring and language models."""

from tests.masking.services.shapes import (
    ANSWERED,
    CALL_ERROR,
    COMMAND,
    COOKIE,
    ENV,
    EVENT,
    FORM,
    HEADERS,
    HTML,
    INI,
    JSON,
    LOG,
    MESSAGE,
    PRINTED,
    SET_COOKIE,
    STACK,
    URL,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "AWS Systems Manager": (
        JSON(
            r"""{"Parameters":[{"Name":"/shop/db/host","Type":"String","Value":"db.example","Version":1,"LastModifiedDate":1582657288.8,"ARN":"arn:aws:ssm:us-east-2:111122223333:parameter/shop/db/host","DataType":"text"},{"Name":"/shop/db/pw","Type":"SecureString","Value":"⟦pw⟧","Version":3,"DataType":"text"}],"InvalidParameters":[]}"""
        ),
        JSON(
            r"""{"SessionId":"†jo-0123456789abcdef0","TokenValue":"⟦base200⟧","StreamUrl":"wss://ssmmessages.us-east-2.amazonaws.com/v1/data-channel/jo-0123?role=publish_subscribe"}"""
        ),
        COMMAND(
            "aws ssm put-parameter --name «/shop/db/password» --type «SecureString» --value ⟦pw⟧ --overwrite --region «eu-west-1»"
        ),
        JSON(r"""{"WithDecryption":true,"Name":"/shop/db/password"}"""),
    ),
    "AWS API Gateway's authorizers": (
        EVENT(
            r"""{"type":"TOKEN","authorizationToken":"⟦pw⟧","methodArn":"arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/request"}"""
        ),
        EVENT(
            r"""{"version":"2.0","type":"REQUEST","routeArn":"arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/request","identitySource":["⟦an40⟧"],"routeKey":"$default","rawPath":"/my/path","rawQueryString":"parameter1=value1","headers":{"X-Admin-Key":"⟦an32⟧","accept":"*/*"},"requestContext":{"accountId":"123456789012","authorizer":null,"stage":"$default","timeEpoch":1583348638390},"stageVariables":{"stageVariable1":"value1"}}"""
        ),
        EVENT(
            r"""{"resource":"/me","httpMethod":"GET","requestContext":{"authorizer":{"claims":{"sub":"«~uuid»","email_verified":"true","iss":"https://cognito-idp.eu-west-1.amazonaws.com/x","token_use":"id","auth_time":"1583348638"}},"identity":{"apiKey":"⟦an40⟧","apiKeyId":"a1b2c3d4e5","sourceIp":"203.0.113.7"},"stage":"prod"},"isBase64Encoded":false}"""
        ),
        JSON(
            r"""{"principalId":"user|17","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]},"context":{"tenant":"acme","plan":"pro"},"usageIdentifierKey":"⟦an40⟧"}"""
        ),
    ),
    "AWS SES and IAM": (
        XML(
            r"""<CreateAccessKeyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateAccessKeyResult><AccessKey><UserName>Bob</UserName><AccessKeyId>⟦AKIA|up16⟧</AccessKeyId><Status>Active</Status><SecretAccessKey>⟦base40⟧</SecretAccessKey><CreateDate>2025-01-01T00:00:00Z</CreateDate></AccessKey></CreateAccessKeyResult><ResponseMetadata><RequestId>«~uuid»</RequestId></ResponseMetadata></CreateAccessKeyResponse>"""
        ),
        FORM("Action=CreateLoginProfile&UserName=Bob&Password=⟦pw⟧&PasswordResetRequired=true&Version=2010-05-08"),
        EVENT(
            r"""{"Records":[{"eventSource":"aws:ses","ses":{"mail":{"timestamp":"2025-09-07T05:50:37.000Z","source":"jo@example.com","messageId":"o3vrnil0e2ic28","destination":["a@example.com"],"commonHeaders":{"subject":"Your access token expired","date":"Tue, 7 Sep 2025"}},"receipt":{"processingTimeMillis":574,"spamVerdict":{"status":"PASS"},"dkimVerdict":{"status":"PASS"},"action":{"type":"Lambda","invocationType":"Event"}}}}]}"""
        ),
        MESSAGE(
            "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: «The security token included in the request is invalid.»"
        ),
        HEADERS(
            "Authorization: AWS4-HMAC-SHA256 Credential=†x, SignedHeaders=host;x-amz-date, Signature=⟦hex64⟧\nX-Amz-Date: 20250101T000000Z\nX-Amz-Target: DynamoDB_20120810.GetItem\nX-Amz-Security-Token: ⟦IQoJb3JpZ2lu|base300⟧"
        ),
    ),
    "AWS KMS and RDS": (
        JSON(
            r"""{"CiphertextBlob":"†AQIDAHh","Plaintext":"⟦base43+=⟧","KeyId":"arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab","KeyMaterialId":"0b7fd7ddbac6eef27907413567cad8c810e2883dc8a7534067a82ee1142fc1e6"}"""
        ),
        JSON(
            r"""{"DBInstance":{"DBInstanceIdentifier":"db-1","Engine":"postgres","DBInstanceStatus":"creating","MasterUsername":"app","AllocatedStorage":20,"PendingModifiedValues":{"MasterUserPassword":"⟦pw⟧"},"MasterUserSecret":{"SecretArn":"arn:aws:secretsmanager:us-east-2:123456789012:secret:rds!db-AbCdEf","SecretStatus":"active","KmsKeyId":"arn:aws:kms:us-east-2:123456789012:key/1"},"StorageEncrypted":true}}"""
        ),
        URL(
            "https://db-1.abc.eu-west-1.rds.amazonaws.com:3306/?Action=connect&DBUser=app&X-Amz-Expires=900&X-Amz-Signature=⟦hex64⟧"
        ),
        CALL_ERROR(
            "Error: Access denied for user '«app»'@'«10.0.0.7»' (using password: «YES») at mysql://app:⟦pw⟧@db-1:3306/«orders»"
        ),
    ),
    "Microsoft Entra": (
        FORM(
            "client_id=535fb089-9ff3-47b6-9bfb-4f1264799865&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&client_secret=⟦an3+8Q%7E+url34⟧&grant_type=client_credentials"
        ),
        JSON(
            r"""{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"⟦jwt⟧","refresh_token":"⟦0.A|url200⟧","id_token":"⟦jwt⟧"}"""
        ),
        JSON(
            r"""{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.","error_codes":[7000215],"timestamp":"2025-04-06 16:18:31Z","trace_id":"«~uuid»","correlation_id":"«~uuid»","error_uri":"https://login.microsoftonline.com/error?code=7000215"}"""
        ),
        JSON(
            r"""{"customKeyIdentifier":null,"displayName":"ci","endDateTime":"2027-01-01T00:00:00Z","hint":"†nv","keyId":"«~uuid»","secretText":"⟦an3+8Q~+url34⟧","startDateTime":"2025-01-01T00:00:00Z"}"""
        ),
        URL("https://app.example/signin-oidc#id_token=⟦jwt⟧&state=†x&session_state=†x"),
    ),
    "Azure Key Vault and Event Grid": (
        JSON(
            r"""{"value":"⟦pw⟧","contentType":"†x","id":"https://acme.vault.azure.net/secrets/db¦/4387e9f3d6e14c459867679a90fd0f79","attributes":{"enabled":true,"created":1493938410,"updated":1493938410,"recoveryLevel":"Recoverable+Purgeable"}}"""
        ),
        HEADERS("aeg-sas-key: ⟦base43+=⟧\naeg-event-type: Notification\nContent-Type: application/json"),
        EVENT(
            r"""[{"id":"«~uuid»","eventType":"Microsoft.KeyVault.SecretNewVersionCreated","subject":"newsecret","eventTime":"2025-01-01T00:00:00Z","data":{"Id":"https://acme.vault.azure.net/secrets/newsecret/ee059b2bb5bc48398a53b168c6cdcb10","VaultName":"acme","ObjectType":"Secret","ObjectName":"newsecret","NBF":null},"dataVersion":"1"}]"""
        ),
        EVENT(
            r"""[{"id":"«~uuid»","topic":"/subscriptions/1","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"†512d38b6"},"metadataVersion":"1"}]"""
        ),
        INI(
            "ServiceBus=Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=⟦base43+=⟧\nTopic=orders\nMaxDeliveryCount=10\n"
        ),
        CALL_ERROR(
            "Azure.RequestFailedException: «Server failed to authenticate the request.» Status: «403» for https://files1.blob.core.windows.net/docs/a.pdf?sv=«2022-11-02»&sp=«r»&sig=⟦an43⟧%3D"
        ),
    ),
    "Google Cloud Pub/Sub and Run": (
        EVENT(
            r"""{"message":{"attributes":{"kind":"order","api_key":"⟦an39⟧"},"messageId":"2070443601311540","publishTime":"2025-02-26T19:13:55.749Z"},"subscription":"projects/acme/subscriptions/orders","deliveryAttempt":5}"""
        ),
        HEADERS(
            "Authorization: Bearer ⟦jwt⟧\nCe-Type: google.cloud.pubsub.topic.v1.messagePublished\nX-Cloud-Trace-Context: 105445aa7843bc8bf206b12000100000/1;o=1"
        ),
        YAML(
            "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containerConcurrency: 80\n      containers:\n        - image: gcr.io/acme/shop\n          env:\n            - name: STRIPE_KEY\n              value: ⟦sk_live_|an24⟧\n            - name: LEVEL\n              value: debug\n"
        ),
        JSON(
            r"""{"insertId":"1x2y3z","severity":"ERROR","resource":{"type":"cloud_run_revision","labels":{"service_name":"shop","location":"europe-west1"}},"httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example/reset?token=⟦an40⟧","status":500,"latency":"0.154s"},"timestamp":"2025-06-01T10:00:00Z"}"""
        ),
    ),
    "Firebase": (
        JSON(
            r"""{"kind":"identitytoolkit#VerifyPasswordResponse","localId":"ZY1rJK0eYLg","email":"jo@example.com","displayName":"","idToken":"⟦jwt⟧","registered":true,"refreshToken":"⟦AMf-|url180⟧","expiresIn":"3600"}"""
        ),
        URL("https://app.example/__/auth/action?mode=resetPassword&oobCode=⟦url54⟧&apiKey=⟦AIza|url35⟧&lang=de"),
        JSON(r"""{"email":"jo@example.com","password":"⟦pw⟧","returnSecureToken":true}"""),
        JSON(
            r"""{"error":{"code":400,"message":"INVALID_PASSWORD","errors":[{"message":"INVALID_PASSWORD","domain":"global","reason":"invalid"}]}}"""
        ),
        PRINTED(
            '{\n  apiKey: "⟦AIza|url35⟧",\n  authDomain: "«acme.firebaseapp.com»",\n  projectId: "«acme»",\n  messagingSenderId: "«123456789012»",\n  measurementId: "«G-ABCDEF1234»"\n}'
        ),
    ),
    "Okta": (
        JSON(
            r"""{"expiresAt":"2025-11-03T10:15:57.000Z","status":"SUCCESS","sessionToken":"⟦00|url40⟧","_embedded":{"user":{"id":"00ub0oNGTSWTBKOLGLNR","passwordChanged":"2025-09-08T20:14:45.000Z","profile":{"login":"jo@example.com","locale":"en","timeZone":"America/Los_Angeles"}}}}"""
        ),
        JSON(
            r"""{"stateToken":"⟦url42⟧","status":"MFA_CHALLENGE","factorResult":"WAITING","_embedded":{"factor":{"id":"smsro2","factorType":"sms","provider":"OKTA"}}}"""
        ),
        JSON(r"""{"stateToken":"⟦url42⟧","passCode":"⟦d6⟧","rememberDevice":false}"""),
        JSON(
            r"""{"profile":{"firstName":"Isaac","login":"isaac@example.com"},"credentials":{"password":{"value":"⟦pw⟧"},"recovery_question":{"question":"Who's a major player?","answer":"⟦pw⟧"}}}"""
        ),
        HEADERS(
            "Authorization: SSWS ⟦00|url40⟧\nX-Okta-Request-Id: reqVy8wsvmBQN27h4soUE3ZEnA\nX-Rate-Limit-Remaining: 599"
        ),
        SET_COOKIE("sid=⟦an25⟧; Version=1; Path=/; Secure; HttpOnly"),
        COOKIE("DT=⟦url24⟧; JSESSIONID=⟦uphex32⟧; okta_user_lang=en; t=dark; ln=†jo"),
        JSON(
            r"""{"errorCode":"E0000004","errorSummary":"Authentication failed","errorLink":"E0000004","errorId":"oaeuHRrvMnuRga5UzpKIOhKpQ","errorCauses":[]}"""
        ),
    ),
    "FusionAuth": (
        JSON(
            r"""{"loginId":"jo@example.com","password":"⟦pw⟧","applicationId":"«~uuid»","noJWT":true,"ipAddress":"192.168.1.42"}"""
        ),
        JSON(
            r"""{"twoFactorId":"†YkQY5Gsyo4RlfmDciBGRmvfj3RmatUqrbjoIZ19fmw4","methods":[{"id":"ABCD","lastUsed":true,"method":"authenticator"}],"changePasswordId":"⟦url43⟧","user":{"active":true,"passwordLastUpdateInstant":1471786483322,"passwordChangeRequired":false,"twoFactor":{"recoveryCodes":["⟦an10⟧","⟦an10⟧"]},"verified":true}}"""
        ),
        JSON(
            r"""{"fieldErrors":{"user.password":[{"code":"[tooShort]user.password","message":"The password does not meet the minimum length requirement."}]}}"""
        ),
        HTML(
            '<form action="/oauth2/authorize" method="POST"><input type="hidden" name="client_id" value="85a03867-dccf-4882-adde-1a79aeec50df"/><input type="hidden" name="code_challenge_method" value="S256"/><input type="hidden" name="user_code" value="†FBGLLF"/><input type="password" name="password" value="⟦pw⟧" placeholder="Password"/><p>Forgot your password?</p></form>'
        ),
    ),
    "New Relic": (
        HEADERS(
            "X-License-Key: ⟦hex36+NRAL⟧\nApi-Key: ⟦NRAK-|uan27⟧\nX-Insert-Key: ⟦NRII-|url32⟧\nContent-Type: application/json"
        ),
        JSON(
            r"""[{"metrics":[{"name":"tokens.used","type":"gauge","value":2.3,"timestamp":1531414060739,"attributes":{"host.name":"db-1","key":"cache"}}]}]"""
        ),
        YAML(
            "common:\n  license_key: ⟦hex36+NRAL⟧\n  app_name: Shop\n  log_level: info\n  distributed_tracing:\n    enabled: true\n"
        ),
        HTML(
            '<script>NREUM.info={"beacon":"«bam.nr-data.net»","errorBeacon":"«bam.nr-data.net»","licenseKey":"⟦NRJS-|hex19⟧","applicationID":"«17»","sa":«1»}</script><h1>Shop</h1>'
        ),
    ),
    "PagerDuty": (
        JSON(
            r"""{"routing_key":"⟦lan32⟧","event_action":"trigger","dedup_key":"srv01/HTTP","payload":{"summary":"Disk full","severity":"critical","source":"db-1","component":"keystore","custom_details":{"free":"3 %","tokens":"17"}}}"""
        ),
        JSON(
            r"""{"service_key":"⟦hex32⟧","event_type":"trigger","incident_key":"srv01/HTTP","description":"FAILURE for production/HTTP","client":"Sample Monitoring"}"""
        ),
        HEADERS(
            "Authorization: Token token=⟦url20⟧\nX-PagerDuty-Signature: ⟦v1=|hex64⟧\nAccept: application/vnd.pagerduty+json;version=2"
        ),
        YAML(
            "route:\n  receiver: pager\n  group_wait: 30s\nreceivers:\n  - name: pager\n    pagerduty_configs:\n      - service_key: ⟦hex32⟧\n        severity: critical\n        send_resolved: true\n"
        ),
    ),
    "Grafana": (
        INI(
            "[server]\nhttp_port = 3000\n[security]\nadmin_user = admin\nadmin_password = ⟦pw⟧\nsecret_key = ⟦an20⟧\ncookie_secure = true\n[auth.generic_oauth]\nenabled = true\nclient_secret = ⟦an40⟧\nallow_sign_up = true\n"
        ),
        JSON(
            r"""{"id":1,"name":"db","type":"postgres","url":"db:5432","access":"proxy","user":"app","secureJsonData":{"password":"⟦pw⟧"},"jsonData":{"sslmode":"disable","maxOpenConns":100},"isDefault":false,"readOnly":false}"""
        ),
        JSON(r"""{"id":7,"name":"ci","key":"⟦glsa_|an32+_+hex8⟧"}"""),
        LOG(
            'logger=«context» userId=«0» orgId=«0» uname= t=«2025-06-01T10:00:00Z» level=«error» msg="«Failed to look up user based on cookie»" error="«user token not found»" remote_addr=«203.0.113.7»'
        ),
        COOKIE("grafana_session=⟦hex32⟧; grafana_session_expiry=1764000000; redirect_to=%2Fdashboards"),
    ),
    "Anthropic": (
        HEADERS(
            "x-api-key: ⟦sk-ant-api03-|url95⟧\nanthropic-version: 2023-06-01\nanthropic-beta: prompt-caching-2024-07-31"
        ),
        JSON(
            r"""{"id":"msg_013Zva2CMHLNnXjNJJKqJ2EF","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"Your token count is fine."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":2095,"output_tokens":503,"cache_creation_input_tokens":2051,"cache_read_input_tokens":0}}"""
        ),
        ANSWERED(
            "anthropic-ratelimit-requests-remaining: 999\nanthropic-ratelimit-tokens-limit: 100000\nanthropic-ratelimit-tokens-remaining: 99000\nanthropic-ratelimit-input-tokens-reset: 2025-01-01T00:00:00Z\nrequest-id: req_018EeWyXxfu5pfWkrYcMdjWG"
        ),
        JSON(r"""{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"""),
        MESSAGE("anthropic.AuthenticationError: Error code: «401» - invalid x-api-key ⟦sk-ant-api03-|url95⟧"),
    ),
    "Gemini and Hugging Face": (
        URL(
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-pro:generateContent?key=⟦AIza|url35⟧&alt=sse"
        ),
        JSON(
            r"""{"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"finishReason":"STOP","avgLogprobs":-0.05}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":715,"totalTokenCount":719,"cachedContentTokenCount":2048,"promptTokensDetails":[{"modality":"TEXT","tokenCount":4}]},"modelVersion":"gemini-2.0-flash"}"""
        ),
        JSON(
            r"""{"details":{"finish_reason":"length","generated_tokens":20,"tokens":[{"id":464,"text":"The","logprob":-1.2,"special":false}]},"generated_text":"The"}"""
        ),
        ENV(
            "HF_TOKEN=⟦hf_|an34⟧\nHF_HOME=/root/.cache/huggingface\nTOKENIZERS_PARALLELISM=false\nMAX_NEW_TOKENS=512\n"
        ),
        LOG(
            "«INFO» generated «512» tokens in «12.5»s (tokensPerSecond=«41.7») model=«llama-3» prompt_tokens=«19» eos_token=«</s>»"
        ),
    ),
    "Twitter and OAuth 1": (
        HEADERS(
            'Authorization: OAuth oauth_consumer_key="†x", oauth_nonce="⟦an32⟧", oauth_signature="⟦an27⟧%3D", oauth_token="⟦d9+-+an40⟧"\nContent-Type: application/x-www-form-urlencoded'
        ),
        FORM("oauth_token=⟦an27⟧&oauth_token_secret=⟦an32⟧&oauth_callback_confirmed=true"),
        URL("https://app.example/callback?oauth_token=⟦an27⟧&oauth_verifier=⟦an32⟧&lang=de"),
        JSON(r"""{"errors":[{"message":"Invalid or expired token","code":89}]}"""),
        STACK(
            'Traceback (most recent call last):\n  File "«/var/task/auth.py»", line «88», in «get_token»\n    raise Forbidden(response)\ntweepy.errors.Forbidden: «403 Forbidden»\nOAuth1Session(client_key=†x, resource_owner_secret=⟦an45⟧)'
        ),
    ),
    "SAML": (
        FORM("SAMLResponse=⟦base400⟧&RelayState=%2Fhome"),
        XML(
            r"""<saml2p:Response xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="id1234" Version="2.0" IssueInstant="2025-01-01T00:00:00Z"><saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/><saml2p:StatusMessage>Authentication failed</saml2p:StatusMessage></saml2p:Status></saml2p:Response>"""
        ),
    ),
}
