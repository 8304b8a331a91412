"""urllib3 1.26 and 2.x, and copies of it in other packages: one call for each exchange, retries and redirects too.

urlopen calls itself for the next try; the exchange before has ended by then, at _make_request's or _prepare_proxy's
error or when its response was drained. Bytes and stages of the wire come from the hooks on http.client below it.
"""

from _contextvars import ContextVar

from .. import _native
from ..calls import begin
from ..install import point
from .http_client import PLAIN, authority, connect_after, connect_before, origin, tunnel_after, tunnel_before
from .http_exchange import Exchange, attach, attached, count_chunk

# The exchange of the innermost urlopen in this context.
running = ContextVar("aftercall_urllib3", default=None)


def urlopen_before(pool, args, kwargs):
    method = args[0] if args else kwargs["method"]
    path = args[1] if len(args) > 1 else kwargs["url"]
    if path.startswith(("http://", "https://")):
        url, (host, port) = path, authority(path)
    else:
        host, port = pool.host, pool.port
        url = origin(pool.scheme, host, port) + path
    port = port or (443 if pool.scheme == "https" else 80)
    proxy = pool.proxy
    proxy = None if proxy is None else origin(proxy.scheme, proxy.host, proxy.port)
    call = begin("urllib3", method, url, host, port, proxy)
    exchange = None if call is None else Exchange(call, False)
    return exchange, running.set(exchange)


def urlopen_after(state, _response, error):
    exchange, token = state
    _native.reset(running, token)
    if exchange is not None and error is not None:
        exchange.call.end(error)


def get_conn_before(pool, _args, _kwargs):
    exchange = running.get()
    if exchange is not None and pool.block:
        exchange.call.stage("queue")


def prepare_proxy_before(_pool, args, kwargs):
    exchange = running.get()
    if exchange is not None:
        attach(args[0] if args else kwargs["conn"], exchange)
    return exchange


def prepare_proxy_after(exchange, _result, error):
    if error is not None:
        exchange.call.end(error)


def make_request_before(_pool, args, kwargs):
    exchange = running.get()
    connection = args[0] if args else kwargs["conn"]
    # Also None: what was there before on this connection is over.
    attach(connection, exchange)
    if exchange is None:
        return None
    body = kwargs.get("body")
    if body is not None and not isinstance(body, PLAIN):
        exchange.call.slow = True
    return exchange


def make_request_after(exchange, response, error):
    call = exchange.call
    if error is not None:
        call.end(error)
    elif not call.has_response:
        # A connection that is not http.client's (a recorder): the head is all that is seen. Of a response that is only
        # promised, as urllib3.future does where requests share a connection, not even that.
        if hasattr(response, "status"):
            call.responded(response.status, (("response_head", head_of(response)),))
        call.end()


def head_of(response, version="HTTP/1.1"):
    lines = [f"{version} {response.status} {response.reason or ''}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def chunk_before(response, _args, _kwargs):
    """_update_chunk_length: urllib3 reads chunk sizes itself, below http.client's response, when it streams."""
    original = response._original_response
    exchange = None if original is None or response.chunk_left is not None else attached(original)
    if exchange is None:
        return None
    exchange.measuring = True  # it closes the response before it raises
    return exchange, response


def chunk_after(state, _result, error):
    exchange, response = state
    exchange.measuring = False
    if error is not None:
        exchange.call.end(error, complete=False)
    elif response.chunk_left is not None:
        count_chunk(exchange, response.chunk_left)


POINTS = {
    "urllib3.connectionpool": (
        point("HTTPConnectionPool.urlopen", urlopen_before, urlopen_after),
        point("HTTPConnectionPool._get_conn", get_conn_before),
        point("HTTPConnectionPool._make_request", make_request_before, make_request_after),
        point("HTTPSConnectionPool._prepare_proxy", prepare_proxy_before, prepare_proxy_after),
    ),
    "urllib3.connection": (
        point("HTTPConnection.connect", connect_before, connect_after),
        point("HTTPConnection._tunnel", tunnel_before, tunnel_after),
        point("HTTPSConnection.connect", connect_before, connect_after),
    ),
    "urllib3.response": (point("HTTPResponse._update_chunk_length", chunk_before, chunk_after),),
}
