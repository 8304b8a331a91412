"""Which cookies are secrets: nearly all, so the few that hold a choice or a number are told by name and value."""

from __future__ import annotations

from aftercall.formats.urls import percent_decoded
from aftercall.masking.names import NONE, strength_of
from aftercall.masking.plain_value import is_mark, is_plain_words, is_small_number
from aftercall.masking.tokens import MIN_TOKEN, public_length

_ATTRIBUTES = frozenset(("path", "domain", "expires", "max-age", "samesite", "priority", "version"))
_COUNTED = ("_ga", "_gid", "_gat", "_gcl", "_fbp", "__utm", "_hj", "_pk_", "_cl", "_uet", "optanon")
"""Beginnings of cookies that count visitors."""

_MAX_CHOICE = 40
_TIME_DIGITS = (10, 13)
"""Seconds and milliseconds since 1970."""


def is_secret(name: str, value: str) -> bool:
    """Also for the attributes of a Set-Cookie header, none of which is secret."""
    value = percent_decoded(value).strip().strip('"')
    if name.lower() in _ATTRIBUTES or is_mark(value):
        return False
    if len(value) >= MIN_TOKEN and public_length(value.encode("utf-8", "replace")) is not None:
        return True
    if strength_of(name) != NONE:
        return True
    return not (_is_choice(value) or _counts(name, value))


def _is_choice(value: str) -> bool:
    """`dark`, `de-DE`, `Europe/Berlin`, `1920x1080`, `1`, a time."""
    if len(value) > _MAX_CHOICE:
        return False
    if value.isascii() and value.isdigit():
        return is_small_number(value) or (len(value) in _TIME_DIGITS and value[0] == "1")
    return is_plain_words(value)


def _counts(name: str, value: str) -> bool:
    return name.lower().startswith(_COUNTED) and not value.strip("GAfbv0123456789.-")
