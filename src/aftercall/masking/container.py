"""The object, list or call that stands behind a secret's name: which of the values in it are masked; the keys stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking import FAINT, STRONG
from aftercall.masking.add_value import add_value
from aftercall.masking.name_words import words_of
from aftercall.masking.named import Named
from aftercall.masking.names import strength_of
from aftercall.masking.secret_words import ABOUT
from aftercall.masking.string_end import end_of_open
from aftercall.masking.structure import BLANK, BRACKETS

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_BARE_ITEM = re.compile(
    rb"""(?:(?<=\\)[nrt]\s*+)?+(?:([\w.-]{1,80})[ \t]{0,8}(?:=>|[:=])\s{0,40})?([^\s,;:=\\][^,;\r\n\\]*)"""
)
"""A value of JavaScript, YAML or a configuration file: without quotes, perhaps behind a key."""

_BARE_KEY = re.compile(rb"[\w.-]{1,80}[ \t]{0,8}(?:=>|->|[:=])" + BLANK + rb"\Z")
_NUMBERS = re.compile(rb"\s*-?\d[\d.eE+-]*(?:\s*,\s*-?\d[\d.eE+-]*){3,}\s*")
_SCHEMA_TYPES = frozenset((b"string", b"number", b"integer", b"boolean", b"object", b"array", b"null"))
_TELLING = frozenset((b"message", b"msg", b"error", b"errormessage"))
"""An object with one of these tells what is wrong with the secret."""

_SHOWN_BY_SCHEMAS = frozenset((b"default", b"example", b"examples", b"const", b"value"))
_KEYS = ("key", "secret", "password", "seed")
_WEAK_NAME, _FAINT_NAME = "token", "other_key"
"""As which a value in an object is judged, and one whose key tells about something: `authUrl`, `keyVersion`."""

_OPEN = ("jwt", "authorization", "authorizer", "auth", "session", "cookie", "cookies", "assertion")
_VALUES = frozenset(
    (b"value", b"values", b"secret", b"raw", b"data", b"s", b"n", b"b", b"ss", b"plaintext", b"stringvalue", b"old",
     b"new", b"key", b"token", b"pass", b"current", b"previous", b"hash", b"plain", b"text", b"default", b"0", b"1")
)  # fmt: skip
HARMLESS_KEYS = frozenset(
    (b"expiration", b"expires", b"expiresin", b"expires_in", b"expiresat", b"expires_at", b"type", b"version", b"ttl",
     b"username", b"user", b"login", b"email", b"name", b"id", b"host", b"hostname", b"port", b"database", b"dbname",
     b"dbinstanceidentifier", b"engine", b"url", b"scope", b"scopes", b"updated_at", b"updatedat", b"message", b"msg",
     b"title", b"description", b"kind", b"status", b"state", b"enabled", b"algorithm", b"alg", b"created",
     b"createdat", b"created_at", b"datatype", b"region", b"provider", b"method")
)  # fmt: skip
"""Beside a secret in an object: `{"AccessKeyId": ..., "Expiration": ...}`."""

_STRUCTURE = frozenset(b"\"'[]{}\\")


def mask_container(findings: Findings, at: int, named: Named) -> int:
    structure, data = findings.structure, findings.data
    row = structure.row_at(at + 1)
    if row < 0:
        if data[at : at + 1] != b"(":
            findings.add(at, len(data), named.rule)
        return at + 1
    start, end = structure.starts[row], structure.ends[row]
    if findings.takes(named.rule, start, end):
        inside = data[start:end]
        if _NUMBERS.fullmatch(inside) and strength_of(named.name) >= FAINT and named.name.lower().endswith(_KEYS):
            findings.add(start, end, named.rule, _in_quotes(named))
        elif named.closing == b"" and inside and not inside[:1].isspace() and not set(inside) & _STRUCTURE:
            add_value(findings, start, end, named, quoted=False)  # Go's `[x]`, ODBC's `{x}`, YAML's `[x, y]`
        else:
            _mask_within(findings, row, named)
    return structure.after(row)


def _mask_within(findings: Findings, row: int, named: Named) -> None:
    """Mask every value in the container; the keys stay."""
    structure, data = findings.structure, findings.data
    only = _masked_keys(findings, row, named)
    if _NUMBERS.fullmatch(data, structure.starts[row], structure.ends[row]):
        findings.add(structure.starts[row], structure.ends[row], named.rule, _in_quotes(named))
        return
    key = b""
    done = structure.starts[row]
    for child in structure.children(row):
        opening = structure.opening(child)
        bare_key = _mask_between(findings, done, opening, named, key, only)
        done = structure.after(child)
        if bare_key:
            key = bare_key
        if not structure.is_string(child):
            if only is None or key in only:
                _mask_within(findings, child, named)
        elif structure.follows_key(child) is not None:
            key = data[structure.starts[child] : structure.ends[child]].lower()
            continue
        elif key not in HARMLESS_KEYS and (only is None or not key or key in only):
            end = structure.ends[child] if structure.is_closed(child) else end_of_open(findings, child)
            add_value(findings, structure.starts[child], end, item_of(named, key), quoted=True)
        key = key if structure.char(row) == BRACKETS else b""
    _mask_between(findings, done, structure.ends[row], named, key, only)


def _in_quotes(named: Named) -> bytes:
    """The mask instead of numbers: in JSON it must be JSON as well."""
    quote = b"\\" * (len(named.closing) - 1) + b'"' if named.closing else b""
    return quote + b"<masked>" + quote


def item_of(named: Named, key: bytes) -> Named:
    """How the name of a container names a value in it: less sure, if that has a key of its own.

    `"cookies": [{"name": "sid", "value": "x=="}]` is no Cookie header, though `=` is in it.
    """
    if not key:
        return named
    rule = f"{named.rule}:item" if "cookie" in named.rule else named.rule
    if key in _VALUES and key != b"key":
        return Named(named.name, rule, named.closing)
    tells = words_of(key.decode("latin-1"))[-1:]
    return Named(_WEAK_NAME if ABOUT.isdisjoint(tells) else _FAINT_NAME, rule, named.closing)


def _masked_keys(findings: Findings, row: int, named: Named) -> frozenset[bytes] | None:
    """The keys whose values are masked; None for all. Under `session` stands an object of which most is harmless."""
    if _is_schema(findings, row):
        return _SHOWN_BY_SCHEMAS
    if any(member.key in _TELLING for member in findings.structure.members(row)):
        return _VALUES
    if findings.structure.char(row) == BRACKETS or not named.rule.startswith("name:"):
        return None
    return open_values(named)


def open_values(named: Named) -> frozenset[bytes] | None:
    """The keys of secrets where other things stand beside them; None where all are secrets."""
    is_open = strength_of(named.name) < STRONG or named.name.lower().endswith(_OPEN)
    return _VALUES if is_open else None


def _is_schema(findings: Findings, row: int) -> bool:
    """`{"type": "string", ...}` describes a value."""
    for member in findings.structure.members(row):
        if member.key == b"type":
            word = findings.data[member.at : member.at + 24].strip(b"\\\"' ").partition(b'"')[0].rstrip(b"\\")
            return word in _SCHEMA_TYPES
    return False


def _mask_between(  # noqa: PLR0917 - where, of what, and which
    findings: Findings, start: int, end: int, named: Named, key: bytes, only: frozenset[bytes] | None
) -> bytes:
    """What stands between strings and brackets: numbers, `user: bob`, `null`, or nothing. Returns a key at its end."""
    data = findings.data
    if not data[start:end].strip(b" \t\r\n,:\\"):
        return b""
    last = _BARE_KEY.search(data, max(start, end - 120), end)
    if last is not None:
        end = last.start()
    for item in _BARE_ITEM.finditer(data, start, end):
        own_key, value = (item.group(1) or key).lower(), item.group(2).rstrip()
        key = b""
        if own_key in HARMLESS_KEYS or (only is not None and own_key and own_key not in only):
            continue
        is_number = value.lstrip(b"-")[:1].isdigit() and named.closing[-1:] == b'"'
        around = named.closing if is_number else b""
        add_value(findings, item.start(2), item.start(2) + len(value), item_of(named, own_key), around, quoted=False)
    return last.group().rstrip(b" \t\r\n\\nrt:=>-").lower() if last else b""
