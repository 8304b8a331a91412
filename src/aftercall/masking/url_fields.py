"""Which fields of a query, a fragment or a form hold secrets, as spans of the text.

A value may be a URL, a form or a JSON document of its own, percent-coded. It is decoded to find the spans in it, and
these are counted back to the letters they stand for. Linear in the text's length for each of a few depths.
"""

from __future__ import annotations

from aftercall.formats.urls import percent_decoded
from aftercall.masking.names import FAINT, NONE, is_secret_name, is_secret_parameter, strength_of

_MAX_DEPTH = 5
"""URLs in parameters of URLs in parameters: what stands deeper is masked unread."""

_DOUBTFUL = frozenset(("key", "code", "access", "ticket"))
"""Parameters under which two or three letters and paths are no secrets: `code=DE`, `key=images/cat.png`."""

_MAX_SHORT = 3

_RANDOM = frozenset(["t", "s", "k", "p", "h", "st", "sk", "tk", "tok", "hash", "md5", "appid", "sso"])
"""Parameters that name a secret only if their value looks random."""

_HEX = "0123456789abcdefABCDEF"
_INNER_SIGNS = ("://", "=", "%3d", "%3a", "%25", "%7b", "{")
_BRACKETS = frozenset("{[")
_SIGNS = tuple("%;:?{[")


def is_secret_field(name: str, value: str) -> bool:
    """`value`: as it is written."""
    if not is_secret_parameter(name):
        return False
    lower, strength = name.lower(), strength_of(name)
    if strength > FAINT or (strength == NONE and lower not in _DOUBTFUL and lower not in _RANDOM):
        return True
    from aftercall.masking.under_name import is_path_in_store, may_be_random  # noqa: PLC0415 - few are that doubtful

    plain = percent_decoded(value)
    if lower in _DOUBTFUL:
        return len(plain) > _MAX_SHORT and not is_path_in_store(plain)
    return may_be_random(plain)


def spans_of_form(text: str, start: int, end: int, depth: int) -> list[tuple[int, int]]:
    """`a=1&token=x`, `a=1;token=x`. `depth`: how many values it stands in."""
    if start >= end:
        return []
    plain = _spans_of_plain(text[start:end], start)
    return _spans_of_any(text, start, end, depth) if plain is None else plain


def _spans_of_any(text: str, start: int, end: int, depth: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    only_semicolons = text.find("&", start, end) < 0
    while start < end:
        stop = text.find("&", start, end)
        stop = stop if stop >= 0 else end
        spans += _spans_of_pairs(text, start, stop, depth, only_semicolons=only_semicolons)
        start = stop + 1
    return spans


def _spans_of_plain(form: str, at: int) -> list[tuple[int, int]] | None:
    """Of a form with nothing coded or nested in it, as most are; None of another."""
    if not form.isascii() or any(map(form.__contains__, _SIGNS)):
        return None
    spans = []
    for pair in form.split("&"):
        name, _, value = pair.partition("=")
        end = at + len(pair)
        if "=" in value:
            return None
        if value and is_secret_field(name, value):
            spans.append((end - len(value), end))
        at = end + 1
    return spans


def _spans_of_pairs(text: str, start: int, end: int, depth: int, *, only_semicolons: bool) -> list[tuple[int, int]]:
    """Between semicolons. Beside `&` one may belong to a secret; else only if what follows is no pair."""
    spans: list[tuple[int, int]] = []
    while start < end:
        stop = text.find(";", start, end)
        stop = stop if stop >= 0 else end
        equals = text.find("=", start, stop)
        value = equals + 1
        if 0 < value < stop:
            if is_secret_field(_name(text[start:equals]), text[value:stop]):
                stop = _end_of_secret(text, stop, end) if only_semicolons else end
                spans.append((value, stop))
            else:
                spans += _spans_of_value(text, value, stop, depth)
        start = stop + 1
    return spans


def _end_of_secret(text: str, stop: int, end: int) -> int:
    while stop < end:
        following = text.find(";", stop + 1, end)
        following = following if following >= 0 else end
        if text.find("=", stop + 1, following) >= 0:
            break
        stop = following
    return stop


def _name(coded: str) -> str:
    """Decoded; behind the question mark, if a URL was not coded as it should be."""
    if coded.isascii() and "%" not in coded and "?" not in coded:
        return coded
    name = percent_decoded(coded).rpartition("?")[2]
    if not name.isascii():
        try:
            return name.encode("latin-1").decode()  # of a value that was decoded byte by byte
        except ValueError:
            return name
    return name


# Values that are texts of their own


def _spans_of_value(text: str, start: int, end: int, depth: int) -> list[tuple[int, int]]:
    value = text[start:end]
    if "%" not in value and "=" not in value and "://" not in value and value[0] not in _BRACKETS:
        return []
    lower = value.lower()
    if not any(sign in lower for sign in _INNER_SIGNS):
        return []
    if depth >= _MAX_DEPTH:
        return [(start, end)]
    inner, offsets = _decoded(value, start)
    return [(offsets[first], offsets[last]) for first, last in _spans_of_inner(inner, depth + 1)]


def _decoded(value: str, start: int) -> tuple[str, list[int]]:
    """Each byte as one character, and where each stands in the text, at last where all end; `value` is at `start`."""
    first, *others = value.replace("+", " ").split("%")
    letters = [first]
    offsets = list(range(start, start + len(first)))
    at = start + len(first)
    for piece in others:
        digits = piece[:2]
        is_coded = len(digits) == 2 and not digits.strip(_HEX)
        letters.append(chr(int(digits, 16)) + piece[2:] if is_coded else "%" + piece)
        offsets.append(at)
        offsets += range(at + (3 if is_coded else 1), at + 1 + len(piece))
        at += 1 + len(piece)
    return "".join(letters), [*offsets, at]


def _spans_of_inner(inner: str, depth: int) -> list[tuple[int, int]]:
    if "://" in inner or "?" in inner:
        from aftercall.masking.redact_url import spans_of_url  # noqa: PLC0415 - it imports this module

        return spans_of_url(inner, depth)
    if inner[:1] in _BRACKETS and '"' in inner:
        return [(0, len(inner))] if any(map(is_secret_name, inner.split('"')[1::2])) else []
    if "=" in inner:
        return spans_of_form(inner, 0, len(inner), depth)
    return _spans_of_value(inner, 0, len(inner), depth) if "%" in inner else []
