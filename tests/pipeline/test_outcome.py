"""Every exporter shows what the function answered, beside the invocation's status, for every kind of answer."""

import json
from typing import Any

import pytest

from aftercall.exporters.function import Function
from aftercall.exporters.json_document import document_of
from aftercall.exporters.log import line_of
from aftercall.exporters.otlp_json import spans_of
from aftercall.masking.rules import Rules
from aftercall.pipeline.model import Invocation
from aftercall.pipeline.outcome import outcome_of
from aftercall.pipeline.recognise import recognise
from aftercall.pipeline.record import InvocationRecord
from aftercall.pipeline.redact import Redactor

HTTP_V2 = {"version": "2.0", "rawPath": "/", "headers": {}, "requestContext": {"http": {"method": "GET"}}}
HTTP_V1 = {"resource": "/", "httpMethod": "GET", "headers": {"a": "b"}, "requestContext": {"stage": "prod"}}
ALB = {"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "GET", "headers": {"a": "b"}}
SQS = {"Records": [{"messageId": str(n), "receiptHandle": "h", "eventSource": "aws:sqs"} for n in range(10)]}
KAFKA = {"eventSource": "aws:kafka", "records": {"t-0": [{"topic": "t"}] * 3, "t-1": [{"topic": "t"}] * 2}}
FIREHOSE = {
    "invocationId": "1",
    "deliveryStreamArn": "arn",
    "records": [{"recordId": str(n), "data": "eA=="} for n in range(3)],
}
S3_BATCH = {
    "invocationSchemaVersion": "1.0",
    "job": {"id": "1"},
    "tasks": [{"taskId": str(n), "s3Key": "k"} for n in range(4)],
}
PRELUDE = b'{"statusCode":503,"headers":{"content-type":"text/plain"}}' + bytes(8)
CUT = b'{"statusCode":500,"body":"' + b"x" * 70_000


def batch(*names: object) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": name} for name in names]}


def transformed(*results: str) -> dict[str, Any]:
    return {"records": [{"recordId": str(n), "result": result, "data": "eA=="} for n, result in enumerate(results)]}


def done(missing: str, **codes: object) -> dict[str, Any]:
    results = [{"taskId": name[1:], "resultCode": code} for name, code in codes.items()]
    return {"invocationSchemaVersion": "1.0", "treatMissingKeysAs": missing, "results": results}


ANSWERS: dict[str, tuple[Any, Any, dict[str, int], str]] = {
    "HTTP API": (HTTP_V2, {"statusCode": 500, "body": "no"}, {"status_code": 500}, "ok 500 "),
    "REST API": (HTTP_V1, {"statusCode": 502, "headers": {}, "body": "no"}, {"status_code": 502}, "ok 502 "),
    "load balancer": (ALB, {"statusCode": 503, "statusDescription": "503 no"}, {"status_code": 503}, "ok 503 "),
    "client error": (HTTP_V2, {"statusCode": 404}, {"status_code": 404}, "ok 404 "),
    "success": (HTTP_V2, {"statusCode": 201}, {"status_code": 201}, "ok 201 "),
    "as text": (HTTP_V1, {"statusCode": "500"}, {"status_code": 500}, "ok 500 "),
    "as float": (HTTP_V1, b'{"statusCode": 500.0}', {"status_code": 500}, "ok 500 "),
    "before a body that was cut": (HTTP_V2, CUT, {"status_code": 500}, "ok 500 "),
    "behind escapes": (HTTP_V2, b'{"a":"\\\\\\"{[","statusCode":500,"b":"\\', {"status_code": 500}, "ok 500 "),
    "a direct call": ({"n": 1}, {"statusCode": 500, "body": "no"}, {"status_code": 500}, "ok 500 "),
    "streamed": (HTTP_V2, PRELUDE + b"body", {"status_code": 503}, "ok 503 "),
    "streamed, no body": (HTTP_V2, PRELUDE, {"status_code": 503}, "ok 503 "),
    "streamed, no status": (HTTP_V2, b'{"headers":{}}' + bytes(8) + b"x", {"status_code": 200}, "ok 200 "),
    # Payload 2.0 implies a 200.
    "inside the body": (HTTP_V2, {"body": '{"statusCode": 500}'}, {"status_code": 200}, "ok 200 "),
    "no status of HTTP": (HTTP_V2, {"statusCode": 7}, {}, "ok "),
    "true": (HTTP_V2, {"statusCode": True}, {}, "ok "),
    "two of ten": (SQS, batch("1", "2"), {"failed_items": 2, "items": 10}, "ok, 2 of 10 failed, "),
    "one of ten twice": (SQS, batch("1", "1"), {"failed_items": 1, "items": 10}, "ok, 1 of 10 failed, "),
    "none of ten": (SQS, batch(), {"failed_items": 0, "items": 10}, "ok "),
    "an item without name": (SQS, batch("1", ""), {"failed_items": 10, "items": 10}, "ok, 10 of 10 failed, "),
    "an item that is null": (SQS, batch(None), {"failed_items": 10, "items": 10}, "ok, 10 of 10 failed, "),
    "Kafka's": (KAFKA, batch("t-0-1"), {"failed_items": 1, "items": 5}, "ok, 1 of 5 failed, "),
    "Kafka's, by offset": (
        KAFKA, batch({"topic-partition": "t-0", "offset": 1}, {"topic-partition": "t-0", "offset": 1}, {"topic-partition": "t-1", "offset": 1}),
        {"failed_items": 2, "items": 5}, "ok, 2 of 5 failed, ",
    ),
    "Kafka's, without an offset": (KAFKA, batch({"topic-partition": "t-0"}), {"failed_items": 5, "items": 5}, "ok, 5 of 5 failed, "),
    "Firehose's": (FIREHOSE, transformed("Ok", "Dropped", "ProcessingFailed"), {"failed_items": 1, "items": 3}, "ok, 1 of 3 failed, "),
    "Firehose's, all well": (FIREHOSE, transformed("Ok", "Ok", "Ok"), {"failed_items": 0, "items": 3}, "ok "),
    "S3's": (S3_BATCH, done("Succeeded", t0="TemporaryFailure", t1="Succeeded"), {"failed_items": 1, "items": 4}, "ok, 1 of 4 failed, "),
    "S3's, some left out": (S3_BATCH, done("PermanentFailure", t0="Succeeded"), {"failed_items": 3, "items": 4}, "ok, 3 of 4 failed, "),
    "S3's, of an event that was cut": (json.dumps(S3_BATCH).encode()[:-40], done("Succeeded", t0="PermanentFailure"), {"failed_items": 1}, "ok, 1 failed, "),
    "records of something else": ({"n": 1}, transformed("ProcessingFailed"), {}, "ok "),
    "of an event that was cut": (json.dumps(SQS).encode()[:300], batch("1"), {"failed_items": 1}, "ok, 1 failed, "),
    "no batch": ({"n": 1}, batch("1"), {}, "ok "),
    "no list": (SQS, {"batchItemFailures": "1"}, {}, "ok "),
    "null": (HTTP_V2, None, {"status_code": 200}, "ok 200 "),
    "a list": (HTTP_V2, [{"statusCode": 500}], {"status_code": 200}, "ok 200 "),
    "nesting beyond all measure": (HTTP_V2, b'{"statusCode":' + b"[" * 100_000, {}, "ok "),
}  # fmt: skip


def made(event: Any, answer: Any, status: str = "ok") -> InvocationRecord:
    raw = Invocation("8f507cfc-0000-4000-8000-000000000001")
    raw.start, raw.end, raw.status = 10**18, 10**18 + 12_000_000, status
    raw.event = event if isinstance(event, bytes) else json.dumps(event).encode()
    raw.response = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    recognise(raw, Rules())
    return Redactor(bodies=True).record(raw)


def span(record: InvocationRecord) -> tuple[dict[str, Any], bool]:
    first = json.loads(next(iter(spans_of(record))))
    values = {pair["key"]: next(iter(pair["value"].values())) for pair in first["attributes"]}
    return values, first.get("status", {}).get("code") == 2


@pytest.mark.parametrize("name", ANSWERS)
def test_the_outcome_of_an_answer_is_told_beside_the_status(name: str) -> None:
    event, answer, outcome, sentence = ANSWERS[name]
    record = made(event, answer)
    line = json.loads(line_of(record))
    document = document_of(record, Function({}, {}))
    assert (line["status"], document["status"]) == ("ok", "ok")
    assert (line.get("outcome", {}), document.get("outcome", {})) == (outcome, outcome)
    assert line["aftercall"] == document["sentence"]
    assert document["sentence"].startswith(f"{sentence}12 ms"), "what woke it stands behind"
    attributes, failed = span(record)
    is_http = attributes.get("faas.trigger") == "http"
    code = outcome.get("status_code")
    told = attributes.get("http.response.status_code" if is_http else "aftercall.outcome.status_code")
    assert told == (None if code is None else str(code))
    is_5xx = is_http and (code or 0) >= 500
    assert (failed, attributes.get("error.type")) == (is_5xx, str(code) if is_5xx else None)


@pytest.mark.parametrize("status", ["error", "timeout", "crash"])
def test_the_status_of_the_invocation_goes_first(status: str) -> None:
    attributes, failed = span(made(HTTP_V2, {"statusCode": 500}, status))
    assert failed
    assert attributes["error.type"] == {"error": "_OTHER"}.get(status, status)


@pytest.mark.parametrize("cut", range(0, 60, 3))
def test_an_answer_cut_anywhere_tells_no_status_that_it_has_not(cut: int) -> None:
    answer = b'{"a": ["x\\"", {"statusCode": 200}], "statusCode": 500, "b": "yy"}'
    outcome = made(HTTP_V2, answer[:cut]).outcome
    assert outcome is None or outcome.status_code == 500


@pytest.mark.parametrize("event", [SQS, KAFKA])
def test_of_a_cut_answer_nobody_counts_the_failures(event: dict[str, Any]) -> None:
    answer = json.dumps(batch(*"abcde")).encode()
    for cut in range(len(answer)):
        assert made(event, answer[:cut]).outcome is None


@pytest.mark.parametrize(
    ("source", "status"), [("apigateway-http", 200), ("function-url", 200), ("apigateway-rest", None), ("", None)]
)
def test_payload_2_implies_a_status(source: str, status: int | None) -> None:
    event = json.dumps(HTTP_V2).encode()
    outcome = outcome_of(event, b'{"order": 7}', source)
    assert (outcome.status_code if outcome else None) == status
    told = outcome_of(event, b'{"statusCode": 404}', source)
    assert told is not None
    assert told.status_code == 404


@pytest.mark.parametrize(
    "lie", [None, 7, [], {}, [[]], [None], [{}], [{"result": []}], [{"taskId": [], "resultCode": {}}]]
)
@pytest.mark.parametrize("name", ["records", "results", "batchItemFailures"])
def test_an_answer_that_lies_tells_nothing_or_failures(name: str, lie: object) -> None:
    events: list[Any] = [SQS, KAFKA, FIREHOSE, S3_BATCH, {"tasks": [None, {"taskId": []}], "x": {"taskId": 1}}]
    for event in events:
        answer = json.dumps({"recordId": 1, "resultCode": 1, name: lie}).encode()
        outcome = outcome_of(json.dumps(event).encode(), answer)
        assert outcome is None or (outcome.failed_items is not None and outcome.failed_items >= 0)
