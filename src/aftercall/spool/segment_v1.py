"""Segments of version 1: append-only files that are renamed when an invocation has ended. Goes with their last writer.

- A `.ready` segment is taken by renaming it to `.reading-1`, and read whole.
- An `.open` one keeps its name and is read as far as it goes: its writer may still append.
- A `.reading-<k>` one that we did not take ourselves killed an earlier incarnation: it is taken once more, and put
  aside after the second time.
- A `.reading-0` one was read and exported without harm, and waits for its receiver: a death in that time is not its
  fault.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.spool.frames import Loss
from aftercall.spool.names import is_alive
from aftercall.spool.reader import SegmentReader

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from aftercall.spool.frames import Frame
    from aftercall.spool.names import Names
    from aftercall.spool.segment_name import SegmentName

MAX_TAKEN = 2
"""Deaths while a segment was read: one may be chance, two are not."""

_READ_BYTES = 1 << 20


class SegmentV1:
    """The same methods as Segment's."""

    is_left_alone = False

    def __init__(self, names: Names, name: SegmentName, exported_until: int | None) -> None:
        self.name = name
        self.reader = SegmentReader()
        self.pending: set[str] = set()
        """Request ids of frames in it that were not exported; an empty string for the init phase."""
        self._names = names
        self._fed = 0
        self._exported_until = exported_until or 0
        self._reported_bytes = 0

    @property
    def held_bytes(self) -> int:
        return self._fed if self.pending else 0

    @property
    def to_note(self) -> int | None:
        return self._fed or None

    def frames(self, exported: Container[str]) -> Iterator[Frame]:
        for data in self._new_bytes():
            for start, piece in _split(self._fed - len(data), data, self._exported_until):
                for frame in self.reader.feed(piece):
                    if start >= self._exported_until or frame.request_id not in exported:
                        yield frame
        if self.name.state == "reading":
            self.reader.close()

    def _new_bytes(self) -> Iterator[bytes]:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            descriptor = os.open(self._names.path(str(self.name)), flags)
        except FileNotFoundError:
            return  # it was renamed since the folder was listed: the next read finds it
        except OSError:
            self._names.failures += 1
            return
        try:
            while data := os.pread(descriptor, _READ_BYTES, self._fed):
                self._fed += len(data)
                yield data
        except OSError:
            self._names.failures += 1
        finally:
            os.close(descriptor)

    def new_loss(self) -> Loss | None:
        loss = self.reader.loss
        if loss is None or loss.lost_bytes == self._reported_bytes:
            return None
        new = Loss(loss.lost_bytes - self._reported_bytes, loss.phrase)
        self._reported_bytes = loss.lost_bytes
        return new

    def close(self) -> None:
        """Nothing is held open."""

    def settle(self, awaited: set[str], held: set[str]) -> bool:
        self.pending &= awaited | held
        is_over = self.name.state == "reading" or not is_alive(self.name.pid)
        if self.pending and self.name.taken and self.pending <= held:
            self._clear()
        return is_over and not self.pending

    def _clear(self) -> None:
        """Its frames were processed without harm: a later death is not its fault."""
        cleared = self.name.as_read()
        if self._names.rename(str(self.name), str(cleared)):
            self.name = cleared

    def remove(self) -> None:
        self._names.remove(str(self.name))


def claim(names: Names, name: SegmentName, *, is_known: bool) -> SegmentName | None:
    """The name under which the segment is read; None if there is nothing to read. `is_known`: we have read of it."""
    if name.state == "reading":
        if is_known:
            return None
        if name.taken >= MAX_TAKEN:
            names.set_aside(str(name), name.stem)
            return None
    if name.state == "open":
        return name
    taken = name.as_reading()
    return taken if names.rename(str(name), str(taken)) else None


def _split(start: int, data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The data cut at the offset `at`: pieces with the offset where each starts."""
    cut = at - start
    if 0 < cut < len(data):
        yield start, data[:cut]
        yield at, data[cut:]
    else:
        yield start, data
