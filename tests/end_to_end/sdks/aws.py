"""moto's server, with what the operations of operations.py act on."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import boto3

from tests.end_to_end.sdks.operations import REGION
from tests.moto_server import moto_server

if TYPE_CHECKING:
    from collections.abc import Iterator

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "of-the-test"}

_TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
_PASSES = '{"StartAt": "pass", "States": {"pass": {"Type": "Pass", "End": true}}}'


@contextlib.contextmanager
def aws() -> Iterator[tuple[dict[str, str], str]]:
    """Variables for a function whose SDK is to find it, and the URL of the queue `orders`."""
    with moto_server() as url:
        yield {"AWS_ENDPOINT_URL": url, **CREDENTIALS}, _set_up(url)


def _set_up(url: str) -> str:
    session = boto3.Session(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"], region_name=REGION)

    def client(service: str):
        return session.client(service, endpoint_url=url)

    client("s3").create_bucket(Bucket="receipts", CreateBucketConfiguration={"LocationConstraint": REGION})
    client("dynamodb").create_table(TableName="orders", **_TABLE)
    client("sns").create_topic(Name="parcels")
    client("kinesis").create_stream(StreamName="clicks", ShardCount=1)
    client("events").create_event_bus(Name="shop")
    client("stepfunctions").create_state_machine(
        name="refunds", definition=_PASSES, roleArn="arn:aws:iam::123456789012:role/refunds"
    )
    client("secretsmanager").create_secret(Name="card-key", SecretString="of-the-test")
    return str(client("sqs").create_queue(QueueName="orders")["QueueUrl"])
