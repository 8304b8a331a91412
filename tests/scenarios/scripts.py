"""What the sites do: one coroutine for each kind of answer, and the Behaviours made of them."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
from collections.abc import Awaitable, Callable

from .clients.driver import content
from .exchange import Exchange, Fields
from .http1 import Http1Exchange
from .sites import Behaviour, Connection

OnRequest = Callable[[Exchange], Awaitable[None]]
TEXT: Fields = [("Content-Type", "text/plain"), ("X-Scenario", "seen")]
SETTLE = 0.1  # seconds: the peer has then read what was sent, or is blocked in its own sending


def answer(
    status: int = 200, size: int = 2000, fields: Fields = TEXT, *, framing: str = "length", zipped: bool = False
) -> OnRequest:
    """Read the whole request, then answer with `size` bytes."""
    body = content(size)

    async def script(exchange: Exchange) -> None:
        await exchange.read_body()
        if zipped:
            await exchange.respond(
                status, [*fields, ("Content-Encoding", "gzip")], gzip.compress(body, mtime=0), framing=framing
            )
        else:
            await exchange.respond(status, fields, body, framing=framing)

    return script


def empty(status: int) -> OnRequest:
    """A response that has no body by its nature."""

    async def script(exchange: Exchange) -> None:
        await exchange.read_body()
        await exchange.respond(status, TEXT, framing="none")

    return script


def headers_of(size: int) -> OnRequest:
    """What HEAD is answered with: the length of a body that does not come."""

    async def script(exchange: Exchange) -> None:
        await exchange.head(200, TEXT, length=size)
        await exchange.end()

    return script


def one_after_another(*scripts: OnRequest) -> OnRequest:
    """The first exchange gets the first script, and so on; the last one all that follow."""

    async def script(exchange: Exchange) -> None:
        await scripts[min(exchange.number, len(scripts) - 1)](exchange)

    return script


def redirect(status: int) -> OnRequest:
    """To the same site, one level deeper."""

    async def script(exchange: Exchange) -> None:
        await exchange.read_body()
        await exchange.respond(status, [("Location", exchange.target + "/moved")], b"moved")

    return script


def continues(then: OnRequest) -> OnRequest:
    """Ask for the body, where the client waits to be asked."""

    async def script(exchange: Exchange) -> None:
        if exchange.field("expect"):
            await exchange.inform(100, [])
        await then(exchange)

    return script


def refuses_body(status: int, fields: Fields) -> OnRequest:
    """A final answer instead of 100. What impatient clients have sent by now is read; then the connection ends.

    As servers do, it goes on reading for a moment: who sends the body all the same would meet a reset, by chance
    before he reads the answer.
    """

    async def script(exchange: Exchange) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(exchange.read_body(), SETTLE)
        await exchange.head(status, fields, framing="close")
        await exchange.data(b"refused")
        if isinstance(exchange, Http1Exchange):
            await exchange.connection.end_and_drain(SETTLE)
        await exchange.end()

    return script


def early_hints(exchange_answer: OnRequest) -> OnRequest:
    async def script(exchange: Exchange) -> None:
        await exchange.inform(103, [("Link", "</style.css>; rel=preload")])
        await exchange_answer(exchange)

    return script


def events(pieces: int) -> OnRequest:
    """Events of 1,000 bytes each; the second one is sent when the client has shown that it has the first."""

    async def script(exchange: Exchange) -> None:
        await exchange.head(200, [("Content-Type", "text/event-stream")], framing="chunked")
        for number in range(pieces):
            await exchange.data(b"data: %0991d\r\n\r" % number)
            if number == 0:
                await exchange.site.acknowledged.wait()
        await exchange.end()

    return script


async def http10(exchange: Exchange) -> None:
    assert isinstance(exchange, Http1Exchange)
    exchange.version = "HTTP/1.0"
    await exchange.respond(200, TEXT, content(2000), framing="none")
    exchange.close()


async def until_close(exchange: Exchange) -> None:
    await exchange.respond(200, TEXT, content(2000), framing="none")
    exchange.close()


def cut(size: int, sent: int, *, framing: str = "length", reset: bool = False) -> OnRequest:
    """Promise `size` bytes, send `sent` of them, end the connection."""

    async def script(exchange: Exchange) -> None:
        await exchange.read_body()
        await exchange.head(200, TEXT, framing=framing, length=size)
        await exchange.data(content(size)[:sent])
        await asyncio.sleep(SETTLE)
        if reset:
            exchange.reset()
        else:
            exchange.close()

    return script


async def close_unanswered(exchange: Exchange) -> None:
    await exchange.read_body()
    await asyncio.sleep(SETTLE)
    exchange.close()


async def reset_unanswered(exchange: Exchange) -> None:
    await exchange.read_body()
    await asyncio.sleep(SETTLE)
    exchange.reset()


async def reset_in_head(exchange: Exchange) -> None:
    await exchange.read_body()
    assert isinstance(exchange, Http1Exchange)
    await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Ty")
    await asyncio.sleep(SETTLE)
    exchange.reset()


async def reset_in_request(exchange: Exchange) -> None:
    """When the client is blocked in sending its large body."""
    if exchange.field("expect"):
        await exchange.inform(100, [])
    await exchange.read_body(at_least=10_000)
    await asyncio.sleep(SETTLE)
    exchange.reset()


async def garbage(exchange: Exchange) -> None:
    await exchange.read_body()
    await exchange.garble()


async def silent(exchange: Exchange) -> None:
    """The request is read, and never answered."""
    await exchange.read_body()
    await exchange.connection.forever()


async def silent_in_body(exchange: Exchange) -> None:
    await exchange.read_body()
    await exchange.head(200, TEXT, length=20_000)
    await exchange.data(content(20_000)[:5000])
    await exchange.connection.forever()


async def unread(exchange: Exchange) -> None:
    """The head is read, and nothing of the body beyond what lies in buffers."""
    if exchange.field("expect"):
        await exchange.inform(100, [])
    await exchange.connection.forever()


async def never_tls(connection: Connection) -> bool:
    await connection.read()
    await connection.forever()
    return False


async def reset_in_tls(connection: Connection) -> bool:
    await connection.read()
    connection.reset()
    return False


async def speaks_plainly(connection: Connection) -> bool:
    """Until the peer ends the connection: of an end that comes with the text some clients hear first."""
    await connection.read()
    await connection.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    while await connection.read():
        pass
    return False


def tunnels(certificate: str) -> Callable[[Connection], Awaitable[bool]]:
    """A CONNECT proxy that plays the origin itself."""

    async def script(connection: Connection) -> bool:
        await connection.read_until(b"\r\n\r\n")
        await connection.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await connection.start_tls(certificate)
        except (OSError, ssl.SSLError):
            return False
        return True

    return script


async def refuses_tunnel(connection: Connection) -> bool:
    await connection.read_until(b"\r\n\r\n")
    await connection.write(
        b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
        b"Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
    return False


async def silent_tunnel(connection: Connection) -> bool:
    await connection.read_until(b"\r\n\r\n")
    await connection.forever()
    return False


def http(script: OnRequest, **options: object) -> Behaviour:
    return Behaviour(on_request=script, **options)  # type: ignore[arg-type]  # the fields of Behaviour


NEVER_ACCEPTS = Behaviour(accepts=False)
