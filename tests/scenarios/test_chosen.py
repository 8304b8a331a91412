"""The selection leaves no scenario out: each is played by each group of libraries, and each library plays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runtime_wrappers.java import libraries as java_libraries
from tests.runtime_wrappers.java import parts as java_parts
from tests.runtime_wrappers.java import table as java_table
from tests.runtime_wrappers.nodejs.scenarios import libraries as node_libraries

from . import libraries, table
from .chosen import ALL, chosen

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
