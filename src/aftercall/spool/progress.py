"""How far one segment was read, and what to read of it next. No I/O, no clock.

Strategy: `next_range` says which bytes of the file are new, `feed` takes them, `end` closes what `committed` promised.
If the writer has begun again, a new SegmentReader begins behind the head. The head is believed as far as the file goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.spool.frames import ALIGNMENT
from aftercall.spool.head import HEAD_BYTES, after, distance
from aftercall.spool.reader import SegmentReader

if TYPE_CHECKING:
    from aftercall.spool.frames import Frame
    from aftercall.spool.head import Head

MAX_PROMISED_BYTES = 32 * 1024 * 1024
"""No segment has more behind its head: a process frame and one of the largest frames are half of it."""


class Progress:
    """Give it a head and the file's size at each look."""

    def __init__(self) -> None:
        self.reader = SegmentReader()
        self.base = 0
        self.position = 0
        """Everything before it was read."""
        self.goes_on = False
        """Reading began behind the `process` frame, which has to be read first (`reader.go_on_behind`)."""
        self._is_begun = False
        self._promised = 0

    def next_range(self, head: Head, file_bytes: int) -> tuple[int, int]:
        """Offsets in the file where the new bytes begin and end; equal if there are none."""
        if not self._is_begun or head.base != self.base:
            self._begin(head)
        start = distance(self.base, self.position)
        self._promised = min(distance(self.base, head.committed), MAX_PROMISED_BYTES)
        held = min(self._promised, max(0, file_bytes - HEAD_BYTES))
        held -= held % ALIGNMENT  # a frame ends there, so what stands behind is cut
        return HEAD_BYTES + start, HEAD_BYTES + max(start, held)

    def has_news(self) -> bool:
        """Whether the last look found bytes that were not read, or that nobody can read any more."""
        return self._promised > distance(self.base, self.position)

    def is_all_read(self, head: Head) -> bool:
        """The head promises nothing that was not read, or given up."""
        promised = min(distance(head.base, head.committed), MAX_PROMISED_BYTES)
        return not promised if not self._is_begun else after(head.base, promised) == self.position

    @property
    def promised_position(self) -> int:
        """Where the last look's bytes end."""
        return after(self.base, self._promised)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these next bytes complete."""
        self.position = after(self.position, len(data))
        return self.reader.feed(data)

    def end(self) -> None:
        """All of the range that could be read was fed."""
        missing = self._promised - distance(self.base, self.position)
        if missing > 0:
            self.reader.close("bad head", missing)
            self.position = self.promised_position
        else:
            self.reader.close()

    def _begin(self, head: Head) -> None:
        # Only the first look goes by `done`: later ones know better, since beginning again means that all was taken.
        goes_on = not self._is_begun and head.is_done_plausible()
        self.reader = SegmentReader()
        self.base = head.base
        self.position = head.done if goes_on else head.base
        self.goes_on = self.position != self.base
        self._is_begun = True
