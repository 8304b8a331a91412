"""Decides by alias: where a statement has a sign for the secret, and the value comes apart from it.

DynamoDB's `SET #p = :v` with its names and values; the `?` of SQL with its parameters in a list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.named import Named
from aftercall.masking.structure import BRACES, BRACKETS
from aftercall.masking.value import mask_value

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_FOLLOWS = re.compile(rb"""(\\*["'])?\s*(?:=(?!=)|:(?=\s*[\\"'{\[]))\s*""")
_LISTS = frozenset((b"parameters", b"params", b"values", b"args", b"binds", b"bindings"))
_LIST_BEHIND = re.compile(rb"(?:parameters|params|values|args|binds|bindings)\W{1,6}\[", re.IGNORECASE)
_NEAR = 2_048
_MAX_ALIASES = 16


def find_aliases(findings: Findings) -> None:
    """Mask what the aliases stand for. One alias may lead to another, so they are taken in turn."""
    done = 0
    while done < min(len(findings.aliases), _MAX_ALIASES):
        alias, (at, named) = list(findings.aliases.items())[done]
        done += 1
        if alias == b"?":
            _mask_parameter(findings, at, named)
        elif alias[:1] == b"$" and alias[1:].isdigit():
            _mask_behind(findings, at, int(alias[1:]) - 1, named)
        elif alias[:1] in {b":", b"#", b"@"}:
            _mask_each(findings, alias, named)


def _mask_each(findings: Findings, alias: bytes, named: Named) -> None:
    data = findings.data
    at = data.find(alias)
    while at >= 0:
        end = at + len(alias)
        follows = _FOLLOWS.match(data, end)
        if follows is not None:
            mask_value(findings, follows.end(), Named(named.name, named.rule, follows.group(1) or b""))
        at = data.find(alias, end)


def _mask_behind(findings: Findings, at: int, index: int, named: Named) -> None:
    """`... WHERE api_key = $1 -- PARAMETERS: ["x"]`, as TypeORM and others log what they asked."""
    listed = _LIST_BEHIND.search(findings.data, at, at + _NEAR)
    row = findings.structure.row_at(listed.end()) if listed else -1
    if row >= 0 and 0 <= index < len(members := findings.structure.members(row)):
        mask_value(findings, members[index].at, named)


def _mask_parameter(findings: Findings, at: int, named: Named) -> None:
    """`{"Statement": "... WHERE password = ?", "Parameters": ["x"]}`: as many signs stand before it as items."""
    structure = findings.structure
    row = structure.around(at)
    if row < 0 or not structure.is_string(row):
        return
    index = findings.data.count(b"?", structure.starts[row], at)
    around = structure.parents[row] - 1
    if around < 0 or structure.char(around) != BRACES:
        return
    for member in structure.members(around):
        listed = structure.row_at(member.at + 1) if member.key in _LISTS else -1
        if listed >= 0 and structure.char(listed) == BRACKETS and index < len(structure.members(listed)):
            mask_value(findings, structure.members(listed)[index].at, named)
