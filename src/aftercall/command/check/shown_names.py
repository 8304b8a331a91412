"""Names that are secrets' by their words and whose values leave all the same, each with the reason why.

Looked for in the document as it would leave: keys and headers, parameters, cookies, and `name=value` in texts.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aftercall.command.check.why_shown import why_shown, why_shown_cookie
from aftercall.formats.text import MASKED, WITHHELD
from aftercall.formats.urls import percent_decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.masking.rules import Rules

_ASSIGNED = re.compile(
    r"""(?<![\w.%-])([\w.%-]{2,80})(?:(["']\s*:\s*)(["'])|["']?\s?[=:]\s?)((?(3)[^"']*|[^\s"'&;,<>{}()\[\]]+))"""
)
_PARAMETER = re.compile(r"[?&]([\w.%\[\]-]{1,80})=([^&#\s]+)")
_COOKIE = re.compile(r"(?:\A|;\s?)([^\s=;]+)=([^;]*)")
_COOKIES = frozenset(("cookie", "set-cookie"))
_PAIR = 2


def shown_names(document: Any, rules: Rules) -> dict[str, str]:
    """Name -> reason; of names that are shown more than once, the first reason."""
    found: dict[str, str] = {}
    for name, reason in _of(document, rules):
        found.setdefault(name, reason)
    return found


def _of(value: Any, rules: Rules) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _of_named(key, item, rules)
    elif isinstance(value, list):
        if len(value) == _PAIR and all(isinstance(item, str) for item in value):
            yield from _of_named(value[0], value[1], rules)
        else:
            for item in value:
                yield from _of(item, rules)
    elif isinstance(value, str):
        yield from _of_text(value, rules)


def _of_named(name: str, value: Any, rules: Rules) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and name.lower() in _COOKIES:
        yield from _of_cookies(value)
    elif isinstance(value, list):
        for item in value:
            yield from _of(item, rules) if isinstance(item, dict | list) else _of_named(name, item, rules)
    elif isinstance(value, dict):
        yield from _of(value, rules)
    else:
        is_text = isinstance(value, str)
        text = value if is_text else json.dumps(value)
        yield from _told(name, text, rules, quoted=is_text)
        if is_text:
            yield from _of_text(text, rules)


def _of_text(text: str, rules: Rules) -> Iterator[tuple[str, str]]:
    if text[:1] in {"{", "["}:
        try:
            yield from _of(json.loads(text), rules)
        except ValueError:
            pass
        else:
            return
    for name, value in _PARAMETER.findall(text):
        yield from _told(percent_decoded(name), percent_decoded(value), rules, quoted=True, is_parameter=True)
    for name, _, quote, value in _ASSIGNED.findall(text):
        yield from _told(name, value, rules, quoted=bool(quote))


def _of_cookies(text: str) -> Iterator[tuple[str, str]]:
    for name, value in _COOKIE.findall(text):
        if MASKED not in value and (reason := why_shown_cookie(name, value)):
            yield f"cookie {name}", reason


def _told(
    name: str, value: str, rules: Rules, *, quoted: bool, is_parameter: bool = False
) -> Iterator[tuple[str, str]]:
    if not value or MASKED in value or WITHHELD in value:
        return
    reason = why_shown(name, value, rules, quoted=quoted, is_parameter=is_parameter)
    if reason:
        yield name, reason
