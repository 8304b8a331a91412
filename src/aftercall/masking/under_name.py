"""Whether what stands under a secret's name is surely no secret, decided by the value, and by how sure the name is.

Under a strong name (`password`) only what nobody chooses as a secret is harmless: marks, placeholders, ARNs, words of
schemas, messages of validators. Under a weak one (`token`, `session`) plain words, small numbers and prose are too.
Under a faint one (`routing_key`) all is harmless but what looks random.
"""

from __future__ import annotations

from aftercall.masking.name_words import words_of
from aftercall.masking.names import FAINT, STRONG, strength_of
from aftercall.masking.plain_value import (
    MAX_CHARS,
    is_mark,
    is_placeholder,
    is_plain_word,
    is_plain_words,
    is_small_number,
)
from aftercall.masking.randomness import is_random
from aftercall.masking.tokens import MIN_TOKEN, public_length
from aftercall.masking.validators import is_message

_SCHEMA = frozenset(
    """
    required optional string str number integer int boolean bool object array list map text varchar binary bytes blob
    nullable readonly writeonly write-only read-only securestring secretstr any
    include omit same-origin bearer basic digest hmac enabled disabled default
    missing invalid expired incorrect wrong mismatch valid ok provided present absent blank changed unchanged
    updated created rotated revoked active inactive pending failed success denied forbidden unauthorized fetch
    """.split()
)
"""What schemas, options of `fetch` and states say in the place of a value."""

_ARN = ("arn:aws", "arn:${")
_DURATION_UNITS = frozenset(("ms", "s", "sec", "m", "min", "h", "d", "w", "y", "days", "hours", "minutes", "seconds"))
_FILES = frozenset("key keys credential credentials creds cookie cookies cert pwd".split())
"""Names whose values may be paths of files or addresses; `PWD` is the shell's directory, and a password elsewhere."""

_PLACES = frozenset("token auth authentication authorization session cookie signature key".split())
_COUNTS = frozenset(("tokens", "assertions"))
_NUMBERS = frozenset(("pin", "pan"))
"""Names whose secrets are digits."""

_SHORT = 5
_MAX_JOINED = 2
_SAID = ("$request.", "method.request.", "$context.", "$stageVariables.", "integration.request.")
"""API Gateway's names for parts of a request."""


def is_harmless(name: str, value: str, *, quoted: bool) -> bool:
    """`quoted`: the value was a string, not a number or a bare word."""
    value = value.strip()
    if is_mark(value):
        return True
    if len(value) > MAX_CHARS:
        return False
    if is_placeholder(value) or value.lower() in _SCHEMA or _is_reference(value):
        return True
    strength = strength_of(name)
    if strength == FAINT:
        return not may_be_random(value)
    return (
        (" " in value and is_message(value, strictly=_is_phrase(name)))
        or _is_place(name, value)
        or (_is_duration(value) and (strength != STRONG or len(value) <= _SHORT))
        or (strength != STRONG and _is_plain(name, value, quoted=quoted))
    )


def _is_reference(value: str) -> bool:
    return (value.startswith(_ARN) and value.count(":") >= 5 and " " not in value) or value.startswith(_SAID)


def may_be_random(value: str) -> bool:
    """A token, or what looks drawn by chance."""
    word = value.encode("utf-8", "replace")
    return is_random(word) or (len(word) >= MIN_TOKEN and public_length(word) is not None)


def _is_phrase(name: str) -> bool:
    lower = name.lower()
    return "phrase" in lower or "mnemonic" in lower or "seed" in lower


# Files and addresses


def _is_place(name: str, value: str) -> bool:
    """A file's path or a URL where the name allows it, without anything in it that may be secret."""
    if not ("/" in value or "\\" in value):
        return False
    last = (words_of(name) or [""])[-1]
    if last in _FILES and (value[:1] in {"/", "~", "."} or value[1:3] in {":\\", ":/"}):
        return _are_plain(value.replace("\\", "/").strip("~/.").split("/"))
    scheme, separator, rest = value.partition("://")
    if separator and (last in _FILES or last in _PLACES) and scheme in {"http", "https", "file", "s3", "gs"}:
        return "@" not in rest and "?" not in rest and "#" not in rest and _are_plain(rest.rstrip("/").split("/"))
    return False


def is_path_in_store(value: str) -> bool:
    """`images/cat.png`: an object's key in S3 and its like."""
    return "/" in value.strip("/") and "." in value and "://" not in value and _are_plain(value.split("/"))


def _are_plain(segments: list[str]) -> bool:
    return all(_is_plain_segment(segment) for segment in segments) and len("".join(segments)) > 2


def _is_plain_segment(segment: str) -> bool:
    words = segment.replace("-", " ").replace("_", " ").replace(".", " ").replace(":", " ").split()
    return all(is_plain_word(word) for word in words)


# Plain values


def _is_duration(value: str) -> bool:
    """`30s`, `15 min`, `PT15M`."""
    if value[:1] == "P" and value.strip("PTYMWDHS0123456789.") == "" and value[-1:].isalpha() and len(value) > 2:
        return value[1:2].isdigit() or value[1:2] == "T"
    digits = value.rstrip("abcdefghijklmnopqrstuvwxyz")
    return digits.strip().isdigit() and len(digits) < 6 and value[len(digits) :] in _DURATION_UNITS


def _is_plain(name: str, value: str, *, quoted: bool) -> bool:
    """Under a name that other things have as well."""
    words = words_of(name)
    last = words[-1] if words else ""
    if not any(map(str.isalnum, value)):
        return last == "token"  # a model's
    if is_small_number(value):
        return last in _COUNTS or len(value) < (3 if last in _NUMBERS else 4)
    if value[0] in "vV" and is_small_number(value[1:]):
        return True
    if not quoted and len(words) == 1 and is_plain_word(value) and len(value) > _SHORT + 3:
        return True  # `unexpected token: identifier1`
    return _is_prose(value) or (last == "sid" and _is_sid(value))


def _is_sid(value: str) -> bool:
    """Twilio's ids, Windows' security identifiers."""
    if value.startswith("S-1-"):
        return not value[2:].strip("0123456789-")
    return len(value) == 34 and value[:2].isupper() and value[:2] != "SK" and not value[2:].strip("0123456789abcdef")


def _is_prose(value: str) -> bool:
    """Words of letters: `Hello`, `same-site`, `not needed here`. Many with dashes may be drawn from a list."""
    text = value.strip(" .,;:!?()'\"\u0120\u2581")
    joined = text.replace("-", "_").count("_") + text.count(".")
    return joined < _MAX_JOINED and is_plain_words(text) and not any(map(str.isdigit, text))
