"""A word of a text as it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


class Word:
    """A verdict. `rule`: why it names a secret. `public`: so many first letters of a token may be shown; -1: none."""

    __slots__ = ("after", "coded", "half", "is_value", "members", "name", "parameter", "public", "rule", "sign")

    def __init__(self) -> None:
        self.name = ""
        self.rule = ""
        self.half = ""
        self.after = 0
        """Bytes at its end that are none of the name."""
        self.public = -1
        self.coded = False
        self.is_value = False
        """A token, or base64."""
        self.parameter = False
        """The name of a secret in queries and forms alone."""
        self.sign = b""
        self.members: AbstractSet[bytes] = frozenset()


NOTHING = Word()
"""The verdict on nearly all words."""
