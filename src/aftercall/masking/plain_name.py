"""Names and ids that hold no secret which only redact_text would find: most names of queues, tables, objects are so.

By string methods alone: the default exporter shows such names, and needs no `re` otherwise.
"""

from __future__ import annotations

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PLAIN = _LETTERS + "/._-{}"
_ID = "0123456789abcdefABCDEF-"
_MAX_WORD = 16
"""No token of an issuer is made of so few letters and digits alone."""

_MAX_RUN = 32
"""A secret access key has 40 letters, digits and slashes."""

_CARD_DIGITS = range(12, 20)


def is_plain_name(text: str) -> bool:
    """Short words between `/`, `.`, `_` and `-`, where redact_url has looked: redact_text finds nothing more."""
    if text.strip(_PLAIN):
        return False
    runs = text.replace("_", "-").replace(".", "-").split("-")
    if any(len(run) >= _MAX_RUN for run in runs):
        return False
    words = [word for run in runs for word in run.split("/")]
    return all(len(word) < _MAX_WORD and not _may_be_card(word) for word in words)


def is_plain_id(text: str) -> bool:
    """A UUID, a digest, a sequence number, or a few letters and digits as in ids of API Gateway."""
    if len(text) <= _MAX_WORD and not text.rstrip("=").strip(_LETTERS):
        return not _may_be_card(text)
    return not text.strip(_ID) and not _may_be_card(text.replace("-", ""))


def _may_be_card(word: str) -> bool:
    return word.isdigit() and len(word) in _CARD_DIGITS
