"""The spans of a record, read back with OpenTelemetry's own definitions."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from aftercall.exporters import otlp_calls
from aftercall.exporters.function import Function
from aftercall.exporters.otlp import endpoint_of
from aftercall.exporters.otlp_json import request_of, resource_of
from aftercall.pipeline.record import Body, CallRecord, Failure, InitRecord, InvocationRecord, TriggerRecord

T = 1_764_000_000_000_000_000
TRACE, SPAN, PARENT = "ab" * 16, "cd" * 8, "ef" * 8
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:shop"
FUNCTION = Function({"functionName": "shop", "functionVersion": "7"}, {"AWS_REGION": "eu-west-1"})
ID_KEYS = {"traceId", "spanId", "parentSpanId"}
REMOTE = 0x300
"""SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE_MASK and SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK."""


def sent(record: InvocationRecord) -> list[Span]:
    """The spans that a receiver understands. OTLP's JSON has ids in hex, where protobuf's own has base64."""

    def in_base64(value: Any) -> Any:
        if isinstance(value, list):
            return [in_base64(one) for one in value]
        if not isinstance(value, dict):
            return value
        ids = {key: base64.b64encode(bytes.fromhex(one)).decode() for key, one in value.items() if key in ID_KEYS}
        return {key: in_base64(one) for key, one in value.items()} | ids

    request = json.loads(request_of([record], resource_of(FUNCTION, "", (), {})))
    message = ParseDict(in_base64(request), ExportTraceServiceRequest())
    return [span for scope in message.resource_spans[0].scope_spans for span in scope.spans]


def attributes(of: Any) -> dict[str, Any]:
    """Key -> bool, int, float, str, or a list of them."""

    def plain(value: Any) -> Any:
        kind = value.WhichOneof("value")
        return [plain(one) for one in value.array_value.values] if kind == "array_value" else getattr(value, kind)

    return {one.key: plain(one.value) for one in of.attributes}


def an_invocation(status: str = "ok") -> InvocationRecord:
    record = InvocationRecord("8f507cfc-xmpl")
    record.arn, record.status, record.start, record.end = ARN, status, T, T + 5_000_000
    record.trace_id, record.span_id, record.watched = TRACE, SPAN, True
    return record


def a_call(number: int = 1) -> CallRecord:
    call = CallRecord(f"{number:016x}")
    call.method, call.url, call.status, call.library = "GET", "https://api.example.com/items?a=b", 200, "urllib3"
    call.stage, call.start, call.end = "response_body", T + 1, T + 9
    return call


def test_an_invocation_is_a_server_span_of_the_functions_name() -> None:
    record = an_invocation()
    record.cold_start, record.billed_ms, record.max_memory_mb = True, 12.5, 80
    record.trigger = TriggerRecord("", "http")
    record.runtime = {"name": "python", "version": "3.13.1"}
    record.drops, record.faults, record.counters = {"write": 2}, {"urllib3": 1}, {"dropped_records": 3}
    (span,) = sent(record)
    assert (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id) == (TRACE, SPAN, b"")
    assert (span.name, span.kind, span.flags) == ("shop", Span.SPAN_KIND_SERVER, 1)
    assert (span.start_time_unix_nano, span.end_time_unix_nano) == (T, T + 5_000_000)
    assert span.status.code == Status.STATUS_CODE_UNSET
    assert (len(span.events), len(span.links)) == (0, 0)
    found = attributes(span)
    assert found.pop("aftercall.cost_usd", 0) >= 0
    assert found == {
        "faas.invocation_id": "8f507cfc-xmpl",
        "faas.coldstart": True,
        "faas.trigger": "http",
        "aws.lambda.invoked_arn": ARN,
        "aftercall.status": "ok",
        "aftercall.watched": True,
        "aftercall.billed_ms": 12.5,
        "aftercall.max_memory_mb": 80,
        "process.runtime.name": "python",
        "process.runtime.version": "3.13.1",
        "aftercall.drops.write": 2,
        "aftercall.faults.urllib3": 1,
        "aftercall.counters.dropped_records": 3,
    }


def test_false_is_not_true() -> None:
    record = an_invocation()
    record.cold_start = record.watched = False
    found = attributes(sent(record)[0])
    assert (found["faas.coldstart"], found["aftercall.watched"]) == (False, False)


def test_its_parent_is_remote_and_its_links_are_kept() -> None:
    record = an_invocation()
    record.parent_id, record.sampled = PARENT, False
    record.trigger = TriggerRecord("sqs", "pubsub")
    record.trigger.span_kind = "consumer"
    record.links = [("12" * 16, "34" * 8), ("56" * 16, "78" * 8)]
    (span,) = sent(record)
    assert span.parent_span_id.hex() == PARENT
    assert (span.flags, span.kind) == (REMOTE, Span.SPAN_KIND_CONSUMER)
    assert [(link.trace_id.hex(), link.span_id.hex()) for link in span.links] == record.links


def test_an_error_is_a_status_and_an_exception_event() -> None:
    record = an_invocation("error")
    record.error = Failure("ValueError", 'no "such" order', "Traceback\n  line 1")
    (span,) = sent(record)
    assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, 'ValueError: no "such" order')
    assert attributes(span)["error.type"] == "ValueError"
    (event,) = span.events
    assert (event.name, event.time_unix_nano) == ("exception", record.end)
    assert attributes(event) == {
        "exception.type": "ValueError",
        "exception.message": 'no "such" order',
        "exception.stacktrace": "Traceback\n  line 1",
    }


def test_what_ended_without_an_error_of_its_own_says_how() -> None:
    for status, error_type in (("timeout", "timeout"), ("crash", "crash"), ("error", "_OTHER")):
        (span,) = sent(an_invocation(status))
        assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, status)
        assert attributes(span)["error.type"] == error_type
    (span,) = sent(an_invocation("unknown"))
    assert span.status.code == Status.STATUS_CODE_UNSET
    assert "error.type" not in attributes(span)


def test_a_call_is_a_client_span_below_its_invocation() -> None:
    record, call = an_invocation(), a_call(7)
    call.pid, call.protocol, call.proxy, call.request_size, call.response_size = 8, "1.1", "http://proxy:3128", 0, 2**40
    call.request_headers = [("Accept", "a"), ("ACCEPT", "b")]
    call.response_headers = [('X-"Odd"', "é")]
    call.request_body = Body('{"a": "b\\n"}', size=11, truncated=False)
    call.response_body = Body("x" * 9, size=None, truncated=True)
    record.calls = [call]
    span = sent(record)[1]
    assert (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()) == (TRACE, f"{7:016x}", SPAN)
    assert (span.name, span.kind, span.flags) == ("GET", Span.SPAN_KIND_CLIENT, 1)
    assert (span.start_time_unix_nano, span.end_time_unix_nano) == (T + 1, T + 9)
    assert span.status.code == Status.STATUS_CODE_UNSET
    assert attributes(span) == {
        "http.request.method": "GET",
        "url.full": "https://api.example.com/items?a=b",
        "url.scheme": "https",
        "server.address": "api.example.com",
        "server.port": 443,
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
        "http.request.body.size": 0,
        "http.response.body.size": 2**40,
        "process.pid": 8,
        "aftercall.library": "urllib3",
        "aftercall.stage": "response_body",
        "aftercall.proxy": "http://proxy:3128",
        "http.request.header.accept": ["a", "b"],
        'http.response.header.x-"odd"': ["é"],
        "http.request.body.content": '{"a": "b\\n"}',
        "http.response.body.content": "x" * 9,
        "aftercall.response.body.truncated": True,
    }


def test_headers_of_one_name_are_one_attribute_whenever_they_come() -> None:
    record = an_invocation()
    for number in range(2):
        call = CallRecord(f"{number + 1:016x}")
        call.request_headers = [("X-A", "1"), ("Accept", "a"), ("x-a", "2")]
        call.response_headers = [("X-A", "3"), ("Server", "")]
        record.calls.append(call)
    wanted = {
        "http.request.header.x-a": ["1", "2"],
        "http.request.header.accept": ["a"],
        "http.response.header.x-a": ["3"],
        "http.response.header.server": [""],
    }
    for span in sent(record)[1:]:
        assert {key: value for key, value in attributes(span).items() if ".header." in key} == wanted


def test_remembered_headers_are_few_and_short() -> None:
    record = an_invocation()
    call = CallRecord("12" * 8)
    call.request_headers = [(f"X-{number}", "1" * (number % 2 * 1_000)) for number in range(3_000)]
    record.calls.append(call)
    assert len(attributes(sent(record)[1])) >= 3_000
    assert len(otlp_calls._headers_of_request) <= otlp_calls.MAX_REMEMBERED
    assert max(len(value) for _, value in otlp_calls._headers_of_request) <= otlp_calls.MAX_REMEMBERED_CHARS


def test_a_call_fails_by_its_error_its_status_or_what_it_hung_in() -> None:
    record = an_invocation("timeout")
    refused, missing, hung, odd = (a_call(number) for number in (1, 2, 3, 4))
    refused.status, refused.error_type, refused.error_message = None, "ConnectionRefusedError", "refused"
    missing.status = 404
    hung.status, hung.open, hung.stage, hung.complete = None, True, "tls", False
    odd.method = "BREW"
    record.calls = [refused, missing, hung, odd]
    told = [
        (span.name, span.status.code, span.status.message, attributes(span).get("error.type"))
        for span in sent(record)[1:]
    ]
    assert told == [
        ("GET", Status.STATUS_CODE_ERROR, "refused", "ConnectionRefusedError"),
        ("GET", Status.STATUS_CODE_ERROR, "", "404"),
        ("GET", Status.STATUS_CODE_ERROR, "hung in tls", "timeout"),
        ("HTTP", Status.STATUS_CODE_UNSET, "", None),
    ]
    found = [attributes(span) for span in sent(record)[1:]]
    assert (found[2]["aftercall.open"], found[2]["aftercall.complete"]) == (True, False)
    assert (found[3]["http.request.method"], found[3]["http.request.method_original"]) == ("_OTHER", "BREW")


def test_a_call_left_open_by_a_good_invocation_did_not_fail() -> None:
    record, call = an_invocation(), a_call()
    call.open, record.calls = True, [call]
    span = sent(record)[1]
    assert span.status.code == Status.STATUS_CODE_UNSET
    assert attributes(span)["aftercall.open"] is True


def test_the_init_is_a_child_with_calls_of_its_own() -> None:
    record = an_invocation()
    record.init = InitRecord()
    record.init.start, record.init.end, record.init.calls = T - 9, T - 1, [a_call(5)]
    record.calls = [a_call(6)]
    invocation, init, at_import, later = sent(record)
    assert (init.name, init.kind, init.parent_span_id) == ("init", Span.SPAN_KIND_INTERNAL, invocation.span_id)
    assert (init.start_time_unix_nano, init.end_time_unix_nano) == (T - 9, T - 1)
    assert init.span_id != invocation.span_id
    assert at_import.parent_span_id == init.span_id
    assert later.parent_span_id == invocation.span_id
    assert sent(record)[1].span_id == init.span_id  # a record that is sent again has the same span


def test_an_init_that_failed_stands_alone() -> None:
    record = InvocationRecord("")
    record.trace_id, record.span_id = TRACE, SPAN
    record.init = InitRecord()
    record.init.restored, record.init.error = True, Failure("Runtime.ImportModuleError", "no module", "")
    (span,) = sent(record)
    assert (span.name, span.parent_span_id) == ("restore", b"")
    assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, "no module")
    assert attributes(span.events[0])["exception.type"] == "Runtime.ImportModuleError"


def test_late_calls_come_without_their_invocation() -> None:
    record = an_invocation()
    record.late, record.calls = True, [a_call(3)]
    (span,) = sent(record)
    assert (span.name, span.parent_span_id.hex()) == ("GET", SPAN)


def test_hosts_and_ports_of_odd_urls() -> None:
    for url, host, port in (
        ("http://h/", "h", 80),
        ("http://[::1]:8080/", "::1", 8080),
        ("http://[::1]/", "::1", 80),
        ("https://user@h:444?x", "h", 444),
        ("http://h:port/", "h", 80),
        ("", None, None),
    ):
        record, call = an_invocation(), a_call()
        call.url, record.calls = url, [call]
        found = attributes(sent(record)[1])
        assert (found.get("server.address"), found.get("server.port")) == (host, port), url


def test_the_resource_is_the_function_unless_the_user_says_otherwise() -> None:
    def of(service_name: str, *more: tuple[str, str]) -> dict[str, Any]:
        resource = json.loads(resource_of(FUNCTION, service_name, more, {}))
        return {one["key"]: next(iter(one["value"].values())) for one in resource}

    found = of("")
    assert (found["service.name"], found["faas.name"], found["faas.version"]) == ("shop", "shop", "7")
    assert (found["cloud.region"], found["cloud.platform"]) == ("eu-west-1", "aws_lambda")
    assert of("orders", ("service.name", "other"), ('the "team"', "x\\y")).items() >= {
        ("service.name", "orders"),
        ('the "team"', "x\\y"),
    }
    assert of("", ("service.name", "other"))["service.name"] == "other"


@pytest.mark.parametrize(
    ("traces", "general", "expected"),
    [
        ("", "", "http://localhost:4318/v1/traces"),
        ("", "https://c:4318", "https://c:4318/v1/traces"),
        ("", "https://c:4318/base/", "https://c:4318/base/v1/traces"),
        ("https://c/exactly/here", "https://other", "https://c/exactly/here"),
        ("https://c", "", "https://c"),
    ],
)
def test_the_endpoint_by_opentelemetrys_rules(traces: str, general: str, expected: str) -> None:
    assert endpoint_of(traces, general) == expected
