"""Every Node.js client library through every scenario of the table: nobody notices, and the records are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime_wrappers.nodejs import parts
from tests.scenarios import checks
from tests.scenarios.chosen import chosen
from tests.scenarios.harness import Table, selected
from tests.scenarios.table import SCENARIOS

from .libraries import played
from .program import NodeProgram

if TYPE_CHECKING:
    from collections.abc import Iterator


def rows() -> list[Any]:
    """(major version, library, scenario)."""
    return [
        pytest.param(major, library, scenario, id=f"node{major}-{library.name}-{scenario.name}")
        for major, library, scenario in chosen(played(), SCENARIOS)
    ]


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Plays what this run has selected, and no more."""
    table = Table(NodeProgram)
    wanted = [(parts.node(major), library, scenario) for major, library, scenario in selected(request, "scenario")]
    table.prepare(wanted)
    yield table
    table.close()


@pytest.mark.parametrize(("python", "library", "scenario"), rows())
def test_nobody_notices(table, python, library, scenario) -> None:
    table.judge(parts.node(python), library, scenario, lambda played: checks.check_nobody_notices(played, library))


@pytest.mark.parametrize(("python", "library", "scenario"), rows())
def test_the_records_are_right(table, python, library, scenario) -> None:
    table.judge(parts.node(python), library, scenario, lambda played: checks.check_records(played, library))
