"""Values that are no secrets whatever stands around them: marks, placeholders, plain words, small numbers, messages.

By string methods alone, each in time linear in the value's length; long values are none of these.
"""

from __future__ import annotations

MAX_CHARS = 512
"""A longer value is never plain."""

_MARKS = frozenset(
    """
    null true false none nil undefined nan yes no on off n/a redacted masked hidden filtered removed censored omitted
    sensitive protected secret obfuscated encrypted unset empty unknown deleted
    """.split()
)
_BRACKETS = {"[": "]", "(": ")", "{": "}", "<": ">", "«": "»", "*": "*"}
_REPEATED = frozenset("*xX•#-_.·●?+ ")
_NOT_MARKS = frozenset(("secret", "encrypted", "protected", "sensitive"))
"""Marks only in brackets: `<secret>`."""

_PHRASES = frozenset(
    """
    known after apply|sensitive value|not set|not shown|value hidden|hidden due to security reasons|object object
    |masked value|redacted value|not available
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_SEPARATORS = "-_/.,:+|"
_MAX_WORD = 20
_VOWELS = "aeiouyAEIOUY"
_WITHOUT_VOWELS = dict.fromkeys(map(ord, _VOWELS), " ")
_MAX_END = 5
_MAX_CONSONANTS = 5
"""In a row, in a word of Latin letters: `lengths`. Random letters have more."""


def is_mark(value: str) -> bool:
    """It says that there is no value, or that it was masked: `null`, `[REDACTED]`, `****`, `xxxx`."""
    if len(value) > MAX_CHARS:
        return False
    if len(value) < 2 or not value.strip(value[0]):
        return not value.strip() or value[0] in _REPEATED
    if len(value.lstrip("*")) <= _MAX_END and value.startswith("********"):
        return True  # `***********1a2b3`
    inner = _inner(value)
    word = inner.lower().replace("_", " ")
    if word in _MARKS:
        return word not in _NOT_MARKS or len(inner) < len(value)
    return not word or word in _PHRASES


def _inner(value: str) -> str:
    """Without the brackets around it."""
    while len(value) > 1 and _BRACKETS.get(value[0]) == value[-1]:
        value = value[1:-1].strip()
    return value


def is_to_be_filled(value: str) -> bool:
    """`<your-api-key>`, `YOUR_TOKEN_HERE`, `replace_me`."""
    words = _inner(value).lower().replace("-", " ").replace("_", " ").split()
    return len(words) > 1 and words[0] in _TO_FILL and all(word.isalpha() and len(word) < 10 for word in words)


def is_placeholder(value: str) -> bool:
    """A secret's name where its value will stand: `${DB_PASSWORD}`, `{{ secrets.X }}`, `process.env.X`, `$(cat x)`."""
    if len(value) > MAX_CHARS or len(value) < 2:
        return False
    if not value.startswith(_BEGINNINGS):
        return False
    for opening, closing in _AROUND:
        if value.startswith(opening) and value.endswith(closing):
            return _is_reference(value[len(opening) : len(value) - len(closing)])
    for beginning in _BEFORE:
        if value.startswith(beginning):
            return _is_reference(value[len(beginning) :].rstrip(")]"))
    return value[0] in "$%" and _is_constant(value.strip("$%"))


_AROUND = (
    ("${{", "}}"), ("{{", "}}"), ("${", "}"), ("$(", ")"), ("#{", "}"), ("%{", "}"), ("<%=", "%>"), ("@{", "}"),
    ("@Microsoft.KeyVault(", ")"),
)  # fmt: skip
_BEFORE = (
    "process.env.", "process.env[", "os.environ[", "os.environ.get(", "os.getenv(", "os.Getenv(", "System.getenv(",
    "ENV[", "ENV.fetch(", "env(", "getenv(", "import.meta.env.", "Deno.env.get(", "Environment.GetEnvironmentVariable(",
    "!Ref ", "!GetAtt ", "!ImportValue ", "!Sub ", "var.", "local.", "data.aws_", "module.", "secretRef:", "op://",
    "vault:", "ssm:/", "awssm://", "ref+",
)  # fmt: skip
_BEGINNINGS = (*(opening for opening, _ in _AROUND), *_BEFORE, "$", "%")
_TO_FILL = frozenset(("your", "replace", "insert", "enter"))
_REFERENCE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/: \"'|()[]$<>{};=,#@")


def _is_reference(inner: str) -> bool:
    """Names of variables, perhaps with the path or the function they are read by; no default that may be a secret."""
    if not inner.strip() or ":-" in inner or ":=" in inner or not _REFERENCE.issuperset(inner):
        return False
    words = "".join([letter if letter.isalnum() else " " for letter in inner]).split()
    return bool(words) and all(is_plain_word(word) or _is_constant(word) or _is_camel(word) for word in words)


def _is_constant(word: str) -> bool:
    return bool(word) and word.isascii() and word.isupper() and word.replace("_", "").isalpha() and len(word) >= 3


def _is_camel(word: str) -> bool:
    return word.isascii() and word.isalpha()


def is_plain_word(word: str) -> bool:
    """`word`, `Word` or `WORD`, not too long, perhaps with one or two digits at its end as in `api2`; or digits."""
    if word.isascii() and word.isdigit():
        return len(word) <= 6
    letters = word.rstrip("0123456789")
    return len(word) - len(letters) <= 2 and _is_letters(letters)


def is_plain_words(text: str) -> bool:
    """Plain words without digits, or numbers, between separators: `same-origin`, `de_DE`, `Europe/Berlin`, `1.2.3`."""
    if not text or len(text) > MAX_CHARS:
        return False
    for separator in _SEPARATORS:
        text = text.replace(separator, " ")
    words = text.split()
    return bool(words) and all(
        _is_letters(word) or (word.isascii() and word.isdigit() and len(word) < 5) for word in words
    )


def _is_letters(word: str) -> bool:
    if not word.isalpha() or len(word) > _MAX_WORD or not (word.islower() or word.isupper() or word.istitle()):
        return False
    return not word.isascii() or max(map(len, word.translate(_WITHOUT_VOWELS).split()), default=0) <= _MAX_CONSONANTS


def is_small_number(text: str) -> bool:
    digits = text.strip().lstrip("+-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit() and len(digits) <= 6
