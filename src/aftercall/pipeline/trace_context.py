"""Trace ids of an invocation: from the W3C header of an HTTP event, else from X-Ray's, else from its request id.

W3C Trace Context, section 3.2; X-Ray's header as in AWS's page "X-Ray tracing header":
`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
"""

from __future__ import annotations

import os

_HEX = frozenset("0123456789abcdef")
_KEY = b'"traceparent"'
_TRACEPARENT_LENGTH = 55


class TraceContext:
    """`trace_id` 32 hex digits, `parent_id` 16 or empty."""

    __slots__ = ("parent_id", "sampled", "trace_id")

    def __init__(self, trace_id: str, parent_id: str, *, sampled: bool) -> None:
        self.trace_id = trace_id
        self.parent_id = parent_id
        self.sampled = sampled


def from_xray(header: str) -> TraceContext | None:
    fields = dict(field.strip().partition("=")[::2] for field in header.split(";"))
    version, _, rest = fields.get("Root", "").partition("-")
    trace_id = rest.replace("-", "").lower()
    if version != "1" or not _is_id(trace_id, 32):
        return None
    parent = fields.get("Parent", "").lower()
    return TraceContext(trace_id, parent if _is_id(parent, 16) else "", sampled=fields.get("Sampled") != "0")


def from_event(event: bytes) -> TraceContext | None:
    """The `traceparent` header of an API Gateway, function URL or load balancer event.

    Found by search, not by parsing: the event may be cut, and most events carry none.
    """
    if b'"headers"' not in event and b'"multiValueHeaders"' not in event:
        return None
    lower, key, found = event.lower(), -1, None
    while found is None and (key := lower.find(_KEY, key + 1)) >= 0:
        found = _from_value(event[key + len(_KEY) : key + len(_KEY) + 80].lstrip())
    return found


def _from_value(after: bytes) -> TraceContext | None:
    """`after`: the text behind the name. Without a colon the name is itself a value (as in CORS)."""
    if after[:1] != b":":
        return None
    return from_traceparent(after.lstrip(b' :\t\r\n["')[:_TRACEPARENT_LENGTH].decode("latin-1"))


def from_traceparent(header: str) -> TraceContext | None:
    fields = header.split("-")
    if len(fields) != 4 or len(fields[3]) != 2 or not _HEX.issuperset(fields[3]) or fields[0] == "ff":
        return None
    _, trace_id, parent_id, flags = fields
    if not _is_id(trace_id, 32) or not _is_id(parent_id, 16):
        return None
    return TraceContext(trace_id, parent_id, sampled=bool(int(flags, 16) & 1))


def span_id_of(request_id: str) -> str:
    """The same for each record of one invocation, so that late calls find their parent."""
    digits = request_id.replace("-", "").lower()[-16:]
    return digits if _is_id(digits, 16) else os.urandom(8).hex()


def trace_id_of(request_id: str) -> str:
    digits = request_id.replace("-", "").lower()
    return digits if _is_id(digits, 32) else os.urandom(16).hex()


def _is_id(text: str, length: int) -> bool:
    return len(text) == length and _HEX.issuperset(text) and text.strip("0") != ""
