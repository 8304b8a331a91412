"""A server on loopback that sends exactly the bytes it is told to, one canned answer a request."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CLOSE = b""  # an answer: close the connection without one


class Server:
    """`answers` are given in turn: bytes, a tuple of bytes (one that ends in CLOSE closes), or a function(connection).

    `requests` holds what came, head and body; `connections` counts.
    """

    def __init__(self, *answers, context=None):
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http{'s' if context else ''}://localhost:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                while self.answers and self.answer(connection):
                    pass
        except OSError:
            pass

    def answer(self, connection) -> bool:
        if callable(self.answers[0]):
            return bool(self.answers.pop(0)(connection))
        request = read_request(connection)
        if not request:
            return False
        self.requests.append(request)
        answer = self.answers.pop(0)
        for piece in (answer,) if isinstance(answer, bytes) else answer:
            if piece == CLOSE:
                return False
            connection.sendall(piece)
        return True


def read_request(connection) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    if re.search(rb"(?i)transfer-encoding: *chunked", head):
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(65536)
    elif length:
        while len(body) < int(length[1]):
            body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(*answers, context=None):
    server = Server(*answers, context=context)
    try:
        yield server
    finally:
        server.listener.close()
