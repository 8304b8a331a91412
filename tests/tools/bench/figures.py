"""One row of the table of figures, and how its numbers are drawn from interleaved runs."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Figure:
    """`value` is ours and `baseline` what it is held against, both in `unit`; `aim` is for people, `met` for machines.

    `baseline_name` says what the baseline is and where its source stands. None: there is nothing to compare with.
    """

    name: str
    value: float
    unit: str
    baseline: float | None
    baseline_name: str
    aim: str
    met: bool


def median_difference(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the differences of runs that stood beside each other: what disturbed both falls out."""
    return statistics.median(a - b for a, b in zip(ours, theirs, strict=True))


def shown(figure: Figure) -> str:
    """One line of text, for a bench that is run by itself."""
    baseline = "-" if figure.baseline is None else f"{figure.baseline:.1f}"
    ratio = f"{figure.value / figure.baseline:5.2f}x" if figure.baseline else "     -"
    met = "met" if figure.met else "NOT met"
    return (
        f"{figure.name:44} {figure.value:9.1f} {figure.unit:4} {baseline:>9} {ratio}  {figure.aim}: {met}"
        f"  [{figure.baseline_name}]"
    )
