"""Names of secrets that stand apart from their values, in the same object, list, tag or part of a form.

`{"Key": "name", "Value": "x"}`, `["name", "x"]`, `<add key="name" value="x"/>`, multipart.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from aftercall.masking.values import end_of_string, mask_value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from aftercall.masking.spans import Findings

_NEW_LINE = rb"(?:\r?\n|(?:\\+r)?\\+n)"
_PART_HEAD = re.compile(
    rb"""(?:\\*")?(?:[^\r\n\\]|\\+"){0,200}(?:%(nl)s(?:[^\r\n\\]|\\+"){1,200}){0,4}%(nl)s%(nl)s""" % {b"nl": _NEW_LINE}
)
_PART_END = re.compile(rb"\r?\n--|(?<!\\)(?:\\+r)?\\+n--")
NEXT_ITEM = re.compile(rb"""\s*,\s*(?=\\*["'\[])(?!\\*["'][^"'\\]{0,128}\\*["']\s*:)""")
"""The next item of a list; before a colon it is a key."""

_NEXT_ATTRIBUTE = re.compile(rb"""[^<>]{0,400}?\s(?:value|content|val|v)\s*=\s*(?=[^\s<>])""", re.IGNORECASE)
_PATCH = re.compile(rb"""["']op\b""")
_VALUE_KEYS = (b"value", b"Value", b"VALUE", b"content", b"data", b"secret", b"text", b"v", b"val", b"old", b"new")
_CHANGED = (b"old", b"new", b"value", b"Value")
_BEFORE_KEY = b"\"'_"
_KEY_END = re.compile(rb"""\\*["']\s*:\s*(?=\\*["'])""")
_VALUE_FOLLOWS = re.compile(rb"""(\\*["'])\s*:\s*""")
_ATTRIBUTES = (b"value", b"VALUE", b"content")
_ATTRIBUTE_BEGINS = re.compile(
    rb"""(?:<|&lt;)[^<>]{0,400}\s(?:value|content)\s{0,20}=\s{0,20}(\\{0,64}["'])""", re.IGNORECASE
)
_TEXT_FOLLOWS = re.compile(
    rb"""[^<>&]{0,200}(?<!/)(?:>|&gt;)\s*(?:(?:<|&lt;)(?:value|string)(?:>|&gt;))?((?:[^<&]|&(?!lt;))+)"""
)
_IS_KEY = re.compile(rb"""\s(?:key|name)\s*=\s*\\*["']?\Z""")
_ATTRIBUTE_END = re.compile(rb"""\s*=\s*(?=\\*["'])""")
_LOOK_BACK = 8_192
_LOOK_AROUND = 256
"""A quote in a string of JSON within five others has 63 backslashes before it."""

_MAX_TRIES = 8
_PAIR_NAME = re.compile(
    rb"""(?:name|key|id|header|(?<![a-z])[kn]|field|parameter|label|attribute|variable|property|type)\Z""",
    re.IGNORECASE,
)
_STRING = re.compile(rb"""(\\*)(["'`])(&quot;)?""")
_QUOTES = b"\"'`"
_BEFORE_VALUE = b":=\\"


def mask_partner(findings: Findings, start: int, after: int, rule: str) -> int:
    """The name is itself a quoted value: another value in the same object, list, tag or part is the secret.

    Returns up to where the text is done.
    """
    data = findings.view
    head = data[max(0, start - _LOOK_AROUND) : start].rstrip(b"\"'\\ \r\n\t")
    if head.endswith((b"[", b"(")) or (head.endswith(b",") and _is_header(data, start, after)):
        item = NEXT_ITEM.match(data, after)
        return mask_value(findings, item.end(), rule, b"") if item else after
    if head.endswith(b"="):
        near = findings.data[after : after + 240]
        part = _PART_HEAD.match(findings.data, after) if b"\n" in near or b"\\n" in near else None
        if part is not None:
            _mask_part_content(findings, part.end(), rule)
        else:
            _mask_attribute(findings, start, after, rule)
        return after
    key = head[:-1].rstrip(b" \\\"'")[-12:]
    if not head.endswith(b":") or not (_PAIR_NAME.search(key) or (key.endswith(b"path") and _PATCH.search(head))):
        return after
    following = _next_value(data, after)
    if following is None:
        _mask_before(findings, start, rule, is_attribute=False)
        return after
    end = _mask_ahead(findings, following.end(), rule, following.group(1))
    # `{"field": "password", "old": "x", "new": "y"}`
    also = _next_value(data, end, _CHANGED) if key.endswith(b"field") else None
    if also is not None:
        _mask_ahead(findings, also.end(), rule, also.group(1))
    return after


def _mask_ahead(findings: Findings, at: int, rule: str, quote: bytes) -> int:
    """Mask a pair's value, once for all names that lead to it. Returns its end."""
    end = findings.partners.end_of(at)
    return end if end >= 0 else findings.partners.add(at, mask_value(findings, at, rule, quote))


def _is_header(data: bytes, start: int, after: int) -> bool:
    """Node's `rawHeaders` are names and values in turn. In other lists no name has a dash."""
    name = data[start:after].rstrip(b"\"'\\").lower()
    return b"-" in name or name in {b"authorization", b"cookie"}


def _next_value(data: bytes, start: int, keys: Collection[bytes] = _VALUE_KEYS) -> re.Match[bytes] | None:
    """The end of the first of these keys behind `start`, unless its object ends before."""
    end = min(len(data), start + _LOOK_BACK)
    closed = data.find(b"}", start, end)
    if closed >= 0 and data.find(b"{", start, closed) < 0:
        end = closed
    found: re.Match[bytes] | None = None
    for key in keys:
        at = data.find(key, start, end)
        for _ in range(_MAX_TRIES):
            if at < 0:
                break
            match = _VALUE_FOLLOWS.match(data, at + len(key))
            if match is not None and (data[at - 1] in _BEFORE_KEY or key == b"Value"):
                found, end = match, at
                break
            at = data.find(key, at + 1, end)
    between = data[start : found.start()] if found else b""
    return found if between.count(b"}") <= between.count(b"{") else None


def _mask_attribute(findings: Findings, start: int, after: int, rule: str) -> None:
    near = findings.view[after : after + 440].lower()
    following = _NEXT_ATTRIBUTE.match(findings.view, after) if b"v" in near or b"content" in near else None
    if following is not None:
        _mask_ahead(findings, following.end(), rule, b"")
        return
    is_key = _IS_KEY.search(findings.view, max(0, start - 40), start)  # `<entry key="name">x</entry>`
    text = _TEXT_FOLLOWS.match(findings.view, after) if is_key else None
    if text is not None:
        findings.add(*text.span(1), rule)
        findings.partners.add(*text.span(1))
        return
    _mask_before(findings, start, rule, is_attribute=True)


def _mask_before(findings: Findings, start: int, rule: str, *, is_attribute: bool) -> None:
    """`{"value": "x", "name": "password"}`: the last value before the name, unless another object began since."""
    data = findings.data
    value = _last_value(data, start, b"<", _ATTRIBUTE_END) if is_attribute else _last_value(data, start, b"{")
    if value is not None and (b"<" if is_attribute else b"{") not in data[value[1] : start]:
        findings.add(*value, rule)


def _last_value(
    data: bytes,
    end: int,
    border: bytes,
    after: re.Pattern[bytes] = _KEY_END,
    there: Callable[[], Collection[bytes]] | None = None,
) -> tuple[int, int] | None:
    """Where the string of the last of these keys before `end` stands. Searched backwards, in C.

    `border`: nearly always the key stands behind the last of these, unless one stands in the string.
    `there`: which of the keys stand in the text at all, asked for where all of it would have to be searched.
    """
    keys = _ATTRIBUTES if after is _ATTRIBUTE_END else _VALUE_KEYS
    floor = max(0, end - _LOOK_BACK)
    near = data.rfind(border, floor, end)
    last = _last_of_keys(data, near, end, keys, after) if near > floor else None
    if last is None and not (near > floor and _is_in_no_string(data, floor, near)):
        last = _last_of_keys(data, floor, end, there() if there else keys, after)
    string = _STRING.match(data, last.end()) if last else None
    return (string.end(), end_of_string(data, string)) if string else None


def _is_in_no_string(data: bytes, floor: int, bracket: int) -> bool:
    """Whether the bracket is surely in no key's value: no quote before it opened one."""
    for quote in _QUOTES:
        at = data.rfind(quote, floor, bracket)
        if at >= 0:
            before = data[max(0, at - 8) : at].rstrip()
            if not before or before[-1] in _BEFORE_VALUE:
                return False
    return True


def _last_of_keys(
    data: bytes, floor: int, end: int, keys: Collection[bytes], after: re.Pattern[bytes]
) -> re.Match[bytes] | None:
    found = [match for key in keys if (match := _last_key(data, floor, end, key, after))]
    return max(found, key=_end) if found else None


def _last_key(data: bytes, floor: int, end: int, key: bytes, after: re.Pattern[bytes]) -> re.Match[bytes] | None:
    at = data.rfind(key, floor, end)
    for _ in range(_MAX_TRIES):
        if at < 0:
            return None
        found = after.match(data, at + len(key))
        if found is not None:
            return found
        at = data.rfind(key, floor, at)
    return None


def _end(match: re.Match[bytes]) -> int:
    return match.end()


def mask_part(findings: Findings, start: int, end: int, rule: str) -> int:
    """`name=password` without quotes, in a part of a form or in a tag."""
    part = _PART_HEAD.match(findings.data, end)
    if part is not None:
        _mask_part_content(findings, part.end(), rule)
    else:
        _mask_attribute(findings, start, end, rule)
    return end


def _mask_part_content(findings: Findings, start: int, rule: str) -> None:
    if findings.partners.end_of(start) >= 0:
        return
    closed = _PART_END.search(findings.data, start)
    end = closed.start() if closed else len(findings.data)
    findings.add(start, end, rule)
    findings.partners.add(start, end)


def find_cut_pair(findings: Findings) -> None:
    """`{"value": "x", "na`: cut before its name, so it counts as a secret."""
    data = findings.data
    value = _last_value(data, len(data), b"}", there=partial(findings.words.ends, _VALUE_KEYS))
    if value is not None and b"}" not in data[value[1] :]:
        findings.add(*value, "cut")
    for tag in (data.rfind(b"<"), data.rfind(b"&lt;")):
        begins = _ATTRIBUTE_BEGINS.match(data, tag) if tag >= 0 else None
        if begins is None:
            continue
        # One expression for the quote and for the end of the tag would take quadratic time.
        ends = data.find(begins[1], begins.end())
        ends = len(data) if ends < 0 else ends
        if data.find(b"<", begins.end()) < 0 and data.find(b">", ends) < 0:
            findings.add(begins.end(), ends, "cut")
