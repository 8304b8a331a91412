"""Each Java client hangs once in each stage until the function is killed: the spool names the call and the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.scenarios import isolation
from tests.scenarios.chosen import chosen
from tests.scenarios.harness import Hangs, selected
from tests.scenarios.test_hangs import NO_NAMESPACES, check_named

from . import libraries
from .program import JavaProgram
from .table import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenarios.libraries import Library
    from tests.scenarios.rows import Hang


def rows() -> list[Any]:
    """(java, library, hang)."""
    return [
        pytest.param(
            java,
            library,
            hang,
            id=f"{java}-{library.name}-{hang.name}",
            marks=pytest.mark.skipif(hang.stage == "dns" and not isolation.permitted(), reason=NO_NAMESPACES),
        )
        for java, library, hang in chosen(libraries.played(), HANGS)
    ]


@pytest.fixture(scope="module")
def hangs(request: pytest.FixtureRequest) -> Iterator[Hangs]:
    hangs = Hangs(JavaProgram)
    hangs.prepare(selected(request, "hang"))
    yield hangs
    hangs.close()


@pytest.mark.parametrize(("python", "library", "hang"), rows())
def test_the_call_that_hung_is_named_with_its_stage(hangs: Hangs, python: str, library: Library, hang: Hang) -> None:
    check_named(hangs.hung(python, library, hang), hang)
