"""A Java function's process under AWS's runtime client, for the benches of the Java agent."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from build_spec import maven
from tests.runtime_wrappers.java import parts
from tests.tools.bench.function import Function

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(__file__).resolve().parent / "java"
JAVA = parts.OLDEST_AND_NEWEST[1]


class JavaFunction(Function):
    """`agent` is a jar to name on the JVM's command line in place of a wrapper, if any."""

    def __init__(self, wrapper: Path | None, agent: Path | None = None) -> None:
        command = parts.runtime_command(JAVA, "BenchApp::handle")
        if agent:
            command.insert(1, f"-javaagent:{agent}")
        folder = parts.compiled((SOURCES,), "none", "11")
        # The JVM warns of the client's native part, each time.
        quiet = subprocess.DEVNULL
        super().__init__(wrapper, command=command, folder=folder, stderr=quiet, LAMBDA_TASK_ROOT=str(folder))

    def cpu_us(self) -> float:
        """CPU time of the process in microseconds, threads that have ended included."""
        clock = ~self.process.pid << 3 | 2  # what clock_getcpuclockid(3) says
        return time.clock_gettime_ns(clock) / 1000


@contextlib.contextmanager
def started(wrapper: Path | None) -> Iterator[JavaFunction]:
    function = JavaFunction(wrapper)
    try:
        function.wait_until_started()
        yield function
    finally:
        function.close()


def is_possible() -> bool:
    """False, and one line, without a JDK: there is no agent then."""
    if not maven.is_there():
        print(f"bench: nothing of Java is measured: {maven.INSTALL}", file=sys.stderr)
    return maven.is_there()
