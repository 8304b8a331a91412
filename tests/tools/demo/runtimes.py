"""The demo's functions as a sandbox runs them: which runtime client, from which folder, by the ending of their file."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from build_spec import maven, nodejs
from tests.runtime_wrappers.java import parts as java_parts
from tests.runtime_wrappers.nodejs import parts as node_parts

if TYPE_CHECKING:
    from pathlib import Path

NODE = 22
"""Where it is installed (`make nodejs` alone installs the oldest and the newest)."""

JAVA = java_parts.OLDEST_AND_NEWEST[1]

JAVA_RELEASE = "11"
"""Of the class files: what every javac that compiles here can write, whichever Java runs them."""


@dataclass(frozen=True)
class Program:
    """`command` runs in `task_root`; `timeout` (seconds) is enough for its start on a busy machine."""

    command: list[str]
    task_root: Path
    handler: str
    runtime_name: str
    timeout: float


def program(file: Path, packages: str = "none") -> Program:
    """The runtime client's command line for the function in this file, and what else Lambda would be told.

    `packages`: pins of the jars that a function of Java comes with.
    """
    handler = f"{file.stem}.handler"
    if file.suffix == ".py":
        name = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return Program([sys.executable, "-m", "awslambdaric", handler], file.parent, handler, name, 3)
    if file.suffix == ".js":
        command = [node_parts.node(_node_major()), *node_parts.CLIENTS[0].command(handler)]
        return Program(command, file.parent, handler, f"nodejs{_node_major()}.x", 10)
    handler = f"{file.stem}::handle"
    package = java_parts.package((file.parent,), packages, JAVA_RELEASE)
    return Program(java_parts.runtime_command(JAVA, handler), package, handler, f"java{JAVA}", 30)


def why_not(file: Path) -> str | None:
    """One line where functions of this runtime cannot be run here."""
    if file.suffix == ".js" and not all(nodejs.folder(name).is_dir() for name in nodejs.SETS):
        return f"demo: Node.js functions are left out: {nodejs.missing() or 'make nodejs'}"
    if file.suffix == ".java" and not maven.is_there():
        return f"demo: Java functions are left out: no JDK; {maven.INSTALL}"
    return None


def _node_major() -> int:
    return NODE if nodejs.folder("between").is_dir() else node_parts.EDGES[1]
