"""The 64 bytes before the frames of a segment (runtime_wrappers/SPOOL_FORMAT.md, "A segment"). No I/O."""

from __future__ import annotations

HEAD_BYTES = 64
SEGMENT_BYTES = 262_144
"""Size of a spare; a segment is larger only where one frame needed it."""

MAGIC = b"aftcall"
VERSION = 2
TAKEN = 32
"""Offset of the reader's words: taken, done, tries, off."""

DONE, TRIES, OFF = TAKEN + 4, TAKEN + 8, TAKEN + 12
CLOSED_FOR_REUSE = 1

_WRITERS = 8
_LARGEST = 0xFFFF_FFFF


class Head:
    """The words of a head. `damage`: a phrase of the format's page if nothing in it can be believed, else empty."""

    __slots__ = ("base", "closed", "committed", "damage", "done", "off", "taken", "tries")

    def __init__(self, raw: bytes) -> None:
        """`raw` is HEAD_BYTES long and `is_being_made` said no."""
        self.damage = _damage(raw)
        self.committed, self.base, self.closed = words(raw, _WRITERS, 3)
        self.taken, self.done, self.tries, self.off = words(raw, TAKEN, 4)

    def is_done_plausible(self) -> bool:
        """A later incarnation of the reader can go on at `done`."""
        return distance(self.base, self.done) <= distance(self.base, self.committed)


def is_being_made(raw: bytes) -> bool:
    """Whoever made the file has not come to its end."""
    return len(raw) < HEAD_BYTES or not any(raw[: len(MAGIC) + 1])


def words(raw: bytes, offset: int, count: int) -> list[int]:
    """Four bytes each."""
    return [int.from_bytes(raw[at : at + 4], "little") for at in range(offset, offset + 4 * count, 4)]


def as_words(*numbers: int) -> bytes:
    """Ready to be stored side by side in a head."""
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def spare() -> bytes:
    """The head of a segment that nobody has used."""
    return (MAGIC + bytes([VERSION])).ljust(HEAD_BYTES, b"\0")


def distance(start: int, end: int) -> int:
    """Bytes from one position to a later one; positions wrap around."""
    return (end - start) & _LARGEST


def after(position: int, count: int) -> int:
    """The position so many bytes later."""
    return (position + count) & _LARGEST


def _damage(raw: bytes) -> str:
    if raw[: len(MAGIC)] != MAGIC:
        return "bad head"
    return "" if raw[len(MAGIC)] == VERSION else "unknown format"
