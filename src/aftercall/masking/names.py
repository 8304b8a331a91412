"""Which names of headers, keys, parameters and cookies mean secrets, in any spelling: name_strength.py.

What stands under such a name may still be none: under_name.py.
"""

from __future__ import annotations

from aftercall.masking.cookie_names import is_secret_cookie
from aftercall.masking.name_strength import NAME_STEMS, NONE, strength_of
from aftercall.masking.name_words import words_of
from aftercall.masking.secret_words import FOREIGN

__all__ = [
    "FOREIGN", "NAME_STEMS", "is_secret_cookie", "is_secret_header", "is_secret_name", "is_secret_parameter",
    "strength_of", "words_of",
]  # fmt: skip

_PARAMETERS = frozenset(
    """
    key code access ticket appid t s k p h sk tok tkn md5 st hash auth_key awsaccesskeyid subscription-key oobcode
    wresult sso id_token_hint
    """.split()
)
"""In query strings these carry API keys, tickets and OAuth codes; in JSON anything has such names."""

_HEADERS = frozenset(
    ("authentication-info", "cookie2", "dpop", "x-origin-verify", "x-jfrog-art-api", "x-amzn-oidc-data")
)
_NO_HEADERS = frozenset(("authority", "author", "email", "user", "username", "id", "type", "method", "mode", "url"))


def is_secret_name(name: str) -> bool:
    """For keys in JSON and forms, variables, attributes, elements."""
    return strength_of(name) != NONE


def is_secret_parameter(name: str) -> bool:
    """For query strings and fragments."""
    return strength_of(name) != NONE or name.lower() in _PARAMETERS


def is_secret_header(name: str) -> bool:
    """For the headers of requests and responses."""
    return strength_of(name) != NONE or name.lower() in _HEADERS or _is_own_header(name)


def _is_own_header(name: str) -> bool:
    """`X-Acme-Auth-Data`, `X-Client-Token`: what people call their own headers."""
    lower = name.lower()
    if lower.startswith("x-") and "auth" in lower:
        words = words_of(name)
        return "auth" in words and words[-1] not in _NO_HEADERS
    return lower.endswith(("-client-token", "-service-token"))
