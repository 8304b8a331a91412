"""Masks what is secret in a URL: user info, and the values of parameters whose names say so.

By string methods alone: every call has a URL, and regular expressions take longer to import than all URLs to mask.
"""

from __future__ import annotations

from aftercall.pipeline.names import is_secret_parameter
from aftercall.pipeline.record import MASKED

_HEX = "0123456789abcdefABCDEF"


def redact_url(url: str) -> str:
    """Everything but the secrets stays as it was written."""
    head, hash_mark, fragment = url.partition("#")
    address, question_mark, query = head.partition("?")
    masked = _mask_user_info(address) + question_mark + redact_form(query)
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
    return _mask_user_info(url.partition("#")[0].partition("?")[0])


def percent_decoded(text: str) -> str:
    """`%41+b` -> `A b`, as forms mean it. What is not UTF-8 is replaced."""
    if "%" not in text:
        return text.replace("+", " ")
    first, *others = text.replace("+", " ").encode("utf-8", "surrogatepass").split(b"%")
    found = [first]
    for piece in others:
        digits = piece[:2].decode("latin-1")
        if len(digits) == 2 and not digits.strip(_HEX):
            found.append(bytes((int(digits, 16),)) + piece[2:])
        else:
            found.append(b"%" + piece)
    return b"".join(found).decode("utf-8", "replace")


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


def _mask_user_info(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address
    authority, slash, path = rest.partition("/")
    user_info, at, host = authority.rpartition("@")
    return f"{scheme}://{MASKED}@{host}{slash}{path}" if at and user_info else address
