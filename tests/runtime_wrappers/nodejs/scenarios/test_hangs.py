"""Each Node.js client library hangs once in each stage until it is killed: the spool names the call and the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime_wrappers.nodejs import parts
from tests.scenarios import isolation
from tests.scenarios.chosen import chosen
from tests.scenarios.harness import Hangs, selected
from tests.scenarios.table import HANGS
from tests.scenarios.test_hangs import NO_NAMESPACES, check_named

from .libraries import played
from .program import NodeProgram

if TYPE_CHECKING:
    from collections.abc import Iterator


def rows() -> list[Any]:
    """(major version, library, hang)."""
    return [
        pytest.param(
            major,
            library,
            hang,
            id=f"node{major}-{library.name}-{hang.name}",
            marks=pytest.mark.skipif(hang.stage == "dns" and not isolation.permitted(), reason=NO_NAMESPACES),
        )
        for major, library, hang in chosen(played(), HANGS)
    ]


@pytest.fixture(scope="module")
def hangs(request: pytest.FixtureRequest) -> Iterator[Hangs]:
    hangs = Hangs(NodeProgram)
    hangs.prepare([(parts.node(major), library, hang) for major, library, hang in selected(request, "hang")])
    yield hangs
    hangs.close()


@pytest.mark.parametrize(("python", "library", "hang"), rows())
def test_the_call_that_hung_is_named_with_its_stage(hangs, python, library, hang) -> None:
    check_named(hangs.hung(parts.node(python), library, hang), hang)
