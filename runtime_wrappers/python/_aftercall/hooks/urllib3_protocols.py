"""Connections of urllib3's that are not http.client's: its own HTTP/2, and all of urllib3.future (niquests).

hooks/urllib3.py begins the call and puts its exchange on the connection. Here its bytes are bodies, not the wire.

Limitations: urllib3's HTTP/2 reads a response whole, so its body counts for the head's stage; of several requests that
urllib3.future multiplexes, no responses are seen.
"""

from .. import _native
from ..calls import rules
from ..install import point
from .http_exchange import attach, attached
from .http_response import CUT_SHORT
from .urllib3 import head_of


def unanswered(connection):
    exchange = attached(connection)
    return None if exchange is None or exchange.call.has_response else exchange


def send_before(connection, args, kwargs):
    """send(data): of the request's body, in pieces."""
    exchange = unanswered(connection)
    if exchange is None:
        return
    call, data = exchange.call, args[0] if args else kwargs["data"]
    call.stage("request")
    if call.request_part != "request_body":
        call.request_part, call.request = "request_body", _native.Capture(rules.call_bytes if call.bodies else 0)
    if isinstance(data, (bytes, bytearray)):
        call.request.feed(data)
        call.request_size = call.request.size


def getresponse_before(connection, _args, _kwargs):
    exchange = unanswered(connection)
    if exchange is not None:
        exchange.call.stage("response_head")
    return exchange


def answered(exchange, response, head):
    call = exchange.call
    call.response = None
    call.responded(response.status, (("response_head", head),))
    call.response_part, call.response = "response_body", _native.Capture(rules.call_bytes if call.bodies else 0)


# urllib3's HTTP/2


def whole_after(exchange, response, error):
    if error is not None:
        return
    answered(exchange, response, head_of(response, "HTTP/2"))
    exchange.call.response.feed(response.data)
    exchange.call.response_size = exchange.call.response.size
    exchange.call.end()


# urllib3.future


def stream_after(exchange, response, error):
    """HfaceBackend.getresponse returns a LowLevelResponse."""
    if error is not None:
        return
    answered(exchange, response, head_of_stream(response))
    if response.closed:
        exchange.call.response_size = 0
        exchange.call.end()
    else:
        attach(response, exchange)


def head_of_stream(response):
    version = {20: "HTTP/2", 30: "HTTP/3"}.get(response.version, "HTTP/1.1")
    lines = [f"{version} {response.status} {response.reason or ''}"]
    lines += [f"{name}: {value}" for name, value in response.msg.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def read_before(response, _args, _kwargs):
    exchange = attached(response)
    return exchange and (exchange, response)


def read_after(state, data, error):
    exchange, response = state
    if error is not None:
        exchange.call.response_size = exchange.call.response.size
        exchange.call.end(error, complete=False)
        return
    exchange.call.response.feed(data)
    if response.closed:
        end(exchange, response, CUT_SHORT)


def close_before(response, _args, _kwargs):
    exchange = attached(response)
    if exchange is not None:
        end(exchange, response, None)


def end(exchange, response, reason):
    """`reason`: why, where the body is not complete."""
    exchange.call.response_size = exchange.call.response.size
    complete = bool(response._eot) and not response.length
    exchange.call.end(None if complete else reason, complete=complete)


POINTS = {
    "urllib3.http2.connection": (
        point("HTTP2Connection.send", send_before),
        point("HTTP2Connection.getresponse", getresponse_before, whole_after),
    ),
    "urllib3.backend.hface": (
        point("HfaceBackend.send", send_before),
        point("HfaceBackend.getresponse", getresponse_before, stream_after),
    ),
    "urllib3.backend._base": (
        point("LowLevelResponse._read", read_before, read_after),
        point("LowLevelResponse.abort", close_before),
        point("LowLevelResponse.close", close_before),
    ),
}
