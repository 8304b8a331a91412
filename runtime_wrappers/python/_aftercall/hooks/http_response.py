"""http.client's HTTPResponse: its head, and the end of its body, which is where it closes its file.

Limitations: a response class without http.client's `fp` (mocks, recorders) shows no response bytes.
"""

import sys
from _contextvars import ContextVar

from .. import _native
from ..faults import fault
from ..install import point
from .http_exchange import attach, attached, final_head_size, response_size

# The exchange whose response head getresponse() is reading in this context.
reading = ContextVar("aftercall_reading", default=None)
# The peer closed before the announced end. http.client tells so at read() without a size alone.
CUT_SHORT = ("http.client.IncompleteRead", "the connection was closed before the end of the body")
HTTP_ERRORS = ("http.client", "urllib3.exceptions")


def begin_before(response, _args, _kwargs):
    exchange = reading.get()
    if exchange is None or response.headers is not None or exchange.call.has_response:
        return None
    capture = exchange.call.response
    raw = getattr(response.fp, "raw", None)
    if capture is not None and raw is not None:
        _native.tee_readinto(raw, capture, exchange.call.body_failed, fault)
    return exchange, response


def begin_after(state, _result, error):
    if error is not None:
        return
    exchange, response = state
    call = exchange.call
    call.error = None  # what failed while sending did not matter
    exchange.length = response.length
    no_body = exchange.length == 0 and (not response.chunked or response._method == "HEAD")
    heads = ()
    if exchange.length is None and not response.chunked and call.response is not None:
        # The body ends with the connection: its size is what comes after the head.
        wire = call.response.take()
        exchange.head_size = final_head_size(wire)
        heads = ((call.response_part, wire),)
    call.responded(response.status, heads)
    if no_body:
        call.response_size = 0
        call.end()
    else:
        attach(response, exchange)


def chunk_after(response, size, error):
    """_read_next_chunk_size."""
    exchange = attached(response)
    if exchange is not None and error is None:
        count_chunk(exchange, size)


def count_chunk(exchange, size):
    exchange.chunks += size
    exchange.body_done = size == 0


def safe_read_after(response, _data, error):
    """_safe_read and _safe_readinto: fewer bytes than announced; http.client leaves a chunked response open then."""
    exchange = attached(response) if error is not None else None
    if exchange is not None:
        exchange.call.response_size = response_size(exchange, response)
        exchange.call.end(error, complete=False)


def close_before(response, _args, _kwargs):
    """close() before the end: by the user's code, or when the response is dropped."""
    exchange = attached(response)
    if exchange is not None and response.fp is not None:
        exchange.closing = True


def close_conn_after(response, _result, _error):
    """_close_conn: the body is at its end, or was given up."""
    exchange = attached(response)
    if exchange is None or exchange.measuring:
        return
    attach(response, None)
    call = exchange.call
    call.response_size = response_size(exchange, response)
    if is_complete(exchange, response):
        call.end()
    else:
        call.end(error_being_handled() or (None if exchange.closing else CUT_SHORT), complete=False)


def is_complete(exchange, response):
    if response.chunked is True:
        return exchange.body_done
    if exchange.length is not None:
        return response.length == 0
    return not exchange.closing


def error_being_handled():
    """http.client and urllib3 close a response while their own exception passes (IncompleteRead, a broken chunk)."""
    error = sys.exc_info()[1]
    return error if error is not None and type(error).__module__.endswith(HTTP_ERRORS) else None


POINTS = (
    point("HTTPResponse.begin", begin_before, begin_after),
    point("HTTPResponse._read_next_chunk_size", None, chunk_after),
    point("HTTPResponse._safe_read", None, safe_read_after),
    point("HTTPResponse._safe_readinto", None, safe_read_after),
    point("HTTPResponse.close", close_before),
    point("HTTPResponse._close_conn", None, close_conn_after),
)
