"""Functions under AWS's runtime clients, with a small Runtime API around them, and scripts under the wrapper."""

from __future__ import annotations

import os
import subprocess
import textwrap
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.runtime_wrappers.python.conftest import Ran, read_spool
from tests.runtime_wrappers.python.runtime_api import RuntimeApi
from tests.segments import furnish

from . import parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PATIENCE = 60  # seconds for a function to answer all its events
SETTLE = 2  # seconds in which what is under way comes to its end


def pytest_configure(config) -> None:
    config.addinivalue_line("markers", "oldest_node(major): what the test is about is in no older Node.js")


def pytest_collection_modifyitems(config, items) -> None:
    """What does not exist is not tested; a skip would say that something is missing on this machine."""
    absent = [item for item in items if _is_absent(item)]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]


def _is_absent(item) -> bool:
    mark = item.get_closest_marker("oldest_node")
    return mark is not None and item.callspec.params["node"] < mark.args[0]


def since(names: Mapping[str, int]) -> list:
    """Parameters out of {name: the oldest Node.js that has it}."""
    return [pytest.param(name, marks=pytest.mark.oldest_node(major)) for name, major in names.items()]


def _is_given(metafunc, name) -> bool:
    return any(name in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))


def pytest_generate_tests(metafunc):
    if "node" in metafunc.fixturenames:
        metafunc.parametrize("node", parts.majors(), ids=[f"node{major}" for major in parts.majors()], indirect=True)
    if "way" in metafunc.fixturenames and not _is_given(metafunc, "way"):
        metafunc.parametrize("way", ["mapped", "plain"])
    if "client" in metafunc.fixturenames:
        metafunc.parametrize("client", parts.CLIENTS, ids=[client.name[-4:] for client in parts.CLIENTS])


@pytest.fixture(scope="session")
def node(request) -> str:
    return parts.node(request.param)


@dataclass
class Served(Ran):
    """A function that has answered: `posts` as in RuntimeApi."""

    posts: tuple[tuple[str, bytes], ...] = ()
    trailers: tuple[str, ...] = ()


class Runner:
    """Runs scripts and functions under the wrapper, or without it, in one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.spool = folder / "spool"
        self.task = folder / "task"
        self.task.mkdir()

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**kept, "AFTERCALL_SPOOL_DIR": str(self.spool), **more}

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.task / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))

    def fresh_spool(self) -> None:
        if self.spool.exists():
            for path in self.spool.iterdir():
                path.unlink()
        else:
            self.spool.mkdir(mode=0o700)
        furnish(self.spool, spares=2)

    def command(self, node: str, *words: str, wrapped: bool) -> list[str]:
        return [*(["/bin/sh", str(parts.wrapper() / "wrapper")] if wrapped else []), node, *words]

    def script(self, node: str, text: str, *words: str, wrapped: bool = True, name: str = "script.js", **environment):
        """Run `text` as a script to its end."""
        self.fresh_spool()
        self.write({name: text})
        command = self.command(node, *words, str(self.task / name), wrapped=wrapped)
        done = subprocess.run(
            command,
            env=self.environment(**environment),
            cwd=self.task,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr, read_spool(self.spool))

    def serve(
        self,
        node: str,
        client: parts.Client,
        files: Mapping[str, str],
        *events: bytes,
        handler: str = "app.handler",
        wrapped: bool = True,
        options: tuple[str, ...] = (),
        **environment: str,
    ) -> Served:
        """Run the function until it has answered all events and asks for more, or its process has ended."""
        self.fresh_spool()
        self.write(files)
        api = RuntimeApi(*events, holds=True)
        lambdas = {
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "demo",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/demo",
            "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
            "LAMBDA_TASK_ROOT": str(self.task),
            "_HANDLER": handler,
        }
        command = self.command(node, *options, *client.command(handler), wrapped=wrapped)
        process = subprocess.Popen(
            command,
            env=self.environment(**lambdas, **environment),
            cwd=self.task,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            waited = 0.0
            while not api.idle.wait(0.05) and process.poll() is None and waited < PATIENCE:
                waited += 0.05
            ended = process.poll()
            if wrapped and self.spool.is_dir():
                self.settle(api)
            process.kill()
            stdout, stderr = process.communicate()
        finally:
            api.close()
        assert ended is not None or api.idle.is_set(), stdout + stderr
        segments = read_spool(self.spool)
        return Served(ended or 0, stdout, stderr, segments, tuple(api.posts), tuple(api.trailers))

    def settle(self, api: RuntimeApi) -> None:
        """Client 4 asks for the next event before a stream that failed is closed: give the writer time to end it."""
        deadline = time.monotonic() + SETTLE
        while time.monotonic() < deadline and self.ends() < len(api.posts):
            time.sleep(0.02)

    def ends(self) -> int:
        """Invocations whose end is written."""
        frames = [frame for segment in read_spool(self.spool).values() for frame in segment]
        return sum(frame.kind == "invocation_end" for frame in frames)


@pytest.fixture
def runner(tmp_path) -> Runner:
    return Runner(tmp_path)
