"""Real messages, as moto's services deliver them: the ids that the sender was told are those that the event brings."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import boto3
import moto
import moto.backends
import pytest

from aftercall.recognition import dynamodb_items, flow
from aftercall.recognition.events import trigger_of
from tests.recognition.events.documented import SQS_LINK, W3C, W3C_LINK, XRAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.recognition.trigger import Trigger


ACCOUNT = "123456789012"


class Services:
    """Clients, and a queue `orders`."""

    def __init__(self) -> None:
        names = ("sqs", "sns", "s3", "kinesis", "dynamodb")
        self.of: dict[str, Any] = {name: boto3.client(name, region_name="eu-west-1") for name in names}
        self.queue = self.of["sqs"].create_queue(QueueName="orders")["QueueUrl"]
        attributes = self.of["sqs"].get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        self.queue_arn = attributes["Attributes"]["QueueArn"]

    def delivered(self) -> Trigger:
        """What the queue's messages tell, as the event source mapping hands them over."""
        asked = {"MessageAttributeNames": ["All"], "MessageSystemAttributeNames": ["All"], "MaxNumberOfMessages": 10}
        messages = self.of["sqs"].receive_message(QueueUrl=self.queue, **asked)["Messages"]
        records = [
            {
                "messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"],
                "attributes": message["Attributes"], "md5OfBody": message["MD5OfBody"],
                "messageAttributes": {
                    name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
                    for name, value in message.get("MessageAttributes", {}).items()
                },
                "eventSource": "aws:sqs", "eventSourceARN": self.queue_arn, "awsRegion": "eu-west-1",
            }
            for message in messages
        ]  # fmt: skip
        return told({"Records": records})


def told(event: Any) -> Trigger:
    trigger = trigger_of(json.dumps(event, default=str).encode())
    assert trigger is not None
    return trigger


def sources(trigger: Trigger) -> list[str]:
    return [trigger.source, *(one.source for one in trigger.nested)]


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with moto.mock_aws():
        yield Services()


def test_a_queue(services: Services) -> None:
    header = {"AWSTraceHeader": {"StringValue": XRAY, "DataType": "String"}}
    context = {"traceparent": {"StringValue": W3C, "DataType": "String"}}
    sent = services.of["sqs"].send_message(
        QueueUrl=services.queue, MessageBody="x", MessageAttributes=context, MessageSystemAttributes=header
    )
    trigger = services.delivered()
    assert trigger.received == [flow.sqs(sent["MessageId"])]
    assert trigger.links == [SQS_LINK, W3C_LINK]
    assert (trigger.resource, trigger.receive_count, trigger.items) == ("orders", 1, 1)


@pytest.mark.parametrize("raw", [False, True])
def test_a_topic_before_the_queue(services: Services, raw: bool) -> None:
    topic = services.of["sns"].create_topic(Name="alerts")["TopicArn"]
    services.of["sns"].subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=services.queue_arn, Attributes={"RawMessageDelivery": json.dumps(raw)}
    )
    context = {"traceparent": {"StringValue": W3C, "DataType": "String"}}
    sent = services.of["sns"].publish(TopicArn=topic, Message="x", MessageAttributes=context)
    trigger = services.delivered()
    assert sources(trigger) == (["sqs"] if raw else ["sqs", "sns"])
    assert (flow.sns(sent["MessageId"]) in trigger.received) is not raw  # a raw message does not say where it was
    assert trigger.links == [W3C_LINK]


def test_a_bucket_before_the_queue(services: Services) -> None:
    s3 = services.of["s3"]
    s3.create_bucket(Bucket="receipts", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    notice = {"QueueConfigurations": [{"QueueArn": services.queue_arn, "Events": ["s3:ObjectCreated:*"]}]}
    s3.put_bucket_notification_configuration(Bucket="receipts", NotificationConfiguration=notice)
    etag = s3.put_object(Bucket="receipts", Key="2026/a b.json", Body=b"{}")["ETag"]
    trigger = services.delivered()
    assert sources(trigger) == ["sqs", "s3"]
    assert flow.s3("receipts", "2026/a b.json", etag) in trigger.received


def test_a_stream_of_kinesis(services: Services) -> None:
    kinesis = services.of["kinesis"]
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    sent = kinesis.put_record(StreamName="clicks", Data=json.dumps({"traceparent": W3C}).encode(), PartitionKey="1")
    shard = {"StreamName": "clicks", "ShardId": sent["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    iterator = kinesis.get_shard_iterator(**shard)["ShardIterator"]
    (record,) = kinesis.get_records(ShardIterator=iterator)["Records"]
    data = {"sequenceNumber": record["SequenceNumber"], "data": base64.b64encode(record["Data"]).decode()}
    event_id = f"{sent['ShardId']}:{record['SequenceNumber']}"
    trigger = told({"Records": [{"kinesis": data, "eventSource": "aws:kinesis", "eventID": event_id}]})
    assert trigger.received == [flow.kinesis(sent["ShardId"], sent["SequenceNumber"])]
    assert trigger.links == [W3C_LINK]


def test_a_stream_of_dynamodb(services: Services) -> None:
    dynamodb = services.of["dynamodb"]
    table = dynamodb.create_table(
        TableName="orders", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "N"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]  # fmt: skip
    item = {"id": {"N": "7"}, "tags": {"SS": ["b", "a"]}, "total": {"N": "1.50"}}
    dynamodb.put_item(TableName="orders", Item=item)
    arn = table["LatestStreamArn"]
    # Its API of streams does not answer the newest botocore.
    shard = moto.backends.get_backend("dynamodb")[ACCOUNT]["eu-west-1"].tables["orders"].stream_shard
    assert shard is not None
    records = [{**record.to_json(), "eventSourceARN": arn} for record in shard.items]
    trigger = told({"Records": records})
    key, whole = dynamodb_items.key_hash({"id": {"N": "7"}}), dynamodb_items.item_hash(item)
    assert trigger.received == [flow.dynamodb_key("orders", key), flow.dynamodb_item("orders", whole)]
    assert (trigger.resource, trigger.operation) == ("orders", "INSERT")
