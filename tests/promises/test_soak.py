"""Invocations with freezes between them, an outage of the backend and kills of the Python part: 400, nightly 2,000.

What must hold: records + counted losses == invocations, and nothing grows.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.promises.backend import Backend, backend
from tests.promises.run import Run, kill
from tests.scenarios.chosen import everything

if TYPE_CHECKING:
    from pathlib import Path

INVOCATIONS = int(os.environ.get("AFTERCALL_SOAK_INVOCATIONS") or (2000 if everything() else 400))
KILLS = max(1, INVOCATIONS // 100)
FIRST_KILL = INVOCATIONS // 4
"""Until then one incarnation works alone: long enough to see it grow."""

OUTAGE = range(FIRST_KILL + 1, FIRST_KILL + 41)
"""Kills fall into it: what the receiver refused is still on disk then."""

LOSSES = ("segments_put_aside", "dropped_records", "abandoned", "record_faults")
"""Counters of whole records. Others count frames, bytes and file operations."""

GROWTH_KB = 2048
"""Of a process between its first hundred invocations and its last; a leak of 1 KiB an invocation is more."""


@dataclass
class Sample:
    """Of one process: resident memory and open descriptors."""

    kb: int
    descriptors: int


@dataclass
class Soak:
    kills: int = 0
    first: dict[str, Sample] = field(default_factory=dict)
    last: dict[str, Sample] = field(default_factory=dict)
    tmp_kb: list[int] = field(default_factory=list)


def sample(pid: int) -> Sample:
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        pages = int(statm.read().split()[1])
    return Sample(pages * os.sysconf("SC_PAGE_SIZE") // 1024, len(os.listdir(f"/proc/{pid}/fd")))


def samples(run: Run) -> dict[str, Sample]:
    """Of a frozen environment."""
    launcher, *part = run.extension()
    (function,) = [one for one in run.sandbox.processes() if "awslambdaric" in one.argv]
    named = {"launcher": launcher, "Python part": part[-1], "function": function}
    return {name: sample(one.pid) for name, one in named.items()}


def size_of_tmp(run: Run) -> int:
    """KiB in files."""
    sizes = [os.lstat(f"{run.sandbox.tmp}/{name}").st_size for name in run.left_in_tmp()]
    return sum(sizes) // 1024


async def soak(run: Run, receiver: Backend, found: Soak) -> None:
    chance = random.Random(7)
    every = (INVOCATIONS - FIRST_KILL) // KILLS
    await run.start()
    for number in range(1, INVOCATIONS + 1):
        receiver.manner = "refuses" if number in OUTAGE else "answers"
        is_due = number >= FIRST_KILL and (number - FIRST_KILL) % every == 0 and found.kills < KILLS
        if is_due or number in (OUTAGE.start + 5, OUTAGE.start + 15):
            await strike(run, number, chance)
            found.kills += 1
        else:
            outcome = await run.invoke(number, payload="x" * chance.randrange(2000))
            assert outcome.response_json == {"n": number, "echo": outcome.response_json["echo"]}
        if number == FIRST_KILL // 4:
            found.first = samples(run)
        elif number == FIRST_KILL - 1:
            found.last["Python part"] = samples(run)["Python part"]
        if number % 100 == 0:
            found.tmp_kb.append(size_of_tmp(run))
    found.last = {**samples(run), "Python part": found.last["Python part"]}
    await run.sandbox.shutdown()


async def strike(run: Run, number: int, chance: random.Random) -> None:
    """Frozen, or at some moment of the invocation and of what comes after its response."""
    if chance.random() < 0.5:
        kill(run.python_part())
        await run.invoke(number)
        return
    invocation = run.sandbox.start_invocation({"n": number})
    await asyncio.sleep(chance.uniform(0.0, 0.02))
    kill(run.python_part())
    run.outcomes.append(await invocation.finished)


def test_nothing_is_lost_that_is_not_counted_and_nothing_grows(layer: Path, tmp_path: Path, capsys) -> None:
    found = Soak()
    with backend() as receiver:
        run = Run(layer, tmp_path, {"AFTERCALL_JSON_ENDPOINT": receiver.url}, timeout=60)

        async def soaked() -> tuple[list, list[str]]:
            async with run:
                await soak(run, receiver, found)
                return run.sandbox.processes(), run.left_in_tmp()

        running, left = asyncio.run(soaked())
    documents = receiver.documents
    ids = Counter(document["request_id"] for document in documents)
    counted: Counter[str] = Counter()
    for document in documents:
        counted.update(document.get("counters", {}))
    lost = sum(counted[name] for name in LOSSES)
    again = ids.total() - len(ids)
    with capsys.disabled():
        print(f"\nsoak: {len(run.outcomes)} invocations, {found.kills} kills, {len(ids)} records, {again} sent again")
        print(f"soak: {lost} counted losses, counters {dict(counted)}")
        for name, first in found.first.items():
            last = found.last[name]
            print(f"soak: {name}: {first.kb} -> {last.kb} kB, {first.descriptors} -> {last.descriptors} descriptors")
        print(f"soak: /tmp at each hundred, kB: {found.tmp_kb}")
    assert {outcome.status for outcome in run.outcomes} == {"success"}
    assert set(ids) <= {outcome.request_id for outcome in run.outcomes}
    assert len(ids) + lost == len(run.outcomes) == INVOCATIONS
    assert again <= found.kills
    for name, first in found.first.items():
        assert found.last[name].kb - first.kb < GROWTH_KB, name
        assert found.last[name].descriptors <= first.descriptors, name
    assert found.tmp_kb[-1] <= found.tmp_kb[0] + 64
    assert running == []
    assert left == ["aftercall", "aftercall/exported"]
