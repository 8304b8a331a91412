"""The function never notices: run bare and with the layer, its caller and its log see the same bytes.

Each batch is a table of cases that one sandbox plays, an invocation each, once bare and once with the layer. What is
taken out before the comparison is told in side_by_side.py.
"""

from __future__ import annotations

import functools
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.promises.servers import RESOLV_CONF
from tests.promises.side_by_side import Ran, run
from tests.promises.table import BATCHES, WAYS, Case

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from aftercall.sandbox import Sandbox
    from tests.promises.servers import Servers


CASES = [
    pytest.param(batch, number, id=f"{batch}: {case.name}")
    for batch, played in BATCHES.items()
    for number, case in enumerate(played.cases)
]


class Plays:
    """Both runs of each batch, begun when a test first asks for one of that Python."""

    def __init__(self, pool: ThreadPoolExecutor, servers: Servers, scratch: Path, layer: Path) -> None:
        self.pool, self.servers, self.scratch, self.layer = pool, servers, scratch, layer
        (scratch / "resolv.conf").write_text(RESOLV_CONF)
        self.urls = {way: servers.url(way) for way in (*WAYS, "ok")}

    @functools.cache  # noqa: B019  lives as long as the tests
    def begin(self, version: str, batch: str) -> tuple[Future[Ran], Future[Ran]]:
        bare, watched = (self.pool.submit(self.play, version, batch, layer) for layer in (None, self.layer))
        return bare, watched

    def play(self, version: str, batch: str, layer: Path | None) -> Ran:
        function, cases = BATCHES[batch].function, BATCHES[batch].cases
        function = replace(function, settings={"resolv_conf": self.scratch / "resolv.conf", **function.settings})
        if not cases[0].source:
            return run(function, [self.event(case) for case in cases], version, layer)
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        self.write(folder, cases[0])

        async def next_one(sandbox: Sandbox, number: int) -> None:
            if number + 1 < len(cases):
                self.write(folder, cases[number + 1])

        return run(replace(function, task_root=folder), [{}] * len(cases), version, layer, between=next_one)

    def event(self, case: Case) -> dict[str, Any]:
        filled = {name: self.filled(value) for name, value in case.event.items()}
        return {"do": case.do, **filled}

    def filled(self, value: Any) -> Any:
        return value.format(**self.urls) if isinstance(value, str) else value

    def write(self, folder: Path, case: Case) -> None:
        """A new file each time: a function that failed is imported anew."""
        source = case.source.replace("{refused}", self.urls["refused"])
        (folder / "app.py").write_bytes(source.encode("utf-8", "surrogateescape"))


@pytest.fixture(scope="module")
def plays(request, pool, servers, scratch, layer) -> Plays:
    made = Plays(pool, servers, scratch, layer)
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.path == request.path:
            made.begin(item.callspec.params["version"], item.callspec.params["batch"])
    return made


@pytest.mark.parametrize(("batch", "number"), CASES)
def test_the_function_never_notices(plays: Plays, version: str, batch: str, number: int) -> None:
    bare, watched = (future.result() for future in plays.begin(version, batch))
    assert watched.seen(number) == bare.seen(number)
    case, outcome = BATCHES[batch].cases[number], watched.outcomes[number]
    seen = json.dumps(bare.seen(number))
    assert outcome.status == (case.status or outcome.status), seen
    assert re.search(case.tells, seen), seen
    if not case.recorded:
        return
    # And it was watched: what does nothing changes nothing.
    record = watched.record(number)
    assert record["status"] == {"success": "ok"}.get(outcome.status, outcome.status), record
    assert not {"faults", "counters"} & set(record), record
    # On a busy machine a write may take so long that the writer turns itself off, and tells it.
    assert record.get("drops", {}).keys() <= {"slow"}, record
    assert "drops" in record or record["call_count"] >= case.calls, record
