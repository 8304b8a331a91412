"""A run in which the disk was too slow for the wrapper is played again; whatever else goes wrong is not."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from tests.extension.spool import Writer, frame
from tests.scenarios.harness import ATTEMPTS, Table
from tests.scenarios.program import Program


@dataclass(frozen=True)
class Row:
    """As much of a scenario as `judge` looks at."""

    name: str
    session: dict[str, Any]

    def __hash__(self) -> int:
        return hash(self.name)


class Played:
    """A program whose first runs, so many as `slow` says, leave frames out."""

    AT_ONCE = 1
    slow = 0
    runs = 0

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        type(self).runs += 1

    def start(self) -> None:
        pass

    def wait(self) -> list[dict[str, Any]]:
        return [{"scenario": "ok", "calls": [self.runs]}]

    def output(self) -> str:
        return ""

    def records(self) -> list[Any]:
        return []

    def left_out_for_slowness(self) -> bool:
        return self.runs <= self.slow

    def close(self) -> None:
        pass


@pytest.mark.parametrize(("slow", "runs"), [(0, 1), (1, 2), (2, 3), (9, ATTEMPTS)])
def test_a_run_on_a_slow_disk_is_played_again(slow: int, runs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Played, "slow", slow)
    monkeypatch.setattr(Played, "runs", 0)
    forgotten = []
    site: Any = SimpleNamespace(forget=lambda: forgotten.append(1))
    table: Any = SimpleNamespace(level=Played)
    library: Any = None
    results, _, _ = Table._ran(table, "3.11", library, {"ok": {}}, {"ok": site}, watched=True)
    assert (results, Played.runs, len(forgotten)) == ({"ok": [runs]}, runs, runs - 1)


@pytest.mark.parametrize(("frames", "slow"), [({"slow": 1}, True), ({"process_cap": 3}, False), ({}, False)])
def test_slowness_is_what_the_spool_says_of_it(frames: dict[str, int], slow: bool, tmp_path: Any) -> None:
    Writer(tmp_path, pid=1).write(frame("drops", frames=frames))
    assert Program.left_out_for_slowness(SimpleNamespace(spool=tmp_path)) is slow  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("failure", "session", "seconds"),
    [
        ("java.net.http.HttpTimeoutException: request timed out", {}, 100),
        ("ReadTimeoutError", {"timeout": 0.5}, 5),
        ("the status differs", {"timeout": 0.5}, 5),
        ("the status differs", {}, None),
    ],
)
def test_what_timed_out_is_judged_again_with_more_time(
    failure: str, session: dict[str, Any], seconds: float | None
) -> None:
    judged = []

    class Once(Table):
        def __init__(self) -> None:
            pass

        def played(self, *_row: Any) -> Any:
            return failure

        def _play(self, _python: str, _library: Any, scenarios: Any) -> Any:
            (scenario,) = scenarios
            return {scenario.name: scenario.session["timeout"]}

    def judge(played: Any) -> None:
        judged.append(played)
        assert played != failure, failure

    scenario: Any = Row("row", session=session)
    if seconds is None:
        with pytest.raises(AssertionError):
            Once().judge("3.11", None, scenario, judge)  # type: ignore[arg-type]
    else:
        Once().judge("3.11", None, scenario, judge)  # type: ignore[arg-type]
    assert judged == ([failure] if seconds is None else [failure, seconds])
