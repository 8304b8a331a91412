"""Decides by column: `INSERT INTO users (name, password) VALUES ('jo', 'x')`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.structure import PARENTHESES
from aftercall.masking.value import mask_value

if TYPE_CHECKING:
    from aftercall.masking.named import Named
    from aftercall.masking.spans import Findings

_SQL_VALUES = re.compile(rb"\)\s*(?:VALUES\s*|=)(?=\()", re.IGNORECASE)
_SQL_PARAMETERS = re.compile(
    rb"""[^()\[\]]{0,200}\]?\s*\[?(?:parameters|params|args|binds?|values)["']?\s*[:=]\s*(?=[\[(])""", re.IGNORECASE
)


def mask_column(findings: Findings, start: int, row: int, named: Named) -> bool:
    """Whether the name at `start`, in the span `row`, is a column. Mask the item at its place in each row of values."""
    structure = findings.structure
    if row >= 0 and structure.is_string(row):
        row = structure.parents[row] - 1
    if row < 0 or structure.char(row) != PARENTHESES:
        return False
    values = _SQL_VALUES.match(findings.data, structure.ends[row])
    if values is None:
        return False
    column = findings.data.count(b",", structure.starts[row], start)
    last = listed = structure.row_at(values.end() + 1)
    while listed >= 0 and structure.char(listed) == PARENTHESES:
        _mask_item(findings, listed, column, named)
        last = listed
        listed = _next_listed(findings, listed)
    given = _SQL_PARAMETERS.match(findings.data, structure.after(last)) if last >= 0 else None
    if given is not None and (row := structure.row_at(given.end() + 1)) >= 0:
        _mask_item(findings, row, column, named)
    return True


def _next_listed(findings: Findings, row: int) -> int:
    """The parentheses behind these, as in `VALUES (1, 'x'), (2, 'y')`; -1 for none."""
    structure = findings.structure
    after, following = structure.after(row), structure.afters[row]
    is_listed = findings.data[after : after + 16].lstrip(b" \t\r\n,")[:1] == b"("
    return following if is_listed and following < len(structure.starts) else -1


def _mask_item(findings: Findings, row: int, column: int, named: Named) -> None:
    structure = findings.structure
    at = structure.starts[row]
    children = [(structure.opening(child), structure.after(child)) for child in structure.children(row)]
    children.append((structure.ends[row], structure.ends[row]))
    for opening, after in children:
        gaps = findings.data[at:opening].count(b",")
        if column <= gaps:
            for _ in range(column):
                at = findings.data.find(b",", at) + 1
            at += len(findings.data[at:opening]) - len(findings.data[at:opening].lstrip())
            mask_value(findings, at, named)
            return
        column -= gaps
        at = after
