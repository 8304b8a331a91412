"""Masks secrets in bodies, headers and messages of any format, even if they were cut off anywhere.

One pass takes a text apart into spans and the words that are worth a look (scan.py). Each such word is judged once, and
the verdict is remembered. Where a word names a secret, is one, or is a sign of one, at_word.py asks the deciders, the
modules whose names begin with `by_`, to look around it. Findings are only ever added. Time is linear in the text's
length.
Imports `re`; loaded only when there is a body, header or message to mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.masking.at_word import find_at_word
from aftercall.masking.by_alias import find_aliases
from aftercall.masking.by_name import find_foreign
from aftercall.masking.by_phrase import find_phrases_abroad
from aftercall.masking.by_place import find_first_parameter, has_parameters
from aftercall.masking.by_shape import find_shapes
from aftercall.masking.by_value import find_again, find_cut, find_own, find_values
from aftercall.masking.cookies import mask_cookies
from aftercall.masking.layers import MAX_ESCAPE, find_entities, find_percent_coded, is_too_deep, unescaped
from aftercall.masking.rules import STRICT, Rules
from aftercall.masking.scan import AZURE, DENSE, DOLLAR, ENTITY, ESCAPED, HIGH, NUMBERS, PERCENT, TOKEN, UNICODE
from aftercall.masking.scanner import scan
from aftercall.masking.spans import Findings
from aftercall.masking.structure import Structure
from aftercall.masking.word import NOTHING
from aftercall.masking.words import VOCABULARY, min_any, word_of

if TYPE_CHECKING:
    from aftercall.masking.layers import Decoded
    from aftercall.masking.scan import Scan

_ID_CHARS = "0123456789abcdef-"
"""Numbers, digests and UUIDs are made of these alone: names and tokens are not."""

_MAX_ID = 64
_DEFAULT = Rules()
_BLOCK = 4 * 1_024
_CODED = HIGH | UNICODE | PERCENT | ENTITY


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
    """Every secret in the text."""
    scanned = scan(data, VOCABULARY, min_any(rules), rules.words)
    if is_too_deep(scanned, data):
        findings = Findings(data, rules, truncated=truncated, around=around)
        findings.add(0, len(data), "layers")
        return findings
    if not (scanned.seen or truncated or len(scanned.words) or rules.environment or rules.patterns):
        return Findings(data, rules, truncated=False, around=around)  # as most headers
    is_escaped = scanned.seen & ESCAPED or (truncated and data[-MAX_ESCAPE:].find(b"\\") >= 0)
    decoded = unescaped(data, truncated=truncated) if is_escaped else None
    if decoded is None:
        return _look(Findings(data, rules, truncated=truncated, around=around), scanned)
    del scanned  # two at a time would take twice the memory
    findings = Findings(decoded.plain, rules, truncated=truncated, around=around)
    _look(findings, scan(decoded.plain, VOCABULARY, min_any(rules), rules.words))
    return _as_written(data, findings, decoded)


def _as_written(data: bytes, findings: Findings, decoded: Decoded) -> Findings:
    written = Findings(data, findings.rules, truncated=findings.truncated)
    for start, end, instead, rule in findings.ordered():
        written.add(decoded.origin(start), decoded.origin(end), rule, instead)
    return written


def _look(findings: Findings, scanned: Scan) -> Findings:
    """Each search runs only where the scan saw a sign of what it finds: most texts have none."""
    data, seen = findings.data, scanned.seen
    findings.structure = Structure(data, scanned)
    findings.has_parameters = has_parameters(data, seen)
    if findings.has_parameters:
        find_first_parameter(findings)
    _find_words(findings, scanned.words)
    if findings.aliases:
        find_aliases(findings)
    if findings.spans:
        find_again(findings)
    if seen & _CODED:
        _find_coded(findings, seen)
    find_shapes(findings, seen)
    if seen & (DOLLAR | AZURE):
        find_values(findings, seen)
    find_own(findings)
    if findings.truncated:
        find_cut(findings)
    return findings


def _find_coded(findings: Findings, seen: int) -> None:
    """What is written in other letters than ASCII's, or in codes for them."""
    if seen & (HIGH | UNICODE | PERCENT):
        find_foreign(findings)
    if seen & HIGH:
        find_phrases_abroad(findings)
    if seen & PERCENT:
        find_percent_coded(findings, _find_within)
    if seen & ENTITY:
        find_entities(findings, _find_within)


def _find_within(plain: bytes, around: Findings, truncated: bool) -> Findings:
    return find(plain, around.rules, truncated=truncated, around=around)


def _find_words(findings: Findings, words: memoryview[int]) -> None:
    """Judge the words, and look around those that are something."""
    data, rules = findings.data, findings.rules
    known = rules.words
    for first in range(0, len(words), _BLOCK):  # as a list they take ten times the memory
        numbers = iter(words[first : first + _BLOCK].tolist())
        for start, end, row, flags in zip(numbers, numbers, numbers, numbers, strict=True):
            text = data[start:end]
            word = known.get(text)
            if word is None:
                if flags == TOKEN and text[:3] not in VOCABULARY.exact_starts:
                    continue  # the scan knows their letters by five bits
                word = word_of(text, flags, rules)
            if word is not NOTHING or flags & NUMBERS or (flags & DENSE and data[start - 1 : start] == b"/"):
                find_at_word(findings, (start, end, row - 1, flags), word, _find_within)
