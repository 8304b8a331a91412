"""Clouds' own services, identity providers, monitoring and language models."""

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
)  # fmt: skip

SERVICES = {
    "AWS Cognito": (
        JSON(
            r"""{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"7t5u1example9p0a","AuthParameters":{"USERNAME":"maria","PASSWORD":"⟦pw⟧","SECRET_HASH":"⟦base43+=⟧"}}"""
        ),
        JSON(
            r"""{"AuthenticationResult":{"AccessToken":"⟦jwt⟧","ExpiresIn":3600,"IdToken":"⟦jwt⟧","RefreshToken":"⟦url300⟧","TokenType":"Bearer"},"ChallengeParameters":{}}"""
        ),
        JSON(
            r"""{"ChallengeName":"SMS_MFA","Session":"⟦url200⟧","ChallengeParameters":{"CODE_DELIVERY_DELIVERY_MEDIUM":"SMS","CODE_DELIVERY_DESTINATION":"+*******1234","USER_ID_FOR_SRP":"maria"}}"""
        ),
        EVENT(
            r"""{"version":"1","triggerSource":"CreateAuthChallenge_Authentication","region":"us-east-1","userPoolId":"us-east-1_Ab12Cd34E","userName":"maria","callerContext":{"awsSdkVersion":"aws-sdk-unknown-unknown","clientId":"7t5u1example9p0a"},"request":{"userAttributes":{"sub":"«~uuid»","email_verified":"true","cognito:user_status":"CONFIRMED"},"challengeName":"CUSTOM_CHALLENGE","session":[{"challengeName":"PASSWORD_VERIFIER","challengeResult":true}]},"response":{"publicChallengeParameters":{"captchaUrl":"https://a.example/c"},"privateChallengeParameters":{"answer":"⟦d6⟧"},"challengeMetadata":"CAPTCHA_CHALLENGE"}}"""
        ),
        JSON(r"""{"__type":"NotAuthorizedException","message":"Incorrect username or password."}"""),
    ),
    "AWS Secrets Manager": (
        JSON(
            r"""{"ARN":"arn:aws:secretsmanager:us-west-2:123456789012:secret:MyTestDatabaseSecret-a1b2c3","CreatedDate":1.523477145713E9,"Name":"MyTestDatabaseSecret","SecretString":"{\"username\":\"david\",\"password\":\"⟦pw⟧\"}","VersionId":"«~uuid»","VersionStages":["AWSPREVIOUS"]}"""
        ),
        EVENT(
            r"""{"Step":"setSecret","SecretId":"arn:aws:secretsmanager:us-west-2:123456789012:secret:db-a1b2c3","ClientRequestToken":"«~uuid»"}"""
        ),
        JSON(
            r"""{"ARN":"arn:aws:secretsmanager:us-west-2:123456789012:secret:db-a1b2c3","Name":"prod/db","RotationEnabled":true,"RotationLambdaARN":"arn:aws:lambda:us-west-2:123456789012:function:rotate","RotationRules":{"AutomaticallyAfterDays":30},"LastChangedDate":1523477145.729,"VersionIdsToStages":{"«~uuid»":["AWSCURRENT"]}}"""
        ),
        STACK(
            'Traceback (most recent call last):\n  File "«/var/task/app.py»", line «17», in handler\n    secret = client.get_secret_value(SecretId=«"prod/db"»)\n  File "«/var/runtime/botocore/client.py»", line «535», in «_api_call»\nbotocore.errorfactory.ResourceNotFoundException: «An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can\'t find the specified secret.»'
        ),
    ),
    "AWS Lambda URL": (
        EVENT(
            r"""{"version":"2.0","routeKey":"$default","rawPath":"/login","rawQueryString":"page=2&token=⟦url32⟧&lang=†de","cookies":["theme=†dark","sid=⟦an32⟧"],"headers":{"host":"abc.lambda-url.eu-west-1.on.aws","authorization":"Bearer ⟦jwt⟧","content-type":"application/json","x-amzn-trace-id":"Root=1-5e1b4151-5ac6c58f0b1c2d3e4f506172","x-forwarded-for":"203.0.113.7"},"queryStringParameters":{"page":"2","token":"⟦url32⟧"},"requestContext":{"accountId":"123456789012","apiId":"abc","authentication":null,"http":{"method":"POST","path":"/login","protocol":"HTTP/1.1","sourceIp":"203.0.113.7","userAgent":"curl/8.5.0"},"requestId":"«~uuid»","time":"12/Mar/2025:19:03:58 +0000","timeEpoch":1741806238000},"body":"{\"user\":\"maria\",\"password\":\"⟦pw⟧\"}","isBase64Encoded":false}"""
        ),
        LOG(
            "«START» RequestId: «8f507cfc-0000-4697-b07a-ac58fc914c95» Version: «$LATEST»\n«REPORT» RequestId: «8f507cfc-0000-4697-b07a-ac58fc914c95» Duration: «102.25 ms» Billed Duration: «103 ms» Memory Size: «128 MB»"
        ),
        MESSAGE(
            "{'user': '«maria»', 'password': '⟦pw⟧', 'remember': «True»} is not valid under any of the given schemas"
        ),
    ),
    "AWS DynamoDB": (
        JSON(
            r"""{"TableName":"users","Key":{"pk":{"S":"USER#17"}},"UpdateExpression":"SET password_hash = :h, city = :c","ExpressionAttributeValues":{":h":{"S":"⟦$2b$12$|an53⟧"},":c":{"S":"Bonn"}},"ReturnValues":"ALL_NEW"}"""
        ),
        JSON(
            r"""{"Count":1,"Items":[{"pk":{"S":"USER#17"},"apiToken":{"S":"⟦an40⟧"},"city":{"S":"Bonn"},"logins":{"N":"12"},"active":{"BOOL":true},"tags":{"SS":["a","b"]}}],"ScannedCount":1,"ConsumedCapacity":{"TableName":"users","CapacityUnits":0.5}}"""
        ),
        JSON(
            r"""{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed"}"""
        ),
        PRINTED(
            "{'Item': {'pk': '«USER#17»', 'city': '«Bonn»', 'session_token': '⟦an40⟧', 'logins': Decimal('«12»')}, 'ResponseMetadata': {'RequestId': '«VVNJ4KQNSO5AEMVJF66Q9ASUAAJG»', 'HTTPStatusCode': «200», 'RetryAttempts': «0»}}"
        ),
    ),
    "AWS STS and S3": (
        XML(
            r"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROA3XFRBF535PLBIFPI4:demo</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/demo/demo</Arn></AssumedRoleUser><Credentials><AccessKeyId>⟦ASIA|up16⟧</AccessKeyId><SecretAccessKey>⟦base40⟧</SecretAccessKey><SessionToken>⟦IQoJb3JpZ2lu|base300⟧</SessionToken><Expiration>2025-11-09T13:34:41Z</Expiration></Credentials><PackedPolicySize>6</PackedPolicySize></AssumeRoleResult><ResponseMetadata><RequestId>«~uuid»</RequestId></ResponseMetadata></AssumeRoleResponse>"""
        ),
        XML(
            r"""<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided.</Message><AWSAccessKeyId>⟦AKIA|up16⟧</AWSAccessKeyId><RequestId>4442587FB7D0A2F9</RequestId><HostId>Uuag1LuByRx9e6j5Onimru9pO4ZVKnJ2Qz7/C1NPcfTWAtRPfTaOFg==</HostId></Error>"""
        ),
        URL(
            "https://files.s3.eu-west-1.amazonaws.com/reports/q1.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=†x&X-Amz-Date=20250101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=⟦hex64⟧"
        ),
        INI(
            "[default]\nregion = eu-west-1\noutput = json\naws_access_key_id = ⟦AKIA|up16⟧\naws_secret_access_key = ⟦base40⟧\n"
        ),
        XML(
            r"""<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>files</Name><Prefix>uploads/</Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>uploads/passwords.csv</Key><LastModified>2025-01-01T00:00:00.000Z</LastModified><ETag>&quot;599bab3ed2c697f1d26842727561fd94&quot;</ETag><Size>857</Size><StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>"""
        ),
    ),
    "Azure Storage and Functions": (
        INI(
            "AzureWebJobsStorage=DefaultEndpointsProtocol=https;AccountName=files1;AccountKey=⟦base86+==⟧;EndpointSuffix=core.windows.net\nFUNCTIONS_WORKER_RUNTIME=python\nWEBSITE_TIME_ZONE=UTC\n"
        ),
        JSON(
            r"""{"IsEncrypted":false,"Values":{"FUNCTIONS_WORKER_RUNTIME":"node","ServiceBusKey":"⟦base43+=⟧","LEVEL":"debug"},"Host":{"LocalHttpPort":7071,"CORS":"*"}}"""
        ),
        URL(
            "https://files1.blob.core.windows.net/docs/a.pdf?sv=2022-11-02&st=2025-01-01T00%3A00%3A00Z&se=2025-01-02T00%3A00%3A00Z&sr=b&sp=r&sig=⟦an43⟧%3D"
        ),
        HEADERS("x-functions-key: ⟦url54⟧\nx-ms-version: 2021-08-06\nx-ms-date: Tue, 03 Jun 2025 08:15:30 GMT"),
        XML(
            r"""<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.</Message><AuthenticationErrorDetail>Signature did not match.</AuthenticationErrorDetail></Error>"""
        ),
    ),
    "Google service accounts": (
        JSON(
            r"""{"type":"service_account","project_id":"acme-1","private_key_id":"«~hex40»","private_key":"-----BEGIN PRIVATE KEY-----\n⟦base64⟧\n⟦base64⟧\n-----END PRIVATE KEY-----\n","client_email":"app@acme-1.iam.gserviceaccount.com","client_id":"103456789012345678901","auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token","universe_domain":"googleapis.com"}"""
        ),
        JSON(
            r"""{"access_token":"⟦ya29.|url180⟧","expires_in":3599,"scope":"https://www.googleapis.com/auth/drive","token_type":"Bearer","refresh_token":"⟦1//|url100⟧"}"""
        ),
        FORM(
            "code=⟦4%2F|url70⟧&client_id=†1.apps.googleusercontent.com&client_secret=⟦GOCSPX-|url28⟧&redirect_uri=https%3A%2F%2Fa.example%2Fcb&grant_type=authorization_code"
        ),
        URL("https://maps.googleapis.com/maps/api/geocode/json?address=Bonn&language=de&key=⟦AIza|url35⟧"),
        JSON(
            r"""{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"""
        ),
    ),
    "Auth0": (
        JSON(
            r"""{"client_id":"†abc","client_secret":"⟦url64⟧","audience":"https://acme.eu.auth0.com/api/v2/","grant_type":"client_credentials"}"""
        ),
        JSON(
            r"""{"error":"mfa_required","error_description":"Multifactor authentication required","mfa_token":"⟦url200⟧"}"""
        ),
        COOKIE("auth0=⟦url80⟧; auth0_compat=⟦url80⟧; did=†s; lang=en; theme=light"),
        HTML(
            '<form method="post" action="/u/login"><input type="hidden" name="state" value="†hKFo2SBabc"/><input type="text" name="username" value="maria@acme.example"/><input type="password" name="password" value="⟦pw⟧"/><button type="submit" name="action">Continue</button></form>'
        ),
        LOG(
            '{"date":"«2025-06-01T10:00:00Z»","type":"«f»","description":"«Wrong email or password.»","connection":"«Users»","ip":"«203.0.113.7»","details":{"body":{"grant_type":"«password»","password":"⟦pw⟧"}}}'
        ),
    ),
    "Keycloak": (
        JSON(
            r"""{"clientId":"shop","enabled":true,"clientAuthenticatorType":"client-secret","secret":"⟦an32⟧","redirectUris":["https://shop.example/*"],"standardFlowEnabled":true,"protocol":"openid-connect","attributes":{"access.token.lifespan":"300"}}"""
        ),
        JSON(r"""{"type":"password","value":"⟦pw⟧","temporary":false}"""),
        JSON(
            r"""{"issuer":"https://id.example/realms/a","token_endpoint":"https://id.example/realms/a/token","token_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic"],"id_token_signing_alg_values_supported":["RS256"],"code_challenge_methods_supported":["plain","S256"],"claims_supported":["sub","email"]}"""
        ),
        SET_COOKIE("KEYCLOAK_IDENTITY=⟦jwt⟧; Version=1; Path=/realms/a/; Secure; HttpOnly"),
        LOG(
            '«2025-06-01 10:00:00,000» «WARN»  [org.keycloak.events] («executor-thread-1») type="«LOGIN_ERROR»", realmId="«a»", clientId="«shop»", userId="«null»", ipAddress="«203.0.113.7»", error="«invalid_user_credentials»", auth_method="«openid-connect»"'
        ),
    ),
    "Datadog": (
        HEADERS("DD-API-KEY: ⟦hex32⟧\nDD-APPLICATION-KEY: ⟦hex40⟧\nContent-Type: application/json"),
        JSON(
            r"""{"series":[{"metric":"shop.tokens","type":3,"points":[{"timestamp":1636629071,"value":0.7}],"resources":[{"name":"db-1","type":"host"}],"tags":["env:prod","key:cache"]}]}"""
        ),
        URL(
            "https://api.datadoghq.com/api/v1/events?api_key=⟦hex32⟧&application_key=⟦hex40⟧&start=1636629071&priority=low"
        ),
        INI("# Datadog\napi_key: ⟦hex32⟧\nsite: datadoghq.eu\nlogs_enabled: true\nhostname: db-1\n"),
        ANSWERED(
            "x-ratelimit-limit: 6000\nx-ratelimit-period: 60\nx-ratelimit-remaining: 5999\nx-ratelimit-name: queries"
        ),
    ),
    "Sentry": (
        CALL_ERROR("cannot send to https://⟦hex32⟧@o123.ingest.sentry.io/«4501»: «connection reset»"),
        JSON(
            r"""{"event_id":"«~hex32»","platform":"python","level":"error","release":"shop@1.4.2","environment":"prod","exception":{"values":[{"type":"ValueError","value":"invalid literal","stacktrace":{"frames":[{"filename":"token.py","function":"verify","lineno":42,"in_app":true,"vars":{"password":"⟦pw⟧","count":"3"}}]}}]},"request":{"url":"https://shop.example/login","method":"POST","data":{"username":"maria","password":"⟦pw⟧"},"headers":[["Host","shop.example"],["Cookie","⟦sid=|an32⟧"]]}}"""
        ),
        HEADERS(
            "X-Sentry-Auth: Sentry sentry_version=7, sentry_client=sentry.python/1.0, sentry_key=⟦hex32⟧\nContent-Type: application/x-sentry-envelope"
        ),
    ),
    "OpenAI": (
        JSON(
            r"""{"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion","created":1741569952,"model":"gpt-4.1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello!","refusal":null},"logprobs":{"content":[{"token":"Hello","logprob":-0.31725305,"bytes":[72,101],"top_logprobs":[{"token":"Hi","logprob":-1.3190403}]}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":512,"accepted_prediction_tokens":0}}}"""
        ),
        HEADERS(
            "Authorization: Bearer ⟦sk-proj-|url120⟧\nOpenAI-Organization: org-abc\nContent-Type: application/json"
        ),
        MESSAGE(
            "Error code: «401» - {'error': {'message': 'Incorrect API key provided: ⟦sk-proj-|url40⟧. «You can find your API key at https://platform.openai.com/account/api-keys.»', 'type': '«invalid_request_error»', 'code': '«invalid_api_key»'}}"
        ),
        ANSWERED(
            "openai-processing-ms: 154\nx-ratelimit-limit-requests: 10000\nx-ratelimit-remaining-tokens: 149984\nx-ratelimit-reset-tokens: 6ms\nopenai-version: 2020-10-01"
        ),
        JSON(
            r"""{"client_secret":{"value":"⟦ek_|an32⟧","expires_at":1744202096},"id":"sess_001","object":"realtime.session","model":"gpt-4o-realtime","max_response_output_tokens":4096,"voice":"alloy"}"""
        ),
        ENV(
            "OPENAI_API_KEY=⟦sk-proj-|url120⟧\nOPENAI_MODEL=gpt-4.1\nOPENAI_MAX_TOKENS=4096\nOPENAI_BASE_URL=https://api.openai.com/v1\n"
        ),
    ),
    "HashiCorp Vault": (
        JSON(
            r"""{"request_id":"«~uuid»","lease_id":"","renewable":false,"lease_duration":2764800,"data":{"data":{"password":"⟦pw⟧","user":"app"},"metadata":{"created_time":"2025-03-22T02:24:06.945319214Z","destroyed":false,"version":2}},"warnings":null,"auth":{"client_token":"⟦hvs.|url90⟧","accessor":"⟦an24⟧","token_policies":["†default"]}}"""
        ),
        HEADERS("X-Vault-Token: ⟦hvs.|url90⟧\nX-Vault-Namespace: shop\nX-Vault-Request: true"),
        COMMAND("vault login -method=«userpass» username=«maria» password=⟦pw⟧"),
        JSON(r"""{"errors":["permission denied"]}"""),
    ),
}
