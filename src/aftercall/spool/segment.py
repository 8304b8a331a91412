"""One segment of the folder: read, settled, and in the end made a spare or removed (SPOOL_FORMAT.md).

What was read in one go is a block: it is settled once none of its invocations is needed any more, and those before it
are. Only then is it wiped and given back to the writer.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.spool.frames import MAX_HEADER_BYTES, PREFIX_BYTES, Loss
from aftercall.spool.head import (
    CLOSED_FOR_REUSE,
    DONE,
    HEAD_BYTES,
    OFF,
    SEGMENT_BYTES,
    TAKEN,
    TRIES,
    distance,
    spare,
)
from aftercall.spool.names import MAKING, SPARES, is_alive
from aftercall.spool.progress import Progress
from aftercall.spool.segment_file import SegmentFile

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from aftercall.spool.frames import Frame
    from aftercall.spool.head import Head
    from aftercall.spool.names import Names
    from aftercall.spool.reader import SegmentReader
    from aftercall.spool.segment_name import SegmentName

MAX_TRIES = 2
"""Incarnations that died while they worked on it: one may be chance, two are not."""

_LONGEST_FIRST_FRAME = PREFIX_BYTES + MAX_HEADER_BYTES
_FIRST_PAGE = 4096


class Segment:
    """`pending`: ids of invocations with frames in what was read last; an empty string for the init phase."""

    def __init__(self, names: Names, name: SegmentName, exported_until: int | None) -> None:
        self.name = name
        self.file = SegmentFile(names.path(str(name)))
        self.pending: set[str] = set()
        self.is_left_alone = False
        """Nothing of it is read: it is put aside, of another version, or no file."""
        self._names = names
        self._progress = Progress()
        self._blocks: list[tuple[int, set[str]]] = []
        self._taken = 0
        """The position up to which everything is settled."""
        self._tries: int | None = None
        """As an earlier incarnation left it; None before the first look."""
        self._is_marked = False
        self._exported_until = exported_until
        """A position: frames before it that belong to an exported invocation were exported with it."""
        self._reported_bytes = 0
        self._loss_of_all: Loss | None = None
        self._can_be_spare = False

    @property
    def reader(self) -> SegmentReader:
        return self._progress.reader

    @property
    def held_bytes(self) -> int:
        """Bytes that wait for their records to be exported."""
        return distance(self._taken, self._progress.position) if self._blocks else 0

    @property
    def to_note(self) -> int | None:
        """What a later incarnation has to know as `exported_until`."""
        return self._progress.position if self._blocks else None

    # Reading

    def frames(self, exported: Container[str]) -> Iterator[Frame]:
        """The new frames, without those of `exported` invocations that were exported with it."""
        head = None if self.is_left_alone else self.file.look()
        if head is None or not self._is_to_be_read(head):
            self.is_left_alone = self.is_left_alone or self.file.is_foreign
            return
        base = self._progress.base
        start, end = self._progress.next_range(head, self.file.bytes)
        if self._tries is None:
            self._look_first(head)
        elif self._progress.base != base:
            self._blocks.clear()
            self._taken, self._reported_bytes = self._progress.base, 0
        if self._progress.has_news():
            self.mark()
            self.pending = set()
            self._blocks.append((self._progress.promised_position, self.pending))
            yield from self._new_frames(start, end, exported)
            self._progress.end()
        if not self.file.has_name and not head.off:
            self.file.store(OFF, 1)  # the writer shall go on in one that a later incarnation can find

    def _is_to_be_read(self, head: Head) -> bool:
        if self._tries is None and not head.damage and head.tries >= MAX_TRIES:
            self.file.give_up()
            self._names.set_aside(str(self.name), self.name.stem)
            self.is_left_alone = True
        elif head.damage:
            self.is_left_alone = True
            self._loss_of_all = Loss(self.file.bytes, head.damage)
            self.file.close()
        return not self.is_left_alone

    def _look_first(self, head: Head) -> None:
        progress = self._progress
        self._tries = head.tries
        self._taken = progress.position
        if progress.goes_on:
            for piece in self.file.read(HEAD_BYTES, HEAD_BYTES + _LONGEST_FIRST_FRAME):
                progress.reader.go_on_behind(piece)
            if distance(progress.base, head.taken) < distance(progress.base, head.done):
                self._wipe(head.taken, head.done)
                self.file.store(TAKEN, head.done)

    def _new_frames(self, start: int, end: int, exported: Container[str]) -> Iterator[Frame]:
        already = self._exported_bytes(start, end)
        for piece in self.file.read(start, start + already):
            yield from (frame for frame in self._progress.feed(piece) if frame.request_id not in exported)
        for piece in self.file.read(start + already, end):
            yield from self._progress.feed(piece)

    def _exported_bytes(self, start: int, end: int) -> int:
        """How many of the new bytes an earlier incarnation had read."""
        until, self._exported_until = self._exported_until, None
        already = 0 if until is None else distance(self._progress.position, until)
        return already if already <= end - start else 0

    def new_loss(self) -> Loss | None:
        """What was lost since this was asked last."""
        all_of_it, self._loss_of_all = self._loss_of_all, None
        loss = self._progress.reader.loss
        if loss is None or loss.lost_bytes == self._reported_bytes:
            return all_of_it
        new = Loss(loss.lost_bytes - self._reported_bytes, loss.phrase)
        self._reported_bytes = loss.lost_bytes
        return new

    def close(self) -> None:
        """It is opened again when it is needed."""
        self.file.close()

    # Letting go

    def mark(self) -> None:
        """Work on it begins: if it kills us, the next incarnation sees how often that has happened."""
        if not self._is_marked and self._tries is not None:
            self._is_marked = True
            self.file.store(TRIES, self._tries + 1)

    def unmark(self) -> None:
        """The work is over without harm."""
        if self._is_marked:
            self._is_marked = False
            self._tries = 0
            self.file.store(TRIES, 0)

    def settle(self, awaited: set[str], held: set[str]) -> bool:
        """Give back what no invocation needs. True if the segment is over, and can be removed."""
        needed = awaited | held
        settled = self._taken
        while self._blocks and not self._blocks[0][1] & needed:
            settled = self._blocks.pop(0)[0]
        if settled != self._taken:
            self._give_back(settled)
        else:
            self.unmark()
        return not self._blocks and not self.is_left_alone and self._is_over()

    def _give_back(self, settled: int) -> None:
        # In this order: the writer may begin again as soon as all is taken, and we go on at `done` if we die now.
        self._is_marked = False
        self._tries = 0
        self.file.store(DONE, settled, 0)
        self._wipe(self._taken, settled)
        self.file.store(TAKEN, settled)
        self._taken = settled

    def _wipe(self, start: int, end: int) -> None:
        """The first frame stays: a later incarnation needs it, and it holds nothing of anybody's."""
        base, first = self._progress.base, self._progress.reader.first_frame_bytes
        self.file.wipe(HEAD_BYTES + max(first, distance(base, start)), HEAD_BYTES + distance(base, end))

    def _is_over(self) -> bool:
        """Its writer does not come back, and everything was read."""
        is_left = not is_alive(self.name.pid)
        head = self.file.look()
        if head is None:
            return is_left or (not self.file.is_open and not self.file.has_name)
        is_usual = self.file.bytes == SEGMENT_BYTES and self.file.has_name and not head.off
        self._can_be_spare = head.closed == CLOSED_FOR_REUSE and is_usual
        return bool(is_left or head.closed) and self._progress.is_all_read(head)

    def remove(self) -> None:
        """Make it a spare, or delete it."""
        if self._can_be_spare and self._recycle():
            return
        if self.file.is_open:
            self.file.give_up()  # should its writer live after all, where we cannot see it
        self._names.remove(str(self.name))

    def _recycle(self) -> bool:
        free = [name for name in SPARES if not os.access(self._names.path(name), os.F_OK)]
        making = f"{os.getpid()}{MAKING}"
        if not free or not self._names.rename(str(self.name), making):
            return False
        self.file.wipe(HEAD_BYTES, HEAD_BYTES + max(_FIRST_PAGE, self._progress.reader.first_frame_bytes))
        is_whole = self.file.reset(spare())
        self.file.close()
        if not is_whole or not self._names.rename(making, free[0]):
            self._names.remove(making)
        return True
