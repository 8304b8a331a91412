"""How far the search for names has come, when a name's value stands behind other names."""

from __future__ import annotations


class Partners:
    """Values of pairs that were masked from their names on: the search goes on behind the name, not behind the value.

    So what stands between the two is looked at too, and time stays linear: no value is masked for a second name, and
    names within one are passed over.
    """

    __slots__ = ("_ahead", "_ends")

    def __init__(self) -> None:
        self._ends: dict[int, int] = {}
        self._ahead: dict[int, int] = {}
        """Values that the search has not reached: few, one for each kind of key."""

    def end_of(self, start: int) -> int:
        """Where the masked value at `start` ends; -1 if none was masked there."""
        end = self._ends.get(start, -1)
        if end >= 0:
            self._ahead[start] = end
        return end

    def add(self, start: int, end: int) -> int:
        self._ends[start] = self._ahead[start] = end
        return end

    def passed(self, at: int) -> int:
        """Up to where all is done, when the search has come to `at`."""
        begun = [start for start in self._ahead if start <= at]
        return max((self._ahead.pop(start) for start in begun), default=0)
