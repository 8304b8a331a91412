"""Where given words stand in a text, in linear time however many they are."""

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_MANY = 48
"""From so many words on, one pass over all is cheaper than a search for each."""

_WORD = re.compile(rb"[A-Za-z0-9_.%-]+")
WORD_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.%-"
_IN_WORD = frozenset(WORD_BYTES)


def places(text: bytes, words: Collection[bytes]) -> Iterator[tuple[int, int]]:
    """In order, whole words only."""
    if len(words) > _MANY:
        for match in _WORD.finditer(text):
            if match.group() in words:
                yield match.span()
        return
    found = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if (end == len(text) or text[end] not in _IN_WORD) and (not at or text[at - 1] not in _IN_WORD):
                found.append((at, end))
            at = text.find(word, end)
    found.sort()
    yield from found
