"""The spool folder: its segments in the order of writing, read, settled and removed (SPOOL_FORMAT.md).

A segment keeps what it holds until everything was exported or given up; it is given back to its writer, made a spare or
deleted before the extension says `done`. The note `exported` says which invocations in them were exported already, and
which counters were not, for a later incarnation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.spool.frames import Loss
from aftercall.spool.names import MAKING, Names, is_alive
from aftercall.spool.note import Note
from aftercall.spool.segment import Segment
from aftercall.spool.segment_name import SegmentName, decimal, is_of_another_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.spool.frames import Frame

MAX_OPEN = 64
"""Segments held open, the oldest ones; others are opened each time that they are read."""


class SpoolFolder:
    """All I/O on the folder. A missing folder counts as an empty one. Never raises OSError."""

    def __init__(self, path: str) -> None:
        self._names = Names(path)
        self._note = Note(self._names.path("exported"))
        self._segments: dict[SegmentName, Segment] = {}
        self._over: list[Segment] = []
        self._others: set[str] = set()
        """Names of segments of another version that were counted."""
        self.losses: dict[str, int] = {}
        """Phrase -> bytes lost. Whoever reports it resets it."""

    def exported_before(self) -> list[str]:
        """Request ids that an earlier incarnation exported, oldest first."""
        return list(self._note.exported)

    def untold_before(self) -> dict[str, int]:
        """Counters that an earlier incarnation had not delivered."""
        return dict(self._note.untold)

    def take_put_aside(self) -> int:
        """How many segments were put aside since this was asked last."""
        number, self._names.put_aside = self._names.put_aside, 0
        return number

    def take_faults(self) -> int:
        """How many file operations failed since this was asked last."""
        faults, self._names.failures = self._names.failures + self._note.failures, 0
        self._note.failures = 0
        for segment in self._segments.values():
            faults, segment.file.failures = faults + segment.file.failures, 0
        return faults

    # Reading

    def read(self) -> Iterator[tuple[Segment, Frame]]:
        """The new frames of all segments, in the order of writing within each process."""
        self.tidy()  # or what is over would be read again
        self._find()
        for number, name in enumerate(sorted(self._segments)):
            segment = self._segments[name]
            for frame in segment.frames(self._note.exported):
                yield segment, frame
            loss = segment.new_loss()
            if loss is not None:
                self._lose(loss)
            if number >= MAX_OPEN:
                segment.close()

    def _find(self) -> None:
        """Look for new segments."""
        for entry in self._names.list():
            name = SegmentName.parse(entry)
            if name is None:
                self._look_at_other(entry)
            elif name not in self._segments:
                self._segments[name] = Segment(self._names, name, self._note.positions.pop(name.stem, None))

    def _look_at_other(self, entry: str) -> None:
        """Remove what somebody was making who is gone; count once what only another version reads."""
        pid = decimal(entry.removesuffix(MAKING)) if entry.endswith(MAKING) else None
        if pid is not None and not is_alive(pid):
            self._names.remove(entry)
        elif entry not in self._others and is_of_another_version(entry):
            self._others.add(entry)
            self._lose(Loss(self._names.size(entry), "unknown format"))

    def _lose(self, loss: Loss) -> None:
        self.losses[loss.phrase] = self.losses.get(loss.phrase, 0) + loss.lost_bytes

    # Work that may bring us down

    def begin_work(self) -> None:
        """What was read and is not settled is about to be processed."""
        for segment in self._segments.values():
            if segment.held_bytes:
                segment.mark()

    def end_work(self) -> None:
        """Nothing was done with it but to read and assemble it, without harm."""
        for segment in self._segments.values():
            segment.unmark()

    # Letting go

    def release(self, awaited: set[str], held: set[str], exported: list[str], untold: dict[str, int]) -> None:
        """Let go of what nobody needs any more; note what was `exported`, and the `untold` counters.

        `awaited`: invocations that are not over. `held`: those whose records wait in an outlet.
        """
        self._note.add(exported)
        if exported:
            self._note.untold = dict(untold)
            self._note.is_due = True
        self._write_note()  # first: what is settled is not read again
        for number, name in enumerate(sorted(self._segments)):
            segment = self._segments[name]
            if segment.settle(awaited, held):
                self._over.append(self._segments.pop(name))
            elif number >= MAX_OPEN:
                segment.close()

    def tidy(self) -> None:
        """Do what release left to do: nobody needs to wait for it."""
        for segment in self._over:
            segment.remove()
        self._over.clear()

    def remember(self, untold: dict[str, int]) -> None:
        """Write the note if it has changed."""
        if untold != self._note.untold:
            self._note.untold = dict(untold)
            self._note.is_due = True
            self._write_note()

    def _write_note(self) -> None:
        segments = self._segments.values()
        noted = {segment.name.stem: segment.to_note for segment in segments}
        self._note.write_if_due({stem: position for stem, position in noted.items() if position is not None})

    @property
    def held_bytes(self) -> int:
        """Bytes of the segments that wait for their records to be exported."""
        return sum(segment.held_bytes for segment in self._segments.values())

    def delete_all(self) -> None:
        """At the end of the environment: delete segments too whose writers live."""
        self.tidy()
        for segment in self._segments.values():
            if not segment.held_bytes and not segment.is_left_alone:
                segment.remove()
