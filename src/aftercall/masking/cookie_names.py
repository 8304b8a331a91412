"""Which cookies are secrets: nearly all, so the few that hold a choice or a number are told by name and value."""

from __future__ import annotations

from aftercall.formats.urls import percent_decoded
from aftercall.masking import NONE, WEAK
from aftercall.masking.names import strength_of
from aftercall.masking.plain_value import MAX_CHARS, is_mark, is_plain_word, is_plain_words, is_small_number
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
_MAX_CODE = 8
_TIME_DIGITS = (10, 13)
"""Seconds and milliseconds since 1970."""


def is_secret_cookie(name: str, value: str) -> bool:
    """For the cookies of a request, and for the pairs of a Set-Cookie header: its attributes are none."""
    value = percent_decoded(value).strip().strip('"')
    if name.lower() in ATTRIBUTES or is_mark(value):
        return False
    if len(value) >= MIN_TOKEN and public_length(value.encode("utf-8", "replace")) is not None:
        return True
    if _is_of_person(name):
        return False
    if _is_of_choice(name) and _holds_choices(value):
        return False
    strength = strength_of(name)
    is_plain = is_plain_word(value) if value.isalpha() else value[:1] == "{" and _is_choice(value)
    if len(value) < _MIN_SECRET or (strength == WEAK and is_plain):
        return False
    return strength != NONE or not (_is_choice(value) or _counts(name, value))


def _is_of_person(name: str) -> bool:
    """`MMUSERID`: who it is, and not that it is them."""
    lower = name.lower().replace("-", "_")
    return lower.replace("_", "").endswith(_PERSONS) or lower == "uid" or lower.endswith("_uid")


def _is_of_choice(name: str) -> bool:
    lower = name.lower()
    return any(word in lower for word in _CHOICES)


def _holds_choices(value: str) -> bool:
    """`utf8mb4_general_ci`, `c=de|uic=de`, `{"ads":false,"at":1744202096}`: words, numbers, short codes."""
    return len(value) <= MAX_CHARS and all(len(piece) <= _MAX_CODE or _is_plain(piece) for piece in _pieces(value))


def _is_plain(piece: str) -> bool:
    return is_plain_word(piece) or (piece.isdigit() and len(piece) in _TIME_DIGITS)


def _is_choice(value: str) -> bool:
    """`dark`, `de-DE`, `1920x1080`, `v1.4.2`, `1`, a time, `editor=tinymce`, `{"ads":false}`: words and numbers."""
    if len(value) > _MAX_CHOICE:  # a URL, JSON: more words than numbers
        pieces = _pieces(value)
        is_text = len(value) <= MAX_CHARS and 2 * sum(map(str.isalpha, pieces)) >= len(pieces)
        return is_text and all(map(_is_piece, pieces))
    if value.isascii() and value.isdigit():
        return is_small_number(value) or (len(value) in _TIME_DIGITS and value[0] == "1")
    return is_plain_words(value) or all(map(_is_piece, _pieces(value)))


def _pieces(value: str) -> list[str]:
    return "".join([letter if letter.isalnum() else " " for letter in value]).split()


def _is_piece(piece: str) -> bool:
    """A word, a number, `v2`, `1920x1080`, `isEnabled`, `01T10`, `123Z`."""
    if (
        is_plain_word(piece)
        or (piece.isdigit() and len(piece) <= _MAX_CODE)
        or (piece[0] in "vV" and piece[1:].isdigit() and len(piece) < 6)
    ):
        return True
    numbers = piece.rstrip("Z").replace("x", "T").split("T")
    if all(number.isdigit() and len(number) < 6 for number in numbers):
        return True
    words = "".join([f" {letter}" if letter.isupper() else letter for letter in piece]).split()
    return piece.isalpha() and all(is_plain_word(word) and not _VOWELS.isdisjoint(word) for word in words)


def _counts(name: str, value: str) -> bool:
    """Numbers, plain words and ids in hexadecimal: `GA1.2.123.456`, `1.1746094500.1.1.utmcsr=google`."""
    if not name.lower().startswith(_COUNTED):
        return False
    return len(value) <= _MAX_CODE or (len(value) <= MAX_CHARS and all(map(_is_counted, _pieces(value))))


def _is_counted(piece: str) -> bool:
    if piece.isalpha() or piece[:-1] in _VERSIONS:
        return len(piece) < _MAX_WORD
    return piece[1:].isdigit() or piece.isdigit() or (len(piece) < _MAX_HEX and not piece.strip(_HEX))
