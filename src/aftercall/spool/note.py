"""The note `exported` for later incarnations of the extension.

Which invocations were exported already, how far segments were read then of which something is still needed, and
counters that no delivered record carries.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.formats.json_text import dumps, loads

if TYPE_CHECKING:
    from typing import Any

MAX_REMEMBERED = 32
_NOTE_BYTES = 65_536


class Note:
    """What is in it. Never raises OSError; a note that makes no sense is an empty one."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.exported: dict[str, None] = {}
        """Request ids, oldest first."""
        self.positions: dict[str, int] = {}
        """Of segments, by the stems of their names."""
        self.untold: dict[str, int] = {}
        self.is_due = False
        self.failures = 0
        """Whoever reports it resets it."""
        self._take(self._read())

    def add(self, request_ids: list[str]) -> None:
        for request_id in request_ids:
            self.exported.pop(request_id, None)
            self.exported[request_id] = None
        while len(self.exported) > MAX_REMEMBERED:
            del self.exported[next(iter(self.exported))]

    def write_if_due(self, positions: dict[str, int]) -> None:
        """Written over the old note in one write, so that it is always whole. A rename would ring the bell."""
        if not self.is_due:
            return
        self.is_due = False
        line = dumps({"exported": list(self.exported), "offsets": positions, "untold": self.untold}).encode() + b"\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            descriptor = os.open(self._path, flags, 0o600)
            try:
                os.ftruncate(descriptor, os.write(descriptor, line))
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            return  # the folder is gone; the launcher makes it again
        except OSError:
            self.failures += 1

    def _read(self) -> Any:
        try:
            with open(self._path, "rb", opener=_no_follow) as file:
                # A shorter note is followed by the end of a longer one for a moment.
                return loads(file.read(_NOTE_BYTES).partition(b"\n")[0].decode("utf-8"))
        except (OSError, ValueError, RecursionError):
            return None

    def _take(self, note: Any) -> None:
        if not isinstance(note, dict):
            return
        ids, offsets, untold = note.get("exported"), note.get("offsets"), note.get("untold")
        if isinstance(ids, list):
            self.exported = dict.fromkeys(text for text in ids if isinstance(text, str))
        if isinstance(offsets, dict):
            self.positions = {stem: offset for stem, offset in offsets.items() if type(offset) is int and offset >= 0}
        if isinstance(untold, dict):
            self.untold = {name: count for name, count in untold.items() if type(count) is int and count > 0}


def _no_follow(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC)
