"""Which names of headers, keys, parameters and cookies mean secrets, in any spelling.

What the judgement needs is loaded with the first name that holds a stem of a secret's: name_strength.py. What stands
under such a name may still be none: under_name.py.
"""

from __future__ import annotations

from aftercall.masking import NONE

NAME_STEMS = (
    "pass", "pw", "pwd", "pswd", "secre", "segre", "token", "key", "cred", "auth", "cookie", "sig", "jwt", "jws",
    "otp", "cvv", "cvc", "cvn", "csc", "cvd", "cavv", "ssn", "srf", "hmac", "bearer", "mnemonic", "iban", "pin",
    "pan", "salt", "psk", "sid", "sess", "phrase", "code", "codic", "card", "ccount", "ccnum", "tax", "natio",
    "ecuri", "saml", "asser", "hashe", "hdn", "wofa", "2fa", "nswer", "once", "tysource", "pkce", "puk", "ptogram",
    "eycomb", "mdp", "eslo", "aslo", "zink", "jels", "asana", "nnus", "arola", "kata", "khau", "kode", "adga",
    "enord", "tazo", "rasen", "nha", "ifre", "wacht", "nnwo", "eheim", "sahi", "lyki", "fjal", "zapor", "sandi",
    "rasina", "hiave", "lave", "secure", "pepper", "encry", "sonar", "ptch", "tkn", "kek", "dek", "sas", "klucz",
    "klic", "kunc", "hlues", "crumb", "tan", "ccessor", "nmp", "ser_h", "serH", "magic",
)  # fmt: skip
"""Each name that is called secret holds one of these, or one of secret_words.FOREIGN."""

_STARTS = frozenset(stem[:3] for stem in NAME_STEMS if len(stem) > 2)
_TWO_LETTERS = tuple(stem for stem in NAME_STEMS if len(stem) < 3)

PARAMETERS = frozenset(
    """
    key code access ticket appid t s k p h st sk tk tok hash md5 sso awsaccesskeyid subscription-key oobcode wresult
    id_token_hint auth_key magic
    """.split()
)
"""In query strings these carry API keys, tickets and OAuth codes; in JSON anything has such names. url_fields.py asks
some of them for their values as well."""

_HEADERS = frozenset(
    ("authentication-info", "cookie2", "dpop", "x-origin-verify", "x-jfrog-art-api", "x-amzn-oidc-data")
)
_NO_SECRETS = ("-email", "-user", "-username", "-id", "-type", "-method", "-mode", "-url", "-name")

_MAX_CHARS = 256
"""So many last characters of a name are judged."""

_known: dict[str, int] = {}
_MAX_KNOWN = 2048
_MAX_KNOWN_CHARS = 128
"""The longest name that is remembered."""


def strength_of(name: str) -> int:
    known = _known.get(name)
    if known is None:
        known = _judge(name)
        if len(name) <= _MAX_KNOWN_CHARS:
            if len(_known) >= _MAX_KNOWN:
                _known.clear()
            _known[name] = known
    return known


def is_secret_name(name: str) -> bool:
    """For keys in JSON and forms, variables, attributes, elements."""
    return strength_of(name) != NONE


def is_secret_parameter(name: str) -> bool:
    """For query strings and fragments."""
    return strength_of(name) != NONE or name.lower() in PARAMETERS


def is_secret_header(name: str) -> bool:
    """For the headers of requests and responses."""
    lower = name.lower()
    if lower.startswith("access-control-"):  # CORS: names of headers and methods
        return False
    return strength_of(name) != NONE or lower in _HEADERS or _is_own_header(lower)


def _judge(name: str) -> int:
    name = name[-_MAX_CHARS:]
    if name.isascii() and not _has_stem(name.lower()):
        return NONE
    from aftercall.masking.name_strength import judge  # noqa: PLC0415 - many functions never see such a name

    return judge(name)


def _has_stem(lower: str) -> bool:
    starts = [lower[at : at + 3] for at in range(len(lower) - 2)]
    return not _STARTS.isdisjoint(starts) or any(stem in lower for stem in _TWO_LETTERS)


def _is_own_header(lower: str) -> bool:
    """`X-Acme-Auth-Data`, `X-Client-Token`: what people call their own."""
    if lower.startswith("x-") and "auth" in lower.split("-"):
        return not lower.endswith(_NO_SECRETS)
    return lower.endswith(("-client-token", "-service-token"))
