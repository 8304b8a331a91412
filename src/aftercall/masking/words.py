"""The words of a text and where given ones are, in linear time however many they are.

A word consists of letters, digits and `_.%-`. C code cuts the text and picks the given words from the list; each is
then searched from where the one before it ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

_WORD_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.%-"
_SEPARATED = bytes(byte if byte in _WORD_BYTES else 32 for byte in range(256))
_NEAR = 2_048
"""Within this distance CPython searches in the simplest way, without preparation. Most words are nearer."""


class Words:
    """`distinct`: each word once."""

    __slots__ = ("_all", "_separated", "distinct")

    def __init__(self, text: bytes) -> None:
        self._separated = b" %b " % text.translate(_SEPARATED)
        self._all = self._separated.split()
        self.distinct = set(self._all)

    def places(self, wanted: Container[bytes]) -> list[tuple[int, int, bytes]]:
        """Start and end of each, in order, and the word itself."""
        find = self._separated.find
        found = []
        at = 0
        for word in filter(wanted.__contains__, self._all):
            alone = b" %b " % word
            start = find(alone, at, at + _NEAR)
            if start < 0:
                start = find(alone, at)
            at = start + len(word)
            found.append((start, at, word))
            at += 1
        return found

    def ends(self, ends: tuple[bytes, ...]) -> list[bytes]:
        """Those of them with which a word ends."""
        find = self._separated.find  # as in escapes.py: `in` is slower
        return [end for end in ends if find(b"%b " % end) >= 0]
