"""The bell: the inotify descriptor on the spool folder. It rings when a segment becomes `.ready`. See inotify(7)."""

from __future__ import annotations

import os

_EVENT_BYTES = 16
_NAME_LENGTH = 12
"""Offset of the last of the four 32-bit fields: wd, mask, cookie, len."""

_OVERFLOW = 0x4000
_READ_BYTES = 65_536


def rang(descriptor: int) -> bool:
    """Whether it rang since the last call. Our own renames (to `.reading-<n>`) do not count."""
    found = False
    while True:
        try:
            data = os.read(descriptor, _READ_BYTES)
        except OSError:  # nothing more, or no inotify at all
            return found
        found = _names_ready(data) or found
        if not data:
            return found


def _names_ready(data: bytes) -> bool:
    offset = 0
    while offset + _EVENT_BYTES <= len(data):
        mask = int.from_bytes(data[offset + 4 : offset + 8], "little")
        length = int.from_bytes(data[offset + _NAME_LENGTH : offset + _EVENT_BYTES], "little")
        name = data[offset + _EVENT_BYTES : offset + _EVENT_BYTES + length].rstrip(b"\0")
        if name.endswith(b".ready") or mask & _OVERFLOW:
            return True
        offset += _EVENT_BYTES + length
    return False
