"""The secrets that were found in a text: where they are, what replaces them, and by which rule.

Every decider of this package adds to one `Findings`, and none takes a finding back or ends another's search. At the
end the text is written with these spans replaced; everything else stays byte for byte as the user wrote it.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from aftercall.formats.text import MASKED
from aftercall.masking.gunzip import Gunzip

if TYPE_CHECKING:
    import re

    from aftercall.masking.cookie_run import CookieRun
    from aftercall.masking.named import Named
    from aftercall.masking.rules import Rules
    from aftercall.masking.structure import Structure

MASK = MASKED.encode()

BASE64 = "base64"
"""The rule of what was decoded, masked and coded again."""

_LABEL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ "

MAX_DEPTH = 6
"""Codings within codings (percent in base64 in percent): a deeper text is masked unread."""

MAX_TIMES = 8
"""Texts within a text are at most so many times as long as it, all together; what is beyond is masked unread."""

MIN_BUDGET = 2_097_152
"""What a small text may hold: gzip's bound, twice."""


class Budget:
    """How many bytes of texts within a text are looked at: however they are nested, time stays linear."""

    __slots__ = ("_left",)

    def __init__(self, size: int) -> None:
        self._left = MAX_TIMES * size + MIN_BUDGET

    def takes(self, size: int) -> bool:
        self._left -= size
        return self._left >= 0


class Findings:
    """The secrets of one text, which may stand in a text `around` it.

    `truncated`: its end was cut off, so that its last word may be half a secret.
    """

    __slots__ = ("_containers", "_has_marks", "_next", "aliases", "budget", "cookies", "data", "depth", "gunzip",
                 "has_parameters", "masked_from", "masked_to", "partnered", "rules", "runs", "signs", "spans",
                 "structure", "truncated")  # fmt: skip

    structure: Structure

    def __init__(self, data: bytes, rules: Rules, *, truncated: bool, around: Findings | None = None) -> None:
        self.data = data
        self.rules = rules
        self.truncated = truncated
        self.depth: int = around.depth + 1 if around else 0
        self.gunzip: Gunzip = around.gunzip if around else Gunzip()
        self.budget: Budget = around.budget if around else Budget(len(data))
        self.spans: list[tuple[int, int, bytes, str]] = []
        self.aliases: dict[bytes, tuple[int, Named]] = {}
        """What stands for a secret that comes elsewhere in the text -> where it stands, and the secret's name."""
        self._containers: dict[str, tuple[list[int], list[int]]] = {}
        """By rule: where the containers begin and end of which all values were masked."""
        self.partnered: dict[int, set[str]] = {}
        """Rows of objects and tags of which the partners were masked, for which names."""
        self.runs: dict[str, tuple[int, int]] = {}
        """By kind: start and end of the last value without quotes. One that begins within it ends there too."""
        self.masked_from = self.masked_to = 0
        """The last value that was masked whole: one within it needs no look."""
        self.cookies: CookieRun | None = None
        """Those that were looked at last."""
        self.has_parameters = False
        """Whether it holds a query, or is a form."""
        self.signs: set[bytes] = set()
        """Words and pieces of words that a secret may stand beside: by_shape.py."""
        self._next: dict[bytes, tuple[int, int]] = {}
        self._has_marks = data.find(MASK) >= 0

    def add(self, start: int, end: int, rule: str, instead: bytes = MASK) -> None:
        if end > start and not (self._has_marks and _is_masked(self.data[start:end])):
            self.spans.append((start, end, instead, rule))

    def takes(self, rule: str, start: int, end: int) -> bool:
        """Whether the values of this container are still to be masked: not if those of one around it were."""
        starts, ends = self._containers.setdefault(rule, ([], []))
        index = bisect_right(starts, start)
        if index and start < ends[index - 1]:
            return False
        starts.insert(index, start)  # nearly always the last
        ends.insert(index, end)
        return True

    def next(self, piece: bytes, at: int) -> int:
        """Where the piece stands next, or the text's end. Asked for in rising order, all answers take linear time."""
        since, found = self._next.get(piece, (0, -1))
        if not since <= at <= found:
            found = self.data.find(piece, at)
            found = len(self.data) if found < 0 else found
            self._next[piece] = (at, found)
        return found

    def run_end(self, kind: str, pattern: re.Pattern[bytes], at: int) -> int:
        """Where the run around `at` ends, or `at`. It ends there wherever in it one begins, and so is walked once."""
        start, end = self.runs.get(kind, (0, -1))
        if not start <= at < end:
            found = pattern.match(self.data, at)
            end = found.end() if found else at
            self.runs[kind] = (at, end)
        return end

    def ordered(self) -> list[tuple[int, int, bytes, str]]:
        """By position, none within another. If two overlap, their union is masked."""
        kept: list[tuple[int, int, bytes, str]] = []
        for span in sorted(self.spans, key=_by_position):
            if not kept or span[0] >= kept[-1][1]:
                kept.append(span)
            elif span[1] > kept[-1][1] or kept[-1][3] == BASE64:
                # A secret in the base64 itself and one in the decoded text: neither can be shown.
                start, end, instead, rule = kept[-1]
                kept[-1] = (start, max(end, span[1]), MASK if rule == BASE64 else instead, rule)
        return kept

    def masked(self) -> bytes:
        written: list[bytes] = []
        copied = 0
        for start, end, instead, _ in self.ordered():
            written += (self.data[copied:start], instead)
            copied = end
        return b"".join((*written, self.data[copied:])) if written else self.data


def _is_masked(piece: bytes) -> bool:
    """Nothing but marks of ours, signs, and the last line of a private key: it was masked before."""
    before, _, end = piece.replace(MASK, b"").partition(b"-----END ")
    label, _, behind = end.partition(b"-----")
    return (
        piece.find(MASK) >= 0
        and not any(map(str.isalnum, (before + behind.strip(b"\\nr")).decode("latin-1")))
        and not label.removesuffix(b"PRIVATE KEY").strip(_LABEL)
    )


def _by_position(span: tuple[int, int, bytes, str]) -> tuple[int, int]:
    return span[0], -span[1]
