"""A function's process: the driver under the built wrapper, or without it, with a spool folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import built_layer
from tests.segments import furnish

from . import isolation, libraries
from .records import Record, assemble, read_frames

if TYPE_CHECKING:
    from .libraries import Library

CLIENTS = Path(__file__).resolve().parent / "clients"
RUN_TIMEOUT = 600  # seconds for a whole library; each call has its own, shorter ones


class Program:
    """A driver process under the wrapper or not, with a spool folder of its own."""

    AT_ONCE = 4  # most of the time such a process waits

    def __init__(self, python: str, library: Library, plan: dict[str, Any], *, watched: bool, **isolate: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="aftercall-program-"))
        self.spool = self.folder / "spool"
        furnish(self.spool)
        self.results = self.folder / "results"
        self.results.touch()
        self.errors = self.folder / "stderr"
        packages = libraries.install(python)[library.packages]
        self.plan = {"paths": [packages], "client": library.client, "module": library.module, **plan}
        command = [python, str(CLIENTS / "driver.py"), str(self.folder / "plan"), str(self.results)]
        if watched:
            command = ["sh", str(built_layer.wrapper("python") / "wrapper"), *command]
        self.command = isolation.isolated(command, **isolate)

    def start(self) -> None:
        (self.folder / "plan").write_text(json.dumps(self.plan))
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                start_new_session=True,
            )

    def environment(self) -> dict[str, str]:
        return environment(self.spool)

    def wait(self) -> list[dict[str, Any]]:
        """The results, when the program has ended well."""
        try:
            status = self.process.wait(RUN_TIMEOUT)
        finally:
            self.kill()
        assert status == 0, f"exit status {status}\n{self.output()}"
        return [json.loads(line) for line in self.results.read_text().splitlines()]

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(RUN_TIMEOUT)

    def ended(self) -> bool:
        return self.process.poll() is not None

    def output(self) -> str:
        return self.errors.read_text(errors="replace")

    def records(self) -> list[Record]:
        return assemble(read_frames(self.spool))

    def left_out_for_slowness(self) -> bool:
        """The wrapper left frames out since a write took too long."""
        drops = [frame.header.get("frames", {}) for _, frame in read_frames(self.spool) if frame.kind == "drops"]
        return any("slow" in frames for frames in drops)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def environment(spool: Path) -> dict[str, str]:
    """The machine's proxies and Python settings stay out; the wrapper hears of the spool and of one excluded host."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "AFTERCALL_SPOOL_DIR": str(spool),
        "AFTERCALL_EXCLUDE_HOSTS": "localhost",
        "AFTERCALL_LOG_LEVEL": "debug",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONHASHSEED": "0",
    }
