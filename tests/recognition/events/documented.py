"""An event of each source, in the shape that its service's own page shows, and what it tells."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from typing import Any

TRACE, SPAN = "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8"
XRAY = f"Root=1-5759e988-bd862e3fe1be46a994272793;Parent={SPAN};Sampled=1"
W3C_TRACE, W3C_SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
W3C = f"00-{W3C_TRACE}-{W3C_SPAN}-01"

STARTED_MS = 1_790_000_010_000
STARTED = STARTED_MS * 1_000_000
"""Ten seconds after the messages were sent."""
SENT_MS = STARTED_MS - 10_000
SENT_ISO = "2026-09-21T14:13:20.000Z"

ARN = "arn:aws:{}:eu-west-1:123456789012:{}".format


def encoded(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.b64encode(data).decode()


def pointer(*parts: str) -> str:
    """As Datadog's backend computes it."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


HEADERS = {
    "accept": "*/*", "host": "api.example.com", "user-agent": "curl/8", "x-forwarded-for": "203.0.113.9, 10.0.0.1",
    "x-forwarded-port": "443", "x-forwarded-proto": "https", "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793",
}  # fmt: skip
REST = {
    "resource": "/orders/{id}", "path": "/orders/7", "httpMethod": "GET", "headers": {**HEADERS, "X-Amz-Tenant-Id": "blue"},
    "multiValueHeaders": {"accept": ["*/*"]}, "queryStringParameters": {"a": "1"}, "pathParameters": {"id": "7"},
    "requestContext": {
        "accountId": "123456789012", "apiId": "abc", "domainName": "abc.execute-api.eu-west-1.amazonaws.com",
        "extendedRequestId": "Xyz=", "httpMethod": "GET", "identity": {"sourceIp": "203.0.113.9", "userAgent": "curl/8"},
        "path": "/prod/orders/7", "protocol": "HTTP/1.1", "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "requestTimeEpoch": SENT_MS, "resourceId": "1", "resourcePath": "/orders/{id}", "stage": "prod",
    },
    "body": None, "isBase64Encoded": False,
}  # fmt: skip
HTTP_CONTEXT = {
    "accountId": "123456789012", "apiId": "abc", "domainName": "abc.execute-api.eu-west-1.amazonaws.com",
    "http": {"method": "GET", "path": "/prod/orders/7", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.9", "userAgent": "curl/8"},
    "requestId": "JKJaXmPLvHcESHA=", "routeKey": "GET /orders/{id}", "stage": "prod", "timeEpoch": SENT_MS,
}  # fmt: skip
HTTP_API = {
    "version": "2.0", "routeKey": "GET /orders/{id}", "rawPath": "/prod/orders/7", "rawQueryString": "a=1&b=2",
    "headers": HEADERS, "requestContext": HTTP_CONTEXT, "pathParameters": {"id": "7"}, "isBase64Encoded": False,
}  # fmt: skip
FUNCTION_URL = {
    **HTTP_API, "routeKey": "$default", "rawPath": "/orders/7",
    "requestContext": {
        **HTTP_CONTEXT, "domainName": "abc.lambda-url.eu-west-1.on.aws", "routeKey": "$default", "stage": "$default",
        "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
    },
}  # fmt: skip
WEBSOCKET = {
    "requestContext": {
        "routeKey": "sendMessage", "messageId": "L8FZOd=", "eventType": "MESSAGE", "extendedRequestId": "L8=",
        "messageDirection": "IN", "stage": "prod", "connectionId": "L8FYcd=", "apiId": "abc", "requestId": "L8FZOFE=",
        "domainName": "abc.execute-api.eu-west-1.amazonaws.com", "identity": {"sourceIp": "203.0.113.9"},
    },
    "body": "{}", "isBase64Encoded": False,
}  # fmt: skip
ALB = {
    "requestContext": {"elb": {"targetGroupArn": ARN("elasticloadbalancing", "targetgroup/shop/49e9d65c45c6791a")}},
    "httpMethod": "POST", "path": "/orders", "queryStringParameters": {"a": "1%202"},
    "headers": {**HEADERS, "x-amzn-trace-id": XRAY}, "body": "x", "isBase64Encoded": False,
}  # fmt: skip
ALB_MULTI = {
    "requestContext": ALB["requestContext"], "httpMethod": "POST", "path": "/orders",
    "multiValueQueryStringParameters": {"a": ["1"]}, "multiValueHeaders": {name: [value] for name, value in HEADERS.items()},
    "body": "x", "isBase64Encoded": False,
}  # fmt: skip
LATTICE_1 = {"raw_path": "/orders?a=1", "method": "GET", "headers": HEADERS, "query_string_parameters": {"a": "1"}}
LATTICE_2 = {
    "version": "2.0", "path": "/orders", "method": "GET", "headers": {"host": ["api.example.com"]},
    "queryStringParameters": {"a": ["1"]},
    "requestContext": {"serviceNetworkArn": ARN("vpc-lattice", "servicenetwork/sn-1"), "region": "eu-west-1"},
}  # fmt: skip
CLOUDFRONT = {
    "Records": [{"cf": {
        "config": {"distributionDomainName": "d111.cloudfront.net", "distributionId": "EDFDVBD6EXAMPLE",
                   "eventType": "viewer-request", "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ=="},
        "request": {"clientIp": "203.0.113.178", "headers": {"host": [{"key": "Host", "value": "d111.cloudfront.net"}]},
                    "method": "GET", "querystring": "a=1", "uri": "/a.html"},
    }}],
}  # fmt: skip
METHOD_ARN = ARN("execute-api", "abc/prod/GET/orders/7")
SQS_RECORD: dict[str, Any] = {
    "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d", "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
    "body": "Test message.",
    "attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": str(SENT_MS), "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                   "ApproximateFirstReceiveTimestamp": str(SENT_MS + 1), "AWSTraceHeader": XRAY},
    "messageAttributes": {}, "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3", "eventSource": "aws:sqs",
    "eventSourceARN": ARN("sqs", "orders"), "awsRegion": "eu-west-1",
}  # fmt: skip
SNS_MESSAGE = {
    "Type": "Notification", "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e", "TopicArn": ARN("sns", "alerts"),
    "Subject": "TestInvoke", "Message": "Hello from SNS!", "Timestamp": SENT_ISO, "SignatureVersion": "1",
    "Signature": "tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi+tE/1+82j", "UnsubscribeURL": "https://sns.example.com/",
    "MessageAttributes": {"traceparent": {"Type": "String", "Value": W3C}},
}  # fmt: skip
SNS = {"Records": [{
    "EventVersion": "1.0", "EventSubscriptionArn": ARN("sns", "alerts:21be56ed-a058-49f5-8c98-aedd2564c486"),
    "EventSource": "aws:sns", "Sns": SNS_MESSAGE,
}]}  # fmt: skip
EVENT = {
    "version": "0", "id": "12345678-1234-1234-1234-123456789012", "detail-type": "Order Placed", "source": "shop.orders",
    "account": "123456789012", "time": "2026-09-21T14:13:20Z", "region": "eu-west-1", "resources": [],
    "detail": {"order": 7, "traceparent": W3C},
}  # fmt: skip
S3_RECORD = {
    "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-west-1", "eventTime": SENT_ISO,
    "eventName": "ObjectCreated:Put", "userIdentity": {"principalId": "AIDAJDPLRKLG7UEXAMPLE"},
    "requestParameters": {"sourceIPAddress": "127.0.0.1"}, "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810"},
    "s3": {
        "s3SchemaVersion": "1.0", "configurationId": "all", "bucket": {"name": "receipts", "arn": "arn:aws:s3:::receipts"},
        "object": {"key": "2026/a+b%C3%A9.json", "size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "sequencer": "0A1B"},
    },
}  # fmt: skip
S3_DETAIL = {
    "version": "0", "bucket": {"name": "receipts"}, "object": {"key": "2026/a b.json", "size": 5, "etag": "b1946ac92492d2347c6235b4d2611184",
    "sequencer": "00617F08299329D189"}, "request-id": "N4N7GDK58NMKJ12R", "requester": "123456789012",
    "source-ip-address": "1.2.3.4", "reason": "PutObject",
}  # fmt: skip
S3_EVENT = {
    **EVENT,
    "source": "aws.s3",
    "detail-type": "Object Created",
    "resources": ["arn:aws:s3:::receipts"],
    "detail": S3_DETAIL,
}
DYNAMODB_RECORD: dict[str, Any] = {
    "eventID": "c4ca4238a0b923820dcc509a6f75849b", "eventName": "INSERT", "eventVersion": "1.1",
    "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1",
    "dynamodb": {
        "ApproximateCreationDateTime": SENT_MS // 1000, "Keys": {"Id": {"N": "101"}},
        "NewImage": {"Message": {"S": "New item!"}, "Id": {"N": "101"}}, "SequenceNumber": "4421584500000000017450439091",
        "SizeBytes": 26, "StreamViewType": "NEW_AND_OLD_IMAGES",
    },
    "eventSourceARN": ARN("dynamodb", "table/orders/stream/2026-01-01T00:00:00.000"),
}  # fmt: skip
KINESIS_DATA = {
    "kinesisSchemaVersion": "1.0", "partitionKey": "1",
    "sequenceNumber": "49590338271490256608559692538361571095921575989136588898", "data": encoded({"traceparent": W3C}),
    "approximateArrivalTimestamp": SENT_MS / 1000,
}  # fmt: skip
KINESIS_RECORD: dict[str, Any] = {
    "kinesis": KINESIS_DATA, "eventSource": "aws:kinesis", "eventVersion": "1.0",
    "eventID": "shardId-000000000006:49590338271490256608559692538361571095921575989136588898",
    "eventName": "aws:kinesis:record", "invokeIdentityArn": ARN("iam", "role/lambda-role"), "awsRegion": "eu-west-1",
    "eventSourceARN": ARN("kinesis", "stream/clicks"),
}  # fmt: skip
FIREHOSE = {
    "invocationId": "invoked123", "deliveryStreamArn": ARN("firehose", "deliverystream/lake"),
    "sourceKinesisStreamArn": ARN("kinesis", "stream/clicks"), "region": "eu-west-1",
    "records": [{
        "data": encoded("Hello"), "recordId": "record1", "approximateArrivalTimestamp": SENT_MS,
        "kinesisRecordMetadata": {"shardId": "shardId-000000000000", "partitionKey": "4d1ad2b9", "sequenceNumber": "49546",
                                  "approximateArrivalTimestamp": SENT_MS, "subsequenceNumber": ""},
    }],
}  # fmt: skip
KAFKA_RECORD = {
    "topic": "clicks", "partition": 2, "offset": 15, "timestamp": SENT_MS, "timestampType": "CREATE_TIME",
    "key": "abc", "value": encoded("Hello, this is a test."), "headers": [{"traceparent": list(W3C.encode())}, {"b": [-1, 7]}],
}  # fmt: skip
MSK = {
    "eventSource": "aws:kafka", "eventSourceArn": ARN("kafka", "cluster/vpc-2priv-2pub/751d2973-a626-431c-9d4e-d7975eb44dd7-2"),
    "bootstrapServers": "b-2.demo.kafka.eu-west-1.amazonaws.com:9092", "records": {"clicks-2": [KAFKA_RECORD]},
}  # fmt: skip
ACTIVEMQ = {
    "eventSource": "aws:mq", "eventSourceArn": ARN("mq", "broker:test:b-9bcfa592-423a-4942-879d-eb284b418fc8"),
    "messages": [{
        "messageID": "ID:b-9bcfa592-1.mq.eu-west-1.amazonaws.com-37557-1234520418293-4:1:1:1:1", "messageType": "jms/text-message",
        "deliveryMode": 1, "replyTo": None, "type": None, "expiration": 60000, "priority": 1, "correlationId": "myJMSCoID",
        "redelivered": False, "destination": {"physicalName": "pizzas"}, "data": encoded("pizza"), "timestamp": SENT_MS,
        "brokerInTime": SENT_MS, "brokerOutTime": SENT_MS, "properties": {"index": "1", "traceparent": W3C},
    }],
}  # fmt: skip
RABBITMQ = {
    "eventSource": "aws:rmq", "eventSourceArn": ARN("mq", "broker:pizzaBroker:b-9bcfa592-423a-4942-879d-eb284b418fc8"),
    "rmqMessagesByQueue": {"pizzas::/": [{
        "basicProperties": {
            "contentType": "text/plain", "contentEncoding": None, "headers": {"traceparent": {"bytes": list(W3C.encode())}, "n": 10},
            "deliveryMode": 1, "priority": 34, "timestamp": "Jan 1, 1970, 12:33:41 AM", "type": None, "userId": "AIDACKCEVSQ6C2EXAMPLE",
            "messageId": "m-1", "bodySize": 80,
        },
        "redelivered": False, "data": encoded({"timeout": 0}),
    }]},
}  # fmt: skip
DOCUMENTDB = {
    "eventSourceArn": ARN("rds", "cluster:shop"),
    "events": [{"event": {
        "_id": {"_data": "0163eeb6e7000000090100000009000041e1"}, "clusterTime": {"$timestamp": {"t": SENT_MS // 1000, "i": 9}},
        "documentKey": {"_id": {"$oid": "63eeb6e7d418cd98afb1c1d7"}}, "fullDocument": {"anyField": "sampleValue"},
        "ns": {"db": "test", "coll": "orders"}, "operationType": "update",
    }}],
    "eventSource": "aws:docdb",
}  # fmt: skip
LOGS = {
    "messageType": "DATA_MESSAGE", "owner": "123456789012", "logGroup": "/aws/lambda/orders", "logStream": "s",
    "subscriptionFilters": ["all"], "logEvents": [{"id": "1", "timestamp": SENT_MS, "message": "hello"}],
}  # fmt: skip
EXECUTION = ARN("states", "execution:Checkout:4f2c1f")
CONTEXT_OBJECT = {
    "Execution": {"Id": EXECUTION, "Input": {"traceparent": W3C}, "Name": "4f2c1f", "StartTime": SENT_ISO},
    "State": {"EnteredTime": SENT_ISO, "Name": "Charge", "RetryCount": 2},
    "StateMachine": {"Id": ARN("states", "stateMachine:Checkout"), "Name": "Checkout"}, "Task": {"Token": "h7XRiCdLtd"},
}  # fmt: skip
DURABLE_ARN = ARN("lambda", "function:orders:3/durable-execution/order-7/0f1e2d")
DURABLE = {
    "DurableExecutionArn": DURABLE_ARN, "CheckpointToken": "t",
    "InitialExecutionState": {"Operations": [{
        "Id": "1", "Type": "EXECUTION", "Status": "STARTED", "ExecutionDetails": {"InputPayload": json.dumps({"Records": [SQS_RECORD]})},
    }], "NextMarker": ""},
}  # fmt: skip
DESTINATION = {
    "version": "1.0", "timestamp": SENT_ISO,
    "requestContext": {"requestId": "e4b46cbf-b738-xmpl-8880-a18cdf61200e", "functionArn": ARN("lambda", "function:orders:$LATEST"),
                       "condition": "RetriesExhausted", "approximateInvokeCount": 3},
    "requestPayload": S3_EVENT, "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
    "responsePayload": {"errorMessage": "no"},
}  # fmt: skip
APPSYNC = {
    "arguments": {"id": "7"}, "identity": None, "source": None, "request": {"headers": HEADERS, "domainName": None},
    "prev": None, "info": {"selectionSetList": ["id"], "fieldName": "getPost", "parentTypeName": "Query", "variables": {}}, "stash": {},
}  # fmt: skip
SCHEDULE = {
    "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event", "source": "aws.events",
    "account": "123456789012", "time": "2026-09-21T14:13:20Z", "region": "eu-west-1",
    "resources": [ARN("events", "rule/nightly")], "detail": {},
}  # fmt: skip
ALARM = {
    "source": "aws.cloudwatch", "alarmArn": ARN("cloudwatch", "alarm:Errors"), "accountId": "123456789012",
    "time": "2026-09-21T14:13:20.000+0000", "region": "eu-west-1",
    "alarmData": {"alarmName": "Errors", "state": {"value": "ALARM", "reason": "test"}, "previousState": {"value": "OK"}},
}  # fmt: skip
SES = {"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
    "mail": {"timestamp": SENT_ISO, "source": "jane@example.com", "messageId": "o3vrnil0e2ic28tr", "destination": ["j@example.com"],
             "commonHeaders": {"messageId": "<0102018f-abcd-000000@eu-west-1.amazonses.com>", "subject": "Test"}},
    "receipt": {"timestamp": SENT_ISO, "recipients": ["j@example.com"], "spamVerdict": {"status": "PASS"}},
}}]}  # fmt: skip

SQS_LINK, W3C_LINK = (TRACE, SPAN), (W3C_TRACE, W3C_SPAN)
GET = {
    "http.request.method": "GET",
    "url.path": "/prod/orders/7",
    "client.address": "203.0.113.9",
    "http.route": "/orders/{id}",
    "user_agent.original": "curl/8",
    "url.scheme": "https",
    "server.port": 443,
    "network.protocol.version": "1.1",
}
PROCESS = {"messaging.operation.name": "process", "messaging.operation.type": "process"}
S3_ID = "s3:receipts/2026/a bé.json@d41d8cd98f00b204e9800998ecf8427e"
EVENT_ID = "events:12345678-1234-1234-1234-123456789012"

EVENTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "REST API": (REST, {
        "source": "apigateway-rest", "kind": "http", "span_name": "GET /orders/{id}", "resource": "/orders/{id}", "operation": "GET",
        "tenant": "blue", "received": ["apigateway:c6af9ac6-7b61-11e6-9a41-93e8deadbeef"],
        "attributes": {**GET, "server.address": "abc.execute-api.eu-west-1.amazonaws.com"},
    }),
    "HTTP API": (HTTP_API, {
        "source": "apigateway-http", "kind": "http", "span_name": "GET /orders/{id}", "resource": "/orders/{id}",
        "received": ["apigateway:JKJaXmPLvHcESHA="],
        "attributes": {**GET, "url.query": "a=1&b=2", "server.address": "abc.execute-api.eu-west-1.amazonaws.com"},
    }),
    "HTTP API, catch-all": ({**HTTP_API, "routeKey": "$default"}, {"source": "apigateway-http", "span_name": "", "resource": "/prod/orders/7"}),
    "function URL": (FUNCTION_URL, {
        "source": "function-url", "kind": "http", "span_name": "", "resource": "/orders/7",
        "received": ["lambda:e1506fd5-9e7b-434f-bd42-4f8fa224b599"],
    }),
    "WebSocket": (WEBSOCKET, {
        "source": "apigateway-websocket", "kind": "http", "span_name": "sendMessage", "operation": "MESSAGE", "received": ["apigateway:L8FZOFE="],
    }),
    "load balancer": (ALB, {
        "source": "alb", "kind": "http", "resource": "/orders", "span_name": "", "links": [SQS_LINK],
        "attributes": {"http.request.method": "POST", "url.path": "/orders", "url.query": "a=1%202", "url.scheme": "https",
                       "server.address": "api.example.com", "client.address": "203.0.113.9", "user_agent.original": "curl/8", "server.port": 443},
    }),
    "load balancer, multi-value": (ALB_MULTI, {"source": "alb", "kind": "http", "resource": "/orders"}),
    "Lattice 1": (LATTICE_1, {"source": "lattice", "kind": "http", "resource": "/orders", "operation": "GET"}),
    "Lattice 2": (LATTICE_2, {"source": "lattice", "kind": "http", "resource": "/orders", "operation": "GET"}),
    "Lambda@Edge": (CLOUDFRONT, {
        "source": "cloudfront", "kind": "http", "resource": "EDFDVBD6EXAMPLE", "operation": "viewer-request",
        "attributes": {"http.request.method": "GET", "url.path": "/a.html", "url.query": "a=1", "url.scheme": "https",
                       "server.address": "d111.cloudfront.net", "client.address": "203.0.113.178"},
    }),
    "authorizer, token": ({"type": "TOKEN", "authorizationToken": "t", "methodArn": METHOD_ARN}, {
        "source": "apigateway-authorizer", "kind": "http", "resource": "/orders/7", "operation": "GET", "span_name": "",
    }),
    "authorizer, request": ({**REST, "type": "REQUEST", "methodArn": METHOD_ARN}, {
        "source": "apigateway-authorizer", "kind": "http", "resource": "/orders/{id}", "span_name": "",
    }),
    "authorizer, payload 2.0": ({**HTTP_API, "type": "REQUEST", "routeArn": METHOD_ARN, "identitySource": ["t"]}, {
        "source": "apigateway-authorizer", "kind": "http", "resource": "/orders/{id}", "span_name": "",
    }),
    "SQS": ({"Records": [SQS_RECORD, {**SQS_RECORD, "messageId": "2"}]}, {
        "source": "sqs", "kind": "pubsub", "span_kind": "consumer", "span_name": "orders process", "resource": "orders", "items": 2,
        "age_ms": 10_000, "receive_count": 3, "received": ["sqs:059f36b4-87a3-44ab-83d2-661975830a7d", "sqs:2"], "links": [SQS_LINK],
        "attributes": {**PROCESS, "messaging.system": "aws_sqs", "messaging.destination.name": "orders", "messaging.batch.message_count": 2},
    }),
    "SNS": (SNS, {
        "source": "sns", "kind": "pubsub", "span_kind": "consumer", "span_name": "alerts process", "resource": "alerts", "items": 1,
        "age_ms": 10_000, "received": ["sns:95df01b4-ee98-5cb9-9903-4c221d41eb5e"], "links": [W3C_LINK],
        "attributes": {**PROCESS, "messaging.system": "aws.sns", "messaging.destination.name": "alerts",
                       "messaging.message.id": "95df01b4-ee98-5cb9-9903-4c221d41eb5e", "aws.sns.topic.arn": ARN("sns", "alerts")},
    }),
    "EventBridge": (EVENT, {
        "source": "eventbridge", "kind": "pubsub", "span_kind": "consumer", "span_name": "shop.orders process", "resource": "shop.orders",
        "operation": "Order Placed", "age_ms": 10_000, "received": [EVENT_ID], "links": [W3C_LINK],
        "attributes": {**PROCESS, "messaging.message.id": "12345678-1234-1234-1234-123456789012"},
    }),
    "schedule": (SCHEDULE, {
        "source": "eventbridge-schedule", "kind": "timer", "resource": "nightly", "attributes": {"faas.time": "2026-09-21T14:13:20Z"},
        "received": ["events:53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa"],
    }),
    "Scheduler": ({**SCHEDULE, "source": "aws.scheduler", "resources": [ARN("scheduler", "schedule/default/hourly")], "detail": "{}"}, {
        "source": "eventbridge-scheduler", "kind": "timer", "resource": "hourly",
    }),
    "pipe of SQS": ([SQS_RECORD], {"source": "sqs", "kind": "pubsub", "resource": "orders", "items": 1}),
    "pipe of Kinesis": ([{**KINESIS_DATA, **{k: v for k, v in KINESIS_RECORD.items() if k != "kinesis"}}], {
        "source": "kinesis", "resource": "clicks", "links": [W3C_LINK],
        "received": ["kinesis:shardId-000000000006:49590338271490256608559692538361571095921575989136588898"],
    }),
    "pipe of DynamoDB": ([DYNAMODB_RECORD], {"source": "dynamodb", "resource": "orders", "operation": "INSERT"}),
    "pipe of Kafka": ([{**KAFKA_RECORD, "eventSource": "aws:kafka"}], {"source": "msk", "resource": "clicks", "items": 1}),
    "S3": ({"Records": [S3_RECORD]}, {
        "source": "s3", "kind": "datasource", "span_kind": "server", "resource": "receipts/2026/a bé.json", "operation": "ObjectCreated:Put",
        "items": 1, "age_ms": 10_000, "received": [S3_ID], "pointers": [("aws.s3.object", pointer("receipts", "2026/a bé.json", "d41d8cd98f00b204e9800998ecf8427e"))],
        "attributes": {"faas.document.collection": "receipts", "faas.document.operation": "insert",
                       "faas.document.name": "2026/a bé.json", "faas.document.time": "2026-09-21T14:13:20Z"},
    }),
    "S3, deleted": ({"Records": [{**S3_RECORD, "eventName": "ObjectRemoved:Delete", "s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}}]}, {
        "source": "s3", "received": ["s3:b/k"], "pointers": [],
    }),
    "S3, set up": ({"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": SENT_ISO, "Bucket": "receipts", "RequestId": "5582815E1AEA5ADF"}, {
        "source": "s3", "kind": "datasource", "resource": "receipts", "operation": "s3:TestEvent",
    }),
    "S3 by EventBridge": (S3_EVENT, {
        "source": "eventbridge", "kind": "pubsub", "resource": "aws.s3", "operation": "Object Created", "nested": ["s3"],
        "received": [EVENT_ID, "s3:receipts/2026/a b.json@b1946ac92492d2347c6235b4d2611184"],
    }),
    "S3 batch operations": ({
        "invocationSchemaVersion": "1.0", "invocationId": "i", "job": {"id": "f3cc4f60-61f6-4a2b-8a21-d07600c373ce"},
        "tasks": [{"taskId": "t", "s3Key": "a+b.json", "s3VersionId": "1", "s3BucketArn": "arn:aws:s3:::receipts"}],
    }, {"source": "s3-batch", "kind": "datasource", "resource": "receipts/a b.json", "items": 1}),
    "S3 batch operations 2.0": ({
        "invocationSchemaVersion": "2.0", "invocationId": "i", "job": {"id": "f", "userArguments": {}},
        "tasks": [{"taskId": "t", "s3Key": "a.json", "s3VersionId": None, "s3Bucket": "receipts"}],
    }, {"source": "s3-batch", "kind": "datasource", "resource": "receipts/a.json"}),
    "S3 Object Lambda": ({
        "xAmzRequestId": "1a5ed718", "getObjectContext": {"inputS3Url": "https://x.s3-accesspoint.eu-west-1.amazonaws.com/a?X-Amz-Signature=s",
                                                          "outputRoute": "io-use1-001", "outputToken": "OutputToken"},
        "configuration": {"accessPointArn": ARN("s3-object-lambda", "accesspoint/small"), "payload": "{}"},
        "userRequest": {"url": "https://olap-1.s3-object-lambda.eu-west-1.amazonaws.com/a%20b.png?v=1", "headers": {"Host": "h"}},
        "userIdentity": {"type": "AssumedRole"}, "protocolVersion": "1.00",
    }, {"source": "s3-object-lambda", "kind": "datasource", "resource": "small/a b.png"}),
    "DynamoDB": ({"Records": [DYNAMODB_RECORD]}, {
        "source": "dynamodb", "kind": "datasource", "span_kind": "server", "resource": "orders", "operation": "INSERT", "items": 1, "age_ms": 10_000,
        "pointers": [("aws.dynamodb.item", pointer("orders", "Id", "101", "", ""))],
        "attributes": {"faas.document.collection": "orders", "faas.document.operation": "insert", "faas.document.time": "2026-09-21T14:13:20Z"},
    }),
    "Kinesis": ({"Records": [KINESIS_RECORD]}, {
        "source": "kinesis", "kind": "pubsub", "span_kind": "consumer", "span_name": "clicks process", "resource": "clicks", "items": 1,
        "age_ms": 10_000, "links": [W3C_LINK],
        "received": ["kinesis:shardId-000000000006:49590338271490256608559692538361571095921575989136588898"],
        "attributes": {**PROCESS, "messaging.destination.name": "clicks", "aws.kinesis.stream_name": "clicks",
                       "messaging.message.id": "49590338271490256608559692538361571095921575989136588898"},
    }),
    "Firehose": (FIREHOSE, {
        "source": "firehose", "kind": "pubsub", "span_name": "lake process", "resource": "lake", "items": 1, "age_ms": 10_000,
        "received": ["kinesis:shardId-000000000000:49546"],
    }),
    "MSK": (MSK, {
        "source": "msk", "kind": "pubsub", "span_name": "clicks process", "resource": "clicks", "items": 1, "age_ms": 10_000, "links": [W3C_LINK],
        "attributes": {**PROCESS, "messaging.system": "kafka", "messaging.destination.name": "clicks",
                       "messaging.destination.partition.id": "2", "messaging.kafka.offset": 15},
    }),
    "Kafka": ({"eventSource": "SelfManagedKafka", "bootstrapServers": "b:9092", "records": {"a-0": [KAFKA_RECORD] * 2, "b-0": [{"topic": "b"}]}}, {
        "source": "kafka", "kind": "pubsub", "span_name": "multiple_sources process", "resource": "", "items": 3,
    }),
    "ActiveMQ": (ACTIVEMQ, {
        "source": "activemq", "kind": "pubsub", "span_name": "pizzas process", "resource": "pizzas", "items": 1, "age_ms": 10_000, "links": [W3C_LINK],
    }),
    "RabbitMQ": (RABBITMQ, {
        "source": "rabbitmq", "kind": "pubsub", "span_name": "pizzas process", "resource": "pizzas", "items": 1, "links": [W3C_LINK],
        "attributes": {**PROCESS, "messaging.system": "rabbitmq", "messaging.destination.name": "pizzas", "messaging.message.id": "m-1"},
    }),
    "DocumentDB": (DOCUMENTDB, {
        "source": "documentdb", "kind": "datasource", "resource": "test.orders", "operation": "update", "items": 1, "age_ms": 10_000,
        "attributes": {"faas.document.collection": "test.orders", "faas.document.operation": "edit", "faas.document.time": "2026-09-21T14:13:20Z"},
    }),
    "Cognito": ({
        "version": "1", "triggerSource": "PreSignUp_SignUp", "region": "eu-west-1", "userPoolId": "eu-west-1_Ab12", "userName": "jane",
        "callerContext": {"clientId": "c"}, "request": {"userAttributes": {}}, "response": {},
    }, {"source": "cognito", "kind": "other", "resource": "eu-west-1_Ab12", "operation": "PreSignUp_SignUp"}),
    "CloudFormation": ({
        "RequestType": "Create", "ServiceToken": ARN("lambda", "function:f"), "ResponseURL": "https://x.s3.amazonaws.com/?X-Amz-Signature=s",
        "StackId": ARN("cloudformation", "stack/shop/guid"), "RequestId": "u", "ResourceType": "Custom::T", "LogicalResourceId": "Seed",
        "ResourceProperties": {},
    }, {"source": "cloudformation", "kind": "other", "resource": "Seed", "operation": "Create"}),
    "IoT button": ({"deviceInfo": {"deviceId": "G030", "type": "button"}, "deviceEvent": {"buttonClicked": {"clickType": "SINGLE"}}}, {
        "source": "iot", "kind": "other", "resource": "G030",
    }),
    "IoT button, first kind": ({"serialNumber": "G030", "batteryVoltage": "1200mV", "clickType": "SINGLE"}, {"source": "iot", "operation": "SINGLE"}),
    "IoT rule on presence": ({"clientId": "a1", "timestamp": 1, "eventType": "connected", "sessionIdentifier": "s", "principalIdentifier": "p"}, {
        "source": "iot", "resource": "a1", "operation": "connected",
    }),
    "Step Functions": ({"input": {"order": 7}, "context": CONTEXT_OBJECT}, {
        "source": "stepfunctions", "kind": "other", "resource": "Checkout", "operation": "Charge", "receive_count": 3, "links": [W3C_LINK],
        "received": [f"states:{EXECUTION}"], "attributes": {"aws.step_functions.state_machine.arn": ARN("states", "stateMachine:Checkout")},
    }),
    "Step Functions, context alone": (CONTEXT_OBJECT, {"source": "stepfunctions", "resource": "Checkout", "received": [f"states:{EXECUTION}"]}),
    "AppSync": (APPSYNC, {
        "source": "appsync", "kind": "http", "resource": "Query.getPost",
        "attributes": {"http.request.method": "POST", "graphql.operation.type": "query", "server.address": "api.example.com", "server.port": 443,
                       "client.address": "203.0.113.9", "url.scheme": "https", "user_agent.original": "curl/8"},
    }),
    "AppSync, batch": ([APPSYNC, APPSYNC], {"source": "appsync", "kind": "http", "resource": "Query.getPost", "items": 2}),
    "AppSync Events": ({
        "identity": None, "result": None, "request": {"headers": HEADERS, "domainName": None},
        "info": {"channel": {"path": "/default/chat", "segments": ["default", "chat"]}, "channelNamespace": {"name": "default"}, "operation": "PUBLISH"},
        "error": None, "prev": None, "stash": {}, "outErrors": [], "events": [{"payload": {}, "id": "1"}],
    }, {"source": "appsync-events", "kind": "http", "resource": "/default/chat", "operation": "PUBLISH", "items": 1}),
    "AppSync authorizer": ({
        "authorizationToken": "t", "requestContext": {"apiId": "a1", "accountId": "1", "requestId": "r", "queryString": "q", "operationName": "GetPost"},
        "requestHeaders": {},
    }, {"source": "appsync-authorizer", "kind": "http", "resource": "a1", "operation": "GetPost"}),
    "Lex 1": ({
        "messageVersion": "1.0", "invocationSource": "DialogCodeHook", "userId": "John", "bot": {"name": "OrderFlowers", "alias": "$LATEST"},
        "currentIntent": {"name": "OrderFlowersIntent", "slots": {}},
    }, {"source": "lex", "kind": "other", "resource": "OrderFlowers", "operation": "OrderFlowersIntent"}),
    "Lex 2": ({
        "messageVersion": "1.0", "invocationSource": "FulfillmentCodeHook", "sessionId": "s", "inputTranscript": "hi",
        "bot": {"id": "1", "name": "OrderFlowers", "aliasId": "A"}, "interpretations": [], "sessionState": {"intent": {"name": "Order"}},
    }, {"source": "lex", "kind": "other", "resource": "OrderFlowers", "operation": "Order"}),
    "Alexa": ({
        "version": "1.0", "session": {"new": True, "application": {"applicationId": "amzn1.ask.skill.1"}}, "context": {"System": {}},
        "request": {"type": "IntentRequest", "requestId": "r", "intent": {"name": "Order"}},
    }, {"source": "alexa", "kind": "other", "resource": "Order", "operation": "IntentRequest"}),
    "Alexa, smart home": ({"directive": {"header": {"namespace": "Alexa.PowerController", "name": "TurnOn", "messageId": "m"}, "endpoint": {}}}, {
        "source": "alexa", "kind": "other", "resource": "Alexa.PowerController", "operation": "TurnOn",
    }),
    "SES": (SES, {"source": "ses", "kind": "other", "resource": "example.com", "age_ms": 10_000, "received": ["ses:0102018f-abcd-000000"]}),
    "SES, bounced": ({"notificationType": "Bounce", "mail": {"messageId": "0102018f", "timestamp": SENT_ISO}, "bounce": {}}, {
        "source": "ses", "operation": "Bounce", "received": ["ses:0102018f"],
    }),
    "CodePipeline": ({"CodePipeline.job": {"id": "11111111-abcd", "accountId": "1", "data": {"artifactCredentials": {"secretAccessKey": "s"}}}}, {
        "source": "codepipeline", "kind": "other", "resource": "11111111-abcd",
    }),
    "CodeCommit": ({"Records": [{
        "awsRegion": "r", "codecommit": {"references": [{"commit": "5e4", "ref": "refs/heads/main"}]}, "eventId": "3", "eventName": "ReferenceChanges",
        "eventSource": "aws:codecommit", "eventSourceARN": ARN("codecommit", "shop"), "eventTime": "2026-09-21T14:13:20.000+0000",
        "eventTriggerName": "build",
    }]}, {"source": "codecommit", "kind": "other", "resource": "shop", "operation": "build", "age_ms": 10_000}),
    "alarm": (ALARM, {"source": "cloudwatch-alarm", "kind": "other", "resource": "Errors", "operation": "ALARM", "age_ms": 10_000}),
    "logs": ({"awslogs": {"data": encoded(gzip.compress(json.dumps(LOGS).encode()))}}, {
        "source": "cloudwatch-logs", "kind": "pubsub", "resource": "/aws/lambda/orders", "operation": "DATA_MESSAGE", "age_ms": 10_000,
    }),
    "Config": ({
        "invokingEvent": json.dumps({"messageType": "ConfigurationItemChangeNotification"}), "ruleParameters": "{}", "resultToken": "t",
        "configRuleName": "tagged", "configRuleArn": ARN("config", "config-rule/1"), "version": "1.0",
    }, {"source": "config", "kind": "other", "resource": "tagged"}),
    "Config, by the clock": ({
        "invokingEvent": json.dumps({"messageType": "ScheduledNotification", "notificationCreationTime": SENT_ISO}), "configRuleName": "tagged",
    }, {"source": "config", "kind": "timer", "attributes": {"faas.time": SENT_ISO}}),
    "Bedrock agent": ({
        "messageVersion": "1.0", "agent": {"name": "helper", "id": "1", "alias": "A", "version": "1"}, "inputText": "x", "sessionId": "s",
        "actionGroup": "orders", "function": "findOrder", "parameters": [], "sessionAttributes": {},
    }, {"source": "bedrock-agent", "kind": "other", "resource": "helper", "operation": "findOrder"}),
    "Bedrock agent, API": ({
        "messageVersion": "1.0", "agent": {"name": "helper", "id": "1", "alias": "A"}, "actionGroup": "orders", "apiPath": "/orders", "httpMethod": "GET",
    }, {"source": "bedrock-agent", "kind": "other", "resource": "helper", "operation": "/orders"}),
    "Connect": ({"Name": "ContactFlowEvent", "Details": {"ContactData": {"Channel": "VOICE", "ContactId": "c"}, "Parameters": {}}}, {
        "source": "connect", "kind": "other", "resource": "VOICE",
    }),
    "Transfer": ({
        "token": "t", "serviceMetadata": {"executionDetails": {"workflowId": "w-1", "executionId": "e"}, "transferDetails": {"serverId": "s-1", "userName": "j"}},
        "fileLocation": {"domain": "S3", "bucket": "b", "key": "k"},
    }, {"source": "transfer", "kind": "other", "resource": "s-1", "operation": "w-1"}),
    "Transfer, log-in": ({"username": "j", "password": "p", "protocol": "SFTP", "serverId": "s-1", "sourceIp": "127.0.0.1"}, {
        "source": "transfer", "kind": "other", "resource": "s-1", "operation": "SFTP",
    }),
    "rotation": ({"Step": "createSecret", "SecretId": ARN("secretsmanager", "secret:db"), "ClientRequestToken": "t"}, {
        "source": "secretsmanager", "kind": "other", "operation": "createSecret",
    }),
    "durable execution": (DURABLE, {
        "source": "durable-execution", "kind": "other", "resource": "order-7", "nested": ["sqs"], "links": [SQS_LINK],
        "received": [f"durable:{DURABLE_ARN}", "sqs:059f36b4-87a3-44ab-83d2-661975830a7d"],
    }),
    "destination": (DESTINATION, {
        "source": "lambda-destination", "kind": "other", "resource": "orders", "operation": "RetriesExhausted", "receive_count": 3, "age_ms": 10_000,
        "nested": ["eventbridge", "s3"],
        "received": ["lambda:e4b46cbf-b738-xmpl-8880-a18cdf61200e", EVENT_ID, "s3:receipts/2026/a b.json@b1946ac92492d2347c6235b4d2611184"],
    }),
}  # fmt: skip

DIRECT: dict[str, Any] = {
    "object": {"order": 7}, "text": "hello", "number": 7, "null": None, "list": [1, 2], "list of objects": [{"a": 1}],
    "no records": {"Records": []}, "records of no source": {"Records": [{"a": 1}]}, "records that are none": {"Records": "aws:sqs"},
    "a message's names": {"messageId": "1", "receiptHandle": "2"}, "a context of something": {"requestContext": {"a": 1}},
}  # fmt: skip
