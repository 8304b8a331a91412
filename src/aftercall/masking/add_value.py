"""Adds the value behind a name to what is masked, unless it is harmless under that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.masking.cookies import mask_cookies
from aftercall.masking.named import PARAMETER, YOUR_KEY
from aftercall.masking.under_name import is_harmless
from aftercall.masking.url_fields import is_secret_field

if TYPE_CHECKING:
    from aftercall.masking.named import Named
    from aftercall.masking.spans import Findings


def add_value(findings: Findings, start: int, end: int, named: Named, around: bytes = b"", *, quoted: bool) -> None:
    """Mask a secret's value, unless it is harmless. Cookies' names stay. `around`: quotes for the mask."""
    if start >= findings.masked_from and end <= findings.masked_to:
        return  # the value of a name before: `password=password=x`
    value = findings.data[start:end]
    if not quoted:
        value = value.rstrip()
        end = start + len(value)
    is_cut = findings.truncated and end >= len(findings.data)  # half a secret may look harmless
    if not value or (not is_cut and is_harmless_value(named, value.decode("utf-8", "replace"), quoted=quoted)):
        return
    if named.rule.endswith(("cookie", "cookies")) and not around:
        mask_cookies(findings, start, end, named.rule)
    elif around:
        findings.add(start, end, named.rule, around + b"<masked>" + around)
    else:
        findings.add(start, end, named.rule)
        findings.masked_from, findings.masked_to = start, end


def is_harmless_value(named: Named, value: str, *, quoted: bool) -> bool:
    if named.rule.startswith(YOUR_KEY):
        return False
    if named.rule.startswith(PARAMETER):
        return not is_secret_field(named.name, value)
    return is_harmless(named.name, value, quoted=quoted)
