"""aiohttp's client, 3.8 to 3.14: one call for each exchange, redirects and aiohttp's own second try included.

The request is taken as it crosses the wire, the response as the user's code reads it: aiohttp parses heads, chunks
and Content-Encoding inside, so its head is built from the raw fields and its body may be `decoded`.

Limitation: with uvloop and aiohttp before 3.10, a TLS handshake shows as `connect`.
"""

import sys
from _contextvars import ContextVar

from .. import _native
from ..calls import begin, current, rules
from ..install import point
from .http_exchange import SMALL_REQUEST, attach, attached, chunk_size
from .sockets import is_address

# The Attempts of the innermost ClientSession._request in this context and in the tasks that it started.
requesting = ContextVar("aftercall_aiohttp", default=None)
# id of a StreamReader -> the Exchange whose body it holds: readers have slots, and no weak references.
readers = {}

FIELD = b": ".join
LIFETIME = "_aftercall_lifetime"
DECODED = ("gzip", "deflate", "br", "zstd")
# Errors of the call that are being handled while aiohttp closes its response.
TIMEOUTS = ("TimeoutError", "CancelledError")


class Attempts:
    """What one ClientSession._request leads to: an exchange for each redirect and each try."""

    __slots__ = ("auto_decompress", "exchange")

    def __init__(self, auto_decompress):
        self.auto_decompress, self.exchange = auto_decompress, None


class Exchange:
    """`protocol` is the connection's, once this request is sent on it; before, CONNECT may be."""

    __slots__ = ("auto_decompress", "call", "protocol", "reader", "tls", "writing")

    def __init__(self, call, tls, auto_decompress):
        self.call, self.tls, self.auto_decompress = call, tls, auto_decompress
        self.writing, self.protocol, self.reader = False, None, None
        call.response_part = "response_body"
        if call.bodies:
            call.request = _native.Capture(rules.call_bytes, True)

    def finish(self, error=None, complete=False):
        if self.reader is not None:
            if readers.get(self.reader) is self:
                del readers[self.reader]
            self.call.response_size = self.call.response.size
        self.call.end(error, complete)


def described(error):
    """(type name, message): an exception that is kept would keep its frames alive."""
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}", str(error)


# The whole request


def request_before(session, _args, kwargs):
    auto_decompress = kwargs.get("auto_decompress")
    attempts = Attempts(session._auto_decompress if auto_decompress is None else auto_decompress)
    return attempts, requesting.set(attempts)


def request_after(state, _response, error):
    attempts, token = state
    _native.reset(requesting, token)
    exchange = attempts.exchange
    if error is None or exchange is None or exchange.call.has_response:
        return
    # Of the errors on its way out the last is the one that the user's code sees: TimeoutError, not CancelledError.
    exchange.finish(None if isinstance(error, GeneratorExit) else error)


# Connecting


def connect_before(connector, args, kwargs):
    """BaseConnector.connect(request, ...)."""
    attempts = requesting.get()
    if attempts is None:
        return None
    if attempts.exchange is not None:
        attempts.exchange.finish()
        attempts.exchange = None
    request = args[0] if args else kwargs["req"]
    url, proxy = request.url, request.proxy
    call = begin("aiohttp", request.method, str(url), url.raw_host, url.port, proxy and origin(proxy))
    if call is None:
        return None
    first_hop = proxy or url
    exchange = Exchange(call, first_hop.scheme in ("https", "wss"), attempts.auto_decompress)
    attempts.exchange = exchange
    attach(request, exchange)
    if rules.propagates:
        propagate(call, request)
    if waits_inside_connect(connector, request):
        call.stage("queue")
    return exchange, current.set(call)


def propagate(call, request):
    from ..trace_context import traceparent

    value = traceparent(call)
    if value is not None and "traceparent" not in request.headers:
        request.headers["traceparent"] = value.decode()


def waits_inside_connect(connector, request):
    """Before 3.10 there is no step of its own to hook, so the limit is looked at as connect() will."""
    if hasattr(connector, "_wait_for_available_connection"):
        return False
    return connector._available_connections(request.connection_key) <= 0


def origin(url):
    """Without the user's name and password."""
    host = f"[{url.raw_host}]" if ":" in url.raw_host else url.raw_host
    return f"{url.scheme}://{host}" if url.is_default_port() else f"{url.scheme}://{host}:{url.port}"


def connect_after(state, _connection, error):
    exchange, token = state
    _native.reset(current, token)
    failed(exchange, error)


def failed(exchange, error):
    """Keep why this attempt failed; whether it was the last is for request_after to see."""
    if error is not None and not isinstance(error, GeneratorExit):
        exchange.call.error = described(error)


def connecting():
    """The exchange that connects in this context, or None."""
    attempts = requesting.get()
    return None if attempts is None else attempts.exchange


def wait_before(_connector, _args, _kwargs):
    """_wait_for_available_connection: the connector's limit is reached."""
    exchange = connecting()
    if exchange is not None:
        exchange.call.stage("queue")


def resolve_before(connector, args, _kwargs):
    """_resolve_host(host, port), whatever resolver does it."""
    exchange = connecting()
    if exchange is None:
        return None
    if is_address(args[0]) or tuple(args[:2]) in connector._cached_hosts:
        exchange.call.stage("connect")
        return None
    exchange.call.stage("dns")
    return exchange


def resolve_after(exchange, _addresses, error):
    if error is None:
        exchange.call.stage("connect")


def unix_before(_connector, _args, _kwargs):
    exchange = connecting()
    if exchange is not None:
        exchange.call.stage("connect")


def sock_before(_module, _args, _kwargs):
    """aiohappyeyeballs.start_connection: TCP alone; TLS comes after it."""
    exchange = connecting()
    if exchange is not None:
        exchange.call.stage("connect")
    return exchange


def sock_after(exchange, _socket, error):
    if error is None and exchange is not None and exchange.tls:
        exchange.call.stage("tls")


def start_tls_before(_connector, _args, _kwargs):
    """_start_tls_connection, through a proxy."""
    exchange = connecting()
    if exchange is not None:
        exchange.call.stage("tls")


# Sending


def send_before(request, args, kwargs):
    """ClientRequest.send(connection)."""
    exchange = attached(request)
    if exchange is None:
        exchange = connecting()
        if exchange is not None and request.method == "CONNECT":
            exchange.call.stage("proxy")
        return None
    exchange.protocol = (args[0] if args else kwargs["conn"]).protocol
    exchange.call.request_size = 0
    if is_slow(request):
        exchange.writing = True
        exchange.call.stage("request")
    return exchange


def is_slow(request):
    """Say whether the peer may keep us waiting: a body that is large or made while it is sent, or Expect."""
    if request._continue is not None:
        return True
    if not request.body:
        return False
    size = request.headers.get("Content-Length", "")
    return not size.isdigit() or int(size) > SMALL_REQUEST


def send_after(exchange, response, error):
    if error is None:
        attach(response, exchange)
    failed(exchange, error)


def body_before(request, _args, _kwargs):
    """write_bytes, in a task of its own."""
    return attached(request)


def body_after(exchange, _result, error):
    call = exchange.call
    broken = exchange.protocol is None or exchange.protocol.exception() is not None
    if exchange.writing and error is None and not broken:
        exchange.writing = False
        if not call.has_response:
            call.stage("response_head")


def write_before(writer, args, _kwargs):
    """StreamWriter._write(chunk) and _writelines(chunks)."""
    exchange = connecting()
    if exchange is None or exchange.protocol is not writer._protocol:
        return
    chunks = args[0] if isinstance(args[0], (tuple, list)) else (args[0],)
    call = exchange.call
    if call.request is not None and not call.request.full:
        for chunk in chunks:
            call.request.feed(chunk)
    if call.request_size is not None:
        count_sent(call, writer, chunks)


def count_sent(call, writer, chunks):
    """Add the body bytes in `chunks`: the head is a piece of its own, the first of all."""
    if not call.sent:
        call.sent = True
        chunks = chunks[1:]
    if not writer.chunked:
        call.request_size += sum(map(len, chunks))
    elif chunks:
        size = chunk_size(chunks[0])
        call.request_size = None if size is None else call.request_size + size


# Receiving


def start_before(response, _args, _kwargs):
    """ClientResponse.start: the response's head."""
    exchange = attached(response)
    if exchange is not None and not exchange.writing:
        exchange.call.stage("response_head")
    return exchange and (exchange, response)


def start_after(state, _result, error):
    exchange, response = state
    if error is not None:
        failed(exchange, error)
        return
    call, content = exchange.call, response.content
    call.error = None
    if exchange.auto_decompress and response.headers.get("Content-Encoding", "").lower() in DECODED:
        call.decoded = True
    call.responded(response.status, (("response_head", response_head(response)),))
    call.response = _native.Capture(rules.call_bytes if call.bodies else 0)
    if content.at_eof():
        call.response_size = 0
        call.end()
        return
    exchange.reader = id(content)
    readers[exchange.reader] = exchange
    # Ends the exchange when the response is dropped unread. The exchange itself may live on: the contexts of aiohttp's
    # timers hold it.
    vars(response)[LIFETIME] = _native.Ending(exchange.finish)


def response_head(response):
    version = response.version
    line = f"HTTP/{version.major}.{version.minor} {response.status} {response.reason}".encode("utf-8", "replace")
    return b"\r\n".join([line, *map(FIELD, response._raw_headers), b"", b""])


def read_before(reader, _args, _kwargs):
    """StreamReader._read_nowait_chunk, through which every read goes."""
    exchange = readers.get(id(reader))
    return exchange and (exchange, reader)


def read_after(state, data, error):
    exchange, reader = state
    if error is None:
        exchange.call.response.feed(data)
        if reader._eof and not reader._buffer:
            exchange.finish(complete=True)


def eof_before(reader, _args, _kwargs):
    """StreamReader.feed_eof: the end, when everything before it was read."""
    exchange = readers.get(id(reader))
    if exchange is not None and not reader._buffer:
        exchange.finish(complete=True)


def exception_before(reader, args, kwargs):
    """StreamReader.set_exception: what the next read will raise."""
    exchange = readers.get(id(reader))
    if exchange is not None:
        exchange.finish(args[0] if args else kwargs["exc"])


def close_before(response, _args, _kwargs):
    """ClientResponse.close and release, by the user's code or by aiohttp for an error of its own."""
    exchange = attached(response)
    if exchange is not None and exchange.call.has_response:
        exchange.finish(error_being_handled())


def error_being_handled():
    error = sys.exc_info()[1]
    if error is None:
        return None
    kind = type(error)
    known = kind.__name__ in TIMEOUTS or "aiohttp" in kind.__module__.split(".")
    return error if known else None


POINTS = {
    "aiohttp.client": (point("ClientSession._request", request_before, request_after, awaits=True),),
    "aiohttp.connector": (
        point("BaseConnector.connect", connect_before, connect_after, awaits=True),
        point("BaseConnector._wait_for_available_connection", wait_before),
        point("TCPConnector._resolve_host", resolve_before, resolve_after, awaits=True),
        point("TCPConnector._start_tls_connection", start_tls_before),
        point("UnixConnector._create_connection", unix_before),
    ),
    "aiohappyeyeballs": (point("start_connection", sock_before, sock_after, awaits=True),),
    "aiohttp.client_reqrep": (
        point("ClientRequest.send", send_before, send_after, awaits=True),
        point("ClientRequest.write_bytes", body_before, body_after, awaits=True),
        point("ClientResponse.start", start_before, start_after, awaits=True),
        point("ClientResponse.close", close_before),
        point("ClientResponse.release", close_before),
    ),
    "aiohttp.http_writer": (
        point("StreamWriter._write", write_before),
        point("StreamWriter._writelines", write_before),
    ),
    "aiohttp.streams": (
        point("StreamReader._read_nowait_chunk", read_before, read_after),
        point("StreamReader.feed_eof", eof_before),
        point("StreamReader.set_exception", exception_before),
    ),
}
