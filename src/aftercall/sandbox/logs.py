"""Lines that the environment's processes write to stdout and stderr."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

# A log event of Lambda holds at most 256 KiB (CloudWatch Logs' limit); longer lines are cut into several.
_MAX_LINE = 262_144
_READ_SIZE = 65_536
# What one call takes at most: more than a pipe holds, so that a process that never stops writing cannot hold us.
_READS_AT_ONCE = 16

LogSource = Literal["function", "extension"]


@dataclass(frozen=True)
class LogLine:
    """`time` is in seconds since the epoch; `name` is the extension's, or the function's."""

    time: float
    source: LogSource
    name: str
    text: str


class LogPipe:
    """One pipe for a process and its children. `write_end` is handed over at the start of the process."""

    def __init__(self, source: LogSource, name: str, on_line: Callable[[LogLine], None]) -> None:
        self._source = source
        self._name = name
        self._on_line = on_line
        self._partial = b""
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._open = True
        asyncio.get_running_loop().add_reader(self._read_end, self.drain)

    def drain(self) -> None:
        """Take what was written so far."""
        with contextlib.suppress(BlockingIOError):
            for _ in range(_READS_AT_ONCE if self._open else 0):
                chunk = os.read(self._read_end, _READ_SIZE)
                if not chunk:
                    self.close()
                    return
                self._take(chunk)

    def close(self) -> None:
        """A line without its end counts as one."""
        if not self._open:
            return
        self._open = False
        asyncio.get_running_loop().remove_reader(self._read_end)
        os.close(self._read_end)
        if self._partial:
            self._emit(self._partial)

    def _take(self, chunk: bytes) -> None:
        *lines, self._partial = (self._partial + chunk).split(b"\n")
        for line in lines:
            self._emit(line)
        if len(self._partial) > _MAX_LINE:
            self._emit(self._partial)
            self._partial = b""

    def _emit(self, line: bytes) -> None:
        for start in range(0, len(line) or 1, _MAX_LINE):
            text = line[start : start + _MAX_LINE].decode("utf-8", "replace")
            self._on_line(LogLine(time=time.time(), source=self._source, name=self._name, text=text))
