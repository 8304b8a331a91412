"""httpcore 0.15 to 1.x, sync and async, HTTP/1.1 and HTTP/2: what httpx stands on.

A call begins at the pool, or at a connection that is used without one, and ends with the response's stream. Stages
come from httpcore's own Trace objects, through which every step passes: their names have stayed while the methods
around them moved. The public `trace` extension has the same steps, but costs a Python call and a dictionary twice for
each, and would have to share the one place in request.extensions with the user's own. The response's body is seen in
the events of h11 and h2, and its end there, or where its stream is closed.

Limitations: heads are built from what the client hands over, so 1xx heads are not in them. On HTTP/2 whoever reads the
connection reads for all its streams: time spent so counts for the reader's call.
"""

import sys
from _contextvars import ContextVar
from _weakref import ref

from .. import _native
from ..calls import begin, current, rules
from ..install import point
from .http_exchange import SMALL_REQUEST, attach, attached
from .sockets import is_address

# The exchange of the innermost request in this context, while httpcore works on it.
running = ContextVar("aftercall_httpcore", default=None)

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
# Statuses and a method whose response has no body, whatever its fields say.
BODILESS = (204, 304)
# Fields of the caller's that HTTP/2 does not send (RFC 9113, 8.2.2; h2 takes them out).
OF_CONNECTIONS = frozenset((b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade"))


FIELD = b": ".join


class Exchange:
    """One request and its response. `request` is the caller's own httpcore.Request; nothing in it is changed."""

    __slots__ = ("__weakref__", "call", "expected", "http2", "propagated", "request")

    def __init__(self, call, request):
        self.call, self.request, self.propagated = call, request, []
        self.http2, self.expected = False, None
        call.request_part, call.response_part = "request_body", "response_body"

    def is_tunnelling(self, trace):
        """CONNECT is a request of httpcore's own, to the proxy."""
        request = trace.kwargs.get("request")
        return request is not None and request.method == b"CONNECT" != self.request.method

    def request_head(self):
        fields, version = [*self.request.headers, *self.propagated], b"HTTP/1.1"
        if self.http2:
            fields, version = [field for field in fields if field[0].lower() not in OF_CONNECTIONS], b"HTTP/2"
        return b"%b %b %b\r\n" % (self.request.method, self.request.url.target, version) + block(fields)


def block(fields):
    return b"\r\n".join([*map(FIELD, fields), b"", b""])


def given(error):
    """The error to record. GeneratorExit only says that nobody waits any longer."""
    return None if isinstance(error, GeneratorExit) else error


def capture(call):
    """Counts only, where the host's bodies are excluded."""
    return _native.Capture(rules.call_bytes if call.bodies else 0)


# The call


def pool_before(pool, args, kwargs):
    """ConnectionPool.handle_request(request)."""
    proxy = getattr(pool, "_proxy_url", None)
    if proxy is None:
        proxy = getattr(pool, "_proxy", None)
        proxy = proxy and proxy.url
    return enter(args[0] if args else kwargs["request"], proxy and url_of(proxy.scheme, proxy.host, proxy.port))


def connection_before(connection, args, kwargs):
    """HTTPConnection.handle_request(request): a call of its own when there is no pool around it."""
    exchange = running.get()
    if exchange is None:
        return enter(args[0] if args else kwargs["request"], None)
    if connection._connection is None and lock_is_held(connection):
        exchange.call.stage("queue")  # another request is connecting; HTTP/2 will be shared
    return None


def lock_is_held(connection):
    """Httpcore's locks wrap those of threading, anyio or trio, by several names; the last two count their tasks."""
    lock = getattr(connection, "_request_lock", None)
    for name in ("_lock", "_anyio_lock", "_trio_lock"):
        inner = getattr(lock, name, None)
        if inner is not None:
            return bool(inner.locked())
    return False


def enter(request, proxy):
    url = request.url
    host = url.host.decode("latin-1")
    port = url.port or PORTS.get(url.scheme.decode("latin-1"), 0)
    call = begin(
        "httpcore",
        request.method.decode("latin-1"),
        url_of(url.scheme, url.host, url.port) + url.target.decode("latin-1"),
        host,
        port,
        proxy,
    )
    exchange = None if call is None else Exchange(call, request)
    return exchange, running.set(exchange), current.set(call)


def url_of(scheme, host, port):
    """`http://host:port` from httpcore's bytes, without the scheme's own port."""
    scheme, host = scheme.decode("latin-1"), host.decode("latin-1")
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" if port in (None, PORTS.get(scheme)) else f"{scheme}://{host}:{port}"


def leave(state, response, error):
    exchange, running_token, current_token = state
    _native.reset(running, running_token)
    _native.reset(current, current_token)
    if exchange is None:
        return
    call = exchange.call
    if error is not None:
        call.end(given(error), complete=False, heads=(("request_head", exchange.request_head()),))
        return
    exchange.http2 = response.extensions.get("http_version") == b"HTTP/2"
    exchange.expected = expected_size(exchange.request, response)
    call.responded(
        response.status, (("request_head", exchange.request_head()), ("response_head", response_head(response)))
    )
    call.response = capture(call)
    watch(exchange, response)


def watch(exchange, response):
    """What reads the response's stream has the exchange weakly, so that a response that is dropped ends its call."""
    stream = response.stream
    while hasattr(stream, "_stream"):
        stream = stream._stream
    connection = getattr(stream, "_connection", None)
    if connection is None:  # a pool of somebody else's
        exchange.call.end()
        return
    attach(stream, exchange)
    if exchange.http2:
        vars(connection).setdefault(STREAMS, {})[stream._stream_id] = ref(exchange)
    else:
        attach(connection._h11_state, ref(exchange))


STREAMS = "_aftercall_streams"


def expected_size(request, response):
    """Bytes of body that must come; None where only their end tells."""
    if request.method == b"HEAD" or response.status in BODILESS:
        return 0
    for name, value in response.headers:
        if len(name) == 14 and name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return None


def response_head(response):
    extensions = response.extensions
    version, reason = extensions.get("http_version", b"HTTP/1.1"), extensions.get("reason_phrase", b"")
    return b"%b %d %b\r\n" % (version, response.status, reason) + block(response.headers)


# The response's body


def event_before(connection, args, kwargs):
    """HTTP2Connection._receive_stream_event(request, stream_id)."""
    streams = vars(connection).get(STREAMS)
    return streams.get(args[1] if len(args) > 1 else kwargs["stream_id"]) if streams else None


def event_after(reference, event, error):
    exchange = reference()
    if exchange is None or error is not None:
        return
    kind = type(event).__name__
    if kind == "DataReceived":
        exchange.call.response.feed(event.data)
    elif kind == "StreamEnded":
        exchange.call.end()


def close_before(stream, _args, _kwargs):
    """The stream's close(), by the user's code or by httpcore after an error; at its end the call is over already."""
    exchange = attached(stream)
    streams = vars(stream._connection).get(STREAMS)
    if streams:
        streams.pop(stream._stream_id, None)
    if exchange is not None:
        error, call = error_being_handled(), exchange.call
        call.end(error, error is None and call.response.size == exchange.expected)


def error_being_handled():
    error = sys.exc_info()[1]
    return error if type(error).__module__.partition(".")[0] in ("httpcore", "asyncio", "trio") else None


# Stages


def wait_before(pool_request, _args, _kwargs):
    """wait_for_connection: the pool's limit may be reached."""
    exchange = running.get()
    if exchange is not None and pool_request.connection is None:
        exchange.call.stage("queue")


def http2_before(connection, _args, _kwargs):
    """HTTP2Connection.handle_request: as many streams may be open as the peer allows."""
    exchange = running.get()
    if exchange is not None:
        exchange.http2 = True
        if len(connection._events) >= getattr(connection, "_max_streams", 100):
            exchange.call.stage("queue")


def trace_before(trace, _args, _kwargs):
    """Trace.__enter__: a step begins."""
    find = STAGES[trace.name]
    exchange = None if find is None else running.get()
    stage = None if exchange is None else find(exchange, trace)
    if stage is not None:
        exchange.call.stage(stage)


def stage_of_connect(_exchange, trace):
    """A name is resolved first; the hooks on resolvers say when that is done."""
    return "connect" if is_address(trace.kwargs["host"]) else "dns"


def stage_of_head(exchange, trace):
    """A head alone cannot wait for its peer, but whoever asks a proxy waits from there on."""
    return "proxy" if exchange.is_tunnelling(trace) else None


def stage_of_response(exchange, trace):
    return "proxy" if exchange.is_tunnelling(trace) else "response_head"


class Stages(dict):
    """Of a step by its name, which releases before 0.17 put the connection's kind before; None where there is none."""

    def __missing__(self, name):
        found = self[name] = self.get(name.rpartition(".")[2])
        return found


STAGES = Stages(
    connect_tcp=stage_of_connect,
    connect_unix_socket=lambda _exchange, _trace: "connect",
    setup_socks5_connection=lambda _exchange, _trace: "proxy",
    start_tls=lambda _exchange, _trace: "tls",
    send_request_headers=stage_of_head,
    receive_response_headers=stage_of_response,
)


# The request


def head_before(_connection, args, kwargs):
    """_send_request_headers(request, ...), with AFTERCALL_PROPAGATE: a copy of the request, seen here alone, has one
    field more.
    """
    from ..trace_context import NAME, traceparent

    request = args[0] if args else kwargs["request"]
    exchange = running.get()
    value = None if exchange is None or request.method != exchange.request.method else traceparent(exchange.call)
    if value is None or any(name.lower() == NAME for name, _ in request.headers):
        return None
    exchange.propagated = [(NAME, value)]
    copy = object.__new__(type(request))
    vars(copy).update(vars(request))
    copy.headers = [*request.headers, (NAME, value)]
    return (None, (copy, *args[1:]), kwargs) if args else (None, args, {**kwargs, "request": copy})


def body_before(_connection, args, kwargs):
    """_send_request_body(request, ...)."""
    request = args[0] if args else kwargs["request"]
    exchange = running.get()
    size = None if exchange is None else body_size(request)
    if size is None or request.method != exchange.request.method:
        return
    if exchange.http2 or size > SMALL_REQUEST:
        exchange.call.stage("request")
    # Names that the user's generator resolves are not this call's.
    current.set(None)
    exchange.call.request = capture(exchange.call)


def body_size(request):
    """Bytes of body announced; None without one, and a large number where only its end tells."""
    for name, value in request.headers:
        if len(name) == 14 and name.lower() == b"content-length":
            return int(value) or None
        if len(name) == 17 and name.lower() == b"transfer-encoding":
            return 1 << 62
    return None


def sent_before(_connection, args, kwargs):
    """HTTP11Connection._send_event(event), HTTP2Connection._send_stream_data(request, stream_id, data)."""
    exchange = running.get()
    if exchange is None or exchange.call.request is None:
        return
    data = args[2] if len(args) > 2 else kwargs.get("data", getattr(args[0], "data", None) if args else None)
    if data is not None:
        exchange.call.request.feed(data)


def heads(connection):
    return (point(f"{connection}._send_request_headers", head_before, replaces=True),) if rules.propagates else ()


def points(prefix, request, awaits):
    """The same for the sync and the async half, which is generated from the other."""
    kind, method, close = request
    return {
        f"httpcore.{prefix}.connection_pool": (
            point(f"{kind}ConnectionPool.{method}", pool_before, leave, awaits=awaits),
            # By their names in 1.x, and before.
            point(f"{kind}PoolRequest.wait_for_connection", wait_before),
            point("RequestStatus.wait_for_connection", wait_before),
        ),
        f"httpcore.{prefix}.connection": (
            point(f"{kind}HTTPConnection.{method}", connection_before, leave, awaits=awaits),
        ),
        f"httpcore.{prefix}.http11": (
            point(f"{kind}HTTP11Connection._send_request_body", body_before),
            point(f"{kind}HTTP11Connection._send_event", sent_before),
            point(f"HTTP11ConnectionByteStream.{close}", close_before),
            *heads(f"{kind}HTTP11Connection"),
        ),
        f"httpcore.{prefix}.http2": (
            point(f"{kind}HTTP2Connection.{method}", http2_before),
            point(f"{kind}HTTP2Connection._send_request_body", body_before),
            point(f"{kind}HTTP2Connection._send_stream_data", sent_before),
            point(f"{kind}HTTP2Connection._receive_stream_event", event_before, event_after, awaits=awaits),
            point(f"HTTP2ConnectionByteStream.{close}", close_before),
            *heads(f"{kind}HTTP2Connection"),
        ),
    }


POINTS = {
    **points("_sync", ("", "handle_request", "close"), awaits=False),
    **points("_async", ("Async", "handle_async_request", "aclose"), awaits=True),
    "httpcore._trace": (point("Trace.__enter__", trace_before), point("Trace.__aenter__", trace_before)),
    "h11._connection": (point("Connection.next_event", _native.h11_next_event),),
}
