"""The selection leaves no scenario out: each is played by each group of libraries, and each library plays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import conftest
from tests.runtime_wrappers.java import libraries as java_libraries
from tests.runtime_wrappers.java import parts as java_parts
from tests.runtime_wrappers.java import table as java_table
from tests.runtime_wrappers.nodejs.scenarios import libraries as node_libraries

from . import libraries, table
from .chosen import ALL, chosen

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [(version, library) for version in ("3.9", "3.14") for library in libraries.LIBRARIES]
JAVA = [(version, library) for version in java_parts.OLDEST_AND_NEWEST for library in java_libraries.on(version)]
PLAYERS: dict[str, tuple[list[Any], tuple[Any, ...]]] = {
    "python": (PYTHON, table.SCENARIOS),
    "python hangs": (PYTHON, table.HANGS),
    "node": (node_libraries.played(), table.SCENARIOS),
    "java": (JAVA, java_table.SCENARIOS),
}


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ALL:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", PLAYERS)
def test_each_group_plays_each_scenario_that_it_can_once(name: str) -> None:
    players, rows = PLAYERS[name]
    played = [(library.client, library.wire, row.name) for _, library, row in chosen(players, rows)]
    possible = {
        (library.client, library.wire, row.name)
        for _, library in players
        for row in rows
        if row.reason_against(library) is None
    }
    assert sorted(played) == sorted(possible)


@pytest.mark.parametrize("name", [name for name in PLAYERS if "hangs" not in name])
def test_each_library_plays_on_each_version(name: str) -> None:
    players, rows = PLAYERS[name]
    assert {(version, library) for version, library, _ in chosen(players, rows)} == set(players)


def test_all_of_it_is_played_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCALL_ALL", "1")
    players, rows = PLAYERS["python"]
    possible = [row for _, library in players for row in rows if row.reason_against(library) is None]
    assert len(list(chosen(players, rows))) == len(possible)


TESTS = """
import pytest
versions = pytest.mark.parametrize("python", ["3.9", "3.14"])

@versions
@pytest.mark.parametrize("row", range(5))
def test_many(python, row): pass

@versions
@pytest.mark.parametrize("row", range(3))
def test_few(python, row): pass

@pytest.mark.parametrize("row", range(9))
def test_of_no_version(row): pass
"""


def test_versions_take_turns_where_there_are_many_rows(tmp_path: Path) -> None:
    """Each row is played, and each version plays; tests of few rows or of no version are whole."""
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(
        "from tests.scenarios.chosen import in_turns\n"
        "def pytest_collection_modifyitems(items): items[:] = in_turns(items)\n"
    )
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    names = [line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line]
    many = [name.removeprefix("test_many[").rstrip("]").split("-") for name in names if name.startswith("test_many")]
    assert sorted(row for row, _ in many) == list("01234")
    assert {version for _, version in many} == {"3.9", "3.14"}
    assert len([name for name in names if name.startswith("test_few")]) == 6
    assert len([name for name in names if name.startswith("test_of_no_version")]) == 9


@pytest.mark.parametrize("name", conftest.NIGHTLY + conftest.LONGEST)
def test_what_conftest_names_is_there(name: str) -> None:
    """Of what has moved, nothing would be left out of `make test`, or begun first."""
    path, _, test = name.partition("::")
    (found, *_) = sorted(ROOT.glob(f"{path}*"))
    assert f"def {test.partition('[')[0]}" in (found.read_text() if test else "def ")
