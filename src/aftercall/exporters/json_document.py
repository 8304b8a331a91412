"""The document that `json` posts: one JSON object for each invocation.

    {"aftercall": "0.1.0", "request_id", "status": "ok|error|timeout|crash|unknown", "sentence",
     "outcome": {"status_code"} of an answer of HTTP, {"failed_items", "items"} of one for a batch,
     "function": {"name", "version", "arn", "handler", "account_id", "region", "memory_mb"},
     "start": "2026-01-01T00:00:00.000000Z", "duration_ms", "cold_start", "deadline", "late",
     "trigger": TRIGGER, "received": [join key],
     "watched", "not_watched": why,
     "trace": {"trace_id", "span_id", "parent_id", "sampled", "links": [{"trace_id", "span_id"}]},
     "runtime": {"name", "version", "client", "wrapper"},
     "error": {"type", "message", "stack_trace", "details"},
     "event": BODY, "response": BODY,
     "init": {"start", "duration_ms", "restored", "error", "calls": [CALL]},
     "calls": [CALL],
     "platform": {"billed_ms", "memory_mb", "max_memory_mb", "init_ms", "cost_usd"},
     "drops": {reason: count}, "faults": {hook: count}, "counters": {name: count}}

Lambda says what an invocation cost when the next one begins. The document above was sent by then, mostly without
`platform`, and a small one follows:

    {"aftercall": "0.1.0", "kind": "report", "request_id", "function", "trace", "platform"}, each as above

    TRIGGER = {"kind": "http|pubsub|datasource|timer|other", "source": "s3", "operation": "ObjectCreated:Put",
               "resource": "receipts/1.json", "tenant", "items", "age_ms", "receive_count",
               "attributes": {name: value}, "pointers": [POINTER], "nested": [TRIGGER]}
    CALL = {"span_id", "method", "url", "operation": OPERATION, "library", "status", "stage", "open", "start",
            "offset_ms", "duration_ms", "error": {"type", "message"}, "complete", "excluded", "protocol", "proxy",
            "process_id", "request": {"headers": [[name, value]], "body": BODY, "size"}, "response": the same}
         or, if an SDK tried more than once, all tries together, as the last one ended:
           {"method", "url", "status", "operation": OPERATION, "open", "start", "offset_ms", "duration_ms",
            "error": {"type", "message"}, "tries": [CALL without "operation"]}
    OPERATION = {"api": "aws|graphql|json-rpc|http", "service": "DynamoDB", "name": "PutItem", "resource": "orders",
                 "region", "request_id", "extended_request_id", "error_code", "throttled", "items", "failed_items",
                 "url_template", "attributes": {name: value}, "sent": [join key], "received": [join key],
                 "links": [{"trace_id", "span_id"}], "pointers": [POINTER]}
    POINTER = {"kind", "hash"}: a span pointer as Datadog's backend reads it
    BODY = {"text", "size", "truncated"}

`offset_ms` counts from the invocation's start (negative in the init phase). `open`: the call had not ended when the
record was made; with it, `stage` is where it hung.
Join keys are the same on both sides of a hop (docs/flow.md). What is not known is left out.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall import __version__
from aftercall.exporters.function import cost_usd
from aftercall.exporters.log import outcome_fields
from aftercall.exporters.sentence import sentence_of
from aftercall.pipeline.chain import nested_in
from aftercall.pipeline.tries import tries_of

if TYPE_CHECKING:
    from typing import Any

    from aftercall.exporters.function import Function
    from aftercall.pipeline.record import (
        Body,
        CallRecord,
        Failure,
        InitRecord,
        InvocationRecord,
        OperationRecord,
        TriggerRecord,
    )


def document_of(record: InvocationRecord, function: Function) -> dict[str, Any]:
    if record.is_report:
        return _report(record, function)
    return _known(
        {
            "aftercall": __version__,
            "request_id": record.request_id,
            "status": record.status,
            "outcome": outcome_fields(record.outcome),
            "sentence": sentence_of(record),
            "function": _function(record, function),
            "start": timestamp(record.start),
            "duration_ms": _ms(record.end - record.start),
            "cold_start": record.cold_start,
            "deadline": timestamp(record.deadline_ms * 1_000_000) if record.deadline_ms else None,
            "watched": record.watched,
            "not_watched": record.not_watched,
            "late": record.late or None,
            "trigger": _trigger(record.trigger),
            "received": record.received,
            "trace": _trace(record),
            "runtime": record.runtime,
            "error": _failure(record.error),
            "event": _body(record.event),
            "response": _body(record.response),
            "init": _init(record.init, record),
            "calls": [_operation(tries, record) for tries in tries_of(record.calls)],
            "platform": _platform(record),
            "drops": record.drops,
            "faults": record.faults,
            "counters": record.counters,
        }
    )


def _report(record: InvocationRecord, function: Function) -> dict[str, Any]:
    return _known(
        {
            "aftercall": __version__,
            "kind": "report",
            "request_id": record.request_id,
            "function": _function(record, function),
            "trace": _trace(record) if record.trace_id else None,
            "platform": _platform(record),
        }
    )


def _platform(record: InvocationRecord) -> dict[str, Any]:
    return _known(
        {
            "billed_ms": record.billed_ms,
            "memory_mb": record.memory_mb,
            "max_memory_mb": record.max_memory_mb,
            "init_ms": record.init_ms,
            "cost_usd": cost_usd(record),
        }
    )


def timestamp(nanoseconds: int) -> str:
    """UTC with microseconds; the epoch for a time beyond the calendar."""
    try:
        parts = time.gmtime(nanoseconds // 1_000_000_000)
    except (OverflowError, ValueError, OSError):
        parts = time.gmtime(0)
    microseconds = nanoseconds // 1_000 % 1_000_000
    return (
        f"{parts.tm_year:04}-{parts.tm_mon:02}-{parts.tm_mday:02}T"
        f"{parts.tm_hour:02}:{parts.tm_min:02}:{parts.tm_sec:02}.{microseconds:06}Z"
    )


def _function(record: InvocationRecord, function: Function) -> dict[str, Any]:
    return _known(
        {
            "name": function.name,
            "version": function.version,
            "arn": record.arn,
            "handler": function.handler,
            "account_id": function.account_id,
            "region": function.region,
            "memory_mb": function.memory_mb,
        }
    )


def _trace(record: InvocationRecord) -> dict[str, Any]:
    return _known(
        {
            "trace_id": record.trace_id,
            "span_id": record.span_id,
            "parent_id": record.parent_id,
            "sampled": record.sampled,
            "links": _links(record.links),
        }
    )


def _init(init: InitRecord | None, record: InvocationRecord) -> dict[str, Any] | None:
    if init is None:
        return None
    return _known(
        {
            "start": timestamp(init.start),
            "duration_ms": _ms(init.end - init.start),
            "restored": init.restored or None,
            "error": _failure(init.error),
            "calls": [_operation(tries, record) for tries in tries_of(init.calls)],
        }
    )


def _operation(tries: list[CallRecord], record: InvocationRecord) -> dict[str, Any]:
    """One entry for all tries. If there was one, it is the call itself."""
    last = tries[-1]
    if len(tries) == 1:
        return _call(last, record, last.operation)
    start, end = min(call.start for call in tries), max(call.end for call in tries)
    return _known(
        {
            "method": last.method,
            "url": last.url,
            "status": last.status,
            "operation": _operation_fields(last.operation),
            "open": last.open,
            "start": timestamp(start),
            "offset_ms": _ms(start - record.start),
            "duration_ms": _ms(end - start),
            "error": _call_error(last),
            "tries": [_call(call, record, None) for call in tries],
        }
    )


def _operation_fields(operation: OperationRecord | None) -> dict[str, Any] | None:
    if operation is None:
        return None
    return _known(
        {
            "api": operation.api,
            "service": operation.service,
            "name": operation.name,
            "resource": operation.resource,
            "region": operation.region,
            "request_id": operation.request_id,
            "extended_request_id": operation.extended_request_id,
            "error_code": operation.error_code,
            "throttled": operation.throttled or None,
            "items": operation.items,
            "failed_items": operation.failed_items,
            "url_template": operation.url_template,
            "attributes": operation.attributes,
            "sent": operation.sent,
            "received": operation.received,
            "links": _links(operation.links),
            "pointers": _pointers(operation.pointers),
        }
    )


def _trigger(trigger: TriggerRecord | None) -> dict[str, Any] | None:
    if trigger is None:
        return None
    return _known(
        {
            "kind": trigger.kind,
            "source": trigger.source,
            "operation": trigger.operation,
            "resource": trigger.resource,
            "tenant": trigger.tenant,
            "items": trigger.items,
            "age_ms": trigger.age_ms,
            "receive_count": trigger.receive_count,
            "attributes": trigger.attributes,
            "pointers": _pointers(trigger.pointers),
            "nested": [_trigger(nested) for nested in nested_in(trigger)],
        }
    )


def _links(links: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"trace_id": trace_id, "span_id": span_id} for trace_id, span_id in links]


def _pointers(pointers: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"kind": kind, "hash": digest} for kind, digest in pointers]


def _call_error(call: CallRecord) -> dict[str, str] | None:
    return {"type": call.error_type, "message": call.error_message} if call.error_type else None


def _call(call: CallRecord, record: InvocationRecord, operation: OperationRecord | None) -> dict[str, Any]:
    return _known(
        {
            "span_id": call.span_id,
            "method": call.method,
            "url": call.url,
            "operation": _operation_fields(operation),
            "library": call.library,
            "status": call.status,
            "stage": call.stage,
            "open": call.open,
            "start": timestamp(call.start),
            "offset_ms": _ms(call.start - record.start),
            "duration_ms": _ms(call.end - call.start),
            "error": _call_error(call),
            "complete": call.complete,
            "excluded": call.excluded or None,
            "protocol": call.protocol,
            "proxy": call.proxy,
            "process_id": call.pid,
            "request": _side(call.request_headers, call.request_body, call.request_size),
            "response": _side(call.response_headers, call.response_body, call.response_size),
        }
    )


def _side(headers: list[tuple[str, str]], body: Body | None, size: int | None) -> dict[str, Any]:
    return _known({"headers": [list(header) for header in headers], "body": _body(body), "size": size})


def _body(body: Body | None) -> dict[str, Any] | None:
    return _known({"text": body.text, "size": body.size, "truncated": body.truncated}) if body else None


def _failure(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    return _known(
        {
            "type": failure.type,
            "message": failure.message,
            "stack_trace": failure.stack_trace,
            "details": failure.details,
        }
    )


def _ms(nanoseconds: int) -> float:
    return round(nanoseconds / 1e6, 3)


def _known(document: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known. `calls` always stays, for the convenience of readers."""
    return {key: value for key, value in document.items() if value not in (None, "", {}, []) or key == "calls"}
