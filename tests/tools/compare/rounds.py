"""Measures the ways of one runtime in rounds: in each, every way once, in an order of its own.

Cold: each process is measured once. It starts, is invoked, makes its client, and makes the first 100 calls of its life;
what a peer's exporter has loaded before need not be loaded for them, and is in the rows of what came before. Warm:
processes that have made 1,000 calls, and 200 invocations without, are invoked in turn, in several groups of processes,
since two processes of the same program differ by their memory's layout. A call's figure is what an invocation with 100
of them costs more than one without, over 100: what a peer exports when the invocation ends is in it.
"""

from __future__ import annotations

import contextlib
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.tools.compare.process import Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.tools.compare.ways import Way

CALLS = 100  # an invocation
WARM_UP = 10  # such invocations
EMPTY_WARM_UP = 200  # invocations without calls
EMPTY = 10  # measured at once
GROUPS = 2
SURE = 2  # rounds without a record, after which a way is not asked again: each time it is waited for
START_CPU, START_WALL = "start, CPU", "start, wall"
FIRST, INVOCATION = "the first invocation, without calls", "an invocation without calls"


@dataclass
class Samples:
    """Row -> way -> microseconds, one for each round; and the shares that it has recorded, one for each process."""

    times: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    shares: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def saw_nothing(self, row: str, way: str) -> bool:
        """Nothing of the row's calls has reached the way's sink: it does not hook the library."""
        shares = self.shares[INVOCATION if row == FIRST else row][way]
        return bool(shares) and not any(shares)


@dataclass(frozen=True)
class Plan:
    """What is measured of one runtime. `event(library)` is what the function needs to be told to make its client."""

    ways: Sequence[Way]
    libraries: Sequence[str]
    event: Callable[[str], dict[str, Any]]
    runs: int
    say: Callable[[str], None]
    kinds: Sequence[str] = ("cold", "warm")


def measured(plan: Plan) -> Samples:
    samples = Samples()
    for library in plan.libraries:
        if "cold" in plan.kinds:
            for number in range(plan.runs):
                plan.say(f"{library}, cold: round {number + 1} of {plan.runs}")
                cold_round(plan, library, samples, number)
        if "warm" in plan.kinds:
            for number in range(GROUPS):
                plan.say(f"{library}, warm: group {number + 1} of {GROUPS}")
                warm_group(plan, library, samples)
    return samples


def row_of(library: str, kind: str) -> str:
    return f"a call of {library}, {kind}"


def cold_round(plan: Plan, library: str, samples: Samples, number: int) -> None:
    row = row_of(library, "cold")
    for way in random.sample(plan.ways, len(plan.ways)):
        with contextlib.closing(Process(way)) as process:
            samples.times[START_CPU][way.name].append(process.start_cpu)
            samples.times[START_WALL][way.name].append(process.start_wall)
            samples.times[FIRST][way.name].append(process.spend({}))
            process.spend(plan.event(library))
            samples.times[row][way.name].append(call(process, library, process.spend({})))
            if number < SURE or not samples.saw_nothing(row, way.name):
                samples.shares[row][way.name].append(process.recorded())


def warm_group(plan: Plan, library: str, samples: Samples) -> None:
    row = row_of(library, "warm")
    with contextlib.ExitStack() as stack:
        processes = list(warm_processes(plan, library, stack, samples))
        for _ in range(plan.runs):
            for process in random.sample(processes, len(processes)):
                empty = process.spend({}, EMPTY)
                samples.times[INVOCATION][process.way.name].append(empty)
                samples.times[row][process.way.name].append(call(process, library, empty))
        for process in processes:
            samples.shares[row][process.way.name].append(process.recorded())


def warm_processes(plan: Plan, library: str, stack: contextlib.ExitStack, samples: Samples) -> Iterator[Process]:
    for way in plan.ways:
        process = stack.enter_context(contextlib.closing(Process(way)))
        process.spend(plan.event(library))
        process.spend({"library": library, "calls": CALLS}, WARM_UP)
        process.spend({}, EMPTY_WARM_UP)  # what was left to send of the calls is sent meanwhile
        samples.shares[INVOCATION][way.name].append(float(process.tells_of_invocations(EMPTY)))
        yield process


def call(process: Process, library: str, empty: float) -> float:
    """Microseconds of CPU for one, where an invocation without any takes `empty`."""
    return (process.spend({"library": library, "calls": CALLS}) - empty) / CALLS
