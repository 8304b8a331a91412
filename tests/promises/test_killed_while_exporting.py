"""What docs/delivery.md promises: at least once, and what is given up is counted.

The receiver holds its answer back, so that every kill falls between the moment at which it has the record and the one
at which the extension knows.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from tests.promises.backend import Backend, backend
from tests.promises.run import Run, kill

if TYPE_CHECKING:
    from pathlib import Path

    from aftercall.sandbox import Outcome


def has(receiver: Backend, count: int) -> bool:
    return len(receiver.bodies) >= count


async def kill_while_exporting(run: Run, receiver: Backend, number: int, kills: int) -> Outcome:
    """One invocation; each kill comes when the receiver has another copy of its record."""
    taken = len(receiver.bodies)
    receiver.manner = "silent"
    part = run.python_part()
    invocation = await run.begin(number)
    run.go(f"invocation-{number}")
    for killed in range(1, kills + 1):
        await run.until(partial(has, receiver, taken + killed))
        kill(part)
        if killed < kills:
            part = await run.new_python_part(*part)
    receiver.manner = "answers"
    outcome = await invocation.finished
    run.outcomes.append(outcome)
    return outcome


def run_with(layer: Path, folder: Path, kills: int) -> tuple[Run, Backend]:
    with backend() as receiver:
        environment = {"AFTERCALL_JSON_ENDPOINT": receiver.url, "AFTERCALL_EXPORT_BUDGET_MS": "60000"}

        async def played() -> Run:
            # Without freezes: a new incarnation begins while nothing is invoked, too.
            async with Run(layer, folder, environment, freeze=False) as run:
                await run.start()
                await run.invoke(1)
                await kill_while_exporting(run, receiver, 2, kills)
                await run.new_python_part()
                await run.invoke(3)
                await run.sandbox.shutdown()
            return run

        return asyncio.run(played()), receiver


def copies(run: Run, receiver: Backend) -> list[int]:
    """How often each invocation's record was received whole, with its event."""
    counts = Counter(document["request_id"] for document in receiver.documents if "event" in document)
    return [counts[outcome.request_id] for outcome in run.outcomes]


def counters(receiver: Backend) -> Counter[str]:
    found: Counter[str] = Counter()
    for document in receiver.documents:
        found.update(document.get("counters", {}))
    return found


def test_a_record_whose_export_was_cut_by_a_kill_is_sent_once_more(layer: Path, tmp_path: Path) -> None:
    run, receiver = run_with(layer, tmp_path, kills=1)
    assert {outcome.status for outcome in run.outcomes} == {"success"}
    assert copies(run, receiver) == [1, 2, 1]
    assert counters(receiver) == {}


def test_one_that_was_cut_twice_is_given_up_and_counted(layer: Path, tmp_path: Path) -> None:
    """It may be what brings the extension down. What Lambda itself tells of the invocation still comes out."""
    run, receiver = run_with(layer, tmp_path, kills=2)
    assert {outcome.status for outcome in run.outcomes} == {"success"}
    assert copies(run, receiver) == [1, 2, 1]
    assert counters(receiver) == {"segments_put_aside": 1}
