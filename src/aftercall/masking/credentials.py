"""Headers of credentials in pairs: `Authorization: Digest username="jo", realm="shop", response="..."`.

The scheme and the names stay, and values that are plain words, which tell how a request was signed.
"""

from __future__ import annotations

from aftercall.formats.text import MASKED
from aftercall.masking import NONE
from aftercall.masking.names import strength_of
from aftercall.masking.plain_value import is_plain_words

_HEADERS = ("authorization", "signature", "signature-input")
_MAX_PAIRS = 32
_TELLING = frozenset(
    ("algorithm", "alg", "oauth_signature_method", "oauth_version", "oauth_timestamp", "qop", "nc", "created",
     "expires")
)  # fmt: skip
"""They say how and when a request was signed, in numbers and names such as `rsa-sha256`."""

_MAX_TELLING = 24
_MAX_KEY, _MAX_CAPITALS = 24, 3
_WHOLE = frozenset(("basic", "bearer", "token", "negotiate"))


def redact_credentials(name: str, value: str) -> str:
    """The value of a header that is secret by its name; masked as a whole if it is not all pairs."""
    scheme, blank, rest = value.partition(" ")
    if not name.lower().endswith(_HEADERS):
        return MASKED
    if "=" in scheme:
        scheme, blank, rest = "", "", value
    separator = "," if "," in rest else ";"
    pairs = [pair.partition("=") for pair in rest.split(separator, _MAX_PAIRS)]
    is_scheme = scheme.replace("-", "").isalnum() and scheme.lower() not in _WHOLE
    if len(pairs) < 2 or (scheme and not is_scheme) or not all(equals and _is_name(key) for key, equals, _ in pairs):
        return MASKED
    return scheme + blank + separator.join([_shown(*pair) for pair in pairs])


def _shown(key: str, _: str, value: str) -> str:
    plain = value.strip().strip('"').replace(";", " ").replace("(", " ").replace(")", " ")
    is_plain = _is_telling(key.strip().lower(), plain) or (strength_of(key.strip()) == NONE and is_plain_words(plain))
    return f"{key}={value if is_plain else MASKED}"


def _is_telling(key: str, value: str) -> bool:
    return key in _TELLING and len(value) <= _MAX_TELLING and value.replace("-", "").replace(".", "").isalnum()


def _is_name(key: str) -> bool:
    """`keyId`, `oauth_token`; not a piece of base64."""
    letters = key.strip().replace("-", "").replace("_", "")
    return letters.isalpha() and len(letters) <= _MAX_KEY and sum(map(str.isupper, letters)) <= _MAX_CAPITALS
