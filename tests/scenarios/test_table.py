"""Every client library through every scenario of the table: nobody notices, and the records are right."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime_wrappers.nodejs.scenarios.libraries import LIBRARIES as NODE_LIBRARIES

from . import checks, libraries
from .chosen import chosen
from .harness import Table, selected
from .libraries import LIBRARIES, Library
from .table import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rows import Scenario

PYTHONS = libraries.interpreters()


def rows() -> list[Any]:
    """(python, library, scenario)."""
    players = itertools.product(PYTHONS, LIBRARIES)
    return [
        pytest.param(python, library, scenario, id=f"{libraries.prefix(python)}{library.name}-{scenario.name}")
        for python, library, scenario in chosen(players, SCENARIOS)
    ]


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Plays what this run has selected, and no more."""
    table = Table()
    table.prepare(selected(request, "scenario"))
    yield table
    table.close()


@pytest.mark.parametrize(("python", "library", "scenario"), rows())
def test_nobody_notices(table: Table, python: str, library: Library, scenario: Scenario) -> None:
    table.judge(python, library, scenario, lambda played: checks.check_nobody_notices(played, library))


@pytest.mark.parametrize(("python", "library", "scenario"), rows())
def test_the_records_are_right(table: Table, python: str, library: Library, scenario: Scenario) -> None:
    table.judge(python, library, scenario, lambda played: checks.check_records(played, library))


def test_each_thing_not_possible_names_a_library() -> None:
    known = {key for library in (*LIBRARIES, *NODE_LIBRARIES) for key in library.keys}
    named = {key for scenario in SCENARIOS for key in (*scenario.not_possible, *scenario.differs)}
    assert named <= known
