"""Names of segments: `<pid>-<start>-<n>.<state>`, as runtime_wrappers/SPOOL_FORMAT.md defines them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

MAX_DIGITS = 20
"""A u64 in decimal: no pid, time or count is longer, and a longer number would be slow to convert."""


class SegmentName(tuple[int, int, int, str, int]):
    """A segment's name, taken apart: (start, pid, n, state, taken). Sorting gives a process's order of writing.

    start: CLOCK_REALTIME nanoseconds at which the writer started in its process.
    state: `segment`; in version 1 `open`, `ready` or `reading`.
    taken: how often a reader took it and died before it was done with it; 0 unless `reading`.
    """

    __slots__ = ()  # a tuple by hand: typing.NamedTuple takes milliseconds to import

    def __new__(cls, *, start: int, pid: int, n: int, state: str, taken: int = 0) -> Self:
        return super().__new__(cls, (start, pid, n, state, taken))

    @property
    def start(self) -> int:
        return self[0]

    @property
    def pid(self) -> int:
        return self[1]

    @property
    def n(self) -> int:
        return self[2]

    @property
    def state(self) -> str:
        return self[3]

    @property
    def taken(self) -> int:
        return self[4]

    @property
    def key(self) -> tuple[int, int, int]:
        """What stays the same when a segment gets another state."""
        return self[:3]

    @property
    def stem(self) -> str:
        """The name without its state."""
        return f"{self.pid}-{self.start}-{self.n}"

    @classmethod
    def parse(cls, name: str) -> SegmentName | None:
        """The parts of a file's name; None if it is not a segment's."""
        stem, dot, suffix = name.partition(".")
        if not dot:
            return None
        numbers = [decimal(text) for text in stem.split("-")]
        state, dash, count = suffix.partition("-")
        taken = decimal(count) if dash else 0
        if len(numbers) != 3 or None in numbers or taken is None or (state == "reading") != bool(dash):
            return None
        if state not in {"segment", "open", "ready", "reading"}:
            return None
        pid, start, n = (number or 0 for number in numbers)
        return cls(start=start, pid=pid, n=n, state=state, taken=taken)

    def __str__(self) -> str:
        return f"{self.stem}.{self.state}" + (f"-{self.taken}" if self.state == "reading" else "")

    def as_reading(self) -> SegmentName:
        """The name under which a reader takes this segment (once more)."""
        return self._reading(self.taken + 1)

    def as_read(self) -> SegmentName:
        """The name of a segment that its reader is done with, and keeps until its records are delivered."""
        return self._reading(0)

    def _reading(self, taken: int) -> SegmentName:
        return SegmentName(start=self.start, pid=self.pid, n=self.n, state="reading", taken=taken)


def decimal(text: str) -> int | None:
    """The number that a name's part stands for; None if it is not one in its shortest form."""
    canonical = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and (text == "0" or text[0] != "0")
    return int(text) if canonical else None
