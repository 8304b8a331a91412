"""An OTLP receiver on loopback, in a process of its own: it takes everything and answers at once."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import Self

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Receiver:
    def __enter__(self) -> Self:
        self._process = subprocess.Popen([sys.executable, "-S", "-E", __file__], stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def serve() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection:
                answer(connection)


def answer(connection: socket.socket) -> None:
    pending = b""
    while data := connection.recv(1 << 20):
        pending += data
        head, blank, body = pending.partition(b"\r\n\r\n")
        if not blank:
            continue
        (length,) = (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        if len(body) >= length:
            pending = body[length:]
            connection.sendall(OK)


if __name__ == "__main__":
    serve()
