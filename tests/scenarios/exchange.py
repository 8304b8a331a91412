"""One exchange as the server saw it, over HTTP/1.x or 2: what scripts speak, and what records are held against."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .sites import Connection

Fields = list[tuple[str, str]]
PIECE_BYTES = 16_384


class Exchange(ABC):
    """One request and its response.

    `received` and `sent` are wire bytes (HTTP/1.x alone), bodies are without framing; `number` counts from 0.
    """

    def __init__(self, connection: Connection, number: int) -> None:
        self.connection = connection
        self.site = connection.site
        self.number = number
        self.method = ""
        self.target = ""
        self.request_fields: Fields = []
        self.received = b""
        self.request_body = b""
        self.request_ended = False
        self.status = 0
        self.response_fields: Fields = []
        self.sent = b""
        self.response_body = b""
        self.response_ended = False
        self.closed = False

    def field(self, name: str) -> str:
        """The request's header field, or an empty string."""
        return next((value for key, value in self.request_fields if key.lower() == name), "")

    @abstractmethod
    async def read_body(self, at_least: int | None = None) -> None:
        """Read the request's body to its end, or until `at_least` bytes of it are here, into request_body."""

    @abstractmethod
    async def inform(self, status: int, fields: Fields) -> None:
        """Send a 1xx response."""

    @abstractmethod
    async def head(self, status: int, fields: Fields, *, framing: str = "length", length: int = 0) -> None:
        """Send the response's head. `framing` is length, chunked, close or none, where HTTP/1.1 needs one."""

    @abstractmethod
    async def data(self, piece: bytes) -> None:
        """Send a piece of the response's body."""

    @abstractmethod
    async def garble(self) -> None:
        """Send what no client of this protocol can read."""

    @abstractmethod
    async def end(self) -> None:
        """End the response."""

    async def respond(self, status: int, fields: Fields, body: bytes = b"", *, framing: str = "length") -> None:
        """A whole response; a body larger than 16 KiB goes out in pieces, all else in one, as servers send it."""
        with self.connection.one_piece(len(body) <= PIECE_BYTES):
            await self.head(status, fields, framing=framing, length=len(body))
            for start in range(0, len(body), PIECE_BYTES):
                await self.data(body[start : start + PIECE_BYTES])
            await self.end()

    def reset(self) -> None:
        self.closed = True
        self.connection.reset()

    def close(self) -> None:
        """End of file for the peer, in the middle of whatever it expected."""
        self.closed = True
        self.connection.close()
