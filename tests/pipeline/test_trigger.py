"""The kind of source of each event that AWS's pages show, whole and cut within its data."""

import json
from typing import Any

import pytest

from aftercall.pipeline.trigger import trigger_of

LARGE = "x" * 70_000
SQS = {
    "messageId": "059f36b4", "receiptHandle": "AQEB", "body": LARGE, "attributes": {"SentTimestamp": "1"},
    "messageAttributes": {}, "md5OfBody": "e4", "eventSource": "aws:sqs", "eventSourceARN": "arn", "awsRegion": "r",
}  # fmt: skip
KINESIS = {
    "kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": "1", "sequenceNumber": "49", "data": LARGE},
    "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": "shardId", "eventName": "aws:kinesis:record",
}  # fmt: skip
ELB = {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:r:1:targetgroup/x/1"}}
RABBIT = {"eventSource": "aws:rmq", "eventSourceArn": "arn", "rmqMessagesByQueue": {"q::/": [{"data": LARGE}]}}
ACTIVE = {"eventSource": "aws:mq", "eventSourceArn": "arn", "messages": [{"messageID": "ID", "data": LARGE}]}
EVENTS: dict[str, tuple[Any, str]] = {
    "HTTP API": ({"version": "2.0", "rawPath": "/", "headers": {}, "requestContext": {"http": {}}}, "http"),
    "REST API": ({"httpMethod": "GET", "headers": {"a": "b"}, "requestContext": {"stage": "prod"}}, "http"),
    "REST API, test from the console": ({"resource": "/", "headers": None, "requestContext": {"stage": "t"}}, "http"),
    "WebSocket": ({"requestContext": {"messageDirection": "IN", "connectionId": "a="}, "body": "x"}, "http"),
    "load balancer": ({"requestContext": ELB, "httpMethod": "GET", "headers": {"a": "b"}, "body": LARGE}, "http"),
    "load balancer, multi-value": ({"requestContext": ELB, "multiValueHeaders": {"a": ["b"]}, "body": LARGE}, "http"),
    "function URL": ({"rawPath": "/", "headers": {}, "requestContext": {"domainName": "x.lambda-url.r"}}, "http"),
    "SQS": ({"Records": [{**SQS, "body": "small"}]}, "pubsub"),
    "SQS, large": ({"Records": [SQS]}, "pubsub"),
    "SQS, first small, then large": ({"Records": [{**SQS, "body": "s"}, SQS]}, "pubsub"),
    "SNS": ({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Message": LARGE}}]}, "pubsub"),
    "Kinesis": ({"Records": [{**KINESIS, "kinesis": {"sequenceNumber": "4", "data": "s"}}]}, "pubsub"),
    "Kinesis, large": ({"Records": [KINESIS]}, "pubsub"),
    "MSK": ({"eventSource": "aws:kafka", "records": {"t-0": [{"topic": "t", "value": LARGE}]}}, "pubsub"),
    "Kafka": ({"eventSource": "SelfManagedKafka", "records": {"t-0": [{"topic": "t", "value": LARGE}]}}, "pubsub"),
    "RabbitMQ": (RABBIT, "pubsub"),
    "ActiveMQ": (ACTIVE, "pubsub"),
    "DynamoDB": ({"Records": [{"eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb"}]}, "datasource"),
    "S3": ({"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "s3": {}}]}, "datasource"),
    "DocumentDB": ({"eventSourceArn": "arn", "events": [{"event": {}}], "eventSource": "aws:docdb"}, "datasource"),
    "schedule": ({"version": "0", "detail-type": "Scheduled Event", "source": "aws.events"}, "timer"),
    "another rule": ({"version": "0", "detail-type": "Order Placed", "source": "shop"}, ""),
    "a direct call": ({"messageId": "1", "receiptHandle": "2"}, ""),
    "nothing": (None, ""),
}  # fmt: skip


@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize("name", EVENTS)
def test_the_kind_of_source(name: str, spaced: bool) -> None:
    event, trigger = EVENTS[name]
    text = json.dumps(event, separators=(", ", ": ") if spaced else (",", ":")).encode()
    assert trigger_of(text) == trigger
    assert trigger_of(text[:65_536]) == trigger
