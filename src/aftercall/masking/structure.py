"""What stands in a text: its spans (scan.py) with the questions that deciders ask of them.

A *row* is a span's number. A container's *members* are its values, each with its key and where it begins.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from aftercall.masking.scan import CLOSED

if TYPE_CHECKING:
    from aftercall.masking.scan import Scan

QUOTES = frozenset(b"\"'`")
BRACES, BRACKETS, PARENTHESES, TAG = b"{[(<"

BLANK = rb"(?:\s|\\{1,64}[nrt])*+"
"""Blanks, also as strings of JSON write them."""

_KEY_FOLLOWS = re.compile(rb"(\\*[\"'`])" + BLANK + rb"(?:=>|->|[:=])" + BLANK)
_BARE_KEY = re.compile(rb"([\w.:-]{1,80})" + BLANK + rb"(?:=>|->|[:=])" + BLANK + rb"[bBuUrR]?\Z")
_ATTRIBUTE = re.compile(rb"""(?:\A|[\s"'])([\w:.-]{1,80})\s{0,20}=\s{0,20}(?=[^\s>])""")
_MAX_TAG, _MAX_OPEN_TAG = 16_384, 2_048
"""Attributes are looked for so far: a tag that was never closed goes on to the text's end, and so do those in it."""

_BEFORE_VALUE = tuple(b'": ' + bytes((byte,)) for byte in b'"{[0123456789-ntf')
_BETWEEN_ITEMS = b", \t\r\n"
_MAX_GAP = 160
"""So far before a value its bare key may begin."""


class Member:
    """A value in a container. `key`: in lower case, empty in a list. `at`: where it begins. `closing`: of its key."""

    __slots__ = ("at", "closing", "key")

    def __init__(self, key: bytes, at: int, closing: bytes) -> None:
        self.key = key
        self.at = at
        self.closing = closing


class Structure:
    """The spans of one text. Each container's members are found once."""

    __slots__ = ("_members", "_strings", "afters", "ends", "kinds", "parents", "starts", "text")

    def __init__(self, text: bytes, scanned: Scan) -> None:
        self.text = text
        self.kinds, self.starts, self.ends = scanned.kinds, scanned.starts, scanned.ends
        self.parents, self.afters = scanned.parents, scanned.afters
        self._members: dict[int, list[Member]] = {}
        self._strings: dict[int, int] = {}

    def row_at(self, start: int) -> int:
        """The row of the span whose inside begins here; -1 for none."""
        row = bisect_left(self.starts, start)
        return row if row < len(self.starts) and self.starts[row] == start else -1

    def around(self, at: int) -> int:
        """The row of the innermost span in which a byte stands; -1 for none."""
        row = bisect_right(self.starts, at) - 1
        while row >= 0 and self.ends[row] <= at:
            row = self.parents[row] - 1
        return row

    def char(self, row: int) -> int:
        return self.kinds[row] & 255

    def level(self, row: int) -> int:
        return self.kinds[row] >> 8 & 127

    def is_closed(self, row: int) -> bool:
        return bool(self.kinds[row] & CLOSED)

    def is_string(self, row: int) -> bool:
        return self.kinds[row] & 255 in QUOTES

    def string_at(self, row: int) -> int:
        """The row itself or the innermost around it that is a string; -1 for none."""
        known, passed = self._strings, []
        while row >= 0 and not self.is_string(row):
            if row in known:
                row = known[row]
                break
            passed.append(row)
            row = self.parents[row] - 1
        known.update(dict.fromkeys(passed, row))
        return row

    def string_end(self, at: int) -> int:
        """Where the string ends in which a byte stands; the text's end outside of strings."""
        row = self.string_at(self.around(at))
        return self.ends[row] if row >= 0 else len(self.text)

    def text_around(self, start: int, end: int) -> tuple[int, int]:
        """Where the text begins and ends in which these bytes stand; they may be a string of their own."""
        row = self.string_at(self.around(start))
        if row >= 0 and (self.starts[row], self.ends[row]) == (start, end):
            row = self.string_at(self.parents[row] - 1)
        return (self.starts[row], self.ends[row]) if row >= 0 else (0, len(self.text))

    def opening(self, row: int) -> int:
        """Where the opening quote or bracket begins, with its backslashes."""
        return self.starts[row] - 1 - self.level(row)

    def after(self, row: int) -> int:
        """Where the text goes on behind the closing quote or bracket."""
        if not self.is_closed(row):
            return self.ends[row]
        return self.ends[row] + 1 + (self.level(row) if self.is_string(row) else 0)

    def follows_key(self, row: int) -> re.Match[bytes] | None:
        """If the string is a key: what stands behind it, up to its value."""
        return _KEY_FOLLOWS.match(self.text, self.ends[row]) if self.is_string(row) else None

    def children(self, row: int) -> list[int]:
        """The rows directly within a span."""
        found = []
        child, end = row + 1, self.afters[row]
        while child < end:
            found.append(child)
            child = self.afters[child]
        return found

    def members(self, row: int) -> list[Member]:
        known = self._members.get(row)
        if known is None:
            known = self._members[row] = self._find_members(row)
        return known

    def _find_members(self, row: int) -> list[Member]:
        text = self.text
        if self.char(row) == TAG:
            longest = _MAX_TAG if self.is_closed(row) else _MAX_OPEN_TAG
            found = _ATTRIBUTE.finditer(text, self.starts[row], min(self.ends[row], self.starts[row] + longest))
            return [Member(attribute.group(1).lower(), attribute.end(), b"") for attribute in found]
        members: list[Member] = []
        is_list = self.char(row) == BRACKETS
        done = self.starts[row]
        child, last, afters = row + 1, self.afters[row], self.afters
        while child < last:
            start, level = self.starts[child], self.kinds[child] >> 8 & 127
            opening = start - 1 - level
            if opening < done:  # the value of the key before
                done = max(done, self.after(child))
                child = afters[child]
                continue
            follows = None if is_list else self._key_end(child)
            if follows is not None:
                done, closing = follows
                members.append(Member(text[start : self.ends[child]].lower(), done, closing))
                done += 1
            else:
                members.append(Member(self._bare_key(done, opening), opening, b""))
                done = self.after(child)
            child = afters[child]
        return members

    def _key_end(self, row: int) -> tuple[int, bytes] | None:
        """If the span is a key: where its value begins, and what closed its quotes."""
        end = self.ends[row]
        if self.text.startswith(_BEFORE_VALUE, end):  # as nearly all keys; the general way finds the same
            return end + 3, b'"'
        follows = self.follows_key(row)
        return (follows.end(), follows.group(1)) if follows is not None else None

    def _bare_key(self, start: int, opening: int) -> bytes:
        """A key without quotes before a value that begins at `opening`."""
        start = max(start, opening - _MAX_GAP)
        if not self.text[start:opening].strip(_BETWEEN_ITEMS):
            return b""
        bare = _BARE_KEY.search(self.text, start, opening)
        return bare.group(1).lower() if bare else b""

    def key_of(self, row: int) -> bytes:
        """The key under which a span stands in its container; empty if there is none."""
        around = self.parents[row] - 1
        opening = self.opening(row)
        if around < 0:
            return b""
        for member in self._near(around, opening):
            if member.at <= opening < member.at + 8 and not self.text[member.at : opening].strip(b" bBuUrR@\\nrt\n"):
                return member.key
        return b""

    def _near(self, row: int, at: int) -> list[Member]:
        members = self.members(row)
        index = bisect_left(members, at - 7, key=begin_of)
        return members[index : index + 2]

    def index_in(self, row: int) -> tuple[int, int]:
        """Which item of its list a span is, and of how many."""
        members = self.members(self.parents[row] - 1)
        return bisect_left(members, self.opening(row), key=begin_of), len(members)


def begin_of(member: Member) -> int:
    return member.at
