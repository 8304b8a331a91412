"""What was billed for an invocation: Lambda tells it when the next one begins, and the record has gone out by then.

A record does not wait for it, since waiting is billed. So what is needed to place the report is remembered, and the
report becomes a small record of its own, beside those of the next flush.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.pipeline.record import InvocationRecord

if TYPE_CHECKING:
    from aftercall.pipeline.model import Platform

MAX_AWAITED = 256
"""Invocations whose report has not come: one where Lambda tells all, and room for what it never told."""


class Billing:
    """Remembers, of records that went out without what was billed, where they belong."""

    def __init__(self) -> None:
        self._awaited: dict[str, InvocationRecord] = {}
        self._told: dict[str, None] = {}

    def note(self, record: InvocationRecord) -> None:
        """A record on its way out."""
        if not record.request_id or record.late:
            return
        if record.billed_ms is not None:
            self._note_told(record.request_id)
            return
        self._awaited[record.request_id] = _place_of(record)
        if len(self._awaited) > MAX_AWAITED:
            del self._awaited[next(iter(self._awaited))]

    def awaits(self, request_id: str) -> bool:
        return request_id in self._awaited

    def report(self, request_id: str, platform: Platform) -> InvocationRecord | None:
        """The record that tells it; None where that was told: what Lambda takes for lost, it sends again.

        Of an invocation that an earlier process exported, only its id is known.
        """
        if request_id in self._told:
            return None
        self._note_told(request_id)
        report = self._awaited.pop(request_id, None) or _place_of(InvocationRecord(request_id))
        copy_billed(platform, report)
        return report

    def _note_told(self, request_id: str) -> None:
        self._told[request_id] = None
        if len(self._told) > MAX_AWAITED:
            del self._told[next(iter(self._told))]


def copy_billed(source: Platform | InvocationRecord, record: InvocationRecord) -> None:
    record.billed_ms, record.init_ms = source.billed_ms, source.init_ms
    record.memory_mb, record.max_memory_mb = source.memory_mb, source.max_memory_mb


def _place_of(record: InvocationRecord) -> InvocationRecord:
    report = InvocationRecord(record.request_id)
    report.is_report = True
    report.arn, report.status = record.arn, record.status
    report.trace_id, report.span_id, report.sampled = record.trace_id, record.span_id, record.sampled
    report.start = report.end = record.end
    return report
