"""Members of an event whose names the function's own rules call secret: nothing of them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.text import MASKED

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_HASHED = frozenset({"dynamodb"})
"""Of a change of DynamoDB nothing but hashes is told, and these must be the same as on the other side."""


def hide(document: Any, hides: Callable[[str], bool]) -> None:
    """Puts a mask in their place. Without recursion: the document may be nested as deep as it likes."""
    left = [document]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            for name, value in one.items():
                if hides(name):
                    one[name] = MASKED
                elif name not in _HASHED:
                    left.append(value)
        elif isinstance(one, list):
            left += one
