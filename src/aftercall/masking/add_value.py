"""Masks a secret's value, unless it says that there is none. Names of cookies stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

HARMLESS_VALUES = frozenset(
    (b"null", b"true", b"false", b"none", b"nil", b"undefined", b"nan", b"[redacted]", b"redacted", b"", b"yes", b"no")
)
_COOKIE = re.compile(rb"""(?<![^\s=;,"'\\<>])([^\s=;,"'\\<>]+)=([^;"'\\<>]+)""")
_COOKIE_ATTRIBUTES = frozenset((b"path", b"domain", b"expires", b"max-age", b"samesite"))


def mask_cookies(findings: Findings, start: int, end: int, rule: str) -> None:
    """`theme=dark; sid=...`: names stay, values are masked; without a name everything is."""
    found = False
    for cookie in _COOKIE.finditer(findings.data, start, end):
        found = True
        if cookie.group(1).lower() not in _COOKIE_ATTRIBUTES:
            findings.add(cookie.start(2), cookie.end(2), rule)
    if not found:
        findings.add(start, end, rule)


def add_value(findings: Findings, start: int, end: int, rule: str, around: bytes = b"") -> None:
    """Mask a secret's value, unless it says that there is none. Cookies' names stay. `around`: quotes for the mask."""
    value = findings.data[start:end]
    if value.strip().lower() in HARMLESS_VALUES:
        return
    if rule.endswith(("cookie", "cookies")):
        mask_cookies(findings, start, end, rule)
    elif around:
        findings.add(start, end, rule, around + b"<masked>" + around)
    else:
        findings.add(start, end, rule)
