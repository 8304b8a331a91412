"""Trace contexts in what travels with a message: HTTP headers, message attributes of every service, members of JSON.

{"traceparent": "00-..."}                                 JSON, HTTP headers, also as a list of values
{"traceparent": {"stringValue": "00-..."}}                SQS, which has `binaryValue` too
{"traceparent": {"Type": "String", "Value": "00-..."}}    SNS
[{"traceparent": [48, 48, 45, ...]}]                      Kafka: the bytes, in Java also with a sign
{"traceparent": {"bytes": [48, 48, 45, ...]}}             RabbitMQ
{"_datadog": {"traceparent": "00-..."}}                   Datadog's, as JSON or as JSON within a string of any form
"""

from __future__ import annotations

from binascii import Error, a2b_base64
from typing import TYPE_CHECKING

from aftercall.formats.json_text import loads
from aftercall.recognition.sources.members import clean
from aftercall.recognition.trace_headers import from_traceparent, from_xray

if TYPE_CHECKING:
    from typing import Any

XRAY = {
    "x-amzn-trace-id": from_xray,
    "awstraceheader": from_xray,
    "traceheader": from_xray,
}
ALL = {"traceparent": from_traceparent, **XRAY}
_DATADOG = "_datadog"
_LENGTHS = frozenset(map(len, (*ALL, _DATADOG)))
"""Most names are passed over by their length."""

_MAX_TEXT = 1_024
"""X-Ray's header has at most 256 characters, Datadog's carrier a few hundred."""


def contexts_of(carrier: Any, headers: dict[str, Any] = ALL) -> list[tuple[str, str]]:
    """(trace id, span id) of each that names a span."""
    found: list[tuple[str, str]] = []
    for name in carrier if isinstance(carrier, dict) else ():
        lower = name.lower() if len(name) in _LENGTHS else ""
        if lower in headers:
            context = headers[lower](plain_text(carrier[name]))
            if context is not None and context.parent_id:
                found.append((context.trace_id, context.parent_id))
        elif lower == _DATADOG:
            found += contexts_of(_datadog(carrier[name]), {"traceparent": from_traceparent})
    return found


def plain_text(value: Any) -> str:
    """Empty if it has none of the forms above, or is too long for a header."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        value = value[0]
    if isinstance(value, str):
        return clean(value) if len(value) <= _MAX_TEXT else ""
    if isinstance(value, list):
        return _from_numbers(value)
    return _from_attribute(value) if isinstance(value, dict) else ""


def _from_attribute(value: dict[str, Any]) -> str:
    if isinstance(value.get("bytes"), list):
        return _from_numbers(value["bytes"])
    for name in ("stringValue", "Value"):
        text = value.get(name)
        if isinstance(text, str) and value.get("Type") != "Binary":
            return plain_text(text)
    encoded = value.get("binaryValue") or value.get("Value")
    if not isinstance(encoded, str) or len(encoded) > 2 * _MAX_TEXT:
        return ""
    try:
        return a2b_base64(encoded).decode("utf-8", "replace")
    except (Error, ValueError):
        return ""


def _from_numbers(numbers: list[Any]) -> str:
    if len(numbers) > _MAX_TEXT or not all(type(one) is int for one in numbers):
        return ""
    return bytes(one & 255 for one in numbers).decode("utf-8", "replace")


def _datadog(value: Any) -> Any:
    text = plain_text(value)
    if not text:
        # No attribute of a message: the members themselves.
        return value if isinstance(value, dict) else None
    try:
        return loads(text)
    except (ValueError, RecursionError):
        return None
