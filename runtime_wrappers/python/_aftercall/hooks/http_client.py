"""http.client's HTTPConnection, which urllib and (through urllib3) requests and boto3 stand on too.

A call begins at putrequest or at an explicit connect(). Bytes are taken where they cross: at send() and at the socket's
raw file. What every call passes is C (native/http_hooks.c); what only some pass, and what only some need, is here.
"""

from .. import _native, spool
from ..calls import begin, current, rules
from ..install import is_hooked, point
from . import http_response
from .http_exchange import Exchange, attach, attached
from .sent_body import watched_body

PLAIN = (bytes, bytearray, memoryview, str)
MOST_ORIGINS = 1000
origins = {}  # (default port, host, port) of connections -> what their URLs begin with
# The peer closed while the request was sent: its answer may be there all the same, and getresponse() reads it.
RESPONSE_MAY_FOLLOW = (BrokenPipeError, ConnectionResetError)


def start(connection, method, path):
    """A request begins; it may belong to the call that an explicit connect() just before has begun."""
    path = path or "/"
    exchange = attached(connection)
    if exchange is None or exchange.started or not takes_up(exchange, connection, method, path):
        exchange = begun(connection, method, path)
    if exchange is not None:
        exchange.started = True


def takes_up(exchange, connection, method, path):
    if exchange.call.request_id != spool.writer.request_id:
        exchange.call.end()
        return False
    exchange.call.target(str(method), target(connection, path)[0])
    return True


def begun(connection, method, path):
    """A new exchange of http.client's own on this connection; None when it is not to be recorded."""
    call = begin("http.client", method, *target(connection, path))
    exchange = None if call is None else Exchange(call, True)
    attach(connection, exchange)
    return exchange


def target(connection, path):
    """(url, host, port, proxy) of a request for `path`, which is a whole URL when the connection leads to a proxy."""
    host, port, proxy = connection.host, connection.port, None
    if path[:1] == "/" and not connection._tunnel_host:
        place = connection.default_port, host, port
        known = origins.get(place)
        if known is None:
            if len(origins) >= MOST_ORIGINS:
                origins.clear()
            known = origins[place] = origin("https" if place[0] == 443 else "http", host, port)
        return known + path, host, port, None
    scheme = "https" if connection.default_port == 443 else "http"
    if path.startswith(("http://", "https://")):
        return path, *authority(path), origin(scheme, host, port)
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


# Connecting


def connect_before(connection, _args, _kwargs):
    exchange = attached(connection) or begun(connection, "", "/")
    if exchange is None or current.get() is exchange.call:
        return None
    return exchange, current.set(exchange.call)


def connect_after(state, _result, error):
    exchange, token = state
    _native.reset(current, token)
    if error is not None:
        if exchange.own:
            exchange.call.end(error)
    elif exchange.call.slow and exchange.started:
        exchange.call.stage("request")


def connecting(exchange, connection):
    """send() connects. The stages of a subclass's own connect() (a Unix socket) are not seen: it is one as a whole."""
    if is_hooked(connection.connect):
        return None
    exchange.call.stage("connect")
    return current.set(exchange.call)


def tunnel_before(connection, _args, _kwargs):
    exchange = attached(connection)
    if exchange is not None:
        exchange.tunnelling = True
        exchange.call.stage("proxy")
    return exchange


def tunnel_after(exchange, _result, _error):
    exchange.tunnelling = False


# The end


def failed(exchange, error, receiving):
    if isinstance(error, RESPONSE_MAY_FOLLOW) and not receiving:
        exchange.call.error = (type(error).__name__, str(error))
    elif type(error).__name__ != "ResponseNotReady":  # asked too early: it may be asked again
        exchange.call.end(error)


def headers_before(connection, _args, _kwargs):
    """endheaders(): what the caller has put stands in the connection's buffer, a line an item."""
    from ..trace_context import NAME, traceparent

    exchange = attached(connection) if connection._HTTPConnection__state == "Request-started" else None
    value = None if exchange is None else traceparent(exchange.call)
    if value is not None and not any(line[:12].lower() == NAME + b":" for line in connection._buffer):
        connection._buffer.append(b"%b: %b" % (NAME, value))


PROPAGATION = (point("HTTPConnection.endheaders", headers_before),) if rules.propagates else ()

_native.http_client_with(start, watched_body, connecting, failed)

POINTS = {
    "http.client": (
        point("HTTPConnection.connect", connect_before, connect_after),
        point("HTTPSConnection.connect", connect_before, connect_after),
        point("HTTPConnection._tunnel", tunnel_before, tunnel_after),
        point("HTTPConnection.putrequest", _native.connection_putrequest),
        point("HTTPConnection._send_output", _native.connection_output),
        point("HTTPConnection.send", _native.connection_send, replaces=True),
        point("HTTPConnection.getresponse", _native.connection_getresponse),
        point("HTTPConnection.close", _native.connection_close),
        *http_response.POINTS,
        *PROPAGATION,
    )
}
