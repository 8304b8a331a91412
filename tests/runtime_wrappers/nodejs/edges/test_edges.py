"""Exchanges at the edges, with the wrapper and without: everything that the user's code can observe is the same."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime_wrappers.nodejs import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
TABLES = ("core.js", "libraries.js")
LEAST = 395
"""Exchanges of both tables together: a table that ends early must be noticed."""
PATIENCE = 600  # seconds for a whole table, on a slow machine
# What now and then differs by itself is played again, both ways.
TRIES = 3
MOST_THAT_NEVER_COME = 2


@contextlib.contextmanager
def serving(node: str) -> Iterator[str]:
    server = subprocess.Popen([node, str(HERE / "server.js")], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.kill()
        server.wait(PATIENCE)


def played(node: str, table: str, *, watched: bool) -> tuple[dict[str, Any], bytes]:
    """({exchange: what was seen}, the bytes in the spool)."""
    with serving(node) as url, tempfile.TemporaryDirectory() as spool:
        command = [node, str(HERE / "run.js"), str(HERE / table), url, str(parts.packages())]
        if watched:
            command = ["sh", str(parts.wrapper() / "wrapper"), *command]
        environment = {"PATH": os.environ["PATH"], "AFTERCALL_SPOOL_DIR": spool, "NODE_NO_WARNINGS": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        seen = [json.loads(line) for line in done.stdout.splitlines()]
        return {one["name"]: one for one in seen}, b"".join(path.read_bytes() for path in Path(spool).iterdir())


@cache
def both(node: str, table: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    plain, nothing = played(node, table, watched=False)
    assert not nothing
    return plain, *played(node, table, watched=True)


@pytest.mark.parametrize("table", TABLES)
def test_the_user_observes_the_same(node, table) -> None:
    plain, watched, spooled = both(node, table)
    assert b'"kind":"call_end"' in spooled
    assert b'"faults"' not in spooled
    assert list(watched) == list(plain)
    differ = [name for name in plain if watched[name] != plain[name]]
    for _ in range(TRIES):
        if not differ:
            return
        again, watched_again = (played(node, table, watched=one)[0] for one in (False, True))
        differ = [name for name in differ if watched_again[name] != again[name]]
    assert not differ, [(plain[name], watched[name]) for name in differ]


def test_there_are_as_many_as_there_should_be(node) -> None:
    exchanges = [one for table in TABLES for one in both(node, table)[0].values()]
    assert len(exchanges) >= LEAST
    # Where nothing ever comes, nothing is compared. What only came too late, on a busy machine, comes another time.
    never = {one["name"] for one in exchanges if one["seen"] == "never came"}
    for _ in range(TRIES):
        if len(never) <= MOST_THAT_NEVER_COME:
            break
        again = [one for table in TABLES for one in played(node, table, watched=False)[0].values()]
        never &= {one["name"] for one in again if one["seen"] == "never came"}
    assert len(never) <= MOST_THAT_NEVER_COME, never
