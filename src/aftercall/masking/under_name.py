"""Whether what stands under a secret's name is surely no secret, decided by the value, and by how sure the name is.

Under a strong name (`password`) only what nobody chooses as a secret is harmless: marks, placeholders, ARNs, words of
schemas, messages of validators. Under a weak one (`token`, `session`) plain words, small numbers and prose are too.
Under a faint one (`routing_key`) all is harmless but what looks random.
"""

from __future__ import annotations

from aftercall.masking import FAINT, STRONG
from aftercall.masking.name_words import words_of
from aftercall.masking.names import is_secret_name, strength_of
from aftercall.masking.plain_value import (
    MAX_CHARS,
    is_mark,
    is_placeholder,
    is_plain_word,
    is_plain_words,
    is_small_number,
    is_to_be_filled,
)
from aftercall.masking.randomness import is_random
from aftercall.masking.secret_words import FAINT_NAMES
from aftercall.masking.tokens import MIN_TOKEN, public_length
from aftercall.masking.validators import is_message

_SCHEMA = frozenset(
    """
    required optional string str number integer int boolean bool object array list map text varchar binary bytes blob
    nullable readonly writeonly write-only read-only securestring secretstr any
    include omit same-origin bearer basic digest hmac enabled disabled default
    missing invalid expired incorrect wrong mismatch valid ok provided present absent blank changed unchanged
    read write none not_supported unsupported tbd todo
    updated created rotated revoked active inactive pending failed success denied forbidden unauthorized fetch
    """.split()
)
"""What schemas, options of `fetch` and states say in the place of a value."""

_ARN = ("arn:aws", "arn:${")
_DURATION_UNITS = frozenset("ms s sec m min h d w y days hours minutes seconds bytes characters chars".split())
_FILES = frozenset("key keys credential credentials creds cookie cookies cert pwd".split())
"""Names whose values may be paths of files or addresses; `PWD` is the shell's directory, and a password elsewhere."""

_PLACES = frozenset("token auth authentication authorization session cookie signature key".split())
_COUNTS = frozenset(("tokens", "assertions"))
_NUMBERS = frozenset(("pin", "pan"))
"""Names whose secrets are digits."""

_DIGESTS = frozenset(("sha1", "sha256", "sha384", "sha512"))
_ROOTS = tuple(
    f"/{folder}/"
    for folder in ("etc", "run", "var", "home", "root", "opt", "srv", "mnt", "tmp", "usr", "app", "secrets")
)
"""A path that begins so is no secret under any name: `PASSWORD=/run/secrets/db`."""

_BASE64_KEYS = (24, 44, 88)
_SHORT = 5
_MAX_TIME, _MAX_ID, _MIN_MIXED, _MIN_KEY = 32, 8, 12, 24
_MAX_JOINED = 2
_NOT_MIXED = ("arn:", "S-1-", "method.", "integration.", "os.", "process.", "var.", "data.", "module.", "local.")
_SAID = ("$request.", "method.request.", "$context.", "$stageVariables.", "integration.request.")
"""API Gateway's names for parts of a request."""


_known: dict[tuple[str, str, bool], str] = {}
_MAX_KNOWN = 1_024
"""Tokens and users come again in each call."""


def is_harmless(name: str, value: str, *, quoted: bool) -> bool:
    """`quoted`: the value was a string, not a number or a bare word."""
    return why_harmless(name, value, quoted=quoted) != ""


def why_harmless(name: str, value: str, *, quoted: bool) -> str:
    """The reason, as `aftercall check` tells it; empty for a secret."""
    known = _known.get((name, value, quoted))
    if known is None:
        known = _judge(name, value, quoted=quoted)
        if len(value) <= MAX_CHARS:
            if len(_known) >= _MAX_KNOWN:
                _known.clear()
            _known[(name, value, quoted)] = known
    return known


def _judge(name: str, value: str, *, quoted: bool) -> str:  # noqa: PLR0911 - the quick ways first
    value, strength = value.strip(), strength_of(name)
    if strength == STRONG and len(value) >= _MIN_MIXED and _is_mixed(value):
        return ""  # so are most secrets, and nothing that is harmless
    if is_mark(value):
        return "it says that there is no value, or that it is hidden"
    if len(value) > MAX_CHARS:
        return ""
    if reason := _why_of_value(value):
        return reason
    if _is_name(value, name, strength):
        return "a secret's name, where its value would stand"
    if name.lower() == "key":  # so are keys of objects and of tags called
        return "" if _may_be_key(value) else "a key of an object or a tag, not drawn at random"
    if strength == FAINT:
        return "the name is doubtful, and the value is not drawn at random" if _is_faint(name, value) else ""
    return _judge_plain(name, value, strength, quoted=quoted)


def _why_of_value(value: str) -> str:
    """What is no secret under any name."""
    if is_placeholder(value) or is_to_be_filled(value):
        return "a placeholder"
    if value.lower() in _SCHEMA:
        return "a word of schemas, options and states"
    if _is_reference(value):
        return "it refers to something by its name"
    return "a time" if _is_time(value) else ""


def _judge_plain(name: str, value: str, strength: int, *, quoted: bool) -> str:
    if " " in value and is_message(value, strictly=_is_phrase(name)):
        return "the message of a validator"
    if _is_place(name, value):
        return "a path or an address"
    if _is_duration(value) and (strength != STRONG or len(value) <= _SHORT or " " in value):
        return "a duration"
    if strength != STRONG and _is_plain(name, value, quoted=quoted):
        return "a plain word, a small number, a version or an id, which the name may stand for as well"
    return ""


def _may_be_key(value: str) -> bool:
    is_path = ("/" in value and not _is_whole_base64(value)) or "." in value
    return len(value) >= _MIN_KEY and not is_path and may_be_random(value)


def _is_faint(name: str, value: str) -> bool:
    letters = _letters(name)
    if letters in FAINT_NAMES:  # `prod/db-a1b2c3` is AWS's, a UUID Vault's
        is_random = value.isalnum() and may_be_random(value)
        return not is_random and not (_is_uuid(value) and letters == "secretid")
    return _is_digest(value) or (not may_be_random(value) and _may_be_id(value))


def _is_mixed(value: str) -> bool:
    """Letters and digits without a blank or a slash, and no ARN and no time."""
    if not value[0].isalnum() or value[4:5] == "-" or " " in value or "/" in value or value.startswith(_NOT_MIXED):
        return False
    return not value.isalpha() and any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def _is_time(value: str) -> bool:
    """`2025-01-01`, `2025-01-01T00:00:00Z`."""
    if value[4:5] != "-" or value[7:8] != "-" or len(value) > _MAX_TIME:
        return False
    return value[10:11] in {"", "T", " "} and not value.strip("0123456789-:.TZ+ ")


def _is_name(value: str, name: str, strength: int) -> bool:
    """A secret's name where its value would stand: a label, a key that leads to it. `supersecret` may be a password."""
    if not is_plain_words(value) or any(map(str.isdigit, value)):
        return False
    if strength < STRONG or name.lower().endswith("secretkey"):  # External Secrets' `secretKey: password`
        return is_secret_name(value)
    is_of_words = "_" in value or "-" in value
    return _letters(value) in _letters(name) or (is_of_words and "secret" in name.lower() and is_secret_name(value))


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text.lower()))


def _may_be_id(value: str) -> bool:
    """Short, a UUID, or plain words and numbers: `orders.created`, `user:17`."""
    if len(value) <= _MAX_ID or _is_uuid(value):
        return True
    for sign in "-_/.:#@=|+,":
        value = value.replace(sign, " ")
    return all(map(is_plain_word, value.split()))


def _is_whole_base64(value: str) -> bool:
    """Of 16, 32 or 64 bytes, as keys are long."""
    return len(value) in _BASE64_KEYS and value[-1] == "="


def _is_digest(value: str) -> bool:
    """`sha256:` and hexadecimal, as certificates and images are named."""
    kind, _, digest = value.partition(":")
    return kind in _DIGESTS and not digest.strip("0123456789abcdef")


def _is_uuid(value: str) -> bool:
    return len(value) == 36 and value.count("-") == 4 and not value.strip("0123456789abcdefABCDEF-")


def _is_reference(value: str) -> bool:
    if value.startswith("urn:"):
        return is_plain_words(value)
    return (value.startswith(_ARN) and value.count(":") >= 5 and " " not in value) or value.startswith(_SAID)


def may_be_random(value: str) -> bool:
    """A token, or what looks drawn by chance."""
    word = value.encode("utf-8", "replace")
    return is_random(word) or (len(word) >= MIN_TOKEN and public_length(word) is not None)


def _is_phrase(name: str) -> bool:
    lower = name.lower()
    return "phrase" in lower or "mnemonic" in lower or "seed" in lower


# Files and addresses


def _is_place(name: str, value: str) -> bool:
    """A file's path or a URL where the name allows it, without anything in it that may be secret."""
    if not ("/" in value or "\\" in value) or " " in value:
        return False
    head, _, path = value.partition(":")
    if path.startswith(_ROOTS) and head.isalpha():  # systemd's `LoadCredential=db:/etc/creds/db`
        value = path
    if value.startswith(_ROOTS):
        return _are_plain(value.strip("/").split("/"))
    last = (words_of(name) or [""])[-1]
    if last in _FILES and (value.startswith(("/", "~/", "./", "../")) or value[1:3] in {":\\", ":/"}):
        return _are_plain(value.replace("\\", "/").strip("~/.").split("/"))
    scheme, separator, rest = value.partition("://")
    if separator and (last in _FILES or last in _PLACES) and scheme in {"http", "https", "file", "s3", "gs"}:
        return "@" not in rest and "?" not in rest and "#" not in rest and _are_plain(rest.rstrip("/").split("/"))
    return False


def is_path_in_store(value: str) -> bool:
    """`images/cat.png`: an object's key in S3 and its like."""
    return "/" in value.strip("/") and "." in value and "://" not in value and _are_plain(value.split("/"))


def _are_plain(segments: list[str]) -> bool:
    return all(_is_plain_segment(segment) for segment in segments) and len("".join(segments)) > 2


def _is_plain_segment(segment: str) -> bool:
    words = segment.replace("-", " ").replace("_", " ").replace(".", " ").replace(":", " ").split()
    return all(is_plain_word(word) for word in words)


# Plain values


def _is_duration(value: str) -> bool:
    """`30s`, `15 min`, `PT15M`."""
    if value[:1] == "P" and value.strip("PTYMWDHS0123456789.") == "" and value[-1:].isalpha() and len(value) > 2:
        return value[1:2].isdigit() or value[1:2] == "T"
    digits = value.rstrip("abcdefghijklmnopqrstuvwxyz")
    return digits.strip().isdigit() and len(digits) < 6 and value[len(digits) :] in _DURATION_UNITS


def _is_plain(name: str, value: str, *, quoted: bool) -> bool:
    """Under a name that other things have as well."""
    words = words_of(name)
    last = words[-1] if words else ""
    if not any(map(str.isalnum, value)):
        return last == "token"  # a model's
    if is_small_number(value):
        return last in _COUNTS or len(value) < (3 if last in _NUMBERS else 4)
    if (value[0] in "vV" and is_small_number(value[1:])) or _is_version(value) or _is_line(value):
        return True
    if not quoted and len(words) == 1 and is_plain_word(value) and len(value) > _SHORT + 3:
        return True  # `unexpected token: identifier1`
    return _is_prose(value) or (last == "sid" and _is_sid(value))


def _is_version(value: str) -> bool:
    """`^4.2.7`, under the name of a package."""
    parts = value.lstrip("^~<>=v ").split(".")
    return len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts)


def _is_line(value: str) -> bool:
    """`login:41`: a function and a line of code, behind the name of a module."""
    function, colon, line = value.partition(":")
    return bool(colon) and is_small_number(line) and is_plain_words(function) and not any(map(str.isdigit, function))


def _is_sid(value: str) -> bool:
    """Twilio's ids, Windows' security identifiers."""
    if value.startswith("S-1-"):
        return not value[2:].strip("0123456789-")
    return len(value) == 34 and value[:2].isupper() and value[:2] != "SK" and not value[2:].strip("0123456789abcdef")


def _is_prose(value: str) -> bool:
    """Words of letters: `Hello`, `same-site`, `not needed here`. Many with dashes may be drawn from a list."""
    text = value.strip(" .,;:!?()'\"\u0120\u2581")
    joined = text.replace("-", "_").count("_") + text.count(".")
    return joined < _MAX_JOINED and is_plain_words(text) and not any(map(str.isdigit, text))
