"""The demo ends well whichever runtimes the machine lacks: what cannot run is left out, and not expected."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from rich.console import Console

from tests.tools.demo import crossing, runtimes, servers

MAY_LACK = (".js", ".java")
LACKING = [lacks for count in range(len(MAY_LACK) + 1) for lacks in itertools.combinations(MAY_LACK, count)]


@pytest.mark.parametrize("lacks", LACKING, ids=lambda lacks: "lacks" + "".join(lacks or ("-nothing",)))
def test_what_cannot_run_is_left_out_and_not_expected(lacks, layer, monkeypatch, capsys) -> None:
    why_not = runtimes.why_not
    if reason := next(filter(None, map(why_not, crossing.LEGS)), None):
        pytest.skip(reason)
    monkeypatch.setattr(runtimes, "why_not", lambda file: "left out" if file.suffix in lacks else why_not(file))

    async def play() -> list[str]:
        async with servers.api() as api:
            return await crossing.play(layer, {"API": api}, Console(width=200))

    assert asyncio.run(play()) == []
    drawn = capsys.readouterr().out
    assert all((leg.stem in drawn) == (leg.suffix not in lacks and lacks != MAY_LACK) for leg in crossing.LEGS), drawn
