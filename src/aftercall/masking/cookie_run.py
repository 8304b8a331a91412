"""The cookies of a stretch of text, each judged once.

Names of cookies may stand in that stretch, in another cookie's value: what is behind them is not read again.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

from aftercall.masking.cookie_names import is_secret_cookie
from aftercall.masking.plain_value import MAX_CHARS

if TYPE_CHECKING:
    from collections.abc import Iterator

_COOKIE = re.compile(rb"""(?<![^\s=;,"'\\<>])([^\s=;,"'\\<>]+)=(?:\\*")?(<masked>|[^;"'\\<>]+)""")

_FIELD = re.compile(rb"[A-Za-z_]{1,24}=")


class CookieRun:
    """Those from `start` to `end`."""

    __slots__ = ("_data", "_ends", "_is_secret", "_starts", "_values", "end", "start")

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data = data
        self.start = start
        self.end = end
        self._starts, self._values, self._ends = array("I"), array("I"), array("I")
        self._is_secret = bytearray()
        for cookie in _COOKIE.finditer(data, start, end):
            value, at = cookie.group(2), cookie.start(2)
            fields = value.split(b"&") if value.find(b"&") >= 0 else []
            if fields and all(map(_FIELD.match, fields)):  # `user=jo&sig=x`, as ASP and others keep several in one
                self._add(cookie.start(), b"", b"", at)
                for field in fields:
                    name, _, own = field.partition(b"=")
                    self._add(at, name, own, at + len(field))
                    at += len(field) + 1
            else:
                self._add(cookie.start(), cookie.group(1), value, cookie.end())

    def _add(self, start: int, name: bytes, value: bytes, end: int) -> None:
        self._starts.append(start)
        self._values.append(end - len(value))
        self._ends.append(end)
        is_secret = len(value) > MAX_CHARS or is_secret_cookie(name.decode("latin-1"), value.decode("latin-1"))
        self._is_secret.append(is_secret)

    def secrets(self) -> Iterator[tuple[int, int]]:
        """The values that are secrets; all of it where no cookie has a name."""
        if not self._starts:
            yield self.start, self.end
        for start, end, is_secret in zip(self._values, self._ends, self._is_secret, strict=True):
            if is_secret:
                yield start, end

    def holds(self, start: int, end: int) -> bool:
        return self.start <= start and end <= self.end

    def more_secrets(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What is secret besides if cookies begin at `start`, somewhere in the stretch."""
        row = bisect_right(self._starts, start) - 1
        if row >= 0 and start < self._ends[row]:
            if start < self._values[row] or self._is_secret[row]:
                return  # in a name, or in a value that is secret
            within = CookieRun(self._data, start, min(end, self._ends[row]))  # harmless, and so it is short
            if within._starts:
                yield from within.secrets()
                return
        if row + 1 == len(self._starts) or self._starts[row + 1] >= end:
            yield start, end
