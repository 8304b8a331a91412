"""Where a string ends: at its quote, or where it was cut or closed by another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_AGAIN = re.compile(rb"""(?<=[^"'])(["'])\1|'(?:\\+''|\\*"'\\*"')""")
"""A quote within a string of SQL, YAML, CSV or a shell: the string is closed and opened again."""

_GOES_ON = re.compile(rb"\w")
_SOON = 4_096
"""Bytes in which the quote of a string of several lines comes."""


def end_of_string(findings: Findings, opening: re.Match[bytes]) -> int:
    """Where the closing quote begins, or what else ends the string."""
    structure, data = findings.structure, findings.data
    start, quote = opening.end(), opening.group(2)
    row = structure.row_at(start)
    if row < 0 or not structure.is_string(row):  # more brackets around it than are counted
        return findings.next(opening.group(1) + quote, start)
    end = structure.ends[row]
    if not structure.is_closed(row):
        return end_of_open(findings, row)
    if data[end - 1 : end] == b"\\" and end > start and _GOES_ON.match(data, end + 1) is not None:
        return _next_quote(findings, end + 1, opening.group(1) + quote)  # Python writes JSON's `\"` as `\\"`
    while not opening.group(1) and (again := _AGAIN.match(data, end)) is not None:
        end = findings.next(quote, again.end())
    return end


def end_of_open(findings: Findings, row: int) -> int:
    """No quote closed the string: it was cut, has several lines, or a quote that belongs to nothing led astray."""
    structure = findings.structure
    end, around = structure.ends[row], structure.string_at(structure.parents[row] - 1)
    is_within = around >= 0 and structure.char(around) == structure.char(row)
    if is_within and structure.level(around) < structure.level(row) and structure.ends[around] == end:
        return end  # the text that it is in ended there
    return _next_quote(findings, end, b"\\" * structure.level(row) + bytes((structure.char(row),)))


def _next_quote(findings: Findings, at: int, quote: bytes) -> int:
    """Where a quote that is not escaped comes soon, or `at`."""
    data = findings.data
    found = re.compile(rb"(?<!\\)" + re.escape(quote)).search(data, at, at + _SOON)
    if found is not None:
        return found.start()
    return len(data) if findings.truncated and len(data) - at < _SOON else at
