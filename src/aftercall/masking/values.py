"""Where the value behind a secret's name ends: quoted at any depth of escaping, in brackets, or bare.

A string of JSON inside a string of JSON has its quotes escaped: at depth d by 2**d - 1 backslashes. So a value that
opens with k backslashes and a quote is closed by a quote with k backslashes, or k more than a multiple of 2k + 2
(backslashes of its own before it). A quote with fewer belongs to the text around: there the value was cut short.
That rule needs no decoding, so a text cut at any byte is walked as a whole one is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.add_value import HARMLESS_VALUES, add_value
from aftercall.masking.containers import mask_container

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_OPENING = re.compile(
    rb"""(?:[bruN@]{1,2}|Some\(|string\(\d{1,9}\)[ ])?(?:(\\*)(["'`])|(&quot;|&\#34;|&\#39;|&apos;|&\#x22;|&\#x27;))"""
)
_BEFORE_FIRST = frozenset((b"/", b"&", b"!"))
_BACKSLASH, _SLASH = b"\\/"
_BARE = re.compile(
    rb"""(?:(?:bearer|basic|token|apikey|digest|ssws)[ ]+)?
    (?:[^\s"'`&;,<>(){}\[\]\\] | &(?:amp|lt|gt|quot|apos|\#\w{1,6}); | \\(?![nrt"'\\]))+""",
    re.VERBOSE | re.IGNORECASE,
)
_TO_END_OF_LINE = re.compile(rb"""(?:[^\r\n"\\]|\\(?![nr"\\]))+""")
_SHELL_QUOTES = (b"'\\''", b"'\"'\"'")
"""A single quote within a single-quoted shell string: the string is closed and opened again around it."""

_NEW_LINE = rb"(?:\r?\n|(?:\\+r)?\\+n)"
_BLOCK = re.compile(
    rb"(?:[|>]|&gt;)[+-]?\d?[+-]?[ ]*%(nl)s(([ \t]+)(?:[^\r\n\\]|\\(?!n|r))*(?:%(nl)s\2(?:[^\r\n\\]|\\(?!n|r))*)*)"
    % {b"nl": _NEW_LINE}
)
"""YAML's `|` and `>`: all lines that are indented like the first."""

_BEFORE_VALUE = re.compile(
    rb"(?:/\*[^*]{0,200}\*/\s*|//[^\r\n\\]{0,200}%(nl)s\s*|&[\w-]{1,40}[ ]+|!{1,2}[\w:/.-]{0,80}[ ]+){1,4}"
    % {b"nl": _NEW_LINE}
)
"""Comments in JSON, anchors and tags in YAML."""

_BARE_LIST = re.compile(
    rb"""\[([^\s"'\[\]{}\\,][^"'\[\]{}\\]*)(?:\]|\Z)|\{([^\s"'\[\]{}\\][^"'\[\]{}\\\r\n]*)(?:\}|\Z)"""
)
"""Go's `[x]`, ODBC's `{x}`, YAML's `[x, y]`: no quotes in it."""

_BARE_NUMBERS = b"0123456789.,+-eE \t\r\n"
_ITEMS = re.compile(rb"(-[ ]+[^\r\n\\]*(?:%(nl)s[ \t]*-[ ]+(?:[^\r\n\\]|\\(?!n|r))*)*)" % {b"nl": _NEW_LINE})
"""YAML's list: each line begins with a dash."""


def mask_value(findings: Findings, at: int, rule: str, quote: bytes, *, whole_line: bool = False) -> int:
    """Mask the value at `at`. Returns where it ends. `quote` closed the name, and is empty if nothing did."""
    data = findings.data
    if data[at : at + 1] in _BEFORE_FIRST and (skipped := _BEFORE_VALUE.match(data, at)) is not None:
        if data[at] == _SLASH:  # a comment, or a value that looks like one: a secret in it stands before `done` as well
            findings.add(at, at + len(skipped.group().rstrip()), rule)
        at = skipped.end()
    opening = _OPENING.match(data, at)
    if opening is not None:
        return _mask_string(findings, opening, rule)
    if data[at : at + 1] in {b"{", b"["}:
        bare_list = None if quote else _BARE_LIST.match(data, at)
        span = bare_list.span(bare_list.lastindex or 0) if bare_list else (at, at)
        if not data[slice(*span)].strip(_BARE_NUMBERS):
            return mask_container(findings, at, rule, len(quote) - 1 if quote[-1:] == b'"' else 0)
        findings.add(*span, rule)
        return span[1]
    lines = _BLOCK.match(data, at) if data[at : at + 1] in {b"|", b">", b"&"} else None
    lines = lines or (_ITEMS.match(data, at) if data[at : at + 2] == b"- " else None)
    if lines is not None:
        findings.add(*lines.span(1), rule)
        return lines.end()
    bare = _BARE.match(data, at)
    if bare is None:
        return at
    if (whole_line or rule.endswith("authorization")) and data[bare.end() : bare.end() + 1] not in {b"&", b"}", b"]"}:
        bare = _TO_END_OF_LINE.match(data, at) or bare
    if bare.group().lower() not in HARMLESS_VALUES:
        # A number in JSON: the mask must be JSON as well.
        around = quote if quote[-1:] == b'"' else b""
        add_value(findings, at, bare.end(), rule, around)
    return bare.end()


def _mask_string(findings: Findings, opening: re.Match[bytes], rule: str) -> int:
    data = findings.data
    start = opening.end()
    end = end_of_string(data, opening)
    if start == end and data.startswith(opening.group() * 2, start):  # three quotes, as in TOML
        start += 2 * len(opening.group())
        closed = data.find(opening.group() * 3, start)
        end = closed if closed >= 0 else len(data)
    add_value(findings, start, end, rule)
    return end


def end_of_string(data: bytes, opening: re.Match[bytes]) -> int:
    """Where the string's closing quote begins, or the end of the text."""
    if opening.group(3):
        end = data.find(opening.group(3), opening.end())
        while end >= 0 and _slashes_before(data, end, opening.end()) % 2:
            end = data.find(opening.group(3), end + 1)
        return end if end >= 0 else len(data)
    level, quote = len(opening.group(1)), opening.group(2)
    start = opening.end()
    at = data.find(quote, start)
    while at >= 0:
        slashes = _slashes_before(data, at, start)
        if level == 0 and data[at : at + 5].startswith(_SHELL_QUOTES):
            at = data.find(quote, at + (4 if data[at + 1] == _BACKSLASH else 5))
            continue
        if slashes < level or slashes % (2 * level + 2) == level:
            return at - min(slashes, level)
        at = data.find(quote, at + 1)
    return len(data)


def _slashes_before(data: bytes, at: int, floor: int) -> int:
    first = at
    while first > floor and data[first - 1] == _BACKSLASH:
        first -= 1
    return at - first
