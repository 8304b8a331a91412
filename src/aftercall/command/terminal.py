"""What a function says, as a terminal may print it: a terminal obeys control characters, whoever wrote them."""

from __future__ import annotations

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def printable(text: str) -> str:
    """Lines stay lines, also those that runtimes part by a carriage return; other control characters are spelt out."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
