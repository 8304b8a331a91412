"""Reads HTTP/1.1 requests: bytes in, bodies out, no I/O. What the Telemetry API sends, and what else may come.

`feed` takes bytes as they come and gives the bodies of the requests that they complete. RefusedError means that this
is no request of ours: answer 400 and close. What was read is let go at once and no byte is searched twice: a sender may
hand over megabytes in chunks of one byte.
"""

from __future__ import annotations

MAX_HEAD_BYTES = 16_384
MAX_BODY_BYTES = 8 * 1024 * 1024
"""The subscription asks for 256 KiB a request; Lambda may add one large item."""


class RefusedError(Exception):
    """Not HTTP, or beyond the bounds."""


class RequestReader:
    """The requests of one connection."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._searched = 0
        """So many of its bytes hold no end of what is looked for."""
        self._body_length: int | None = None
        self._chunked = False
        self._chunk_left: int | None = None
        """Of the chunk that is read, with the line's end behind it; None where its size comes next."""
        self._body = bytearray()
        """Of the chunks that were read."""
        self._framed = 0
        """Bytes of them and of their framing."""
        self.expects_continue = False
        """The sender waits for `100 Continue`; whoever answers sets it back."""

    def feed(self, data: bytes) -> list[bytes]:
        self._pending += data
        bodies = []
        while (body := self._next()) is not None:
            bodies.append(body)
        return bodies

    def _next(self) -> bytes | None:
        if self._body_length is None and not self._read_head():
            return None
        body = self._read_chunked() if self._chunked else self._read_counted()
        if body is not None:
            self._body_length = None
        return body

    def _read_head(self) -> bool:
        end = self._find(b"\r\n\r\n")
        if end < 0:
            if len(self._pending) > MAX_HEAD_BYTES:
                raise RefusedError("head too long")
            return False
        lines = bytes(self._pending[:end]).decode("latin-1").split("\r\n")
        del self._pending[: end + 4]
        if not lines[0].rpartition(" ")[2].startswith("HTTP/1."):
            raise RefusedError("no HTTP/1 request")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self._chunked = "chunked" in fields.get("transfer-encoding", "").lower()
        self.expects_continue = fields.get("expect", "").lower() == "100-continue"
        length = fields.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or len(length) > 9 or int(length) > MAX_BODY_BYTES:
            raise RefusedError("bad Content-Length")
        self._body_length = int(length)
        return True

    def _read_counted(self) -> bytes | None:
        length = self._body_length or 0
        if len(self._pending) < length:
            return None
        body = bytes(self._pending[:length])
        del self._pending[:length]
        return body

    def _read_chunked(self) -> bytes | None:
        """The body once its last chunk is there."""
        while True:
            if self._framed + len(self._pending) > 2 * MAX_BODY_BYTES:
                raise RefusedError("body too long")
            if self._chunk_left == 0:
                return self._read_trailers()
            if not (self._read_chunk_size() if self._chunk_left is None else self._read_chunk(self._chunk_left)):
                return None

    def _read_chunk_size(self) -> bool:
        line_end = self._find(b"\r\n")
        if line_end < 0:
            return False
        size = _chunk_size(bytes(self._pending[:line_end]))
        self._chunk_left = size + 2 if size else 0
        self._let_go(line_end + 2 if size else line_end)  # no trailers: the last line's end is the first of two
        return True

    def _read_chunk(self, length: int) -> bool:
        if len(self._pending) < length:
            return False
        self._body += self._pending[: length - 2]
        self._let_go(length)
        self._chunk_left = None
        return True

    def _read_trailers(self) -> bytes | None:
        end = self._find(b"\r\n\r\n")
        if end < 0:
            return None
        self._let_go(end + 4)
        body = bytes(self._body)
        self._body.clear()
        self._framed, self._chunk_left = 0, None
        return body

    def _find(self, end: bytes) -> int:
        """Where it stands among what is pending; what was searched before is not searched again."""
        at = self._pending.find(end, max(0, self._searched - len(end) + 1))
        self._searched = 0 if at >= 0 else len(self._pending)
        return at

    def _let_go(self, length: int) -> None:
        del self._pending[:length]
        self._framed += length


def _chunk_size(line: bytes) -> int:
    digits = line.split(b";")[0].strip()
    if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
        raise RefusedError("bad chunk size")
    return int(digits, 16)
