"""What tests/promises proves of Python functions, of Node.js and Java ones: one suite, by runtime.

The function never notices, whatever its code does and whatever becomes of the extension; its caller never waits. What
is not repeated here: each client library against each way in which a call can go (tests/runtime_wrappers, bare and
watched), and the extension at every moment of its life, which is the same for all.
"""

from __future__ import annotations

import functools
import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from build_spec import maven
from tests.promises.backend import backend
from tests.promises.other_runtimes import Runtime, RuntimeFunction, wanted
from tests.promises.run import EXTENSION
from tests.promises.side_by_side import Ran, run
from tests.promises.test_caller_never_waits import BUDGET_MS, MARGIN_MS
from tests.scenarios import scripts
from tests.scenarios.scripts import answer, http
from tests.scenarios.sites import Sites

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from concurrent.futures import Future, ThreadPoolExecutor
    from pathlib import Path

    from aftercall.sandbox import Sandbox

    Between = Callable[[Sandbox, int], Awaitable[None]]


@dataclass(frozen=True)
class Deed:
    """An invocation: `url` names the site that it calls, `calls` is how many its record has, None: cannot be known.

    `status` is the outcome's, "" where it depends on the version. `only` is the language that has it.
    """

    do: str
    calls: int | None = 0
    url: str = "ok"
    status: str = "success"
    only: str = ""


@dataclass(frozen=True)
class Play:
    """Deeds of one environment. `lossy`: frames were lost, by the user's deed, and that is told; None: as it comes.

    `restarts`: after that invocation the environment is shut down, and begins anew with the same /tmp.
    """

    deeds: tuple[Deed, ...]
    lossy: bool | None = False
    restarts: int | None = None
    settings: dict[str, Any] = field(default_factory=dict, hash=False)

    def of(self, language: str) -> list[Deed]:
        return [deed for deed in self.deeds if deed.only in {"", language}]


# A client may post an error before it ends its process.
STATUSES = {"success": {"ok"}, "error": {"error"}, "crash": {"crash", "error"}}
GOES_ON = Deed("goesOn", 2)
UNKNOWN = Deed("goesOn", None)
TMP = {"tmp_mb": 8}
FAILURES = ("refused", "reset", "garbage", "cut", "tls", "dns")

PLAYS = {
    "answers": Play(
        (
            Deed("seesItself"),
            Deed("answers"),
            Deed("answersMuch"),
            Deed("logs", 2),
            Deed("hasChildren", 2),
            Deed("makesManyCalls", 200),
            Deed("hearsSignals", 2, only="nodejs"),
            Deed("changesFolder", 2, only="nodejs"),
            Deed("forbidsAllModes", 2, only="nodejs"),
            Deed("closesDescriptors", 2, only="nodejs"),
            Deed("isInterrupted", 2, only="java"),
            Deed("patches", 2),
            GOES_ON,
        )
    ),
    "errors": Play(
        (
            Deed("throws", status="error"),
            Deed("throwsWhatIsNoError", status="error"),
            *(Deed("failsToCall", 1, way, "error", "nodejs") for way in FAILURES),
            # HttpURLConnection asks once more by itself, where it may; Java 8's takes what was cut for the whole.
            *(Deed("failsToCall", None, way, "", "java") for way in FAILURES),
            *(Deed("failsToFetch", 1, way, "error", "nodejs") for way in FAILURES),
            Deed("rejectsBeside", 0, status="crash", only="nodejs"),
            GOES_ON,
            Deed("exits", 0, status="crash"),
            GOES_ON,
        )
    ),
    # The folder may be made again only when the next invocation has begun.
    "empties /tmp": Play((Deed("emptiesTmp", None), Deed("emptiesTmp", None), UNKNOWN, GOES_ON), None),
    # Nothing is lost where the segment's space was reserved before.
    "fills /tmp": Play(
        (Deed("fillsTmp", None), Deed("fillsTmp", None), Deed("clearsTmp", None), GOES_ON), None, settings=TMP
    ),
    "starts with a full /tmp": Play(
        (Deed("fillsTmp", None), UNKNOWN, Deed("clearsTmp", None)), None, restarts=0, settings=TMP
    ),
}


class Plays:
    def __init__(self, pool: ThreadPoolExecutor, layer: Path) -> None:
        self.pool, self.layer, self.sites = pool, layer, Sites()
        ways = {"ok": http(answer()), "reset": http(scripts.reset_unanswered), "garbage": http(scripts.garbage)}
        ways |= {"cut": http(scripts.cut(2000, 500))}
        self.urls = {name: self.sites.add(way).base for name, way in ways.items()}
        self.urls["tls"] = self.sites.add(http(answer(), trusted=False), tls=True).base
        self.urls["refused"] = f"http://127.0.0.1:{self.sites.reserve()}"
        self.urls["dns"] = "http://no-such-host.invalid"

    @functools.cache  # noqa: B019  lives as long as the tests
    def begin(self, runtime: Runtime, name: str) -> tuple[Future[Ran], Future[Ran]]:
        bare, watched = (self.pool.submit(self.play, runtime, PLAYS[name], layer) for layer in (None, self.layer))
        return bare, watched

    def play(self, runtime: Runtime, play: Play, layer: Path | None) -> Ran:
        async def restart(sandbox: Sandbox, number: int) -> None:
            if number == play.restarts:
                await sandbox.shutdown()

        return self.run(runtime, play.of(runtime.language), layer, restart, settings=play.settings)

    def run(
        self, runtime: Runtime, deeds: list[Deed], layer: Path | None, between: Between | None = None, **more: Any
    ) -> Ran:
        events = [{"do": deed.do, "url": f"{self.urls[deed.url]}/orders"} for deed in deeds]
        return run(RuntimeFunction(runtime=runtime, **more), events, runtime.version, layer, between=between)


@pytest.fixture(scope="module")
def plays(request, pool, layer) -> Iterator[Plays]:
    made = Plays(pool, layer)
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.path == request.path and "name" in item.callspec.params:
            made.begin(item.callspec.params["runtime"], item.callspec.params["name"])
    yield made
    made.sites.close()


def rows() -> list[Any]:
    skip = pytest.mark.skipif(not maven.is_there(), reason=f"no JDK: {maven.INSTALL}")
    marks = {"java": [skip], "nodejs": []}
    return [pytest.param(runtime, id=runtime.name, marks=marks[runtime.language]) for runtime in wanted()]


by_runtime = pytest.mark.parametrize("runtime", rows())


@by_runtime
@pytest.mark.parametrize("name", PLAYS)
def test_the_function_never_notices(plays: Plays, runtime: Runtime, name: str) -> None:
    bare, watched = (future.result() for future in plays.begin(runtime, name))
    play, drops = PLAYS[name], 0
    for number, deed in enumerate(play.of(runtime.language)):
        assert watched.seen(number) == bare.seen(number), deed
        status = watched.outcomes[number].status
        assert deed.status in {"", status}, watched.seen(number)
        if deed.calls is None and play.lossy is not False:
            found = [one for one in watched.records if one["request_id"] == watched.outcomes[number].request_id]
        else:
            found = [watched.record(number)]
        for record in found:
            # Its end may be among what found no room, and the environment end before telemetry tells it.
            assert record["status"] in STATUSES[status] | ({"unknown"} if play.lossy is not False else set()), record
            assert "faults" not in record, record
            lost = dict(record.get("drops", {}))
            # On a busy machine a write may take so long that the writer turns itself off, and tells it.
            slow = lost.pop("slow", 0)
            assert slow or deed.calls in {None, record["call_count"]}, record
            drops += sum(lost.values())
    assert play.lossy in {None, bool(drops)}, watched.extension_lines


@by_runtime
def test_the_function_goes_on_whatever_happens_to_the_extension(plays: Plays, runtime: Runtime) -> None:
    """Its Python part is killed after the first invocation, stopped after the second, killed again after the third."""
    hits = {0: signal.SIGKILL, 1: signal.SIGSTOP, 2: signal.SIGKILL}

    async def hit(sandbox: Sandbox, number: int) -> None:
        ours = [one for one in sandbox.processes() if one.argv[:1] == (EXTENSION,) and one.state != "Z"]
        launcher = {one.pid for one in ours if one.parent not in {other.pid for other in ours}}
        for process in ours:
            if number in hits and process.pid not in launcher:
                os.kill(process.pid, hits[number])

    deeds = [GOES_ON, GOES_ON, Deed("throws", status="error"), GOES_ON, GOES_ON]
    watched = plays.run(runtime, deeds, plays.layer, hit)
    bare = plays.run(runtime, deeds, None)
    assert [watched.seen(number) for number in range(len(deeds))] == [bare.seen(number) for number in range(len(deeds))]
    assert {record["request_id"] for record in watched.records} == {one.request_id for one in watched.outcomes}


@by_runtime
def test_the_caller_never_waits_for_a_receiver_that_keeps_silent(plays: Plays, runtime: Runtime) -> None:
    with backend("silent") as receiver:
        environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "AFTERCALL_EXPORT_BUDGET_MS": str(BUDGET_MS)}
        ran = plays.run(runtime, [GOES_ON, GOES_ON], plays.layer, environment=environment)
        outcomes = ran.outcomes
        assert [outcome.status for outcome in outcomes] == ["success"] * 2
        assert receiver.accepted, ran.extension_lines
        early = [at for at in receiver.accepted if any(one.started_at < at < one.responded_at for one in outcomes)]
        assert early == []
        assert max(one.finished_at - one.responded_at for one in outcomes) * 1000 < BUDGET_MS + MARGIN_MS
