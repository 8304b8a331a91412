"""Trace ids of an invocation: from the W3C header of an HTTP event, else from X-Ray's, else from its request id."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.recognition.trace_headers import from_traceparent, is_id

if TYPE_CHECKING:
    from aftercall.recognition.trace_headers import TraceContext

_KEY = b'"traceparent"'
_TRACEPARENT_LENGTH = 55


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


def span_id_of(request_id: str) -> str:
    """The same for each record of one invocation, so that late calls find their parent."""
    digits = request_id.replace("-", "").lower()[-16:]
    return digits if is_id(digits, 16) else os.urandom(8).hex()


def trace_id_of(request_id: str) -> str:
    digits = request_id.replace("-", "").lower()
    return digits if is_id(digits, 32) else os.urandom(16).hex()
