"""Decides by element of XML and HTML: `<name>x</name>`, `<Key>name</Key><Value>x</Value>`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.add_value import add_value
from aftercall.masking.container import HARMLESS_KEYS, item_of, open_values

if TYPE_CHECKING:
    from aftercall.masking.named import Named
    from aftercall.masking.spans import Findings

_ELEMENT_OPEN = re.compile(rb"""(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*+>""")
_TEXT = re.compile(rb"(?:<([\w.:-]{1,80})[^<>]*>|</[^<>]*>|\A|(?<=>))([^<>]+)")
_CDATA = re.compile(rb"\s*<!\[CDATA\[")
_NEXT_ELEMENT = re.compile(
    rb"""</[^<>]{1,80}>\s*<(?:\w{1,20}:)?(?:value|val|content|string|data)\b[^<>]{0,200}>""", re.IGNORECASE
)
_NEXT_CELL = re.compile(
    rb"""\s*:?\s*</(?:th|td|dt|label|b|strong|span|div|p)>\s*:?\s*(?:</?(?:td|th|dt)>\s*)?<(?:td|dd|code|pre|kbd|span|div|p)\b[^<>]{0,200}>\s*
    (?:<(?:code|b|strong|span|kbd|pre|tt)\b[^<>]{0,200}>)?\s*([^<>\s]{1,4096})\s*(?:</|<?\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
"""A cell or a term of HTML, and the one behind it, with one word in it: more of them describe."""

_MAX_CHILDREN = 8
_LOOK_BACK = 8_192


def mask_element(findings: Findings, start: int, end: int, named: Named) -> bool:
    """`<name ...>x</name>`, also with a prefix."""
    data = findings.data
    if data[start - 1 : start] not in {b"<", b":"} or not _is_element(data, start):
        return False
    opened = _ELEMENT_OPEN.match(data, end)
    if opened is None or data[opened.end() - 2 : opened.end() - 1] == b"/":
        return False
    content = opened.end()
    cdata = _CDATA.match(data, content)
    if cdata is not None:
        content = cdata.end()
        closed = findings.next(b"]]>", content)
    else:
        closed = _closing_tag(findings, content, data[start:end])
    if data.find(b"<", content, closed) >= 0 and cdata is None:
        _mask_children(findings, content, closed, named)
    elif data[content:closed].strip():
        add_value(findings, content, closed, named, quoted=True)
    return True


def _mask_children(findings: Findings, start: int, end: int, named: Named) -> None:
    """Each text among the tags; within a child it is as with a key in an object."""
    if not findings.takes(named.rule, start, end):
        return
    only = open_values(named) if named.rule.startswith("name:") else None
    for text in _TEXT.finditer(findings.data, start, end):
        if text.group(2).strip():
            child = (text.group(1) or b"").rpartition(b":")[2].lower()
            if child in HARMLESS_KEYS or (only is not None and child and child not in only):
                continue
            add_value(findings, *text.span(2), item_of(named, child), quoted=True)


def mask_next_element(findings: Findings, end: int, named: Named) -> bool:
    """`<Key>name</Key><Value>x</Value>`."""
    if findings.data[end : end + 3].removeprefix(b":")[:2] != b"</":
        return False
    following = _NEXT_ELEMENT.match(findings.data, end)
    if following is not None:
        add_value(findings, following.end(), findings.next(b"</", following.end()), named, quoted=True)
        return True
    cell = _NEXT_CELL.match(findings.data, end)
    if cell is not None and (_is_no_word(cell.group(1)) or (findings.truncated and cell.end() == len(findings.data))):
        add_value(findings, *cell.span(1), named, quoted=True)
    return cell is not None


def _is_no_word(cell: bytes) -> bool:
    return not cell.replace(b"-", b"").replace(b"_", b"").isalpha()


def _is_element(data: bytes, start: int) -> bool:
    head = data[max(0, start - 40) : start]
    prefix = head.rpartition(b"<")[2]
    return head[-1:] == b"<" or (b"<" in head and prefix[-1:] == b":" and prefix[:-1].replace(b"-", b"").isalnum())


def _closing_tag(findings: Findings, content: int, name: bytes) -> int:
    """Where the end tag is, behind a few children; without one, where the next tag begins."""
    data = findings.data
    first = findings.next(b"</", content)
    at = first if first < len(data) else -1
    for _ in range(_MAX_CHILDREN):
        if at < 0:
            break
        if data[at + 2 : at + 82].partition(b">")[0].rpartition(b":")[2].strip() == name:
            return at
        at = data.find(b"</", at + 2, at + _LOOK_BACK)
    return first if first < len(data) else findings.next(b"<", content)
