"""Reads the requests of one connection: what the Telemetry API sends, and what anybody else may send there."""

from __future__ import annotations

from aftercall.http1.message import ChunkedBody, CountedBody, ProtocolError, ReceiveBuffer, take_message

MAX_HEAD_BYTES = 16_384
MAX_BODY_BYTES = 8 * 1024 * 1024
"""The subscription asks for 256 KiB a request; Lambda may add one large item."""


class RequestReader:
    """`feed` takes bytes as they come. It raises ProtocolError: answer 400 and close."""

    def __init__(self) -> None:
        self._buffer = ReceiveBuffer()
        self._body: ChunkedBody | CountedBody | None = None
        self.expects_continue = False
        """The sender waits for `100 Continue`. Whoever answers resets it."""

    def feed(self, data: bytes) -> list[bytes]:
        """Returns the bodies of the requests that are now whole."""
        self._buffer.add(data)
        bodies = []
        while (body := self._body or self._read_head()) is not None:
            self._body = body
            if not body.read(self._buffer):
                break
            bodies.append(bytes(body.body))
            self._body = None
        return bodies

    def _read_head(self) -> ChunkedBody | CountedBody | None:
        head = take_message(self._buffer, MAX_HEAD_BYTES)
        if head is None:
            return None
        if head.status is not None or not head.protocol.startswith("1."):
            raise ProtocolError("no HTTP/1 request")
        self.expects_continue = head.header("expect").lower() == "100-continue"
        length = head.header("content-length") or "0"
        if not length.isascii() or not length.isdigit() or len(length) > 9 or int(length) > MAX_BODY_BYTES:
            raise ProtocolError("bad Content-Length")
        return ChunkedBody(2 * MAX_BODY_BYTES) if head.is_chunked else CountedBody(int(length))
