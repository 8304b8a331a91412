"""The receiver of the Telemetry API: accepts on the launcher's listener, answers, returns platform records.

They are described on AWS's page "Lambda Telemetry API Event schema reference". Any process in the environment can
connect here: what is not telemetry is refused, and no input can raise.
"""

from __future__ import annotations

import _socket
from typing import TYPE_CHECKING

from aftercall.formats.json_text import loads
from aftercall.formats.times import iso_nanoseconds
from aftercall.http1.message import ProtocolError
from aftercall.http1.request import RequestReader

if TYPE_CHECKING:
    from typing import Any

MAX_CONNECTIONS = 16
_READ_BYTES = 65_536
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class TelemetryRecord:
    """One element of a batch. `time` in nanoseconds since the epoch, None where it cannot be read."""

    __slots__ = ("kind", "record", "time")

    def __init__(self, kind: str, record: dict[str, Any], time: int | None) -> None:
        self.kind = kind
        self.record = record
        self.time = time


class _Connection:
    __slots__ = ("reader", "socket")

    def __init__(self, socket: _socket.socket) -> None:
        self.socket = socket
        self.reader = RequestReader()


class TelemetryListener:
    """Connections by descriptor, for the caller's poll. A descriptor of -1: no telemetry, nothing to poll."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.malformed = 0
        """Requests and items that were not the Telemetry API's. Whoever reports it resets it."""
        self._connections: dict[int, _Connection] = {}
        self._listener: _socket.socket | None = None
        if descriptor >= 0:
            self._listener = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM, 0, descriptor)
            self._listener.setblocking(False)

    def descriptors(self) -> list[int]:
        return [] if self._listener is None else [self.descriptor, *self._connections]

    def read(self, descriptor: int) -> list[TelemetryRecord]:
        """Read a descriptor that poll returned."""
        if descriptor == self.descriptor:
            self._accept()
            return []
        connection = self._connections.get(descriptor)
        return self._receive(connection) if connection is not None else []

    def read_all(self) -> list[TelemetryRecord]:
        """Read all of them, without waiting."""
        self._accept()
        return [record for connection in list(self._connections.values()) for record in self._receive(connection)]

    def _accept(self) -> None:
        while self._listener is not None:
            try:
                # `socket`, which wraps this, costs 10 ms to import; typeshed does not know its C half.
                descriptor, _ = self._listener._accept()  # type: ignore[attr-defined]  # noqa: SLF001
            except OSError:
                return
            socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM, 0, descriptor)
            socket.setblocking(False)
            if len(self._connections) >= MAX_CONNECTIONS:
                self._close(next(iter(self._connections.values())))
            self._connections[descriptor] = _Connection(socket)

    def _receive(self, connection: _Connection) -> list[TelemetryRecord]:
        records: list[TelemetryRecord] = []
        try:
            while True:
                data = connection.socket.recv(_READ_BYTES)
                if not data:
                    self._close(connection)
                    break
                bodies = connection.reader.feed(data)
                if connection.reader.expects_continue:
                    connection.reader.expects_continue = False
                    connection.socket.send(_CONTINUE)
                for body in bodies:
                    records += self._records(body)
                    connection.socket.send(_OK)
        except (BlockingIOError, InterruptedError):
            pass
        except ProtocolError:
            self.malformed += 1
            self._close(connection, _BAD_REQUEST)
        except OSError:
            self._close(connection)
        return records

    def _close(self, connection: _Connection, last_word: bytes = b"") -> None:
        self._connections.pop(connection.socket.fileno(), None)
        try:
            if last_word:
                connection.socket.send(last_word)
        except OSError:
            return  # the sender is gone
        finally:
            connection.socket.close()

    def _records(self, body: bytes) -> list[TelemetryRecord]:
        try:
            batch = loads(body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            batch = None
        if not isinstance(batch, list):
            self.malformed += 1
            return []
        return [record for item in batch if (record := self._record(item)) is not None]

    def _record(self, item: object) -> TelemetryRecord | None:
        if not isinstance(item, dict) or not isinstance(item.get("type"), str):
            self.malformed += 1
            return None
        record = item.get("record")
        return TelemetryRecord(
            item["type"], record if isinstance(record, dict) else {}, iso_nanoseconds(item.get("time"))
        )
