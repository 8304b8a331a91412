"""http.client's HTTPResponse: its head, and the end of its body, which is where it closes its file.

The hooks are C (native/http_response.c); what only some responses need is here.

Limitations: a response class without http.client's `fp` (mocks, recorders) shows no response bytes.
"""

import sys

from .. import _native
from ..faults import fault
from ..install import point

# The peer closed before the announced end. http.client tells so at read() without a size alone.
CUT_SHORT = ("http.client.IncompleteRead", "the connection was closed before the end of the body")
HTTP_ERRORS = ("http.client", "urllib3.exceptions")


def given_up(closing):
    """The error of a body that ended early; None when the user's code closed it."""
    return error_being_handled() or (None if closing else CUT_SHORT)


def error_being_handled():
    """http.client and urllib3 close a response while their own exception passes (IncompleteRead, a broken chunk)."""
    error = sys.exc_info()[1]
    return error if error is not None and type(error).__module__.endswith(HTTP_ERRORS) else None


_native.http_response_with(given_up, fault)

POINTS = (
    point("HTTPResponse.begin", _native.response_begin),
    point("HTTPResponse._read_next_chunk_size", _native.response_chunk),
    point("HTTPResponse._safe_read", _native.response_safe_read),
    point("HTTPResponse._safe_readinto", _native.response_safe_read),
    point("HTTPResponse.close", _native.response_close),
    point("HTTPResponse._close_conn", _native.response_close_conn),
)
