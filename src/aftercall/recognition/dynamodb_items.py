"""Hashes of DynamoDB's items and of their keys: the same for what a call writes and for what a stream tells of it.

Items are in DynamoDB's own JSON, `{"id": {"N": "7"}}`. DynamoDB itself orders neither names nor sets, and writes
numbers without needless zeros: so does the text that is hashed. Numbers are texts here: no arithmetic, no `decimal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition import pointers
from aftercall.recognition.digest import digest_of

if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 40
"""DynamoDB nests 32 deep."""

_MAX_EXPONENT_DIGITS = 6
"""DynamoDB has exponents of three digits."""


def item_hash(item: dict[str, Any]) -> str:
    """Of all attributes; empty if it is no item."""
    if not isinstance(item, dict) or not item:
        return ""
    try:
        return digest_of([_members(item, MAX_DEPTH).encode("utf-8", "replace")])
    except ValueError:
        return ""


def key_hash(keys: dict[str, Any]) -> str:
    """Of the key attributes alone; empty if that is no key."""
    return item_hash(keys) if isinstance(keys, dict) and len(keys) in {1, 2} else ""


def pointer_hash(table: str, keys: dict[str, Any]) -> str:
    """In Datadog's form; empty if that is no key."""
    return pointers.dynamodb_item(table, keys)


def _members(members: dict[str, Any], depth: int) -> str:
    return "".join([f"{len(name)}:{name}{_value(members[name], depth)}" for name in sorted(members)])


def _value(value: Any, depth: int) -> str:
    """Each text with its length before it, so that no two items are written alike. ValueError: it is no value."""
    if not isinstance(value, dict) or len(value) != 1 or not depth:
        raise ValueError("not a value of DynamoDB")
    ((kind, held),) = value.items()
    if kind == "S" and isinstance(held, str):
        return f"S{len(held)}:{held}"
    if kind == "M" and isinstance(held, dict):
        return f"M{len(held)}:{_members(held, depth - 1)}"
    if kind == "L" and isinstance(held, list):
        return f"L{len(held)}:" + "".join([_value(one, depth - 1) for one in held])
    if kind in {"SS", "NS", "BS"} and isinstance(held, list):
        return f"{kind}{len(held)}:" + "".join(sorted([_scalar(kind[0], one) for one in held]))
    return _scalar(kind, held)


def _scalar(kind: str, held: object) -> str:
    if kind == "NULL":
        return "NULL"
    if kind == "BOOL" and isinstance(held, bool):
        return f"BOOL{int(held)}"
    if kind not in {"S", "N", "B"} or not isinstance(held, str):
        raise ValueError("not a value of DynamoDB")
    return kind + _text(number(held) if kind == "N" else held)


def _text(text: str) -> str:
    return f"{len(text)}:{text}"


def number(text: str) -> str:
    """One form for each number: `1.50`, `15e-1` and `+01.5` are `15e-1`. What is no number stays as it is."""
    mantissa, _, exponent = text.strip().lower().partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.removeprefix(mantissa[:1] if mantissa[:1] in {"-", "+"} else "").partition(".")
    digits = whole + fraction
    shift = _exponent(exponent)
    if not (digits.isascii() and digits.isdigit()) or shift is None:
        return text
    significant = digits.rstrip("0")
    shift += len(digits) - len(significant) - len(fraction)
    significant = significant.lstrip("0")
    return f"{sign}{significant}e{shift}" if significant else "0"


def _exponent(text: str) -> int | None:
    digits = text[1:] if text[:1] in {"-", "+"} else text
    if not text:
        return 0
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _MAX_EXPONENT_DIGITS
    return int(text) if is_number else None
