"""A run in which the disk was too slow for the wrapper is played again; whatever else goes wrong is not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.extension.spool import Writer, frame
from tests.scenarios.harness import ATTEMPTS, Table
from tests.scenarios.program import Program


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
