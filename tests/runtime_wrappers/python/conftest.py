"""The built wrapper under every Python that is found, as child processes whose spool is read afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import built_layer, pythons
from tests.segments import furnish, read_folder, watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.spool import Frame

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "runtime_wrappers"


@cache
def found_pythons() -> dict[str, str]:
    """version -> executable."""
    return {version: pythons.find(version) for version in pythons.wanted()}


def pytest_generate_tests(metafunc):
    if "python" in metafunc.fixturenames:
        metafunc.parametrize("python", found_pythons().values(), ids=found_pythons(), scope="session")


@pytest.fixture(scope="session")
def wrapper() -> Path:
    """The folder with start.py and wrapper, as in the layer."""
    return built_layer.wrapper("python")


@dataclass
class Ran:
    """What a child process printed and what its wrapper spooled."""

    returncode: int
    stdout: str
    stderr: str
    segments: dict[str, list[Frame]] = field(default_factory=dict)
    rung: bool = field(default=False, kw_only=True)

    @property
    def frames(self) -> list[Frame]:
        return [frame for frames in self.segments.values() for frame in frames]

    def of_kind(self, kind: str) -> list[dict]:
        return [frame.header for frame in self.frames if frame.header["kind"] == kind]

    @property
    def json(self):
        return json.loads(self.stdout)

    @property
    def calls(self) -> list[Call]:
        """Calls in the order of their start."""
        spans = dict.fromkeys(frame.header["span_id"] for frame in self.frames if "span_id" in frame.header)
        return [Call([frame for frame in self.frames if frame.header.get("span_id") == span]) for span in spans]

    @property
    def call(self) -> Call:
        (call,) = self.calls
        return call


class Call:
    """The frames of one span."""

    def __init__(self, frames: list[Frame]):
        self.frames = frames
        self.kinds = [frame.header["kind"] for frame in frames]
        self.start = frames[0].header
        self.stages = [
            frame.header["stage"] for frame in frames if frame.header["kind"] in ("call_start", "call_stage")
        ]
        self.response = self._one("call_response")
        self.end = self._one("call_end")
        times = [frame.header["time"] for frame in frames]
        assert times == sorted(times)
        assert self.kinds[0] == "call_start"

    def _one(self, kind: str) -> dict | None:
        found = [frame.header for frame in self.frames if frame.header["kind"] == kind]
        assert len(found) <= 1, found
        return found[0] if found else None

    def part(self, name: str) -> bytes:
        return b"".join(payload for frame in self.frames for part, payload in frame.parts() if part == name)

    @property
    def method(self):
        return [frame.header["method"] for frame in self.frames if "method" in frame.header][-1]

    @property
    def url(self):
        return [frame.header["url"] for frame in self.frames if "url" in frame.header][-1]


def read_spool(folder: Path) -> dict[str, list[Frame]]:
    return {str(name): frames for name, frames in read_folder(folder).items()}


class Runner:
    """Runs scripts under the wrapper with a spool of their own."""

    def __init__(self, wrapper: Path, folder: Path):
        self.wrapper, self.folder = wrapper, folder
        self.spool = folder / "spool"
        furnish(self.spool)
        self.bell = watch(self.spool)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**kept, "AFTERCALL_SPOOL_DIR": str(self.spool), **more}

    def script(self, text: str, name: str = "script.py") -> Path:
        path = self.folder / name
        path.write_text(textwrap.dedent(text))
        return path

    def command(self, *words, wrapped: bool = True, **options) -> subprocess.CompletedProcess:
        before: list = ["/bin/sh", self.wrapper / "wrapper"] if wrapped else []
        options = {"env": self.environment(), "cwd": self.folder, "timeout": 120, **options}
        return subprocess.run([*before, *words], capture_output=True, text=True, check=False, **options)

    def run(self, python: str, text: str, *arguments, wrapped: bool = True, checked: bool = True, **environment) -> Ran:
        done = self.command(python, self.script(text), *arguments, wrapped=wrapped, env=self.environment(**environment))
        if checked:
            assert done.returncode == 0, done.stderr + done.stdout
        return self.ran(done)

    def ran(self, done: subprocess.CompletedProcess) -> Ran:
        return Ran(done.returncode, done.stdout, done.stderr, read_spool(self.spool), rung=self.rung())

    def rung(self) -> bool:
        """Whether the bell was opened since this was asked last."""
        try:
            return bool(os.read(self.bell, 65_536))
        except BlockingIOError:
            return False


@pytest.fixture
def runner(wrapper, tmp_path) -> Iterator[Runner]:
    runner = Runner(wrapper, tmp_path)
    yield runner
    os.close(runner.bell)
