"""One execution environment: a program as the extension, a fake Lambda, and what the kernel knows of the program."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests import built_layer
from tests.launcher.fake_lambda import FakeLambda, invoke, shutdown
from tests.tools.bench.spooled import Function

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PATIENCE_SECONDS = 60.0
HANDLER_SECONDS = 0.01
"""The extension has heard of the invocation by then, as it has of almost every real one."""


@cache
def folder() -> Path:
    """For what is built once; gone when the bench ends."""
    made = Path(tempfile.mkdtemp(prefix="aftercall-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    atexit.register(_end_children)
    return made


def _end_children() -> None:
    """Of a program that Ctrl-C met while it was being started nobody holds the process id."""
    for task in Path("/proc/self/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)


@cache
def extension() -> Path:
    """The frozen extension, out of the layer."""
    with zipfile.ZipFile(built_layer.path()) as archive:
        path = Path(archive.extract("extensions/aftercall", folder()))
    path.chmod(0o755)
    return path


@cache
def bare_extension() -> Path:
    program = folder() / "bare_extension"
    subprocess.run(["cc", "-O2", "-static", str(HERE / "bare_extension.c"), "-o", str(program)], check=True)
    return program


@cache
def launcher() -> Path:
    subprocess.run(["make", "-s", "-C", str(ROOT / "launcher"), "program"], check=True)
    return ROOT / ".cache" / "launcher" / "launcher"


@cache
def freezing_python() -> Path:
    """The interpreter that the extension was frozen with."""
    return ROOT / ".cache" / "freeze" / "bin" / "python"


class Environment:
    """A context manager; the program is started by it, and nothing of it is left behind.

    `cgroup_procs` is what share.group gave. `started` is the moment just before exec.
    """

    def __init__(
        self, command: list[str], variables: Mapping[str, str] | None = None, cgroup_procs: Path | None = None
    ) -> None:
        self.fake = FakeLambda()
        self.folder = Path(tempfile.mkdtemp(dir=folder()))
        self.spool = self.folder / "spool"
        self.function = Function(self.spool)
        self._cgroup_procs = cgroup_procs
        self._asked = 0
        self._output = (self.folder / "output").open("wb")
        stamp, stamped = os.pipe()
        self.process = subprocess.Popen(
            command,
            env={
                "PATH": os.environ["PATH"],
                "AWS_LAMBDA_RUNTIME_API": self.fake.address,
                "AWS_LAMBDA_FUNCTION_NAME": "bench",
                "AWS_LAMBDA_EXEC_WRAPPER": "/opt/aftercall/wrapper",
                "AFTERCALL_SPOOL_DIR": str(self.spool),
                **(variables or {}),
            },
            stdout=self._output,
            stderr=subprocess.STDOUT,
            # Only there the moment of exec can be taken.
            preexec_fn=lambda: self._before_exec(stamped),  # noqa: PLW1509 - the threads are the fake Lambda's, which hold no lock
        )
        self.started = float(os.read(stamp, 64).decode())
        os.close(stamp)
        os.close(stamped)

    def _before_exec(self, stamped: int) -> None:
        if self._cgroup_procs is not None:
            self._cgroup_procs.write_text("0")
        os.setpgid(0, 0)
        os.write(stamped, repr(time.monotonic()).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        self.fake.close()
        self._output.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Lambda's side

    def asked(self) -> float:
        """Milliseconds from start to the first next."""
        return (self.fake.wait_for("next", timeout=PATIENCE_SECONDS)[0].at - self.started) * 1e3

    def registered(self) -> float:
        return (self.fake.wait_for("register", timeout=PATIENCE_SECONDS)[0].at - self.started) * 1e3

    def told(self) -> str:
        return (self.folder / "output").read_text(errors="replace")

    def until_told(self, words: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while words not in self.told():
            assert time.monotonic() < until, f"{words!r} awaited in {self.told()}"
            time.sleep(0.002)

    def invocation(self, calls: int) -> float:
        """Milliseconds from the function's end to the extension's next."""
        self._asked = max(self._asked, 1)
        self.fake.wait_for("next", self._asked, timeout=PATIENCE_SECONDS)
        request_id = f"00000000-0000-4000-8000-{self._asked:012x}"
        self.fake.send_event(invoke(request_id, in_ms=600_000))
        self.function.works(request_id, calls)
        time.sleep(HANDLER_SECONDS)
        ended = self.function.ends(request_id)
        self._asked += 1
        return (self.fake.wait_for("next", self._asked, timeout=PATIENCE_SECONDS)[-1].at - ended) * 1e3

    def shut_down(self) -> None:
        self.fake.send_event(shutdown(in_ms=300))
        self.process.wait(timeout=PATIENCE_SECONDS)

    # The kernel's side

    def processes(self) -> list[int]:
        """The launcher and whatever it has started."""
        found = [self.process.pid]
        for pid in found:
            with contextlib.suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def python_part(self) -> list[int]:
        return self.processes()[1:]


def cpu_ms(pids: list[int]) -> float:
    """User and system time of all threads so far, to the nanosecond (proc_pid_schedstat)."""
    tasks = [task for pid in pids for task in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def memory_mb(pids: list[int], kind: str) -> float:
    """`Pss` or `Rss` of all together (proc_pid_smaps, smaps_rollup)."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{kind}:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def nameless_bytes(pids: list[int]) -> int:
    """Of mapped files that have no name any more: they take room of their file system until they are let go."""
    sizes = {}
    for pid in pids:
        for mapped in Path(f"/proc/{pid}/map_files").iterdir():
            with contextlib.suppress(OSError):
                found = mapped.stat()
                if found.st_nlink == 0:
                    sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(sizes.values())
