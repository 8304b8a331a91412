"""One event as it is read: when its invocation began, what its messages carry, how much of that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.times import YEAR
from aftercall.recognition import flow
from aftercall.recognition.sources import documents
from aftercall.recognition.sources.carriers import contexts_of
from aftercall.recognition.sources.hidden import hide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from aftercall.recognition.trigger import Trigger

MAX_DEPTH = 5
"""S3 in SNS in SQS are two below the event itself."""

_MAX_UNPACKED = 262_144
"""Bytes of all gzip in an event: 64 KB of it may be 60 MB. A subscription's batch of logs has some 10 KB."""


class Reading:
    __slots__ = ("_depth", "_hides", "_recognise", "_unpacked", "is_whole", "started")

    def __init__(
        self,
        recognise: Callable[[dict[str, Any], Reading], Trigger | None],
        started: int | None,
        *,
        is_whole: bool,
        hides: Callable[[str], bool] | None = None,
    ) -> None:
        self._recognise = recognise
        self._hides = hides
        self._depth = 0
        self._unpacked = _MAX_UNPACKED
        self.started = started
        self.is_whole = is_whole
        """False for an event that was cut: nobody counts its records."""

    def whole(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those of an event's that were not cut."""
        return records if self.is_whole else records[:-1]

    def object_in(self, text: Any) -> dict[str, Any] | None:
        """The JSON object in a string; None if there is none."""
        return self._shown(documents.read_object(text, may_be_cut=not self.is_whole))

    def object_in_base64(self, data: Any) -> dict[str, Any] | None:
        """The JSON object in base64, packed by gzip or not."""
        text = documents.unpack(data, self._unpacked)
        if isinstance(data, str) and data.startswith("H4sI"):
            self._unpacked -= len(text)
            return self._shown(documents.read_object(text, may_be_cut=True))
        return self.object_in(text)

    def _shown(self, document: dict[str, Any] | None) -> dict[str, Any] | None:
        if self._hides is not None:
            hide(document, self._hides)
        return document

    def carried(self, outer: Trigger, message: Any) -> None:
        """Adds what a message carries to the trigger that brought it."""
        if not isinstance(message, dict):
            return
        add(outer.links, contexts_of(message))
        if self._depth == MAX_DEPTH:
            return
        self._depth += 1
        inner = self._recognise(message, self)
        self._depth -= 1
        if inner is not None:
            _take_in(outer, inner)

    def set_age(self, trigger: Trigger, times: Iterable[int | None]) -> None:
        """`times`: when each message was sent. Two clocks may differ; a year is no age of a message."""
        oldest = min((time for time in times if time), default=None)
        if oldest is not None and self.started is not None and self.started - oldest < YEAR:
            trigger.age_ms = max(0, self.started - oldest) / 1e6


def add(known: list[Any], found: Iterable[Any]) -> None:
    """Without repeats, and not more than a record may hold."""
    for one in found:
        if len(known) >= flow.MAX_KEYS:
            return
        if one not in known:
            known.append(one)


def _take_in(outer: Trigger, inner: Trigger) -> None:
    add(outer.received, inner.received)
    add(outer.links, inner.links)
    add(outer.pointers, inner.pointers)
    below = inner.nested
    inner.received, inner.links, inner.pointers, inner.nested = [], [], [], []
    sources = {one.source for one in outer.nested}
    outer.nested += [one for one in (inner, *below) if one.source not in sources]
