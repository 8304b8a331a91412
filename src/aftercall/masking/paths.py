"""The user's own paths: `event.detail.customer.iban`, `response.items[*].sku`, `*.profile.email`.

The first word says the place: `event`, `response` (of the invocation and of calls), `request`, or `*`. Then keys;
`[3]` or `[*]` for items; `*` for any key. A string of JSON on the way is looked into.
A cut document is walked as far as it goes, without recursion and without building objects.
"""

from __future__ import annotations

import re

from aftercall.formats.json_text import dumps, loads
from aftercall.formats.text import MASKED

MASK = MASKED.encode()

PLACES = frozenset(("event", "response", "request", "*"))
_STEP = re.compile(r"(?:\.?([^.\[\]]+)|\[(\d+|\*)\])")
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_MAX_INNER = 4
"""Paths lead through so many levels of JSON in JSON strings."""


class Path:
    """A path to a value. Raises ValueError, which says what is wrong with the text."""

    __slots__ = ("place", "steps", "text")

    def __init__(self, text: str) -> None:
        place, _, rest = text.strip().removeprefix("$.").partition(".")
        if place not in PLACES or not rest:
            raise ValueError("a place (event, response, request or *) and keys are needed, as in event.body.user")
        steps: list[str] = []
        position = 0
        while position < len(rest):
            step = _STEP.match(rest, position)
            if step is None:
                at = text.find(rest) + position + 1
                raise ValueError(f"at its character {at}: keys parted by dots, items as [0] or [*]")
            steps.append(step.group(1) or step.group(2))
            position = step.end()
        self.text = text
        self.place = place
        self.steps = tuple(steps)


def redact_paths(data: bytes, paths: tuple[Path, ...], place: str) -> bytes:
    """The document with the values at these paths masked."""
    wanted = [path.steps for path in paths if path.place in {place, "*"}]
    return _Walk(data, wanted, 0).run() if wanted else data


def redact_below(data: bytes, paths: tuple[Path, ...], place: str, key: str) -> bytes:
    """The same for a document that stands under `key` of an outer one, coded or apart."""
    wanted = [path.steps[1:] for path in paths if path.place in {place, "*"} and path.steps[0] in {key, "*"}]
    if () in wanted:
        return MASK
    return _Walk(data, wanted, 0).run() if wanted else data


class _Walk:
    """One pass over the tokens. Each open container holds the paths that still lead on below it."""

    def __init__(self, data: bytes, paths: list[tuple[str, ...]], inner: int) -> None:
        self._data = data
        self._inner = inner
        self._written: list[bytes] = []
        self._copied = 0
        self._open: list[tuple[list[tuple[str, ...]], bool]] = []
        """Paths that lead into the container, and whether it is an array."""
        self._item: list[int] = []
        self._leading = paths
        """The paths that lead to the next value."""
        self._in_value = False

    def run(self) -> bytes:
        key: bytes | None = None
        skipped = 0
        for token in _TOKEN.finditer(self._data):
            word = token.group()
            if token.start() < skipped:
                continue
            if word == b":":
                self._enter(_text(key or b""))
                key = None
            elif word == b",":
                key = None
                self._next_item()
            elif word in {b"{", b"["}:
                if () in self._leading:
                    skipped = self._mask_container(token.start())
                    self._leading = []
                else:
                    self._push(is_array=word == b"[")
            elif word in {b"}", b"]"}:
                key = None
                self._in_value = False
                if self._open:
                    self._open.pop()
                    self._item.pop()
                self._leading = []
            elif word[:1] == b'"' and self._expects_key():
                key = word
            else:
                self._value(token)
        return b"".join((*self._written, self._data[self._copied :]))

    def _expects_key(self) -> bool:
        return bool(self._open) and not self._open[-1][1] and not self._in_value

    def _enter(self, key: str) -> None:
        self._in_value = True
        paths = self._open[-1][0] if self._open else []
        self._leading = [path[1:] for path in paths if path and path[0] in {key, "*"}]

    def _next_item(self) -> None:
        self._in_value = False
        if not self._open or not self._open[-1][1]:
            self._leading = []
            return
        self._item[-1] += 1
        self._lead_item()

    def _lead_item(self) -> None:
        index = str(self._item[-1])
        self._leading = [path[1:] for path in self._open[-1][0] if path and path[0] in {index, "*"}]

    def _push(self, *, is_array: bool) -> None:
        self._open.append((self._leading, is_array))
        self._item.append(0)
        self._in_value = False
        if is_array:
            self._lead_item()

    def _value(self, token: re.Match[bytes]) -> None:
        self._in_value = False
        if () in self._leading:
            self._replace(token.start(), token.end(), b'"' + MASK + b'"')
        elif self._leading and token.group()[:1] == b'"' and self._inner < _MAX_INNER:
            plain = _text(token.group()).encode("utf-8", "replace")
            masked = _Walk(plain, self._leading, self._inner + 1).run()
            if masked != plain:
                self._replace(token.start(), token.end(), dumps(masked.decode("utf-8", "replace")).encode())
        self._leading = []

    def _mask_container(self, start: int) -> int:
        level = 0
        for token in _TOKEN.finditer(self._data, start):
            word = token.group()
            level += (word in {b"{", b"["}) - (word in {b"}", b"]"})
            if level == 0:
                self._replace(start, token.end(), b'"' + MASK + b'"')
                return token.end()
        self._replace(start, len(self._data), b'"' + MASK + b'"')
        return len(self._data)

    def _replace(self, start: int, end: int, instead: bytes) -> None:
        self._written += (self._data[self._copied : start], instead)
        self._copied = end


def _text(token: bytes) -> str:
    """The text of a string token, or of the beginning of one."""
    text = token.decode("utf-8", "replace")
    for tried in (text, text + '"', text.rstrip("\\")[:-5] + '"'):
        try:
            value = loads(tried)
        except ValueError:
            continue
        return value if isinstance(value, str) else text
    return text.strip('"')
