"""Runs a library through the table, without and with the wrapper: what client, server and spool say of each scenario.

A Program is the first level: the driver as a script under the wrapper, the spool read directly. Another level is a
class with the same methods.
"""

from __future__ import annotations

import functools
import re
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .program import Program
from .records import as_asked
from .sites import Site, Sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .exchange import Exchange
    from .libraries import Library
    from .records import Record
    from .rows import Hang, Row, Scenario

TIMED_OUT = re.compile(r"(?i)timed? ?out")
TIMEOUT = 10  # seconds, where a row names none (SESSION of the clients' driver)

ATTEMPTS = 3  # at a run on a disk that is slow now and then

HANG_PATIENCE = 20  # seconds for a program to start and to come to its stage, on a slow machine
ONE_SESSION = frozenset(("http2", "apache5-h2"))
"""Of HTTP/2's clients those whose calls to an origin share one connection."""
SETTLE = 0.3  # seconds: a stage that does not wait is left within these


@dataclass
class Run:
    """What one run of one scenario left behind."""

    outcomes: list[dict[str, Any]]
    output: str
    exchanges: list[Exchange]
    connections: int
    records: list[Record]


@dataclass
class Played:
    """A scenario as it was played: its site and its two runs."""

    scenario: Scenario
    site: Site
    step: dict[str, Any]
    plain: Run
    watched: Run


@dataclass
class Hung:
    """What a killed program left behind."""

    step: dict[str, Any]
    records: list[Record]
    output: str


def filled(value: Any, names: dict[str, str]) -> Any:
    """The row's data with {base} and its like filled in."""
    if isinstance(value, str):
        return value.format(**names)
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    return [filled(item, names) for item in value] if isinstance(value, list) else value


def make_step(scenario: Row, library: Library, site: Site, refused: int) -> dict[str, Any]:
    names = {
        "name": scenario.name,
        "base": site.base,
        "scheme": site.scheme,
        "port": str(site.port),
        "ack": str(site.ack_port),
        "refused": f"{site.scheme}://127.0.0.1:{refused}",
    }
    session = {"trust": site.sites.authority.trust, "http2": library.wire == "h2", **scenario.session}
    request = {"url": scenario.url, **scenario.request}
    step = {
        "scenario": scenario.name,
        "verb": scenario.verb,
        "count": scenario.count,
        "session": session,
        "request": request,
    }
    return dict(filled(step, names))


class Table:
    """Plays scenarios with libraries, some at once since most of the time is waiting; each is kept for its tests."""

    def __init__(self, level: type[Program] = Program) -> None:
        self.level = level
        self.sites = Sites()
        self.refused = self.sites.reserve()
        self.pool = ThreadPoolExecutor(level.AT_ONCE)
        self.plays: dict[tuple[str, Library], Future[dict[str, Played]]] = {}

    def prepare(self, wanted: Iterable[tuple[str, Library, Scenario]]) -> None:
        """Begin to play all that the tests will ask for."""
        scenarios: dict[tuple[str, Library], list[Scenario]] = {}
        for python, library, scenario in wanted:
            scenarios.setdefault((python, library), []).append(scenario)
        for (python, library), mine in scenarios.items():
            self.plays[python, library] = self.pool.submit(self._play, python, library, mine)

    def played(self, python: str, library: Library, scenario: Scenario) -> Played:
        play = self.plays[python, library]
        # Raised anew: an exception that each row's test raises again carries the tracebacks of all.
        assert play.exception() is None, f"{type(play.exception()).__name__}: {play.exception()}"
        return play.result()[scenario.name]

    def judge(self, python: str, library: Library, scenario: Scenario, judge: Callable[[Played], None]) -> None:
        """A time-out is too short now and then on a busy machine: then a longer one is judged."""
        try:
            judge(self.played(python, library, scenario))
        except AssertionError as failure:
            if "timeout" not in scenario.session and not TIMED_OUT.search(str(failure)):
                raise
            judge(self._patiently(python, library, scenario))

    @functools.cache  # noqa: B019  lives as long as the module's tests
    def _patiently(self, python: str, library: Library, scenario: Scenario) -> Played:
        session = {**scenario.session, "timeout": 10 * scenario.session.get("timeout", TIMEOUT)}
        return self._play(python, library, [replace(scenario, session=session)])[scenario.name]

    def _play(self, python: str, library: Library, scenarios: list[Scenario]) -> dict[str, Played]:
        sites, steps = {}, {}
        for scenario in scenarios:
            site = self.sites.add(scenario.behaviour, library.wire, scenario.tls or library.wire == "h2")
            sites[scenario.name] = site
            steps[scenario.name] = make_step(scenario, library, site, self.refused)
        plain = self._run(python, library, steps, sites, watched=False)
        watched = self._run(python, library, steps, sites, watched=True)
        return {
            scenario.name: Played(
                scenario, sites[scenario.name], steps[scenario.name], plain[scenario.name], watched[scenario.name]
            )
            for scenario in scenarios
        }

    def _run(
        self, python: str, library: Library, steps: dict[str, Any], sites: dict[str, Site], *, watched: bool
    ) -> dict[str, Run]:
        results, program_output, records = self._ran(python, library, steps, sites, watched=watched)
        runs = {}
        for name, site in sites.items():
            mine = [record for record in records if belongs(record, name, site)]
            runs[name] = Run(results[name], program_output, site.exchanges, site.connections, mine)
            records = [record for record in records if record not in mine]
            site.forget()
        assert not records, f"records of no scenario: {[(record.method, record.url) for record in records]}"
        return runs

    def _ran(
        self, python: str, library: Library, steps: dict[str, Any], sites: dict[str, Site], *, watched: bool
    ) -> tuple[dict[str, Any], str, list[Record]]:
        """Once more where the disk was too slow for the wrapper: what it leaves out then is for test_slow_disk.py."""
        for attempt in range(1, ATTEMPTS + 1):
            program = self.level(python, library, {"steps": list(steps.values())}, watched=watched)
            program.start()
            try:
                results = {result["scenario"]: result["calls"] for result in program.wait()}
                if attempt == ATTEMPTS or not program.left_out_for_slowness():
                    break
            finally:
                ended = program.output(), program.records()
                program.close()
            for site in sites.values():
                site.forget()
        return results, *ended

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)
        self.sites.close()


def belongs(record: Record, name: str, site: Site) -> bool:
    return f":{site.port}/" in record.url or f"/{name}/" in record.url


class Hangs:
    """Programs that hang, some at once; each is killed when its call has come to its stage, or patience is out."""

    def __init__(self, level: type[Program] = Program) -> None:
        self.level = level
        self.sites = Sites()
        self.pool = ThreadPoolExecutor(level.AT_ONCE)
        self.plays: dict[tuple[str, Library, Hang], Future[Hung]] = {}

    def prepare(self, wanted: Iterable[tuple[str, Library, Hang]]) -> None:
        for python, library, hang in wanted:
            self.plays[python, library, hang] = self.pool.submit(self._play, python, library, hang)

    def hung(self, python: str, library: Library, hang: Hang) -> Hung:
        return self.plays[python, library, hang].result()

    def _play(self, python: str, library: Library, hang: Hang) -> Hung:
        tls = hang.tls or library.wire == "h2"
        site = self.sites.add(hang.behaviour, library.wire, tls)
        step = make_step(hang, library, site, 0)
        # A pool of HTTP/2 connections is full only for other origins; a session, when its peer takes no more streams.
        is_pool = library.wire == "h2" and ONE_SESSION.isdisjoint(library.keys)
        blocking_site = self.sites.add(hang.behaviour, library.wire, tls) if is_pool else site
        step["blocker"] = f"{blocking_site.base}/blocker/key"
        program = self.level(python, library, {"steps": [step]}, watched=True, hanging_dns=hang.stage == "dns")
        step["blocked"] = str(program.folder / "blocked")
        program.start()
        try:
            self._let_hang(program, hang, blocking_site)
            program.kill()
            return Hung(step, program.records(), program.output())
        finally:
            program.close()

    def _let_hang(self, program: Program, hang: Hang, site: Site) -> None:
        """Until the call is in its stage, and a moment longer, in which it must not leave it."""
        url = program.plan["steps"][0]["request"]["url"]

        def in_stage() -> bool:
            if site.exchanges:
                Path(program.folder / "blocked").touch()
            return program.ended() or any(
                record.stage == hang.stage and as_asked(record.url) == url for record in program.records()
            )

        wait_until(in_stage, HANG_PATIENCE)
        time.sleep(SETTLE)

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)
        self.sites.close()


def normalised(text: str) -> str:
    """A traceback's text without what differs from run to run.

    These are addresses of objects, OpenSSL's numbers of threads, and in which line node:events calls listeners: one
    alone or one of many.
    """
    return re.sub(r"0x[0-9a-f]{6,}|[0-9A-F]{12,}(?=:error:)|(?<=node:events:)\d+:\d+", "0x", text)


def wait_until(condition: Callable[[], bool], patience: float) -> None:
    """Poll until the condition holds or patience (seconds) is out: what then is missing, the test says."""
    end = time.monotonic() + patience
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)


def selected(request: pytest.FixtureRequest, row: str) -> list[tuple[Any, ...]]:
    """(python, library, row) of every test of the fixture's module that this run has selected, each once."""
    found = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.path == request.path and hasattr(item, "callspec"):
            found[item.callspec.id] = tuple(item.callspec.params[name] for name in ("python", "library", row))
    return list(found.values())
