"""A secret's name in a text."""

from __future__ import annotations

YOUR_KEY = "your key:"
"""How the rules of the user's own names begin: under them everything is masked."""


PARAMETER = "parameter:"
"""How the rules of names begin that are secrets' in forms alone: there the value decides."""


class Named:
    """A secret's name: `rule` says which one and why. `closing`: what closed its quotes; empty if it had none."""

    __slots__ = ("closing", "name", "rule")

    def __init__(self, name: str, rule: str, closing: bytes = b"") -> None:
        self.name = name
        self.rule = rule
        self.closing = closing
