"""Masks secrets in bodies, headers and messages of any format, even if they were cut off anywhere.

Three calls into C cut a text into its distinct words. Only words that could be a secret, or name one, are looked at
further, and only around them is the text searched. So a text without secrets costs nearly nothing, and time is always
linear in the text's length.
Imports `re`; loaded only when there is a body, header or message to mask.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.formats.urls import percent_decoded
from aftercall.masking.add_value import mask_cookies
from aftercall.masking.coded import BASE64_BYTES, find_base64, find_percent_coded, is_base64_text, is_gzip
from aftercall.masking.escapes import is_too_deep, without_cut_escape, without_escaped_letters
from aftercall.masking.named import find_foreign, find_named, find_spaced
from aftercall.masking.names import is_secret_name
from aftercall.masking.pairs import find_cut_pair
from aftercall.masking.rules import BASIC, STRICT, Rules
from aftercall.masking.shapes import SCHEMES, SIGN, find_schemes, find_shapes, find_signed
from aftercall.masking.spans import Findings
from aftercall.masking.tokens import MIN_TOKEN, TOKEN_STARTS, is_issued, is_luhn, is_opaque, public_length

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID_BYTES = b"0123456789abcdef-"
"""Numbers, digests and UUIDs are made of these alone: names and tokens are not."""

_ID_CHARS = _ID_BYTES.decode()
_MAX_ID = 64

_STEM = re.compile(
    rb"p(?:ass|w|in|an|hrase|sk|swd)|s(?:ecret|ecurity|ig|sn|ess|id|rf|aml|alt|enha)|token|key"
    rb"|c(?:red|ookie|v|ard|ode|ontrasena)|a(?:uth|ccount|ssertion)|jwt|otp|hmac|bearer|mnemonic|iban|w(?:ort|oord)|haslo|honeycomb"
    rb"|tax|national"
)
"""Every name that names.py calls a secret holds one of these."""

_BESIDE = {
    b"grant_type": frozenset((b"code",)),
    b"code_verifier": frozenset((b"code",)),
    b"kty": frozenset((b"d", b"p", b"q", b"dp", b"dq", b"qi", b"k")),
}
"""Names that mean a secret only beside another: OAuth's token requests (RFC 6749, 7636), JSON web keys (RFC 7518)."""

_EXTENT = re.compile(rb"[A-Za-z0-9_.+/=~-]*")
_CARDS_BEGIN = b"23456"
_DOT = 46
_CARD = re.compile(rb"[2-6](?:[ +-]?\d){12,18}(?!\w)")
_CARD_GROUP = 4
"""Digits in the first group of a card number that is written in groups."""

_BASE64_SHAPE = bytes(120 if byte in BASE64_BYTES else 32 for byte in range(256))
_AWS_SECRET = b" " + b"x" * 40 + b" "
"""A secret access key between other characters; those of base64 are an x here."""

_PASSWORD_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.~%!#@^*$-"
_MIN_ISSUED = 35
_MIN_CUT_WORD, _MAX_CUT_WORD = 7, 2_048
_CUT_DIGITS = re.compile(rb"(?:\d[ +-]?){6,}\Z")
_DEFAULT = Rules()


def redact_text(text: str, rules: Rules = _DEFAULT, *, truncated: bool = False) -> str:
    """The text with its secrets masked. `truncated`: its end was cut off."""
    if not truncated and len(text) <= _MAX_ID and _is_id(text, rules):
        return text
    return redact_bytes(text.encode("utf-8", "replace"), rules, truncated=truncated).decode("utf-8", "replace")


def _is_id(text: str, rules: Rules) -> bool:
    """A UUID or a short digest, as in headers: no built-in rule masks one."""
    return (
        not text.strip(_ID_CHARS)
        and not text.replace("-", "").isdigit()  # a card number may stand in it
        and rules.level != STRICT
        and not rules.patterns
        and not rules.holds_secret(text)
    )


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


def find(data: bytes, rules: Rules = _DEFAULT, *, truncated: bool, around: Findings | None = None) -> Findings:
    """Every secret in the text. `findings.data` is the text as the spans count it: escapes of letters are undone."""
    if is_too_deep(data):
        findings = Findings(data, rules, truncated=truncated, around=around)
        findings.add(0, len(data), "layers")
        return findings
    if data.find(b"\\") >= 0:  # as in escapes.py: `in` is slower
        data = without_escaped_letters(without_cut_escape(data) if truncated else data)
    findings = Findings(data, rules, truncated=truncated, around=around)
    findings.take_apart()
    _find_environment(findings)
    _find_words(findings)
    if data.find(b"%") >= 0:
        find_percent_coded(findings, _mask_inner)
    find_shapes(findings)
    for start, end in rules.matches(data):
        findings.add(start, end, "your pattern")
    if truncated:
        _find_cut(findings)
    return findings


def _mask_inner(plain: bytes, around: Findings, cut: bool) -> bytes:
    return find(plain, around.rules, truncated=cut, around=around).masked()


# Words


def _find_words(findings: Findings) -> None:
    rules = findings.rules
    distinct = findings.words.distinct
    words = distinct - rules.harmless
    ids = {word for word in words if not word.strip(_ID_BYTES)}
    others = words - ids if ids else words
    joined = b" %b " % b" ".join(others)
    names = {**_names(joined, rules), **_names_besides(words, distinct, rules)}
    tokens, coded = _tokens(others)
    cards = {word for word in ids if _begins_card(word)}
    cards.update(word for word in others if word[-1] == _DOT and _begins_card(word))
    if rules.level == STRICT:
        tokens.update((word, 0) for word in words if word not in tokens and word not in coded and is_opaque(word))
    schemes = SCHEMES & words
    secret = {*names, *tokens, *coded, *cards, *schemes}
    if secret:
        findings.look_up(secret)
        words -= secret
    _find_each(findings, names, tokens, coded)
    find_spaced(findings)
    find_foreign(findings)
    if cards:
        _find_cards(findings, cards)
    if schemes:
        find_schemes(findings, schemes)
    if SIGN.search(joined) is not None:
        find_signed(findings, joined)
        words.difference_update(_words_with(SIGN, joined, joined))
    rules.remember(words)


def _names_besides(words: set[bytes], distinct: set[bytes], rules: Rules) -> dict[bytes, str]:
    """Names of the user's own, and those that mean a secret only beside another."""
    names: dict[bytes, str] = {}
    if rules.keys:
        names.update((word, "your key") for word in words if len(word) <= 80 and rules.is_key(word.decode("latin-1")))
    for sign, beside in _BESIDE.items():
        if sign in distinct:
            names.update(dict.fromkeys(beside & distinct, "name"))
    return names


def _find_each(findings: Findings, names: dict[bytes, str], tokens: dict[bytes, int], coded: set[bytes]) -> None:
    if names:
        find_named(findings, names)
    if tokens:
        _find_tokens(findings, tokens)
    if coded:
        find_base64(findings, coded, _mask_inner)


def _tokens(words: set[bytes]) -> tuple[dict[bytes, int], set[bytes]]:
    """Tokens, with how many first characters of each may be seen, and words of base64."""
    tokens: dict[bytes, int] = {}
    coded: set[bytes] = set()
    for word in words:
        if len(word) < MIN_TOKEN:
            if is_gzip(word):  # its head may have base64's other separators in it
                coded.add(word)
            continue
        public = public_length(word) if word[:3] in TOKEN_STARTS else None
        if public is not None:
            tokens[word] = public
        elif len(word) >= _MIN_ISSUED and is_issued(word):
            tokens[word] = 0
        elif is_base64_text(word) or (word.find(b".") >= 0 and any(map(is_base64_text, word.split(b".")))):
            coded.add(word)
    return tokens, coded


def _begins_card(word: bytes) -> bool:
    """Whether all of a card's number could be in the word, or its first group; a sentence may end with it."""
    word = word.rstrip(b".")
    if len(word) == _CARD_GROUP:
        return b"2220" < word < b"7" and word.isdigit()
    return len(word) >= MIN_TOKEN and word[0] in _CARDS_BEGIN and word.replace(b"-", b"").isdigit()


def _names(joined: bytes, rules: Rules) -> dict[bytes, str]:
    """The words that name secrets. Only words with a stem of such a name are judged one by one."""
    found: dict[bytes, str] = {}
    for word in _words_with(_STEM, joined.lower(), joined):
        if len(word) <= 80:
            name = _readable(word)
            if is_secret_name(name) and not rules.allows(name):
                found[word] = "name"
    return found


def _words_with(pattern: re.Pattern[bytes], searched: bytes, joined: bytes) -> list[bytes]:
    """Those of the words of `joined`, each between two blanks, that match; `searched` is the same or in lower case."""
    words = []
    found = pattern.search(searched)
    while found is not None:
        start, end = searched.rfind(b" ", 0, found.start()) + 1, searched.find(b" ", found.end())
        words.append(joined[start:end])
        found = pattern.search(searched, end)
    return words


def _readable(word: bytes) -> str:
    """`user%5Bpassword%5D` is `user[password]`."""
    name = word.decode("latin-1")
    return percent_decoded(name) if "%" in name else name


def _find_tokens(findings: Findings, tokens: dict[bytes, int]) -> None:
    """`tokens`: words, and how many first characters of each may be seen."""
    data = findings.data
    done = 0
    for at, end in findings.places(tokens):
        word = data[at:end]
        public = tokens[word]
        if public and end > done and (extent := _EXTENT.match(data, end)) is not None:
            done = extent.end()
        rule = f"token:{word[:public].decode('latin-1')}" if public < 20 else "token:JWT"
        findings.add(at + public, done if public else end, rule if public else "opaque")
    if any(word[:4] in {b"AKIA", b"ASIA"} for word in tokens):
        _find_aws_secrets(findings)


def _find_aws_secrets(findings: Findings) -> None:
    """Beside a key id, forty characters of base64 are the key itself."""
    shapes = b" %b " % findings.view.translate(_BASE64_SHAPE)
    at = shapes.find(_AWS_SECRET)
    while at >= 0:
        end = at + len(_AWS_SECRET) - 2
        word = findings.view[at:end]
        if not word.islower() and not word.isupper() and word.strip(b"0123456789abcdefABCDEF"):
            findings.add(at, end, "AWS secret key")
        at = shapes.find(_AWS_SECRET, end + 1)


def _find_cards(findings: Findings, beginnings: set[bytes]) -> None:
    """`beginnings`: the words that a card number could begin with."""
    for start, _ in findings.places(beginnings):
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
    """Half of a secret does not look like one: the last word of a cut text is masked if it could be."""
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
    """It is not prose: not `word`, `CONSTANT`, or `Name`."""
    return not word.isalpha() or not (word.islower() or word.isupper() or word.istitle())
