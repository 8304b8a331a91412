"""The members of OTLP's JSON: spans, attributes, links.

The text is written directly: an ordinary invocation has hundreds of attributes, each two objects deep. To build objects
for an encoder would take nearly twice as long, which is billed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.formats.json_text import dumps, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from aftercall.pipeline.record import Body, Failure, InvocationRecord

INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = 1, 2, 3, 4, 5
_ERROR = 2
_SAMPLED = 0x1


def span(
    record: InvocationRecord,
    *,
    span_id: str,
    parent_id: str,
    name: str,
    kind: int,
    times: tuple[int, int],
    flags: int = 0,
    rest: str = "",
) -> str:
    """`rest`: further members of the object, each after a comma."""
    parent = f',"parentSpanId":{quoted(parent_id)}' if parent_id else ""
    return (
        f'{{"traceId":{quoted(record.trace_id)},"spanId":{quoted(span_id)}{parent},"name":{quoted(name)},"kind":{kind},'
        f'"flags":{flags | (_SAMPLED if record.sampled else 0)},"startTimeUnixNano":"{max(0, times[0])}",'
        f'"endTimeUnixNano":"{max(0, *times)}"{rest}}}'
    )


def derived_id(span_id: str, of: int) -> str:
    """Not the span's id, but the same one whenever the record is sent again."""
    return f"{int(span_id, 16) ^ of or 1:016x}"


def failed(message: str) -> str:
    return f',"status":{{"code":{_ERROR},"message":{quoted(message)}}}'


def exception(failure: Failure, time: int) -> str:
    found = {
        semconv.EXCEPTION_TYPE: failure.type,
        semconv.EXCEPTION_MESSAGE: failure.message,
        semconv.EXCEPTION_STACKTRACE: failure.stack_trace,
    }
    return f',"events":[{{"name":"exception","timeUnixNano":"{max(0, time)}","attributes":{attributes(found)}}}]'


def links(found: list[tuple[str, str]], pointers: list[tuple[str, str]], direction: str) -> str:
    """`found`: (trace id, span id). `pointers`: (kind, hash), as links in the form that Datadog's backend reads."""
    told = [f'{{"traceId":{quoted(trace_id)},"spanId":{quoted(span_id)}}}' for trace_id, span_id in found]
    told += [_pointer(kind, digest, direction) for kind, digest in pointers]
    return f',"links":[{",".join(told)}]' if told else ""


def _pointer(kind: str, digest: str, direction: str) -> str:
    found = {"link.kind": "span-pointer", "ptr.kind": kind, "ptr.dir": direction, "ptr.hash": digest}
    return f'{{"traceId":"{"0" * 32}","spanId":"{"0" * 16}","attributes":{attributes(found)}}}'


def body_attributes(name: str, body: Body | None) -> dict[str, Any]:
    """The event's and the response's."""
    if body is None:
        return {}
    return {name: body.text, f"{name}.size": body.size, f"{name}.truncated": body.truncated or None}


def attributes(found: dict[str, Any], written: Iterable[str] = ()) -> str:
    """A JSON array. `written`: attributes that are already text."""
    members = [
        f'{{"key":{quoted(key)},"value":{{"stringValue":{quoted(value)}}}}}'
        if type(value) is str  # most are, which are written without a further call
        else f'{{"key":{quoted(key)},"value":{_value(value)}}}'
        for key, value in found.items()
        if value or (value is not None and value not in ("", []))
    ]
    return f"[{','.join([*members, *written])}]"


def attribute(key: str, value: Any) -> str:
    return f'{{"key":{quoted(key)},"value":{_value(value)}}}'


def _value(value: Any) -> str:
    if type(value) is int:
        return f'{{"intValue":"{value}"}}'
    if isinstance(value, list):
        return f'{{"arrayValue":{{"values":[{",".join(map(_value, value))}]}}}}'
    if isinstance(value, bool):
        return '{"boolValue":true}' if value else '{"boolValue":false}'
    if isinstance(value, float):
        return f'{{"doubleValue":{dumps(value)}}}'
    return f'{{"stringValue":{quoted(str(value))}}}'
