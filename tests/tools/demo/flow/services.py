"""The services between the flow's functions: moto's queues, topic and table, and who delivers what lies in them.

Each `..._events` gives what Lambda's own pollers would make of what waits there, in the shape of AWS's pages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from tests.tools.demo.servers import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = CREDENTIALS["region_name"]
TRIES = 2
"""So often is a message given to the function before it becomes a dead letter."""


@dataclass(frozen=True)
class Services:
    """Clients, and where things are."""

    sqs: Any
    streams: Any
    orders: str
    dead_letters: str
    for_shipping: str
    parcels: str
    shipments: str

    @property
    def environment(self) -> dict[str, str]:
        return {"ORDERS": self.orders, "PARCELS": self.parcels}


def set_up(url: str) -> Services:
    """A queue with dead letters, a topic with a subscriber, a table with a stream."""

    def client(service: str) -> Any:
        return boto3.client(service, endpoint_url=url, **CREDENTIALS)

    sqs, sns = client("sqs"), client("sns")
    dead_letters = sqs.create_queue(QueueName="orders-dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": _arn(sqs, dead_letters), "maxReceiveCount": TRIES}
    orders = sqs.create_queue(
        QueueName="orders", Attributes={"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "0"}
    )["QueueUrl"]
    parcels = sns.create_topic(Name="parcels")["TopicArn"]
    for_shipping = sqs.create_queue(QueueName="for-shipping")["QueueUrl"]
    sns.subscribe(TopicArn=parcels, Protocol="sqs", Endpoint=_arn(sqs, for_shipping))
    table = client("dynamodb").create_table(
        TableName="shipments",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]["LatestStreamArn"]
    return Services(sqs, client("dynamodbstreams"), orders, dead_letters, for_shipping, parcels, table)


def sqs_events(services: Services, queue: str) -> Iterator[tuple[dict[str, Any], str]]:
    """An event for each message that waits, and the handle by which it is deleted once the function has succeeded."""
    while message := _receive(services, queue):
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": _arn(services.sqs, queue),
            "awsRegion": REGION,
        }
        yield {"Records": [record]}, message["ReceiptHandle"]


def sns_events(services: Services) -> Iterator[dict[str, Any]]:
    """The topic's messages, as Lambda would be told of them."""
    while message := _receive(services, services.for_shipping):
        services.sqs.delete_message(QueueUrl=services.for_shipping, ReceiptHandle=message["ReceiptHandle"])
        record = {
            "EventSource": "aws:sns",
            "EventVersion": "1.0",
            "EventSubscriptionArn": f"{services.parcels}:shipping",
            "Sns": {**json.loads(message["Body"]), "MessageAttributes": {}},
        }
        yield {"Records": [record]}


def stream_events(services: Services) -> Iterator[dict[str, Any]]:
    """What was written into the table."""
    streams, arn = services.streams, services.shipments
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        place = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")[
            "ShardIterator"
        ]
        records = streams.get_records(ShardIterator=place)["Records"]
        for record in records:
            record["dynamodb"]["ApproximateCreationDateTime"] = record["dynamodb"][
                "ApproximateCreationDateTime"
            ].timestamp()
        if records:
            yield {"Records": [{**record, "eventSourceARN": arn} for record in records]}


def _receive(services: Services, queue: str) -> dict[str, Any] | None:
    found = services.sqs.receive_message(QueueUrl=queue, MessageSystemAttributeNames=["All"]).get("Messages")
    return found[0] if found else None


def _arn(sqs: Any, queue: str) -> str:
    return str(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])
