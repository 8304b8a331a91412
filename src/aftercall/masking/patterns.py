"""The user's own patterns, matched in linear time whatever the pattern and the text are.

Python's `re` backtracks: `(a+)+$` would hang the extension, and no time limit can stop it, since it holds the
interpreter's lock. So patterns are only parsed by `re`'s parser, made into an automaton over bytes (automaton.py), and
run by a table that is filled on the way. What such an automaton cannot do (back references, look-around, boundaries
other than at the ends) is refused when the rule is read.

Every byte that belongs to any match is masked. Forwards, the automaton tells after each byte which states it could be
in; backwards, from which states the rest leads to an end; where both share one, a match goes through that byte.
"""

from __future__ import annotations

from re import _constants as op  # type: ignore[attr-defined]  # CPython's private halves, the same since 3.11
from re import _parser as parser  # type: ignore[attr-defined]
from re import error as re_error
from typing import TYPE_CHECKING

from aftercall.masking.automaton import Automaton

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

MAX_ROWS = 4_000
"""Sets of states for one pattern. If a text needs more, it is withheld."""

_WORD = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


class Pattern:
    """Raises ValueError, which says what is wrong: it is no pattern, or cannot be matched in linear time."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            parsed = parser.parse(text.encode("utf-8"))
        except (re_error, RecursionError, OverflowError) as error:
            raise ValueError(str(error)) from None
        tree = list(parsed)
        self._starts_at = _boundary(tree, 0)
        self._ends_at = _boundary(tree, -1)
        self._automaton = Automaton(tree, ignore_case=bool(parsed.state.flags & _IGNORE_CASE))
        if self._automaton.matches_empty:
            raise ValueError("it matches the empty text, which is everywhere")

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """What matches cover, adjacent ones joined. Raises RecursionError when the text needs too many states."""
        automaton = self._automaton
        starts, ends = _gaps(data, self._starts_at), _gaps(data, self._ends_at)
        forwards = _run(_Table(automaton.after, automaton.start), data, starts)
        if not any(automaton.end in states for states in set(forwards)):
            return
        backwards = _run(_Table(automaton.before, automaton.end), data[::-1], ends[::-1])
        backwards.reverse()
        yield from _shared(forwards, backwards, ends, automaton.end)


_IGNORE_CASE = 2
"""re.IGNORECASE."""


class _Table:
    """A row for each set of states, a column for each byte; filled when a text first gets there."""

    def __init__(self, step: Any, first: int) -> None:
        self._step = step
        self._first = first
        self.rows: dict[frozenset[int], dict[int, frozenset[int]]] = {frozenset(): {}}

    def fill(self, states: frozenset[int], column: int) -> frozenset[int]:
        begun = states | {self._first} if column >= 256 else states
        following: frozenset[int] = self._step(begun, column & 255)
        self.rows[states][column] = following
        if following not in self.rows:
            if len(self.rows) >= MAX_ROWS:
                raise RecursionError("a pattern leads to too many states")
            self.rows[following] = {}
        return following


def _run(table: _Table, data: bytes, gaps: bytes) -> list[frozenset[int]]:
    """After each byte, the states that it may be in; a match may begin at each gap that is not 0."""
    rows = table.rows
    states: frozenset[int] = frozenset()
    found = []
    for byte, gap in zip(data, gaps, strict=False):
        column = byte + 256 if gap else byte
        following = rows[states].get(column)
        states = following if following is not None else table.fill(states, column)
        found.append(states)
    return found


def _shared(
    forwards: list[frozenset[int]], backwards: list[frozenset[int]], ends: bytes, end: int
) -> Iterator[tuple[int, int]]:
    known: dict[tuple[frozenset[int], frozenset[int], int], bool] = {}
    start = -1
    size = len(forwards)
    for at, reached in enumerate(forwards):
        rest = backwards[at + 1] if at + 1 < size else frozenset()
        key = (reached, rest, ends[at + 1])
        covered = known.get(key)
        if covered is None:
            covered = known[key] = not reached.isdisjoint(rest) or (bool(ends[at + 1]) and end in reached)
        if covered and start < 0:
            start = at
        elif not covered and start >= 0:
            yield start, at
            start = -1
    if start >= 0:
        yield start, size


def _boundary(tree: list[Any], position: int) -> str:
    r"""Takes `\b`, `^` or `$` off the pattern's end; gives which it was."""
    if not tree or tree[position][0] is not op.AT:
        return ""
    kind = tree.pop(position)[1]
    if kind is op.AT_BOUNDARY:
        return "word"
    if kind in {op.AT_BEGINNING, op.AT_BEGINNING_STRING} and position == 0:
        return "edge"
    if kind in {op.AT_END, op.AT_END_STRING} and position == -1:
        return "edge"
    raise ValueError("of boundaries, \\b, ^ and $ at the pattern's ends are known")


def _gaps(data: bytes, kind: str) -> bytes:
    """For each gap between bytes, both ends of the text included, whether a match may begin or end there."""
    size = len(data)
    if not kind:
        return b"\1" * (size + 1)
    if kind == "edge":
        return b"\1" + b"\0" * (size - 1) + b"\1" if size else b"\1"
    words = bytes(byte in _WORD for byte in data)
    return bytes(a != b for a, b in zip(b"\0" + words, words + b"\0", strict=True))
