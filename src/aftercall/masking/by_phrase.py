"""Decides by the phrase around a name: `Your verification code is 123456`, `123456 is your one-time password`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.secret_words import ABOUT
from aftercall.masking.structure import BLANK
from aftercall.masking.under_name import is_harmless, may_be_random

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_IS = rb"(?:is|was|to|est|es|ist|lautet|lyder|is:|=|:|\xc3\xa8)"
_CODE = (
    rb"(?:<(?!masked>)[^<>]{1,80}>\s{0,8}){0,4}[\"'`]?([A-Z]-)?([0-9]{3}[ -][0-9]{3}|[0-9]{4,10})(?![\w-]|[.,][0-9])"
)
_BEHIND = re.compile(rb"(?:[ ](?!(?:is|to)[ ])(?:[^\s.:=\"]|\.(?=\w)){1,40}){0,3}?[ ]?%b[ ]{0,4}%b" % (_IS, _CODE))
_BEFORE = re.compile(rb"(?<![\w.-])(?:[A-Z]-)?([0-9]{4,10})[ ](?:is|est|es|ist)[ ](?:\S{1,20}[ ]){1,4}\Z")
_USED = re.compile(rb"[ ]([0-9]{4,10})[ ](?:to|for|zum|pour|is|was|has|does|did)\b")
_USE = re.compile(rb"\b(?:[Uu]se|[Ee]nter|[Tt]ype)[ ](?:\w{1,12}[ ]){0,3}\Z")
_MADE_SURE = re.compile(
    rb"\b(?:your|my|the|votre|ihr|ihre|dein|tu|su|verification|security|login|log-in|sign-in|access|confirmation|one-time"
    rb"|temporary|new|reset|authentication|2fa|mfa)[ -](?:\S{1,20}[ ]){0,2}\Z",
    re.IGNORECASE,
)
"""What stands before `code` where it is one that somebody was sent; `error code 404123` is another."""

_SET = re.compile(
    rb"(?:[ ]\S{1,40}){0,4}?[ ](?:set|reset|changed|updated|is|was)[ ](?:now[ ])?(?:to[ ])?[:]?[ ]?"
    rb"(?:<(?!masked>)\w{1,8}>|(\\{0,8}[\"'`]))?([^\s\"'`<>\\]{4,200})"
)
_TOLD = re.compile(
    rb"(?:[ ][^\s\\:]{1,40}){0,8}?(?<=[\w)]):%b((?!/)[^\s\"'`<>\\:]{6,200})(?=[\s.,;)\"\\]|\Z)"
    % (BLANK + rb"(?<=\s|[nrt])")
)
"""`Password for jo@acme.example: x`; `the following password:`, and below it the password."""

_FREE = re.compile(
    rb"""(?<=[\s(\["'`])(?:(?<=([\s(\[]))|(?<=(["'`])))([A-Za-z0-9+/_.~!@#$^*-]{6,512}={0,2})(?(2)\\*["'`]|(?=[\s,;:)\].]|\Z))"""
)
"""A word on its own, or in quotes."""

_MIN_FREE = 16
_IDS = ABOUT | {
    "client", "account", "request", "trace", "span", "commit", "sha", "digest", "object", "container", "pod", "build",
    "instance", "tenant", "project", "resource", "revision", "image", "node", "device", "order", "event", "correlation",
    "kid", "subscription", "organization", "stream", "transaction", "operation", "execution", "agent", "serial", "app",
    "application", "team", "org", "workspace", "keyid",
}  # fmt: skip
"""Before a word, these say that it is a name."""

_SENTENCE = "sentence"
_GOES_ON = re.compile(rb"""\\*["'`]?[ ](?=[\w(]|\Z)|[ \n,.;)](?!-)|\\*["'`]?\Z""")
"""Behind a name in a sentence; keys and values of documents are followed by other things."""

_NEAR = 120
_WORDS_BEFORE, _WORDS_BEHIND, _MAX_SENTENCE = 16, 40, 2_048
_DIGITS = frozenset(b"0123456789")


def find_phrase(findings: Findings, start: int, end: int, *, is_code: bool, is_sure: bool = False) -> bool:
    """A word for a secret stands from `start` to `end`. `is_code`: one of digits, as `code` and `PIN` are.

    `is_sure`: nothing else has such a name.
    """
    data = findings.data
    rule = f"phrase:{data[start:end].decode('latin-1').lower()}"
    before = data[max(0, start - _NEAR) : start]
    said = _BEFORE.search(before)
    if said is not None:
        findings.add(start - len(before) + said.start(1), start - len(before) + said.end(1), rule)
        return True
    if (is_sure or (is_code and _USE.search(before))) and (used := _USED.match(data, end)) is not None:
        findings.add(*used.span(1), rule)
        return True
    behind = _BEHIND.match(data, end) if not is_code or _MADE_SURE.search(before) else None
    if behind is not None:
        findings.add(*behind.span(2), rule)
        return True
    put = None if is_code else _SET.match(data, end)
    if put is not None and (not _DIGITS.isdisjoint(put.group(2)) or (findings.truncated and put.end() == len(data))):
        findings.add(*put.span(2), rule)
        return True
    return is_sure and _find_told(findings, end, rule)


def _find_told(findings: Findings, end: int, rule: str) -> bool:
    """Behind a colon, some words after the name: letters and digits in one word, which the last of them is not of."""
    told = _TOLD.match(findings.data, end)
    if told is None:
        return False
    about = findings.data[end : told.start(1)].rstrip(b": \r\n\t").rpartition(b" ")[2].decode("latin-1").lower()
    text = told.group(1).decode("latin-1")
    is_cut = findings.truncated and told.end() == len(findings.data)
    if about in ABOUT or not (is_cut or _is_drawn(text, in_quotes=True)):
        return False
    findings.add(*told.span(1), rule)
    return True


def find_in_sentence(findings: Findings, start: int, end: int, rule: str) -> None:
    """`signature mismatch, expected x but got y`: words drawn at random in the line of a secret's name.

    In quotes it is enough that there are letters and digits. Each line is read once.
    """
    data = findings.data
    first, last = findings.runs.get(_SENTENCE, (0, -1))
    if first <= start < last or (start and data[start - 1 : start] == b"=") or _GOES_ON.match(data, end) is None:
        return
    floor, limit = findings.structure.text_around(start, end)
    before, behind = data[max(floor, start - _MAX_SENTENCE) : start], data[end : min(limit, end + _MAX_SENTENCE)]
    words = before.rpartition(b"\n")[2].rsplit(b" ", _WORDS_BEFORE)  # by words: masked or not, there are as many
    first = start - len(b" ".join(words[-_WORDS_BEFORE:]))
    last = end + len(b" ".join(behind.partition(b"\n")[0].split(b" ", _WORDS_BEHIND)[:_WORDS_BEHIND]))
    findings.runs[_SENTENCE] = first, last
    for found in _FREE.finditer(data, first, last):
        text = found.group(3).decode("latin-1")
        about = (
            data[max(first, found.start() - _NEAR) : found.start()]
            .decode("latin-1")
            .rstrip("\"'`([ ")
            .rpartition(" ")[2]
        )
        if about.strip(":=,#").lower() not in _IDS and _is_drawn(text, in_quotes=found.group(2) is not None):
            findings.add(*found.span(3), rule)


def _is_drawn(text: str, *, in_quotes: bool) -> bool:
    if not in_quotes:
        return len(text) >= _MIN_FREE and may_be_random(text)
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text)) and not is_harmless("token", text, quoted=True)


_SIGNS = tuple(
    sign.encode() for sign in ("código", "vérification", "ověřovací", "код", "驗證碼", "验证码", "コード", "코드")
)
_ABROAD = re.compile(
    "(?:código|vérification|ověřovací kód|код(?: проверки)?|驗證碼|验证码|コード|코드)".encode()
    + rb"(?:[ ]\S{1,24}){0,3}?(?:[ ](?:es|est|ist|\xc3\xa8|\xc3\xa9))?[ ]?(?::|\xef\xbc\x9a)?[ ]?"
    + rb"([0-9]{4,10})(?![\w-]|[.,][0-9])"
)


def find_phrases_abroad(findings: Findings) -> None:
    """`Tu código de verificación es 123456`."""
    if all(findings.data.find(sign) < 0 for sign in _SIGNS):
        return
    for found in _ABROAD.finditer(findings.data):
        findings.add(*found.span(1), "phrase:code")
