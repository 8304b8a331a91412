"""Looks around a word that names a secret, is one, or is a sign of one: each decider that the verdict asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking import FAINT
from aftercall.masking.by_command import COMMANDS, KEY_ENDS, find_command
from aftercall.masking.by_name import find_at_name
from aftercall.masking.by_phrase import find_in_sentence, find_phrase
from aftercall.masking.by_place import find_members, find_parameter, find_segment
from aftercall.masking.by_shape import BY_SIGN, HASH, SCHEMES, find_at_sign, find_scheme
from aftercall.masking.by_value import find_account, find_card, find_hash, find_token
from aftercall.masking.layers import find_base64
from aftercall.masking.named import PARAMETER
from aftercall.masking.names import is_secret_parameter, strength_of
from aftercall.masking.scan import ACCOUNT, DENSE, DIGITS, FIELD, NUMBERS

if TYPE_CHECKING:
    from aftercall.masking.layers import Find
    from aftercall.masking.spans import Findings
    from aftercall.masking.word import Word

    At = tuple[int, int, int, int]
    """Start and end of the word, the row of the span around, and the scan's flags."""

_WORD_BEHIND = re.compile(rb"[ ]([A-Za-z]{2,20})\b")
_MIN_KEY = 17
"""A word as long as this, with a blank before it, may be a key."""

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MIN_WORD, _MAX_WORD_BEFORE = 2, 24
_known: dict[bytes, int] = {}
_MAX_KNOWN = 1_024
"""Two words side by side: most come again."""

_CODES = frozenset(("code", "pin"))
_BEFORE_PARAMETER = frozenset((b"?", b"&", b"", b'"', b"'", b"\n"))
_BEFORE_HALF = _BEFORE_PARAMETER | {b" "}
_NEAR = 2_048


def find_at_word(findings: Findings, at: At, word: Word, find: Find) -> None:
    start, end, row, flags = at
    before = findings.data[start - 1 : start]
    if word.name:
        find_at_name(findings, start, end - word.after, row, word.name, word.rule)
    elif word.half and (before in _BEFORE_HALF or findings.data[end : end + 1] == b" "):
        _find_at_half(findings, start, end - word.after, row, word.half)
    if word.is_value or flags & NUMBERS:
        _find_value(findings, at, word, find)
    if flags & DENSE and before == b"/":
        find_segment(findings, start, end)
    if flags & FIELD and word.parameter and findings.has_parameters:
        find_parameter(findings, start, end)
    if word.sign:
        _find_sign(findings, start, end, word.sign)
    if word.members:
        find_members(findings, row, start, end, word.members)


def _find_value(findings: Findings, at: At, word: Word, find: Find) -> None:
    start, end, _, flags = at
    if word.public >= 0:
        find_token(findings, start, end, word.public)
    if word.coded:
        find_base64(findings, start, end, find)
    if flags & DIGITS:
        find_card(findings, start)
    if flags & ACCOUNT:
        find_account(findings, start)


def _find_sign(findings: Findings, start: int, end: int, sign: bytes) -> None:
    findings.signs.add(sign)
    if sign in COMMANDS and findings.data[end : end + 2] not in KEY_ENDS:
        find_command(findings, start, end, sign)
    if sign in SCHEMES:
        find_scheme(findings, end, sign)
    elif sign in BY_SIGN:
        find_at_sign(findings, start, sign)
    elif sign == HASH:
        find_hash(findings, start - (findings.data[start - 1 : start] == b"{"))


def _find_at_half(findings: Findings, start: int, end: int, row: int, half: str) -> None:
    """The word names a secret with the one beside it, or as a parameter of a form."""
    data = findings.data
    before, behind = data[start - 1 : start], data[end : end + 1]
    if before == behind == b'"' and half != "key" and data[start - 2 : start - 1] != b"=":
        return  # a key or a value of JSON
    if data[start - 6 : start].rstrip(b"\"'").endswith(b"name="):  # a field of HTML, a part of a form
        find_at_name(findings, start, end, row, half, f"{PARAMETER}{half.lower()}")
        return
    name, stop = _with_neighbour(findings, start, end)
    if name:
        find_at_name(findings, start, stop, row, name, f"name:{name.lower()}")
    elif half == "key" and data[end : end + 2].lstrip(b'"')[:1] in {b":", b"="}:
        find_at_name(findings, start, end, row, half, "name:key")
    elif behind == b" " and half.lower() == "key" and data.find(b" ", end + 1, end + _MIN_KEY) < 0:
        find_in_sentence(findings, start, end, "name:key")
    elif behind == b"=":
        _find_parameter(findings, start, end, row, half)
    elif half.lower() in _CODES:
        find_phrase(findings, start, end, is_code=True)


def _find_parameter(findings: Findings, start: int, end: int, row: int, name: str) -> None:
    """`?code=x`, `a=1&code=x`, `code=x&a=1`."""
    before = findings.data[start - 1 : start]
    if before not in _BEFORE_PARAMETER or not is_secret_parameter(name):
        return
    if before in {b"&", b"?"} or findings.data.find(b"&", end, end + _NEAR) >= 0:
        find_at_name(findings, start, end, row, name, f"name:{name.lower()}")


def _with_neighbour(findings: Findings, start: int, end: int) -> tuple[str, int]:
    """The name that the word makes with the one behind or before it, and where it ends; empty for none."""
    data = findings.data
    behind = _WORD_BEHIND.match(data, end) if data[end : end + 1] == b" " else None
    if behind is not None and (name := _name(findings, data[start : behind.end()])):
        return name, behind.end()
    if start < _MIN_WORD or data[start - 1 : start] != b" ":
        return "", end
    before = data[max(0, start - _MAX_WORD_BEFORE) : start - 1]
    length = len(before) - len(before.rstrip(_LETTERS))
    return (_name(findings, data[start - 1 - length : end]) if length >= _MIN_WORD else ""), end


def _name(findings: Findings, words: bytes) -> str:
    """Two words, if they name a secret."""
    strength = _known.get(words)
    if strength is None:
        if len(_known) >= _MAX_KNOWN:
            _known.clear()
        strength = _known[words] = strength_of(words.decode("latin-1"))
    name = words.decode("latin-1") if strength > FAINT else ""
    return "" if findings.rules.allows(name) else name
