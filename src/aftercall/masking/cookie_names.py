"""Which cookies are secrets: nearly all, so the few that hold a choice or a number are told by name and value."""

from __future__ import annotations

from aftercall.formats.urls import percent_decoded
from aftercall.masking import NONE
from aftercall.masking.names import strength_of
from aftercall.masking.plain_value import MAX_CHARS, is_mark, is_plain_word, is_plain_words, is_small_number
from aftercall.masking.tokens import MIN_TOKEN, public_length

_ATTRIBUTES = frozenset(("path", "domain", "expires", "max-age", "samesite", "priority", "version"))
_COUNTED = ("_ga", "_gid", "_gat", "_gcl", "_fbp", "__utm", "_hj", "_pk_", "_cl", "_uet", "optanon")
"""Beginnings of cookies that count visitors."""

_PERSONS = ("userid", "uid", "browserid", "visitorid", "deviceid", "clientid", "accountid")
_CHOICES = (
    "lang", "locale", "theme", "collation", "charset", "timezone", "currency", "country", "culture", "consent",
    "layout", "test_cookie",
)  # fmt: skip
"""Cookies with one of these in their names hold what somebody chose."""

_MAX_CHOICE = 40
_MAX_CODE = 8
_TIME_DIGITS = (10, 13)
"""Seconds and milliseconds since 1970."""


def is_secret_cookie(name: str, value: str) -> bool:
    """For the cookies of a request, and for the pairs of a Set-Cookie header: its attributes are none."""
    value = percent_decoded(value).strip().strip('"')
    if name.lower() in _ATTRIBUTES or is_mark(value):
        return False
    if len(value) >= MIN_TOKEN and public_length(value.encode("utf-8", "replace")) is not None:
        return True
    if _is_of_person(name):
        return False
    if _is_of_choice(name) and _holds_choices(value):
        return False
    if strength_of(name) != NONE:
        return True
    return not (_is_choice(value) or _counts(name, value))


def _is_of_person(name: str) -> bool:
    """`MMUSERID`: who it is, and not that it is them."""
    lower = name.lower().replace("_", "").replace("-", "")
    return lower.endswith(_PERSONS)


def _is_of_choice(name: str) -> bool:
    lower = name.lower()
    return any(word in lower for word in _CHOICES)


def _holds_choices(value: str) -> bool:
    """`utf8mb4_general_ci`, `c=de|uic=de`, `{"ads":false,"at":1744202096}`: words, numbers, short codes."""
    pieces = "".join([letter if letter.isalnum() else " " for letter in value]).split()
    return len(value) <= MAX_CHARS and all(len(piece) <= _MAX_CODE or _is_plain(piece) for piece in pieces)


def _is_plain(piece: str) -> bool:
    return is_plain_word(piece) or (piece.isdigit() and len(piece) in _TIME_DIGITS)


def _is_choice(value: str) -> bool:
    """`dark`, `de-DE`, `Europe/Berlin`, `1920x1080`, `1`, a time."""
    if len(value) > _MAX_CHOICE:
        return False
    if value.isascii() and value.isdigit():
        return is_small_number(value) or (len(value) in _TIME_DIGITS and value[0] == "1")
    return is_plain_words(value)


def _counts(name: str, value: str) -> bool:
    return name.lower().startswith(_COUNTED) and not value.strip("GAfbv0123456789.-")
