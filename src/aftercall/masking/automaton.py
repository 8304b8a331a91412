"""A finite automaton over bytes, from the tree that `re`'s parser makes of a pattern (Thompson's construction)."""

from __future__ import annotations

from re import _constants as op  # type: ignore[attr-defined]  # CPython's private half, the same since 3.11
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

MAX_STATES = 1_000
"""Of one pattern: `[a-z]{1,500}` takes 500. Bounds the time for one step."""

_ALL = frozenset(range(256))
_DIGIT = frozenset(b"0123456789")
_SPACE = frozenset(b" \t\n\r\f\v")
_WORD = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_CATEGORIES = {
    op.CATEGORY_DIGIT: _DIGIT,
    op.CATEGORY_NOT_DIGIT: _ALL - _DIGIT,
    op.CATEGORY_SPACE: _SPACE,
    op.CATEGORY_NOT_SPACE: _ALL - _SPACE,
    op.CATEGORY_WORD: _WORD,
    op.CATEGORY_NOT_WORD: _ALL - _WORD,
}


class Automaton:
    """States are numbers. Raises ValueError for a pattern that is too large or that no finite automaton can match."""

    def __init__(self, tree: list[Any], *, ignore_case: bool) -> None:
        self._ignore_case = ignore_case
        self._free: list[set[int]] = []
        """State -> states that are reached without a byte."""
        self._read: list[tuple[frozenset[int], int] | None] = []
        """State -> the bytes that it takes, and the state that these lead to."""
        self.start = self._state()
        self.end = self._sequence(tree, self.start)
        self._closures = [self._closure(state) for state in range(len(self._free))]
        self._reverse_closures = self._reversed(self._closures)
        self._sources: list[list[int]] = [[] for _ in self._free]
        for state, read in enumerate(self._read):
            if read is not None:
                self._sources[read[1]].append(state)

    @property
    def matches_empty(self) -> bool:
        return self.end in self._closures[self.start]

    def after(self, states: frozenset[int], byte: int) -> frozenset[int]:
        """The states to which the byte leads from these."""
        found: set[int] = set()
        for state in states:
            for near in self._closures[state]:
                read = self._read[near]
                if read is not None and byte in read[0]:
                    found |= self._closures[read[1]]
        return frozenset(found)

    def before(self, states: frozenset[int], byte: int) -> frozenset[int]:
        """The states from which the byte leads to these."""
        found: set[int] = set()
        for state in states:
            for near in self._reverse_closures[state]:
                for source in self._sources[near]:
                    read = self._read[source]
                    if read is not None and byte in read[0]:
                        found |= self._reverse_closures[source]
        return frozenset(found)

    # Construction

    def _state(self) -> int:
        if len(self._free) >= MAX_STATES:
            raise ValueError(f"it takes more than {MAX_STATES} states: repeat less")
        self._free.append(set())
        self._read.append(None)
        return len(self._free) - 1

    def _sequence(self, tree: Any, start: int) -> int:
        """Add what the tree says behind `start`. Returns the state at its end."""
        for kind, argument in tree:
            start = self._item(kind, argument, start)
        return start

    def _item(self, kind: Any, argument: Any, start: int) -> int:
        taken = self._taken(kind, argument)
        if taken is not None:
            end = self._state()
            self._read[start] = (taken, end)
            return self._step_from(end)
        if kind is op.SUBPATTERN:
            return self._sequence(argument[3], start)
        if kind is op.BRANCH:
            return self._branch(argument[1], start)
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            return self._repeat(argument[0], argument[1], argument[2], start)
        raise ValueError(f"{str(kind).lower().replace('_', ' ')} cannot be matched in linear time")

    def _taken(self, kind: Any, argument: Any) -> frozenset[int] | None:
        """The bytes that one item of the tree takes; None if it is not a single byte."""
        if kind is op.LITERAL:
            return self._both_cases({argument})
        if kind is op.NOT_LITERAL:
            return _ALL - self._both_cases({argument})
        if kind is op.ANY:
            return _ALL - {10}
        return self._class(argument) if kind is op.IN else None

    def _class(self, items: Any) -> frozenset[int]:
        taken: set[int] = set()
        negated = False
        for kind, argument in items:
            if kind is op.NEGATE:
                negated = True
            elif kind is op.LITERAL:
                taken.add(argument)
            elif kind is op.RANGE:
                taken.update(range(argument[0], argument[1] + 1))
            else:
                taken |= _CATEGORIES[argument]
        both = self._both_cases(taken)
        return _ALL - both if negated else both

    def _both_cases(self, taken: set[int]) -> frozenset[int]:
        if not self._ignore_case:
            return frozenset(taken)
        letters = bytes(sorted(taken))
        return frozenset(letters + letters.lower() + letters.upper())

    def _step_from(self, state: int) -> int:
        """A state of its own to go on from: one that takes bytes must not be entered twice with different ends."""
        following = self._state()
        self._free[state].add(following)
        return following

    def _branch(self, branches: Any, start: int) -> int:
        end = self._state()
        for branch in branches:
            self._free[self._sequence(branch, self._step_from(start))].add(end)
        return end

    def _repeat(self, least: int, most: Any, tree: Any, start: int) -> int:
        for _ in range(least):
            start = self._sequence(tree, self._step_from(start))
        if most is op.MAXREPEAT:
            loop = self._step_from(start)
            end = self._sequence(tree, self._step_from(loop))
            self._free[end].add(loop)
            return self._step_from(loop)
        ends = [start]
        for _ in range(int(most) - least):
            start = self._sequence(tree, self._step_from(start))
            ends.append(start)
        last = self._state()
        for end in ends:
            self._free[end].add(last)
        return last

    def _closure(self, state: int) -> frozenset[int]:
        found = {state}
        waiting = [state]
        while waiting:
            for near in self._free[waiting.pop()]:
                if near not in found:
                    found.add(near)
                    waiting.append(near)
        return frozenset(found)

    @staticmethod
    def _reversed(closures: list[frozenset[int]]) -> list[frozenset[int]]:
        found: list[set[int]] = [set() for _ in closures]
        for state, closure in enumerate(closures):
            for near in closure:
                found[near].add(state)
        return [frozenset(states) for states in found]
