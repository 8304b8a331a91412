"""A writer in a process of its own, operated step by step."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from . import parts, written

if TYPE_CHECKING:
    from .written import Frame

SCRIPT = Path(__file__).with_name("operate.js")


class Operated:
    """`writer("write", "note", 10)` returns what the action of operate.js returned."""

    def __init__(self, node: str, way: str, folder: Path, *before: str) -> None:
        self.folder = folder
        command = [*before, node, str(SCRIPT), str(parts.SOURCES), parts.mapping(way), str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, *action: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(action) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"the writer ended at {action}: {self.process.wait(60)}"
        return json.loads(answer)

    @property
    def segments(self) -> list[Path]:
        return written.segments(self.folder)

    def frames(self, number: int = -1) -> list[Frame]:
        return list(written.frames(self.segments[number]))

    def kinds(self, number: int = -1) -> list[str]:
        return [frame.header["kind"] for frame in self.frames(number)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
