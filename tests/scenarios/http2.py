"""The server's side of HTTP/2, by h2: each stream is an Exchange with a task of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

from .exchange import Exchange, Fields

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .sites import Connection


class Http2Session:
    """One connection: frames in, events to the streams' exchanges, frames out."""

    def __init__(self, connection: Connection, on_request: Callable[[Exchange], Awaitable[None]]) -> None:
        self.connection = connection
        self.on_request = on_request
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self.exchanges: dict[int, Http2Exchange] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        self.h2.initiate_connection()
        streams = self.connection.site.behaviour.streams
        if streams is not None:
            self.h2.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: streams})
        await self.flush()
        while data := await self.connection.read():
            try:
                events = self.h2.receive_data(data)
            except h2.exceptions.ProtocolError:
                break
            for event in events:
                self.handle(event)
            await self.flush()
        for task in self.tasks:
            task.cancel()

    async def flush(self) -> None:
        await self.connection.write(self.h2.data_to_send())

    def handle(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            self.begin(event)
            return
        exchange = self.exchanges.get(getattr(event, "stream_id", None) or 0)
        if exchange and isinstance(event, h2.events.DataReceived):
            exchange.request_body += event.data or b""
            exchange.unacknowledged += event.flow_controlled_length or 0
            exchange.acknowledge()
        if exchange and isinstance(event, h2.events.StreamEnded):
            exchange.request_ended = True
        if exchange and isinstance(event, h2.events.StreamReset):
            exchange.closed = True
        for each in self.exchanges.values():
            each.progress.set()

    def begin(self, event: h2.events.RequestReceived) -> None:
        site = self.connection.site
        exchange = Http2Exchange(self, event.stream_id or 0, len(site.exchanges))
        exchange.request_fields = [(str(name), str(value)) for name, value in event.headers or ()]
        exchange.method = exchange.field(":method")
        exchange.target = exchange.field(":path")
        site.exchanges.append(exchange)
        self.exchanges[exchange.stream] = exchange
        task = asyncio.ensure_future(self.on_request(exchange))
        self.tasks.add(task)


class Http2Exchange(Exchange):
    def __init__(self, session: Http2Session, stream: int, number: int) -> None:
        super().__init__(session.connection, number)
        self.session = session
        self.stream = stream
        self.progress = asyncio.Event()
        self.unacknowledged = 0
        self.reads = False

    async def read_body(self, at_least: int | None = None) -> None:
        self.reads = True
        self.acknowledge()
        await self.session.flush()
        while not (self.request_ended or self.closed or len(self.request_body) >= (at_least or 1 << 40)):
            await self._progress()
        self.reads = False

    def acknowledge(self) -> None:
        """Open the flow control window again by what came, if the script reads at all."""
        if self.reads and self.unacknowledged and not self.request_ended:
            self.session.h2.acknowledge_received_data(self.unacknowledged, self.stream)
            self.unacknowledged = 0

    async def _progress(self) -> None:
        self.progress.clear()
        await self.progress.wait()

    async def garble(self) -> None:
        await self.connection.write(b"\x00\x00\x04\x09\xff\x00\x00\x00\x07garb")  # CONTINUATION out of place
        self.close()

    async def inform(self, status: int, fields: Fields) -> None:
        self.session.h2.send_headers(self.stream, self._fields(status, fields))
        await self.session.flush()

    async def head(self, status: int, fields: Fields, *, framing: str = "length", length: int = 0) -> None:
        sent = [*fields, ("content-length", str(length))] if framing == "length" else list(fields)
        self.status = status
        self.response_fields = self._fields(status, sent)
        self.session.h2.send_headers(self.stream, self.response_fields)
        await self.session.flush()

    def _fields(self, status: int, fields: Fields) -> Fields:
        return [(":status", str(status)), *((name.lower(), value) for name, value in fields)]

    async def data(self, piece: bytes) -> None:
        self.response_body += piece
        while piece and not self.closed:
            window = min(
                self.session.h2.local_flow_control_window(self.stream),
                self.session.h2.max_outbound_frame_size,
                len(piece),
            )
            if not window:
                await self._progress()
                continue
            self.session.h2.send_data(self.stream, piece[:window])
            await self.session.flush()
            piece = piece[window:]

    async def end(self) -> None:
        if self.closed:
            return
        self.response_ended = True
        self.session.h2.end_stream(self.stream)
        await self.session.flush()

    async def reset_stream(self) -> None:
        """RST_STREAM: this exchange alone fails."""
        self.session.h2.reset_stream(self.stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        await self.session.flush()
