"""Plain HTTP without a proxy, mostly to a collector on loopback: one kept connection, by sockets alone.

Loading urllib3 takes ten times as much CPU as everything else that an exporter needs: only TLS and proxies use it
(pooled.py).
"""

from __future__ import annotations

import _socket
import time

from aftercall.formats.urls import Url, bracketed
from aftercall.http1.answer import AnswerReader
from aftercall.transport.outcome import Answer, ExchangeError, words
from aftercall.transport.proxy import is_loopback

_READ_BYTES = 65_536


class DirectRoute:
    """Posts to one URL, with the same headers each time. Not for several threads at once."""

    def __init__(self, url: Url, headers: dict[str, str]) -> None:
        port = url.port_number() or 0
        self.may_hang = not is_address(url.host)
        """To look up a name has no time-out."""
        self._address = (_encoded(url.host), port)
        fields = {"Host": bracketed(url.host) if port == 80 else f"{bracketed(url.host)}:{port}", **headers}
        target = url.target if url.target.startswith("/") else f"/{url.target}"
        lines = [f"POST {_printable(target)} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        # http.client takes Latin-1 as well.
        self._head = "\r\n".join(lines).encode("latin-1")
        self._socket: _socket.socket | None = None

    def exchange(self, body: bytes, seconds: float, max_answer: int) -> Answer:
        """No retry, no redirect, all within `seconds`; raises ExchangeError."""
        request = b"%b\r\nContent-Length: %d\r\n\r\n%b" % (self._head, len(body), body)
        reader = AnswerReader(max_answer)
        try:
            self._exchange(request, reader, time.monotonic() + seconds)
        except (OSError, ValueError) as error:
            raise ExchangeError(words(error)) from None
        finally:
            if not reader.reusable:
                self.close()
        return Answer(reader.head.status or 0, reader.body, reader.head.header("retry-after"))

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes, reader: AnswerReader, deadline: float) -> None:
        if self._socket is None:
            self._socket = _connected(self._address, deadline)
        _send(self._socket, request, deadline)
        while not reader.feed(_receive(self._socket, deadline)):
            pass


def _connected(address: tuple[bytes, int], deadline: float) -> _socket.socket:
    """A connection to the first of the host's addresses that accepts one."""
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, found in _socket.getaddrinfo(*address, 0, _socket.SOCK_STREAM):
        connection = _socket.socket(family, kind, protocol)
        try:
            connection.settimeout(_left(deadline))
            connection.connect(found)
            connection.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _send(connection: _socket.socket, data: bytes, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    try:
        connection.sendall(data)
    except BrokenPipeError:
        return  # the receiver may have answered and closed before it read all


def _receive(connection: _socket.socket, deadline: float) -> bytes:
    connection.settimeout(_left(deadline))
    return connection.recv(_READ_BYTES)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left


def is_address(host: str) -> bool:
    """No name server is asked for it."""
    return ":" in host or not host.strip("0123456789.") or is_loopback(host)


def _encoded(host: str) -> bytes:
    # A str would load the IDNA codec, which only other alphabets need.
    return host.encode("ascii") if host.isascii() else host.encode("idna")


def _printable(target: str) -> str:
    """For the request line: what a URL may not hold is percent-encoded."""
    return "".join(letter if "!" <= letter <= "~" else _percent(letter) for letter in target)


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))
