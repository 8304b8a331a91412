"""An HTTP receiver on loopback that answers, refuses, keeps silent, drips its answers or does not even read."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}"
PATIENCE_SECONDS = 120.0


@dataclass
class Backend:
    """`manner`: answers, refuses (503), silent (reads, never answers), deaf (never reads), drips (a byte a moment)."""

    manner: str = "answers"
    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    accepted: list[float] = field(default_factory=list)
    """Seconds since the epoch at which connections came."""
    held: threading.Event = field(default_factory=threading.Event)
    """`silent` ones are answered once it is set."""
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Of invocations, without those that tell what Lambda billed for them."""
        return [document for body in self.bodies if (document := json.loads(body)).get("kind") != "report"]


@contextlib.contextmanager
def backend(manner: str = "answers") -> Iterator[Backend]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = Backend(manner, f"http://127.0.0.1:{listener.getsockname()[1]}")
        threading.Thread(target=_accept, args=(one, listener), daemon=True).start()
        try:
            yield one
        finally:
            one.closing.set()
            one.held.set()
            listener.shutdown(socket.SHUT_RDWR)


def _accept(one: Backend, listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            one.accepted.append(time.time())
            threading.Thread(target=_serve, args=(one, connection), daemon=True).start()


def _serve(one: Backend, connection: socket.socket) -> None:
    with contextlib.suppress(OSError), connection, connection.makefile("rb") as incoming:
        if one.manner == "deaf":
            one.closing.wait(PATIENCE_SECONDS)
            return
        while (body := _read(incoming)) is not None:
            # An outage is one: what was refused was not taken.
            if one.manner != "refuses":
                one.bodies.append(body)
            if one.manner == "silent":
                one.held.wait(PATIENCE_SECONDS)
            _answer(one, connection)


def _read(incoming: Any) -> bytes | None:
    if not incoming.readline():
        return None
    length = 0
    while (line := incoming.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    body: bytes = incoming.read(length)
    return body


def _answer(one: Backend, connection: socket.socket) -> None:
    if one.manner != "drips":
        connection.sendall(UNAVAILABLE if one.manner == "refuses" else OK)
        return
    for byte in OK:
        connection.sendall(bytes((byte,)))
        if one.closing.wait(0.3):
            return
