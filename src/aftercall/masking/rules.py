"""The rules of one function: strictness, the user's own rules, and its own secrets as its environment holds them.

Made once at start by rules_source.py; plain data and cheap questions here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.urls import Url, bracketed, percent_decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.masking.paths import Path
    from aftercall.masking.patterns import Pattern
    from aftercall.masking.word import Word

BASIC, STANDARD, STRICT = "basic", "standard", "strict"
LEVELS = (BASIC, STANDARD, STRICT)

MAX_REMEMBERED = 4_096
MAX_REMEMBERED_BYTES = 262_144
"""Of all remembered words together: a word may be as long as a text."""

MAX_WORD_BYTES = 256
"""A longer word is judged each time."""


class Rules:
    """`withheld`: places (`event`, `response`, `request`, `error`, `*`: all) with a rule that could not be read."""

    __slots__ = (
        "allowed",
        "audit",
        "environment",
        "excluded_hosts",
        "keys",
        "level",
        "paths",
        "patterns",
        "withheld",
        "words",
        "words_bytes",
    )

    def __init__(self) -> None:
        self.level = STANDARD
        self.keys: tuple[str, ...] = ()
        """Lower case; `*` stands for any letters."""
        self.allowed: frozenset[str] = frozenset()
        """Names, lower case, that are never masked for their name."""
        self.patterns: tuple[Pattern, ...] = ()
        self.paths: tuple[Path, ...] = ()
        self.excluded_hosts: tuple[str, ...] = ()
        self.environment: tuple[tuple[str, tuple[bytes, ...]], ...] = ()
        """Name of a variable, and the forms that its value may have in a text."""
        self.withheld: frozenset[str] = frozenset()
        self.audit: list[str] | None = None
        """For `aftercall check`: the rules that found something."""
        self.words: dict[bytes, Word] = {}
        """Verdicts under these rules: most words come again in each body."""
        self.words_bytes = 0

    def allows(self, name: str) -> bool:
        return name.lower() in self.allowed

    def is_key(self, name: str) -> bool:
        lower = name.lower()
        return any(is_like(lower, key) for key in self.keys)

    def remember(self, text: bytes, word: Word) -> None:
        if len(text) > MAX_WORD_BYTES:
            return
        if len(self.words) >= MAX_REMEMBERED or self.words_bytes > MAX_REMEMBERED_BYTES:
            self.words.clear()
            self.words_bytes = 0
        self.words[text] = word
        self.words_bytes += len(text)

    def matches(self, data: bytes) -> Iterator[tuple[int, int]]:
        for pattern in self.patterns:
            yield from pattern.spans(data)

    def holds_secret(self, text: str) -> bool:
        """Whether it holds the value of one of the function's secret variables."""
        data = text.encode("utf-8", "replace")
        if "%" in text:
            data += b"\n" + percent_decoded(text).encode("utf-8", "replace")
        return any(form in data for _, forms in self.environment for form in forms)

    def may_find(self, text: str) -> bool:
        """Whether the function's own rules may find something in a text that the built-in rules let pass."""
        return bool(self.keys or self.patterns or self.level == STRICT) or self.holds_secret(text)

    def finds_value(self, text: str) -> bool:
        """Whether a pattern or a secret of the function's is in it, whatever stands before it."""
        return self.holds_secret(text) or any(True for _ in self.matches(text.encode("utf-8", "replace")))

    def withholds(self, place: str) -> bool:
        return bool(self.withheld) and ("*" in self.withheld or place in self.withheld)

    def excludes(self, host: str) -> bool:
        """`example.com` itself, `example.com:8080`; `.example.com` and `*.example.com` all below it."""
        return any(
            host.endswith(name.lstrip("*")) if name[:1] in {".", "*"} else name == host for name in self.excluded_hosts
        )

    def excludes_url(self, url: str) -> bool:
        parts = Url(url.lower())
        return any(map(self.excludes, (bracketed(parts.host), parts.authority)))


def is_like(name: str, key: str) -> bool:
    """`*` in the key stands for any letters. By hand: `fnmatch` would import `re`."""
    first, *others = key.split("*")
    if not others:
        return name == key
    if not name.startswith(first) or not name[len(first) :].endswith(others[-1]):
        return False
    rest = name[len(first) : len(name) - len(others[-1])]
    for part in others[:-1]:
        at = rest.find(part)
        if at < 0:
            return False
        rest = rest[at + len(part) :]
    return True
