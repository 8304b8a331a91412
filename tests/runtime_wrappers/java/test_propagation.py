"""AFTERCALL_PROPAGATE: the header that each client passes on, and the span id that it shares with the frames."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from aftercall.recognition import trace_headers
from tests.scenarios.harness import make_step
from tests.scenarios.rows import Scenario
from tests.scenarios.scripts import answer, http
from tests.scenarios.sites import Sites

from . import libraries, parts
from .program import flattened
from .table import SCENARIOS
from .test_boundary import Answered, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.scenarios.exchange import Exchange
    from tests.scenarios.libraries import Library
    from tests.scenarios.sites import Site

W3C = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
OWN = Scenario("own", http(answer()), request={"headers": {"traceparent": "the-users-own"}})
# A second exchange with the first one's headers: by a redirect, by a server that closes, by the client's own answer.
NAMES = ("content_length", "over_tls", "body_bytes", "redirect", "retry_after_drop", "tunnel")
ROWS = (*(row for row in SCENARIOS if row.name in NAMES), OWN)


def test_the_rows_are_there() -> None:
    assert {row.name for row in ROWS} == {*NAMES, "own"}


def rows() -> list:
    """Each library on the newest of the chosen Javas that has it."""
    newest = {library: java for java in parts.chosen() for library in libraries.on(java)}
    return [pytest.param(java, library, id=f"{java}-{library.name}") for library, java in newest.items()]


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    sites = Sites()
    yield sites
    sites.close()


def task_root(library: Library, folder: Path) -> Path:
    """A function's package: the classes, and the library's jars in lib/."""
    root = folder / "task"
    (root / "lib").mkdir(parents=True)
    for path in libraries.classes(library, "invoked").iterdir():
        (root / path.name).symlink_to(path)
    for jar in parts.jars(library.packages):
        (root / "lib" / jar.rpartition("/")[2]).symlink_to(jar)
    return root


@dataclass
class Called:
    """What the servers got in each row, and what the invocations that played all of them left behind."""

    exchanges: dict[str, list[Exchange]]
    answered: Answered

    def passed_on(self) -> list[list[str]]:
        """The values in each request but the user's own and those to a proxy, in the order in which they were sent."""
        rows = (exchanges for name, exchanges in self.exchanges.items() if name != OWN.name)
        return [sent(exchange) for exchanges in rows for exchange in exchanges if exchange.method != "CONNECT"]


def sent(exchange: Exchange) -> list[str]:
    return [value for name, value in exchange.request_fields if name.lower() == "traceparent"]


def called(
    java: str, library: Library, sites: Sites, folder: Path, events: tuple[dict, ...], propagates: str = ""
) -> list[Called]:
    """One function, invoked with all events."""
    played: list[dict[str, Site]] = []
    bodies = []
    for event in events:
        played.append({})
        steps = []
        for row in ROWS:
            if row.reason_against(library) is None:
                site = played[-1][row.name] = sites.add(row.behaviour, library.wire, row.tls or library.wire == "h2")
                steps.append(make_step(row, library, site, sites.reserve()))
        plan = dict(flattened({"client": library.module, "steps": steps}))
        bodies.append(json.dumps({"plan": plan, **event}).encode())
    root = task_root(library, folder)
    answered = run(java, "Invoked::handle", tuple(bodies), folder, task_root=root, AFTERCALL_PROPAGATE=propagates)
    assert [path.rpartition("/")[2] for path, _ in answered.posts] == ["response"] * len(events), answered.log
    ids = [frame.header["request_id"] for frame in answered.of_kind("invocation_start")]
    return [
        Called({name: site.exchanges for name, site in sites_of.items()}, answered.of_request(request_id))
        for sites_of, request_id in zip(played, ids, strict=True)
    ]


@pytest.mark.parametrize(("java", "library"), rows())
def test_each_call_carries_its_own_span_id_and_the_invocations_trace_id(java, library, sites, tmp_path) -> None:
    events: tuple[dict, ...] = ({}, {"headers": {"traceparent": W3C}})
    from_xray, from_event = called(java, library, sites, tmp_path, events, propagates="true")
    xray = from_xray.answered.of_kind("invocation_start")[0].header["trace"]
    check(from_xray, trace_headers.from_xray(xray))
    check(from_event, trace_headers.from_traceparent(W3C))


def check(called: Called, expected: trace_headers.TraceContext | None) -> None:
    assert expected is not None
    assert [sent(exchange) for exchange in called.exchanges[OWN.name]] == [["the-users-own"]]
    flags = "01" if expected.sampled else "00"
    spans = [frame.header["span_id"] for frame in called.answered.of_kind("call_start")]
    got = called.passed_on()
    assert got == [[f"00-{expected.trace_id}-{span}-{flags}"] for span in spans[: len(got)]]
    assert len(spans) == len(got) + 1
    kinds = ("call_start", "call_stage", "call_response", "call_end")
    frames = [one for kind in kinds for one in called.answered.of_kind(kind)]
    heads = [head for frame in frames if (head := dict(frame.parts()).get("request_head"))]
    assert len(heads) >= len(called.answered.of_kind("call_response"))
    assert all(b"traceparent: " in head.lower() for head in heads), "the record tells the request as it was sent"


def test_it_is_off_by_default(sites, tmp_path) -> None:
    """Of every client: test_table.py compares what servers see with and without us."""
    java = parts.chosen()[-1]
    (off,) = called(java, libraries.on(java)[0], sites, tmp_path, ({"headers": {"traceparent": W3C}},))
    assert [sent(exchange) for exchange in off.exchanges[OWN.name]] == [["the-users-own"]]
    assert not any(off.passed_on())
