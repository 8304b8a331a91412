"""Objects and arrays under a secret's name: every value in them is masked, the keys stay.

JSON at any depth of escaping (values.py), and what only looks like JSON: quotes and closing brackets may be missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.add_value import HARMLESS_VALUES, add_value

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_STRUCTURE = re.compile(rb"""(?<!\\)(\\*)["']|[{}\[\]]|(?<![^\s"'{}\[\],:=])-?\d[\d.eE+-]*(?![^\s"'{}\[\],:=\\])""")
_BETWEEN = b" \t\r\n,:"
_BARE_ITEM = re.compile(rb"""(?:([\w.-]{0,80})[ \t]{0,8}(?:=>|[:=])\s{0,40})?([^\s,;:=][^,;\r\n]*)""")
"""A value of JavaScript, YAML or a configuration file: without quotes, perhaps behind a key."""

_BARE_KEY = re.compile(rb"[\w.-]{1,80}[ \t]{0,8}(?:=>|[:=])\s*")
_KEY_FOLLOWS = re.compile(rb"\s*:")
# Beside a secret in an object: `{"AccessKeyId": ..., "Expiration": ...}`.
_HARMLESS_KEYS = frozenset(
    (b"expiration", b"expires", b"expiresin", b"expires_in", b"expiresat", b"expires_at", b"type", b"version", b"ttl",
     b"algorithm", b"alg", b"created", b"createdat", b"created_at", b"datatype", b"region", b"provider", b"method")
)  # fmt: skip

_BEGINS_NUMBER = frozenset(bytes((byte,)) for byte in b"-0123456789")
_OPENING, _CLOSING = frozenset((b"{", b"[")), frozenset((b"}", b"]"))
_ARRAY = ord("[")


def mask_container(findings: Findings, at: int, rule: str, level: int) -> int:
    """Mask every value in the container at `at`. Returns where it ends. `level`: backslashes before its quotes."""
    end = _mask_flat(findings, at, rule) if level == 0 else -1
    return end if end >= 0 else _Container(findings, at, rule, level).mask()


def _mask_flat(findings: Findings, at: int, rule: str) -> int:
    """A fast way for containers of plain strings, which most are; -1 for others.

    A bracket that stands in a string leaves an odd number of quotes before it.
    """
    data = findings.data
    end = data.find(b"]" if data[at] == _ARRAY else b"}", at)
    parts = data[at + 1 : end].split(b'"') if end >= 0 else []
    if len(parts) % 2 == 0 or b"".join(parts[::2]).strip(b" \r\n\t,:") or data.find(b"\\", at, end) >= 0:
        return -1
    key = b""
    start = at + 1
    for index in range(1, len(parts), 2):
        start += len(parts[index - 1]) + 1
        if parts[index + 1].lstrip()[:1] == b":":
            key = parts[index].lower()
        else:
            _mask_item(findings, start, start + len(parts[index]), rule, key)
        start += len(parts[index]) + 1
    return end + 1


class _Container:
    """A container that is walked token by token."""

    __slots__ = ("_at", "_findings", "_key", "_level", "_quote", "_rule")

    def __init__(self, findings: Findings, at: int, rule: str, level: int) -> None:
        first = findings.data[at + 1 : at + 12].lstrip(b" \r\n\t\\rn")
        self._findings = findings
        self._at = at
        self._rule = rule
        self._level = level
        self._quote = b"'" if first[:1] == b"'" else b'"'
        self._key = b""

    def mask(self) -> int:
        depth = 0
        string = -1
        bare = self._at
        for token in _STRUCTURE.finditer(self._findings.data, self._at):
            word = token.group()
            if string < 0:
                self._mask_bare(bare, token.start(), key_at_end=word not in _CLOSING)
            if word[-1:] == self._quote:
                slashes = len(token.group(1))
                if slashes < self._level:  # the text around ends here
                    self._mask_item(string, token.start())
                    return token.start()
                if slashes % (2 * self._level + 2) == self._level:
                    string = token.end() if string < 0 else self._end_string(string, token)
            elif string < 0:
                depth += (word in _OPENING) - (word in _CLOSING)
                if depth == 0:
                    return token.end()
                self._mask_number(token)
            bare = token.end()
        end = len(self._findings.data)
        if string < 0:
            self._mask_bare(bare, end, key_at_end=False)
        self._mask_item(string, end)
        return end

    def _end_string(self, start: int, closing: re.Match[bytes]) -> int:
        """A string has ended: it is a key or a value. Returns -1: there is no open string now."""
        if _KEY_FOLLOWS.match(self._findings.data, closing.end()):
            self._key = self._findings.data[start : closing.start()].lower()
        else:
            self._mask_item(start, closing.end() - 1 - len(closing.group(1)))
        return -1

    def _mask_item(self, start: int, end: int) -> None:
        _mask_item(self._findings, start, end, self._rule, self._key)

    def _mask_number(self, token: re.Match[bytes]) -> None:
        if token.group()[:1] in _BEGINS_NUMBER and self._key not in _HARMLESS_KEYS:
            quote = b"\\" * self._level + b'"'
            self._findings.add(token.start(), token.end(), self._rule, quote + b"<masked>" + quote)

    def _mask_bare(self, start: int, end: int, *, key_at_end: bool) -> None:
        """What stands between strings, numbers and brackets: `user: bob`, `null`, or nothing."""
        view = self._findings.view
        if not view[start:end].strip(_BETWEEN):
            return
        for item in _BARE_ITEM.finditer(view, start, end):
            key, value = (item.group(1) or b"").lower(), item.group(2).rstrip()
            is_key = key_at_end and item.end() == end and _BARE_KEY.fullmatch(view, item.start(2), end) is not None
            if is_key:
                self._key = value.rstrip(b" \t:=>").lower()
            elif value.lower() not in HARMLESS_VALUES and key not in _HARMLESS_KEYS:
                self._findings.add(item.start(2), item.start(2) + len(value), self._rule)


def _mask_item(findings: Findings, start: int, end: int, rule: str, key: bytes) -> None:
    if start >= 0 and key not in _HARMLESS_KEYS:
        # `"cookies": [{"name": "sid", "value": "x=="}]`: not a Cookie header, though `=` is in it.
        add_value(findings, start, max(start, end), f"{rule}:item" if key and "cookie" in rule else rule)
