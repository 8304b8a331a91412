"""Names of segments: `<pid>-<start>-<n>.segment`, as runtime_wrappers/SPOOL_FORMAT.md defines them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

MAX_DIGITS = 20
"""A u64 in decimal: no pid, time or count is longer, and a longer number would be slow to convert."""

STATE = "segment"
_OLD_STATES = {"open", "ready", "reading"}
"""Of version 1; the last one with a number behind it."""


class SegmentName(tuple[int, int, int]):
    """A segment's name, taken apart: (start, pid, n). Sorting gives a process's order of writing.

    start: CLOCK_REALTIME nanoseconds at which the writer started in its process.
    """

    __slots__ = ()  # a tuple by hand: typing.NamedTuple takes milliseconds to import

    def __new__(cls, *, start: int, pid: int, n: int) -> Self:
        return super().__new__(cls, (start, pid, n))

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
    def stem(self) -> str:
        """The name without its ending."""
        return f"{self.pid}-{self.start}-{self.n}"

    @classmethod
    def parse(cls, name: str) -> SegmentName | None:
        """The parts of a file's name; None if it is not a segment's."""
        stem, _, state = name.partition(".")
        numbers = [decimal(text) for text in stem.split("-")]
        if state != STATE or len(numbers) != 3 or None in numbers:
            return None
        pid, start, n = (number or 0 for number in numbers)
        return cls(start=start, pid=pid, n=n)

    def __str__(self) -> str:
        return f"{self.stem}.{STATE}"


def is_of_another_version(name: str) -> bool:
    """Whether an older layer named a segment so."""
    stem, _, state = name.partition(".")
    return state.partition("-")[0] in _OLD_STATES and SegmentName.parse(f"{stem}.{STATE}") is not None


def decimal(text: str) -> int | None:
    """The number that a name's part stands for; None if it is not one in its shortest form."""
    canonical = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and (text == "0" or text[0] != "0")
    return int(text) if canonical else None
