"""Reads one answer to a POST: status, headers and the beginning of its body."""

from __future__ import annotations

from aftercall.http1.message import ChunkedBody, CountedBody, Message, ProtocolError, ReceiveBuffer, take_message

MAX_HEAD_BYTES = 65_536
_NO_BODY = frozenset({204, 304})


class AnswerReader:
    """`head` and `body` stand once the answer is whole; a body longer than `max_body` is cut and counts as whole.

    `reusable`: the connection can take another request. It is not after an answer that was cut.
    """

    def __init__(self, max_body: int) -> None:
        self.head = Message("", [], b"")
        self.body = b""
        self.reusable = False
        self._max_body = max_body
        self._buffer = ReceiveBuffer()
        self._body: ChunkedBody | CountedBody | None = None
        self._ends_with_connection = False

    def feed(self, data: bytes) -> bool:
        """Take bytes as they come, an empty piece at the connection's end. Returns whether the answer is whole.

        Raises ProtocolError.
        """
        self._buffer.add(data)
        while self._body is None:
            if not self._read_head():
                if not data:
                    raise ProtocolError("closed before the answer")
                return False
        is_whole = self._body.read(self._buffer)
        is_cut = len(self._body.body) > self._max_body
        if not data and not is_whole and not self._ends_with_connection:
            raise ProtocolError("closed within the answer")
        if not is_whole and not is_cut and data:
            return False
        self.reusable = is_whole and not is_cut and not self._buffer and self._keeps_alive()
        self.body = bytes(self._body.body[: self._max_body])
        return True

    def _read_head(self) -> bool:
        head = take_message(self._buffer, MAX_HEAD_BYTES)
        if head is None:
            return False
        if head.status is None or head.protocol not in {"1.0", "1.1"}:
            raise ProtocolError("no HTTP")
        if not 100 <= head.status < 200:  # interim answers have no body: the next head follows
            self.head = head
            self._body = self._body_of(head)
        return True

    def _body_of(self, head: Message) -> ChunkedBody | CountedBody:
        if head.status in _NO_BODY:
            return CountedBody(0)
        if head.is_chunked:
            # Chunks of one byte have five bytes of framing each.
            return ChunkedBody(8 * self._max_body + MAX_HEAD_BYTES)
        length = head.header("content-length")
        self._ends_with_connection = not length
        if length and not (length.isascii() and length.isdigit() and len(length) <= 18):
            raise ProtocolError("bad Content-Length")
        return CountedBody(int(length) if length else None)

    def _keeps_alive(self) -> bool:
        connection = self.head.header("connection").lower()
        return "close" not in connection and (self.head.protocol == "1.1" or "keep-alive" in connection)
