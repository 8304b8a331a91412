"""The launcher's side of launcher/PROTOCOL.md: starts the Python part and speaks with it over real sockets."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from tests.extension.spool import unread
from tests.log_lines import records_in, reports_in
from tests.segments import furnish, watch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PATIENCE_SECONDS = 20.0
"""Long: only tests that have failed reach it."""


class FakeLauncher:
    """One incarnation of the Python part at a time. As a context manager it ends what it started."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str] | None = None, *, telemetry: bool = True, bell: bool = True
    ) -> None:
        self.folder = folder
        furnish(folder)
        self._environment = dict(environment or {})
        self._has_telemetry = telemetry
        self._listener = socket.create_server(("127.0.0.1", 0)) if telemetry else None
        self._bell = watch(folder) if bell else -1
        self._started = time.monotonic()
        self.incarnation = 0
        self.beats: list[int] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._output = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        if self._bell >= 0:
            os.close(self._bell)
        if self._listener:
            self._listener.close()

    # The process

    def start(self, **init: Any) -> Self:
        """The next incarnation, up to its `ready`."""
        self.begin(**init)
        assert self.word() == "ready"
        return self

    def begin(self, **init: Any) -> Self:
        self.incarnation += 1
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        telemetry = self._listener.fileno() if self._listener else -1
        inherited = [descriptor for descriptor in (theirs.fileno(), telemetry, self._bell) if descriptor >= 0]
        self._events = ours
        self._events.settimeout(PATIENCE_SECONDS)
        self._output = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aftercall.extension"],
            env={
                "PATH": os.environ["PATH"],
                "AFTERCALL_SPOOL_DIR": str(self.folder),
                "AFTERCALL_LAUNCHER": f"events={theirs.fileno()} telemetry={telemetry} bell={self._bell}",
                "AWS_LAMBDA_FUNCTION_NAME": "demo",
                **self._environment,
            },
            pass_fds=inherited,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        theirs.close()
        self.send(
            {
                "eventType": "INIT",
                "name": "aftercall",
                "registered": {"functionName": "demo", "functionVersion": "7", "handler": "app.handler"},
                "telemetry": self._has_telemetry,
                "incarnation": self.incarnation,
                "sinceStart": int((time.monotonic() - self._started) * 1e3),
                **init,
            }
        )
        return self

    def kill(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self._read_output_to_its_end()
        self.process.wait()
        self._events.close()
        self.process = None

    def exit_status(self) -> int:
        """Wait for the process to end by itself."""
        assert self.process is not None
        self._read_output_to_its_end()
        return self.process.wait(PATIENCE_SECONDS)

    def hang_up(self) -> None:
        self._events.close()

    # Words

    def send(self, event: Mapping[str, Any]) -> None:
        self._events.send(json.dumps(event).encode())

    def invoke(self, request_id: str, *, seconds: float = 30.0) -> None:
        self.send(
            {
                "eventType": "INVOKE",
                "deadlineMs": int((time.time() + seconds) * 1e3),
                "requestId": request_id,
                "invokedFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:demo",
                "tracing": {"type": "X-Amzn-Trace-Id", "value": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"},
            }
        )

    def shutdown(self, reason: str) -> int:
        """Send SHUTDOWN and wait for `bye`. Returns the exit status."""
        deadline = int((time.time() + 2.0) * 1e3)
        self.send({"eventType": "SHUTDOWN", "deadlineMs": deadline, "shutdownReason": reason})
        assert self.word() == "bye"
        return self.exit_status()

    def word(self) -> str:
        """The next message that is not a beat. Fails before an invocation's deadline, at which it comes in any case."""
        until = time.monotonic() + PATIENCE_SECONDS
        while (message := self._events.recv(4_096).decode()).startswith("beat "):
            self.beats.append(int(message.removeprefix("beat ")))
            assert time.monotonic() < until, "it only beats"
        return message

    def is_silent(self, seconds: float) -> bool:
        """Whether it sends nothing but beats for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if not select.select([self._events], [], [], left)[0]:
                return True
            message = self._events.recv(4_096).decode()
            if not message.startswith("beat "):
                return False
            self.beats.append(int(message.removeprefix("beat ")))
        return True

    # Telemetry

    def tell(self, *records: tuple[str, dict[str, Any]]) -> bytes:
        """Post platform records as the Telemetry API does. Returns the answer's first line."""
        batch = [
            {"time": time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime()), "type": kind, "record": record}
            for kind, record in records
        ]
        return self.post(json.dumps(batch).encode())

    def post(self, body: bytes) -> bytes:
        return self.raw(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def raw(self, request: bytes) -> bytes:
        assert self._listener is not None
        with socket.create_connection(self._listener.getsockname(), PATIENCE_SECONDS) as connection:
            connection.sendall(request)
            return connection.recv(4_096).partition(b"\r\n")[0]

    def runtime_done(self, request_id: str, status: str = "success", **more: Any) -> None:
        self.tell(("platform.runtimeDone", {"requestId": request_id, "status": status, **more}))

    # What it writes

    def lines(self, count: int = 0) -> list[str]:
        """All lines so far, once there are so many."""
        assert self.process is not None
        assert self.process.stdout is not None
        until = time.monotonic() + PATIENCE_SECONDS
        while self._output.count(b"\n") < count or select.select([self.process.stdout], [], [], 0)[0]:
            readable = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))[0]
            data = os.read(self.process.stdout.fileno(), 65_536) if readable else b""
            if not data:
                break
            self._output += data
        return self._output.decode().splitlines()

    def records(self, count: int = 0) -> list[dict[str, Any]]:
        """The log exporter's records, once there are so many."""
        seen = count
        while len(found := records_in(self.lines(seen))) < count:
            before, seen = seen, len(self.lines()) + 1
            assert len(self.lines(seen)) >= seen, f"{count} records wanted, {before} lines came: {self.lines()}"
        return found

    def segments(self) -> list[str]:
        """Those that hold something which was not taken."""
        found = [path for path in self.folder.iterdir() if path.name not in {"exported", "bell"}]
        return sorted(path.name for path in found if path.suffix not in {".segment", ".spare"} or unread(path))

    def comes_to_hold(self, *names: str) -> bool:
        """Whether these come to be the ones: some are taken a moment after `done`."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self.segments() != sorted(names) and time.monotonic() < until:
            time.sleep(0.01)
        return self.segments() == sorted(names)

    def comes_to_note(self, word: str) -> bool:
        """What a next incarnation is told: it is written after the folder was changed."""
        note = self.folder / "exported"
        until = time.monotonic() + PATIENCE_SECONDS
        while not (note.exists() and word in note.read_text()) and time.monotonic() < until:
            time.sleep(0.01)
        return word in note.read_text()

    def _read_output_to_its_end(self) -> None:
        assert self.process is not None
        if self.process.stdout is not None and not self.process.stdout.closed:
            self._output += self.process.stdout.read()
            self.process.stdout.close()

    @property
    def output(self) -> list[str]:
        """All lines of a process that has ended."""
        return self._output.decode().splitlines()

    @property
    def last_records(self) -> list[dict[str, Any]]:
        return records_in(self.output)

    @property
    def last_reports(self) -> list[dict[str, Any]]:
        return reports_in(self.output)
