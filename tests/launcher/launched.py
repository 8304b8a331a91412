"""The launcher under test: started against a fake Lambda, with tests/launcher/part.py as its Python part."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.launcher.fake_lambda import FakeLambda

HERE = Path(__file__).resolve().parent
WAIT_S = 120.0
# Leaks are looked for at exit by ptrace, which is not allowed everywhere.
NO_LEAK_CHECK = {"ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1"}


def wait_until(what: Callable[[], Any], why: Callable[[], str], timeout: float = WAIT_S) -> Any:
    """The first true value of `what()`."""
    end = time.monotonic() + timeout
    while not (value := what()):
        assert time.monotonic() < end, why()
        time.sleep(0.005)
    return value


def state_of(pid: int) -> str | None:
    """The letter of /proc/<pid>/stat, None where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stat.rpartition(")")[2].split()[0]


def is_running(pid: int) -> bool:
    return state_of(pid) not in {None, "Z", "X"}


class Launched:
    def __init__(
        self,
        program: str,
        fake: FakeLambda,
        folder: Path,
        behaviour: str,
        *,
        command: bool,
        environment: dict[str, str],
    ):
        self.fake = fake
        self.journal = folder / "journal"
        self.output = folder / "output"
        self.spool = folder / "spool"
        script = folder / "behaviour.py"
        script.write_text(textwrap.dedent(behaviour))
        # -S -E: nothing of the developer's site-packages, and a start of a few milliseconds
        part = [sys.executable, "-S", "-E", str(HERE / "part.py"), str(self.journal), str(script)]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [program, *(part if command else [])],
                env={
                    "PATH": os.environ["PATH"],
                    "AWS_LAMBDA_RUNTIME_API": fake.address,
                    "AFTERCALL_SPOOL_DIR": str(self.spool),
                    "AFTERCALL_EXTENSION_NAME": "aftercall",
                    "AFTERCALL_LOG_LEVEL": "debug",
                    **NO_LEAK_CHECK,
                    **environment,
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def lines(self) -> list[dict[str, Any]]:
        if not self.journal.exists():
            return []
        text = self.journal.read_text()
        return [json.loads(line) for line in text.splitlines() if line.endswith("}")]

    def noted(self, what: str, **fields: Any) -> list[dict[str, Any]]:
        found = [line for line in self.lines() if line["what"] == what]
        return [line for line in found if all(line.get(name) == value for name, value in fields.items())]

    def wait_noted(self, what: str, count: int = 1, **fields: Any) -> list[dict[str, Any]]:
        def enough() -> list[dict[str, Any]]:
            found = self.noted(what, **fields)
            return found if len(found) >= count else []

        result: list[dict[str, Any]] = wait_until(
            enough, lambda: f"{count} {what} {fields} awaited: {self.told()}\n{self.lines()}"
        )
        return result

    def told(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_told(self, words: str) -> str:
        wait_until(lambda: words in self.told(), lambda: f"{words!r} awaited in {self.told()}")
        return self.told()

    def is_first_incarnation(self) -> bool:
        """Nobody was killed and nobody died. The launcher says so before it asks for `next`."""
        return not any(words in self.told() for words in ("hangs", "died", "incarnation 2"))

    def log_lines(self) -> list[str]:
        """What it says without debug."""
        return [line for line in self.told().splitlines() if " ms: " not in line]

    def pids(self) -> set[int]:
        return {line["pid"] for line in self.lines()}

    def wait_ended(self) -> int:
        return self.process.wait(timeout=WAIT_S)

    def end(self) -> None:
        """Nothing of it survives the test, not even of a test that failed."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in self.pids():
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
