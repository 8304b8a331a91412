"""http.client's HTTPConnection, which urllib and (through urllib3) requests and boto3 stand on too.

A call begins at putrequest or at an explicit connect(). Bytes are taken where they cross: at send() and, in
http_response.py, at the response's raw file.
"""

from .. import spool
from ..calls import begin, current
from ..install import HookedBound, point
from . import http_response
from .http_exchange import SMALL_REQUEST, Exchange, attach, attached, count_sent
from .sent_body import watched_body

PLAIN = (bytes, bytearray, memoryview, str)
# The peer closed while the request was sent: its answer may be there all the same, and getresponse() reads it.
RESPONSE_MAY_FOLLOW = (BrokenPipeError, ConnectionResetError)


def target(connection, path):
    """(url, host, port, proxy) of a request for `path`, which is a whole URL when the connection leads to a proxy."""
    scheme = "https" if connection.default_port == 443 else "http"
    if path.startswith(("http://", "https://")):
        return path, *authority(path), origin(scheme, connection.host, connection.port)
    host, port, proxy = connection.host, connection.port, None
    if connection._tunnel_host:
        proxy = origin("http", host, port)
        host, port = connection._tunnel_host, connection._tunnel_port
    return origin(scheme, host, port) + path, host, port, proxy


def origin(scheme, host, port):
    """`http://host:port`, without the scheme's own port."""
    if isinstance(host, bytes):
        host = host.decode("latin-1")
    if ":" in host and host[0] != "[":
        host = f"[{host}]"
    if port is None or port == (443 if scheme == "https" else 80):
        return f"{scheme}://{host}"
    return f"{scheme}://{host}:{port}"


def authority(url):
    """(host, port) of an absolute URL."""
    scheme, _, rest = url.partition("://")
    name = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    host, colon, port = name.rpartition(":")
    if not colon or "]" in port:
        host, port = name, ""
    return host.strip("[]"), int(port) if port.isdigit() else (443 if scheme == "https" else 80)


def start(connection, method, path):
    """A new exchange of http.client's own on this connection; None when it is not to be recorded."""
    url, host, port, proxy = target(connection, path)
    call = begin("http.client", method, url, host, port, proxy)
    exchange = None if call is None else Exchange(call, own=True)
    attach(connection, exchange)
    return exchange


# Connecting


def connect_before(connection, _args, _kwargs):
    exchange = attached(connection) or start(connection, "", "/")
    if exchange is None or current.get() is exchange.call:
        return None
    return exchange, current.set(exchange.call)


def connect_after(state, _result, error):
    exchange, token = state
    current.reset(token)
    if error is None:
        exchange.count_pending()
        if exchange.call.slow and exchange.started:
            exchange.call.stage("request")
    elif exchange.own:
        exchange.call.end(error)


def tunnel_before(connection, _args, _kwargs):
    exchange = attached(connection)
    if exchange is not None:
        exchange.tunnelling = True
        exchange.call.stage("proxy")
    return exchange


def tunnel_after(exchange, _result, _error):
    exchange.tunnelling = False


# Sending


def putrequest_before(connection, args, kwargs):
    method = args[0] if args else kwargs["method"]
    return connection, method, (args[1] if len(args) > 1 else kwargs["url"]) or "/"


def putrequest_after(state, _result, error):
    if error is not None:
        return
    connection, method, path = state
    exchange = attached(connection)
    if exchange is None or exchange.started or not takes_up(exchange, connection, method, path):
        exchange = start(connection, method, path)
    if exchange is not None:
        exchange.started = True


def takes_up(exchange, connection, method, path):
    """True when the request belongs to the call that is there: urllib3's, or an explicit connect() just before."""
    if exchange.own:
        if exchange.call.request_id != spool.writer.request_id:
            exchange.call.end()
            return False
        exchange.call.target(method, target(connection, path)[0])
    return True


def output_before(connection, args, kwargs):
    """_send_output(message_body): the head and perhaps the body go out."""
    exchange = attached(connection)
    if exchange is None or not exchange.own:
        return None
    body = args[0] if args else kwargs.get("message_body")
    if body is None:
        # The caller will send() the body by itself, and may take its time.
        to_come = announces_body(connection._buffer)
        exchange.call.slow = exchange.call.slow or to_come
        return exchange, not to_come
    if not isinstance(body, PLAIN):
        exchange.call.slow = True
    return exchange, True


def announces_body(lines):
    for line in lines:
        start_of = line[:18].lower()
        if start_of == b"transfer-encoding:":
            return True
        if start_of.startswith(b"content-length:"):
            return line[15:].strip() != b"0"
    return False


def output_after(state, _result, error):
    exchange, whole = state
    if error is None:
        exchange.call.stage("response_head" if whole else "request")
    elif not exchange.call.ended:
        send_failed(exchange, error)


def send_before(connection, args, kwargs):
    exchange = attached(connection)
    if exchange is None or exchange.tunnelling:
        return None
    call, data = exchange.call, args[0] if args else kwargs["data"]
    if isinstance(data, (bytes, bytearray, memoryview)):
        large = len(data) + (call.request_size or 0) > SMALL_REQUEST
        call.slow = call.slow or large or (exchange.head is None and b"100-continue" in data)
        if connection.sock is None:
            exchange.pending = data  # until there is a connection that it can cross
        else:
            count_sent(exchange, data)
    elif not isinstance(data, str):
        call.slow = True
        args, kwargs = (watched_body(exchange, data),), {}
    call.sent = True
    token = None
    if connection.sock is not None:
        if call.slow:
            call.stage("request")
    elif not isinstance(connection.connect, HookedBound):
        # A subclass with a connect() of its own (a Unix socket): nothing below tells where it is.
        call.stage("connect")
        token = current.set(call)
    return (exchange, token), args, kwargs


def send_after(state, result, error):
    exchange, token = state
    if token is not None:
        current.reset(token)
    if error is None:
        exchange.count_pending()
    elif exchange.own and not exchange.call.ended:
        send_failed(exchange, error)
    return result


def send_failed(exchange, error):
    if isinstance(error, RESPONSE_MAY_FOLLOW):
        exchange.call.error = (type(error).__name__, str(error))
    else:
        exchange.call.end(error)


# Receiving


def getresponse_before(connection, _args, _kwargs):
    exchange = attached(connection)
    if exchange is None or not exchange.started or exchange.call.has_response:
        return None
    exchange.call.stage("response_head")
    exchange.reading = True
    return exchange, http_response.reading.set(exchange)


def getresponse_after(state, _response, error):
    exchange, token = state
    http_response.reading.reset(token)
    exchange.reading = False
    # ResponseNotReady: asked before an earlier response on this connection was read; it may be asked again.
    if error is not None and exchange.own and type(error).__name__ != "ResponseNotReady":
        exchange.call.end(error)


def close_before(connection, _args, _kwargs):
    """A connection closed without asking for the response: the call is over."""
    exchange = attached(connection)
    if exchange is None or not (exchange.own and exchange.started):
        return
    if not (exchange.reading or exchange.call.has_response or exchange.tunnelling):
        exchange.call.end(complete=False)


POINTS = {
    "http.client": (
        point("HTTPConnection.connect", connect_before, connect_after),
        point("HTTPSConnection.connect", connect_before, connect_after),
        point("HTTPConnection._tunnel", tunnel_before, tunnel_after),
        point("HTTPConnection.putrequest", putrequest_before, putrequest_after),
        point("HTTPConnection._send_output", output_before, output_after),
        point("HTTPConnection.send", send_before, send_after, replaces=True),
        point("HTTPConnection.getresponse", getresponse_before, getresponse_after),
        point("HTTPConnection.close", close_before),
        *http_response.POINTS,
    )
}
