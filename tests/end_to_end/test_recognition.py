"""What a real SDK asked of AWS, and what woke the function, through the wrapper and the frozen extension."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.end_to_end.functions.aws_calls import KEYS
from tests.end_to_end.watching import Received, backend, watch
from tests.moto_server import moto_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ORDER = {"id": {"S": "17"}}
PUT: list[Any] = ["dynamodb", "put_item", {"TableName": "orders", "Item": ORDER}]
PUT_NEW: list[Any] = ["dynamodb", "put_item", {**PUT[2], "ConditionExpression": "attribute_not_exists(id)"}]
GET_MISSING: list[Any] = ["s3", "get_object", {"Bucket": "receipts", "Key": "2.json"}]
PUT_OBJECT: list[Any] = ["s3", "put_object", {"Bucket": "receipts", "Key": "1.json", "Body": b"{}".decode()}]


@pytest.fixture
def moto() -> Iterator[str]:
    """Its URL; it has a table, a bucket and a queue."""
    with moto_server() as url:
        boto3.client("dynamodb", endpoint_url=url, **KEYS).create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        region = {"LocationConstraint": KEYS["region_name"]}
        boto3.client("s3", endpoint_url=url, **KEYS).create_bucket(Bucket="receipts", CreateBucketConfiguration=region)
        boto3.client("sqs", endpoint_url=url, **KEYS).create_queue(QueueName="orders")
        yield url


@contextlib.contextmanager
def busy_at_first() -> Iterator[str]:
    """DynamoDB that throttles every first try."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            invocation = self.headers["amz-sdk-invocation-id"]
            code = "com.amazonaws.dynamodb.v20120810#ThrottlingException"
            status, body = (200, b"{}") if invocation in asked else (400, json.dumps({"__type": code}).encode())
            asked.append(invocation)
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def asked_of(url: str, *calls: list[Any]) -> dict[str, Any]:
    return {"url": url, "calls": list(calls)}


def test_the_log_line_names_what_was_asked_and_what_was_refused(layer: Path, moto: str) -> None:
    watched = watch("aws_calls.handler", [asked_of(moto, PUT, PUT_NEW, PUT_OBJECT, GET_MISSING)], layer=layer)
    assert watched.outcomes[0].response_json == ["ok", "ConditionalCheckFailedException", "ok", "NoSuchKey"]
    (record,) = watched.records
    told = [call.split(" ms")[0] for call in record["aftercall"].partition(": ")[2].split("; ")]
    begins = ["DynamoDB PutItem orders ", "DynamoDB PutItem orders: ConditionalCheckFailedException, "]
    begins += ["S3 PutObject receipts/1.json ", "S3 GetObject receipts/2.json: NoSuchKey, "]
    assert [one.startswith(begin) for one, begin in zip(told, begins, strict=True)] == [True] * 4, told
    named = [(call["operation"], call["resource"]) for call in record["calls"]]
    assert named[2:] == [("S3 PutObject", "receipts/1.json"), ("S3 GetObject", "receipts/2.json")]
    assert "counters" not in record, record["counters"]


def test_tries_of_the_sdk_are_one_operation_in_the_line_and_in_otlp(layer: Path) -> None:
    with busy_at_first() as url:
        (record,) = watch("aws_calls.handler", [asked_of(url, PUT)], layer=layer).records
        with backend() as (collector, received):
            environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}
            watch("aws_calls.handler", [asked_of(url, PUT)], layer=layer, environment=environment)
    assert "DynamoDB PutItem orders " in record["aftercall"]
    assert record["aftercall"].endswith(" (2 tries, throttled)")
    (call,) = record["calls"]
    assert (call["operation"], call["status"], call["tries"]) == ("DynamoDB PutItem", 200, 2)
    spans = {span["spanId"]: span for span in _spans(received)}
    (operation,) = [span for span in spans.values() if span["name"] == "DynamoDB.PutItem"]
    tries = [span for span in spans.values() if span.get("parentSpanId") == operation["spanId"]]
    assert [span["name"] for span in tries] == ["POST", "POST"]
    assert [_attributes(span).get("http.request.resend_count") for span in tries] == [None, "1"]
    assert "status" not in operation
    assert _attributes(operation)["rpc.method"] == "PutItem"


def test_both_sides_of_a_queue_tell_the_same_key(layer: Path, moto: str) -> None:
    queue = boto3.client("sqs", endpoint_url=moto, **KEYS)
    url = queue.get_queue_url(QueueName="orders")["QueueUrl"]
    send: list[Any] = ["sqs", "send_message", {"QueueUrl": url, "MessageBody": "{}"}]
    sender = watch("aws_calls.handler", [asked_of(moto, send)], layer=layer)
    (message,) = queue.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"]
    event = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:orders",
        "awsRegion": "eu-central-1",
    }
    with backend() as (collector, received):
        environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}
        watch("plain.ok", [{"Records": [event]}], layer=layer, environment=environment)
    receiver = watch("plain.ok", [{"Records": [event]}], layer=layer)
    (sent,), (woken,) = sender.records, receiver.records
    assert "SQS SendMessage orders " in sent["aftercall"]
    assert sent["flow_sent"] == [f"sqs:{message['MessageId']}"]
    assert woken["flow_received"] == [f"lambda:{woken['request_id']}", *sent["flow_sent"]]
    assert ", SQS orders (1 message, waited " in woken["aftercall"]
    (span,) = [span for span in _spans(received) if span["kind"] == 5]
    assert span["name"] == "orders process"
    keys = [value["stringValue"] for value in _attributes(span)["aftercall.flow.received"]["values"]]
    assert keys[1:] == sent["flow_sent"]


def _spans(received: list[Received]) -> list[dict[str, Any]]:
    scopes = [
        scope
        for request in received
        if request.path == "/v1/traces"
        for resource in request.json["resourceSpans"]
        for scope in resource["scopeSpans"]
    ]
    return [span for scope in scopes for span in scope["spans"]]


def _attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """A service that takes all and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_call_that_hangs_says_what_it_asked_for(layer: Path) -> None:
    with silent() as url:
        watched = watch("aws_calls.handler", [{"url": url, "calls": [PUT]}], layer=layer, timeout=4)
    (record,) = watched.records
    (call,) = record["calls"]
    assert (call["operation"], call["resource"], call["stage"]) == ("DynamoDB PutItem", "orders", "response_head")
    assert "DynamoDB PutItem orders hung in response_head" in record["aftercall"]
