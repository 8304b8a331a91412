"""What messages carry is told from the outside in, with the ids of every hop in the outermost."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from aftercall.recognition.events import trigger_of
from tests.recognition.events import documented
from tests.recognition.events.documented import (
    ALARM,
    ARN,
    DYNAMODB_RECORD,
    EVENT,
    EVENT_ID,
    KAFKA_RECORD,
    KINESIS_RECORD,
    LOGS,
    MSK,
    S3_EVENT,
    S3_ID,
    S3_RECORD,
    SNS_MESSAGE,
    SQS_LINK,
    SQS_RECORD,
    STARTED,
    W3C_LINK,
    encoded,
)

SQS_ID, SNS_ID = f"sqs:{SQS_RECORD['messageId']}", f"sns:{SNS_MESSAGE['MessageId']}"
KINESIS_ID = f"kinesis:{KINESIS_RECORD['eventID']}"
S3_EVENT_ID = "s3:receipts/2026/a b.json@b1946ac92492d2347c6235b4d2611184"
S3 = {"Records": [S3_RECORD]}
S3_TEST = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "receipts"}
ALARM_MESSAGE = {"AlarmName": "Errors", "NewStateValue": "ALARM", "AlarmArn": ALARM["alarmArn"], "Trigger": {}}
BOUNCE = {"eventType": "Bounce", "mail": {"messageId": "0102018f", "sourceArn": "arn"}}
TO_KINESIS = {
    "awsRegion": "r", "eventID": "1", "eventName": "MODIFY", "recordFormat": "application/json", "tableName": "orders",
    "dynamodb": {**DYNAMODB_RECORD["dynamodb"], "ApproximateCreationDateTime": documented.SENT_MS}, "eventSource": "aws:dynamodb",
}  # fmt: skip


def sqs(*bodies: Any) -> dict[str, Any]:
    return {"Records": [{**SQS_RECORD, "body": json.dumps(body)} for body in bodies]}


def sns(message: Any) -> dict[str, Any]:
    return {**SNS_MESSAGE, "Message": json.dumps(message)}


def kinesis(data: Any) -> dict[str, Any]:
    return {"Records": [{**KINESIS_RECORD, "kinesis": {**KINESIS_RECORD["kinesis"], "data": encoded(data)}}]}


def firehose(data: Any) -> dict[str, Any]:
    return {**documented.FIREHOSE, "records": [{"recordId": "1", "data": encoded(data)}]}


DLQ = {
    **SQS_RECORD, "body": json.dumps(S3),
    "messageAttributes": {"RequestID": {"stringValue": "r-1", "dataType": "String"}, "ErrorCode": {"stringValue": "200"}},
}  # fmt: skip

CHAINS: dict[str, tuple[Any, list[str], list[str], list[tuple[str, str]]]] = {
    "S3 in SQS": (sqs(S3), ["sqs", "s3"], [SQS_ID, S3_ID], [SQS_LINK]),
    "S3 in SNS": ({"Records": [{"EventSource": "aws:sns", "Sns": sns(S3)}]}, ["sns", "s3"], [SNS_ID, S3_ID], [W3C_LINK]),
    "S3 in SNS in SQS": (sqs(sns(S3)), ["sqs", "sns", "s3"], [SQS_ID, SNS_ID, S3_ID], [SQS_LINK, W3C_LINK]),
    "EventBridge in SQS": (sqs(EVENT), ["sqs", "eventbridge"], [SQS_ID, EVENT_ID], [SQS_LINK, W3C_LINK]),
    "S3 in EventBridge in SNS in SQS": (
        sqs(sns(S3_EVENT)), ["sqs", "sns", "eventbridge", "s3"], [SQS_ID, SNS_ID, EVENT_ID, S3_EVENT_ID], [SQS_LINK, W3C_LINK],
    ),
    "EventBridge in Kinesis": (kinesis(EVENT), ["kinesis", "eventbridge"], [KINESIS_ID, EVENT_ID], [W3C_LINK]),
    "EventBridge in Firehose": (firehose(EVENT), ["firehose", "eventbridge"], [EVENT_ID], [W3C_LINK]),
    "logs in Kinesis": (kinesis(gzip.compress(json.dumps(LOGS).encode())), ["kinesis", "cloudwatch-logs"], [KINESIS_ID], []),
    "logs in Firehose": (firehose(gzip.compress(json.dumps(LOGS).encode())), ["firehose", "cloudwatch-logs"], [], []),
    "EventBridge in Kafka": (
        {**MSK, "records": {"a-0": [{**KAFKA_RECORD, "value": encoded(EVENT)}]}}, ["msk", "eventbridge"], [EVENT_ID], [W3C_LINK],
    ),
    "alarm in SNS": ({"Records": [{"EventSource": "aws:sns", "Sns": sns(ALARM_MESSAGE)}]}, ["sns", "cloudwatch-alarm"], [SNS_ID], [W3C_LINK]),
    "bounced mail in SNS in SQS": (sqs(sns(BOUNCE)), ["sqs", "sns", "ses"], [SQS_ID, SNS_ID, "ses:0102018f"], [SQS_LINK, W3C_LINK]),
    "different messages": (sqs(S3_TEST, EVENT), ["sqs", "s3", "eventbridge"], [SQS_ID, EVENT_ID], [SQS_LINK, W3C_LINK]),
    "the same kind twice": (sqs(S3, S3), ["sqs", "s3"], [SQS_ID, S3_ID], [SQS_LINK]),
    "a dead letter of Lambda's": ({"Records": [DLQ]}, ["sqs", "s3"], [SQS_ID, "lambda:r-1", S3_ID], [SQS_LINK]),
    "a destination in SQS": (
        sqs(documented.DESTINATION), ["sqs", "lambda-destination", "eventbridge", "s3"],
        [SQS_ID, "lambda:e4b46cbf-b738-xmpl-8880-a18cdf61200e", EVENT_ID, S3_EVENT_ID], [SQS_LINK],
    ),
    "no more than text": (sqs({"order": 7}), ["sqs"], [SQS_ID], [SQS_LINK]),
    "a context in the body": (sqs({"traceparent": documented.W3C}), ["sqs"], [SQS_ID], [SQS_LINK, W3C_LINK]),
}  # fmt: skip


@pytest.mark.parametrize("name", CHAINS)
def test_the_chain_is_told_from_the_outside_in(name: str) -> None:
    event, sources, received, links = CHAINS[name]
    trigger = trigger_of(json.dumps(event).encode(), STARTED)
    assert trigger is not None
    assert [trigger.source, *(one.source for one in trigger.nested)] == sources
    assert trigger.received == received
    assert trigger.links == links
    for inner in trigger.nested:
        assert not inner.received
        assert not inner.links
        assert not inner.nested


def test_an_item_in_kinesis_has_the_ids_of_its_stream() -> None:
    trigger = trigger_of(json.dumps(kinesis(TO_KINESIS)).encode(), STARTED)
    direct = trigger_of(json.dumps({"Records": [{**DYNAMODB_RECORD, "eventName": "MODIFY"}]}).encode(), STARTED)
    assert trigger is not None
    assert direct is not None
    assert trigger.received == [KINESIS_ID, *direct.received]
    assert trigger.pointers == direct.pointers
    (inner,) = trigger.nested
    assert (inner.resource, inner.operation, inner.age_ms) == ("orders", "MODIFY", 10_000)


def test_what_the_inner_events_tell_is_theirs() -> None:
    trigger = trigger_of(json.dumps(sqs(sns(S3))).encode(), STARTED)
    assert trigger is not None
    assert [one.resource for one in trigger.nested] == ["alerts", "receipts/2026/a bé.json"]
    assert [one.age_ms for one in trigger.nested] == [10_000, 10_000]
    assert [pointer[0] for pointer in trigger.pointers] == ["aws.s3.object"]


def test_it_looks_so_deep_and_no_deeper() -> None:
    event: Any = {"order": 7}
    for number in range(9):
        event = {**EVENT, "id": str(number), "detail": event}
    trigger = trigger_of(json.dumps(event).encode())
    assert trigger is not None
    assert trigger.received == [f"events:{number}" for number in (8, 7, 6, 5, 4, 3)]


def test_a_redriven_message_tells_its_queue() -> None:
    attributes = {**SQS_RECORD["attributes"], "DeadLetterQueueSourceArn": ARN("sqs", "orders")}
    record = {**SQS_RECORD, "attributes": attributes, "eventSourceARN": ARN("sqs", "orders-dead")}
    trigger = trigger_of(json.dumps({"Records": [record]}).encode())
    assert trigger is not None
    assert trigger.resource == "orders-dead"
    assert trigger.attributes["aftercall.trigger.dead_letter_source"] == "orders"
