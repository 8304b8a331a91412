"""What the wrapper adds to a function, from pairs of processes, one with it and one without, that are invoked in turn.

What is shown is the median of the differences between neighbours, over several such pairs, since two processes of the
same program differ by their memory's layout.
"""

from __future__ import annotations

import statistics
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.tools.bench.figures import median_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from tests.tools.bench.function import Function

    Start = Callable[[bool], AbstractContextManager[Function]]
    """Starts the function, with the wrapper or without."""

PAIRS = 3
CALLS = 60  # an invocation
INVOCATIONS = 200  # without calls, in each pair


def added_to_call(start: Start, event: Mapping[str, Any], runs: int) -> tuple[float, float]:
    """(added, the whole call without the wrapper) in microseconds of CPU."""
    ours: list[float] = []
    theirs: list[float] = []
    event = {**event, "calls": CALLS}
    for _ in range(PAIRS):
        with start(True) as watched, start(False) as plain:
            for function in (watched, plain):
                function.invoke(event)  # imports, connects
            for _ in range(runs):
                ours.append(watched.invoke(event)["calls"] / CALLS / 1000)
                theirs.append(plain.invoke(event)["calls"] / CALLS / 1000)
    return median_difference(ours, theirs), statistics.median(theirs)


def added_to_invocation(start: Start, runs: int) -> tuple[float, float]:
    """(added, the whole invocation without the wrapper) in microseconds of CPU, where no call is made."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(PAIRS):
        with start(True) as watched, start(False) as plain:
            entered: list[list[int]] = [[], []]
            for _ in range(max(2, runs * INVOCATIONS // 20)):
                for times, function in zip(entered, (watched, plain), strict=True):
                    times.append(function.invoke({})["entered"])
        for all_times, times in zip((ours, theirs), entered, strict=True):
            all_times += [(after - before) / 1000 for before, after in pairwise(times)]
    return median_difference(ours, theirs), statistics.median(theirs)
