"""The rounds as a table in Markdown: what each way adds, over the function by itself in the same round."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from tests.tools.bench.figures import median_difference
from tests.tools.compare.rounds import START_CPU, START_WALL
from tests.tools.compare.ways import NONE, OURS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.tools.compare.rounds import Samples
    from tests.tools.compare.ways import Way

AIM = 0.5  # of what the best peer adds
MILLISECONDS = {START_CPU, START_WALL}
NOT_HOOKED = "-"


def table(head: str, ways: Sequence[Way], samples: Samples) -> Iterator[str]:
    peers = [way.name for way in ways if way.name not in {NONE, OURS}]
    yield f"**{head}**"
    yield ""
    yield from (f"- {way.name}: {way.version}" for way in ways if way.version)
    yield ""
    yield "| added to | by itself | " + " | ".join([OURS, *peers]) + " | over the best peer | at most half |"
    yield "|---" * (len(peers) + 5) + "|"
    for row in in_order(samples):
        yield line(row, peers, samples)


def in_order(samples: Samples) -> list[str]:
    """Start, invocation, then the calls as they were measured."""
    return sorted(samples.times, key=lambda row: row.startswith("a call"))


def line(row: str, peers: Sequence[str], samples: Samples) -> str:
    bare = samples.times[row][NONE]
    added = {name: added_by(row, name, samples) for name in (OURS, *peers)}
    unit, divisor = ("ms", 1000) if row in MILLISECONDS else ("us", 1)
    whole = statistics.median(bare)
    cells = [cell(added[name], whole, divisor) for name in (OURS, *peers)]
    return f"| {row} | {whole / divisor:.0f} {unit} | " + " | ".join([*cells, *verdict(added, peers)]) + " |"


def added_by(row: str, name: str, samples: Samples) -> float | None:
    """None where the way has seen nothing of the row's calls."""
    if samples.saw_nothing(row, name):
        return None
    return median_difference(samples.times[row][name], samples.times[row][NONE])


def cell(added: float | None, whole: float, divisor: float) -> str:
    return NOT_HOOKED if added is None else f"{added / divisor:+.0f} ({added / whole:.2f})"


def verdict(added: dict[str, float | None], peers: Sequence[str]) -> tuple[str, str]:
    """(ours over the least that a peer adds, whether it is at most a half). What is not above zero is nothing added."""
    ours = added[OURS]
    theirs = [value for name in peers if (value := added[name]) is not None]
    if ours is None or not theirs:
        return NOT_HOOKED, "**no**" if ours is None else NOT_HOOKED
    best = max(min(theirs), 0.0)
    share = f"{ours / best:.2f}" if best else NOT_HOOKED
    return share, "yes" if ours <= AIM * best else "**no**"


def notes(samples: Samples) -> Iterator[str]:
    """Ways that have told their sink of some of the calls, but not of all."""
    for row, ways in samples.shares.items():
        for name, shares in ways.items():
            if any(shares) and min(shares) < 1:
                yield f"- {row}: {name} recorded {min(shares):.0%} in one process"
