"""A Node.js function's process: driver.js under the wrapper, or without it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from build_spec import nodejs
from tests.runtime_wrappers.nodejs import parts
from tests.scenarios import isolation, program

if TYPE_CHECKING:
    from tests.scenarios.libraries import Library

DRIVER = Path(__file__).resolve().parent / "clients" / "driver.js"


class NodeProgram(program.Program):
    """`python`, the interpreter of a table's rows, is a node here."""

    def __init__(self, python: str, library: Library, plan: dict[str, Any], *, watched: bool, **isolate: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="aftercall-program-"))
        self.spool = self.folder / "spool"
        self.spool.mkdir(0o700)
        self.results = self.folder / "results"
        self.results.touch()
        self.errors = self.folder / "stderr"
        packages = str(nodejs.folder("libraries"))
        self.plan = {"packages": packages, "client": library.client, "module": library.module, **plan}
        # As Lambda starts it; driver.js has garbage collected.
        command = [python, "--expose-gc", str(DRIVER), str(self.folder / "plan"), str(self.results)]
        if watched:
            command = ["sh", str(parts.wrapper() / "wrapper"), *command]
        self.command = isolation.isolated(command, **isolate)

    def environment(self) -> dict[str, str]:
        trust = self.plan["steps"][0]["session"]["trust"]
        return {**super().environment(), "NODE_EXTRA_CA_CERTS": trust, "NODE_NO_WARNINGS": "1"}
