"""Masks cookies, one by one: their names stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.cookie_names import is_secret_cookie

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_COOKIE = re.compile(rb"""(?<![^\s=;,"'\\<>])([^\s=;,"'\\<>]+)=(<masked>|[^;"'\\<>]+)""")
_ATTRIBUTES = frozenset((b"path", b"domain", b"expires", b"max-age", b"samesite"))


def mask_cookies(findings: Findings, start: int, end: int, rule: str) -> None:
    """`theme=dark; sid=...`: names stay, values are masked but for those that surely hold none; all without a name."""
    found = False
    for cookie in _COOKIE.finditer(findings.data, start, end):
        found = True
        name, value = cookie.group(1).decode("latin-1"), cookie.group(2).decode("latin-1")
        if name.lower().encode("latin-1") not in _ATTRIBUTES and is_secret_cookie(name, value):
            findings.add(cookie.start(2), cookie.end(2), rule)
    if not found:
        findings.add(start, end, rule)
