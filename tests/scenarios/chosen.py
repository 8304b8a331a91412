"""Which rows of a large table a run plays: all in `make test-all` and `make matrix`, else a selection without chance.

Libraries that one client script drives over one wire pass the same hooks. Such a group plays each scenario once: its
libraries take turns, and the versions of the runtime with them. So each pair of group and scenario is there, and each
library on each of its versions.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ALL = ("AFTERCALL_ALL", "AFTERCALL_MATRIX", "AFTERCALL_TEST_NODES", "AFTERCALL_TEST_JAVAS")
"""Variables; who sets one of them wants to see every row of what it names."""


def everything() -> bool:
    return any(os.environ.get(name) for name in ALL)


def chosen(players: Iterable[tuple[Any, Any]], rows: Iterable[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """(version, library, row), of (version, library) and rows of the table."""
    groups: dict[tuple[str, str], list[tuple[Any, Any]]] = {}
    for version, library in players:
        groups.setdefault((library.client, library.wire), []).append((version, library))
    rows = tuple(rows)
    for first, group in enumerate(groups.values()):
        for turn, row in enumerate(rows, first):
            able = [player for player in group if row.reason_against(player[1]) is None]
            for version, library in able if everything() else able[turn % max(1, len(able)) :][:1]:
                yield version, library, row


VERSIONS = ("python", "node", "java", "runtime")
"""Parameters of tests that are a version of a runtime."""

FEW = 3
"""Rows of a test that are played on each version all the same."""


def in_turns(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Of tests with many rows those that run: each row on one of the versions, which take turns."""
    tests: dict[str, dict[str, list[pytest.Item]]] = {}
    for item in items:
        test, row = test_and_row(item)
        tests.setdefault(test, {}).setdefault(row, []).append(item)
    kept = []
    for rows in tests.values():
        for turn, versions in enumerate(rows.values()):
            kept += versions if len(rows) <= FEW else [versions[turn % len(versions)]]
    return kept


def test_and_row(item: pytest.Item) -> tuple[str, str]:
    """What is the same of all rows that take turns, and what is the same of a row on each version."""
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    if "program" in parameters:  # the launcher as it is released, or with sanitizers: a whole file takes turns
        others = {name: value for name, value in parameters.items() if name != "program"}
        return str(item.path), f"{item.name.partition('[')[0]} {others}"
    test = item.nodeid.partition("[")[0]
    if not any(name in parameters for name in VERSIONS):
        return test, item.nodeid
    language = getattr(parameters.get("runtime"), "language", "")
    others = {name: value for name, value in parameters.items() if name not in VERSIONS}
    return f"{test} {language}", repr(others)
