"""Decides by line: what stands in the lines below a name, as YAML, HCL, CSV and tables of terminals write it.

`password:` above `default: x`, `name: password` above `value: x`, the head of a column above its cells. Each looks at a
few lines, or at the rows of a table once for each of a few columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking import STRONG
from aftercall.masking.add_value import add_value
from aftercall.masking.container import HARMLESS_KEYS
from aftercall.masking.names import strength_of
from aftercall.masking.structure import BRACES
from aftercall.masking.value import NEW_LINE, mask_value

if TYPE_CHECKING:
    from aftercall.masking.named import Named
    from aftercall.masking.spans import Findings

_END = re.compile(rb"""[\]"']?[ \t]*%b""" % NEW_LINE)
_LINE = re.compile(rb"([ \t]*)((?:[^\r\n\\]|\\(?!r?\\?n))*+)(?:%b)?" % NEW_LINE)
_BEFORE = re.compile(
    rb"""(?:\A|\n|\\n)([ \t]*(?:-[ ]+)?)[\["']*[\w.-]{0,40}?(?:name|key|id|type|field|param|variable)["'\]]*[ ]*"""
    rb"""(?::|=>)[ ]+["']?[\w:./-]*\Z""",
    re.IGNORECASE,
)
"""The line of a name that is a value itself."""

_PAIR = re.compile(rb"""[\["']*([\w.-]{1,60})["'\]]*[ \t]*(?:=>|[:=])[ \t]*(?=\S)""")
_DATA = re.compile(rb"^(?:data|stringData):[ ]*\r?\n", re.MULTILINE)
_OPENS = re.compile(rb"[ \t]+\{")
_VALUES = frozenset((b"default", b"example", b"const", b"value", b"values", b"plaintext", b"raw", b"current", b"hash"))
_ENDS = (b"value", b"content")
_MAX_LINES, _NEAR = 10, 160

_BEHIND_CELL = re.compile(rb"""\\*"?[ ]*(?:[|,;\t]|\Z|%b)""" % NEW_LINE)
_SEPARATORS = (b"|", b"\t", b";", b",")
_HEAD = re.compile(rb"[\w.-]{1,60}(?:[ ][\w.-]{1,20}){0,3}")
_RULED, _AROUND = b"-+|=: ", b' "\\'
_MAX_LINE, _MAX_COLUMNS = 2_048, 8
_TABLE, _COLUMNS, _MANIFEST = "table", "columns", "manifest"


def mask_block(findings: Findings, at: int, named: Named) -> None:
    """A name has a block of lines below it, of which the first one's text begins at `at`."""
    if strength_of(named.name) == STRONG:
        start = _line_start(findings.data, max(0, at - _NEAR), at)
        _mask_pairs(findings, start, at - start, named)


def mask_braces(findings: Findings, end: int, named: Named) -> bool:
    """`variable "password" {`: whether the name has such a block."""
    opens = _OPENS.match(findings.data, end)
    row = findings.structure.row_at(opens.end()) if opens is not None else -1
    if row < 0 or findings.structure.char(row) != BRACES:
        return False
    for member in findings.structure.members(row):
        if member.key in _VALUES:
            mask_value(findings, member.at, named)
    return True


def mask_sibling(findings: Findings, start: int, end: int, named: Named) -> bool:
    """Whether the name ends a line such as `- name: password`. Its partner is in one of the next."""
    following = _END.match(findings.data, end)
    before = _BEFORE.search(findings.data, max(0, start - _NEAR), start) if following is not None else None
    if following is None or before is None:
        return False
    return _mask_pairs(findings, following.end(), len(before.group(1)), named)


def _mask_pairs(findings: Findings, at: int, indent: int, named: Named) -> bool:
    """Whether values stand in the lines from `at` on that are indented so far at least. Mask them."""
    found = False
    for _ in range(_MAX_LINES):
        line = _LINE.match(findings.data, at)
        if line is None or line.end() == at or (line.group(2) and len(line.group(1)) < indent):
            break
        pair = _PAIR.match(findings.data, *line.span(2))
        if pair is not None and (pair.group(1).lower() in _VALUES or pair.group(1).lower().endswith(_ENDS)):
            mask_value(findings, pair.end(), named, whole_line=True)
            found = True
        at = line.end()
    return found


def mask_manifest(findings: Findings, at: int, named: Named) -> None:
    """Kubernetes' `kind: Secret`, in YAML: the values below `data:` and `stringData:`, which may stand before it."""
    data = findings.data
    _, done = findings.runs.get(_MANIFEST, (0, 0))  # several may be near the same fields: each is read once
    floor = max(0, data.rfind(b"\n---", 0, at), at - _MAX_LINE, done)
    for field in _DATA.finditer(data, floor, at + _MAX_LINE):
        end = field.end()
        line = _LINE.match(data, end)
        while line is not None and line.group(1) and line.end() > line.start():
            pair = _PAIR.match(data, *line.span(2))
            if pair is not None and pair.group(1).lower() not in HARMLESS_KEYS:
                mask_value(findings, pair.end(), named, whole_line=True)
            end = line.end()
            line = _LINE.match(data, end)
        findings.runs[_MANIFEST] = field.start(), end


def _line_start(data: bytes, floor: int, at: int) -> int:
    """Where the line of a byte begins, or `floor`; in strings a line may end in letters."""
    before = data[floor:at]
    coded = before.rfind(b"\\n")
    return floor + max(before.rfind(b"\n") + 1, coded + 2 if coded >= 0 else 0)


# Tables


def mask_cells(findings: Findings, start: int, end: int, named: Named) -> bool:
    """Whether the name is the head of a column, or the first of two cells. Mask what belongs to it."""
    data = findings.data
    if _BEHIND_CELL.match(data, end) is None:
        return False
    floor, limit = findings.structure.text_around(start, end)
    begin = _line_start(data, max(floor, start - _MAX_LINE), start)
    first, last = findings.runs.get(_TABLE, (-1, -1))
    if first < begin < last:  # a row: each is read as such alone
        return False
    line = _LINE.match(data, begin, min(limit, begin + _MAX_LINE))
    separator = next((sign for sign in _SEPARATORS if line and line.group(2).find(sign) >= 0), b"")
    head = _cells(line, separator) if line is not None and separator else []
    column = next((at for at, cell in enumerate(head) if cell[0] == start), -1)
    if line is None or column < 0:
        return False
    if sum(cell[0] < cell[1] for cell in head) == 2 and separator == b"|" and _is_row(data, floor, begin):
        return _mask_cell(findings, head, column + 1, named)
    if sum(cell[0] < cell[1] for cell in head) < 2 or not all(
        _HEAD.fullmatch(data, *cell) for cell in head if cell[0] < cell[1]
    ):
        return False
    _, columns = findings.runs.get(_COLUMNS, (-1, 0)) if first == begin else (-1, 0)
    findings.runs[_COLUMNS] = begin, columns + 1
    if columns < _MAX_COLUMNS:
        at = _mask_column(findings, line.end(), limit, (separator, len(head), column), named)
        findings.runs[_TABLE] = begin, at
    return True


def _is_row(data: bytes, floor: int, begin: int) -> bool:
    """Whether the line before is one of two cells, too: the head of names and values, or another pair."""
    before = data[max(floor, begin - _MAX_LINE) : begin].replace(b"\\n", b"\n").rstrip(b"\n").rpartition(b"\n")[2]
    return before.strip(b"| ").count(b"|") == 1 or (b"-+-" in before or b"RECORD" in before)


def _mask_column(findings: Findings, at: int, limit: int, place: tuple[bytes, int, int], named: Named) -> int:
    """Mask the cells of one column. Returns where the table ends."""
    separator, cells, column = place
    while at < limit:
        line = _LINE.match(findings.data, at, limit)
        if line is None or line.end() == at:
            break
        if line.group(2).strip(_RULED):
            row = _cells(line, separator)
            if len(row) != cells and not findings.truncated:
                break
            _mask_cell(findings, row, column, named)
        at = line.end()
    return at


def _mask_cell(findings: Findings, row: list[tuple[int, int]], column: int, named: Named) -> bool:
    if column < len(row):
        add_value(findings, *row[column], named, quoted=True)
    return True


def _cells(line: re.Match[bytes], separator: bytes) -> list[tuple[int, int]]:
    """Where the cells of a line begin and end, without blanks and quotes; within quotes a separator is none."""
    cells: list[tuple[int, int]] = []
    at, is_open = line.start(2), False
    for piece in line.group(2).split(separator):
        start = cells.pop()[0] if is_open else at
        at += len(piece) + 1
        is_open ^= piece.count(b'"') % 2 == 1
        text = line.string[start : at - 1]
        start += len(text) - len(text.lstrip(_AROUND))
        cells.append((start, max(start, at - 1 - len(text) + len(text.rstrip(_AROUND)))))
    return cells
