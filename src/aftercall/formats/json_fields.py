"""The members of a JSON object, even of one that was cut off, and their values.

`get_...`: a value of another type counts as absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_text import loads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_ENDINGS = ("", '"', '"]', "]", '"}', "}")
"""What is missing at the end of a cut string, or of a cut list or object of strings."""

_MAX_ESCAPE = 12
"""Characters of two escapes, `\\ud83d\\ude00`: a string that is cut in the middle of one cannot be closed there."""


def fields_of(text: str, shortest: int = 0) -> dict[str, Any]:
    """The members; of a cut object all that begin in it, the last one as far as it goes. {} if it is not an object.

    A last one that is cut is left out if it is no string, or not longer than `shortest`, unless that is 0.
    """
    try:
        document = loads(text)
    except (ValueError, RecursionError):
        return _of_cut(text, shortest)
    return document if isinstance(document, dict) else {}


def _of_cut(text: str, shortest: int) -> dict[str, Any]:
    found = {}
    for name, value, is_last in _members(text):
        try:
            key = loads(name)
        except ValueError:
            continue
        if not is_last or not shortest:
            found[key] = _read(value) if is_last else _read_whole(value)
        elif value.rstrip()[-1:] in {'"', "]", "}"} and (whole := _read_whole(value)) is not None:
            found[key] = whole
        elif len(value) > shortest and value.lstrip()[:1] == '"':
            found[key] = _read(value)
    return found


def _members(text: str) -> Iterator[tuple[str, str, bool]]:
    """Name and value of each member as JSON, and whether the text ends within it."""
    at = _skip_space(text, 0)
    if text[at : at + 1] != "{":
        return
    at += 1
    while True:
        start = _skip_space(text, at)
        end = end_of_string(text, start) if text[start : start + 1] == '"' else -1
        colon = _skip_space(text, end) if end > 0 else -1
        if colon < 0 or text[colon : colon + 1] != ":":
            return
        at = _end_of_value(text, colon + 1)
        yield text[start:end], text[colon + 1 : at], at == len(text)
        if text[at : at + 1] != ",":
            return
        at += 1


def _end_of_value(text: str, at: int) -> int:
    """The position of the comma or brace behind it; the text's end if it was cut."""
    depth = 0
    while at < len(text):
        letter = text[at]
        if letter == '"':
            at = end_of_string(text, at)
            if at < 0:
                return len(text)
            continue
        if letter in "[{":
            depth += 1
        elif letter in "]}":
            if depth == 0:
                return at
            depth -= 1
        elif letter == "," and depth == 0:
            return at
        at += 1
    return at


def end_of_string(text: str, at: int) -> int:
    """The position behind the closing quote; -1 if there is none. `at`: the opening one."""
    end = at
    while (end := text.find('"', end + 1)) >= 0:
        backslashes = end - 1
        while text[backslashes] == "\\":
            backslashes -= 1
        if (end - backslashes) % 2:
            return end + 1
    return -1


def _skip_space(text: str, at: int) -> int:
    while text[at : at + 1] in {" ", "\t", "\r", "\n"}:
        at += 1
    return at


def _read_whole(value: str) -> Any:
    try:
        return loads(value)
    except (ValueError, RecursionError):
        return None


def _read(value: str) -> Any:
    """The value, or the beginning of a cut one; None if not even that can be read."""
    escape = value.rfind("\\", -_MAX_ESCAPE)
    cuts = range(_MAX_ESCAPE + 1) if escape >= 0 else (0,)
    for cut in cuts:
        begun = value[: len(value) - cut]
        for ending in _ENDINGS:
            try:
                return loads((begun.rstrip(", \t\r\n") if ending in {"]", "}"} else begun) + ending)
            except (ValueError, RecursionError):
                continue
    return None


def get_text(fields: Mapping[str, Any], key: str) -> str:
    """Empty if it is not a string."""
    value = fields.get(key)
    if not isinstance(value, str):
        return ""
    # JSON can hold half of a surrogate pair. UTF-8 cannot, and receivers refuse it.
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def get_integer(fields: Mapping[str, Any], key: str) -> int | None:
    value = fields.get(key)
    # 2**63: nanoseconds and bytes must fit what receivers hold. `type`: bool is an int in Python.
    return value if type(value) is int and -(2**63) <= value < 2**63 else None


def get_size(fields: Mapping[str, Any], key: str) -> int | None:
    """An integer that is not negative."""
    value = get_integer(fields, key)
    return value if value is not None and value >= 0 else None


def get_number(fields: Mapping[str, Any], key: str) -> float | None:
    """A number that is not negative and no larger than a duration can be."""
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e15 else None
