"""Real servers on loopback, one for each scenario, with exact control of the bytes.

A Site listens on a port of its own and plays a Behaviour. It records every exchange as the server saw it, which is what
the wrapper's records are held against. All sites share one event loop in one thread; behaviours are coroutines.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import shutil
import socket
import ssl
import struct
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import trustme

from .http1 import Http1Exchange
from .http2 import Http2Session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator
    from concurrent.futures import Future

    from .exchange import Exchange

Result = TypeVar("Result")
LINGER_RESET = struct.pack("ii", 1, 0)  # struct linger: on, no time: close() sends RST
PATIENCE = 15.0  # seconds that a behaviour waits for its peer; longer than any client of the table


@dataclass(frozen=True)
class Behaviour:
    """How a site treats its peers.

    `on_connection` runs first, on the bare TCP connection, and TLS is then its own business; it returns True when HTTP
    shall follow. `on_request` answers one exchange. `certificate` names the host that the certificate is for;
    `trusted=False` signs it with an authority that no client knows. `accepts=False`: connecting hangs.
    `streams` limits how many requests HTTP/2 takes at once.
    """

    on_request: Callable[[Exchange], Awaitable[None]] | None = None
    on_connection: Callable[[Connection], Awaitable[bool]] | None = None
    certificate: str = "127.0.0.1"
    trusted: bool = True
    accepts: bool = True
    streams: int | None = None


class Authority:
    """The certificates of a run, made once for each host: keys cost tens of milliseconds."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="aftercall-scenarios-"))
        self.known = trustme.CA()
        self.unknown = trustme.CA()
        self.trust = str(self.folder / "trust.pem")
        self.known.cert_pem.write_to_path(self.trust)

    @functools.cache  # noqa: B019  one authority lives as long as the tests
    def context(self, host: str, trusted: bool, wire: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["h2"] if wire == "h2" else ["http/1.1"])
        (self.known if trusted else self.unknown).issue_cert(host).configure_cert(context)
        return context

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Connection:
    """One accepted connection: bytes in and out, and the harsher ways to end it."""

    def __init__(self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.site = site
        self.reader = reader
        self.writer = writer
        self.pushed_back = b""
        self.lost = False
        self.gathered: bytearray | None = None

    async def read(self, limit: int = 65536) -> bytes:
        """Up to `limit` bytes; empty at the peer's end of file or reset."""
        if self.pushed_back:
            data, self.pushed_back = self.pushed_back, b""
            return data
        try:
            return await self.reader.read(limit)
        except OSError:
            return b""

    async def read_until(self, end: bytes) -> bytes:
        """Bytes up to and with `end`, or all that came before the peer closed."""
        data = b""
        while end not in data:
            more = await self.read()
            if not more:
                return data
            data += more
        whole, found, self.pushed_back = data.partition(end)
        return whole + found

    async def write(self, data: bytes) -> None:
        """Nothing is written once the peer is known to have gone."""
        if self.gathered is not None:
            self.gathered += data
            return
        if self.lost or self.writer.is_closing():
            return
        self.writer.write(data)
        try:
            await self.writer.drain()
        except OSError:
            self.lost = True

    @contextlib.contextmanager
    def one_piece(self, wanted: bool = True) -> Iterator[None]:
        """What is written within goes out at the end of it, so that the peer cannot read a part of it."""
        self.gathered = bytearray() if wanted else None
        try:
            yield
        finally:
            self._send_gathered()

    def _send_gathered(self) -> None:
        gathered, self.gathered = self.gathered, None
        if gathered and not self.lost and not self.writer.is_closing():
            self.writer.write(bytes(gathered))

    async def start_tls(self, host: str = "127.0.0.1", trusted: bool = True) -> None:
        await self.writer.start_tls(self.site.sites.authority.context(host, trusted, self.site.wire))

    async def end_and_drain(self, seconds: float) -> None:
        """End our side, and read what still comes for so long at most."""
        if self.writer.can_write_eof() and not self.lost:
            self.writer.write_eof()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._drain(), seconds)

    async def _drain(self) -> None:
        while await self.read():
            pass

    def reset(self) -> None:
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RESET)
        self.writer.transport.abort()

    def close(self) -> None:
        self._send_gathered()
        self.writer.close()

    async def forever(self) -> None:
        """Neither read nor write until the site is closed."""
        await self.site.closing.wait()


class Site:
    """A listening port that plays one behaviour; `exchanges` and `connections` are what came, until `forget`."""

    def __init__(self, sites: Sites, behaviour: Behaviour, wire: str, tls: bool) -> None:
        self.sites = sites
        self.behaviour = behaviour
        self.wire = wire
        self.tls = tls
        self.exchanges: list[Exchange] = []
        self.connections = 0
        self.closing = asyncio.Event()
        self.acknowledged = asyncio.Event()
        self.listener = socket.socket()
        # Small, so that a peer that is not read from stalls at once.
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.listener.bind(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.acknowledgements = socket.socket()
        self.acknowledgements.bind(("127.0.0.1", 0))
        self.ack_port: int = self.acknowledgements.getsockname()[1]
        self.fillers: list[socket.socket] = []

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"

    @property
    def base(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def listen(self) -> None:
        if not self.behaviour.accepts:
            self._fill_backlog()
            return
        context = None
        if self.tls and self.behaviour.on_connection is None:
            context = self.sites.authority.context(self.behaviour.certificate, self.behaviour.trusted, self.wire)
        await asyncio.start_server(self._accepted, sock=self.listener, ssl=context, backlog=128)
        await asyncio.start_server(self._acknowledge, sock=self.acknowledgements)

    def _fill_backlog(self) -> None:
        """Let the kernel's queue run full: from then on it drops each SYN, and connect() hangs."""
        self.listener.listen(0)
        for _ in range(8):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self.fillers.append(filler)

    async def _acknowledge(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.acknowledged.set()
        writer.close()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = Connection(self, reader, writer)
        try:
            go_on = self.behaviour.on_connection is None or await self.behaviour.on_connection(connection)
            if go_on:
                await self._serve(connection)
        finally:
            connection.close()

    async def _serve(self, connection: Connection) -> None:
        on_request = self.behaviour.on_request
        if on_request is None:
            return
        if self.wire == "h2":
            await Http2Session(connection, on_request).run()
            return
        while True:
            exchange = await Http1Exchange.begin(connection, len(self.exchanges))
            if exchange is None:
                return
            self.exchanges.append(exchange)
            await on_request(exchange)
            if exchange.closed:
                return

    def forget(self) -> None:
        self.exchanges = []
        self.connections = 0
        self.acknowledged.clear()


class Sites:
    """The event loop, its thread, and everything that listens in it."""

    def __init__(self) -> None:
        self.authority = Authority()
        self.loop = asyncio.new_event_loop()
        # Peers that vanish in a handshake or while they are written to are what half of the table is about.
        self.loop.set_exception_handler(lambda loop, context: None)
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        self.thread = threading.Thread(target=self.loop.run_forever, name="sites", daemon=True)
        self.thread.start()
        self.sites: list[Site] = []
        self.reserved: list[socket.socket] = []

    def reserve(self) -> int:
        """A port on which nothing listens, and nothing will."""
        closed = socket.socket()
        closed.bind(("127.0.0.1", 0))
        self.reserved.append(closed)
        return int(closed.getsockname()[1])

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        future: Future[Result] = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        return future.result(PATIENCE)

    def add(self, behaviour: Behaviour, wire: str = "h1", tls: bool = False) -> Site:
        async def start() -> Site:
            site = Site(self, behaviour, wire, tls)
            await site.listen()
            return site

        site = self.run(start())
        self.sites.append(site)
        return site

    def close(self) -> None:
        async def stop() -> None:
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self.run(stop())
        for closed in self.reserved:
            closed.close()
        for site in self.sites:
            for listener in (site.listener, site.acknowledgements, *site.fillers):
                listener.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.authority.close()
