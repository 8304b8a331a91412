"""Bounds on what one record may hold, whatever the function did. Metadata of all calls first, then their bodies.

The wrapper has bounded what it spooled (SPOOL_FORMAT.md, "Bounds that a writer keeps"); these bound what is sent.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from aftercall.pipeline.record import Body, CallRecord, InvocationRecord

MAX_URL_CHARS = 4_096
MAX_MESSAGE_CHARS = 4_096
MAX_HEADERS = 64
MAX_HEADER_CHARS = 1_024
MAX_BODY_CHARS = 65_536
MAX_BODIES_CHARS = 524_288
"""Of all calls of an invocation together: collectors refuse requests of some megabytes."""

MAX_CALLS = 2_000


def limit(record: InvocationRecord) -> InvocationRecord:
    """The same record, cut in place; calls that are left out are counted in its `drops`."""
    calls = record.calls
    if len(calls) > MAX_CALLS:
        record.drops["calls"] = record.drops.get("calls", 0) + len(calls) - MAX_CALLS
        # The last ones stay too: where an invocation hung or died is told by its last call.
        record.calls = calls = calls[: MAX_CALLS // 2] + calls[-MAX_CALLS // 2 :]
    if record.error is not None:
        record.error.message = cut(record.error.message, MAX_MESSAGE_CHARS)
    for body in (record.event, record.response):
        _cut_body(body, MAX_BODY_CHARS)
    left = MAX_BODIES_CHARS
    for call in [*(record.init.calls if record.init else ()), *calls]:
        _cut_call(call)
        left = _cut_bodies(call, left)
    return record


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _cut_call(call: CallRecord) -> None:
    call.url = cut(call.url, MAX_URL_CHARS)
    call.error_message = cut(call.error_message, MAX_MESSAGE_CHARS)
    call.request_headers = _cut_headers(call.request_headers)
    call.response_headers = _cut_headers(call.response_headers)


def _cut_headers(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(cut(name, MAX_HEADER_CHARS), cut(value, MAX_HEADER_CHARS)) for name, value in headers[:MAX_HEADERS]]


def _cut_bodies(call: CallRecord, left: int) -> int:
    for body in (call.request_body, call.response_body):
        _cut_body(body, min(MAX_BODY_CHARS, left))
        left -= len(body.text) if body else 0
    return max(0, left)


def _cut_body(body: Body | None, length: int) -> None:
    if body is not None and len(body.text) > length:
        body.text = body.text[:length]
        body.truncated = True
