"""Whatever becomes of the extension's Python part: every invocation answers as without us, soon, and comes out.

A hit is who gets which signal, and when. The function stands still at that moment, so that nothing depends on who is
faster. A story is up to four hits on one environment: a fifth death in a row is the end of trying.
"""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.promises.run import TIMEOUT_SECONDS, Answer, Run, send

if TYPE_CHECKING:
    from pathlib import Path

    from aftercall.sandbox import Process

KILL, STOP = signal.SIGKILL, signal.SIGSTOP
INVOCATIONS = 4
RAISES = 3
"""The number of the invocation whose handler raises: error payloads are compared like responses."""

SLACK_MS = 30_000
"""What an invocation may be billed beyond its own work. A stopped process costs a second or two, a machine that is busy
with other tests some more; an invocation that is held up until its time-out costs three times this."""


@dataclass(frozen=True)
class Hit:
    """`when`: starting, init (ready), before, in 2, between (2 and 3), in 3, shutdown (after the last one)."""

    number: signal.Signals
    when: str

    def deal(self, part: list[Process]) -> None:
        send(self.number, part)


STORIES = {
    "stopped": [Hit(STOP, "starting"), Hit(STOP, "in 2"), Hit(STOP, "shutdown")],
    "stopped, other moments": [Hit(STOP, "init"), Hit(STOP, "between")],
    "killed": [Hit(KILL, "starting"), Hit(KILL, "in 2"), Hit(KILL, "shutdown")],
    "killed, other moments": [Hit(KILL, when) for when in ("init", "before", "between", "in 3")],
}


async def reach(run: Run, story: list[Hit], when: str) -> None:
    for hit in story:
        if hit.when != when:
            continue
        if (hit.number, when) == (STOP, "shutdown"):
            # To notice it takes one of the two seconds that Lambda gives. What waits to be sent may need more than the
            # other on a busy machine, so nothing waits; a kill is noticed at once.
            await run.until(lambda: len(run.records) >= INVOCATIONS)
        # On a busy machine the one before may have been taken for hung just now.
        hit.deal(await run.new_python_part())


async def play_init(run: Run, story: list[Hit]) -> None:
    init = run.begin_init()
    if story:
        await run.new_python_part()
        await reach(run, story, "starting")
    if any(hit.when == "init" for hit in story):
        await run.until(lambda: "Python part ready" in "\n".join(run.lines))
        hit_part = run.python_part()
        await reach(run, story, "init")
        if any(hit.when == "before" for hit in story):
            await run.new_python_part(*hit_part)
    run.go("import")
    await init


async def play(run: Run, story: list[Hit]) -> None:
    """All invocations and the shutdown, and the story's hits where they belong."""
    await play_init(run, story)
    await reach(run, story, "before")
    for number in range(1, INVOCATIONS + 1):
        invocation = await run.begin(number, raises=number == RAISES)
        if story:
            await run.new_python_part()
        await reach(run, story, f"in {number}")
        await run.end(invocation, number)
        if number == 2:
            await reach(run, story, "between")
    await reach(run, story, "shutdown")
    await run.sandbox.shutdown()


@pytest.fixture(scope="module")
def without(tmp_path_factory) -> list[Answer]:
    """What the caller gets when there is no layer."""

    async def played() -> list[Answer]:
        async with Run(None, tmp_path_factory.mktemp("without")) as run:
            await play(run, [])
        return run.answers

    return asyncio.run(played())


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_the_function_goes_on_and_everything_comes_out(
    layer: Path, tmp_path: Path, without: list[Answer], story: list[Hit]
) -> None:
    # Only its debug lines tell when the Python part is ready.
    environment = {"AFTERCALL_LOG_LEVEL": "debug"} if any(hit.when == "init" for hit in story) else {}
    # A frozen process that is stopped is continued by the thaw: between invocations, kills alone hit the frozen.
    freeze = all(hit.number == KILL for hit in story)

    async def played() -> tuple[Run, list[Process], list[str]]:
        async with Run(layer, tmp_path, environment, freeze=freeze) as run:
            await play(run, story)
            return run, run.sandbox.processes(), run.left_in_tmp()

    run, running, left = asyncio.run(played())
    assert run.answers == without
    assert max(outcome.billed_duration for outcome in run.outcomes) < SLACK_MS < TIMEOUT_SECONDS * 1000 / 2
    assert {record["request_id"] for record in run.records} == {outcome.request_id for outcome in run.outcomes}
    assert running == []
    assert left == ["aftercall", "aftercall/exported"]
