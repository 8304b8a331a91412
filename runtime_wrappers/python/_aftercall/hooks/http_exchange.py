"""What one request and response over http.client's classes share, and where the bytes on the wire are counted.

urllib3's connections are http.client's: its hooks make an Exchange too and put it on the connection, so that the hooks
of http_client.py add to the same call.
"""

from .. import _native
from ..calls import rules

ATTRIBUTE = "_aftercall"
# Less than any send buffer: a request below this size cannot wait for its peer to read.
SMALL_REQUEST = 8192


class Exchange:
    """`own` when http.client itself began the call, so that its errors are the call's; urllib3 reports its own."""

    __slots__ = (
        "body_done",
        "call",
        "chunked_request",
        "chunks",
        "closing",
        "head",
        "head_size",
        "length",
        "measuring",
        "own",
        "pending",
        "reading",
        "started",
        "tunnelling",
    )

    def __init__(self, call, own):
        self.call, self.own = call, own
        if call.bodies:
            call.request = _native.Capture(rules.call_bytes, True)
            call.response = _native.Capture(rules.call_bytes, True)
        self.started = self.tunnelling = self.reading = self.closing = self.body_done = self.measuring = False
        self.head = self.chunked_request = self.length = self.pending = None
        self.head_size = self.chunks = 0

    def count_pending(self):
        data, self.pending = self.pending, None
        if data is not None:
            count_sent(self, data)


def attach(holder, exchange):
    """Put it on a connection or response. Their __dict__ and not setattr: a subclass may have its own."""
    if exchange is None:
        vars(holder).pop(ATTRIBUTE, None)
    else:
        vars(holder)[ATTRIBUTE] = exchange


def attached(holder):
    """The exchange that runs on this connection or response, or None."""
    exchange = vars(holder).get(ATTRIBUTE)
    return None if exchange is None or exchange.call.ended else exchange


def count_sent(exchange, data):
    """Take `data`, bytes-like, as sent: the head first, then body, perhaps framed in chunks."""
    call = exchange.call
    if call.request is not None and not call.request.full:
        call.request.feed(data)
    size = memoryview(data).nbytes
    if exchange.head is None:
        exchange.head = bytes(data[:65536])
        end = exchange.head.find(b"\r\n\r\n")
        call.request_size = 0 if end < 0 else size - end - 4
        return
    if exchange.chunked_request is None:
        exchange.chunked_request = b"transfer-encoding: chunked" in exchange.head.lower()
    if call.request_size is not None:
        body = chunk_size(data) if exchange.chunked_request else size
        call.request_size = None if body is None else call.request_size + body


def chunk_size(data):
    """The size of the one chunk that `data` is; None when it is not a chunk as a whole."""
    try:
        return int(bytes(data[:20]).partition(b"\r\n")[0], 16)
    except ValueError:
        return None


def response_size(exchange, response):
    """Body bytes that were given to the user's code; None where not known."""
    if response.chunked is True:
        left = response.chunk_left
        return exchange.chunks - (left if isinstance(left, int) else 0)
    if exchange.length is not None:
        left = response.length
        return exchange.length - (left if isinstance(left, int) else 0)
    capture = exchange.call.response
    return None if capture is None else max(0, capture.size - exchange.head_size)


def final_head_size(wire):
    """The length of all heads at the start of `wire`, 1xx ones included; 0 when they do not end in it."""
    at = 0
    while True:
        interim = wire.startswith((b"HTTP/1.1 1", b"HTTP/1.0 1"), at) and not wire.startswith(b"101", at + 9)
        end = wire.find(b"\r\n\r\n", at)
        if end < 0:
            return 0
        at = end + 4
        if not interim:
            return at
