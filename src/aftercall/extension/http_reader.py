"""Reads HTTP/1.1 requests: bytes in, bodies out, no I/O. What the Telemetry API sends, and what else may come.

`feed` takes bytes as they come and gives the bodies of the requests that they complete. RefusedError means that this
is no request of ours: answer 400 and close.
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
        self._body_length: int | None = None
        self._chunked = False
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
        end = self._pending.find(b"\r\n\r\n")
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
        """The body once its last chunk is there; until then everything waits, within the bound."""
        if len(self._pending) > 2 * MAX_BODY_BYTES:
            raise RefusedError("body too long")
        found: list[bytes] = []
        offset = 0
        while (line_end := self._pending.find(b"\r\n", offset)) >= 0:
            size = _chunk_size(bytes(self._pending[offset:line_end]))
            start = line_end + 2
            if size == 0:
                end = self._end_of_trailers(line_end)
                if end is None:
                    return None
                del self._pending[:end]
                return b"".join(found)
            if len(self._pending) < start + size + 2:
                return None
            found.append(bytes(self._pending[start : start + size]))
            offset = start + size + 2
        return None

    def _end_of_trailers(self, line_end: int) -> int | None:
        end = self._pending.find(b"\r\n\r\n", line_end)
        return end + 4 if end >= 0 else None


def _chunk_size(line: bytes) -> int:
    digits = line.split(b";")[0].strip()
    if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
        raise RefusedError("bad chunk size")
    return int(digits, 16)
