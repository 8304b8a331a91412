"""Real Nodes, runtime clients and libraries, and the layer's wrapper: what the tests of Node.js run.

AFTERCALL_TEST_NODES names the major versions, `18,26` unless told. AFTERCALL_MATRIX (`make matrix`) means each that
Lambda has.
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from build_spec import nodejs
from tests import built_layer

if TYPE_CHECKING:
    from pathlib import Path

ALL = (18, 20, 22, 24, 26)
EDGES = (18, 26)
SOURCES = nodejs.ROOT / "runtime_wrappers" / "nodejs"


@dataclass(frozen=True)
class Client:
    """A release of AWS's runtime client. 4 takes no handler with a callback, on any Node."""

    name: str
    entry: str
    takes_callbacks: bool

    @property
    def file(self) -> Path:
        return nodejs.folder("clients") / "node_modules" / self.name / self.entry

    def command(self, handler: str) -> list[str]:
        return [str(self.file), handler]


CLIENTS = (
    Client("aws-lambda-ric-3", "bin/index.mjs", takes_callbacks=True),
    Client("aws-lambda-ric-4", "index.mjs", takes_callbacks=False),
)


def majors() -> tuple[int, ...]:
    named = os.environ.get("AFTERCALL_TEST_NODES", "")
    if not named:
        return ALL if os.environ.get("AFTERCALL_MATRIX") else EDGES
    return tuple(int(word) for word in named.split(",") if word)


@functools.cache
def prepare() -> None:
    """Have all parts; skip the test where npm or a compiler is missing."""
    lacking = nodejs.missing()
    if lacking and not all(nodejs.folder(name).is_dir() for name in nodejs.SETS):
        pytest.skip(lacking)
    for name in nodejs.SETS:
        nodejs.install(name)


def node(major: int) -> str:
    prepare()
    if major not in EDGES:
        nodejs.install("between")
    return str(nodejs.node(major))


def major_of(node: str) -> int:
    """The major version of a program that node() has returned."""
    return next(major for major in ALL if str(nodejs.node(major)) == node)


def wrapper() -> Path:
    return built_layer.wrapper("nodejs")


def mapping(way: str) -> str:
    """Folder of the add-on for the tests' scripts: where segments are written by plain writes there is none."""
    return str(wrapper()) if way == "mapped" else "/dev/null"


def packages() -> Path:
    prepare()
    return nodejs.folder("libraries") / "node_modules"
