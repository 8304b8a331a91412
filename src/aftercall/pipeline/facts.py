"""What is copied from an invocation to its record as it is: times, sizes, ids and counts, which hold no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.times import bounded
from aftercall.pipeline import trace_context
from aftercall.pipeline.billing import copy_billed
from aftercall.recognition import trace_headers

if TYPE_CHECKING:
    from aftercall.pipeline.model import Invocation
    from aftercall.pipeline.record import InvocationRecord


def copy_facts(raw: Invocation, record: InvocationRecord) -> None:
    platform = raw.platform
    record.arn = raw.arn
    record.status = raw.status or "unknown"
    record.late = raw.late
    record.cold_start = raw.number == 1 if raw.number is not None else None
    record.watched = raw.start is not None or raw.runtime is not None
    record.deadline_ms = raw.deadline_ms
    calls = raw.calls.values()
    starts = [raw.start, platform.start, *(call.start for call in calls)]
    ends = [call.end for call in calls if call.end is not None]
    record.start = next((start for start in starts if start), 0) or platform.done or raw.end or min(ends, default=0)
    if raw.init is not None and raw.init.for_request and raw.init.end is not None:
        ends.append(raw.init.end)  # the handler was never called
    record.end = raw.end or platform.done or max([record.start, *ends])
    if raw.end is None and platform.duration_ms is not None:
        record.end = record.start + int(platform.duration_ms * 1e6)
    record.start = bounded(record.start)
    record.end = bounded(max(record.start, record.end))
    copy_billed(platform, record)
    record.drops, record.faults = dict(raw.drops), dict(raw.faults)
    if raw.frames_lost:
        record.drops["memory"] = raw.frames_lost
    if raw.runtime is not None:
        facts = {
            "name": raw.runtime.name,
            "version": raw.runtime.version,
            "client": raw.runtime.client,
            "wrapper": raw.runtime.wrapper,
        }
        record.runtime = {key: value for key, value in facts.items() if value}


def set_trace(raw: Invocation, record: InvocationRecord) -> None:
    xray = trace_headers.from_xray(raw.trace)
    chosen = trace_context.from_event(raw.event or b"") or xray
    record.trace_id = chosen.trace_id if chosen else trace_context.trace_id_of(raw.request_id)
    record.parent_id = chosen.parent_id if chosen else ""
    record.sampled = chosen.sampled if chosen else True
    record.span_id = trace_context.span_id_of(raw.request_id)
    if xray is not None and chosen is not xray and xray.parent_id:
        record.links.append((xray.trace_id, xray.parent_id))
