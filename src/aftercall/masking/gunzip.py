"""Unpacks gzip in a text, within bounds."""

from __future__ import annotations

MAX_BYTES = 1_048_576
"""Unpacked bytes for one text and all texts within it: 64 kB of gzip may be 60 MB."""


class Gunzip:
    """The budget of one text, and of all texts within it."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = MAX_BYTES

    def __call__(self, packed: bytes) -> bytes | None:
        """The unpacked bytes; None if the gzip is damaged, cut, or too large."""
        import zlib  # noqa: PLC0415 - only for events that carry it

        stream = zlib.decompressobj(47)
        try:
            plain = stream.decompress(packed, self._left + 1)
        except zlib.error:
            return None
        if len(plain) > self._left or stream.unused_data:
            return None
        self._left -= len(plain)
        return plain
