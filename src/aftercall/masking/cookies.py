"""Masks cookies, one by one: their names stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.masking.cookie_run import CookieRun

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings


def mask_cookies(findings: Findings, start: int, end: int, rule: str) -> None:
    """`theme=dark; sid=...`: names stay, values are masked but for those that surely hold none; all without a name."""
    run = findings.cookies
    if run is not None and run.holds(start, end):
        secrets = run.more_secrets(start, end)
    else:
        findings.cookies = CookieRun(findings.data, start, end)
        secrets = findings.cookies.secrets()
    for secret_start, secret_end in secrets:
        findings.add(secret_start, secret_end, rule)
        findings.masked_from, findings.masked_to = secret_start, secret_end
