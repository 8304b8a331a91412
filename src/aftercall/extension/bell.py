"""The bell: the inotify descriptor on the spool folder and its file `bell`. See inotify(7).

It rings when `bell` is opened, and when a writer has taken a spare: so the new segment is open here before user code
can remove its name.
"""

from __future__ import annotations

import os

_EVENT_BYTES = 16
_NAME_LENGTH = 12
"""Offset of the last of the four 32-bit fields: wd, mask, cookie, len."""

_OPENED = 0x20
_OVERFLOW = 0x4000
_RINGING_END = b".segment"
_READ_BYTES = 65_536


def rang(descriptor: int) -> bool:
    """Whether it rang since the last call. Our own renames do not count."""
    found = False
    while True:
        try:
            data = os.read(descriptor, _READ_BYTES)
        except OSError:  # nothing more, or no inotify at all
            return found
        found = _rings(data) or found
        if not data:
            return found


def _rings(data: bytes) -> bool:
    offset = 0
    while offset + _EVENT_BYTES <= len(data):
        mask = int.from_bytes(data[offset + 4 : offset + 8], "little")
        length = int.from_bytes(data[offset + _NAME_LENGTH : offset + _EVENT_BYTES], "little")
        name = data[offset + _EVENT_BYTES : offset + _EVENT_BYTES + length].rstrip(b"\0")
        if name.endswith(_RINGING_END) or mask & (_OPENED | _OVERFLOW):
            return True
        offset += _EVENT_BYTES + length
    return False
