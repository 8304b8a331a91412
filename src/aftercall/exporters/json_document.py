"""The document that `json` posts: one JSON object for each invocation.

    {"aftercall": "0.1.0", "request_id", "status": "ok|error|timeout|crash|unknown", "sentence",
     "outcome": {"status_code"} of an answer of HTTP, {"failed_items", "items"} of one for a batch,
     "function": {"name", "version", "arn", "handler", "account_id", "region", "memory_mb"},
     "start": "2026-01-01T00:00:00.000000Z", "duration_ms", "cold_start", "deadline", "late", "trigger",
     "watched", "not_watched": why,
     "trace": {"trace_id", "span_id", "parent_id", "sampled", "links": [{"trace_id", "span_id"}]},
     "runtime": {"name", "version", "client", "wrapper"},
     "error": {"type", "message", "stack_trace"},
     "event": BODY, "response": BODY,
     "init": {"start", "duration_ms", "restored", "error", "calls": [CALL]},
     "calls": [CALL],
     "platform": {"billed_ms", "memory_mb", "max_memory_mb", "init_ms", "cost_usd"},
     "drops": {reason: count}, "faults": {hook: count}, "counters": {name: count}}

Lambda says what an invocation cost when the next one begins. The document above was sent by then, mostly without
`platform`, and a small one follows:

    {"aftercall": "0.1.0", "kind": "report", "request_id", "function", "trace", "platform"}, each as above

    CALL = {"span_id", "method", "url", "library", "status", "stage", "open", "start", "offset_ms", "duration_ms",
            "error": {"type", "message"}, "complete", "excluded", "protocol", "proxy", "process_id",
            "request": {"headers": [[name, value]], "body": BODY, "size"}, "response": the same}
    BODY = {"text", "size", "truncated"}

`offset_ms` counts from the invocation's start (negative in the init phase). `open`: the call had not ended when the
record was made; with it, `stage` is where it hung. What is not known is left out.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall import __version__
from aftercall.exporters.function import cost_usd
from aftercall.exporters.log import outcome_fields, sentence_of

if TYPE_CHECKING:
    from typing import Any

    from aftercall.exporters.function import Function
    from aftercall.pipeline.record import Body, CallRecord, Failure, InitRecord, InvocationRecord


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
            "trigger": record.trigger.kind if record.trigger else None,
            "trace": _trace(record),
            "runtime": record.runtime,
            "error": _failure(record.error),
            "event": _body(record.event),
            "response": _body(record.response),
            "init": _init(record.init, record),
            "calls": [_call(call, record) for call in record.calls],
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
    links = [{"trace_id": trace_id, "span_id": span_id} for trace_id, span_id in record.links]
    return _known(
        {
            "trace_id": record.trace_id,
            "span_id": record.span_id,
            "parent_id": record.parent_id,
            "sampled": record.sampled,
            "links": links,
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
            "calls": [_call(call, record) for call in init.calls],
        }
    )


def _call(call: CallRecord, record: InvocationRecord) -> dict[str, Any]:
    error = {"type": call.error_type, "message": call.error_message} if call.error_type else None
    return _known(
        {
            "span_id": call.span_id,
            "method": call.method,
            "url": call.url,
            "library": call.library,
            "status": call.status,
            "stage": call.stage,
            "open": call.open,
            "start": timestamp(call.start),
            "offset_ms": _ms(call.start - record.start),
            "duration_ms": _ms(call.end - call.start),
            "error": error,
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
    return _known({"type": failure.type, "message": failure.message, "stack_trace": failure.stack_trace})


def _ms(nanoseconds: int) -> float:
    return round(nanoseconds / 1e6, 3)


def _known(document: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known. `calls` always stays, for the convenience of readers."""
    return {key: value for key, value in document.items() if value not in (None, "", {}, []) or key == "calls"}
