"""What happened, in the user's words: the sentence, and the same in the line's and the document's fields."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aftercall.exporters.function import Function
from aftercall.exporters.json_document import document_of
from aftercall.exporters.log import MAX_LINE_BYTES, line_of
from aftercall.exporters.sentence import sentence_of
from aftercall.formats.json_text import dumps
from aftercall.pipeline.record import CallRecord, Failure, InvocationRecord, OperationRecord, Outcome, TriggerRecord

T = 1_764_000_000_000_000_000
MS = 1_000_000


def a_record(*calls: CallRecord, ms: int = 84, **given: Any) -> InvocationRecord:
    record = InvocationRecord("r-1")
    record.status, record.start, record.end, record.calls = "ok", T, T + ms * MS, list(calls)
    for name, value in given.items():
        setattr(record, name, value)
    return record


def a_call(
    ms: int, url: str = "https://dynamodb.eu-west-1.amazonaws.com/", *, begin: int = 0, **given: Any
) -> CallRecord:
    call = CallRecord(f"{begin + 1:016x}")
    call.method, call.url, call.status = "POST", url, 200
    call.start, call.end = T + begin * MS, T + (begin + ms) * MS
    for name, value in given.items():
        setattr(call, name, value)
    return call


def aws(service: str, name: str, resource: str, **given: Any) -> OperationRecord:
    operation = OperationRecord("aws")
    operation.service, operation.name, operation.resource = service, name, resource
    for key, value in given.items():
        setattr(operation, key, value)
    return operation


def of_api(api: str, **given: Any) -> OperationRecord:
    operation = OperationRecord(api)
    for key, value in given.items():
        setattr(operation, key, value)
    return operation


def put(**given: Any) -> OperationRecord:
    return aws("DynamoDB", "PutItem", "orders", **given)


def tried(*refused: str, ms: int = 16, **given: Any) -> list[CallRecord]:
    """As many tries as `refused` has codes, one after the other."""
    each = ms // len(refused)
    return [
        a_call(
            each,
            begin=at * each,
            operation=put(invocation_id="i-1", error_code=code, **given),
            status=400 if code else 200,
        )
        for at, code in enumerate(refused)
    ]


HOOK = of_api("http", url_template="/hooks/{id}")

LONG = "2026/11/29/" + "customers/of/the/shop/" * 8 + "4711.json"

CALLS = {
    "Kinesis PutRecords clicks: 2 of 3 failed with InternalFailure, 9.0 ms": [
        a_call(
            9, operation=aws("Kinesis", "PutRecords", "clicks", error_code="InternalFailure", items=3, failed_items=2)
        )
    ],
    # Of what is too long the end stays: there calls differ.
    f"S3 PutObject …{LONG[-119:]} 42 ms": [a_call(42, operation=aws("S3", "PutObject", f"receipts/{LONG}"))],
    f"POST …{LONG[-119:]} 200 2.0 ms": [a_call(2, f"https://files.example.com/{LONG}")],
    "OpenSearch POST /orders/_doc/{id}: 404, 42 ms": [
        a_call(42, operation=aws("OpenSearch", "", "", url_template="/orders/_doc/{id}"), status=404)
    ],
    "S3 PutObject receipts/1.json 42 ms": [a_call(42, operation=aws("S3", "PutObject", "receipts/1.json"))],
    "DynamoDB PutItem orders 16 ms (2 tries)": tried("Throttled", ""),
    "DynamoDB PutItem orders 16 ms (2 tries, throttled)": tried("Throttled", "", throttled=True),
    "DynamoDB PutItem orders: ConditionalCheckFailedException, 12 ms": tried("ConditionalCheckFailedException", ms=12),
    "DynamoDB PutItem orders: ConditionalCheckFailedException, 12 ms, 2nd try": tried(
        "Throttled", "ConditionalCheckFailedException", ms=12
    ),
    "DynamoDB PutItem orders: Slow, 12 ms, 3rd try": tried("Slow", "Slow", "Slow", ms=12),
    "S3 HeadObject receipts/1.json: 404, 12 ms": [
        a_call(12, operation=aws("S3", "HeadObject", "receipts/1.json"), status=404)
    ],
    "SQS SendMessageBatch orders: 2 of 10 failed, 12 ms": [
        a_call(12, operation=aws("SQS", "SendMessageBatch", "orders", items=10, failed_items=2))
    ],
    "SQS SendMessageBatch orders 12 ms": [
        a_call(12, operation=aws("SQS", "SendMessageBatch", "orders", items=10, failed_items=0))
    ],
    "STS GetCallerIdentity 12 ms": [a_call(12, operation=aws("STS", "GetCallerIdentity", ""))],
    "DynamoDB PutItem orders open in response_head 2.9 s": [
        a_call(2900, operation=put(), status=None, open=True, stage="response_head")
    ],
    "DynamoDB PutItem orders failed in tls with SSLError 12 ms": [
        a_call(12, operation=put(), status=None, error_type="SSLError", stage="tls")
    ],
    "POST api.example.com/hooks/{id} 202 2.0 ms": [
        a_call(2, "https://api.example.com/hooks/4711?x=y", operation=HOOK, status=202)
    ],
    "POST http://localhost:8080/hooks/{id} 202 2.0 ms": [
        a_call(2, "http://localhost:8080/hooks/4711", operation=HOOK, status=202)
    ],
    "POST api.example.com/a 503 2.0 ms": [a_call(2, "https://api.example.com/a?b=c", status=503)],
    "GraphQL GetOrder api.example.com 200 12 ms": [
        a_call(12, "https://api.example.com/graphql", operation=of_api("graphql", name="GetOrder"))
    ],
    "GraphQL GetOrder api.example.com: NOT_FOUND, 12 ms": [
        a_call(
            12, "https://api.example.com/graphql", operation=of_api("graphql", name="GetOrder", error_code="NOT_FOUND")
        )
    ],
    "JSON-RPC eth_call node.example 200 12 ms": [
        a_call(12, "https://node.example/", operation=of_api("json-rpc", name="eth_call"))
    ],
}


@pytest.mark.parametrize("said", CALLS)
def test_a_call_is_told_in_the_words_of_its_service(said: str) -> None:
    assert sentence_of(a_record(*CALLS[said])) == f"ok 84 ms: {said}"


def test_a_call_that_hung_says_so() -> None:
    call = a_call(2900, operation=put(), status=None, open=True, stage="tls")
    assert sentence_of(a_record(call, status="timeout")) == "timeout 84 ms: DynamoDB PutItem orders hung in tls 2.9 s"


def test_tries_count_as_one_call() -> None:
    calls = [*tried("A", "B", "", ms=30), a_call(42, operation=aws("S3", "PutObject", "receipts/1.json"))]
    assert sentence_of(a_record(*calls)) == (
        "ok 84 ms: DynamoDB PutItem orders 30 ms (3 tries); S3 PutObject receipts/1.json 42 ms"
    )
    many = [a_call(1, operation=put()) for _ in range(9)] + tried("A", "Slow", ms=30)
    assert sentence_of(a_record(*many)) == "ok 84 ms: DynamoDB PutItem orders: Slow, 30 ms, 2nd try; 9 more calls"


def woken(source: str, kind: str = "pubsub", **given: Any) -> TriggerRecord:
    trigger = TriggerRecord(source, kind)
    for key, value in given.items():
        setattr(trigger, key, value)
    return trigger


TRIGGERS = {
    "SQS orders (10 messages, oldest 3.0 s, received 4 times)": woken(
        "sqs", resource="orders", items=10, age_ms=3000.0, receive_count=4
    ),
    "SQS orders (1 message, waited 30 ms)": woken("sqs", resource="orders", items=1, age_ms=30.0, receive_count=1),
    "S3 receipts in SNS uploads in SQS orders (1 message)": woken(
        "sqs",
        resource="orders",
        items=1,
        nested=[woken("sns", resource="uploads", nested=[woken("s3", "datasource", resource="receipts")])],
    ),
    "DynamoDB orders (2 records)": woken("dynamodb", "datasource", resource="orders", items=2),
    "GET /orders/{id}": woken("apigateway-http", "http", operation="GET", resource="/orders/{id}"),
    "S3 ObjectCreated:Put receipts/1.json (1 record)": woken(
        "s3", "datasource", operation="ObjectCreated:Put", resource="receipts/1.json", items=1
    ),
    "a-new-source x": woken("a-new-source", "other", resource="x"),
}


@pytest.mark.parametrize("said", TRIGGERS)
def test_what_woke_the_function_stands_before_its_calls(said: str) -> None:
    call = a_call(42, operation=aws("S3", "PutObject", "receipts/1.json"))
    record = a_record(call, trigger=TRIGGERS[said], cold_start=True)
    assert sentence_of(record) == f"ok 84 ms cold, {said}: S3 PutObject receipts/1.json 42 ms"


def test_a_trigger_of_which_nothing_is_known_says_nothing() -> None:
    assert sentence_of(a_record(trigger=woken("", "other"))) == "ok 84 ms"


def test_outcome_trigger_and_error_stand_in_this_order() -> None:
    record = a_record(trigger=woken("sqs", resource="orders", items=10), outcome=Outcome(failed_items=2, items=10))
    assert sentence_of(record) == "ok, 2 of 10 failed, 84 ms, SQS orders (10 messages)"
    record = a_record(
        trigger=woken("sqs", resource="orders"), status="error", error=Failure("ValueError", "no stock", "")
    )
    assert sentence_of(record) == "error 84 ms, SQS orders, ValueError: no stock"
    record.trigger = None
    assert sentence_of(record) == "error 84 ms ValueError: no stock"


def test_the_line_has_the_same_as_fields() -> None:
    calls = tried("Throttled", "", ms=16)
    calls[1].operation.sent = ["sqs:1"]  # type: ignore[union-attr]
    record = a_record(*calls, trigger=woken("sqs", resource="orders", items=1), received=["lambda:r-1", "sqs:0"])
    line = json.loads(line_of(record))
    assert line["trigger"] == {"kind": "pubsub", "source": "sqs", "resource": "orders", "items": 1}
    assert line["calls"] == [
        {
            "method": "POST",
            "url": "https://dynamodb.eu-west-1.amazonaws.com/",
            "operation": "DynamoDB PutItem",
            "resource": "orders",
            "ms": 16.0,
            "status": 200,
            "tries": 2,
        }
    ]
    assert (line["flow_sent"], line["flow_received"]) == (["sqs:1"], ["lambda:r-1", "sqs:0"])
    assert line["call_errors"] == 1


def test_a_line_full_of_keys_is_short() -> None:
    calls = [a_call(1, operation=put(sent=[f"s3:b/{'x' * 900}{number}"])) for number in range(40)]
    line = line_of(a_record(*calls, received=[f"sqs:{'x' * 900}{number}" for number in range(100)]))
    assert len(line) <= MAX_LINE_BYTES
    assert json.loads(line)["status"] == "ok"


def test_the_document_has_tries_within_their_operation() -> None:
    record = a_record(
        *tried("Throttled", "Slow"), trigger=TRIGGERS["S3 receipts in SNS uploads in SQS orders (1 message)"]
    )
    document = json.loads(dumps(document_of(record, Function({}, {}))))
    (call,) = document["calls"]
    assert (call["status"], call["duration_ms"], call["operation"]["error_code"]) == (400, 16.0, "Slow")
    assert [one["offset_ms"] for one in call["tries"]] == [0.0, 8.0]
    assert [one["span_id"] for one in call["tries"]] == [one.span_id for one in record.calls]
    assert document["trigger"]["nested"][0]["nested"] == [
        {"kind": "datasource", "source": "s3", "resource": "receipts"}
    ]
