"""http.client's HTTPConnection, which urllib and (through urllib3) requests and boto3 stand on too.

A call begins at putrequest or at an explicit connect(). Bytes are taken where they cross: at send() and, in
http_response.py, at the response's raw file. The hooks are C (native/http_connection.c); what only some requests need
is here.
"""

from .. import _native
from ..calls import rules
from ..install import is_hooked, point
from . import http_response
from .http_exchange import attached
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


def connect_is_hooked(connection):
    """False for a subclass with its own connect() (a Unix socket): its stages are not seen."""
    return is_hooked(connection.connect)


def send_failed(exchange, error):
    if isinstance(error, RESPONSE_MAY_FOLLOW):
        exchange.call.error = (type(error).__name__, str(error))
    else:
        exchange.call.end(error)


def headers_before(connection, _args, _kwargs):
    """endheaders(): what the caller has put stands in the connection's buffer, a line an item."""
    from ..trace_context import NAME, traceparent

    exchange = attached(connection) if connection._HTTPConnection__state == "Request-started" else None
    value = None if exchange is None else traceparent(exchange.call)
    if value is not None and not any(line[:12].lower() == NAME + b":" for line in connection._buffer):
        connection._buffer.append(b"%b: %b" % (NAME, value))


PROPAGATION = (point("HTTPConnection.endheaders", headers_before),) if rules.propagates else ()

_native.http_connection_with(target, watched_body, connect_is_hooked, send_failed)

POINTS = {
    "http.client": (
        point("HTTPConnection.connect", _native.connection_connect),
        point("HTTPSConnection.connect", _native.connection_connect),
        point("HTTPConnection._tunnel", _native.connection_tunnel),
        point("HTTPConnection.putrequest", _native.connection_putrequest),
        point("HTTPConnection._send_output", _native.connection_output),
        point("HTTPConnection.send", _native.connection_send, replaces=True),
        point("HTTPConnection.getresponse", _native.connection_getresponse),
        point("HTTPConnection.close", _native.connection_close),
        *http_response.POINTS,
        *PROPAGATION,
    )
}
