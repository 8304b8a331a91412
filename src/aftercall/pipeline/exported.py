"""What is remembered of exported invocations, so that late frames find where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.pipeline.from_platform import set_billed
from aftercall.pipeline.model import Platform

if TYPE_CHECKING:
    from typing import Any

    from aftercall.pipeline.model import Call, Invocation

MAX_REMEMBERED = 256
"""Request ids: a late frame must not begin a new invocation."""

MAX_REMEMBERED_CALLS = 20_000
"""Span ids of their calls, of all together; each takes about 100 bytes."""

MAX_BEGUN = 16
"""The latest invocations, to which a call without request id may belong."""

MAX_LEFT_OPEN = 256
"""Exported calls that had not ended, and whose end is still exported when it comes."""

MAX_LEFT_OPEN_BYTES = 4 * 1024 * 1024
"""Of the parts of all these calls; their first record has these parts, too."""


class Exported:
    """Everything here is bounded: the oldest are forgotten first."""

    def __init__(self) -> None:
        self.begun: dict[str, int] = {}
        """Request id -> start of the latest ones."""
        self.reports: list[tuple[str, Platform]] = []
        """What was billed for them, by request id. Whoever reports it resets it."""
        self._spans: dict[str, set[str]] = {}
        self._spans_count = 0
        self._left_open: dict[str, Call] = {}
        """Calls that had not ended when their record was made."""

    def __contains__(self, request_id: str) -> bool:
        return request_id in self._spans

    def add_id(self, request_id: str) -> None:
        """An invocation that an earlier process exported: only its id is known."""
        self._spans.setdefault(request_id, set())

    def add(self, invocation: Invocation) -> None:
        self._note_begun(invocation)
        self._note_left_open(invocation)
        spans = self._spans.setdefault(invocation.request_id, set())
        self._spans_count -= len(spans)
        spans.update(invocation.calls)
        self._spans_count += len(spans)
        while len(self._spans) > MAX_REMEMBERED:
            self._spans_count -= len(self._spans.pop(next(iter(self._spans))))
        for oldest in self._spans.values():  # the ids themselves stay
            if self._spans_count <= MAX_REMEMBERED_CALLS:
                break
            self._spans_count -= len(oldest)
            oldest.clear()

    def add_report(self, request_id: str, record: dict[str, Any]) -> None:
        """A `platform.report`: Lambda sends it when the next invocation begins."""
        platform = Platform()
        set_billed(platform, record)
        if platform.reported and len(self.reports) < MAX_REMEMBERED:
            self.reports.append((request_id, platform))

    def has_call(self, request_id: str, span_id: str) -> bool:
        return span_id in self._spans.get(request_id, ())

    def left_open(self, span_id: str) -> Call | None:
        return self._left_open.get(span_id)

    def end_call(self, span_id: str) -> None:
        """Forget a call that was left open: it has ended."""
        del self._left_open[span_id]

    def bound_left_open(self) -> None:
        """Drop the parts of the oldest calls."""
        left = MAX_LEFT_OPEN_BYTES
        for call in reversed(self._left_open.values()):
            left -= sum(map(len, call.parts.values()))
            if left < 0:
                call.parts.clear()

    def _note_begun(self, invocation: Invocation) -> None:
        start = invocation.start or invocation.platform.start
        if start is not None and not invocation.late:
            self.begun[invocation.request_id] = start
        while len(self.begun) > MAX_BEGUN:
            del self.begun[next(iter(self.begun))]

    def _note_left_open(self, invocation: Invocation) -> None:
        still_open = {span_id: call.copy() for span_id, call in invocation.calls.items() if call.end is None}
        if not still_open:
            return
        self._left_open.update(still_open)
        while len(self._left_open) > MAX_LEFT_OPEN:
            del self._left_open[next(iter(self._left_open))]
        self.bound_left_open()
