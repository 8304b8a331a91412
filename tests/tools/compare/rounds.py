"""Measures the ways of one runtime in rounds: in each, every way once, in an order of its own.

Cold: each process is measured once. It starts, makes its client, and makes the first 100 calls of its life. Warm:
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
START_CPU, START_WALL, INVOCATION = "start, CPU", "start, wall", "an invocation without calls"


@dataclass
class Samples:
    """Row -> way -> microseconds, one for each round; and row -> way -> the least share that it has recorded."""

    times: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    seen: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, row: str, way: Way, microseconds: float) -> None:
        self.times[row][way.name].append(microseconds)

    def saw(self, row: str, way: Way, share: float) -> None:
        self.seen[row][way.name] = min(self.seen[row].get(way.name, 1.0), share)

    def has_seen(self, row: str, way: Way) -> bool:
        """False when nothing of the row's calls has reached the way's sink: it does not hook the library."""
        return self.seen[row].get(way.name, 1.0) > 0


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
                cold_round(plan, library, samples)
        if "warm" in plan.kinds:
            for number in range(GROUPS):
                plan.say(f"{library}, warm: group {number + 1} of {GROUPS}")
                warm_group(plan, library, samples)
    return samples


def row_of(library: str, kind: str) -> str:
    return f"a call of {library}, {kind}"


def cold_round(plan: Plan, library: str, samples: Samples) -> None:
    row = row_of(library, "cold")
    for way in random.sample(plan.ways, len(plan.ways)):
        with contextlib.closing(Process(way)) as process:
            samples.add(START_CPU, way, process.start_cpu)
            samples.add(START_WALL, way, process.start_wall)
            process.spend(plan.event(library))
            samples.add(row, way, call(process, library, process.spend({})))
            if samples.has_seen(row, way):
                samples.saw(row, way, process.recorded())


def warm_group(plan: Plan, library: str, samples: Samples) -> None:
    row = row_of(library, "warm")
    with contextlib.ExitStack() as stack:
        processes = list(warm_processes(plan, library, stack, samples))
        for _ in range(plan.runs):
            for process in random.sample(processes, len(processes)):
                empty = process.spend({}, EMPTY)
                samples.add(INVOCATION, process.way, empty)
                samples.add(row, process.way, call(process, library, empty))
        for process in processes:
            samples.saw(row, process.way, process.recorded())


def warm_processes(plan: Plan, library: str, stack: contextlib.ExitStack, samples: Samples) -> Iterator[Process]:
    for way in plan.ways:
        process = stack.enter_context(contextlib.closing(Process(way)))
        process.spend(plan.event(library))
        process.spend({"library": library, "calls": CALLS}, WARM_UP)
        samples.saw(INVOCATION, way, float(process.tells_of_invocations(EMPTY_WARM_UP)))
        yield process


def call(process: Process, library: str, empty: float) -> float:
    """Microseconds of CPU for one, where an invocation without any takes `empty`."""
    return (process.spend({"library": library, "calls": CALLS}) - empty) / CALLS
