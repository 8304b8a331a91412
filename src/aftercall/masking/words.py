"""Judges single words, once each: what a word names, is, or is a sign of."""

from __future__ import annotations

from aftercall.formats.urls import percent_decoded
from aftercall.masking.by_place import AZURE_VAULT, IN_VAULT, MEMBER_STEMS, MEMBERS, is_parameter
from aftercall.masking.by_shape import SIGN_STARTS, SIGN_STEMS, sign_of
from aftercall.masking.layers import is_base64_text, is_gzip
from aftercall.masking.named import YOUR_KEY
from aftercall.masking.names import NAME_STEMS, is_secret_name
from aftercall.masking.rules import STRICT, Rules
from aftercall.masking.scan import MAX_PARAMETER, NAME, TOKEN, Vocabulary
from aftercall.masking.tokens import MIN_TOKEN, TOKEN_STARTS, is_issued, is_opaque, public_length
from aftercall.masking.word import NOTHING, Word

_HALVES = frozenset(
    ("key", "keys", "code", "codes", "phrase", "pin", "token", "pass", "session", "tax", "national", "security", "card",
     "account", "passport", "access", "secret")
)  # fmt: skip
"""Words that name a secret with the one before or behind them: `api key`, `Verification code`, `session id`."""

_MAX_NAME = 80
_MIN_ISSUED = 35
_EVERY, _NEVER = 1, 1 << 30
_MIN_OPAQUE = 20

VOCABULARY = Vocabulary(
    (*NAME_STEMS, *SIGN_STEMS, *MEMBER_STEMS),
    (*TOKEN_STARTS, *SIGN_STARTS, b"H4s"),
)


def min_any(rules: Rules) -> int:
    """How long a word is at least that is worth a look whatever it is."""
    return _EVERY if rules.keys else _MIN_OPAQUE if rules.level == STRICT else _NEVER


def word_of(text: bytes, flags: int, rules: Rules) -> Word:
    word = _judge(text, flags, rules)
    rules.remember(text, word)
    return word


def _judge(text: bytes, flags: int, rules: Rules) -> Word:
    word = Word()
    if len(text) <= _MAX_NAME and (flags & NAME or rules.keys):
        _judge_name(word, text, rules)
    if len(text) >= MIN_TOKEN:
        _judge_value(word, text, rules)
    word.coded = word.coded or (len(text) < MIN_TOKEN and is_gzip(text))
    if flags & (NAME | TOKEN):  # so are all signs flagged
        word.sign = sign_of(text)
        word.members = IN_VAULT if text.endswith(AZURE_VAULT) else MEMBERS.get(text, word.members)
    word.parameter = len(text) <= MAX_PARAMETER and is_parameter(text)
    word.is_value = word.public >= 0 or word.coded
    is_something = word.name or word.half or word.is_value or word.sign or word.members or word.parameter
    return word if is_something else NOTHING


def _judge_name(word: Word, text: bytes, rules: Rules) -> None:
    bare = text.rstrip(b".-")  # a sentence may end with it
    word.after = len(text) - len(bare)
    name = _readable(bare)
    if rules.keys and rules.is_key(name):
        word.name, word.rule = name, f"{YOUR_KEY}{name.lower()}"
    elif rules.allows(name):
        return
    elif is_secret_name(name):
        word.name, word.rule = name, f"name:{name.lower()}"
    elif name.lower() in _HALVES:
        word.half = name


def _judge_value(word: Word, text: bytes, rules: Rules) -> None:
    public = public_length(text) if text[:3] in TOKEN_STARTS else None
    if public is not None:
        word.public = public
    elif len(text) >= _MIN_ISSUED and is_issued(text):
        word.public = 0
    elif is_base64_text(text) or (text.find(b".") >= 0 and any(map(is_base64_text, text.split(b".")))):
        word.coded = True
    elif rules.level == STRICT and is_opaque(text):
        word.public = 0


def _readable(word: bytes) -> str:
    """`user%5Bpassword%5D` is `user[password]`."""
    name = word.decode("latin-1")
    return percent_decoded(name) if "%" in name else name
