"""Which fields of a query, a fragment or a form hold secrets: by the name, and where that is doubtful by the value."""

from __future__ import annotations

from aftercall.formats.urls import percent_decoded
from aftercall.masking import FAINT, NONE
from aftercall.masking.names import is_secret_parameter, strength_of
from aftercall.masking.plain_value import is_mark, is_plain_word

_DOUBTFUL = frozenset(("key", "code", "access", "ticket"))
"""Parameters under which two or three letters and paths are no secrets: `code=DE`, `key=images/cat.png`."""

_MAX_SHORT, _MAX_COLUMN = 3, 8

_RANDOM = frozenset(["t", "s", "k", "p", "h", "st", "sk", "tk", "tok", "hash", "md5", "appid", "sso"])
"""Parameters that name a secret only if their value looks random."""


def is_secret_field(name: str, value: str) -> bool:
    """`value`: as it is written."""
    if not is_secret_parameter(name) or is_mark(value):
        return False
    lower, strength = name.lower(), strength_of(name)
    if "://" in value and lower in _DOUBTFUL:
        return False  # FHIR's `code=http://loinc.org|1`
    if strength > FAINT or (strength == NONE and lower not in _DOUBTFUL and lower not in _RANDOM):
        return True
    from aftercall.masking.under_name import is_path_in_store, may_be_random  # noqa: PLC0415 - few are that doubtful

    plain = percent_decoded(value)
    if lower in _DOUBTFUL:
        return len(plain) > _MAX_SHORT and not _is_column(plain) and not is_path_in_store(plain)
    return may_be_random(plain)


def _is_column(value: str) -> bool:
    """`key=name`, `code=card_declined`, `code=SPRING25`, `ticket=SHOP-17`: words, or an issue's number."""
    project, _, number = value.partition("-")
    if number.isdigit() and len(number) < _MAX_COLUMN and project.isalpha() and project.isupper():
        return True
    words = value.split("_")
    if is_plain_word(value[:-2]) and value[-2:].isdigit() and value[:-2].isalpha():
        return True
    return value.islower() and all(word.isalpha() for word in words) and (len(words) > 1 or len(value) <= _MAX_COLUMN)
