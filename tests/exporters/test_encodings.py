"""Records as OTLP and as log lines."""

import json

from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from aftercall.exporters.function import Function
from aftercall.exporters.json_document import document_of
from aftercall.exporters.log import MAX_LINE_BYTES, line_of
from aftercall.exporters.otlp_json import request_of, resource_of
from aftercall.formats.json_text import dumps
from aftercall.pipeline.record import (
    STATUSES,
    Body,
    CallRecord,
    Failure,
    InitRecord,
    InvocationRecord,
    OperationRecord,
    TriggerRecord,
)
from aftercall.recognition.trigger import KINDS

T = 1_764_000_000_000_000_000
FUNCTION = Function({"functionName": "shop", "functionVersion": "7"}, {"AWS_REGION": "eu-west-1"})

texts = st.text(max_size=60)


values = texts | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(0, 1e9) | st.lists(texts, max_size=3)
counts = st.none() | st.integers(0, 10**6)
links = st.lists(st.just(("ab" * 16, "cd" * 8)), max_size=2)


@st.composite
def operations(draw) -> OperationRecord:
    operation = OperationRecord(draw(st.sampled_from(["aws", "graphql", "json-rpc", "http"])))
    for name in ("service", "name", "resource", "region", "request_id", "error_code", "span_name", "url_template"):
        setattr(operation, name, draw(texts))
    operation.kind = draw(st.sampled_from(["client", "producer"]))
    operation.invocation_id = draw(st.sampled_from(["", "i-1", "i-2"]))
    operation.throttled = draw(st.booleans())
    operation.items, operation.failed_items, operation.attempt = draw(counts), draw(counts), draw(counts)
    operation.attributes = draw(st.dictionaries(texts, values, max_size=3))
    operation.sent, operation.received = draw(st.lists(texts, max_size=3)), draw(st.lists(texts, max_size=3))
    operation.links = draw(links)
    return operation


@st.composite
def triggers(draw, depth: int = 2) -> TriggerRecord:
    trigger = TriggerRecord(
        draw(st.sampled_from(["sqs", "s3", "apigateway-http", "new"])), draw(st.sampled_from(KINDS))
    )
    for name in ("resource", "operation", "tenant", "span_name"):
        setattr(trigger, name, draw(texts))
    trigger.items, trigger.receive_count = draw(counts), draw(counts)
    trigger.age_ms = draw(st.none() | st.floats(0, 1e12))
    trigger.attributes = draw(st.dictionaries(texts, values, max_size=3))
    if depth:
        trigger.nested = draw(st.lists(triggers(depth - 1), max_size=2))
    return trigger


@st.composite
def calls(draw) -> CallRecord:
    call = CallRecord(f"{draw(st.integers(1, 2**64 - 1)):016x}")
    call.method = draw(st.sampled_from(["GET", "POST", "BREW", ""]))
    call.url = draw(st.sampled_from(["https://h:8443/a?b=c", "http://[::1]/", ""]) | texts)
    call.status = draw(st.none() | st.integers(0, 999))
    call.stage = draw(st.sampled_from(["tls", "response_body", ""]))
    call.open = draw(st.booleans())
    call.error_type = draw(st.sampled_from(["", "TimeoutError"]))
    call.start = T + draw(st.integers(0, 10**9))
    call.end = call.start + draw(st.integers(0, 10**9))
    call.operation = draw(st.none() | operations())
    call.request_headers = draw(st.lists(st.tuples(texts, texts), max_size=3))
    call.response_body = draw(
        st.none() | st.builds(Body, texts, size=st.none() | st.integers(0, 9**9), truncated=st.booleans())
    )
    return call


@st.composite
def records(draw) -> InvocationRecord:
    record = InvocationRecord(draw(st.sampled_from(["8f507cfc-xmpl", "r-1"])))
    record.status = draw(st.sampled_from(STATUSES))
    record.cold_start = draw(st.none() | st.booleans())
    record.start, record.end = T, T + draw(st.integers(0, 10**12))
    record.trace_id, record.span_id = "ab" * 16, "cd" * 8
    record.arn = draw(st.sampled_from(["", "arn:aws:lambda:eu-west-1:123456789012:function:shop"]))
    record.error = draw(st.none() | st.builds(Failure, texts, texts, texts))
    record.trigger = draw(st.none() | triggers())
    record.received = draw(st.lists(texts, max_size=3))
    record.event = draw(st.none() | st.builds(Body, texts, size=st.none(), truncated=st.booleans()))
    record.calls = draw(st.lists(calls(), max_size=30))
    if draw(st.booleans()):
        record.init = InitRecord()
        record.init.start = record.init.end = T
        record.init.calls = draw(st.lists(calls(), max_size=2))
    record.drops = draw(st.dictionaries(texts, st.integers(0, 9), max_size=3))
    return record


@given(st.lists(records(), min_size=1, max_size=3))
def test_otlp_is_always_valid_by_the_official_definitions(made: list[InvocationRecord]) -> None:
    resource = resource_of(FUNCTION, "orders", (("team", "x"),), {})
    sent = json.loads(request_of(made, resource))
    message = ParseDict(sent, ExportTraceServiceRequest())
    spans = [span for scope in message.resource_spans[0].scope_spans for span in scope.spans]
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano for span in spans)
    # OTLP's JSON writes ids in hex, which protobuf's own mapping reads as base64: lengths tell them apart.
    assert {len(span["spanId"]) for scope in sent["resourceSpans"][0]["scopeSpans"] for span in scope["spans"]} == {16}
    assert {len(span["traceId"]) for scope in sent["resourceSpans"][0]["scopeSpans"] for span in scope["spans"]} == {32}


@given(records())
def test_a_log_line_is_short_valid_json_that_begins_with_a_sentence(record: InvocationRecord) -> None:
    line = line_of(record)
    assert len(line.encode()) <= MAX_LINE_BYTES
    assert "\n" not in line
    document = json.loads(line)
    assert next(iter(document)) == "aftercall"
    assert document["status"] == record.status


@given(records())
def test_a_json_document_keeps_every_call(record: InvocationRecord) -> None:
    document = json.loads(dumps(document_of(record, FUNCTION)))
    assert document["status"] == record.status
    shown = [len(call.get("tries", [call])) for call in document.get("calls", [])]
    assert sum(shown) == len(record.calls)


def test_a_line_with_a_thousand_calls_keeps_the_hung_one_in_its_sentence() -> None:
    record = InvocationRecord("r-1")
    record.status = "timeout"
    for number in range(1000):
        call = CallRecord(f"{number + 1:016x}")
        call.method, call.url, call.status = "GET", f"https://example.com/{'x' * 200}/{number}", 200
        record.calls.append(call)
    record.calls[500].open, record.calls[500].stage, record.calls[500].status = True, "tls", None
    line = line_of(record)
    assert len(line) <= MAX_LINE_BYTES
    assert "hung in tls" in json.loads(line)["aftercall"]


def test_a_line_is_cut_to_what_the_log_takes() -> None:
    record = InvocationRecord("r-1")
    record.init = InitRecord()
    for number in range(40):
        call = CallRecord(f"{number + 1:016x}")
        call.method, call.url, call.error_type = "GET", f"https://example.com/{'x' * 400}", "E" * 128
        (record.calls if number % 2 else record.init.calls).append(call)
    assert len(line_of(record)) <= MAX_LINE_BYTES


def test_a_line_shows_no_query() -> None:
    record = InvocationRecord("r-1")
    call = CallRecord("1" * 16)
    call.method, call.url, call.status = "GET", "https://example.com/orders?customer=4711#part", 200
    record.calls.append(call)
    assert "https://example.com/orders" in line_of(record)
    assert "4711" not in line_of(record)
    assert "part" not in line_of(record)
