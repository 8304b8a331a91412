"""Masks secrets in a URL: user info, values of parameters with a secret's name, and path segments that are tokens.

By string methods alone: every call has a URL, and `re` takes longer to import than all URLs to mask. What is masked is
found as spans of the text, in order, and all else stays as it was written. A parameter's value may be a URL, a form or
a JSON document of its own, percent-coded: it is decoded to find the spans in it, and these are counted back to the
letters they stand for. Linear in the text's length for each of a few depths.
"""

from __future__ import annotations

from aftercall.formats.capability_urls import is_capability
from aftercall.formats.text import MASKED
from aftercall.formats.urls import percent_decoded
from aftercall.masking.names import is_secret_name
from aftercall.masking.tokens import MIN_TOKEN, is_luhn, is_opaque, public_length
from aftercall.masking.url_fields import is_secret_field

_DOCUMENT_SIGNS = ("://", "=", "{", "PRIVATE KEY", "Basic ", "Bearer ")
"""Signs of another URL or document in a percent-coded path segment: the segment is masked whole."""

_MAX_USER_INFO = 256
_MAX_DEPTH = 5
"""URLs in parameters of URLs in parameters: what stands deeper is masked unread."""

_MIN_IBAN = 15
_HEX = "0123456789abcdefABCDEF"
_INNER_SIGNS = ("://", "=", "%3d", "%3a", "%25", "%7b", "{")
_BRACKETS = frozenset("{[")
_SIGNS = tuple("%;:?{[")


def redact_url(url: str) -> str:
    """The URL with its secrets masked. The rest stays as it was written."""
    return _masked(url, spans_of_url(url, 0))


def without_query(url: str) -> str:
    """Scheme, host and path: what a person needs to recognise a call."""
    start, host = _user_info(url)
    address = url[: _ends(url, host)[0]]
    return _masked(address, _spans_of_address(address, start, host))


def spans_of_url(url: str, depth: int) -> list[tuple[int, int]]:
    """`depth`: how many URLs it stands in, as the value of a parameter."""
    start, host = _user_info(url)
    address_end, query_end = _ends(url, host)
    if address_end == len(url):
        return _spans_of_address(url, start, host)
    spans = _spans_of_address(url[:address_end], start, host)
    spans += spans_of_form(url, address_end + 1, query_end, depth)
    # OAuth's implicit flow carries tokens in the fragment.
    return spans + spans_of_form(url, query_end + 1, len(url), depth)


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (text[done:start], MASKED)
        done = end
    return "".join(pieces) + text[done:] if pieces else text


# The parts of a URL


def _ends(url: str, host: int) -> tuple[int, int]:
    """Where the address ends, and where the query does. `host`: where the host begins."""
    hash_mark = url.find("#", host)
    query_end = hash_mark if hash_mark >= 0 else len(url)
    question_mark = url.find("?", host, query_end)
    return question_mark if question_mark >= 0 else query_end, query_end


def _user_info(url: str) -> tuple[int, int]:
    """Where the user info begins, and where the host does; the same if there is none."""
    separator = url.find("://")
    start = separator + 3 if separator >= 0 else 2 if url.startswith("//") else 0
    if not start or url.find("@", start) < 0:
        return start, start
    ends = [at for sign in "/?#" if (at := url.find(sign, start)) >= 0]
    end = min(ends, default=len(url))
    at = url.rfind("@", start, end)
    if at < 0 and _is_cut_password(url[start:end]):
        at = url.rfind("@", end, start + _MAX_USER_INFO)
    return start, at + 1 if at >= 0 else start


def _is_cut_password(authority: str) -> bool:
    """`user:pass` where a host and a port should stand: the password has a `/`, `?` or `#` in it."""
    _, colon, port = authority.rpartition(":")
    return bool(colon) and not authority.endswith("]") and not port.isdigit() and bool(port)


def _spans_of_address(address: str, start: int, host: int) -> list[tuple[int, int]]:
    spans = [(start, host - 1)] if host - 1 > start else []
    path = address.find("/", host) if start else 0
    if path < 0:
        return spans
    if start and is_capability(address[host:path], address[path + 1 :]):
        return [*spans, (path + 1, len(address))]
    return spans + _spans_of_path(address, path)


def _spans_of_path(address: str, start: int) -> list[tuple[int, int]]:
    """Segments that are tokens: whoever knows such a URL may use it. Fields in a segment: `;jsessionid=x`."""
    spans: list[tuple[int, int]] = []
    has_fields = "=" in address
    last = len(address) if has_fields else len(address) - MIN_TOKEN + 1
    while start < last:
        end = address.find("/", start)
        end = end if end >= 0 else len(address)
        fields = spans_of_form(address, start, end, 0) if has_fields else []
        if fields:
            spans += fields
        elif end - start >= MIN_TOKEN and (shown := _shown_length(address[start:end])) is not None:
            spans.append((start + shown, end))
        start = end + 1
    return spans


def _shown_length(segment: str) -> int | None:
    """How many first characters of a token may be shown; None if the segment is none."""
    plain = percent_decoded(segment)
    if "%" in segment and any(sign in plain and sign not in segment for sign in _DOCUMENT_SIGNS):
        return 0
    digits = plain.replace("-", "").replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return 0 if is_luhn(digits.encode()) else None
    last = plain.rpartition(":")[2]
    word = last.encode("utf-8", "replace")
    public = public_length(word)
    if public is not None:
        return 0 if "%" in segment else len(segment) - len(last) + public
    return 0 if (is_opaque(word) and not plain.startswith("arn:")) or _is_iban(digits) else None


def _is_iban(text: str) -> bool:
    if len(text) < _MIN_IBAN or not (text.isascii() and text[2:4].isdigit()):
        return False
    from aftercall.masking.iban import is_iban  # noqa: PLC0415 - few paths have such a segment

    return is_iban(text.encode())


# Fields of queries, fragments and forms


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
        return spans_of_url(inner, depth)
    if inner[:1] in _BRACKETS and '"' in inner:
        return [(0, len(inner))] if any(map(is_secret_name, inner.split('"')[1::2])) else []
    if "=" in inner:
        return spans_of_form(inner, 0, len(inner), depth)
    return _spans_of_value(inner, 0, len(inner), depth) if "%" in inner else []
