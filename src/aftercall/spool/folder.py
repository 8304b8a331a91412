"""The spool folder: claims segments, reads them by offset, deletes them. SPOOL_FORMAT.md, "Segments".

- A `.ready` segment is taken by renaming it to `.reading-1`, and read whole.
- An `.open` one keeps its name and is read as far as it goes: its writer may still append.
- A `.reading-<k>` one that we did not take ourselves killed an earlier incarnation: it is taken once more, and put
  aside after the second time.
- A `.reading-0` one was read and exported without harm, and waits for its receiver: a death in that time is not its
  fault.
A segment is released once everything in it was exported or given up, and deleted before the extension says `done`. The
note `exported` beside the segments says which invocations in them were exported already, and which counters were not,
for a later incarnation.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.formats.json_text import dumps, loads
from aftercall.spool import SegmentName, SegmentReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from aftercall.spool import Frame

MAX_TAKEN = 2
"""Deaths while a segment was read: one may be chance, two are not."""

MAX_ASIDE = 4
"""Segments put aside for people to look at: few, since they hold raw bytes."""

MAX_REMEMBERED = 32
_READ_BYTES = 1 << 20
_NOTE = "exported"


class Segment:
    """One segment, and how far it was read."""

    __slots__ = ("fed", "name", "pending", "reader", "reported_bytes")

    def __init__(self, name: SegmentName) -> None:
        self.name = name
        self.reader = SegmentReader()
        self.fed = 0
        """Bytes of the file that were read."""
        self.pending: set[str] = set()
        """Request ids of frames in it that were not exported; an empty string for the init phase."""
        self.reported_bytes = 0
        """Lost bytes that were reported."""


class SpoolFolder:
    """All I/O on the folder. A missing folder counts as an empty one. Never raises OSError."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._segments: dict[tuple[int, int, int], Segment] = {}
        self._exported: dict[str, None] = {}
        self._offsets: dict[str, int] = {}
        self._untold: dict[str, int] = {}
        self._released: list[Segment] = []
        self._is_note_due = False
        self._read_note()
        self.losses: dict[str, int] = {}
        """Phrase -> bytes lost. Whoever reports it resets it."""
        self.put_aside = 0
        self.faults = 0
        """File operations that failed. Whoever reports it resets it."""

    def exported_before(self) -> list[str]:
        """Request ids that an earlier incarnation exported, oldest first."""
        return list(self._exported)

    def untold_before(self) -> dict[str, int]:
        """Counters that an earlier incarnation had not delivered."""
        return dict(self._untold)

    # Reading

    def read(self) -> Iterator[tuple[Segment, Frame]]:
        """The new frames of all segments, in the order of writing within each process."""
        self.tidy()  # or what was released would be read again
        for name in self._names():
            segment = self._claim(name)
            if segment is not None:
                yield from self._frames(segment)

    def _names(self) -> list[SegmentName]:
        try:
            entries = os.listdir(self._path)
        except OSError:
            return []
        return sorted(name for entry in entries if (name := SegmentName.parse(entry)) is not None)

    def _claim(self, name: SegmentName) -> Segment | None:
        """The segment under its new name; None if there is nothing to read."""
        key = name[:3]
        segment = self._segments.get(key)
        if name.state == "reading":
            if segment is not None:
                return None  # ours, read already
            if name.taken >= MAX_TAKEN:
                self._put_aside(name)
                return None
        if name.state != "open":
            taken = name.as_reading()
            if not self._rename(name, str(taken)):
                return None
            name = taken
        if segment is None:
            segment = self._segments[key] = Segment(name)
        segment.name = name
        return segment

    def _frames(self, segment: Segment) -> Iterator[tuple[Segment, Frame]]:
        # The part of an `.open` segment that an earlier incarnation exported is fed too, without returning its frames.
        already = self._offsets.pop(_stem(segment.name), 0)
        for data in self._new_bytes(segment):
            for start, piece in _split(segment.fed - len(data), data, already):
                for frame in segment.reader.feed(piece):
                    if start < already and frame.request_id in self._exported:
                        continue
                    yield segment, frame
        if segment.name.state == "reading":
            segment.reader.close()
        self._count_loss(segment)

    def _new_bytes(self, segment: Segment) -> Iterator[bytes]:
        try:
            descriptor = os.open(
                self._file(str(segment.name)), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
            )
        except FileNotFoundError:
            return  # it was renamed since the folder was listed: the next read finds it
        except OSError:
            self.faults += 1
            return
        try:
            while data := os.pread(descriptor, _READ_BYTES, segment.fed):
                segment.fed += len(data)
                yield data
        except OSError:
            self.faults += 1
        finally:
            os.close(descriptor)

    def _count_loss(self, segment: Segment) -> None:
        loss = segment.reader.loss
        if loss is not None and loss.lost_bytes > segment.reported_bytes:
            self.losses[loss.phrase] = self.losses.get(loss.phrase, 0) + loss.lost_bytes - segment.reported_bytes
            segment.reported_bytes = loss.lost_bytes

    # Letting go

    def release(self, awaited: set[str], held: set[str], exported: list[str], untold: dict[str, int]) -> None:
        """Let go of the segments that nobody needs any more; note what was `exported`, and the `untold` counters.

        `awaited`: invocations that are not over. `held`: those whose records wait in an outlet.
        """
        for request_id in exported:
            self._exported.pop(request_id, None)
            self._exported[request_id] = None
        while len(self._exported) > MAX_REMEMBERED:
            del self._exported[next(iter(self._exported))]
        for key, segment in list(self._segments.items()):
            segment.pending &= awaited | held
            if not segment.pending and self._is_over(segment):
                self._released.append(self._segments.pop(key))
            elif segment.name.taken and segment.pending <= held:
                self._clear(segment)
        if exported:
            self._untold = dict(untold)
            self._is_note_due = True
        if self._segments:  # what a later incarnation reads of them
            self._write_due_note()

    def tidy(self) -> None:
        """Do what release left to do: nobody needs to wait for it."""
        for segment in self._released:
            self._delete(segment)
        self._released.clear()
        self._write_due_note()

    def remember(self, untold: dict[str, int]) -> None:
        """Write the note if it has changed."""
        if untold != self._untold:
            self._untold = dict(untold)
            self._is_note_due = True
            self._write_due_note()

    @property
    def held_bytes(self) -> int:
        """Bytes of the segments that wait for their records to be exported."""
        return sum(segment.fed for segment in self._segments.values() if segment.pending)

    def delete_all(self) -> None:
        """At the end of the environment: delete open segments too."""
        self.tidy()
        for segment in self._segments.values():
            if not segment.pending:
                self._delete(segment)

    def _is_over(self, segment: Segment) -> bool:
        """Its writer does not append any more."""
        return segment.name.state == "reading" or not is_alive(segment.name.pid)

    def _delete(self, segment: Segment) -> None:
        try:
            os.unlink(self._file(str(segment.name)))
        except FileNotFoundError:
            return
        except OSError:
            self.faults += 1

    def _clear(self, segment: Segment) -> None:
        """Its frames were processed without harm: a later death is not its fault."""
        cleared = segment.name.as_read()
        if self._rename(segment.name, str(cleared)):
            segment.name = cleared

    def _put_aside(self, name: SegmentName) -> None:
        aside = f"{_stem(name)}.aside"
        if not self._rename(name, aside):
            return
        self.put_aside += 1
        kept = sorted(entry for entry in os.listdir(self._path) if entry.endswith(".aside"))
        for entry in kept[:-MAX_ASIDE]:
            os.unlink(self._file(entry))

    def _rename(self, name: SegmentName, new_name: str) -> bool:
        try:
            os.rename(self._file(str(name)), self._file(new_name))
        except FileNotFoundError:
            return False
        except OSError:
            self.faults += 1
            return False
        return True

    # The note for later incarnations

    def _read_note(self) -> None:
        try:
            with open(self._file(_NOTE), "rb", opener=_no_follow) as file:
                # A shorter note is followed by the end of a longer one for a moment.
                note = loads(file.read(65_536).partition(b"\n")[0].decode("utf-8"))
        except (OSError, ValueError, RecursionError):
            return
        if not isinstance(note, dict):
            return
        ids, offsets, untold = note.get("exported"), note.get("offsets"), note.get("untold")
        if isinstance(ids, list):
            self._exported = dict.fromkeys(text for text in ids if isinstance(text, str))
        if isinstance(offsets, dict):
            self._offsets = {stem: offset for stem, offset in offsets.items() if type(offset) is int and offset >= 0}
        if isinstance(untold, dict):
            self._untold = {name: count for name, count in untold.items() if type(count) is int and count > 0}

    def _write_due_note(self) -> None:
        """Written over the old note in one write, so that it is always whole. A rename would ring the bell."""
        if not self._is_note_due:
            return
        self._is_note_due = False
        note: dict[str, Any] = {
            "exported": list(self._exported),
            "offsets": {_stem(segment.name): segment.fed for segment in self._segments.values() if segment.fed},
            "untold": self._untold,
        }
        line = dumps(note).encode() + b"\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            descriptor = os.open(self._file(_NOTE), flags, 0o600)
            try:
                os.ftruncate(descriptor, os.write(descriptor, line))
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            return  # the folder is gone; the launcher makes it again
        except OSError:
            self.faults += 1

    def _file(self, name: str) -> str:
        return f"{self._path}/{name}"


def _stem(name: SegmentName) -> str:
    return f"{name.pid}-{name.start}-{name.n}"


def _split(start: int, data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The data cut at the offset `at`: pieces with the offset where each starts."""
    cut = at - start
    if 0 < cut < len(data):
        yield start, data[:cut]
        yield at, data[cut:]
    else:
        yield start, data


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists; a zombie counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # another user's
    return True


def _no_follow(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC)
