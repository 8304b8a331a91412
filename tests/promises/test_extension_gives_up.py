"""A Python part that cannot live: out of memory, buried under a huge spool, or killed again and again."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

from tests.extension.spool import Writer, frame
from tests.promises.run import TIMEOUT_SECONDS, Run, kill

NOBODY = 4_194_303
LONG_AGO = 1_000_000_000
SPOOL_BYTES = 50 * 1024 * 1024
"""Little less than what makes the wrappers stop."""


def assert_untouched(run: Run) -> None:
    """Every invocation answered, and none was held up until its time-out."""
    assert {outcome.status for outcome in run.outcomes} == {"success"}
    assert [outcome.response_json["n"] for outcome in run.outcomes] == list(range(1, len(run.outcomes) + 1))
    assert max(outcome.billed_duration for outcome in run.outcomes) < TIMEOUT_SECONDS * 1000 / 2


def test_killed_ten_times_in_a_row_it_gives_up_after_five_and_says_so_once(layer: Path, tmp_path: Path) -> None:
    async def played() -> tuple[Run, int, list[str]]:
        async with Run(layer, tmp_path) as run:
            await run.start()
            killed = 0
            for number in range(1, 11):
                invocation = await run.begin(number)
                await run.until(lambda: run.python_part() or any("too often" in line for line in run.lines))
                killed += bool(run.python_part())
                kill(run.python_part())
                await run.end(invocation, number)
            await run.sandbox.shutdown()
            return run, killed, run.left_in_tmp()

    run, killed, left = asyncio.run(played())
    assert_untouched(run)
    assert killed == 5
    (line,) = run.notices
    assert line.startswith("aftercall: the extension's Python part died too often (5 times): nothing more is recorded")
    assert left == [], "the wrappers find no folder and have stopped"


def leave_no_memory(pid: int) -> None:
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        used = int(statm.read().split()[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (used, used))


def test_out_of_memory_costs_records_and_no_invocation(layer: Path, tmp_path: Path) -> None:
    """Address space is what can be limited from outside; a cgroup's limit is a SIGKILL, which other tests send."""
    payload = "x" * 1_000_000

    async def played() -> Run:
        async with Run(layer, tmp_path, {"AFTERCALL_EVENT_BYTES": "1048576"}) as run:
            await run.start()
            await run.invoke(1)
            for process in run.python_part():
                leave_no_memory(process.pid)
            for number in range(2, 7):
                await run.invoke(number, payload=payload)
            # Whether it lived through it or was replaced: what comes next is recorded as ever.
            for number in range(7, 10):
                await run.invoke(number)
            await run.sandbox.shutdown()
        return run

    run = asyncio.run(played())
    assert_untouched(run)
    ids = {record["request_id"] for record in run.records}
    assert {outcome.request_id for outcome in run.outcomes[-2:]} <= ids
    lost = {outcome.request_id for outcome in run.outcomes} - ids
    told = "\n".join(run.lines)
    assert not lost or "faults" in told, told


def fill(spool: Path) -> list[str]:
    """Segments of an earlier process, in which invocations of a megabyte each ended; gives their request ids."""
    writer = Writer(spool, pid=NOBODY, started=LONG_AGO)
    body = b'{"key":"' + b"x" * 1_000_000 + b'"}'
    ids = []
    for number in range(SPOOL_BYTES // len(body)):
        ids.append(f"old-{number}")
        writer.start(ids[-1], number + 1)
        writer.write(frame("invocation_end", [("response", body)], request_id=ids[-1], status="ok"))
        writer.ring()
    return ids


def test_a_huge_spool_is_worked_off_while_the_function_goes_on(layer: Path, tmp_path: Path) -> None:
    async def played() -> tuple[Run, list[str], list[str]]:
        async with Run(layer, tmp_path) as run:
            await run.start()
            await run.invoke(1)
            await run.sandbox.shutdown()
            ids = fill(Path(run.sandbox.tmp, "aftercall"))
            for number in range(2, 6):
                await run.invoke(number)
            await run.until(lambda: len(run.records) >= len(ids) + 5)
            await run.sandbox.shutdown()
            return run, ids, run.left_in_tmp()

    run, ids, left = asyncio.run(played())
    assert_untouched(run)
    assert {record["request_id"] for record in run.records} == {*ids, *(outcome.request_id for outcome in run.outcomes)}
    assert left == ["aftercall", "aftercall/exported"]
