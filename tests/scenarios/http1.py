"""The server's side of one HTTP/1.x exchange, written out by hand so that every byte is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .exchange import Exchange, Fields

if TYPE_CHECKING:
    from .sites import Connection

REASONS = {100: "Continue", 103: "Early Hints", 200: "OK", 204: "No Content", 302: "Found", 304: "Not Modified"}


class Http1Exchange(Exchange):
    framing = "length"
    version = "HTTP/1.1"

    @classmethod
    async def begin(cls, connection: Connection, number: int) -> Http1Exchange | None:
        """Read a request's head; None when the peer closed before one was whole."""
        head = await connection.read_until(b"\r\n\r\n")
        if not head.endswith(b"\r\n\r\n"):
            return None
        exchange = cls(connection, number)
        exchange.received = head
        start_line, *lines = head.decode("latin-1").split("\r\n")[:-2]
        exchange.method, exchange.target, _ = start_line.split(" ")
        exchange.request_fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        return exchange

    async def read_body(self, at_least: int | None = None) -> None:
        if self.field("transfer-encoding").lower() == "chunked":
            await self._read_chunks(at_least)
            return
        length = int(self.field("content-length") or 0)
        while len(self.request_body) < min(length, length if at_least is None else at_least):
            piece = await self._take(min(65536, length - len(self.request_body)))
            if not piece:
                return
            self.request_body += piece
        self.request_ended = len(self.request_body) == length

    async def _take(self, limit: int) -> bytes:
        data = await self.connection.read(limit)
        piece, rest = data[:limit], data[limit:]
        if rest:
            self.connection.pushed_back = rest
        self.received += piece
        return piece

    async def _read_chunks(self, at_least: int | None) -> None:
        while at_least is None or len(self.request_body) < at_least:
            line = await self._take_until(b"\r\n")
            if not line.endswith(b"\r\n"):
                return
            size = int(line.partition(b";")[0], 16)
            chunk = await self._take_exactly(size + 2)
            self.request_body += chunk[:size]
            if len(chunk) < size + 2:
                return
            if size == 0:
                self.request_ended = True
                return

    async def _take_until(self, end: bytes) -> bytes:
        line = await self.connection.read_until(end)
        self.received += line
        return line

    async def _take_exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = await self._take(size - len(data))
            if not piece:
                break
            data += piece
        return data

    async def raw(self, data: bytes) -> None:
        """Bytes as they are, whatever HTTP thinks of them."""
        self.sent += data
        await self.connection.write(data)

    async def garble(self) -> None:
        await self.raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        self.close()

    async def inform(self, status: int, fields: Fields) -> None:
        await self.raw(self._head(status, fields))

    async def head(self, status: int, fields: Fields, *, framing: str = "length", length: int = 0) -> None:
        self.framing = framing
        framed = list(fields)
        if framing == "length":
            framed.append(("Content-Length", str(length)))
        elif framing == "chunked":
            framed.append(("Transfer-Encoding", "chunked"))
        elif framing == "close":
            framed.append(("Connection", "close"))
        self.status = status
        self.response_fields = framed
        await self.raw(self._head(status, framed))

    def _head(self, status: int, fields: Fields) -> bytes:
        lines = [
            f"{self.version} {status} {REASONS.get(status, 'Status')}",
            *(f"{name}: {value}" for name, value in fields),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    async def data(self, piece: bytes) -> None:
        self.response_body += piece
        await self.raw(b"%x\r\n%s\r\n" % (len(piece), piece) if self.framing == "chunked" else piece)

    async def end(self) -> None:
        self.response_ended = True
        if self.framing == "chunked":
            await self.raw(b"0\r\n\r\n")
        if self.framing == "close":
            self.close()
