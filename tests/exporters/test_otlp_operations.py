"""Operations and triggers as spans, read back with OpenTelemetry's own definitions."""

from __future__ import annotations

import json
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from aftercall.exporters.function import Function
from aftercall.exporters.otlp_json import request_of, resource_of
from aftercall.pipeline.record import CallRecord, OperationRecord, TriggerRecord
from tests.exporters.test_otlp import FUNCTION, SPAN, T, a_call, an_invocation, attributes, sent

LINK = ("12" * 16, "34" * 8)


def an_operation(**given: Any) -> OperationRecord:
    operation = OperationRecord("aws")
    operation.service, operation.name, operation.resource = "DynamoDB", "PutItem", "orders"
    operation.span_name = "DynamoDB.PutItem"
    operation.attributes = {"rpc.system": "aws-api", "rpc.service": "DynamoDB", "rpc.method": "PutItem"}
    for name, value in given.items():
        setattr(operation, name, value)
    return operation


def a_try(number: int, **given: Any) -> CallRecord:
    call = a_call(number)
    call.start, call.end = T + number * 100, T + number * 100 + 50
    call.operation = an_operation(invocation_id="i-1", attempt=number, **given)
    return call


def test_a_call_that_was_tried_once_is_the_operations_span() -> None:
    record, call = an_invocation(), a_call(1)
    call.operation = an_operation(
        kind="producer", invocation_id="i-1", sent=["sqs:1", "sqs:2"], received=["sqs:0"], links=[LINK], failed_items=1
    )
    record.calls = [call]
    _, span = sent(record)
    assert (span.name, span.kind, span.span_id.hex()) == ("DynamoDB.PutItem", Span.SPAN_KIND_PRODUCER, f"{1:016x}")
    found = attributes(span)
    assert found["rpc.system"] == "aws-api"
    assert found["http.request.method"] == "GET"
    assert found["aftercall.operation.resource"] == "orders"
    assert found["aftercall.flow.sent"] == ["sqs:1", "sqs:2"]
    assert found["aftercall.flow.received"] == ["sqs:0"]
    assert found["aftercall.outcome.failed_items"] == 1
    assert "aftercall.operation.tries" not in found
    assert [(link.trace_id.hex(), link.span_id.hex()) for link in span.links] == [LINK]
    assert span.status.code == Status.STATUS_CODE_UNSET


def test_tries_are_children_of_one_operation() -> None:
    record = an_invocation()
    first, second, other = a_try(1, throttled=True, error_code="Throttled"), a_try(3), a_call(2)
    first.status = 400
    record.calls = [first, other, second]
    _, operation, *tries, alone = sent(record)
    assert (operation.name, operation.kind) == ("DynamoDB.PutItem", Span.SPAN_KIND_CLIENT)
    assert operation.parent_span_id.hex() == SPAN
    assert (operation.start_time_unix_nano, operation.end_time_unix_nano) == (T + 100, T + 350)
    assert operation.status.code == Status.STATUS_CODE_UNSET, "its last try went well"
    found = attributes(operation)
    assert (found["aftercall.operation.tries"], found["aftercall.operation.throttled"]) == (2, True)
    assert "url.full" not in found
    assert [span.parent_span_id for span in tries] == [operation.span_id] * 2
    assert [span.span_id.hex() for span in tries] == [first.span_id, second.span_id]
    assert [span.name for span in tries] == ["GET", "GET"]
    assert [attributes(span).get("http.request.resend_count") for span in tries] == [None, 1]
    assert [attributes(span).get("error.type") for span in tries] == ["Throttled", None]
    assert alone.span_id.hex() == other.span_id
    assert sent(record)[1].span_id == operation.span_id, "a record that is sent again has the same span"


def test_an_operation_that_failed_says_with_what() -> None:
    record = an_invocation()
    record.calls = [a_try(1, error_code="Throttled"), a_try(2, error_code="ConditionalCheckFailedException")]
    operation = sent(record)[1]
    assert (operation.status.code, operation.status.message) == (
        Status.STATUS_CODE_ERROR,
        "ConditionalCheckFailedException",
    )
    assert attributes(operation)["error.type"] == "ConditionalCheckFailedException"


def test_a_trigger_names_the_span_and_says_its_kind() -> None:
    record = an_invocation()
    record.trigger = trigger = TriggerRecord("sqs", "pubsub")
    trigger.span_kind, trigger.span_name, trigger.resource = "consumer", "orders process", "orders"
    trigger.operation, trigger.tenant = "x", "blue"
    trigger.items, trigger.age_ms, trigger.receive_count = 10, 3000.5, 4
    trigger.attributes = {"messaging.system": "aws_sqs"}
    topic = TriggerRecord("sns", "pubsub")
    topic.resource, topic.nested = "uploads", [TriggerRecord("s3", "datasource")]
    trigger.nested = [topic]
    record.received = ["lambda:1", "sqs:1"]
    (span,) = sent(record)
    assert (span.name, span.kind) == ("orders process", Span.SPAN_KIND_CONSUMER)
    found = attributes(span)
    assert found["faas.trigger"] == "pubsub"
    assert found["messaging.system"] == "aws_sqs"
    assert found["aftercall.trigger.source"] == "sqs"
    assert (found["aftercall.trigger.items"], found["aftercall.trigger.age_ms"]) == (10, 3000.5)
    assert found["aftercall.trigger.receive_count"] == 4
    assert (found["aftercall.trigger.operation"], found["aftercall.trigger.tenant"]) == ("x", "blue")
    assert found["aftercall.trigger.nested"] == ["sns uploads", "s3"]
    assert found["aftercall.flow.received"] == ["lambda:1", "sqs:1"]


def test_span_pointers_are_links_only_where_they_are_wanted() -> None:
    record, call = an_invocation(), a_call(1)
    call.operation = an_operation(pointers=[("aws.s3.object", "ab" * 16)])
    record.calls, record.trigger = [call], TriggerRecord("s3", "datasource")
    record.trigger.pointers = [("aws.dynamodb.item", "cd" * 16)]
    assert not [link for span in sent(record) for link in span.links]
    request = json.loads(request_of([record], "[]", pointers=True))
    spans = request["resourceSpans"][0]["scopeSpans"][0]["spans"]
    told = [
        {one["key"]: one["value"]["stringValue"] for one in link["attributes"]}
        for span in spans
        for link in span["links"]
    ]
    assert told == [
        {"link.kind": "span-pointer", "ptr.kind": "aws.dynamodb.item", "ptr.dir": "u", "ptr.hash": "cd" * 16},
        {"link.kind": "span-pointer", "ptr.kind": "aws.s3.object", "ptr.dir": "d", "ptr.hash": "ab" * 16},
    ]
    assert {link["traceId"] + link["spanId"] for span in spans for link in span["links"]} == {"0" * 48}


def test_the_resource_is_the_version_and_never_an_alias() -> None:
    def arn_in(region: str, version: str, account: str = "123456789012") -> str | None:
        registered = {"functionName": "shop", "functionVersion": version, "accountId": account}
        resource = json.loads(resource_of(Function(registered, {"AWS_REGION": region}), "", (), {}))
        found = {one["key"]: one["value"] for one in resource}
        return found["cloud.resource_id"]["stringValue"] if "cloud.resource_id" in found else None

    assert arn_in("eu-west-1", "7") == "arn:aws:lambda:eu-west-1:123456789012:function:shop:7"
    assert arn_in("cn-north-1", "$LATEST") == "arn:aws-cn:lambda:cn-north-1:123456789012:function:shop"
    assert arn_in("us-gov-west-1", "2") == "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:shop:2"
    assert arn_in("eu-west-1", "7", account="") is None


def test_the_log_group_is_the_functions_own() -> None:
    def groups(environment: dict[str, str]) -> list[str]:
        resource = json.loads(resource_of(Function({"functionName": "shop"}, environment), "", (), {}))
        (found,) = [one["value"] for one in resource if one["key"] == "aws.log.group.names"]
        return [value["stringValue"] for value in found["arrayValue"]["values"]]

    assert groups({}) == ["/aws/lambda/shop"]
    assert groups({"AWS_LAMBDA_LOG_GROUP_NAME": "/shop/all"}) == ["/shop/all"]
    assert "telemetry.distro.name" in resource_of(FUNCTION, "", (), {})
