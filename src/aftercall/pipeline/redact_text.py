"""Masks secrets in bodies, headers and messages of whatever format, also of one that was cut off anywhere.

A text is taken apart into its distinct words by three calls into C; only words that could be a secret, or name one, are
looked at further, and only around them is the text looked into. So what holds no secret costs nearly nothing, and
time is linear in the text's length whatever is in it.
Imports `re`; loaded only when there is a body, header or message to mask.
"""

from __future__ import annotations

import re
from itertools import compress

from aftercall.pipeline.coded import BASE64_BYTES, find_base64, find_percent_coded, is_base64_text
from aftercall.pipeline.escapes import without_cut_escape, without_escaped_letters
from aftercall.pipeline.named import find_named
from aftercall.pipeline.names import is_secret_name
from aftercall.pipeline.pairs import find_cut_pair
from aftercall.pipeline.redact_url import percent_decoded
from aftercall.pipeline.rules import BASIC, STRICT, Rules
from aftercall.pipeline.shapes import SCHEMES, find_schemes, find_shapes
from aftercall.pipeline.spans import Findings
from aftercall.pipeline.tokens import MIN_TOKEN, TOKEN_STARTS, is_luhn, is_opaque, public_length
from aftercall.pipeline.values import mask_cookies

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE64_SEPARATED = bytes(byte if byte in BASE64_BYTES else 32 for byte in range(256))
_STEMS = (
    b"pass", b"pwd", b"secret", b"token", b"key", b"cred", b"sig", b"auth", b"cookie", b"jwt", b"otp", b"cv", b"ssn",
    b"sess", b"sid", b"pin", b"pw", b"hmac", b"bearer", b"phrase", b"mnemonic", b"card", b"iban", b"security", b"pan",
    b"srf", b"account", b"code", b"assertion", b"saml",
)  # fmt: skip
"""Every name that names.py calls a secret holds one of these."""

_BESIDE = {
    b"grant_type": frozenset((b"code",)),
    b"code_verifier": frozenset((b"code",)),
    b"kty": frozenset((b"d", b"p", b"q", b"dp", b"dq", b"qi", b"k")),
}
"""Names of secrets only beside another: in OAuth's token requests (RFC 6749, RFC 7636) and JSON web keys (RFC 7518)."""

_EXTENT = re.compile(rb"[A-Za-z0-9_.+/=~-]*")
_CARDS_BEGIN = b"23456"
_CARD = re.compile(rb"[2-6](?:[ +-]?\d){12,18}(?!\w)")
_CARD_GROUP = 4
"""Digits in the first group of a card number that is written in groups."""

_AWS_SECRET = 40
"""Characters of a secret access key."""

_PASSWORD_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.~%!#@^*$-"
_MIN_CUT_WORD, _MAX_CUT_WORD = 7, 2_048
_CUT_DIGITS = re.compile(rb"(?:\d[ +-]?){6,}\Z")
_DEFAULT = Rules()


def redact_text(text: str, rules: Rules = _DEFAULT, *, truncated: bool = False) -> str:
    """What may be seen of a text. `truncated`: its end was cut off."""
    return redact_bytes(text.encode("utf-8", "replace"), rules, truncated=truncated).decode("utf-8", "replace")


def redact_bytes(data: bytes, rules: Rules = _DEFAULT, *, truncated: bool = False) -> bytes:
    findings = find(data, rules, truncated=truncated)
    if rules.audit is not None:
        rules.audit += [rule for _, _, _, rule in findings.ordered()]
    return findings.masked()


def redact_cookie(value: str) -> str:
    """A Cookie or Set-Cookie header."""
    findings = Findings(value.encode("utf-8", "replace"), _DEFAULT, truncated=False)
    mask_cookies(findings, 0, len(findings.data), "cookie")
    return findings.masked().decode("utf-8", "replace")


def find(data: bytes, rules: Rules = _DEFAULT, *, truncated: bool, depth: int = 0) -> Findings:
    """Every secret in the text. `findings.data` is the text as the spans count it: escapes of letters are undone."""
    if b"\\" in data:
        data = without_escaped_letters(without_cut_escape(data) if truncated else data)
    findings = Findings(data, rules, truncated=truncated, depth=depth)
    _find_environment(findings)
    _find_words(findings)
    if b"%" in data:
        find_percent_coded(findings, _mask_inner)
    find_shapes(findings)
    for start, end in rules.matches(data):
        findings.add(start, end, "your pattern")
    if truncated:
        _find_cut(findings)
    return findings


def _mask_inner(plain: bytes, around: Findings, cut: bool) -> bytes:
    return find(plain, around.rules, truncated=cut, depth=around.depth + 1).masked()


# Words


def _find_words(findings: Findings) -> None:
    rules = findings.rules
    words = findings.words.distinct - rules.harmless
    names = _names(words, rules) if words else {}
    for sign, beside in _BESIDE.items():
        if sign in findings.words.distinct:
            names.update(dict.fromkeys(beside & findings.words.distinct, "name"))
    if names:
        find_named(findings, names)
    tokens, coded, cards = _sorted(words, rules)
    if tokens:
        _find_tokens(findings, tokens)
    if coded:
        find_base64(findings, coded, _mask_inner)
    if cards:
        _find_cards(findings, cards)
    schemes = SCHEMES & words
    if schemes:
        find_schemes(findings, schemes)
    words -= coded
    rules.remember(words.difference(names, tokens, cards, schemes))


def _sorted(words: set[bytes], rules: Rules) -> tuple[dict[bytes, int], set[bytes], set[bytes]]:
    """The words that are worth a second look: tokens with how much of each may be seen, base64, starts of cards."""
    tokens: dict[bytes, int] = {}
    coded: set[bytes] = set()
    cards = {word for word in words if len(word) == _CARD_GROUP and word.isdigit() and b"2220" < word < b"7"}
    for word in [word for word in words if len(word) >= MIN_TOKEN]:
        public = public_length(word) if word[:3] in TOKEN_STARTS else None
        if public is not None:
            tokens[word] = public
        elif is_base64_text(word) or (b"." in word and any(map(is_base64_text, word.split(b".")))):
            coded.add(word)
        elif rules.level == STRICT and is_opaque(word):
            tokens[word] = 0
        elif word[0] in _CARDS_BEGIN and word.replace(b"-", b"").isdigit():
            cards.add(word)
    return tokens, coded, cards


def _names(words: set[bytes], rules: Rules) -> dict[bytes, str]:
    """The words that name secrets. Each stem is searched once in all words together, which takes microseconds."""
    joined = b" " + b" ".join(words) + b" "
    lower = joined.lower()
    found: dict[bytes, str] = {}
    seen: set[int] = set()
    for stem in _STEMS:
        at = lower.find(stem)
        while at >= 0:
            start, end = lower.rfind(b" ", 0, at) + 1, lower.find(b" ", at)
            if start not in seen and end - start <= 80:
                seen.add(start)
                name = _readable(joined[start:end])
                if is_secret_name(name) and not rules.allows(name):
                    found[joined[start:end]] = "name"
            at = lower.find(stem, end)
    if rules.keys:
        found.update((word, "your key") for word in words if len(word) <= 80 and rules.is_key(word.decode("latin-1")))
    return found


def _readable(word: bytes) -> str:
    """`user%5Bpassword%5D` is `user[password]`."""
    name = word.decode("latin-1")
    return percent_decoded(name) if "%" in name else name


def _find_tokens(findings: Findings, tokens: dict[bytes, int]) -> None:
    """`tokens`: words, and how many first characters of each may be seen."""
    data = findings.data
    for at, end in findings.words.places(tokens):
        word = data[at:end]
        public = tokens[word]
        extent = _EXTENT.match(data, end)
        rule = f"token:{word[:public].decode('latin-1')}" if public < 20 else "token:JWT"
        findings.add(at + public, extent.end() if extent and public else end, rule if public else "opaque")
    if any(word[:4] in {b"AKIA", b"ASIA"} for word in tokens):
        _find_aws_secrets(findings)


def _find_aws_secrets(findings: Findings) -> None:
    """Beside a key id, forty characters of base64 are the key itself."""
    separated = findings.view.translate(_BASE64_SEPARATED)
    words = separated.split()
    at = 0
    for word in compress(words, map(_AWS_SECRET.__eq__, map(len, words))):
        at = separated.find(word, at)  # in order: no byte is searched twice
        if not word.islower() and not word.isupper() and word.strip(b"0123456789abcdefABCDEF"):
            findings.add(at, at + len(word), "AWS secret key")
        at += len(word)


def _find_cards(findings: Findings, beginnings: set[bytes]) -> None:
    """`beginnings`: the words that a card number could begin with."""
    for start, _ in findings.words.places(beginnings):
        card = _CARD.match(findings.view, start)
        if card is not None and is_luhn(card.group().translate(None, b" +-")):
            before = findings.data[max(0, start - 8) : start].rstrip(b" ")
            number = before.endswith((b'":', b"[")) and card.group().isdigit()
            slashes = len(before) - 2 - len(before[:-2].rstrip(b"\\")) if before.endswith(b'":') else 0
            quote = b"\\" * slashes + b'"' if number else b""
            findings.add(start, card.end(), "card number", quote + b"<masked>" + quote)


def _find_environment(findings: Findings) -> None:
    """Values of the function's own secret variables, wherever they stand."""
    data = findings.data
    for name, forms in findings.rules.environment:
        for value in forms:
            at = data.find(value)
            while at >= 0:
                findings.add(at, at + len(value), f"variable:{name}")
                at = data.find(value, at + len(value))
        if findings.truncated:
            _find_cut_value(findings, name, forms)


def _find_cut_value(findings: Findings, name: str, forms: tuple[bytes, ...]) -> None:
    data = findings.data
    for value in forms:
        tail = data[-len(value) + 1 :]
        at = tail.find(value[:6])
        while at >= 0:
            if value.startswith(tail[at:]):
                findings.add(len(data) - len(tail) + at, len(data), f"variable:{name}")
                break
            at = tail.find(value[:6], at + 1)


def _find_cut(findings: Findings) -> None:
    """Half of a secret is not known by its whole form: the last word of a cut text goes when it could be one."""
    data = findings.data
    if findings.rules.level == BASIC:
        return
    find_cut_pair(findings)
    for word in _cut_words(findings.view[-_MAX_CUT_WORD:]):
        public = public_length(word, cut=True)
        if public is not None or _could_be_secret(word):
            findings.add(len(data) - len(word) + (public or 0), len(data), "cut")
            if word[:4] in {b"AKIA", b"ASIA"}:
                _find_aws_secrets(findings)


def _cut_words(tail: bytes) -> Iterator[bytes]:
    """The last word, taken as a number in groups and as one of a password's characters."""
    digits = _CUT_DIGITS.search(tail, len(tail.rstrip(b"0123456789 +-")))
    if digits is not None:
        yield digits.group()
    word = tail[len(tail.rstrip(_PASSWORD_BYTES)) :]
    if len(word) >= _MIN_CUT_WORD:
        yield word


def _could_be_secret(word: bytes) -> bool:
    """Not a word of prose, `CONSTANT`, or `Name`."""
    return not word.isalpha() or not (word.islower() or word.isupper() or word.istitle())
