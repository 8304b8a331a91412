"""The value that stands behind a secret's name: quoted, in brackets, in lines, or bare. Masks it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking import STRONG
from aftercall.masking.add_value import add_value
from aftercall.masking.bare_value import mask_bare
from aftercall.masking.container import mask_container
from aftercall.masking.named import YOUR_KEY, Named
from aftercall.masking.names import strength_of
from aftercall.masking.string_end import end_of_string

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

NEW_LINE = rb"(?:\r?\n|(?:\\+r)?\\+n)"

_OPENING = re.compile(
    rb"""(?:string\(\d{1,9}\)[ ]|(?:\[\])?[A-Za-z_][\w.]{0,40}\(|<<(?=\\*"))?"""
    rb"""(?:[bruN@]{1,2}(?=\\*["'`]))?(\\*)(["'`])"""
)
"""A quote, perhaps in a call: `Some("x")`, `SecretStr('x')`, `bytearray(b'x')`, `<<"x">>`."""

_TYPED = re.compile(rb"\[\][A-Za-z][\w.*]{0,40}(?=\{)|(?=\()")
"""Go's `[]string{"x"}`."""

_ANGLED = re.compile(rb"<\w{1,20}[ ]((?:[0-9a-f]{2}[ ]?){2,4096})|<[a-z]{2,12}(?:[ ][^\s<>]{1,40}){3,12}>")
"""Node's `<Buffer 61 62>`; `<set to the key 'api-key' in secret 'app'>` is no value."""

_ALIAS = re.compile(rb"(?:[:#@$]([A-Za-z_]{1,40}\d?)|(\$\d{1,2}|\?|%s)|%\((\w{1,40})\)s)(?![\w:=$./@+-])")
"""What stands for a value that comes elsewhere: DynamoDB's `:p`, `#p`, the `?`, `$1`, `:name` of SQL, a `$x`."""

_ASSIGNED = re.compile(
    rb"(?:(?:\A|\n|\\n)[ \t]*(?:export[ ])?[\w.-]{1,80}(?:[ ]?=|:[ ]|:)|[ ]\w{1,40}=\S{1,80}[ ][\w-]{1,60}=)[ ]?\Z"
)
"""`PASSWORD=:x` on a line of its own, or behind another field of a log's line."""

_BEFORE_VALUE = re.compile(
    rb"(?:/\*[^*]{0,200}\*/\s*|//[^\r\n\\]{0,200}%(nl)s\s*|&[\w-]{1,40}[ ]+|!{1,2}[\w:/.-]{0,80}[ ]+){1,4}"
    % {b"nl": NEW_LINE}
)
"""Comments in JSON, anchors and tags in YAML."""

_TAGS = re.compile(rb"(?:&[\w-]{1,40}\s+|!{1,2}[A-Za-z][A-Za-z:.]{0,30}\s+){1,4}")
_BLOCK = re.compile(
    rb"[|>][+-]?\d?[+-]?[ ]*(?:(?:\r?\n)++(([ \t]+)[^\r\n]*(?:(?:\r?\n)++\2[^\r\n]*)*)"
    rb"|(?:%(nl)s)++(([ \t]+)(?:[^\r\n\\]|\\(?!n|r))*(?:(?:%(nl)s)++\4(?:[^\r\n\\]|\\(?!n|r))*)*))" % {b"nl": NEW_LINE}
)
"""YAML's `|` and `>`: all lines that are indented like the first, with empty ones between; also within a string."""

_MAPPED = re.compile(rb"[ \t]*[\w.-]{1,60}:(?:[ ]|%b)" % NEW_LINE)
_BLOCK_HEAD = re.compile(rb"[|>][+-]?\d?[+-]?[ ]*%(nl)s" % {b"nl": NEW_LINE})
_ITEMS = re.compile(rb"-[ ]+[^\r\n\\]*(?:%(nl)s[ \t]*-[ ]+(?:[^\r\n\\]|\\(?!n|r))*)*" % {b"nl": NEW_LINE})
"""YAML's list: each line begins with a dash."""

_JSON = re.compile(rb"\{[ ]?(\\*\")(?=[\w.-]{1,80}\1:)")
_DOCUMENT = "document"
_MAX_NAMES = 1_024
"""Bytes of a list of names: a longer one holds something else."""

_BEFORE_ALIAS = frozenset((b" ", b"(", b",", b"="))
_EMPTY = re.compile(rb"(?:\(\)|\[\]|\{\})(?=\w)")
"""Brackets before more: the beginning of a value."""


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
        return mask_container(findings, at, named)
    if (angled := _ANGLED.match(data, at)) is not None:
        findings.add(*angled.span(1), named.rule)
        return angled.end()
    if (alias := _ALIAS.match(data, at)) is not None and _may_be_alias(data, at):
        findings.aliases.setdefault(alias.group(), (at, named))
        return alias.end()
    lines = _lines(findings, at)
    return (
        mask_bare(findings, at, named, whole_line=whole_line) if lines is None else _mask_lines(findings, lines, named)
    )


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
    if data[at : at + 2] == b"- ":
        return at, findings.run_end("items", _ITEMS, at)
    head = _BLOCK_HEAD.match(data, at)
    if head is None:
        return None
    if findings.masked_from <= at and head.end() < findings.masked_to:
        return findings.masked_from, findings.masked_to  # so each line is read once
    block = _BLOCK.match(data, at)
    return block.span(block.lastindex or 0) if block else (at, at)


def _mask_lines(findings: Findings, lines: tuple[int, int], named: Named) -> int:
    data = findings.data
    start, end = findings.runs.get(_DOCUMENT, (0, 0))
    # In a document, such a block is masked whole: so that of blocks within blocks each line is read twice at most.
    is_inner = start <= lines[0] < end
    if not is_inner and not named.rule.startswith(YOUR_KEY) and _MAPPED.match(data, lines[0]) is not None:
        findings.runs[_DOCUMENT] = lines
        return lines[0]  # a document of its own
    is_masked = findings.masked_from <= lines[0] and lines[1] <= findings.masked_to
    if not is_masked and (data[lines[0] : lines[0] + 1] != b"-" or not _are_names(data[lines[0] : lines[1]])):
        findings.add(*lines, named.rule)
        findings.masked_from, findings.masked_to = lines
    return lines[1]


def _are_names(items: bytes) -> bool:
    """`- db_password` below `secrets:`: which there are, as in a compose file."""
    if len(items) > _MAX_NAMES:
        return False
    names = [item.strip(b"- \r\"'").decode("latin-1") for item in items.split(b"\n")]
    return all(name.replace("_", "").replace("-", "").isalpha() and strength_of(name) == STRONG for name in names)


def _mask_string(findings: Findings, opening: re.Match[bytes], named: Named) -> int:
    start, end = opening.end(), end_of_string(findings, opening)
    quote = opening.group(1) + opening.group(2)
    triple = quote * 3
    if start == end and findings.data.startswith(triple, start - len(quote)):  # as in TOML
        start += 2 * len(quote)
        end = findings.next(triple, start)
    if (inner := _JSON.match(findings.data, start, end)) is not None and not named.rule.startswith(YOUR_KEY):
        row = findings.structure.row_at(start + 1)
        if row >= 0 and findings.structure.after(row) == end:  # `--secret-string '{"username": "jo", "password": "x"}'`
            mask_container(findings, start, Named(named.name, named.rule, inner.group(1)))
            return end
    add_value(findings, start, end, named, quoted=True)
    return end
