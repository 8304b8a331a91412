"""Real receivers on loopback: with TLS, IPv6, a proxy; slow ones, and ones that refuse or break off."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler], family: socket.AddressFamily) -> None:
        self.address_family = family
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        super().__init__(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0), handler)


@contextlib.contextmanager
def receiver(
    answer: Callable[[BaseHTTPRequestHandler, int], object] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    family: socket.AddressFamily = socket.AF_INET,
) -> Iterator[Server]:
    """`answer(handler, n)` answers the n-th request (from 0); left out: 200 with an empty object."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server: Server

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            number = len(self.server.requests)
            self.server.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            (answer or ok)(self, number)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Silent."""

    server = Server(Handler, family)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"{}", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def ok(handler: BaseHTTPRequestHandler, _number: int) -> None:
    say(handler, 200)
