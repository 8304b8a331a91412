"""What came out of masking as it went in: most texts come again with each call, and are not looked at twice."""

from __future__ import annotations

MAX_REMEMBERED = 512
"""Those of a few receivers and clients. When it is full it begins anew."""

MAX_REMEMBERED_CHARS = 256


class Harmless(set[object]):
    """Texts, or headers as (name, value). `in` is all that a reader needs."""

    __slots__ = ()

    def note(self, one: object, chars: int) -> None:
        """`chars`: how many it has; a long one is not remembered."""
        if chars > MAX_REMEMBERED_CHARS:
            return
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        self.add(one)
