"""Decides by value: tokens, keys and numbers that are secrets wherever they stand, and the function's own variables."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from aftercall.masking.cloud_keys import azure_secret, is_aws_secret
from aftercall.masking.iban import is_iban
from aftercall.masking.password_hashes import hash_end
from aftercall.masking.rules import BASIC
from aftercall.masking.scan import AZURE, DOLLAR
from aftercall.masking.structure import BLANK, BRACES, BRACKETS, TAG
from aftercall.masking.tokens import is_luhn, public_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.masking.spans import Findings

_EXTENT = re.compile(rb"[A-Za-z0-9_.+/=~-]*")
_GAP = rb"(?:[ +._/-]|[ ]{2}|\xc2\xa0|\xe2\x80[\x80-\xaf])"
_CARD = re.compile(rb"[2-6](?:%b?\d){12,18}(?:\.0{1,2})?(?!\w)" % _GAP)
_ACCOUNT = re.compile(rb"[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}")
_BEFORE_NUMBER = re.compile(rb"""(":|[\[,])""" + BLANK + rb"\Z")
_MAX_INDENT = 160
_OF_JSON = frozenset((BRACES, BRACKETS))
_NOT_DIGITS = bytes(byte for byte in range(256) if byte not in b"0123456789")
_BASE64_SHAPE = bytes(
    120 if byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=" else 32 for byte in range(256)
)
_AWS_SECRET = b" " + b"x" * 40 + b" "
"""A secret access key between other characters; those of base64 are an x here."""

_AWS_LENGTH = 40
_BASE64_BYTES = frozenset(bytes((byte,)) for byte in range(256) if _BASE64_SHAPE[byte] == 120)
_PIECE = 65_536

_PASSWORD_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.~%!#@^*$-"
_MIN_CUT_WORD, _MAX_CUT_WORD = 6, 2_048
_CUT_DIGITS = re.compile(rb"(?:(?:\d%b?){5,}|[2-6]\d{3}%b)[\xc2\xe2]?\x80?\Z" % (_GAP, _GAP))
_CUT_ACCOUNT = re.compile(rb"(?<![A-Za-z0-9])[A-Z]{2}\d{2}[ -]?[A-Z0-9 -]{2,34}\Z")
_MAX_OPEN = 4
"""The cut pair is in one of the innermost spans that were open."""

_VALUE_KEYS = (b"value", b"content", b"data", b"secret", b"text", b"v", b"val", b"old", b"new", b"input")
_ATTRIBUTE_VALUE = re.compile(rb"\s(?:value|content)\s{0,20}=\s{0,20}", re.IGNORECASE)
_MIN_ACCOUNT = 15
_MAX_MESSAGE = 8_192
"""Bytes of a text that may be a message of a validator."""

_MIN_AGAIN, _MAX_AGAIN, _MAX_VALUES = 8, 200, 16
_ACCESS_KEYS = frozenset((b"AKIA", b"ASIA"))


def find_token(findings: Findings, start: int, end: int, public: int) -> None:
    """The word is a token of which `public` first characters may be shown."""
    data = findings.data
    word = data[start:end]
    if public:
        rule = f"token:{word[:public].decode('latin-1')}" if public < 20 else "token:JWT"
        findings.add(start + public, findings.run_end("token", _EXTENT, end), rule)
    else:
        findings.add(start, end, "opaque")
    if word[:4] in _ACCESS_KEYS:
        _find_aws_secrets(findings)


def _find_aws_secrets(findings: Findings) -> None:
    """Beside a key id, forty characters of base64 are the key itself."""
    if "aws" in findings.runs:
        return
    findings.runs["aws"] = (0, 0)
    data = findings.data
    for floor in range(0, len(data), _PIECE):  # by pieces: the shapes of a whole text take twice its memory
        begin = max(0, floor - 1)
        shapes = b" " * (not begin) + data[begin : floor + _PIECE + _AWS_LENGTH].translate(_BASE64_SHAPE) + b" "
        offset = begin + bool(begin)
        at = shapes.find(_AWS_SECRET)
        while at >= 0:
            start, end = offset + at, offset + at + _AWS_LENGTH
            if is_aws_secret(data[start:end]) and data[end : end + 1] not in _BASE64_BYTES:
                findings.add(start, end, "AWS secret key")
            at = shapes.find(_AWS_SECRET, at + _AWS_LENGTH + 1)


def find_card(findings: Findings, start: int) -> None:
    """A card's number may begin here."""
    data = findings.data
    card = _CARD.match(data, start)
    if card is None or not is_luhn(card.group().partition(b".0")[0].translate(None, _NOT_DIGITS)):
        return
    quote = b"" if card.group().strip(b"0123456789.") else _quote_of_number(findings, start)
    findings.add(start, card.end(), "card number", quote + b"<masked>" + quote)


def _quote_of_number(findings: Findings, at: int) -> bytes:
    """What a mask instead of a number needs around it: in JSON it must be JSON as well."""
    structure, data = findings.structure, findings.data
    row = structure.around(at)
    if row < 0 or structure.is_string(row) or structure.char(row) not in _OF_JSON:
        return b""
    before = _BEFORE_NUMBER.search(data, max(0, at - _MAX_INDENT), at)
    if before is None or (before.group(1) == b"," and structure.char(row) != BRACKETS):
        return b""
    row = structure.string_at(row)
    level = structure.level(row) * 2 + 1 if row >= 0 else 0
    return b"\\" * level + b'"'


def find_account(findings: Findings, start: int) -> None:
    """An IBAN may begin here, perhaps in groups; what stands behind it may look like one more."""
    found = _ACCOUNT.match(findings.data, start)
    text = found.group() if found else b""
    while len(text) >= _MIN_ACCOUNT:
        if is_iban(text):
            findings.add(start, start + len(text), "IBAN")
            return
        text = text[:-1].rstrip(b" -")


def find_values(findings: Findings, seen: int) -> None:
    """Forms that cross the borders of words."""
    data = findings.data
    for bit, mark in ((DOLLAR, b"$"), (AZURE, b"Q~")):
        at = data.find(mark) if seen & bit else -1
        while at >= 0:
            end = find_hash(findings, at) if bit == DOLLAR else _find_azure(findings, at)
            at = data.find(mark, max(end, at + 1))


def find_hash(findings: Findings, at: int) -> int:
    """A password's hash may begin here. Returns where it ends; -1 if none does."""
    end = hash_end(findings.data, at)
    findings.add(at, end, "password hash")
    return end


def _find_azure(findings: Findings, mark: int) -> int:
    found = azure_secret(findings.data, mark)
    if found is None:
        return -1
    findings.add(*found, "Azure client secret")
    return found[1]


def find_again(findings: Findings) -> None:
    """Values that were found by their names stand elsewhere in the text too: validators repeat what they refuse.

    Not what the text's end cut: of an ARN it is a piece that many texts have.
    """
    data = findings.data
    if len(data) > _MAX_MESSAGE:
        return
    whole = len(data) - 1 if findings.truncated else len(data)
    named = {
        data[start:end]
        for start, end, _, rule in findings.spans
        if rule.startswith("name:") and _MIN_AGAIN <= end - start <= _MAX_AGAIN and end <= whole
    }
    for value in sorted(named)[:_MAX_VALUES]:
        if value.isalpha() or not value.strip(b"0123456789., \r\n\t-") or b"<" in value:
            continue
        at = data.find(value)
        while at >= 0:
            findings.add(at, at + len(value), "found by its name")
            at = data.find(value, at + len(value))


def find_own(findings: Findings) -> None:
    """Values of the function's own secret variables, and what its user's patterns match, wherever they stand."""
    rules, data = findings.rules, findings.data
    for start, end in rules.matches(data):
        findings.add(start, end, "your pattern")
    for name, forms in rules.environment:
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


def find_cut(findings: Findings) -> None:
    """Half of a secret does not look like one: the last word of a cut text is masked if it could be."""
    data = findings.data
    if findings.rules.level == BASIC:
        return
    _find_cut_pair(findings)
    for word in _cut_words(data[-_MAX_CUT_WORD:]):
        public = public_length(word, cut=True)
        if public is not None or _could_be_secret(word):
            findings.add(len(data) - len(word) + (public or 0), len(data), "cut")
            if word[:4] in _ACCESS_KEYS:
                _find_aws_secrets(findings)


def _cut_words(tail: bytes) -> Iterator[bytes]:
    """The last word, taken as a number in groups and as one of a password's characters."""
    digits = _CUT_DIGITS.search(tail, len(tail.rstrip(b"0123456789 +-._/\xc2\xa0\xe2\x80\x89\xaf\x87")))
    if digits is not None:
        yield digits.group()
    account = _CUT_ACCOUNT.search(tail, max(0, len(tail) - 40))
    if account is not None:
        yield account.group()
    word = tail[len(tail.rstrip(_PASSWORD_BYTES)) :]
    if len(word) >= _MIN_CUT_WORD:
        yield word


def _could_be_secret(word: bytes) -> bool:
    """It is not prose: not `word`, `CONSTANT`, or `Name`."""
    return not word.isalpha() or not (word.islower() or word.isupper() or word.istitle())


def _find_cut_pair(findings: Findings) -> None:
    """`{"value": "x", "na`: cut before its name, so it counts as a secret."""
    structure, data = findings.structure, findings.data
    for row in islice(_open_rows(findings), _MAX_OPEN):
        if structure.char(row) == BRACES:
            members = structure.members(row)
            keys = {member.key for member in members}
            if not any(key.endswith((b"name", b"key", b"id", b"field")) for key in keys):
                for member in members:
                    if member.key.endswith(_VALUE_KEYS):
                        _mask_cut(findings, member.at)
        elif structure.char(row) == TAG:
            for found in _ATTRIBUTE_VALUE.finditer(data, structure.starts[row]):
                _mask_cut(findings, found.end())


def _mask_cut(findings: Findings, at: int) -> None:
    structure = findings.structure
    for start in (at + 1, at + 2, at + 4, at + 8, at + 16, at + 32, at + 64):
        row = structure.row_at(start)
        if row >= 0 and structure.is_string(row):
            findings.add(structure.starts[row], structure.ends[row], "cut")
            return


def _open_rows(findings: Findings) -> Iterator[int]:
    """The spans that were open where the text was cut, innermost first."""
    structure = findings.structure
    size, row = len(findings.data), len(structure.starts) - 1
    while row >= 0:
        if structure.ends[row] >= size and not structure.is_closed(row):
            yield row
        row = structure.parents[row] - 1
