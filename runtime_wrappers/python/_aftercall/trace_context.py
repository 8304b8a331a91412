"""The `traceparent` that calls pass on with AFTERCALL_PROPAGATE=true: SPOOL_FORMAT.md, "Propagation"."""

from .calls import rules

HEX = frozenset("0123456789abcdef")
NAME = b"traceparent"

invocation = None


class Invocation:
    """What is needed to find the trace, kept until a call wants it: `event` is what the client was given."""

    __slots__ = ("event", "found", "request_id", "xray")

    def __init__(self, request_id, event, xray):
        self.request_id, self.event, self.xray, self.found = request_id, event, xray, None

    def trace(self):
        """(trace id, flags); the trace id is empty if there is none."""
        if self.found is None:
            self.found = (
                from_event(self.seen()) or from_xray(self.xray or "") or (from_request_id(self.request_id), "01")
            )
            self.event = None
        return self.found

    def seen(self):
        """As much of the event as the extension sees."""
        event = self.event or b""
        seen = event[: rules.event_bytes]
        return seen.encode("utf-8", "replace") if isinstance(seen, str) else bytes(seen)


def begin_invocation(request_id, event, xray):
    global invocation
    invocation = Invocation(request_id, event, xray)


def traceparent(call):
    """The header's value for this call, in bytes; None outside of an invocation."""
    if invocation is None or call.request_id != invocation.request_id:
        return None
    trace_id, flags = invocation.trace()
    return f"00-{trace_id}-{call.span_id}-{flags}".encode() if trace_id else None


def from_event(event):
    if b'"headers"' not in event and b'"multiValueHeaders"' not in event:
        return None
    lower, key, found = event.lower(), -1, None
    while found is None and (key := lower.find(b'"traceparent"', key + 1)) >= 0:
        found = from_value(event[key + 13 : key + 93].lstrip())
    return found


def from_value(after):
    """What stands behind the name; without a colon there, the name is somebody's value."""
    if after[:1] != b":":
        return None
    words = after.lstrip(b' :\t\r\n["')[:55].decode("latin-1").split("-")
    if len(words) != 4 or words[0] == "ff" or not is_id(words[1], 32) or not is_id(words[2], 16):
        return None
    flags = words[3]
    return (words[1], "01" if int(flags, 16) & 1 else "00") if len(flags) == 2 and HEX.issuperset(flags) else None


def from_xray(header):
    """`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`."""
    names = dict(field.strip().partition("=")[::2] for field in header.split(";"))
    version, _, rest = names.get("Root", "").partition("-")
    trace_id = rest.replace("-", "").lower()
    if version != "1" or not is_id(trace_id, 32):
        return None
    return trace_id, "00" if names.get("Sampled") == "0" else "01"


def from_request_id(request_id):
    digits = request_id.replace("-", "").lower()
    return digits if is_id(digits, 32) else ""


def is_id(digits, length):
    return len(digits) == length and HEX.issuperset(digits) and digits.strip("0") != ""
