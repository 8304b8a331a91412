"""Every hook fails open: it is broken on purpose, the function gets the same answer, and the fault is told by name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.scenarios.harness import make_step
from tests.scenarios.records import read_frames
from tests.scenarios.sites import Sites

from . import breakable, libraries, parts
from .program import JavaProgram
from .table import SCENARIOS
from .test_boundary import EVENTS, Answered, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .libraries import Library

# Between them they pass most places: bodies both ways, TLS, a proxy, several exchanges, failures.
NAMES = ("content_length", "over_tls", "chunked", "body_bytes", "body_iterator", "tunnel", "redirect", "refused")
ROWS = {row.name: row for row in SCENARIOS if row.name in (*NAMES, "closed_in_chunk", "large_partly")}
FLUSH = "content_length"
"""Played after the broken rows: what is counted goes out with the next call."""


class BreakableProgram(JavaProgram):
    agent: ClassVar[Path]

    @classmethod
    def wrapper(cls) -> Path:
        return cls.agent


@pytest.fixture(scope="module", autouse=True)
def agent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    BreakableProgram.agent = breakable.build(tmp_path_factory.mktemp("breakable"))
    return BreakableProgram.agent


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    sites = Sites()
    yield sites
    sites.close()


def play(library: Library, sites: Sites, wanted: list[tuple[str, str]]) -> tuple[list[dict[str, Any]], Counter[str]]:
    """(results of the steps, how often each fault was told) of (row, place that is broken, if any)."""
    steps = []
    for name, place in wanted:
        row = ROWS[name]
        site = sites.add(row.behaviour, library.wire, row.tls or library.wire == "h2")
        steps.append({**make_step(row, library, site, sites.reserve()), "break": place})
    program = BreakableProgram(parts.chosen()[-1], library, {"steps": steps}, watched=True)
    program.start()
    try:
        results = program.wait()
        frames = [frame for _, frame in read_frames(program.spool)]
    finally:
        program.close()
    faults: Counter[str] = Counter()
    for frame in frames:
        faults.update(frame.header.get("faults", {}))
    return results, faults


def outcome(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(call.get("status"), call.get("sha256"), call.get("exception")) for call in result["calls"]]


@pytest.mark.parametrize("library", libraries.on(parts.chosen()[-1]), ids=lambda library: library.name)
def test_a_broken_hook_changes_no_answer_and_is_told(library: Library, sites: Sites) -> None:
    names = [name for name, row in ROWS.items() if row.reason_against(library) is None]
    looked, faults = play(library, sites, [(name, "") for name in (FLUSH, *names)])
    assert not faults
    expected = {result["scenario"]: outcome(result) for result in looked}
    places: dict[str, str] = {}
    for result in looked:
        for place in result["passed"].split("\n"):
            places.setdefault(place, result["scenario"])
    del places[""]
    assert len(places) > 5, "the door was not passed"
    broken = [*((name, place) for place, name in places.items()), (FLUSH, "")]
    results, faults = play(library, sites, [(FLUSH, ""), *broken])
    played = list(zip([place for _, place in broken], results[1:], strict=True))
    wrong = [
        f"{place}: {step['scenario']} was {outcome(step)}"
        for place, step in played
        if outcome(step) != expected[step["scenario"]]
    ]
    assert not wrong, "\n".join(wrong)
    # Which thread goes on with an exchange is chance, and so are a few places.
    again = {place for place, step in played if place in step["passed"].split("\n") and place}
    assert len(again) > 0.9 * len(places)
    expected_faults = Counter(place.partition(" ")[0] for place in again)
    assert faults >= expected_faults, expected_faults - faults
    assert faults.keys() <= {place.partition(" ")[0] for place in places}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Answered:
    return run("8", "app.App", EVENTS, tmp_path_factory.mktemp("plain"), watched=False)


@pytest.mark.parametrize("point", range(6))
def test_a_broken_hook_of_the_runtime_client_changes_no_answer(
    agent: Path, plain: Answered, point: int, tmp_path: Path
) -> None:
    for end in ("", " after", " thrown"):
        folder = tmp_path / f"broken{end.strip()}"
        folder.mkdir()
        broken = run(
            "8", "app.App", EVENTS, folder, options=(f"-Daftercall.break=RuntimeClient:{point}{end}",), wrapper=agent
        )
        assert broken.posts == plain.posts
        assert broken.log == plain.log
