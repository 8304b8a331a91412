"""The kind of source of each event that AWS's pages show, whole and cut within its data."""

import json
from typing import Any

import pytest

from aftercall.recognition.events import trigger_of
from tests.recognition.events import documented

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
    "another rule": ({"version": "0", "detail-type": "Order Placed", "source": "shop"}, "pubsub"),
    "a direct call": ({"messageId": "1", "receiptHandle": "2"}, ""),
    "nothing": (None, ""),
}  # fmt: skip


@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize("name", EVENTS)
def test_the_kind_of_source(name: str, spaced: bool) -> None:
    event, kind = EVENTS[name]
    text = json.dumps(event, separators=(", ", ": ") if spaced else (",", ":")).encode()
    for cut in (text, text[:65_536]):
        trigger = trigger_of(cut)
        assert (trigger.kind if trigger else "") == kind


def test_of_a_cut_batch_nobody_counts_the_records() -> None:
    text = json.dumps({"Records": [documented.SQS_RECORD] * 10}).encode()
    whole, cut = trigger_of(text), trigger_of(text[:-700])
    assert whole is not None
    assert cut is not None
    assert (whole.items, cut.items) == (10, None)
    assert (cut.resource, cut.received, cut.links) == (whole.resource, whole.received, whole.links)


def test_what_stood_before_the_cut_is_told() -> None:
    record = {**documented.SQS_RECORD, "body": json.dumps({**documented.SNS_MESSAGE, "Message": LARGE})}
    trigger = trigger_of(json.dumps({"Records": [record]}).encode()[:65_536])
    assert trigger is not None
    assert [one.source for one in trigger.nested] == ["sns"]
    assert trigger.received == [f"sqs:{record['messageId']}", "sns:95df01b4-ee98-5cb9-9903-4c221d41eb5e"]


@pytest.mark.parametrize("name", documented.EVENTS)
def test_cut_anywhere_it_is_what_it_was_or_nothing(name: str) -> None:
    event, expected = documented.EVENTS[name]
    text = json.dumps(event).encode()
    found = [trigger_of(text[:cut], documented.STARTED) for cut in range(len(text))]
    told = {trigger.source for trigger in found if trigger is not None}
    assert told <= {expected["source"], *EARLIER.get(name, ())}


EARLIER = {
    # What an event begins with may be all of another's.
    "function URL": ["apigateway-http"],
    "authorizer, request": ["apigateway-rest"],
    "authorizer, payload 2.0": ["apigateway-http"],
    "Lattice 2": ["http"],
    "Scheduler": ["eventbridge-schedule"],
}


OBJECT = {"bucket": {"name": "b"}, "object": {"key": "2026/1.json", "eTag": "d41d8cd9"}}
ITEM = {"id": {"S": "order-17"}, "line": {"N": "12"}}
TABLE = "arn:aws:dynamodb:r:1:table/orders"
NOTICE = {"MessageId": "95df01b4", "TopicArn": "arn:aws:sns:r:1:t"}
IDS = {
    "SQS": {**SQS, "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d", "body": "x"},
    "SNS": {"EventSource": "aws:sns", "Sns": NOTICE},
    "S3": {"eventSource": "aws:s3", "s3": OBJECT},
    "Kinesis": {"eventSource": "aws:kinesis", "eventID": "shardId-6:4959", "kinesis": {"sequenceNumber": "4959"}},
    "DynamoDB": {
        "eventSource": "aws:dynamodb",
        "eventSourceARN": TABLE,
        "dynamodb": {"Keys": ITEM, "NewImage": {**ITEM, "total": {"N": "1"}}},
    },
}


@pytest.mark.parametrize("name", IDS)
def test_the_beginning_of_an_id_is_none(name: str) -> None:
    """It would join with another's, or with nobody's."""
    whole = json.dumps({"Records": [IDS[name]] * 2}).encode()
    trigger = trigger_of(whole)
    assert trigger is not None
    told = set(trigger.received)
    assert told
    for length in range(len(whole)):
        cut = trigger_of(whole[:length])
        assert cut is None or set(cut.received) <= told
