"""Masks secrets in a URL: user info, values of parameters with a secret's name, and path segments that are tokens.

By string methods alone: every call has a URL, and `re` takes longer to import than all URLs to mask.
"""

from __future__ import annotations

from aftercall.formats.capability_urls import is_capability
from aftercall.formats.text import MASKED
from aftercall.formats.urls import percent_decoded
from aftercall.masking.names import is_secret_parameter
from aftercall.masking.tokens import MIN_TOKEN, is_luhn, is_opaque, public_length

_DOCUMENT_SIGNS = ("://", "=", "{", "PRIVATE KEY", "Basic ", "Bearer ")
"""Signs of another URL or document in a percent-coded path segment: the segment is masked whole."""


def redact_url(url: str) -> str:
    """The URL with its secrets masked. The rest stays as it was written."""
    head, hash_mark, fragment = url.partition("#")
    address, question_mark, query = head.partition("?")
    masked = _mask_address(address) + question_mark + redact_form(query)
    # OAuth's implicit flow carries tokens in the fragment.
    return masked + hash_mark + redact_form(fragment)


def redact_form(text: str) -> str:
    """`a=1&token=x`: the form of query strings and of urlencoded bodies. Values that are URLs are masked in turn."""
    if "=" not in text:
        return text
    separator = ";" if "&" not in text and ";" in text else "&"
    return separator.join(_redact_pair(pair) for pair in text.split(separator))


def without_query(url: str) -> str:
    """Scheme, host and path: what a person needs to recognise a call."""
    return _mask_address(url.partition("#")[0].partition("?")[0])


def _redact_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals or not value:
        return pair
    if is_secret_parameter(percent_decoded(name)):
        return f"{name}={MASKED}"
    if "://" in value or "%3a%2f%2f" in value.lower():
        decoded = percent_decoded(value)
        masked = redact_url(decoded)
        return pair if masked == decoded else f"{name}={masked}"
    return pair


def _mask_address(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    if not separator:
        return _mask_path(address)
    authority, slash, path = rest.partition("/")
    user_info, at, host = authority.rpartition("@")
    shown = f"{MASKED}@{host}" if at and user_info else authority
    is_secret = is_capability(host, path)
    return f"{scheme}://{shown}{slash}{MASKED if is_secret else _mask_path(path)}"


def _mask_path(path: str) -> str:
    """Mask segments that are tokens: whoever knows such a URL may use it."""
    if len(path) < MIN_TOKEN:
        return path
    return "/".join(_mask_segment(segment) if len(segment) >= MIN_TOKEN else segment for segment in path.split("/"))


def _mask_segment(segment: str) -> str:
    plain = percent_decoded(segment)
    if "%" in segment and any(sign in plain for sign in _DOCUMENT_SIGNS):
        return MASKED
    digits = plain.replace("-", "").replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return MASKED if is_luhn(digits.encode()) else segment
    word = plain.rpartition(":")[2].encode("utf-8", "replace")
    public = public_length(word)
    if public is not None:
        return segment[: len(segment) - len(word) + public] + MASKED if "%" not in segment else MASKED
    return MASKED if is_opaque(word) and not plain.startswith("arn:") else segment
