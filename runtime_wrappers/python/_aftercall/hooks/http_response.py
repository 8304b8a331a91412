"""http.client's HTTPResponse: the end of a body that did not come with its head, which is where it closes its file.

Limitations: a response class without http.client's `fp` (mocks, recorders) shows no response bytes.
"""

import sys

from .. import _native
from ..install import point
from .http_exchange import attach, count_chunk

# The peer closed before the announced end. http.client tells so at read() without a size alone.
CUT_SHORT = ("http.client.IncompleteRead", "the connection was closed before the end of the body")
HTTP_ERRORS = ("http.client", "urllib3.exceptions")


def given_up(exchange):
    """The error of a body that ended early; None when the user's code closed it."""
    return error_being_handled() or (None if is_closing(exchange) else CUT_SHORT)


def is_closing(exchange):
    """The peer has not closed."""
    return exchange.watched and not exchange.eof


def error_being_handled():
    """http.client and urllib3 close a response while their own exception passes (IncompleteRead, a broken chunk)."""
    error = sys.exc_info()[1]
    return error if error is not None and type(error).__module__.endswith(HTTP_ERRORS) else None


def size_of(exchange, response):
    """Bytes of body that have come; None where nobody has counted them."""
    if response.chunked:
        return exchange.chunks - max(response.chunk_left or 0, 0)
    if exchange.length >= 0:
        return exchange.length - max(response.length or 0, 0)
    captured = exchange.call.response
    return None if captured is None else max(captured.size - exchange.head_size, 0)


def chunk_after(state, size, error):
    """_read_next_chunk_size."""
    if error is None:
        count_chunk(state[0], size)


def read_after(state, _data, error):
    """_safe_read, _safe_readinto: fewer bytes than announced; http.client leaves a chunked response open then."""
    exchange, response = state
    if error is not None:
        exchange.call.response_size = size_of(exchange, response)
        exchange.call.end(error, complete=False)


def is_complete(exchange, response):
    if response.chunked:
        return exchange.body_done
    return response.length == 0 if exchange.length >= 0 else not is_closing(exchange)


def close_conn_after(state, _result, _error):
    """_close_conn: the body is at its end, or was given up."""
    exchange, response = state
    call = exchange.call
    if call.ended or exchange.measuring:
        return
    attach(response, None)
    call.response_size = size_of(exchange, response)
    if is_complete(exchange, response):
        call.end()
    else:
        call.end(given_up(exchange), complete=False)


POINTS = (
    point("HTTPResponse._read_next_chunk_size", _native.response_of_exchange, chunk_after),
    point("HTTPResponse._safe_read", _native.response_of_exchange, read_after),
    point("HTTPResponse._safe_readinto", _native.response_of_exchange, read_after),
    point("HTTPResponse._close_conn", _native.response_of_exchange, close_conn_after),
)
