"""The headers that carry a trace.

W3C Trace Context, section 3.2; X-Ray's header as in AWS's page "X-Ray tracing header":
`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
"""

from __future__ import annotations

_HEX = "0123456789abcdef"


class TraceContext:
    """`trace_id` 32 hex digits, `parent_id` 16 or empty."""

    __slots__ = ("parent_id", "sampled", "trace_id")

    def __init__(self, trace_id: str, parent_id: str, *, sampled: bool) -> None:
        self.trace_id = trace_id
        self.parent_id = parent_id
        self.sampled = sampled


def from_xray(header: str) -> TraceContext | None:
    fields = {}
    for field in header.split(";"):
        name, _, value = field.strip().partition("=")
        fields[name] = value
    version, _, rest = fields.get("Root", "").partition("-")
    trace_id = rest.replace("-", "").lower()
    if version != "1" or not is_id(trace_id, 32):
        return None
    parent = fields.get("Parent", "").lower()
    return TraceContext(trace_id, parent if is_id(parent, 16) else "", sampled=fields.get("Sampled") != "0")


def from_traceparent(header: str) -> TraceContext | None:
    fields = header.split("-")
    if len(fields) != 4 or len(fields[3]) != 2 or fields[3].strip(_HEX) or fields[0] == "ff":
        return None
    _, trace_id, parent_id, flags = fields
    if not is_id(trace_id, 32) or not is_id(parent_id, 16):
        return None
    return TraceContext(trace_id, parent_id, sampled=bool(int(flags, 16) & 1))


def is_id(text: str, length: int) -> bool:
    """Zeros alone are none."""
    return len(text) == length and not text.strip(_HEX) and text.strip("0") != ""
