"""The secrets that were found in a text: where they are, what replaces them, and by which rule.

Every finder of this package adds to one `Findings`. At the end the text is written with these spans replaced, and
everything else stays byte for byte as the user wrote it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.formats.text import MASKED
from aftercall.formats.urls import percent_decoded
from aftercall.masking.gunzip import Gunzip
from aftercall.masking.partners import Partners
from aftercall.masking.words import Words

if TYPE_CHECKING:
    from collections.abc import Container

    from aftercall.masking.rules import Rules

MASK = MASKED.encode()

BASE64 = "base64"
"""The rule of what was decoded, masked and coded again."""

PERCENT = "percent"
"""The same of what was percent-coded."""

MIN_SHOWN = 6
_MAX_CODED = 8 * 12
"""Bytes that hold so many characters in any coding, and one that is cut at the edge."""

_ESCAPED_SPACE = re.compile(rb"\\[nrtfb]")

MAX_DEPTH = 6
"""Codings within codings (percent in base64 in percent): a deeper text is masked unread."""


class Findings:
    """The secrets of one text, which may stand in a text `around` it.

    `truncated`: its end was cut off, so that its last word may be half a secret.
    """

    __slots__ = (
        "_places",
        "content_end",
        "content_start",
        "data",
        "depth",
        "gunzip",
        "next_close",
        "partners",
        "rules",
        "spans",
        "truncated",
        "view",
        "words",
    )

    def __init__(self, data: bytes, rules: Rules, *, truncated: bool, around: Findings | None = None) -> None:
        self.data = data
        self.rules = rules
        self.truncated = truncated
        self.depth: int = around.depth + 1 if around else 0
        self.gunzip: Gunzip = around.gunzip if around else Gunzip()
        self.next_close = 0
        """Where the last search found the next end tag: a missing one is not searched again."""
        self.content_start = self.content_end = 0
        """The element that was masked last: names in it are skipped, but not those among its attributes."""
        self.partners = Partners()
        self.spans: list[tuple[int, int, bytes, str]] = []
        self._places: list[tuple[int, int, bytes]] = []

    def take_apart(self) -> None:
        """Into words, before anything is looked for among them."""
        self.view = _without_escaped_space(self.data)
        """The same length; `\\n` and the like are blanks, so that words in strings of JSON end where they should."""
        self.words = Words(self.view)

    def look_up(self, words: Container[bytes]) -> None:
        """Find all of these. `places` then returns them by kind."""
        self._places = self.words.places(words)

    def places(self, words: Container[bytes]) -> list[tuple[int, int]]:
        """Start and end of words that were looked up, in order."""
        return [(start, end) for start, end, word in self._places if word in words]

    def add(self, start: int, end: int, rule: str, instead: bytes = MASK) -> None:
        if end > start:
            self.spans.append((start, end, instead, rule))

    def ordered(self) -> list[tuple[int, int, bytes, str]]:
        """By position, none within another. If two overlap, their union is masked."""
        kept: list[tuple[int, int, bytes, str]] = []
        shown: _Shown | None = None
        for span in sorted(self.spans, key=_by_position):
            if not kept or span[0] >= kept[-1][1]:
                kept.append(span)
                shown = _Shown(span[2]) if span[3] == PERCENT else None
            elif span[1] > kept[-1][1] or kept[-1][3] == BASE64 or (shown and shown.holds(self.data, *span[:2])):
                # A secret in the base64 itself and one in the decoded text: neither can be shown.
                start, end, _, rule = kept[-1]
                kept[-1] = (start, max(end, span[1]), MASK, rule)
                shown = None
        return kept

    def masked(self) -> bytes:
        written: list[bytes] = []
        copied = 0
        for start, end, instead, _ in self.ordered():
            written += (self.data[copied:start], instead)
            copied = end
        return b"".join((*written, self.data[copied:])) if written else self.data


class _Shown:
    """What stands instead of a percent-coded text, decoded once and taken apart once into all pieces of a length.

    It is asked for each secret that was found in the text before it was decoded.
    """

    __slots__ = ("_coded", "_pieces", "_plain")

    def __init__(self, coded: bytes) -> None:
        self._coded = coded
        self._plain = ""
        self._pieces: dict[int, set[str]] = {}

    def holds(self, data: bytes, start: int, end: int) -> bool:
        """Whether it still shows the beginning or the end of the secret."""
        first = _plain(data[start : min(end, start + _MAX_CODED)])[:MIN_SHOWN]
        last = _plain(data[max(start, end - _MAX_CODED) : end])[-MIN_SHOWN:]
        return first in self._of_length(len(first)) or last in self._of_length(len(last))

    def _of_length(self, length: int) -> set[str]:
        if length not in self._pieces:
            self._plain = plain = self._plain or _plain(self._coded)
            self._pieces[length] = {plain[at : at + length] for at in range(len(plain) - length + 1)}
        return self._pieces[length]


def _plain(coded: bytes) -> str:
    return percent_decoded(coded.decode("utf-8", "replace"))


def _by_position(span: tuple[int, int, bytes, str]) -> tuple[int, int]:
    return span[0], -span[1]


def _without_escaped_space(data: bytes) -> bytes:
    if data.find(b"\\") < 0:  # as in escapes.py: `in` is slower
        return data
    data, spaces = _ESCAPED_SPACE.subn(b"  ", data)
    if not spaces:
        return data
    for _ in range(2**MAX_DEPTH):  # in strings of JSON within strings of JSON the backslash is itself escaped
        if b"\\  " not in data:
            break
        data = data.replace(b"\\  ", b"   ")
    return data
