"""The words of a text and where given ones stand, in linear time however many they are.

A word is what stands between separators, of letters, digits and `_.%-`. The text is taken apart in pieces: a set of
wanted words meets each piece's words in C, and only where they have some in common is the piece searched.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_WORD_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.%-"
_SEPARATED = bytes(byte if byte in _WORD_BYTES else 32 for byte in range(256))
_PIECE = 2_048
"""The time for one wanted word in a piece grows with it, what each piece costs at least does not."""


class Words:
    """`distinct`: each word once."""

    __slots__ = ("_pieces", "_separated", "distinct")

    def __init__(self, text: bytes) -> None:
        self._separated = text.translate(_SEPARATED)
        self._pieces: list[tuple[int, list[bytes]]] = []
        """Where each begins, and its words."""
        self.distinct: set[bytes] = set()
        start = 0
        while start >= 0:
            end = self._separated.find(b" ", start + _PIECE)
            words = self._separated[start : end if end >= 0 else None].split()
            self._pieces.append((start, words))
            self.distinct.update(words)
            start = end

    def places(self, wanted: Collection[bytes]) -> Iterator[tuple[int, int]]:
        """Start and end of each, in order."""
        wanted = frozenset(wanted)
        for start, words in self._pieces:
            here = wanted.intersection(words)
            if here:
                yield from sorted(self._in_piece(start, here))

    def _in_piece(self, start: int, wanted: Collection[bytes]) -> Iterator[tuple[int, int]]:
        end = self._separated.find(b" ", start + _PIECE)
        piece = b" %b " % self._separated[start : end if end >= 0 else None]
        for word in wanted:
            alone = b" %b " % word
            at = piece.find(alone)
            while at >= 0:
                yield start + at, start + at + len(word)
                at = piece.find(alone, at + len(word) + 1)
