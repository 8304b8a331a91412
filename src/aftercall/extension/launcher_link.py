"""Our end of the connection to the launcher (launcher/PROTOCOL.md): events in; `ready`, `beat`, `done`, `bye` out."""

from __future__ import annotations

import _socket
import os
import time
from typing import TYPE_CHECKING

from aftercall.formats.json_text import loads

if TYPE_CHECKING:
    from typing import Any

VARIABLE = "AFTERCALL_LAUNCHER"
MAX_PACKET_BYTES = 65_536 + 4_096
"""Larger bodies are not handed over; the INIT packet has some keys around the largest."""


_TICK_MS = 20
"""Two ticks: /proc gives a process's start no more precisely."""


class LauncherGoneError(Exception):
    """The launcher's end is closed: the environment is gone."""


class Descriptors:
    """The inherited file descriptors. -1: there is none, and we work without it."""

    __slots__ = ("bell", "events", "telemetry")

    def __init__(self, text: str) -> None:
        """Raises ValueError for anything but `events=<fd> telemetry=<fd> bell=<fd>`."""
        named = dict(word.partition("=")[::2] for word in text.split())
        try:
            self.events = int(named["events"])
            self.telemetry = int(named["telemetry"])
            self.bell = int(named["bell"])
        except (KeyError, ValueError):
            raise ValueError(f"{VARIABLE} ({text!r}): not what the launcher sets") from None
        if self.events < 0:
            raise ValueError(f"{VARIABLE} ({text!r}): no events without their descriptor")


def launcher_started_ns(since_start: object) -> int:
    """When the launcher started, or up to 20 ms before, in nanoseconds since the epoch; from the INIT packet's number.

    The packet was sent when we were forked. Under a busy function it is read much later, so our own start counts
    (field 22 of /proc/<pid>/stat, in ticks since boot) and not the moment of reading.
    """
    with open("/proc/self/stat", "rb") as stat:
        ticks = int(stat.read().rpartition(b")")[2].split()[19])
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    milliseconds = since_start if isinstance(since_start, int | float) else 0
    return time.time_ns() - int(age * 1e9) - int((milliseconds + _TICK_MS) * 1e6)


class LauncherLink:
    """Packets over the socket pair. A closed peer raises LauncherGoneError."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, descriptor)
        # Sends block: `done` must arrive. If the launcher does not read, Lambda will end the environment.
        self._socket.setblocking(True)

    def receive(self) -> dict[str, Any] | None:
        """The next event, or None while there is none. A packet that is not a JSON object is returned as {}."""
        try:
            packet = self._socket.recv(MAX_PACKET_BYTES, _socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as error:
            raise LauncherGoneError(str(error)) from None
        if not packet:
            raise LauncherGoneError("end of file")
        try:
            event = loads(packet.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return {}
        return event if isinstance(event, dict) else {}

    def ready(self) -> None:
        self._send(b"ready")

    def beat(self, milliseconds: int) -> None:
        self._send(b"beat %d" % milliseconds)

    def done(self) -> None:
        self._send(b"done")

    def bye(self) -> None:
        self._send(b"bye")

    def _send(self, message: bytes) -> None:
        try:
            self._socket.send(message)
        except OSError as error:
            raise LauncherGoneError(str(error)) from None
