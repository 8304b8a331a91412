"""Reads one HTTP/1.1 answer to a POST (RFC 9112): bytes in, status, headers and the body's beginning out, no I/O.

`feed` takes bytes as they come and says whether the answer is whole; an empty piece is the connection's end.
BadAnswerError: this is no HTTP, or beyond the bounds. A body longer than `max_body` is cut, and its connection of no
more use. No byte is searched twice, however small the pieces are.
"""

from __future__ import annotations

MAX_HEAD_BYTES = 65_536
_NO_BODY = frozenset({204, 304})


class BadAnswerError(ValueError):
    """`strerror` says what is wrong with it."""

    def __init__(self, strerror: str) -> None:
        super().__init__(strerror)
        self.strerror = strerror


class AnswerReader:
    """`status`, `headers` (names in lower case, the last of equal ones) and `body` stand once it is whole.

    `reusable`: the connection can take another request. It cannot before the answer is whole.
    """

    def __init__(self, max_body: int) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.reusable = False
        self._keeps_alive = False
        self._max_body = max_body
        self._pending = bytearray()
        self._searched = 0
        """So many of its bytes hold no end of what is looked for."""
        self._has_head = False
        self._chunk_left: int | None = None
        """Of the chunk that is read, with the line's end behind it; None where its size comes next."""
        self._chunks = bytearray()

    def feed(self, data: bytes) -> bool:
        self._pending += data
        while not self._has_head:
            if not self._read_head():
                if not data:
                    raise BadAnswerError("closed before the answer")
                return False
        return self._read_body(is_end=not data)

    def _read_head(self) -> bool:
        end = self._find(b"\r\n\r\n")
        if end < 0:
            if len(self._pending) > MAX_HEAD_BYTES:
                raise BadAnswerError("head too long")
            return False
        first, *lines = bytes(self._pending[:end]).decode("latin-1").split("\r\n")
        del self._pending[: end + 4]
        words = first.split(" ", 2)
        if len(words) < 2 or words[0] not in {"HTTP/1.1", "HTTP/1.0"} or not _is_number(words[1], 3):
            raise BadAnswerError("no HTTP")
        self.status = int(words[1])
        fields = (line.partition(":") for line in lines)
        self.headers = {name.strip().lower(): value.strip() for name, _, value in fields}
        # Interim answers have neither body nor end: the next head follows.
        self._has_head = not 100 <= self.status < 200
        connection = self.headers.get("connection", "").lower()
        self._keeps_alive = "close" not in connection and (words[0] == "HTTP/1.1" or "keep-alive" in connection)
        return True

    def _read_body(self, *, is_end: bool) -> bool:
        if self.status in _NO_BODY:
            return self._whole(b"", rest=len(self._pending))
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self._read_chunks(is_end=is_end)
        length = self.headers.get("content-length")
        if length is None:
            return self._read_to_the_end(is_end=is_end)
        if not _is_number(length):
            raise BadAnswerError("bad Content-Length")
        if len(self._pending) >= int(length):
            return self._whole(bytes(self._pending[: int(length)]), rest=len(self._pending) - int(length))
        return self._cut(is_end=is_end, body=self._pending)

    def _read_to_the_end(self, *, is_end: bool) -> bool:
        self._keeps_alive = False
        return self._whole(bytes(self._pending), rest=0) if is_end else self._cut(is_end=False, body=self._pending)

    def _read_chunks(self, *, is_end: bool) -> bool:
        while self._chunk_left != 0:
            if self._chunk_left is None:
                line_end = self._find(b"\r\n")
                if line_end < 0:
                    return self._cut(is_end=is_end, body=self._chunks)
                size = _chunk_size(bytes(self._pending[:line_end]))
                self._chunk_left = size + 2 if size else 0
                del self._pending[: line_end + 2 if size else line_end]
            elif not self._pending:
                return self._cut(is_end=is_end, body=self._chunks)
            else:
                self._read_chunk(self._chunk_left)
        end = self._find(b"\r\n\r\n")  # trailers may stand before it
        if end < 0:
            return self._cut(is_end=is_end, body=self._chunks)
        return self._whole(bytes(self._chunks), rest=len(self._pending) - end - 4)

    def _read_chunk(self, left: int) -> None:
        """As much of it as is there."""
        taken = min(left, len(self._pending))
        self._chunks += self._pending[: min(taken, max(0, left - 2))]
        del self._pending[:taken]
        self._chunk_left = left - taken or None

    def _find(self, end: bytes) -> int:
        at = self._pending.find(end, max(0, self._searched - len(end) + 1))
        self._searched = 0 if at >= 0 else len(self._pending)
        return at

    def _whole(self, body: bytes, rest: int) -> bool:
        self.reusable = self._keeps_alive and rest == 0 and len(body) <= self._max_body
        self.body = body[: self._max_body]
        return True

    def _cut(self, *, is_end: bool, body: bytearray) -> bool:
        """More is to come: enough of it is here, or nothing more comes."""
        if is_end:
            raise BadAnswerError("closed within the answer")
        return len(body) > self._max_body and self._whole(bytes(body), rest=0)  # too long to be reusable


def _is_number(text: str, digits: int = 0) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18 and (not digits or len(text) == digits)


def _chunk_size(line: bytes) -> int:
    digits = line.split(b";")[0].strip()
    if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
        raise BadAnswerError("bad chunk size")
    return int(digits, 16)
