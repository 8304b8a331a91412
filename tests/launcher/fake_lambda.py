"""A stand-in for Lambda's Extensions and Telemetry API, made to misbehave.

Requests are recorded with the moment at which they were read. Each kind of request is answered properly unless an
answer was put into `answers[kind]`, which is used up first; `next` waits for `send_event`. How the bytes travel (split,
chunked, ended by the connection) is part of each answer.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

WAIT_S = 120.0
IDENTIFIER = "5d1c1a7e-1111-4222-8333-abcdefabcdef"
REGISTERED = {
    "functionName": "demo",
    "functionVersion": "$LATEST",
    "handler": "app.handler",
    "accountId": "123456789012",
}


@dataclass
class Answer:
    """`style` is plain, split (a byte or so a packet), chunked, eof (no length, ended by close) or http10."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    style: str = "plain"
    raw: bytes | None = None  # sent as it is, then closed; with `silent`, left open
    silent: bool = False  # nothing is ever answered
    close: bool = False  # the connection is closed instead


@dataclass
class Request:
    kind: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float  # time.monotonic()


def refusal(status: int, error_type: str = "Extension.InvalidExtensionState") -> Answer:
    return Answer(status, json.dumps({"errorType": error_type, "errorMessage": "refused"}).encode())


def invoke(request_id: str = "r-1", *, in_ms: int = 30_000, **more: Any) -> dict[str, Any]:
    return {
        "eventType": "INVOKE",
        "deadlineMs": int(time.time() * 1000) + in_ms,
        "requestId": request_id,
        "invokedFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:demo",
        **more,
    }


def shutdown(reason: str = "spindown", *, in_ms: int = 2_000) -> dict[str, Any]:
    return {"eventType": "SHUTDOWN", "deadlineMs": int(time.time() * 1000) + in_ms, "shutdownReason": reason}


def kind_of(path: str) -> str:
    return {
        "/2020-01-01/extension/register": "register",
        "/2022-07-01/telemetry": "subscribe",
        "/2020-01-01/extension/event/next": "next",
    }.get(path, "unknown")


class FakeLambda:
    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: dict[str, deque[Answer]] = defaultdict(deque)
        self.event_style = "plain"
        self._events: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._open = True
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with self._changed:
            self._open = False
            self._changed.notify_all()
        for one in (self._listener, *self._connections):
            # shutdown wakes the thread that waits in accept or recv, close alone does not
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    # what tests say and ask

    def send_event(self, event: dict[str, Any] | bytes) -> None:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        with self._changed:
            self._events.append(body)
            self._changed.notify_all()

    def of_kind(self, kind: str) -> list[Request]:
        with self._changed:
            return [request for request in self.requests if request.kind == kind]

    def wait_for(self, kind: str, count: int = 1, timeout: float = WAIT_S) -> list[Request]:
        """The requests of that kind, once there are `count` of them."""
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                found = [request for request in self.requests if request.kind == kind]
                if len(found) >= count:
                    return found
                left = end - time.monotonic()
                if left <= 0:
                    kinds = [request.kind for request in self.requests]
                    raise AssertionError(f"{count} times {kind} was awaited, requests were {kinds}")
                self._changed.wait(left)

    def drop_connections(self) -> None:
        with self._changed:
            dropped, self._connections = self._connections, []
            self._changed.notify_all()
        for one in dropped:
            with contextlib.suppress(OSError):  # its thread may have closed it meanwhile
                one.shutdown(socket.SHUT_RDWR)

    # how it answers

    def _accept(self) -> None:
        while self._open:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        incoming = connection.makefile("rb")
        try:
            while self._open and (request := read_request(incoming)):
                with self._changed:
                    self.requests.append(request)
                    self._changed.notify_all()
                if not self._answer(connection, request):
                    return
        except OSError:
            pass
        finally:
            incoming.close()
            connection.close()

    def _answer(self, connection: socket.socket, request: Request) -> bool:
        """Whether the connection goes on."""
        answer = self._take_answer(request, connection)
        if answer.raw is not None:
            connection.sendall(answer.raw)
        if answer.silent:
            with self._changed:
                while self._open:
                    self._changed.wait(1)
            return False
        if answer.close or answer.raw is not None:
            return False
        return send_answer(connection, answer)

    def _take_answer(self, request: Request, connection: socket.socket) -> Answer:
        with self._changed:
            if self.answers[request.kind]:
                return self.answers[request.kind].popleft()
            if request.kind == "register":
                body = json.dumps(REGISTERED).encode()
                return Answer(200, body, {"Lambda-Extension-Identifier": IDENTIFIER}, self.event_style)
            if request.kind == "subscribe":
                return Answer(200, b"OK", style=self.event_style)
            if request.kind == "next":
                while self._open and connection in self._connections and not self._events:
                    self._changed.wait(1)
                if not self._open or connection not in self._connections:
                    return Answer(close=True)
                return Answer(200, self._events.popleft(), {"Lambda-Extension-Event-Identifier": "e"}, self.event_style)
        return Answer(404)


def read_request(incoming: Any) -> Request | None:
    start = incoming.readline().decode("latin-1").split()
    if len(start) != 3:
        return None
    headers = {}
    while (line := incoming.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    at = time.monotonic()
    body = incoming.read(int(headers.get("content-length", "0")))
    return Request(kind_of(start[1]), start[0], start[1], headers, body, at)


def send_answer(connection: socket.socket, answer: Answer) -> bool:
    version = "HTTP/1.0" if answer.style == "http10" else "HTTP/1.1"
    head = f"{version} {answer.status} Some Reason\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    if answer.style == "chunked":
        pieces = [answer.body[i : i + 7] for i in range(0, len(answer.body), 7)]
        body = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nTrailer: x\r\n\r\n"
        head += "Transfer-Encoding: chunked\r\n"
    else:
        body = answer.body
        if answer.style != "eof":
            head += f"Content-Length: {len(body)}\r\n"
    message = (head + "\r\n").encode() + body
    if answer.style == "split":
        for i in range(len(message)):
            connection.sendall(message[i : i + 1])
    else:
        connection.sendall(message)
    return answer.style not in {"eof", "http10"}
