"""Names of segments: `<pid>-<start>-<n>.<state>`, as runtime_wrappers/SPOOL_FORMAT.md defines them."""

from __future__ import annotations

from typing import NamedTuple

MAX_DIGITS = 20
"""A u64 in decimal: a longer number is nobody's pid, time or count, and would be slow to convert."""


class SegmentName(NamedTuple):
    """A segment's name, taken apart. Sorting gives the order of writing within a process."""

    start: int
    """CLOCK_REALTIME nanoseconds at which the writer started in its process."""
    pid: int
    n: int
    state: str
    """`open`, `ready` or `reading`."""
    taken: int = 0
    """How often a reader took it; 0 unless `reading`."""

    @classmethod
    def parse(cls, name: str) -> SegmentName | None:
        """The parts of a file's name, or None when it is not a segment's."""
        stem, _, suffix = name.partition(".")
        numbers = [_decimal(text) for text in stem.split("-")]
        state, dash, count = suffix.partition("-")
        taken = _decimal(count) if dash else 0
        if len(numbers) != 3 or None in numbers or taken is None or (state == "reading") != bool(dash):
            return None
        if state not in {"open", "ready", "reading"}:
            return None
        pid, start, n = (number or 0 for number in numbers)
        return cls(start=start, pid=pid, n=n, state=state, taken=taken)

    def __str__(self) -> str:
        suffix = f"reading-{self.taken}" if self.state == "reading" else self.state
        return f"{self.pid}-{self.start}-{self.n}.{suffix}"

    def as_reading(self) -> SegmentName:
        """The name under which a reader takes this segment (once more)."""
        return self._replace(state="reading", taken=self.taken + 1)


def _decimal(text: str) -> int | None:
    canonical = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and (text == "0" or text[0] != "0")
    return int(text) if canonical else None
