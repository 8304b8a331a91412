"""Unpacks gzip that stands in a text, no more of it than is worth to be looked at."""

from __future__ import annotations

MAX_BYTES = 1_048_576
"""Of one text, whatever it holds and however deep: 64 kB of gzip may be 60 MB."""


class Gunzip:
    """For one text, and all those in it."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = MAX_BYTES

    def __call__(self, packed: bytes) -> bytes | None:
        """What is packed, as far as the bytes go; None where it is damaged, too large, or not all there is."""
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
