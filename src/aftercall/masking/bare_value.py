"""A value without quotes: a word, a call, or the rest of its line. Masks it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking import FAINT
from aftercall.masking.add_value import add_value, is_harmless_value
from aftercall.masking.names import strength_of
from aftercall.masking.under_name import is_harmless

if TYPE_CHECKING:
    from aftercall.masking.named import Named
    from aftercall.masking.spans import Findings

_CALL = re.compile(rb"[A-Za-z_][\w.]{0,80}\([^\r\n]{0,400}\)(?!\w)")
_PROSE = re.compile(rb"[^\r\n\\\"{}\[\]<>]{1,200}")

_BEHIND_SIGNS = re.compile(
    rb"""[&,;(){}<>\[\]]{1,8}+(?![\w.%-]{0,80}[=:(])[^\s"'`<>&,;()\\\[\]{}]{1,4096}+(?:[,;]?\s|\Z)"""
)
_SCHEME = re.compile(rb"(?:bearer|basic|token|apikey|digest|ssws)[ ]+(?=[^\s])", re.IGNORECASE)
_ONE_WORD = frozenset((b"be", b"ba"))
"""Behind these schemes stands one word."""

_BARE = re.compile(
    rb"""(?:(?:<masked>|[^\s"'`&;,<>(){}\[\]\\]|\\++(?![nrt"'`\\]))++(?:(?<![$#%@])[({\[]++(?=[^\s"'`&;,<>(){}\[\]\\]))?+)*+"""
)
_LINE = re.compile(rb"""(?:[^\r\n"\\]|\\++(?![nr"\\]))*+""")
_ENCLOSED = re.compile(rb"<(?!masked>)(?=[^\s<>\d]{0,80}\d)[^\s<>]{4,4096}>(?!\w)")
_FORM = re.compile(rb"&[\w.%\[\];-]{0,80}=")
_SIGNS = frozenset((b"&", b"<", b"(", b"[", b"{", b",", b";", b")", b">", b"}", b"]"))


def mask_bare(findings: Findings, at: int, named: Named, *, whole_line: bool) -> int:
    data = findings.data
    scheme = _SCHEME.match(data, at)
    end = findings.run_end("word", _BARE, scheme.end() if scheme else at)
    if end == at and (enclosed := _ENCLOSED.match(data, at)) is not None:
        end = enclosed.end()
    if end == at and not whole_line:
        end = _behind_signs(data, at)
    if end == at and (not _is_sign(data, at) or not whole_line):
        return at
    if not named.closing and (_CALL.match(data, at) or _is_prose(data, at, end, named)):
        return end
    is_word = scheme is not None and scheme.group()[:2].lower() in _ONE_WORD
    if (
        not is_word
        and (whole_line or named.rule.endswith("authorization"))
        and (end == at or data[end : end + 1] not in {b"&", b"}", b"]"})
    ):
        last = min(findings.run_end("line", _LINE, at), findings.structure.string_end(at))
        text, comment, _ = data[at:last].partition(b" #")
        if comment and is_harmless_value(named, text.decode("utf-8", "replace"), quoted=False):
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


def _is_prose(data: bytes, at: int, end: int, named: Named) -> bool:
    """`API key: not found` says something about it."""
    if data[end : end + 1] != b" ":
        return False
    rest = _PROSE.match(data, at)
    if strength_of(named.name) <= FAINT:
        return rest is not None and is_harmless(named.name, data[at:end].decode("utf-8", "replace"), quoted=False)
    return rest is not None and is_harmless(named.name, rest.group().decode("utf-8", "replace"), quoted=True)
