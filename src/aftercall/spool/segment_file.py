"""The file of one segment: read and stored into by offset, never mapped. Never raises OSError."""

from __future__ import annotations

import errno
import os
from stat import S_ISREG
from typing import TYPE_CHECKING

from aftercall.spool.head import HEAD_BYTES, OFF, Head, as_words, is_being_made

if TYPE_CHECKING:
    from collections.abc import Iterator

_READINGS = 4
"""Of a head, until two in a row agree: a writer may have begun again in between."""

_READ_BYTES = 1 << 20
_ZEROS = bytes(65_536)
_SHORT_OF_MEANS = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
_FLAGS = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class SegmentFile:
    """Held open, since user code may remove its name while a writer still stores into it."""

    __slots__ = ("_descriptor", "bytes", "failures", "has_name", "is_foreign", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.bytes = 0
        """The file's size, as of the last `look`."""
        self.has_name = True
        self.is_foreign = False
        """No regular file, or one that we may not open."""
        self.failures = 0
        """Whoever reports it resets it."""
        self._descriptor = -1

    @property
    def is_open(self) -> bool:
        return self._descriptor >= 0

    def open(self) -> bool:
        """False if there is no such regular file."""
        if self.is_open or self.is_foreign:
            return self.is_open
        try:
            self._descriptor = os.open(self.path, _FLAGS)
        except FileNotFoundError:
            self.has_name = False
            return False
        except OSError as error:
            self.failures += 1
            self.is_foreign = error.errno not in _SHORT_OF_MEANS
            return False
        self.is_foreign = not self._status()
        return not self.is_foreign or self.close()

    def look(self) -> Head | None:
        """The head as it stands; None while it is being made, or if it does not stand still."""
        if not self.open() or not self._status():
            return None
        earlier = b""
        for _ in range(_READINGS):
            raw = self._pread(HEAD_BYTES, 0)
            if raw == earlier or is_being_made(raw):
                return None if is_being_made(raw) else Head(raw)
            earlier = raw
        return None

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """What the file holds between these offsets, in pieces."""
        while start < end and (data := self._pread(min(_READ_BYTES, end - start), start)):
            start += len(data)
            yield data

    def store(self, offset: int, *numbers: int) -> None:
        """Store words side by side."""
        self._pwrite(as_words(*numbers), offset)

    def wipe(self, start: int, end: int) -> None:
        """Overwrite with zeros. A hole would give back the space that was reserved for the writer."""
        for at in range(start, min(end, self.bytes), len(_ZEROS)):
            self._pwrite(_ZEROS[: min(len(_ZEROS), end - at, self.bytes - at)], at)

    def reset(self, head: bytes) -> bool:
        """Store a whole head. Only where no writer is left."""
        return self._pwrite(head, 0)

    def give_up(self) -> None:
        """Tell the writer that nobody reads it any more, and close it."""
        self.store(OFF, 1)
        self.close()

    def close(self) -> bool:
        """Always False, as a failed `open` says."""
        if self.is_open:
            os.close(self._descriptor)
            self._descriptor = -1
        return False

    def _status(self) -> bool:
        try:
            status = os.fstat(self._descriptor)
        except OSError:
            self.failures += 1
            return False
        self.bytes, self.has_name = status.st_size, status.st_nlink > 0
        return S_ISREG(status.st_mode)

    def _pread(self, count: int, offset: int) -> bytes:
        try:
            return os.pread(self._descriptor, count, offset) if self.open() else b""
        except OSError:
            self.failures += 1
            return b""

    def _pwrite(self, data: bytes, offset: int) -> bool:
        try:
            return self.open() and os.pwrite(self._descriptor, data, offset) == len(data)
        except OSError:
            self.failures += 1
            return False
