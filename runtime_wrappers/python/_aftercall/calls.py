"""One outgoing HTTP exchange, as every library's hooks tell it. The frames are those of SPOOL_FORMAT.md.

call = begin("urllib3", "GET", "http://example.com/", "example.com", 80)
call.stage("connect")         call_start with this stage; later changes are call_stage frames
call.responded(200)           call_response with what the captures hold
call.end()                    call_end, once

A Call and its frames are C (native/call.c). `request` and `response` are Captures or None, `request_part` and
`response_part` what their bytes are; `request_size` and `response_size` are bytes of body, None where not known.
`slow` means that sending may wait: the body is large, or it is made by the user's code while it is sent.
"""

from ._native import Call, capture_bytes, current, describe_with
from .capture_rules import ALL, NOTHING, CaptureRules
from .faults import is_users
from .spool import fields

__all__ = ["Call", "begin", "current", "failure", "rules"]

ERROR_CHARACTERS = 1024

rules = CaptureRules()
# `current` is the call that connects or reads its response head in this context: what getaddrinfo and TLS handshakes
# add to.


def begin(library, method, url, host, port, proxy=None):
    """Return a Call of which nothing is written yet; None for the Runtime API's own traffic: that is not recorded."""
    captured = rules.of(host, port)
    return None if captured == NOTHING else Call(library, method, url, proxy, captured == ALL)


def failure(error):
    """`error_type` and `error_message` as header fields; `error` is an exception or a (type name, message) pair."""
    if isinstance(error, tuple):
        return fields(error_type=error[0], error_message=error[1])
    kind = type(error)
    module = kind.__module__
    name = kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"
    try:
        message = str(error)[:ERROR_CHARACTERS]
    except Exception as problem:
        if is_users(problem):
            raise
        message = ""
    return fields(error_type=name, error_message=message)


describe_with(failure)
capture_bytes(rules.call_bytes)
