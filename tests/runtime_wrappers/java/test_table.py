"""Every Java client through every scenario of the table: nobody notices, and the records are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.scenarios import checks
from tests.scenarios.chosen import chosen
from tests.scenarios.harness import Table, selected

from . import libraries
from .program import JavaProgram
from .table import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenarios.libraries import Library
    from tests.scenarios.rows import Scenario


def rows() -> list[Any]:
    """(java, library, scenario)."""
    return [
        pytest.param(java, library, scenario, id=f"{java}-{library.name}-{scenario.name}")
        for java, library, scenario in chosen(libraries.played(), SCENARIOS)
    ]


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Plays what this run has selected, and no more."""
    table = Table(JavaProgram)
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
    known = {key for library in libraries.LIBRARIES for key in library.keys}
    named = {key for scenario in SCENARIOS for key in (*scenario.not_possible, *scenario.differs)}
    assert named <= known
