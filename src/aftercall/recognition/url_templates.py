"""The path of a URL with what varies named: `/users/42/orders/9f1c…` -> `/users/{id}/orders/{id}`.

Only what is certain: numbers, UUIDs, ULIDs, hashes, dates, tokens of mixed letters. A word stays, so a path that holds
users' names keeps them.
"""

from __future__ import annotations

MAX_SEGMENTS = 32
_MAX_SEGMENT = 128
_HEX = frozenset("0123456789abcdefABCDEF")
_BASE32 = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_DIGITS = frozenset("0123456789")
_MIN_HEX = 12
"""So long are hexadecimal ids at least; shorter ones may be words (`facade`, `decade`)."""
_MIN_TOKEN = 16


def template_of(path: str) -> str:
    segments = path.split("/", MAX_SEGMENTS)
    if len(segments) > MAX_SEGMENTS:
        segments[-1] = "…"
    named = [known if (known := _known.get(segment)) is not None else _remembered(segment) for segment in segments]
    if len(segments) > 2 and named[1] == "{date}":
        named[1] = segments[1]  # the version of an API: /2010-04-01/Accounts
    return "/".join(named)


_known: dict[str, str] = {}
"""Segments and what stands for them: the words of a path come again with each call."""

MAX_REMEMBERED = 512


def _remembered(segment: str) -> str:
    named = _named(segment)
    if len(segment) <= _MAX_SEGMENT:
        if len(_known) >= MAX_REMEMBERED:
            _known.clear()
        _known[segment] = named
    return named


def _named(segment: str) -> str:
    """Words, which are most segments, leave at the first question."""
    if ("@" in segment or "%40" in segment) and "." in segment:
        return "{email}"
    if _DIGITS.isdisjoint(segment):
        return _long(segment)
    stem, dot, extension = segment.rpartition(".")
    if dot and stem and len(extension) <= 5 and extension.isalpha():
        return f"{_variable(stem) or stem}.{extension}"
    return _variable(segment) or _long(segment)


def _long(segment: str) -> str:
    return segment if len(segment) <= _MAX_SEGMENT else "{token}"


def _variable(segment: str) -> str:
    """What stands for a segment that has a digit; empty if it is a word."""
    if segment.isdigit():
        return "{id}"
    if segment.startswith(("arn:", "arn%3A", "arn%3a")):
        return "{arn}"
    if _is_date(segment):
        return "{date}"
    return "{id}" if _is_id(segment) else ""


def _is_date(segment: str) -> bool:
    """`2026-08-29`, `2026-08-29T10:15:00Z`."""
    day = segment[:10]
    is_day = len(day) == 10 and day[4] == day[7] == "-" and _DIGITS.issuperset(day.replace("-", ""))
    return is_day and (len(segment) == 10 or segment[10] in "Tt%_ ")


def _is_id(segment: str) -> bool:
    bare = segment.replace("-", "")
    if _DIGITS.issuperset(bare) or _DIGITS.issuperset(segment.replace(",", "").replace("%2C", "").lstrip("+")):
        return True
    if len(bare) >= _MIN_HEX and _HEX.issuperset(bare):
        return True
    if len(segment) == 26 and _BASE32.issuperset(segment.upper()):
        return True
    return _is_token(segment)


def _is_token(segment: str) -> bool:
    """Letters of both cases and digits, mixed as nobody writes words: `cus_NffrFeUfNV2Hib`, `AC…` of Twilio."""
    bare = segment.replace("_", "").replace("-", "")
    if len(segment) < _MIN_TOKEN or not bare.isalnum():
        return False
    if bare.lower() != bare != bare.upper():
        return True
    digits = sum(letter in _DIGITS for letter in bare)
    return digits >= 6 and "-" not in segment
