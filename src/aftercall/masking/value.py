"""The value that stands behind a secret's name: quoted, in brackets, in lines, or bare. Masks it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking import FAINT, STRONG
from aftercall.masking.cookies import mask_cookies
from aftercall.masking.named import PARAMETER, YOUR_KEY, Named
from aftercall.masking.names import strength_of
from aftercall.masking.structure import BLANK, BRACKETS
from aftercall.masking.under_name import is_harmless
from aftercall.masking.url_fields import is_secret_field

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

NEW_LINE = rb"(?:\r?\n|(?:\\+r)?\\+n)"

_OPENING = re.compile(
    rb"""(?:string\(\d{1,9}\)[ ]|(?:\[\])?[A-Za-z_][\w.]{0,40}\()?(?:[bruN@]{1,2}(?=\\*["'`]))?(\\*)(["'`])"""
)
"""A quote, perhaps in a call: `Some("x")`, `SecretStr('x')`, `bytearray(b'x')`."""

_TYPED = re.compile(rb"\[\][A-Za-z][\w.*]{0,40}(?=\{)|(?=\()")
"""Go's `[]string{"x"}`."""

_BUFFER = re.compile(rb"<\w{1,20}[ ]((?:[0-9a-f]{2}[ ]?){2,4096})")
"""Node's `<Buffer 61 62>`."""

_ALIAS = re.compile(rb"(?:[:#@$]([A-Za-z_]{1,40}\d?)|(\$\d{1,2}|\?|%s)|%\((\w{1,40})\)s)(?![\w:=$./@+-])")
"""What stands for a value that comes elsewhere: DynamoDB's `:p`, `#p`, the `?`, `$1`, `:name` of SQL, a `$x`."""

_ASSIGNED = re.compile(
    rb"(?:(?:\A|\n|\\n)[ \t]*(?:export[ ])?[\w.-]{1,80}(?:[ ]?=|:[ ]|:)|[ ]\w{1,40}=\S{1,80}[ ][\w-]{1,60}=)[ ]?\Z"
)
"""`PASSWORD=:x` on a line of its own, or behind another field of a log's line."""

_CALL = re.compile(rb"[A-Za-z_][\w.]{0,80}\([^\r\n]{0,400}\)(?!\w)")
_PROSE = re.compile(rb"[^\r\n\\\"{}\[\]<>]{1,200}")

_BEFORE_VALUE = re.compile(
    rb"(?:/\*[^*]{0,200}\*/\s*|//[^\r\n\\]{0,200}%(nl)s\s*|&[\w-]{1,40}[ ]+|!{1,2}[\w:/.-]{0,80}[ ]+){1,4}"
    % {b"nl": NEW_LINE}
)
"""Comments in JSON, anchors and tags in YAML."""

_BEHIND_SIGNS = re.compile(
    rb"""[&,;(){}<>\[\]]{1,8}+(?![\w.%-]{0,80}[=:(])[^\s"'`<>&,;()\\\[\]{}]{1,4096}+(?:[,;]?\s|\Z)"""
)
_TAGS = re.compile(rb"(?:&[\w-]{1,40}\s+|!{1,2}[A-Za-z][A-Za-z:.]{0,30}\s+){1,4}")
_SCHEME = re.compile(rb"(?:bearer|basic|token|apikey|digest|ssws)[ ]+(?=[^\s])", re.IGNORECASE)
_BARE = re.compile(
    rb"""(?:(?:<masked>|[^\s"'`&;,<>(){}\[\]\\]|\\++(?![nrt"'`\\]))++(?:(?<![$#%@])[({\[]++(?=[^\s"'`&;,<>(){}\[\]\\]))?+)*+"""
)
_LINE = re.compile(rb"""(?:[^\r\n"\\]|\\++(?![nr"\\]))*+""")
_BLOCK = re.compile(
    rb"[|>][+-]?\d?[+-]?[ ]*(?:(?:\r?\n)++(([ \t]+)[^\r\n]*(?:(?:\r?\n)++\2[^\r\n]*)*)"
    rb"|(?:%(nl)s)++(([ \t]+)(?:[^\r\n\\]|\\(?!n|r))*(?:(?:%(nl)s)++\4(?:[^\r\n\\]|\\(?!n|r))*)*))" % {b"nl": NEW_LINE}
)
"""YAML's `|` and `>`: all lines that are indented like the first, with empty ones between; also within a string."""

_BLOCK_HEAD = re.compile(rb"[|>][+-]?\d?[+-]?[ ]*%(nl)s" % {b"nl": NEW_LINE})
_ITEM = re.compile(rb"-[ ]+[^\r\n\\]*")
_ITEMS = re.compile(rb"(-[ ]+[^\r\n\\]*(?:%(nl)s[ \t]*-[ ]+(?:[^\r\n\\]|\\(?!n|r))*)*)" % {b"nl": NEW_LINE})
"""YAML's list: each line begins with a dash."""

_AGAIN = re.compile(rb"""(?<=[^"'])(["'])\1|'(?:\\+''|\\*"'\\*"')""")
"""A quote within a string of SQL, YAML, CSV or a shell: the string is closed and opened again."""

_FORM = re.compile(rb"&[\w.%\[\];-]{0,80}=")
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
_WEAK_NAME = "token"
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

_BEFORE_ALIAS = frozenset((b" ", b"(", b",", b"="))
_SIGNS = frozenset((b"&", b"<", b"(", b"[", b"{", b",", b";", b")", b">", b"}", b"]"))
_EMPTY = re.compile(rb"(?:\(\)|\[\]|\{\})(?=\w)")
"""Brackets before more: the beginning of a value."""

_GOES_ON = re.compile(rb"\w")
_MAX_LINES = 4_096


def mask_value(findings: Findings, at: int, named: Named, *, whole_line: bool = False) -> int:
    """Mask the value that begins at `at`, unless it is harmless. Returns where it ends."""
    data = findings.data
    if _may_be_tag(data, at) and (skipped := _BEFORE_VALUE.match(data, at)) is not None:
        if _TAGS.fullmatch(skipped.group()) is None:  # a comment, or a value that looks like one
            findings.add(at, at + len(skipped.group().rstrip()), named.rule)
        at = skipped.end()
    opening = _OPENING.match(data, at)
    if opening is not None:
        return _mask_string(findings, opening, named)
    if (typed := _TYPED.match(data, at)) is not None:
        at = typed.end()
    if data[at : at + 1] in {b"{", b"[", b"("} and _EMPTY.match(data, at) is None:
        return _mask_container(findings, at, named)
    if (buffer := _BUFFER.match(data, at)) is not None:
        findings.add(*buffer.span(1), named.rule)
        return buffer.end()
    if (alias := _ALIAS.match(data, at)) is not None and _may_be_alias(data, at):
        findings.aliases.setdefault(alias.group(), (at, named))
        return alias.end()
    if (lines := _lines(findings, at)) is not None:
        findings.add(*lines, named.rule)
        findings.masked_from, findings.masked_to = lines
        return lines[1]
    return _mask_bare(findings, at, named, whole_line=whole_line)


def _may_be_tag(data: bytes, at: int) -> bool:
    """A comment, or an anchor or a tag of YAML, which stand behind a colon."""
    first = data[at : at + 1]
    return first == b"/" or (first in {b"&", b"!"} and data[max(0, at - 4) : at].rstrip(b" ").endswith(b":"))


def _may_be_alias(data: bytes, at: int) -> bool:
    """As in SQL; but what a line or a field assigns is the value itself."""
    return data[at - 1 : at] in _BEFORE_ALIAS and (
        data[at : at + 1] in b"?%" or _ASSIGNED.search(data, max(0, at - 120), at) is None
    )


def _lines(findings: Findings, at: int) -> tuple[int, int] | None:
    """YAML's lines: a block of text, or a list."""
    data = findings.data
    found = _BLOCK_HEAD.match(data, at) or (_ITEM.match(data, at) if data[at : at + 2] == b"- " else None)
    if found is None:
        return None
    if findings.masked_from <= at and found.end() < findings.masked_to:
        return findings.masked_from, findings.masked_to  # so each line is read once
    lines = _BLOCK.match(data, at) or _ITEMS.match(data, at)
    return lines.span(lines.lastindex or 0) if lines else None


def _mask_string(findings: Findings, opening: re.Match[bytes], named: Named) -> int:
    start, end = opening.end(), end_of_string(findings, opening)
    quote = opening.group(1) + opening.group(2)
    triple = quote * 3
    if start == end and findings.data.startswith(triple, start - len(quote)):  # as in TOML
        start += 2 * len(quote)
        end = findings.next(triple, start)
    add_value(findings, start, end, named, quoted=True)
    return end


def end_of_string(findings: Findings, opening: re.Match[bytes]) -> int:
    """Where the closing quote begins, or what else ends the string."""
    structure, data = findings.structure, findings.data
    start, quote = opening.end(), opening.group(2)
    row = structure.row_at(start)
    if row < 0 or not structure.is_string(row):  # more brackets around it than are counted
        return findings.next(opening.group(1) + quote, start)
    end = structure.ends[row]
    if not structure.is_closed(row):
        return end_of_open(findings, row)
    if data[end - 1 : end] == b"\\" and end > start and _GOES_ON.match(data, end + 1) is not None:
        return _next_quote(findings, end + 1, opening.group(1) + quote)  # Python writes JSON's `\"` as `\\"`
    while not opening.group(1) and (again := _AGAIN.match(data, end)) is not None:
        end = findings.next(quote, again.end())
    return end


def end_of_open(findings: Findings, row: int) -> int:
    """No quote closed the string: it was cut, has several lines, or a quote that belongs to nothing led astray."""
    structure = findings.structure
    end, around = structure.ends[row], structure.parents[row] - 1
    while around >= 0 and not structure.is_string(around):
        around = structure.parents[around] - 1
    is_within = around >= 0 and structure.char(around) == structure.char(row)
    if is_within and structure.level(around) < structure.level(row) and structure.ends[around] == end:
        return end  # the text that it is in ended there
    return _next_quote(findings, end, b"\\" * structure.level(row) + bytes((structure.char(row),)))


def _next_quote(findings: Findings, at: int, quote: bytes) -> int:
    """Where a quote that is not escaped comes soon, or `at`."""
    data = findings.data
    found = re.compile(rb"(?<!\\)" + re.escape(quote)).search(data, at, at + _MAX_LINES)
    if found is not None:
        return found.start()
    return len(data) if findings.truncated and len(data) - at < _MAX_LINES else at


def add_value(findings: Findings, start: int, end: int, named: Named, around: bytes = b"", *, quoted: bool) -> None:
    """Mask a secret's value, unless it is harmless. Cookies' names stay. `around`: quotes for the mask."""
    if start >= findings.masked_from and end <= findings.masked_to:
        return  # the value of a name before: `password=password=x`
    value = findings.data[start:end]
    if not quoted:
        value = value.rstrip()
        end = start + len(value)
    is_cut = findings.truncated and end >= len(findings.data)  # half a secret may look harmless
    if not value or (not is_cut and _is_harmless(named, value.decode("utf-8", "replace"), quoted=quoted)):
        return
    if named.rule.endswith(("cookie", "cookies")) and not around:
        mask_cookies(findings, start, end, named.rule)
    elif around:
        findings.add(start, end, named.rule, around + b"<masked>" + around)
    else:
        findings.add(start, end, named.rule)
        findings.masked_from, findings.masked_to = start, end


def _is_harmless(named: Named, value: str, *, quoted: bool) -> bool:
    if named.rule.startswith(YOUR_KEY):
        return False
    if named.rule.startswith(PARAMETER):
        return not is_secret_field(named.name, value)
    return is_harmless(named.name, value, quoted=quoted)


# Without quotes


def _mask_bare(findings: Findings, at: int, named: Named, *, whole_line: bool) -> int:
    data = findings.data
    scheme = _SCHEME.match(data, at)
    end = _run(findings, "word", _BARE, scheme.end() if scheme else at)
    if end == at and not whole_line:
        end = _behind_signs(data, at)
    if end == at and (not _is_sign(data, at) or not whole_line):
        return at
    if not named.closing and (_CALL.match(data, at) or _is_prose(data, at, end, named)):
        return end
    if (whole_line or named.rule.endswith("authorization")) and (
        end == at or data[end : end + 1] not in {b"&", b"}", b"]"}
    ):
        last = min(_run(findings, "line", _LINE, at), _end_around(findings, at))
        text, comment, _ = data[at:last].partition(b" #")
        if comment and _is_harmless(named, text.decode("utf-8", "replace"), quoted=False):
            return end  # YAML's `id-token: write # for OIDC`
        end = max(end, at + len(data[at:last].rstrip()))
    # A number in JSON: the mask must be JSON as well.
    around = named.closing if named.closing[-1:] == b'"' else b""
    add_value(findings, at, end, named, around, quoted=False)
    return end


def _behind_signs(data: bytes, at: int) -> int:
    """`password=)x page=2`: the field of a log's line goes on to the next blank; an empty one ends here."""
    found = _BEHIND_SIGNS.match(data, at) if data[at - 1 : at] == b"=" else None
    return found.end() if found else at


def _is_sign(data: bytes, at: int) -> bool:
    """A value may begin with what ends others; behind an empty one comes the next field of a form."""
    return data[at : at + 1] in _SIGNS and _FORM.match(data, at) is None


def _end_around(findings: Findings, at: int) -> int:
    """Where the string ends in which a line stands."""
    structure = findings.structure
    row = structure.around(at)
    while row >= 0 and not structure.is_string(row):
        row = structure.parents[row] - 1
    return structure.ends[row] if row >= 0 else len(findings.data)


def _is_prose(data: bytes, at: int, end: int, named: Named) -> bool:
    """`API key: not found` says something about it."""
    if data[end : end + 1] != b" ":
        return False
    rest = _PROSE.match(data, at)
    return rest is not None and is_harmless(named.name, rest.group().decode("utf-8", "replace"), quoted=True)


def _run(findings: Findings, kind: str, pattern: re.Pattern[bytes], at: int) -> int:
    """Where the run around `at` ends; each run is walked once."""
    start, end = findings.runs.get(kind, (0, 0))
    if not start <= at < end:
        found = pattern.match(findings.data, at)
        end = found.end() if found else at
        findings.runs[kind] = (at, end)
    return end


# Containers


def _mask_container(findings: Findings, at: int, named: Named) -> int:
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


_STRUCTURE = frozenset(b"\"'[]{}\\")


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
    is_value = key in _VALUES and key != b"key"
    return Named(named.name if is_value else _WEAK_NAME, rule, named.closing)


def _masked_keys(findings: Findings, row: int, named: Named) -> frozenset[bytes] | None:
    """The keys whose values are masked; None for all. Under `session` stands an object of which most is harmless."""
    if _is_schema(findings, row):
        return _SHOWN_BY_SCHEMAS
    if any(member.key in _TELLING for member in findings.structure.members(row)):
        return _VALUES
    if findings.structure.char(row) == BRACKETS or not named.rule.startswith("name:"):
        return None
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
