"""What the frozen layer sends, by each exporter."""

import json

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.end_to_end.watching import backend, watch

SECRETS = ["correct horse battery staple", "abcdef0123456789", "0123456789abcdef"]


def test_without_any_variable_each_invocation_is_one_log_line(layer) -> None:
    with backend() as (url, _):
        watched = watch("plain.calls", [{"url": f"{url}/orders"}] * 3, layer=layer)
    assert [outcome.response_json for outcome in watched.outcomes] == [{"status": 200, "size": 2}] * 3
    assert [record["request_id"] for record in watched.records] == [outcome.request_id for outcome in watched.outcomes]
    assert [record["cold_start"] for record in watched.records] == [True, False, False]
    for record in watched.records:
        assert record["status"] == "ok"
        assert "ok" in record["aftercall"]
        assert f"{url}/orders" in record["aftercall"]
        (call,) = record["calls"]
        assert (call["method"], call["url"], call["status"]) == ("GET", f"{url}/orders", 200)
    assert watched.notices == []


def test_json_sends_a_document_for_each_invocation(layer) -> None:
    with backend() as (url, received):
        environment = {"AFTERCALL_JSON_ENDPOINT": f"{url}/in", "AFTERCALL_JSON_HEADERS": "x-tenant=blue"}
        watched = watch("plain.ok", [{"n": 1}, {"n": 2}], layer=layer, environment=environment)
    assert {request.path for request in received} == {"/in"}
    documents = [request.json for request in received if request.json.get("kind") != "report"]
    assert [document["request_id"] for document in documents] == [outcome.request_id for outcome in watched.outcomes]
    assert {request.headers["x-tenant"] for request in received} == {"blue"}
    assert watched.extension_lines == []


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_otlp_is_what_the_official_definitions_say(layer, compression: str) -> None:
    with backend() as (url, received):
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": url,
            "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b",
            "OTEL_EXPORTER_OTLP_COMPRESSION": compression,
            "OTEL_SERVICE_NAME": "orders",
        }
        watched = watch("plain.calls", [{"url": f"{url}/x"}], layer=layer, environment=environment)
    sent = [request for request in received if request.path == "/v1/traces"]
    assert {request.headers["api-key"] for request in sent} == {"a b"}
    assert {request.headers["content-type"] for request in sent} == {"application/json"}
    if compression == "gzip":
        import gzip

        assert {request.headers["content-encoding"] for request in sent} == {"gzip"}
        sent[0].body = gzip.decompress(sent[0].body)
    message = ParseDict(sent[0].json, ExportTraceServiceRequest())
    (resource_spans,) = message.resource_spans
    resource = {pair.key: pair.value.string_value for pair in resource_spans.resource.attributes}
    assert resource["service.name"] == "orders"
    spans = {span.name: span for scope in resource_spans.scope_spans for span in scope.spans}
    call = spans["GET /x"]
    (invocation,) = [span for span in spans.values() if span.span_id == call.parent_span_id]
    attributes = {pair.key: pair.value for pair in invocation.attributes}
    assert attributes["faas.invocation_id"].string_value == watched.outcomes[0].request_id
    assert call.trace_id == invocation.trace_id
    assert invocation.start_time_unix_nano <= call.start_time_unix_nano <= call.end_time_unix_nano


@pytest.mark.parametrize("exporter", ["log", "json", "otlp"])
def test_no_secret_leaves(layer, exporter: str) -> None:
    with backend() as (url, _), backend() as (intake, received):
        environment = {
            "AFTERCALL_EXPORTER": exporter,
            "AFTERCALL_JSON_ENDPOINT": intake,
            "OTEL_EXPORTER_OTLP_ENDPOINT": intake,
            "AFTERCALL_LOG_LEVEL": "debug",
        }
        watched = watch("plain.posts_a_password", [{"url": url}], layer=layer, environment=environment)
    assert watched.outcomes[0].status == "success"
    out = "\n".join(watched.extension_lines) + "\n".join(request.body.decode() for request in received)
    assert watched.outcomes[0].request_id in out
    assert [secret for secret in SECRETS if secret in out] == []


def test_an_error_keeps_its_type_and_message(layer) -> None:
    watched = watch("plain.raises", [{"order": 7}], layer=layer)
    (record,) = watched.records
    assert (record["status"], record["error_type"]) == ("error", "ValueError")
    assert "no such order" in json.dumps(record)
