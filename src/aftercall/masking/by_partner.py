"""Decides by partner: the secret's name is itself a value, and another one of its object, list or tag is the secret.

`{"Key": "name", "Value": "x"}`, `["name", "x"]`, `<add key="name" value="x"/>`, `{"loc": ["name"], "input": "x"}`,
multipart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from aftercall.masking.add_value import add_value
from aftercall.masking.named import Named
from aftercall.masking.structure import BRACES, BRACKETS, PARENTHESES, TAG, begin_of
from aftercall.masking.value import NEW_LINE, mask_value

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings
    from aftercall.masking.structure import Member

_PART_HEAD = re.compile(
    rb"""(?:\\*")?(?:[^\r\n\\]|\\+"){0,200}(?:%(nl)s(?:[^\r\n\\]|\\+"){1,200}){0,4}%(nl)s%(nl)s""" % {b"nl": NEW_LINE}
)
_INNER = re.compile(rb"\s*<(?:(?:value|string)>|!\[CDATA\[)", re.IGNORECASE)
_NAMES = (
    b"name", b"key", b"id", b"header", b"field", b"parameter", b"label", b"attribute", b"variable", b"property",
    b"type", b"column", b"param", b"path", b"instancepath", b"datapath", b"pointer", b"loc", b"fields", b"member",
    b"setting",
)  # fmt: skip
"""Ends of keys whose value may be a secret's name."""

_WHOLE_NAMES = frozenset((b"k", b"n"))
_VALUES = (
    b"value", b"content", b"data", b"secret", b"text", b"val", b"old", b"new", b"input", b"received", b"actual",
    b"default", b"plaintext", b"contents",
)  # fmt: skip
"""Ends of keys whose value the partner may be."""

_WHOLE_VALUES = frozenset((b"v", b"result", b"valuestring", b"value_string"))
_DEEP_VALUES = frozenset((b"value", b"result", b"secret_string", b"content", b"plaintext", b"string_value"))
_MAX_CLIMB, _MAX_DESCENT = 2, 8
_NO_ELEMENT = frozenset(b"!?")
"""Behind its bracket: of a comment, a declaration."""

_MAX_SLASHES = 80
_MAX_NAMES, _STRONG = 8, "password"
"""Of more names in one object, the last is taken for the strongest, and there is nothing left to mask."""


def mask_partner(findings: Findings, start: int, end: int, row: int, named: Named) -> bool:  # noqa: PLR0911
    """Whether the name at `start`, in the span `row`, is a value that has a partner."""
    structure, data = findings.structure, findings.data
    is_string = row >= 0 and structure.is_string(row)
    around = structure.parents[row] - 1 if is_string else row
    outer = structure.opening(row) if is_string else start
    if around >= 0 and structure.char(around) == TAG and data[structure.starts[around]] not in _NO_ELEMENT:
        found = _in_tag(findings, around, outer, named)
        if structure.is_closed(around):
            return found
    if data[start - 5 : start] == b"name=" and _part(findings, end, named):
        return True
    if is_string and data[outer - 5 : outer] == b"name=" and _part(findings, structure.after(row), named):
        return True
    if not is_string and row >= 0 and structure.char(row) == BRACKETS and _in_brackets(findings, row, named):
        return True
    if not is_string or around < 0:
        return False
    if structure.ends[row] - structure.starts[row] > end - start + 256 or data[end : structure.ends[row]].strip(b" ])"):
        return False
    if structure.char(around) in (BRACKETS, PARENTHESES) and _in_list(findings, around, row, named):
        return True
    return _in_object(findings, row, named)


def _in_list(findings: Findings, around: int, row: int, named: Named) -> bool:
    """`["name", "x"]`; headers as names and values in turn."""
    structure = findings.structure
    index, size = structure.index_in(row)
    is_pair = size == 2 and not structure.key_of(around)
    if index + 1 >= size or index % 2 or not (is_pair or _is_header(named.name)):
        return False
    mask_value(findings, structure.members(around)[index + 1].at, named)
    return True


def _is_header(name: str) -> bool:
    """In other lists no name has a dash."""
    return "-" in name or name.lower() in {"authorization", "cookie"}


def _in_object(findings: Findings, row: int, named: Named) -> bool:
    """The name, or the list or the DynamoDB value in which it stands, is a value of an object."""
    structure = findings.structure
    for _ in range(_MAX_CLIMB + 1):
        around = structure.parents[row] - 1
        if around < 0:
            return False
        if structure.char(around) in (BRACES, PARENTHESES):
            key = structure.key_of(row)
            if key[:1] == b"#":  # DynamoDB's ExpressionAttributeNames
                findings.aliases.setdefault(key, (structure.opening(row), named))
                return True
            if _is_name(key):
                return _mask_partners(findings, around, named)
            if len(structure.members(around)) != 1:
                return False
        row = around
    return False


def _mask_partners(findings: Findings, around: int, named: Named) -> bool:
    """Mask all partners in an object, once for each name."""
    names = findings.partnered.setdefault(around, set())
    if named.name in names or len(names) > _MAX_NAMES:
        return True
    names.add(named.name)
    partners = [member for member in findings.structure.members(around) if _is_value(member.key)]
    partners = partners or _deep_values(findings, around, _MAX_DESCENT)
    name = _STRONG if len(names) > _MAX_NAMES else named.name
    for member in partners:
        mask_value(findings, member.at, Named(name, named.rule, member.closing))
    return bool(partners)


def _deep_values(findings: Findings, row: int, depth: int) -> list[Member]:
    """Terraform's states: `{"type": "random_password", "instances": [{"attributes": {"result": "x"}}]}`."""
    structure = findings.structure
    found: list[Member] = []
    for child in structure.children(row):
        if not structure.is_string(child) and depth:
            found += [member for member in structure.members(child) if member.key in _DEEP_VALUES]
            found += _deep_values(findings, child, depth - 1)
    return found


def _is_name(key: bytes) -> bool:
    return key.endswith(_NAMES) or key in _WHOLE_NAMES


def _is_value(key: bytes) -> bool:
    return (key.endswith(_VALUES) or key in _WHOLE_VALUES) and not _is_name(key)


# Tags and parts


def _in_tag(findings: Findings, row: int, at: int, named: Named) -> bool:
    """`<add key="name" value="x"/>`; `<entry key="name">x</entry>`."""
    structure, data = findings.structure, findings.data
    members = structure.members(row)
    index = bisect_right(members, at, key=begin_of) - 1
    if index < 0 or at > members[index].at + _MAX_SLASHES or not members[index].key.endswith(_NAMES):
        return False
    names = findings.partnered.setdefault(row, set())
    if named.name in names or len(names) > _MAX_NAMES:
        return True
    names.add(named.name)
    partners = [
        member.at for member in members if member.key.endswith((b"value", b"content")) or member.key in {b"v", b"val"}
    ]
    for partner in partners:
        mask_value(findings, partner, named)
    if not partners and structure.is_closed(row) and data[structure.ends[row] - 1 : structure.ends[row]] != b"/":
        _mask_text(findings, structure.after(row), named)
    return True


def _mask_text(findings: Findings, at: int, named: Named) -> None:
    inner = _INNER.match(findings.data, at)
    at = inner.end() if inner else at
    end = findings.next(b"]]>" if inner is not None and inner.group().endswith(b"[") else b"<", at)
    if findings.data[at:end].strip() and (end < len(findings.data) or findings.truncated):
        findings.add(at, end, named.rule)


def _in_brackets(findings: Findings, row: int, named: Named) -> bool:
    """Whether it is the last word of a part's name: `name="user[name]"`."""
    structure = findings.structure
    string = structure.parents[row] - 1
    if string < 0 or not structure.is_string(string):
        return False
    opening = structure.opening(string)
    return findings.data[opening - 5 : opening] == b"name=" and _part(findings, structure.after(string), named)


def _part(findings: Findings, at: int, named: Named) -> bool:
    """A part of a form: its text begins behind its head."""
    head = _PART_HEAD.match(findings.data, at)
    if head is None:
        return False
    end = min(findings.next(b"\n--", head.end()), findings.next(b"\\n--", head.end()))
    text = findings.data[head.end() : end].rstrip(b"\r\\")
    add_value(findings, head.end(), head.end() + len(text.removesuffix(b"\\r").rstrip(b"\\")), named, quoted=True)
    return True
