"""Kinds of secrets that once were shown, with their kin: templates of `templates`, by kind and place (see `judged`)."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    name: str
    place: str
    templates: dict[str, str]


_FAR = "".join(
    f'{{"index": {number}, "arn": "arn:aws:s3:::bucket-{number}", "tags": {{"team": "shop"}}}}, '
    for number in range(120)
)

PAIRS = (
    Kind("pairs in XML", "text", {
        "add with two values": '<add name="ApiKey" password="⟦pw⟧" value="⟦pw⟧"/>',
        "value first": '<add value="⟦pw⟧" key="ClientSecret"¦ />',
        "setting and a child": '<setting name="SmtpPassword" serializeAs="String"><value>⟦pw⟧</value></setting>',
        "property": '<property name="db.password" value="⟦pw⟧"/><property name="db.host" value="«db-1»"/>',
        "param": "<param name='authToken'>⟦an32⟧</param><param name='color'>«blue»</param>",
        "SOAP's header": '<wsse:Password Type="http://docs.oasis-open.org/wss#PasswordText">⟦pw⟧</wsse:Password>',
        "entries of Java": '<entry key="api.secret">⟦pw⟧</entry><entry key="api.host">«eu.example»</entry>',
        "names and values as elements": "<member><Name>MasterUserPassword</Name><Value>⟦pw⟧</Value></member>",
        "connection string's attribute": '<add name="Main" connectionString="Server=db;User Id=«app»;Password=⟦pw⟧;" providerName="«SqlClient»"/>',
    }),
    Kind("pairs in escaped JSON", "text", {
        "name and value": r'{"body":"[{\"name\":\"apiKey\",\"value\":\"⟦pw⟧\"},{\"name\":\"locale\",\"value\":\"«de»\"}]"}',
        "neighbour first": r'{"body":"[{\"Name\":\"locale\",\"Value\":\"«de_DE»\"},{\"Name\":\"apiKey\",\"Value\":\"⟦pw⟧\"}]"}',
        "twice escaped": r'{"a":"{\"b\":\"{\\\"Key\\\":\\\"DB_PASSWORD\\\",\\\"Value\\\":\\\"⟦pw⟧\\\"}\"}"}',
        "other members between": r'{"m":"{\"key\":\"access_token\",\"scope\":\"«all»\",\"value\":\"⟦an32⟧\",\"sort\":«3»}"}',
        "value first": r'{"m":"{\"value\":\"⟦an32⟧\",\"key\":\"access_token\"¦,\"sort\":«3»}"}',
    }),
    Kind("pairs as languages print them", "text", {
        "Python, neighbour first": "[{'Name': 'locale', 'Value': '«de_DE»'}, {'Name': 'apiKey', 'Value': '⟦pw⟧'}]",
        "Python, tight": "[{'Name':'locale','Value':'«de_DE»'},{'Name':'apiKey','Value':'⟦pw⟧'}]",
        "Python, tuples": "[('locale', '«de_DE»'), ('apiKey', '⟦pw⟧'), ('page', '«2»')]",
        "JavaScript": "[ { name: 'locale', value: '«de»' }, { name: 'dbPassword', value: '⟦pw⟧' } ]",
        "Go, with names": '[]types.Tag{{Key:"Locale", Value:"«de»"}, {Key:"ApiKey", Value:"⟦pw⟧"}}',
        "Go, %+v": "[{Name:locale Value:«de»} {Name:apiKey Value:⟦pw⟧}]",
        "Ruby": '[{:name=>"locale", :value=>"«de»"}, {:name=>"api_key", :value=>"⟦pw⟧"}]',
        "Ruby 3.4": '[{name: "locale", value: "«de»"}, {name: "api_key", value: "⟦pw⟧"}]',
        "PHP's print_r": "Array\n(\n    [0] => Array\n        (\n            [name] => apiKey\n            [value] => ⟦pw⟧\n        )\n)\n",
        "Java's record": "[Param[name=locale, value=«de»], Param[name=apiKey, value=⟦pw⟧]]",
        "Python's dataclass": "[Param(name='locale', value='«de»'), Param(name='apiKey', value='⟦pw⟧')]",
    }),
    Kind("parts of forms", "text", {
        "in a comment of HTML": "<html><!-- debug: ------b\r\nContent-Disposition: form-data; name=signature\r\n\r\n⟦hex32⟧\r\n------b--\r\n--></html>",
    }),
    Kind("pairs far apart", "text", {
        "Terraform's output": '{"outputs": {"db_password": {"sensitive": «true», "meta": [' + _FAR + '{}], "value": "⟦pw⟧", "type": "«string»"}}}',
        "Terraform's state": '{"resources": [{"type": "aws_ssm_parameter", "name": "api_token", "instances": [{"attributes": {"arn": "«arn:aws:ssm:x»", "m": ['
        + _FAR + '{}], "name": "/prod/api_token", "n": [' + _FAR + '{}], "type": "SecureString", "value": "⟦an32⟧"}}]}]}',
        "a name and its value": '{"name": "apiSecret", "description": "' + "what it is for, " * 550 + '", "value": "⟦pw⟧"}',
        "a tag and its value": '{"Key": "MasterPassword", "History": [' + _FAR + '{}], "Value": "⟦pw⟧"}',
    }),
    Kind("pairs of other names", "text", {
        "DynamoDB": '{"Item": {"name": {"S": "stripe_secret"}, "value": {"S": "⟦pw⟧"}, "n": {"N": "«3»"}}}',
        "ECS": '{"environment": [{"name": "LEVEL", "value": "«debug»"}, {"name": "DB_PASSWORD", "value": "⟦pw⟧"}]}',
        "CloudFormation": '[{"ParameterKey": "Level", "ParameterValue": "«debug»"}, {"ParameterKey": "DbPassword", "ParameterValue": "⟦pw⟧"}]',
        "Elastic Beanstalk": '{"Namespace": "«aws:app»", "OptionName": "API_SECRET", "Value": "⟦pw⟧"}',
        "Postman": '{"auth": {"type": "«basic»", "basic": [{"key": "username", "value": "«jo»"}, {"key": "password", "value": "⟦pw⟧", "type": "«string»"}]}}',
        "HAR": '{"postData": {"params": [{"name": "q", "value": "«shoes»"}, {"name": "passwd", "value": "⟦pw⟧"}]}}',
        "variables of CI": '[{"variable_type": "«env_var»", "key": "DEPLOY_TOKEN", "value": "⟦an24⟧", "protected": «false»}]',
        "Azure's settings": '[{"name": "StorageKey", "slotSetting": «false», "value": "⟦pw⟧"}]',
        "Kubernetes": 'env:\n- name: LEVEL\n  value: «debug»\n- name: SMTP_PASSWORD\n  value: ⟦pw⟧\n- name: PORT\n  value: "«8080»"\n',
    }),
)  # fmt: skip

ECHOES = (
    Kind("validators' echoes", "body:application/json", {
        "FastAPI": '{"detail":[{"type":"string_too_short","loc":["body","password"],"msg":"«String should have at least 12 characters»","input":"⟦pw⟧","ctx":{"min_length":«12»}}]}',
        "FastAPI, deeper": '{"detail":[{"type":"string_type","loc":["body","user",0,"api_key"],"msg":"«Input should be a valid string»","input":"⟦pw⟧"}]}',
        "FastAPI, input of an object": '{"detail":[{"type":"missing","loc":["body","email"],"msg":"«Field required»","input":{"user":"«jo»","password":"⟦pw⟧"}}]}',
        "express-validator": '{"errors":[{"type":"field","value":"⟦pw⟧","msg":"«Invalid value»","path":"password"¦,"location":"«body»"}]}',
        "express-validator 5": '{"errors":[{"value":"⟦pw⟧","msg":"«Invalid value»","param":"newPassword"¦,"location":"«body»"}]}',
        "Ajv": '{"errors":[{"instancePath":"/password","schemaPath":"«#/properties/password/minLength»","keyword":"«minLength»","params":{"limit":«12»},"message":"«must NOT have fewer than 12 characters»","data":"⟦pw⟧"}]}',
        "Ajv 6": '[{"keyword":"«pattern»","dataPath":".user.apiToken","schemaPath":"#/x","message":"«should match»","data":"⟦pw⟧"}]',
        "Joi": '{"details":[{"message":"«length must be at least 12»","path":["password"],"type":"«string.min»","context":{"limit":«12»,"value":"⟦pw⟧","label":"«password»","key":"password"}}]}',
        "Spring's JSON": '{"status":«400»,"errors":[{"field":"password","rejectedValue":"⟦pw⟧","code":"«Size»","defaultMessage":"«size must be between 12 and 64»"}]}',
        "Spring's JSON, other order": '{"errors":[{"objectName":"«signUp»","rejectedValue":"⟦pw⟧","field":"accessToken"¦,"code":"«Size»"}]}',
        "yup": '{"name":"ValidationError","path":"password","value":"⟦pw⟧","errors":["«password is too short»"]}',
        "class-validator": '[{"target":{"name":"«jo»","password":"⟦pw#1⟧"},"value":"⟦pw#1⟧","property":"password"¦,"constraints":{"minLength":"«password must be longer»"}}]',
        "mongoose": '{"errors":{"password":{"name":"«ValidatorError»","message":"«too short»","properties":{"path":"password","value":"⟦pw#1⟧"},"kind":"«minlength»","path":"password","value":"⟦pw#1⟧"}}}',
        "zod with its input": '{"issues":[{"code":"«too_small»","minimum":«12»,"path":["user","password"],"message":"«Too small»","input":"⟦pw⟧"}]}',
        "Symfony": '{"violations":[{"propertyPath":"plainPassword","message":"«too short»","invalidValue":"⟦pw⟧","code":"«~uuid»"}]}',
        "JSON Schema of Java": '{"path":"$.client_secret","attemptedValue":"⟦pw⟧","message":"«does not match»"}',
        ".NET's FluentValidation": '[{"propertyName":"Password","errorMessage":"«must be longer»","attemptedValue":"⟦pw⟧","severity":«0»}]',
    }),
    Kind("validators' messages", "message", {
        "pydantic": "1 validation error for Login\npassword\n  String should have at least 12 characters [type=string_too_short, input_value='⟦pw⟧', input_type=«str»]",
        "pydantic, nested": "2 validation errors for Settings\ndb.api_key\n  Input should be a valid integer [type=int_parsing, input_value='⟦pw⟧', input_type=«str»]\nport\n  Input should be greater than 0 [type=greater_than, input_value=«-17», input_type=int]",
        "pydantic, an object": "1 validation error for User\nemail\n  Field required [type=missing, input_value={'name': '«jo»', 'password': '⟦pw⟧'}, input_type=«dict»]",
        "Spring": "Field error in object 'signUp' on field 'password': rejected value [⟦pw⟧]; codes [«Size.signUp.password»]; default message [«size must be between 12 and 64»]",
        "Spring, another field": "Validation failed for object='login'. Field error on field 'accessToken': rejected value [⟦an32⟧]; codes [Size]",
        "jsonschema": "'⟦pw#1⟧' is too short\n\nFailed validating 'minLength' in schema['properties']['password']¦:\n    {'minLength': «12»}\n\nOn instance['password']:\n    '⟦pw#1⟧'",
        "attrs": "(\"'password' must match regex '^x' ('⟦pw⟧' doesn't)\", 'password')",
        "cerberus": "{'password': [\"«min length is 12»\"]} in document {'password': '⟦pw⟧', 'name': '«jo»'}",
        "Go's validator": "Key: 'Login.Password' Error:Field validation for 'Password' failed on the '«min»' tag, value: '⟦pw⟧'",
        "marshmallow": "ValidationError: {'api_token': ['Not a valid integer: ⟦pw⟧']}",
    }),
)  # fmt: skip

QUOTING_ERRORS = (
    Kind("errors that quote headers", "message", {
        "a value with its line end": "Invalid header value b'⟦pw⟧\\n'",
        "a value, of requests": "Invalid leading whitespace, reserved character(s), or return character(s) in header value: ' ⟦pw⟧'",
        "Node": 'Invalid character in header content ["Authorization"]: ⟦pw⟧',
        "httpx's list of bytes": "[(b'accept', b'«*/*»'), (b'x-api-key', b'⟦pw⟧'), (b'host', b'«a.example»')]",
        "pairs in tuples": "headers: [('accept', '«*/*»'), ('Authorization', 'Token ⟦an32⟧')]",
        "Go's map": 'http.Header{"Accept":[]string{"«*/*»"}, "X-Api-Key":[]string{"⟦pw⟧"}}',
        "Go's map, printed": "map[Accept:[«*/*»] X-Api-Key:[⟦pw⟧]]",
        "raw list of Node": "rawHeaders: [ 'Host', '«a.example»', 'X-Auth-Token', '⟦pw⟧' ]",
        "aiohttp's": "<CIMultiDictProxy('Accept': '«*/*»', 'X-Api-Key': '⟦pw⟧')>",
        "OkHttp's": "Unexpected char 0x0a at 24 in X-Api-Key value: ⟦pw⟧",
        "curl's": "> GET /v1 HTTP/1.1\n> Host: «a.example»\n> X-Api-Key: ⟦pw⟧\n> Accept: «*/*»",
        "Ruby's": '{"accept"=>["«*/*»"], "x-api-key"=>["⟦pw⟧"]}',
        "http.client's debug": "send: b'GET /v1 HTTP/1.1\\r\\nHost: «a.example»\\r\\nX-Api-Key: ⟦pw⟧\\r\\nAccept: */*\\r\\n\\r\\n'",
    }),
    Kind("databases' errors", "message", {
        "PostgreSQL": 'duplicate key value violates unique constraint "«users_api_token_key»"\nDETAIL:  Key (api_token)=(⟦pw⟧) already exists.',
        "PostgreSQL, two columns": "DETAIL:  Key (tenant, session_token)=(«acme», ⟦pw⟧) already exists.",
        "PostgreSQL, foreign": 'DETAIL:  Key (refresh_token)=(⟦an32⟧) is not present in table "«tokens»".',
        "MySQL": "Duplicate entry '⟦pw⟧' for key 'users.api_token¦'",
        "MySQL, in PyMySQL": "(1062, \"Duplicate entry '⟦an32⟧' for key 'users.session_token¦'\")",
        "MySQL, incorrect": "Incorrect string value: '⟦pw⟧' for column 'password'¦ at row «1»",
        "SQL Server": "Cannot insert duplicate key row in object 'dbo.Users' with unique index 'UX_ApiToken'. The duplicate key value is (⟦pw⟧).",
        "MongoDB": 'E11000 duplicate key error collection: «app.users» index: api_token_1 dup key: { api_token: "⟦pw⟧" }',
        "SQLAlchemy": "[SQL: INSERT INTO users (name, password) VALUES (%s, %s)]\n[parameters: ('«jo»', '⟦pw⟧')]",
        "SQLAlchemy, named": "[SQL: UPDATE users SET password=%(password)s WHERE id = %(id)s]\n[parameters: {'password': '⟦pw⟧', 'id': «17»}]",
        "a statement": "syntax error at: INSERT INTO users (id, api_key, city) VALUES («17», '⟦pw⟧', '«Bonn»')",
        "an update": "could not run UPDATE accounts SET password = '⟦pw⟧', city = '«Bonn»' WHERE id = «17»",
        "create user": "syntax error near: CREATE USER app WITH PASSWORD '⟦pw⟧' VALID UNTIL '«2030-01-01»'",
        "identified by": "denied: ALTER USER 'app'@'%' IDENTIFIED BY '⟦pw⟧'",
    }),
    Kind("phrases", "message", {
        "verification": "Your verification code is ⟦d6⟧",
        "one-time": "⟦d6⟧ is your one-time password¦",
        "login code": "Use code ⟦d6⟧ to log in¦ to «Shop»",
        "security code": "Your security code: ⟦d6⟧. It expires in «10» minutes.",
        "in HTML": "Hello «Jo», your new password is <b>⟦pw⟧</b>.",
        "temporary": "Your temporary password is ⟦pw⟧",
        "set to": "password for «jo» was set to ⟦pw⟧",
        "PIN": "Ihre PIN lautet ⟦d6⟧",
        "reset to": 'The password has been reset to "⟦pw⟧"',
        "wrong one": "wrong password '⟦pw⟧' for user «jo»",
        "API key": "using API key ⟦an32⟧ for «eu-west-1»",
        "French": "Votre code de vérification est ⟦d6⟧",
        "Spanish": "Tu código de verificación es ⟦d6⟧",
        "of Google": "G-⟦d6⟧ is your Google verification code¦.",
    }),
)  # fmt: skip

AWS = (
    Kind("AWS's documents", "event", {
        "authorizer's source": '{"version":"«2.0»","type":"«REQUEST»","identitySource":["⟦pw⟧"],"routeKey":"«GET /a»"}',
        "authorizer's source, a text": '{"type":"«REQUEST»","identitySource":"⟦an40⟧","methodArn":"«arn:aws:execute-api:x»"}',
        "authorizer's token": '{"type":"«TOKEN»","authorizationToken":"⟦pw⟧","methodArn":"«arn:aws:execute-api:x»"}',
        "usage key": '{"principalId":"«user»","usageIdentifierKey":"⟦an40⟧"}',
        "Cognito's answer": '{"triggerSource":"«VerifyAuthChallengeResponse_Authentication»","request":{"privateChallengeParameters":{"answer":"⟦d6⟧"},"challengeAnswer":"⟦d6⟧"}}',
        "Cognito's ANSWER": '{"ChallengeName":"«CUSTOM_CHALLENGE»","ChallengeResponses":{"USERNAME":"«jo»","ANSWER":"⟦pw⟧"}}',
        "Cognito's SMS code": '{"ChallengeName":"«SMS_MFA»","ChallengeResponses":{"USERNAME":"«jo»","SMS_MFA_CODE":"⟦d6⟧"}}',
        "Cognito's software token": '{"ChallengeResponses":{"USERNAME":"«jo»","SOFTWARE_TOKEN_MFA_CODE":"⟦d6⟧"}}',
        "Cognito's new password": '{"ChallengeName":"«NEW_PASSWORD_REQUIRED»","ChallengeResponses":{"USERNAME":"«jo»","NEW_PASSWORD":"⟦pw⟧"}}',
        "Cognito's sender": '{"triggerSource":"«CustomSMSSender_ForgotPassword»","request":{"type":"«customSMSSenderRequestV1»","code":"⟦base112⟧"}}',
        "Cognito's confirmation": '{"ClientId":"«abc»","Username":"«jo»","ConfirmationCode":"⟦d6⟧"}',
        "KMS's Plaintext": '{"KeyId":"«arn:aws:kms:eu-west-1:123456789012:key/x»","Plaintext":"⟦base44⟧","EncryptionAlgorithm":"«SYMMETRIC_DEFAULT»"}',
        "KMS's data key": '{"CiphertextBlob":"«AQIDAHh»","Plaintext":"⟦base43⟧=","KeyId":"«k-1»"}',
        "KMS's private key": '{"PrivateKeyPlaintext":"⟦base120⟧","KeyPairSpec":"«RSA_2048»"}',
        "SSM's SecureString": '{"Parameter":{"Name":"«/shop/db»","Type":"SecureString","Value":"⟦pw⟧","Version":«3»}}',
        "SSM's SecureString, value first": '{"Parameters":[{"Value":"⟦pw⟧","Version":«3»,"Type":"SecureString"¦,"Name":"«/shop/db»"}]}',
        "SSM's other kind": '{"Parameters":[{"Name":"«/shop/city»","Type":"String","Value":"«Bonn»"},{"Name":"«/x»","Type":"SecureString","Value":"⟦pw⟧"}]}',
        "Secrets Manager": '{"ARN":"«arn:aws:secretsmanager:x:1:secret:db-AbCdEf»","SecretString":"⟦pw⟧","VersionStages":["«AWSCURRENT»"]}',
        "Secrets Manager's JSON": r'{"Name":"«db»","SecretString":"{\"user\":\"app\",\"pw\":\"⟦pw⟧\"}"}',
        "Object Lambda": '{"getObjectContext":{"outputRoute":"«io-use1-001»","outputToken":"⟦base120⟧","inputS3Url":"«https://a.example/x»"}}',
        "DynamoDB's update": '{"TableName":"«users»","UpdateExpression":"SET password = :p, city = :c","ExpressionAttributeValues":{":p":{"S":"⟦pw⟧"},":c":{"S":"«Bonn»"}}}',
        "DynamoDB's names": '{"UpdateExpression":"SET #p = :v","ExpressionAttributeNames":{"#p":"api_key"},"ExpressionAttributeValues":{":v":{"S":"⟦pw⟧"}}}',
        "DynamoDB's condition": '{"KeyConditionExpression":"access_token = :t","ExpressionAttributeValues":{":t":{"S":"⟦an32⟧"}},"Limit":«1»}',
        "DynamoDB's document client": '{"FilterExpression":"apiKey = :k and #s = :s","ExpressionAttributeValues":{":k":"⟦an32⟧",":s":"«open»"}}',
        "DynamoDB's PartiQL": '{"Statement":"SELECT * FROM users WHERE password = ?","Parameters":[{"S":"⟦pw⟧"}],"Limit":«1»}',
        "DynamoDB's hash": '{"Item":{"pk":{"S":"«USER#1»"},"hashed":{"S":"⟦an40⟧"},"city":{"S":"«Bonn»"}}}',
        "OAuth's code in a raw query": '{"rawPath":"«/callback»","rawQueryString":"code=⟦url43⟧&state=xyz","requestContext":{"stage":"«prod»"}}',
        "OAuth's code in parameters": '{"path":"«/oauth/callback»","queryStringParameters":{"code":"⟦url43⟧","state":"x"}}',
        "RDS's token": '{"MasterUsername":"«app»","MasterUserPassword":"⟦pw⟧","Engine":"«postgres»"}',
        "Lambda's variables": '{"FunctionName":"«shop»","Environment":{"Variables":{"LEVEL":"«debug»","STRIPE_KEY":"⟦an32⟧"}}}',
        "ECR's token": '{"authorizationData":[{"authorizationToken":"⟦base200⟧","proxyEndpoint":"«https://1.dkr.ecr.eu-west-1.amazonaws.com»"}]}',
        "Redshift's": '{"DbUser":"«IAM:app»","DbPassword":"⟦base60⟧","Expiration":"«2025-01-01T00:00:00Z»"}',
        "EC2's password": '{"InstanceId":"«i-0abc»","PasswordData":"⟦base120⟧"}',
        "API Gateway's key": '{"id":"«a1b2c3»","value":"⟦an40⟧","name":"partner-api-key"¦,"enabled":«true»}',
    }),
    Kind("OAuth's forms", "body:application/x-www-form-urlencoded", {
        "code": "grant_type=«authorization_code»&code=⟦url43⟧&redirect_uri=«https%3A%2F%2Fa.example%2Fcb»&client_id=«web»",
        "code last": "client_id=«web»&grant_type=«authorization_code»&code=⟦url43⟧",
        "password": "grant_type=«password»&username=«jo»&password=⟦pw⟧&scope=«openid»",
        "password first": "password=⟦pw⟧&username=«jo»&grant_type=«password»",
        "client's secret": "grant_type=«client_credentials»&client_id=«web»&client_secret=⟦an40⟧",
        "verifier": "grant_type=«authorization_code»&code_verifier=⟦url43⟧&code=⟦url43⟧",
        "device": "grant_type=«urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code»&device_code=⟦url43⟧",
        "assertion": "grant_type=«urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer»&assertion=⟦jwt⟧",
        "exchange": "grant_type=«urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange»&subject_token=⟦url43⟧&audience=«api»",
        "answer": "access_token=⟦an40⟧&scope=«repo»&token_type=«bearer»",
        "OAuth 1": "oauth_token=⟦an27⟧&oauth_verifier=⟦an32⟧",
        "revocation": "token=⟦an40⟧&token_type_hint=«refresh_token»",
    }),
)  # fmt: skip


def _headers(*names: str) -> dict[str, str]:
    return {name: f"Accept: «text/html»\n{name}: ⟦an32⟧\nX-Request-Id: «r-17»" for name in names}


def _queries(form: str, *names: str) -> dict[str, str]:
    return {name: f"https://api.example/v1/find?page=«2»&{name}=⟦{form}⟧&sort=«up»" for name in names}


def _named(*names: str, form: str = "pw") -> dict[str, str]:
    return {name: f'{{"user": "«maria»", "{name}": "⟦{form}⟧", "page": «2»}}' for name in names}


def _assigned(*names: str) -> dict[str, str]:
    return {name: f"REGION=«eu-west-1»\n{name}=⟦pw⟧\nPORT=«8080»\n" for name in names}


NAMES = (
    Kind("headers", "header", _headers(
        "DD-APPLICATION-KEY", "DD-API-KEY", "Fastly-Key", "aeg-sas-key", "aeg-sas-token", "X-Query-Key", "X-Admin-Key", "X-App-Key", "X-Origin-Verify",
        "X-Insert-Key", "Api-Key", "X-Master-Key", "X-Service-Key", "X-Parse-REST-API-Key", "X-Auth-Key", "Ocp-Apim-Subscription-Key", "X-Honeycomb-Team",
        "X-Vault-Token", "X-Shopify-Access-Token", "PRIVATE-TOKEN", "JOB-TOKEN", "X-Figma-Token", "X-Postmark-Server-Token", "X-Functions-Key",
        "X-CSRF-Token", "X-XSRF-TOKEN", "X-Goog-Api-Key", "X-RapidAPI-Key", "X-Typesense-Api-Key", "X-Algolia-API-Key", "xi-api-key", "X-Session-Id",
        "X-Emby-Token", "X-Plex-Token", "X-Hasura-Admin-Secret", "X-Gitlab-Token", "X-Telegram-Bot-Api-Secret-Token", "X-Hook-Secret", "X-Twilio-Signature",
        "X-Cron-Secret", "X-Amz-Security-Token", "X-Ms-Token-Aad-Access-Token", "Proxy-Authorization", "X-Secret", "X-Pass", "X-Otp",
    )),
    Kind("parameters of queries", "url", {
        **_queries(
            "an32", "application_key", "appid", "authkey", "auth_key", "apitoken", "wstoken", "hdnts", "hdnea", "ticket", "oauth_verifier", "oobCode", "api_key", "apikey",
            "key", "subscription-key", "sig", "hmac", "signature", "access_key", "sessionid", "sid", "jwt", "id_token", "SAMLResponse", "invite_token",
            "resetToken", "magic", "otp_token", "private_token", "userToken", "X-Plex-Token", "hapikey", "crumb",
        ),
        "code of OAuth": "https://app.example/oauth/callback?code=⟦url43⟧&state=«xyz»",
        "code of a function": "https://app.azurewebsites.net/api/orders?code=⟦base54⟧&page=«2»",
        "t of a link": "https://app.example/reset?t=⟦an32⟧",
    }),
    Kind("links in texts", "text", {
        "code": "Sign in at https://app.example/magic?code=⟦an32⟧ within «15 minutes».",
        "key": "see https://maps.example/api/geocode?address=«Bonn»&key=⟦an39⟧ for more",
        "t": "Click https://app.example/reset?t=⟦an32⟧ to reset your password.",
        "in HTML": '<a href="https://app.example/confirm?page=«2»&amp;t=⟦an32⟧">confirm</a>',
        "in JSON": '{"link": "https://app.example/invite?t=⟦an32⟧", "page": «2»}',
        "in Markdown": "[reset](https://app.example/reset?token=⟦an32⟧) for «maria»",
        "in a path": "Reset it: https://app.example/reset-password/⟦an40⟧ please, «maria»",
        "an error's": "GET https://api.example/v2/items?apikey=⟦an32⟧&page=«2» failed: «503»",
        "a relative one": "POST /api/hooks?key=⟦an32⟧&v=«1» HTTP/1.1",
        "escaped": r'{"m": "see https:\/\/app.example\/magic?code=⟦an32⟧\u0026page=«2»"}',
    }),
    Kind("names", "text", _named(
        "routing_key", "routingKey", "writeKey", "write_key", "csrftoken", "csrfmiddlewaretoken", "codeverifier", "code_verifier", "devicecode",
        "device_code", "hmackey", "hmac_key", "adminpass", "adminPass", "rootpw", "root_pw", "bindpw", "user_pin", "pinBlock", "csc", "smsCode", "sms_code", "two_factor_code",
        "twoFactorCode", "2fa", "mfa_code", "totp", "priv_key", "privKey", "privatekey", "securityAnswer", "security_answer", "recoveryKey", "recovery_code", "validationKey",
        "decryptionKey", "encrypt.key", "encryption_key", "hashed", "smtpPass", "API-KEY", "apikey", "ApiKey", "hdnts", "masterkey", "signingSecret", "signing_key", "consumersecret",
        "pass_phrase", "passphrase", "storepass", "keypass", "keyStorePassword", "sslpassword", "mysql_pwd", "userPassword", "unicodePwd", "password2", "password_confirmation",
        "oldPassword", "currentPwd", "backup_codes", "seed_phrase", "mnemonic", "wifi_psk", "presharedKey", "snmp_community", "authToken", "x_auth", "bearerToken", "personalAccessToken",
        "deploy_key", "license_key", "webhookSecret", "client-secret", "clientSecretValue", "AccountKey", "SharedAccessKey", "connectionKey",
    )),
    Kind("keys of unknown kinds", "text", _named("integration_key", "bucket_fetch_key", "lineKey", form="an32")),
    Kind("numbers under names", "text", {
        **_named("user_pin", "otp", "csc", "cvv", "cvc2", "smsCode", "verification_code", "security_code", "cardPin", form="d6"),
        "a bare number": '{"user": "«maria»", "pin": ⟦d6⟧, "page": «2»}',
        "a bare number, two factors": '{"two_factor_code": ⟦d6⟧, "page": «2»}',
        "in a form": "user=«maria»&smsCode=⟦d6⟧&page=«2»",
    }),
    Kind("names of other languages", "text", _named(
        "heslo", "heslo_uzivatele", "salasana", "kata_sandi", "katasandi", "sandi", "chiave_segreta", "parola_chiave", "parola_d_ordine", "parolaDordine", "tunnussana",
        "passwort", "kennwort", "contraseña", "contrasena", "senha", "motdepasse", "mot_de_passe", "hasło", "haslo", "jelszo", "jelszó", "wachtwoord", "lösenord", "losenord", "adgangskode",
        "parola", "sifre", "şifre", "пароль", "密码", "パスワード", "비밀번호", "clave_secreta", "geheimnis", "lozinka", "geslo", "mật_khẩu",
    )),
    Kind("names in files of settings", "text", _assigned(
        "ROUTING_KEY", "SEGMENT_WRITE_KEY", "ADMINPASS", "ROOTPW", "LANGCHAIN_API_KEY", "HOME_ASSISTANT_TOKEN", "NODE_AUTH_TOKEN", "PATH_SECRET", "PYTHON_API_TOKEN", "OTEL_API_KEY",
        "JAVA_KEYSTORE_PASSWORD", "encrypt.key", "spring.datasource.password", "MYSQL_PWD", "PGPASSWORD", "RESTIC_PASSWORD", "SENTRY_AUTH_TOKEN", "NPM_TOKEN", "smtp.pass",
    )),
)  # fmt: skip

VALUES = (
    Kind("issuers' values", "text", {
        "Pinecone": "using ⟦pcsk_|an70⟧ today",
        "Fly": "using ⟦FlyV1 fm2_|base120⟧ today",
        "Fly, old": "using ⟦fo1_|url43⟧ today",
        "New Relic's user key": "using ⟦NRAK-|uan27⟧ today",
        "New Relic's license": "using ⟦lan36+NRAL⟧¦ today",
        "New Relic's insert key": "using ⟦NRII-|an32⟧ today",
        "New Relic's browser key": "using ⟦NRJS-|hex19⟧ today",
        "Facebook": "using ⟦EAA|an180⟧ today",
        "Slack's command hook": "response at https://hooks.slack.com/commands/T0ABCDEF1/«1234567890123»/⟦an24⟧ today",
        "Slack's action hook": "https://hooks.slack.com/actions/T0ABCDEF1/1234567890123/⟦an24⟧",
        "Slack's workflow hook": "https://hooks.slack.com/workflows/T0ABCDEF1/A0ABCDEF1/123456789012345678/⟦an24⟧",
        "Discord's hook": "https://discord.com/api/webhooks/«123456789012345678»/⟦url68⟧",
        "Teams' hook": "https://acme.webhook.office.com/webhookb2/«~uuid»@«~uuid»/IncomingWebhook/⟦hex32⟧/«~uuid»",
        "Telegram": "https://api.telegram.org/bot«123456789»:⟦url35⟧/sendMessage",
        "Hugging Face": "using ⟦hf_|an34⟧ today", "Replicate": "using ⟦r8_|an37⟧ today", "Groq": "using ⟦gsk_|an52⟧ today", "DigitalOcean": "using ⟦dop_v1_|hex64⟧ today",
        "Doppler": "using ⟦dp.pt.|an43⟧ today", "Linear": "using ⟦lin_api_|an40⟧ today", "Notion": "using ⟦ntn_|an46⟧ today", "Supabase": "using ⟦sbp_|hex40⟧ today",
        "PlanetScale": "using ⟦pscale_tkn_|url43⟧ today", "Vault": "using ⟦hvs.|url90⟧ today", "GitLab": "using ⟦glpat-|url20⟧ today", "npm": "using ⟦npm_|an36⟧ today",
        "PyPI": "using ⟦pypi-AgEIcHlwaS5vcmc|url120⟧ today", "Shopify": "using ⟦shpat_|hex32⟧ today", "SendGrid": "using ⟦SG.|url22+.+url43⟧ today",
        "Postman": "using ⟦PMAK-|hex24+-+hex34⟧ today", "Grafana": "using ⟦glsa_|an32⟧_~hex8 today", "Databricks": "using ⟦dapi|hex32⟧ today", "Anthropic": "using ⟦sk-ant-api03-|url95⟧ today",
        "Atlassian": "using ⟦ATATT3xFfGF0|url171⟧ today", "Sentry": "using ⟦sntryu_|hex64⟧ today", "Square": "using ⟦sq0csp-|url43⟧ today", "Mapbox": "using ⟦sk.eyJ|an80+.+url22⟧ today",
    }),
    Kind("Azure AD's client secrets", "text", {
        "in a sentence": "app uses ⟦an3+8Q~+url34⟧ today",
        "under a plain name": '{"key": "⟦an3+8Q~+url34⟧", "page": «2»}',
        "in a list": '["⟦an3+7Q~+url34⟧", "«blue»"]',
    }),
    Kind("hashes of passwords", "text", {
        "bcrypt": '{"row": ["«jo»", "⟦$2b$12$|an53⟧", «3»]}',
        "bcrypt of PHP": "«jo»:⟦$2y$10$|an53⟧:«17»",
        "argon2": "stored ⟦$argon2id$v=19$m=65536,t=3,p=4$|an22+$+an43⟧ for «jo»",
        "argon2i": '{"h": "⟦$argon2i$v=19$m=4096,t=3,p=1$|an22+$+an43⟧"}',
        "Django": '{"field": "⟦pbkdf2_sha256$600000$|an22+$+base43+=⟧"}',
        "Django's argon2": "row: argon2⟦$argon2id$v=19$m=102400,t=2,p=8$|an22+$+an43⟧",
        "shadow": "root:⟦$6$|an16+$+an86⟧:«19000»:0:99999:7:::",
        "yescrypt": "root:⟦$y$j9T$|an22+$+an43⟧:«19000»:0:99999:7:::",
        "werkzeug": '{"x": "⟦scrypt:32768:8:1$|an16+$+hex128⟧"}',
        "werkzeug's pbkdf2": '{"x": "⟦pbkdf2:sha256:600000$|an16+$+hex64⟧"}',
        "LDAP": "value: ⟦{SSHA}|base38⟧==",
        "apache": "jo:⟦$apr1$|an8+$+an22⟧",
        "crypt of phpass": '{"c": "⟦$P$B|an30⟧"}',
    }),
    Kind("account numbers", "text", {
        "IBAN": "transfer from ⟦iban⟧ on «2025-01-01»",
        "IBAN, in JSON": '{"account": "⟦iban⟧", "currency": "«EUR»"}',
        "IBAN, in groups": "konto ⟦ibangroups⟧ bei «Sparkasse»",
    }),
    Kind("buffers", "text", {
        "under a secret's name": '{"password": {"type": "Buffer", "data": [⟦bytes16⟧]}, "page": «2»}',
        "of a key": '{"privateKey":{"type":"Buffer","data":[⟦bytes32⟧]},"page":«2»}',
        "printed by Node": "{ secretKey: <Buffer ⟦hexbytes16⟧>, page: «2» }",
        "a typed array": '{"apiKey":{"0":⟦d3⟧,"1":⟦d3⟧},"page":«2»}',
        "Go's slice": "{Password:[⟦byteslist16⟧] Page:«2»}",
        "Python's": "{'secret': bytearray(b'⟦an24⟧'), 'page': «2»}",
    }),
    Kind("connection strings that are cut", "text", {
        "PostgreSQL": "cannot reach postgres://app:⟦pw⟧@db.example:5432/shop",
        "in JSON": '{"url": "mongodb+srv://app:⟦pw⟧@cluster0.example.mongodb.net/«shop»"}',
        "percent-coded": "redis://:⟦pw⟧%40x@cache.example:6379/0",
        "in a setting": "DATABASE_URL=mysql://root:⟦pw⟧@db.example/shop\nPORT=«3306»\n",
        "words of ADO": "Server=«db.example»;User ID=«app»;Password=⟦pw⟧;Encrypt=«true»",
        "words of libpq": "host=«db.example» user=«app» password=⟦pw⟧ dbname=«shop»",
        "Go's MySQL": "invalid DSN: app:⟦pw⟧@tcp(db.example:3306)/shop",
        "AMQP": "amqps://svc:⟦pw⟧@mq.example:5671/%2Fprod",
        "Oracle": "cannot open app/⟦pw⟧@//db.example:1521/ORCL",
        "Event Hubs": "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=«root»;SharedAccessKey=⟦base43⟧=",
        "Azure's storage": "DefaultEndpointsProtocol=«https»;AccountName=«files1»;AccountKey=⟦base86⟧==;EndpointSuffix=«core.windows.net»",
        "JDBC": "jdbc:postgresql://db.example/shop?user=«app»&password=⟦pw⟧",
        "JDBC of SQL Server": "jdbc:sqlserver://db.example;user=«app»;password=⟦pw⟧;encrypt=«true»",
        "Sentry's": "https://⟦hex32⟧@o123.ingest.sentry.io/«456»",
    }),
    Kind("card numbers", "text", {
        "as a float": '{"n": ⟦cardnumber⟧.0, "page": «2»}',
        "with dots": "paid with ⟦carddots⟧ by «maria»",
        "with no-break spaces": "paid with ⟦cardnbsp⟧ by «maria»",
        "with thin spaces": "paid with ⟦cardthin⟧ by «maria»",
        "with two blanks": "paid with ⟦cardtwo⟧ by «maria»",
        "with underscores": "paid with ⟦cardunder⟧ by «maria»",
        "with slashes": "paid with ⟦cardslash⟧ by «maria»",
        "in a URL": "https://pay.example/charge/⟦cardnumber⟧/«now»",
    }),
)  # fmt: skip

SIGNS = (
    Kind("values with quotes of their string", "text", {
        "SQL's": "UPDATE users SET a='«b»', password = '⟦=b''|pw⟧', city = '«Bonn»' WHERE id = «17»",
        "SQL's values": "INSERT INTO users (a, password, city) VALUES ('«b»', 'u''⟦pw⟧', '«Bonn»')",
        "YAML's": "db:\n  password: 'u''⟦pw⟧'\n  page: «2»",
        "a shell's, in JSON": r"""{"message": "export A=«1»\nexport PASSWORD=''\"'\"'⟦pw⟧'\nexport PORT=«8080»"}""",
        "JSON's, as Python prints it": r"""'{"user": "«maria»", "password": "\\"⟦pw⟧", "page": «2»}'""",
        "an attribute's": '<l user="«m»" password="⟦pw⟧\\" page="2"/>',
    }),
    Kind("values behind quotes that belong to nothing", "text", {
        "a new line in it": r"""\u0022; {"password": {"S": "\n⟦pw⟧"}, "n": {"N": "«3»"}}""",
        "another quote in it": """\"\"\"; Login(user='«maria»', client_secret='"⟦pw⟧', page=«2»)""",
        "an apostrophe before": """b'don't {"password": "x'⟦pw⟧", "page": «2»}""",
        "a backtick before": """`; [{"a": "«b»", "password": "`⟦pw⟧"}]""",
    }),
    Kind("values that begin with a sign", "text", {
        "a tag's": "INFO login: user=«maria» password=!⟦pw⟧ page=«2»",
        "an alias's": "REGION=«eu»\nAPI_KEY=:⟦tigerlily⟧\nPORT=«8080»",
        "an alias's, in YAML": "db:\n  password: $⟦tigerlily⟧\n  page: «2»",
        "an alias's, in a log": "INFO login: user=«maria» password=#⟦tigerlily⟧ page=«2»",
        "empty brackets": "[db]\nhost = «a»\npassword = ()⟦pw⟧\nport = «1»",
        "and": "REGION=«eu»\nAPI_KEY=&⟦pw⟧\nPORT=«8080»",
        "comma": "REGION=«eu»\nexport API_KEY=,⟦pw⟧\nPORT=«8080»",
        "closing": "db:\n  password: )⟦pw⟧\n  page: «2»",
        "an entity": "DB_PASSWORD=&amp;⟦pw⟧\nPORT=«8080»",
        "an open bracket in it": "DB_PASSWORD=abc(⟦pw⟧\nPORT=«8080»",
        "a sign at its end": "DB_PASSWORD=%(a)s⟦pw⟧&b\nPORT=«8080»",
        "a date": '{"password": "2025-01-01⟦48151623⟧", "at": "«2025-01-01T00:00:00Z»"}',
    }),
    Kind("blocks with empty lines", "text", {
        "a block": "secret: |\n  ⟦pw⟧\n\n  ⟦pw⟧\npage: «2»",
        "an escape in it": "secret: |\n  \\n⟦pw⟧\npage: «2»",
    }),
)  # fmt: skip

COMMANDS = (
    Kind("options of commands", "text", {
        "ldapsearch": "ldapsearch -x -H «ldaps://ldap.example» -w ⟦pw⟧ -b «dc=acme»",
        "glued": "mysql -u «root» -p⟦pw⟧ «orders» -e «x»",
        "quoted": "ldapmodify -w '⟦pw⟧' -f «a.ldif»",
        "behind a colon": "curl --cert «client.pem»:⟦pw⟧ «https://a.example»",
        "behind a per cent sign": "smbclient //files/share -U «ACME\\\\jo»%⟦pw⟧ -c «ls»",
        "in a list": "['docker', 'login', '-u', '«robot»', '-p', '⟦pw⟧', '«registry.example»']",
        "in a list of JSON": '{"argv": ["redis-cli", "-h", "«cache»", "-a", "⟦pw⟧", "«PING»"]}',
        "in a string of JSON": '{"cmd": "openssl enc -k ⟦pw⟧ -in «a»", "cwd": "«/tmp»"}',
        "in an audit log": 'argc=«4» a0="mysql" a1="-u" a2="«root»" a3="-p⟦pw⟧"',
        "a command within another": "sudo -u «app» docker exec «db» mysqldump -p⟦pw⟧ «orders»",
        "over two lines": "ldapsearch -x \\\n  -w ⟦pw⟧ \\\n  -b «dc=acme»",
        "the next command": "curl -u jo:⟦pw⟧ «https://a.example» && redis-cli -a ⟦pw⟧ «PING»",
        "what looks random": "kubectl create secret generic «app» --from-literal=stripe=⟦an40⟧ -n «shop»",
    }),
    Kind("places in commands", "text", {
        "the first": "cargo login ⟦an35⟧",
        "behind a name": "drush user:password «admin» '⟦pw⟧'",
        "the last": "htpasswd -bnBC «10» jo ⟦pw⟧",
        "two": "radtest «jo» ⟦pw⟧ «radius» «0» ⟦an16⟧",
        "a setting": "composer config http-basic.repo.example «ci» ⟦pw⟧",
        "piped": "echo ⟦pw⟧ | sudo¦ -S systemctl restart «nginx»",
        "piped with a name": "echo 'jo:⟦pw⟧' | chpasswd¦",
        "Redis": "hset «user:17» api_token ⟦an32⟧ plan «pro»",
        "Redis, a list": '["HSET", "«user:17»", "password", "⟦pw⟧", "city", "«Bonn»"]',
    }),
    Kind("protocols in logs", "text", {
        "SASL": "AUTH PLAIN ⟦base40⟧",
        "IMAP": "«a001» LOGIN jo ⟦pw⟧\n«a001 NO»",
        "dots": 'HikariConfig: password........................"⟦pw⟧"',
        "a session's id": "new session id=⟦an40⟧ for user «17»",
        "for whom": "OTP for jo@a.example: ⟦d6⟧ (valid «300»s)",
    }),
    Kind("columns and parameters", "text", {
        "selected": "SELECT '⟦an40⟧' AS api_key¦, '«jo»' AS name",
        "numbered": 'SELECT * FROM t WHERE id = $1 AND api_key = $2 -- PARAMETERS: ["«17»","⟦an32⟧"]',
        "Mongoose": "User validation failed: password: Path `password` (`⟦an8⟧`) is shorter than the minimum allowed length («12»).",
        "CloudFormation": "Name: /prod/db/password\nValue: ⟦pw⟧\nType: «String»",
    }),
    Kind("cells of HTML", "body:text/html", {
        "a term": "<dl><dt>Password:</dt><dd>⟦pw⟧</dd><dt>Host</dt><dd>«db»</dd></dl>",
        "a cell": "<tr><td>Client secret</td><td><code>⟦an40⟧</code></td></tr><tr><td>Name</td><td>«Acme»</td></tr>",
        "a mark-up": "<li>Token: <code>⟦url40⟧</code></li><li>Scope: <code>«read»</code></li>",
    }),
    Kind("ids that are secrets", "text", {
        "Vault's": '{"role_id": "«~uuid»", "secret_id": "⟦uuid⟧"}',
        "ThingsBoard's": '{"credentialsType": "«ACCESS_TOKEN»", "credentialsId": "⟦an20⟧"}',
    }),
)  # fmt: skip

KINDS = (*PAIRS, *ECHOES, *QUOTING_ERRORS, *AWS, *NAMES, *VALUES, *SIGNS, *COMMANDS)

VARIABLES = (
    "LANGCHAIN_API_KEY", "LANGFUSE_SECRET", "HOME_ASSISTANT_TOKEN", "HOMEBREW_GITHUB_TOKEN", "PATH_SECRET", "PATHWAYS_PASSWORD", "TZ_API_KEY", "TZKT_TOKEN", "PWD_SECRET", "PWDB_PASSWORD",
    "LAMBDA_SECRET", "LAMBDATEST_ACCESS_KEY", "PYTHON_API_TOKEN", "PYTHONANYWHERE_TOKEN", "NODE_AUTH_TOKEN", "NODEMAILER_PASS", "JAVA_KEYSTORE_PASSWORD", "JAVASCRIPT_API_KEY", "OTEL_API_KEY",
    "OTELCO_SECRET", "DB_PASSWORD", "STRIPE_KEY", "SHOP_SMTPPASS",
)  # fmt: skip
"""The function's own variables whose values are secrets by their names."""

OWN_VALUES = {
    "plain": "⟦pw#own⟧",
    "base64": "⟦base43#own⟧=",
    "begins with a slash": "⟦/|base42#own⟧=",
    "signs": "⟦an7#own⟧+/=&\"'<>%\\ @⟦an7#own2⟧",
    "letters of other alphabets": "⟦an7#own⟧äß漢😀⟦an7#own2⟧",
    "lines": "⟦an16#own⟧\n⟦an16#own2⟧\n⟦an16#own3⟧",
    "JSON": '{"user": "app", "pw": "⟦pw#own⟧", "port": 5432}',
    "JSON, nested": '{"db": {"main": ["⟦pw#own⟧", {"x": "⟦an20#own2⟧"}]}, "region": "eu-west-1"}',
    "a number": "⟦d12#own⟧",
}
"""What such a variable may hold."""
