"""Times that receivers take: one that is out of all measure makes them refuse the whole batch."""

from __future__ import annotations

LATEST = 2**63 - 1
"""Nanoseconds; protobuf has 64 bits without a sign, many receivers have one."""

YEAR = 366 * 86_400 * 1_000_000_000


def plausible(time: int, now: int) -> int:
    """A frame's time, or the reader's where the two are more than a year apart: whoever wrote that had no clock."""
    return time if abs(time - now) <= YEAR else now


def bounded(time: int) -> int:
    return min(max(time, 0), LATEST)
