"""Limits on the size of a record, whatever the function did.

The wrapper limits what is spooled (SPOOL_FORMAT.md, "Bounds that a writer keeps"), these limits what is sent. Texts are
cut between characters and before they are encoded, so neither JSON nor UTF-8 is broken. What is cut says how long it
was: bodies in `size`, stack traces in their middle, other texts in their last word, headers in their last row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.pipeline.record import (
        Body,
        CallRecord,
        Failure,
        InvocationRecord,
    )
    from aftercall.recognition.operation import Operation, Value
    from aftercall.recognition.trigger import Trigger

MAX_URL_CHARS = 4_096
MAX_MESSAGE_CHARS = 4_096
MAX_STACK_TRACE_CHARS = 16_384
MAX_HEADERS = 64
MAX_HEADER_CHARS = 1_024
MAX_BODY_CHARS = 65_536
MAX_CALL_CHARS = 131_072
MAX_BODIES_CHARS = 524_288
MAX_CALLS = 2_000
MAX_NAME_CHARS = 256
MAX_RESOURCE_CHARS = 2_048
MAX_ATTRIBUTES = 64
MAX_NESTED = 5
MAX_LINKS = 128
MAX_REQUEST_CHARS = 4 * 1024 * 1024

LIMITS = (
    ("value", "a URL", MAX_URL_CHARS, "characters"),
    ("value", "an error's type, its message", MAX_MESSAGE_CHARS, "characters"),
    ("value", "a stack trace", MAX_STACK_TRACE_CHARS, "characters"),
    ("value", "a header", MAX_HEADER_CHARS, "characters"),
    ("value", "names of an operation, a trigger", MAX_NAME_CHARS, "characters"),
    ("value", "what they act on, a join key", MAX_RESOURCE_CHARS, "characters"),
    ("value", "a body, the event, the response", MAX_BODY_CHARS, "characters"),
    ("call", "headers of each side", MAX_HEADERS, "headers"),
    ("call or trigger", "join keys each way, links", MAX_LINKS, "of each"),
    ("trigger", "what is nested in its messages, in depth and beside one another", MAX_NESTED, "triggers"),
    ("call or trigger", "attributes of its service", MAX_ATTRIBUTES, "attributes"),
    ("call", "both bodies", MAX_CALL_CHARS, "characters"),
    ("invocation", "bodies of all calls", MAX_BODIES_CHARS, "characters"),
    ("invocation", "calls, and calls of its init", MAX_CALLS, "calls"),
    ("request", "records that wait for one receiver", MAX_REQUEST_CHARS, "characters"),
)
"""(limit for one of these, of what, how many, unit): the documentation's table is made from it."""


def limit(record: InvocationRecord) -> InvocationRecord:
    """Cut the record in place and return it. Calls that are left out are counted in its `drops`."""
    _cut_failure(record.error)
    if record.trigger is not None:
        _cut_trigger(record.trigger)
    record.received = _cut_keys(record.received)
    record.links = record.links[:MAX_LINKS]
    _cut_body(record.event, MAX_BODY_CHARS)
    _cut_body(record.response, MAX_BODY_CHARS)
    record.calls = _bounded(record.calls, record)
    calls = list(record.calls)
    if record.init is not None:
        _cut_failure(record.init.error)
        record.init.calls = _bounded(record.init.calls, record)
        calls = [*record.init.calls, *calls]
    for call in calls:
        _cut_call(call)
    left = MAX_BODIES_CHARS
    for call in sorted(calls, key=_rank):
        left = _cut_bodies(call, left)
    return record


def cut(text: str, length: int) -> str:
    """At most `length` characters. If the text is cut, the last ones say how many there were."""
    if len(text) <= length:
        return text
    mark = f"… ({len(text)} characters)"
    return text[: length - len(mark)] + mark if length > 2 * len(mark) else text[: length - 1] + "…"


def cut_middle(text: str, length: int) -> str:
    """Both ends stay: a stack trace has its cause at the top in Node.js, at the bottom in Python."""
    if len(text) <= length:
        return text
    mark = f"\n… ({len(text)} characters)\n"
    half = (length - len(mark)) // 2
    return text[:half] + mark + text[-half:]


def _rank(call: CallRecord) -> int:
    """0 for calls that failed or hung, 1 for those that were answered with an error, 2 for the rest."""
    if call.open or call.error_type:
        return 0
    return 1 if call.answered_badly else 2


def _bounded(calls: list[CallRecord], record: InvocationRecord) -> list[CallRecord]:
    if len(calls) <= MAX_CALLS:
        return calls
    record.drops["calls"] = record.drops.get("calls", 0) + len(calls) - MAX_CALLS
    return _most_important(calls)


def _most_important(calls: list[CallRecord]) -> list[CallRecord]:
    """As many as may stay, in their order. Of equally important calls the first and the last stay."""
    order = sorted(range(len(calls)), key=lambda at: (_rank(calls[at]), min(at, len(calls) - 1 - at)))
    return [calls[at] for at in sorted(order[:MAX_CALLS])]


def _cut_failure(failure: Failure | None) -> None:
    if failure is not None:
        failure.type = cut(failure.type, MAX_MESSAGE_CHARS)
        failure.message = cut(failure.message, MAX_MESSAGE_CHARS)
        failure.stack_trace = cut_middle(failure.stack_trace, MAX_STACK_TRACE_CHARS)


def _cut_call(call: CallRecord) -> None:
    call.url = cut(call.url, MAX_URL_CHARS)
    if call.operation is not None:
        _cut_operation(call.operation)
    call.error_message = cut(call.error_message, MAX_MESSAGE_CHARS)
    call.request_headers = _cut_headers(call.request_headers)
    call.response_headers = _cut_headers(call.response_headers)


_NAMES = ("api", "service", "name", "region", "error_code", "invocation_id", "request_id", "extended_request_id")


def _cut_operation(operation: Operation) -> None:
    for name in _NAMES:
        if len(text := getattr(operation, name)) > MAX_NAME_CHARS:
            setattr(operation, name, cut(text, MAX_NAME_CHARS))
    operation.url_template = cut(operation.url_template, MAX_URL_CHARS)
    operation.sent = _cut_keys(operation.sent)
    _cut_common(operation)


def _cut_trigger(trigger: Trigger, depth: int = MAX_NESTED) -> None:
    for name in ("source", "operation", "tenant"):
        setattr(trigger, name, cut(getattr(trigger, name), MAX_NAME_CHARS))
    _cut_common(trigger)
    trigger.nested = trigger.nested[:MAX_NESTED] if depth else []
    for nested in trigger.nested:
        _cut_trigger(nested, depth - 1)


def _cut_common(one: Operation | Trigger) -> None:
    one.span_name = cut(one.span_name, MAX_NAME_CHARS)
    one.resource = cut(one.resource, MAX_RESOURCE_CHARS)
    one.received = _cut_keys(one.received)
    one.links, one.pointers = one.links[:MAX_LINKS], one.pointers[:MAX_LINKS]
    if one.attributes:
        one.attributes = {name: _cut_value(value) for name, value in list(one.attributes.items())[:MAX_ATTRIBUTES]}


def _cut_value(value: Value) -> Value:
    if isinstance(value, str):
        return cut(value, MAX_RESOURCE_CHARS)
    return _cut_keys(value) if isinstance(value, list) else value


def _cut_keys(keys: list[str]) -> list[str]:
    return [cut(key, MAX_RESOURCE_CHARS) for key in keys[:MAX_LINKS]] if keys else keys


def _cut_headers(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    kept = [
        field
        if len(field[0]) + len(field[1]) <= MAX_HEADER_CHARS
        else (cut(field[0], MAX_HEADER_CHARS), cut(field[1], MAX_HEADER_CHARS))
        for field in headers[:MAX_HEADERS]
    ]
    if len(headers) > MAX_HEADERS:
        kept[-1] = ("…", f"{len(headers)} headers")
    return kept


def _cut_bodies(call: CallRecord, left: int) -> int:
    """`left`: characters for this call and all less important ones. Returns what is left for those."""
    mine = min(left, MAX_CALL_CHARS)
    for body in (call.request_body, call.response_body):
        _cut_body(body, min(MAX_BODY_CHARS, mine))
        mine -= len(body.text) if body else 0
        left -= len(body.text) if body else 0
    return max(0, left)


def _cut_body(body: Body | None, length: int) -> None:
    if body is not None and len(body.text) > length:
        if body.size is None:
            body.size = len(body.text.encode("utf-8", "replace"))
        body.text = body.text[:length]
        body.truncated = True
