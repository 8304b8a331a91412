"""Names and ids that hold no secret which only redact_text would find: most names of queues, tables, objects are so.

By string methods alone: the default exporter shows such names, and needs no `re` otherwise.
"""

from __future__ import annotations

from aftercall.masking.tokens import public_length

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PLAIN = _LETTERS + "/._-{}"
_ID = "0123456789abcdefABCDEF-"
_MAX_WORD = 16
"""No token of an issuer is made of so few letters and digits alone."""

_MAX_RUN = 32
"""A secret access key has 40 letters, digits and slashes."""

_CARD_DIGITS = range(12, 20)
_MIN_IBAN = 15
_DIGITS_ONLY = {ord(letter): " " for letter in _LETTERS + "{}/" if not letter.isdigit()}
_BETWEEN_WORDS = {ord(mark): " " for mark in "{}/"}
_MARKS = {ord(mark): None for mark in "._-"}


def is_plain_name(text: str) -> bool:
    """Short words between `/`, `.`, `_` and `-`, where redact_url has looked: redact_text finds nothing more."""
    if text.strip(_PLAIN):
        return False
    runs = text.replace("_", "-").replace(".", "-").split("-")
    if any(len(run) >= _MAX_RUN for run in runs) or any(map(_is_token, text.translate(_BETWEEN_WORDS).split())):
        return False
    words = [word for run in runs for word in run.split("/")]
    return all(len(word) < _MAX_WORD and not _may_be_number(word) for word in words) and not _has_grouped_digits(text)


def is_plain_id(text: str) -> bool:
    """A UUID, a digest, a sequence number, or a few letters and digits as in ids of API Gateway."""
    if len(text) <= _MAX_WORD and not text.rstrip("=").strip(_LETTERS):
        return not _may_be_number(text)
    return not text.strip(_ID) and not _may_be_number(text.replace("-", ""))


def _is_token(word: str) -> bool:
    """By its beginning, also where words follow it: `AKIA.orders.created`."""
    return public_length(word.encode()) is not None


def _may_be_number(word: str) -> bool:
    """Of a card or of a bank account."""
    if word.isdigit():
        return len(word) in _CARD_DIGITS
    return len(word) >= _MIN_IBAN and word[:2].isalpha() and word[2:4].isdigit()


def _has_grouped_digits(text: str) -> bool:
    """`4111.1111.1111.1111`: a card's number between any marks."""
    groups = [group for group in text.translate(_DIGITS_ONLY).split() if len(group) >= _CARD_DIGITS[0]]
    return any(len(group.translate(_MARKS)) >= _CARD_DIGITS[0] and not group.isdigit() for group in groups)
