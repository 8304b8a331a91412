"""Which cookies are secrets: nearly all, so the few that hold a choice or a number are told by name and value."""

from __future__ import annotations

from aftercall.formats.urls import percent_decoded
from aftercall.masking import FAINT, WEAK
from aftercall.masking.names import strength_of
from aftercall.masking.plain_value import MAX_CHARS, is_mark, is_plain_word
from aftercall.masking.tokens import MIN_TOKEN, public_length

ATTRIBUTES = frozenset(("path", "domain", "expires", "max-age", "samesite", "priority", "version"))
_COUNTED = (
    "_ga", "_gid", "_gat", "_gcl", "_fbp", "__utm", "_hj", "_pk_", "_cl", "_uet", "optanon", "bigipserver", "ajs_",
    "amp_", "amplitude", "mp_", "optimizely", "_vwo", "amcv", "hubspotutk", "__hs", "_scid", "_tt", "_shopify_",
    "_octo", "__stripe_mid", "_dd_s", "cookieconsent", "intercom-id", "intercom-device", "guest_id", "_rdt",
    "_parsely", "_sp_", "1p_jar", "consent", "usprivacy", "visitor",
)  # fmt: skip
"""Beginnings of cookies that count visitors."""

_PERSONS = (
    "userid", "browserid", "visitorid", "deviceid", "clientid", "accountid", "anonymousid", "distinctid", "trackingid",
    "traceid", "requestid", "tenantid", "customerid", "campaignid", "storeid",
)  # fmt: skip
_CHOICES = (
    "lang", "locale", "theme", "collation", "charset", "timezone", "currency", "country", "culture", "consent",
    "layout", "test_cookie", "accept", "cookiecontrol",
)  # fmt: skip
"""Cookies with one of these in their names hold what somebody chose."""

_HEX, _MAX_HEX = "0123456789abcdef", 33
_VOWELS = frozenset("aeiouyAEIOUY")
_VERSIONS, _MAX_WORD = frozenset(("fb", "GA", "GH", "GS")), 20
_MIN_SECRET = 3
_MAX_CHOICE = 40
_MAX_CODE, _SHORT = 8, 3
_MAX_STRANGE, _MAX_OF_CHOICE = 4, 8
"""Letters and digits that no word explains: nobody draws a secret of so few."""

_MAX_DIGITS, _MAX_YEAR = 13, 4
"""Milliseconds since 1970 have thirteen."""


def is_secret_cookie(name: str, value: str) -> bool:
    """For the cookies of a request, and for the pairs of a Set-Cookie header: its attributes are none."""
    value = percent_decoded(value).strip().strip('"')
    if name.lower() in ATTRIBUTES or is_mark(value):
        return False
    if len(value) >= MIN_TOKEN and public_length(value.encode("utf-8", "replace")) is not None:
        return True
    if _is_of_person(name):
        return False
    if len(value) < _MIN_SECRET or (_is_of_choice(name) and _unexplained(value) <= _MAX_OF_CHOICE):
        return False
    strength = strength_of(name)
    if strength > FAINT:
        is_plain = is_plain_word(value) if value.isalpha() else value[:1] == "{" and not _unexplained(value)
        return strength > WEAK or not is_plain
    return not (_unexplained(value) <= _MAX_STRANGE or _counts(name, value))


def _is_of_person(name: str) -> bool:
    """`MMUSERID`: who it is, and not that it is them."""
    lower = name.lower().replace("-", "_")
    return lower.replace("_", "").endswith(_PERSONS) or lower == "uid" or lower.endswith("_uid")


def _is_of_choice(name: str) -> bool:
    lower = name.lower()
    return any(word in lower for word in _CHOICES)


def _unexplained(value: str) -> int:
    """How many letters and digits are in no word and no number; all of a long value with more digits than letters.

    None of `dark`, `de-DE`, `1920x1080`, `v1.4.2`, a time, `editor=tinymce`, `{"ads":false}`.
    """
    pieces = _pieces(value)
    digits = sum(map(str.isdigit, value))
    if len(value) > MAX_CHARS or (len(value) > _MAX_CHOICE and 2 * digits > len("".join(pieces))):
        return len(value)
    return sum(len(piece) for piece in pieces if not _is_explained(piece))


def _pieces(value: str) -> list[str]:
    return "".join([letter if letter.isalnum() else " " for letter in value]).split()


def _is_explained(piece: str) -> bool:
    """A word, a number, or one beside the other: `v2`, `14px`, `spring2025`, `isEnabled`, `1920x1080`, `01T10`."""
    if not piece.isascii():
        return is_plain_word(piece)
    letters = piece.strip("0123456789")
    digits = len(piece) - len(letters)
    if not letters.isalpha():
        parts = piece.rstrip("Z").replace("x", "T").split("T")
        return digits <= _MAX_DIGITS and all(map(str.isdigit, parts))
    if len(letters) == 1:
        return digits <= _MAX_DIGITS
    return (
        (digits < _SHORT or len(letters) <= _SHORT or _is_year(piece)) and digits <= _MAX_YEAR and _are_words(letters)
    )


def _is_year(piece: str) -> bool:
    return piece.startswith(("19", "20")) or piece[-4:-2] in {"19", "20"}


def _are_words(letters: str) -> bool:
    if len(letters) <= _SHORT or is_plain_word(letters):
        return True
    words = "".join([f" {letter}" if letter.isupper() else letter for letter in letters]).split()
    return all(is_plain_word(word) and (len(word) == 1 or not _VOWELS.isdisjoint(word)) for word in words)


def _counts(name: str, value: str) -> bool:
    """Numbers, plain words and ids in hexadecimal: `GA1.2.123.456`, `1.1746094500.1.1.utmcsr=google`."""
    if not name.lower().startswith(_COUNTED):
        return False
    return len(value) <= _MAX_CODE or (len(value) <= MAX_CHARS and all(map(_is_counted, _pieces(value))))


def _is_counted(piece: str) -> bool:
    if piece.isalpha() or piece[:-1] in _VERSIONS:
        return len(piece) < _MAX_WORD
    return piece[1:].isdigit() or piece.isdigit() or (len(piece) < _MAX_HEX and not piece.strip(_HEX))
