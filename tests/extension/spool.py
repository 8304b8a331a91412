"""Writes segments as a wrapper does, from runtime_wrappers/SPOOL_FORMAT.md alone."""

from __future__ import annotations

import json
import os
import struct
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def frame(kind: str, parts: list[tuple[str, bytes]] | None = None, **header: Any) -> bytes:
    described = {"kind": kind, "time": time.time_ns(), **header}
    if parts:
        described["parts"] = [[name, len(data)] for name, data in parts]
    text = json.dumps(described).encode()
    payload = b"".join(data for _, data in parts or [])
    return len(text).to_bytes(4, "little") + len(payload).to_bytes(4, "little") + text + payload


NOBODY = 4_194_303
SEGMENT_BYTES = 262_144


def unread(path: Path) -> bool:
    """Whether a segment holds something that the extension has not taken."""
    head = path.read_bytes()
    return head[8:12] != head[32:36]


class Writer:
    """One watched process that writes its segment by plain writes.

    No process has the pid NOBODY, so what is written under it counts as left behind.
    """

    def __init__(self, folder: Path, *, pid: int, started: int | None = None, **process: Any) -> None:
        self._folder = folder
        self._pid = pid
        self._started = started if started is not None else time.time_ns()
        self._process = process
        self._n = 0
        self._open: Path | None = None
        self._base = self._committed = 0

    def write(self, *frames: bytes) -> Path:
        """Commit to the segment at hand, or to a new one."""
        data = self._data(frames)
        if self._open is not None and 64 + self._committed - self._base + len(data) > SEGMENT_BYTES:
            self.close()
        if self._open is None:
            self._base = self._committed = 0
            data = self._data(frames)
            self._open = self._begin(max(SEGMENT_BYTES, 64 + len(data)))
        with self._open.open("r+b", buffering=0) as file:
            os.pwrite(file.fileno(), data, 64 + self._committed - self._base)
            self._committed += len(data)
            os.pwrite(file.fileno(), struct.pack("<II", self._committed, self._base), 8)
        return self._open

    def _data(self, frames: tuple[bytes, ...]) -> bytes:
        if self._committed == self._base:
            frames = (self._process_frame(), *frames)
        return b"".join(frame + bytes(-len(frame) % 8) for frame in frames)

    def _begin(self, size: int) -> Path:
        self._n += 1
        path = self._folder / f"{self._pid}-{self._started}-{self._n}.segment"
        path.write_bytes(b"aftcall\2")
        os.truncate(path, size)
        return path

    @property
    def is_open(self) -> bool:
        return self._open is not None

    def begin_again(self) -> None:
        """As at an invocation's start: if the reader has taken everything."""
        if self._open is not None and self.reads("taken") == self._committed:
            self._base = self._committed

    def reads(self, word: str) -> int:
        """A word of the reader's in the segment at hand."""
        assert self._open is not None
        offset = {"taken": 32, "done": 36, "tries": 40, "off": 44}[word]
        return int.from_bytes(self._open.read_bytes()[offset : offset + 4], "little")

    def store(self, word: str, number: int) -> None:
        """As a reader would have left it."""
        self._store({"taken": 32, "done": 36, "tries": 40, "off": 44}[word], number)

    def close(self) -> None:
        """Never touch the segment again."""
        self._store(16, 1)
        self._open = None

    def _store(self, offset: int, number: int) -> None:
        assert self._open is not None
        with self._open.open("r+b") as file:
            os.pwrite(file.fileno(), struct.pack("<I", number), offset)

    def describes(self, **process: Any) -> None:
        """What its `process` frames say from now on."""
        self._process = process

    def write_process(self) -> None:
        """A `process` frame in the middle of the segment."""
        self.write(self._process_frame())

    def ring(self) -> None:
        (self._folder / "bell").read_bytes()

    def start(self, request_id: str, number: int = 1, **header: Any) -> None:
        self.begin_again()
        event = b'{"key":"value"}'
        described = {"number": number, "event_size": len(event), "deadline": int(time.time() * 1e3) + 10_000, **header}
        self.write(frame("invocation_start", [("event", event)], request_id=request_id, **described))

    def call(self, request_id: str, span_id: str, *, stage: str = "tls", ends: bool = True, **header: Any) -> None:
        described = {"library": "urllib3", "method": "GET", "url": "https://example.com/a?token=hunter2", **header}
        self.write(frame("call_start", request_id=request_id, span_id=span_id, stage=stage, **described))
        if ends:
            self.write(frame("call_response", request_id=request_id, span_id=span_id, status=200))
            self.write(frame("call_end", request_id=request_id, span_id=span_id, response_size=0))

    def end(self, request_id: str, status: str = "ok") -> None:
        """Write the end frame and ring the bell."""
        self.write(frame("invocation_end", [("response", b"{}")], request_id=request_id, status=status))
        self.ring()

    def _process_frame(self) -> bytes:
        described = {
            "format": 2,
            "runtime": "python",
            "runtime_version": "3.12.1",
            "pid": self._pid,
            "start": self._started,
            "wrapper": "0.1.0",
            "client": "awslambdaric 4.2.2",
            **self._process,
        }
        if "not_watched" in described and "client" not in self._process:
            del described["client"]
        return frame("process", **described)
