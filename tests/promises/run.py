"""One environment with the frozen layer, whose function and extension wait for the test at named points.

async with Run(layer, folder) as run:
    await run.start()
    invocation = await run.begin(1)      # the handler stands still in invocation 1
    kill(run.python())
    outcome = await run.end(invocation, 1)
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from aftercall.sandbox import Bind, Invocation, Outcome, Sandbox, SandboxConfig, SandboxError
from tests.extension.spool import unread
from tests.log_lines import records_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aftercall.sandbox import Process

FUNCTIONS = Path(__file__).parent / "functions"
EXTENSION = "/opt/extensions/aftercall"
PATIENCE_SECONDS = 60.0
TIMEOUT_SECONDS = 90
"""The function's own time-out: what is far below it was not held up until then."""


Answer = tuple[str, bytes | None, Any]


class Run:
    """`between` invocations the environment is frozen. `settings` are SandboxConfig's."""

    def __init__(
        self, layer: Path | None, folder: Path, environment: Mapping[str, str] | None = None, **settings: Any
    ) -> None:
        self.marks = folder / "marks"
        self.marks.mkdir(parents=True, exist_ok=True)
        self.outcomes: list[Outcome] = []
        self.sandbox = Sandbox(
            SandboxConfig(
                command=[sys.executable, "-m", "awslambdaric", "obeys.handler"],
                task_root=FUNCTIONS,
                handler="obeys.handler",
                layers=[layer] if layer else [],
                wrapper="/opt/aftercall/wrapper" if layer else None,
                environment=environment or {},
                binds=[Bind(self.marks, "/marks", writable=True)],
                **{"timeout": TIMEOUT_SECONDS, "init_timeout": PATIENCE_SECONDS, **settings},
            )
        )
        self._init: asyncio.Task[Sandbox] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._init is not None:
            self._init.cancel()
            await asyncio.gather(self._init, return_exceptions=True)
        await self.sandbox.close()

    # Phases

    async def start(self) -> None:
        """The whole init phase."""
        self.go("import")
        await self.begin_init()

    def begin_init(self) -> asyncio.Task[Sandbox]:
        """The function stops at its import until `go("import")`."""
        self._init = asyncio.create_task(self.sandbox.__aenter__())
        return self._init

    async def invoke(self, number: int, **event: Any) -> Outcome:
        outcome = await self.sandbox.invoke({"n": number, **event})
        self.outcomes.append(outcome)
        return outcome

    async def begin(self, number: int, **event: Any) -> Invocation:
        """Comes back when the handler stands still in this invocation."""
        invocation = self.sandbox.start_invocation({"n": number, "waits": True, **event})
        await self.until((self.marks / f"invocation-{number}.reached").exists)
        return invocation

    async def end(self, invocation: Invocation, number: int) -> Outcome:
        self.go(f"invocation-{number}")
        outcome = await invocation.finished
        self.outcomes.append(outcome)
        return outcome

    def go(self, name: str) -> None:
        (self.marks / f"{name}.go").touch()

    async def until(self, condition: Callable[[], Any]) -> Any:
        """The first true value. A condition may look at processes that are not there yet."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (value := condition()):
            assert time.monotonic() < deadline, f"waited in vain: {self.lines}"
            await asyncio.sleep(0.002)
        return value

    # The extension's processes

    def extension(self) -> list[Process]:
        """The launcher first, then the Python part from its first process to its last; without zombies."""
        try:
            found = [one for one in self.sandbox.processes() if one.argv[:1] == (EXTENSION,) and one.state != "Z"]
        except (OSError, SandboxError):  # not placed yet, or closed
            return []
        by_parent = {one.parent: one for one in found}
        launcher = next((one for one in found if one.parent not in {other.pid for other in found}), None)
        chain = []
        while launcher is not None:
            chain.append(launcher)
            launcher = by_parent.get(launcher.pid)
        return chain

    def python_part(self) -> list[Process]:
        return self.extension()[1:]

    async def new_python_part(self, *but: Process) -> list[Process]:
        """All its processes, once none of them is one of `but`."""
        old = {one.pid for one in but}

        def new() -> list[Process]:
            part = self.python_part()
            return part if part and not old & {one.pid for one in part} else []

        found: list[Process] = await self.until(new)
        return found

    # What came out

    @property
    def lines(self) -> list[str]:
        return [line.text for line in self.sandbox.extension_log]

    @property
    def records(self) -> list[dict[str, Any]]:
        return records_in(self.lines)

    @property
    def notices(self) -> list[str]:
        return [line for line in self.lines if not line.startswith("{")]

    @property
    def answers(self) -> list[Answer]:
        return [answer_of(outcome) for outcome in self.outcomes]

    def left_in_tmp(self) -> list[str]:
        """Files and folders of the environment's /tmp that hold something, without what the sandbox shows there."""
        shown = {
            Path(path).parts[2] for path in (sys.prefix, sys.base_prefix, FUNCTIONS) if str(path).startswith("/tmp/")
        }
        found = []
        for folder, folders, files in os.walk(self.sandbox.tmp):
            inside = os.path.relpath(folder, self.sandbox.tmp)
            folders[:] = [name for name in folders if inside != "." or name not in shown]
            kept = [name for name in files if not holds_nothing(Path(folder, name))]
            found += [os.path.normpath(f"{inside}/{name}") for name in [*folders, *kept]]
        return sorted(found)


def holds_nothing(path: Path) -> bool:
    """The bell, or a segment of which everything was taken."""
    return path.name == "bell" or (path.suffix in {".spare", ".segment"} and not unread(path))


def answer_of(outcome: Outcome) -> Answer:
    """What the caller got, without what differs from one invocation to the next."""
    error = json.loads(outcome.error) if outcome.error is not None else None
    if isinstance(error, dict):
        error.pop("requestId", None)
    return outcome.status, outcome.response, error


def send(signal_number: int, processes: list[Process]) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal_number)


def kill(processes: list[Process]) -> None:
    send(signal.SIGKILL, processes)
