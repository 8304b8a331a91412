"""The rules of one function: strictness, the user's own rules, and its own secrets as its environment holds them.

Made once at start by rules_source.py; plain data and cheap questions here.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from aftercall.pipeline.paths import Path

BASIC, STANDARD, STRICT = "basic", "standard", "strict"
LEVELS = (BASIC, STANDARD, STRICT)


class Rules:
    """`withheld`: places (`event`, `response`, `request`, `error`, `*`: all) of which a rule could not be read."""

    __slots__ = ("allowed", "environment", "excluded_hosts", "keys", "level", "paths", "withheld")

    def __init__(self) -> None:
        self.level = STANDARD
        self.keys: tuple[str, ...] = ()
        """Lower case; `*` stands for any letters."""
        self.allowed: frozenset[str] = frozenset()
        """Names, lower case, that are never masked for their name."""
        self.paths: tuple[Path, ...] = ()
        self.excluded_hosts: tuple[str, ...] = ()
        self.environment: tuple[tuple[str, tuple[bytes, ...]], ...] = ()
        """Variable, and the forms in which its value may stand in a text."""
        self.withheld: frozenset[str] = frozenset()

    def allows(self, name: str) -> bool:
        return name.lower() in self.allowed

    def is_key(self, name: str) -> bool:
        lower = name.lower()
        return any(fnmatchcase(lower, key) if "*" in key else lower == key for key in self.keys)

    def withholds(self, place: str) -> bool:
        return bool(self.withheld) and ("*" in self.withheld or place in self.withheld)

    def excludes(self, host: str) -> bool:
        """`example.com` itself; `.example.com` and `*.example.com` all below it."""
        return any(
            host.endswith(name.lstrip("*")) if name[:1] in {".", "*"} else name == host for name in self.excluded_hosts
        )
