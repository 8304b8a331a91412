"""Documents of real shape: what AWS and well-known services send to functions, with secrets where they really stand.

Each takes a `Draw`, which hands out secrets and remembers them; every other value in the document is harmless and
should stay readable. Shapes are those of the services' public documentation.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.masking.secrets import ALNUM, BASE64, HEX, KINDS, URLSAFE, Secret, aws_pair, chars

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_KINDS = {kind.name: kind for kind in KINDS}


@dataclass
class Draw:
    rng: Random
    secrets: list[Secret] = field(default_factory=list)

    def secret(self, kind: str) -> str:
        drawn = _KINDS[kind].draw(self.rng)
        self.secrets.append(drawn)
        return drawn.value

    def token(self, length: int = 43, alphabet: str = URLSAFE) -> str:
        drawn = Secret("token", "", chars(self.rng, alphabet, length), tells_itself=False)
        self.secrets.append(drawn)
        return drawn.value

    def hex(self, length: int) -> str:
        """Harmless: an id or a digest."""
        return chars(self.rng, HEX, length)

    def uuid(self) -> str:
        text = self.hex(32)
        return "-".join((text[:8], text[8:12], "4" + text[13:16], "a" + text[17:20], text[20:]))

    def digits(self, length: int) -> str:
        return str(self.rng.randint(10 ** (length - 1), 10**length - 1))


def api_gateway_v1(draw: Draw) -> Any:
    password, session, bearer, key = draw.secret("password"), draw.secret("session"), draw.secret("jwt"), draw.token(40)
    body = {"username": "maria", "password": password, "remember": True, "items": [{"sku": "A-100", "qty": 2}]}
    query = {"page": "2", "sort": "created_at"}
    headers = {
        "Accept": "application/json", "Accept-Encoding": "gzip, br", "Host": "abcdef1234.execute-api.eu-west-1.amazonaws.com",
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "X-Amzn-Trace-Id": f"Root=1-5e1b4151-{draw.hex(24)}",
        "X-Forwarded-For": "203.0.113.7, 70.132.1.9", "CloudFront-Viewer-Country": "DE", "Content-Type": "application/json",
        "X-Amz-Cf-Id": draw.hex(40) + "==",
    }  # fmt: skip
    secret_headers = {"Authorization": f"Bearer {bearer}", "x-api-key": key, "Cookie": f"JSESSIONID={session}"}
    return {
        "resource": "/users/{proxy+}", "path": "/users/login", "httpMethod": "POST",
        "headers": {**headers, **secret_headers},
        "multiValueHeaders": {name: [value] for name, value in {**headers, **secret_headers}.items()},
        "queryStringParameters": query, "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
        "pathParameters": {"proxy": "login"}, "stageVariables": {"stage": "production"},
        "requestContext": {
            "accountId": draw.digits(12), "resourceId": "us4z18", "stage": "prod", "requestId": draw.uuid(),
            "requestTime": "09/Apr/2025:12:34:56 +0000", "requestTimeEpoch": 1744202096000, "protocol": "HTTP/1.1",
            "identity": {"cognitoIdentityPoolId": None, "sourceIp": "203.0.113.7", "apiKey": key, "userAgent": "Mozilla/5.0"},
            "authorizer": {"principalId": "user|a1b2c3", "claims": {"sub": draw.uuid(), "email_verified": "true"}},
            "apiId": "abcdef1234",
        },
        "body": json.dumps(body), "isBase64Encoded": False,
    }  # fmt: skip


def api_gateway_v2(draw: Draw) -> Any:
    token, session, password = draw.token(32), draw.secret("session"), draw.secret("password")
    form = urlencode({"user": "jo", "password": password, "city": "Köln", "newsletter": "on"})
    return {
        "version": "2.0", "routeKey": "POST /orders/{id}", "rawPath": "/orders/4711", "rawQueryString": f"lang=de&token={token}&page=3",
        "cookies": ["theme=dark", f"sessionid={session}", "_ga=GA1.2.1033501218.1368477899"],
        "headers": {
            "accept": "*/*", "content-length": "58", "content-type": "application/x-www-form-urlencoded", "origin": "https://shop.example",
            "x-amzn-trace-id": f"Root=1-67f6-{draw.hex(24)}", "sec-ch-ua-platform": '"macOS"', "x-forwarded-port": "443",
        },
        "queryStringParameters": {"lang": "de", "token": token, "page": "3"},
        "requestContext": {
            "accountId": draw.digits(12), "apiId": "r3pmxmplak", "domainName": "r3pmxmplak.execute-api.us-east-2.amazonaws.com",
            "http": {"method": "POST", "path": "/orders/4711", "protocol": "HTTP/1.1", "sourceIp": "205.255.255.176", "userAgent": "curl/8.5.0"},
            "requestId": "JKJaXmPLvHcESHA=", "routeKey": "POST /orders/{id}", "stage": "$default", "time": "10/Mar/2025:05:16:23 +0000",
            "timeEpoch": 1741583783398,
        },
        "pathParameters": {"id": "4711"}, "isBase64Encoded": True, "body": base64.b64encode(form.encode()).decode(),
    }  # fmt: skip


def application_load_balancer(draw: Draw) -> Any:
    return {
        "requestContext": {"elb": {"targetGroupArn": f"arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/lambda-279/{draw.hex(16)}"}},
        "httpMethod": "GET", "path": "/lambda", "queryStringParameters": {"query": "1234ABCD", "access_token": draw.token(30)},
        "headers": {
            "accept": "text/html,application/xhtml+xml", "accept-language": "en-US,en;q=0.8", "host": "lambda-alb-123578498.us-east-2.elb.amazonaws.com",
            "authorization": draw.secret("basic"), "x-amzn-trace-id": f"Root=1-5c536348-{draw.hex(24)}", "x-forwarded-proto": "http",
        },
        "body": "", "isBase64Encoded": False,
    }  # fmt: skip


def sqs(draw: Draw) -> Any:
    body = {
        "orderId": draw.digits(10),
        "customer": {"name": "Maria Weiß", "loginPassword": draw.secret("password")},
        "total": 129.95,
    }
    return {
        "Records": [
            {
                "messageId": draw.uuid(), "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183", "SenderId": "AIDAIENQZJOLO23YVJ4VO"},
                "messageAttributes": {"apiKey": {"stringValue": draw.token(36), "dataType": "String"}, "tenant": {"stringValue": "acme", "dataType": "String"}},
                "md5OfBody": draw.hex(32), "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:my-queue", "awsRegion": "us-east-2",
            }
        ]
    }  # fmt: skip


def sns(draw: Draw) -> Any:
    message = {
        "event": "user.created",
        "user": {"id": draw.uuid(), "email": "maria@example.org"},
        "resetToken": draw.token(48),
    }
    return {
        "Records": [
            {
                "EventVersion": "1.0", "EventSource": "aws:sns", "EventSubscriptionArn": f"arn:aws:sns:us-east-1:123456789012:sns-lambda:{draw.uuid()}",
                "Sns": {
                    "SignatureVersion": "1", "Timestamp": "2019-01-02T12:45:07.000Z", "Signature": draw.token(344, BASE64),
                    "SigningCertUrl": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ac565b8b1a6c5d002d285f9598aa1d9b.pem",
                    "MessageId": draw.uuid(), "Message": json.dumps(message), "Subject": "TestInvoke", "Type": "Notification",
                    "TopicArn": "arn:aws:sns:us-east-1:123456789012:sns-lambda",
                    "MessageAttributes": {"Test": {"Type": "String", "Value": "TestString"}},
                },
            }
        ]
    }  # fmt: skip


def eventbridge(draw: Draw) -> Any:
    return {
        "version": "0", "id": draw.uuid(), "detail-type": "Order Placed", "source": "shop.orders", "account": "111122223333",
        "time": "2025-11-10T21:30:00Z", "region": "eu-central-1", "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-1234567890abcdef0"],
        "detail": {
            "state": "running", "payment": {"card_number": draw.secret("card"), "holder": "M WEISS", "expires": "04/29"},
            "keyboard": "ISO-DE", "monkey": 7, "passenger": "Jo Doe", "author": "J. R.", "tokenizer": "bpe", "secretary": "Ms. Lee",
        },
    }  # fmt: skip


def dynamodb_stream(draw: Draw) -> Any:
    return {
        "Records": [
            {
                "eventID": draw.hex(32), "eventName": "MODIFY", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1",
                "dynamodb": {
                    "ApproximateCreationDateTime": 1479499740, "Keys": {"pk": {"S": "USER#maria"}, "sk": {"S": "PROFILE"}},
                    "NewImage": {
                        "pk": {"S": "USER#maria"}, "password": {"S": draw.secret("password")}, "logins": {"N": "12"},
                        "settings": {"M": {"theme": {"S": "dark"}, "api_key": {"S": draw.token(32)}}}, "tags": {"SS": ["admin", "beta"]},
                    },
                    "SequenceNumber": draw.digits(21), "SizeBytes": 112, "StreamViewType": "NEW_AND_OLD_IMAGES",
                },
                "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/users/stream/2025-01-01T00:00:00.000",
            }
        ]
    }  # fmt: skip


def kinesis(draw: Draw) -> Any:
    record = {"device": "d-17", "temperature": 21.5, "auth": {"token": draw.token(40)}, "firmware": "2.4.1"}
    return {
        "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0", "partitionKey": "1", "sequenceNumber": draw.digits(56),
                    "data": base64.b64encode(json.dumps(record).encode()).decode(), "approximateArrivalTimestamp": 1545084650.987,
                },
                "eventSource": "aws:kinesis", "eventID": f"shardId-000000000006:{draw.digits(56)}", "awsRegion": "us-east-2",
            }
        ]
    }  # fmt: skip


def cognito_trigger(draw: Draw) -> Any:
    return {
        "version": "1", "triggerSource": "UserMigration_Authentication", "region": "us-east-1", "userPoolId": "us-east-1_Ab12Cd34E",
        "userName": "maria", "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "7t5u1example9p0a"},
        "request": {"password": draw.secret("hard_password"), "validationData": None, "userAttributes": {"email": "maria@example.org", "locale": "de"}},
        "response": {"userAttributes": None, "finalUserStatus": None, "messageAction": None},
    }  # fmt: skip


def cognito_tokens(draw: Draw) -> Any:
    return {
        "AuthenticationResult": {
            "AccessToken": draw.secret("jwt"), "ExpiresIn": 3600, "IdToken": draw.secret("jwt"), "RefreshToken": draw.token(600), "TokenType": "Bearer",
        },
        "ChallengeParameters": {},
    }  # fmt: skip


def stripe_like(draw: Draw) -> Any:
    return {
        "id": "evt_1NG8Du2eZvKYlo2CUI79vXWy", "object": "event", "api_version": "2024-06-20", "created": 1686089970, "livemode": False, "pending_webhooks": 1,
        "type": "payment_intent.created", "request": {"id": "req_O8lXQJJ2PzLqWz", "idempotency_key": draw.uuid()},
        "data": {
            "object": {
                "id": "pi_3NG8Du2eZvKYlo2C1GMj6w4J", "amount": 2000, "currency": "usd", "payment_method_types": ["card", "link"], "status": "requires_payment_method",
                "client_secret": "pi_3NG8_" + "secret_" + draw.token(25, ALNUM), "receipt_email": None, "metadata": {"order": "6735", "passenger": "A. Doe"},
            }
        },
    }  # fmt: skip


def github_like(draw: Draw) -> Any:
    sha = draw.hex(40)
    return {
        "ref": "refs/heads/main", "before": draw.hex(40), "after": sha, "compare": f"https://github.com/acme/shop/compare/{draw.hex(12)}...{sha[:12]}",
        "repository": {"id": 186853002, "full_name": "acme/shop", "keys_url": "https://api.github.com/repos/acme/shop/keys{/key_id}", "private": True},
        "pusher": {"name": "maria", "email": "maria@example.org"}, "head_commit": {"id": sha, "tree_id": draw.hex(40), "message": "Rotate the token of CI, see #12"},
        "hook": {"config": {"url": "https://ci.example/hook", "content_type": "json", "secret": draw.token(24, ALNUM), "insecure_ssl": "0"}},
        "author": {"name": "Maria", "username": "maria"}, "installation_token": draw.secret("github_server"),
    }  # fmt: skip


def oauth_tokens(draw: Draw) -> Any:
    return {
        "access_token": draw.token(64), "token_type": "Bearer", "expires_in": 3600, "refresh_token": draw.token(64), "id_token": draw.secret("jwt"),
        "scope": "openid email profile", "state": "up",
    }  # fmt: skip


def assume_role_answer(draw: Draw) -> Any:
    key_id, secret = aws_pair(draw.rng)
    draw.secrets += (key_id, secret)
    return {
        "Credentials": {"AccessKeyId": key_id.value, "SecretAccessKey": secret.value, "SessionToken": draw.secret("aws_session_token"), "Expiration": "2025-11-09T13:34:41Z"},
        "AssumedRoleUser": {"AssumedRoleId": "AROA3XFRBF535PLBIFPI4:session", "Arn": "arn:aws:sts::123456789012:assumed-role/demo/session"},
        "PackedPolicySize": 6,
    }  # fmt: skip


def key_pair_under_odd_names(draw: Draw) -> Any:
    key_id, secret = aws_pair(draw.rng)
    draw.secrets += (key_id, secret)
    return {
        "profile": "ci",
        "first": key_id.value,
        "second": secret.value,
        "region": "eu-west-1",
        "build": draw.hex(40),
        "digest": "sha256:" + draw.hex(64),
    }


def presigned_upload(draw: Draw) -> Any:
    return {
        "uploadUrl": draw.secret("presigned_url"),
        "expiresIn": 900,
        "fields": {"key": "uploads/2025/report.pdf", "bucket": "acme-files", "acl": "private"},
    }


def chat_completion(draw: Draw) -> Any:
    return {
        "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion", "created": 1741569952, "model": "gpt-4.1", "max_tokens": 512,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello! How can I help?"}, "logprobs": None, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29}, "system_fingerprint": "fp_44709d6fcb", "tokenizer": "o200k_base",
        "apiKey": draw.secret("openai_project"),
    }  # fmt: skip


def s3_event(draw: Draw) -> Any:
    return {
        "Records": [
            {
                "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-2", "eventTime": "2025-09-03T19:37:27.192Z", "eventName": "ObjectCreated:Put",
                "userIdentity": {"principalId": "AWS:AIDAINPONIXQXHT3IKHL2"}, "requestParameters": {"sourceIPAddress": "205.255.255.255"},
                "responseElements": {"x-amz-request-id": "D82B88E5F771F645", "x-amz-id-2": "vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYBDXOo6QBU0Wo="},
                "s3": {
                    "s3SchemaVersion": "1.0", "configurationId": draw.uuid(), "bucket": {"name": "acme-uploads", "arn": "arn:aws:s3:::acme-uploads"},
                    "object": {"key": "keys/monkey.jpg", "size": 1305107, "eTag": draw.hex(32), "sequencer": "0C0F6F405D6ED209E1"},
                },
            }
        ]
    }  # fmt: skip


def database_settings(draw: Draw) -> Any:
    return {
        "engine": "postgres", "host": "db-1.cluster-abc.eu-west-1.rds.amazonaws.com", "port": 5432, "dbname": "orders", "username": "app",
        "password": draw.secret("phrase"), "url": draw.secret("url_with_password"), "pool": {"max": 10, "idleTimeoutMillis": 30000}, "passwordChangedAt": "2025-01-01",
        "requirePassword": True, "passwordLength": 16, "token": None, "hasSecret": False, "tokenCount": 3, "keyId": "k-17", "publicKey": "ssh-ed25519",
    }  # fmt: skip


def order_list(draw: Draw) -> Any:
    """Nothing secret at all: what most bodies are."""
    return {
        "orders": [
            {
                "id": draw.uuid(), "number": draw.digits(16 if number % 2 else 13)[:-1] + "x", "placed": "2025-06-01T08:15:30.123Z", "total": {"amount": 12.5, "currency": "EUR"},
                "customer": {"name": "Zoë O'Neil", "phone": "+49 30 1234567", "compass": "north", "hotkey": "ctrl+k", "bypass": False},
                "tracking": f"1Z999AA1{draw.digits(10)}", "url": f"https://shop.example/orders/{number}?utm_source=mail&page=2", "etag": f'W/"{draw.hex(32)}"',
                "lines": [{"sku": f"SKU-{draw.digits(6)}", "description": 'Key ring, "monkey" & co: 3 pcs; 100% cotton', "pinned": True}],
            }
            for number in range(12)
        ],
        "nextToken": None, "pageSize": 12, "session_count": 4, "signed_in": True, "checksum": draw.hex(64), "image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
    }  # fmt: skip


DOCUMENTS: tuple[Callable[[Draw], Any], ...] = (
    api_gateway_v1, api_gateway_v2, application_load_balancer, sqs, sns, eventbridge, dynamodb_stream, kinesis, cognito_trigger,
    cognito_tokens, stripe_like, github_like, oauth_tokens, assume_role_answer, key_pair_under_odd_names, presigned_upload,
    chat_completion, s3_event, database_settings, order_list,
)  # fmt: skip


def harmless_leaves(
    document: Any, secrets: list[Secret], path: tuple[Any, ...] = ()
) -> list[tuple[tuple[Any, ...], Any]]:
    """(path, value) of every scalar that holds no piece of a secret. Strings that are JSON are looked into."""
    if isinstance(document, dict):
        return [leaf for key, value in document.items() for leaf in harmless_leaves(value, secrets, (*path, key))]
    if isinstance(document, list):
        return [leaf for at, value in enumerate(document) for leaf in harmless_leaves(value, secrets, (*path, at))]
    if isinstance(document, str):
        inner = as_json(document)
        if isinstance(inner, dict | list):
            return harmless_leaves(inner, secrets, (*path, as_json))
        if any(piece in document for secret in secrets for piece in secret.pieces()) or is_coded(path):
            return []
    return [(path, document)]


def is_coded(path: tuple[Any, ...]) -> bool:
    """Base64 around a document with a secret: the value is no other's to read."""
    return path[-1:] in {("data",), ("body",)} and as_json not in path and path[:1] != ("detail",) and len(path) < 5


def as_json(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in {"{", "["} else None
    except ValueError:
        return None


def at(document: Any, path: tuple[Any, ...]) -> Any:
    """The value at a path of `harmless_leaves`; None where there is none."""
    for step in path:
        try:
            document = as_json(document) if step is as_json else document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document
