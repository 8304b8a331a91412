"""What was billed for an invocation. Lambda reports it when the next one begins, after the record was exported.

A record does not wait for it, since waiting is billed: a small record with the report follows at the next flush.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.pipeline.record import InvocationRecord

if TYPE_CHECKING:
    from aftercall.pipeline.model import Platform

MAX_AWAITED = 256
"""Invocations whose report has not come. Some reports never do."""


class Billing:
    """Remembers the invocations that were exported without what was billed."""

    def __init__(self) -> None:
        self._awaited: dict[str, InvocationRecord] = {}
        self._reported: dict[str, None] = {}

    def note(self, record: InvocationRecord) -> None:
        """A record that is exported now."""
        if not record.request_id or record.late:
            return
        if record.billed_ms is not None:
            self._note_reported(record.request_id)
            return
        self._awaited[record.request_id] = _empty_report_of(record)
        if len(self._awaited) > MAX_AWAITED:
            del self._awaited[next(iter(self._awaited))]

    def awaits(self, request_id: str) -> bool:
        return request_id in self._awaited

    def report(self, request_id: str, platform: Platform) -> InvocationRecord | None:
        """The small record; None if there was one already: Lambda repeats reports that it takes for lost.

        If an earlier process exported the invocation, only its id is known.
        """
        if request_id in self._reported:
            return None
        self._note_reported(request_id)
        report = self._awaited.pop(request_id, None) or _empty_report_of(InvocationRecord(request_id))
        copy_billed(platform, report)
        return report

    def _note_reported(self, request_id: str) -> None:
        self._reported[request_id] = None
        if len(self._reported) > MAX_AWAITED:
            del self._reported[next(iter(self._reported))]


def copy_billed(source: Platform | InvocationRecord, record: InvocationRecord) -> None:
    record.billed_ms, record.init_ms = source.billed_ms, source.init_ms
    record.memory_mb, record.max_memory_mb = source.memory_mb, source.max_memory_mb


def _empty_report_of(record: InvocationRecord) -> InvocationRecord:
    report = InvocationRecord(record.request_id)
    report.is_report = True
    report.arn, report.status = record.arn, record.status
    report.trace_id, report.span_id, report.sampled = record.trace_id, record.span_id, record.sampled
    report.start = report.end = record.end
    return report
