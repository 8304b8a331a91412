"""Every hook fails open: it is broken on purpose, the function gets the same answer, and the extension tells of it.

The layer under test is a copy that has a door for that (breakable.py). A first run finds which places of our code each
exercise passes; a second one breaks them one by one, an invocation each.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests import pythons
from tests.promises.breakable import breakable_layer
from tests.promises.side_by_side import Function, Ran, run
from tests.scenarios import scripts
from tests.scenarios.chosen import everything
from tests.scenarios.scripts import answer, http
from tests.scenarios.sites import Sites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aftercall.sandbox import Outcome

FUNCTION = Function("broken_hooks.handler")
# The first that passes a place is the one that is played while it is broken.
EXERCISES = ("idle", "imports", "http_client", "by_urllib3", "by_httpx", "by_httpx_async", "by_aiohttp")
# Imported before anything is broken: hooks are put in place by then.
MODULES = ("http.client", "urllib3", "httpx", "aiohttp", "asyncio.sslproto")
LATE = "late_faults."
FEW, MANY = 20, 300  # more calls than the first of functions/spool_errors.py: in the same segment, and in others
# It ends the process: test_a_broken_init_error_post_is_told.
BY_ITSELF = ".post_init_error "


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    sites = Sites()
    behaviours = {
        "ok": http(answer()),
        "chunked": http(answer(framing="chunked")),
        "until_close": http(scripts.until_close),
        "cut": http(scripts.cut(2000, 500)),
        "cut_chunked": http(scripts.cut(2000, 500, framing="chunked")),
        "half": http(scripts.silent_in_body),
        "tunnel": http(answer(), on_connection=scripts.tunnels("origin.test")),
    }
    found = {name: sites.add(behaviour).base for name, behaviour in behaviours.items()}
    found["tls"] = sites.add(http(answer()), tls=True).base
    found["h2"] = sites.add(http(answer()), "h2", tls=True).base
    found["refused"] = f"http://127.0.0.1:{sites.reserve()}"
    with open(sites.authority.trust, encoding="ascii") as file:
        found["trust"] = file.read()
    yield found
    sites.close()


@dataclass
class Broken:
    """Of the first run the answers and places; of the second, which invocation broke which place."""

    answers: dict[str, Any]
    known: set[str]
    exercise_of: dict[str, str]
    places: dict[str, int]
    ran: Ran


class Runs:
    def __init__(self, layer: Path, folder: Path, urls: dict[str, str]) -> None:
        self.layer, self.urls = breakable_layer(layer, folder), urls

    @functools.cache  # noqa: B019  lives as long as the tests
    def of(self, version: str) -> Broken:
        first = self.event("idle", **{"import": MODULES})
        looks = run(FUNCTION, [first, *(self.event(name, look=True) for name in EXERCISES)], version, self.layer)
        assert {outcome.status for outcome in looks.outcomes} == {"success"}, looks.outcomes
        seen = {name: looks.outcomes[number].response_json for number, name in enumerate(EXERCISES, 1)}
        exercise_of: dict[str, str] = {}
        for name, found in seen.items():
            for place in found["passed"]:
                exercise_of.setdefault(place, name)
        exercise_of |= {place: "raises" for place in found["known"] if ".post_invocation_error " in place}
        events, places = [first], {}
        for place, name in in_this_run(version, exercise_of):
            places[place] = len(events)
            # Two more, which take away what could not be told at once: the boundary is passed around the handler.
            events += [self.event(name, **{"break": [place]}), self.event("idle"), self.event("idle")]
        ran = run(FUNCTION, events, version, self.layer)
        answers = {name: found["answer"] for name, found in seen.items()}
        return Broken(answers, set(found["known"]), exercise_of, places, ran)

    def event(self, name: str, **more: Any) -> dict[str, Any]:
        return {"do": name, "urls": self.urls, **more}


def in_this_run(version: str, exercise_of: dict[str, str]) -> list[tuple[str, str]]:
    """All places; in `make test` every third of what is not the newest Python."""
    step = 1 if everything() or version == pythons.wanted()[-1] else 3
    return list(exercise_of.items())[::step]


@pytest.fixture(scope="module")
def runs(layer, scratch, urls) -> Runs:
    return Runs(layer, scratch / "breakable", urls)


def test_every_place_is_passed(runs: Runs, version: str) -> None:
    broken = runs.of(version)
    assert not {place for place in broken.known - set(broken.exercise_of) if BY_ITSELF not in place}


def test_a_broken_hook_changes_no_answer_and_is_told(runs: Runs, version: str) -> None:
    broken = runs.of(version)
    wrong = []
    for place, number in broken.places.items():
        name, told = broken.exercise_of[place], faults_of(broken.ran, number)
        if not is_same(broken.ran.outcomes[number], broken.answers.get(name)):
            wrong.append(f"{place}: {name} answered {broken.ran.outcomes[number].response_json}")
        if set(told) != {place.rpartition(" ")[0]}:
            wrong.append(f"{place}: {name} was told as {told} in {broken.ran.extension_lines[number : number + 3]}")
    assert not wrong, "\n".join(wrong)


def is_same(outcome: Outcome, answer: Any) -> bool:
    if outcome.error is not None:
        return bool(outcome.error_type == "ValueError" and outcome.response_json["errorMessage"] == "no such order")
    return bool(outcome.response_json == answer)


def faults_of(ran: Ran, number: int) -> dict[str, int]:
    """What the records of this invocation and the next two say of hooks that failed.

    Where the next event's hook has failed, what is counted stands under the id of the invocation before, which was
    exported long ago: then the extension tells it as a counter of its own.
    """
    told: dict[str, int] = {}
    mine = {outcome.request_id for outcome in ran.outcomes[number : number + 3]}
    for record in ran.records:
        if record["request_id"] in mine:
            late = {name.removeprefix(LATE): n for name, n in record.get("counters", {}).items() if LATE in name}
            for name, count in [*record.get("faults", {}).items(), *late.items()]:
                told[name] = told.get(name, 0) + count
    return told


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_broken_init_error_post_is_told(runs: Runs, version: str, side: str) -> None:
    ran = run(replace(FUNCTION, handler=f"broken_init_{side}.handler"), [{}], version, runs.layer)
    assert ran.outcomes[0].error_type == "Runtime.ImportModuleError"
    assert "nothing_like_this" in ran.outcomes[0].response_json["errorMessage"]
    told = [record["faults"] for record in ran.records if "faults" in record]
    assert told, ran.extension_lines
    assert {name.rpartition(".")[2] for faults in told for name in faults} == {"post_init_error"}


DISK_ERRORS = ("disk_is_full", "no_descriptors", "not_permitted", "folder_is_gone")


@pytest.mark.parametrize("more", [FEW, MANY])
def test_what_cannot_be_spooled_is_told(layer, urls, version: str, more: int) -> None:
    """ENOSPC, EMFILE, EACCES and a folder that is gone, in the middle of a call; then all is well again."""
    events = [{"do": name, "url": urls["ok"], "more": more} for error in DISK_ERRORS for name in (error, "all_is_well")]
    ran = run(Function("spool_errors.handler", settings={"tmp_mb": 16}), events, version, layer)
    assert [outcome.response_json for outcome in ran.outcomes] == [[2000] * (more + 1)] * len(events)
    drops = [record.get("drops", {}) for record in ran.records]
    told = {error: [drops[2 * number], drops[2 * number + 1]] for number, error in enumerate(DISK_ERRORS)}
    for error, (during, afterwards) in told.items():
        lost = {reason: during.get(reason, 0) + afterwards.get(reason, 0) for reason in ("write", "short_write", "off")}
        if more == FEW:  # there is room in the segment that is mapped, and it takes no system call to fill it
            assert sum(lost.values()) == 0, (error, told)
            continue
        assert sum(lost.values()) > 0, (error, told)
        # A folder that cannot be looked at counts as one that is gone.
        assert (lost["write"] + lost["short_write"] > 0) == (error != "folder_is_gone"), (error, told)
    assert all(record["call_count"] == more + 1 for record in ran.records[1 if more == MANY else 0 :: 2])
