"""Masks secrets in a URL: user info, values of parameters with a secret's name, and path segments that are tokens.

By string methods alone: every call has a URL, and `re` takes longer to import than all URLs to mask. What is masked is
found as spans of the text, in order, and all else stays as it was written: url_fields.py does so for parameters.
"""

from __future__ import annotations

from aftercall.formats.capability_urls import is_capability
from aftercall.formats.text import MASKED
from aftercall.formats.urls import percent_decoded
from aftercall.masking.tokens import MIN_TOKEN, is_luhn, is_opaque, public_length
from aftercall.masking.url_fields import spans_of_form

_DOCUMENT_SIGNS = ("://", "=", "{", "PRIVATE KEY", "Basic ", "Bearer ")
"""Signs of another URL or document in a percent-coded path segment: the segment is masked whole."""

_MAX_USER_INFO = 256
_MIN_IBAN = 15


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
    if "%" in segment and any(sign in plain for sign in _DOCUMENT_SIGNS):
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
