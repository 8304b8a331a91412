"""Each library hangs once in each stage until the function is killed: the spool names the call and the stage."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from . import isolation, libraries
from .chosen import chosen
from .harness import Hangs, selected
from .libraries import LIBRARIES, Library
from .records import as_asked
from .table import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .harness import Hung
    from .rows import Hang

PYTHONS = libraries.interpreters()
NO_NAMESPACES = "this system permits no mount and network namespaces: run as root or allow user namespaces"


def rows() -> list[Any]:
    """(python, library, hang)."""
    return [
        pytest.param(
            python,
            library,
            hang,
            id=f"{libraries.prefix(python)}{library.name}-{hang.name}",
            marks=pytest.mark.skipif(hang.stage == "dns" and not isolation.permitted(), reason=NO_NAMESPACES),
        )
        for python, library, hang in chosen(itertools.product(PYTHONS, LIBRARIES), HANGS)
    ]


@pytest.fixture(scope="module")
def hangs(request: pytest.FixtureRequest) -> Iterator[Hangs]:
    hangs = Hangs()
    hangs.prepare(selected(request, "hang"))
    yield hangs
    hangs.close()


@pytest.mark.parametrize(("python", "library", "hang"), rows())
def test_the_call_that_hung_is_named_with_its_stage(hangs: Hangs, python: str, library: Library, hang: Hang) -> None:
    check_named(hangs.hung(python, library, hang), hang)


def check_named(hung: Hung, hang: Hang) -> None:
    """One record of the call, without an end, in the stage that the row names."""
    request = hung.step["request"]
    mine = [record for record in hung.records if as_asked(record.url) == request["url"]]
    seen = [(record.method, record.url, record.stages, record.kinds) for record in hung.records]
    assert len(mine) == 1, f"{seen}\n{hung.output}"
    assert mine[0].method == request.get("method", "GET")
    assert mine[0].stage == hang.stage, seen
    assert "call_end" not in mine[0].kinds
    assert len(hung.records) == (2 if hang.verb == "behind" else 1), seen
