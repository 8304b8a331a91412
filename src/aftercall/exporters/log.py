"""One line for each invocation on stdout: JSON whose first value is a sentence for people, then fields for queries.

CloudWatch takes 256 KiB a line and Logs Insights finds the first 200 fields of a JSON line; this stays far below both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.exporters.exporter import Exporter, Result
from aftercall.exporters.function import cost_usd
from aftercall.exporters.sentence import sentence_of
from aftercall.formats.json_text import dumps
from aftercall.formats.urls import shortened
from aftercall.masking.redact_url import without_query
from aftercall.pipeline.chain import chain_of
from aftercall.pipeline.limit import cut
from aftercall.pipeline.tries import milliseconds_of, tries_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aftercall.pipeline.record import CallRecord, InvocationRecord, Outcome, TriggerRecord

MAX_LINE_BYTES = 8_192
MAX_CALLS = 20
MAX_URL_CHARS = 256
MAX_KEYS = 20
"""Of the join keys each way: those of a batch of SQS, twice."""


class LogExporter(Exporter):
    """`write_line` is called with one line, without its end."""

    name = "log"

    def __init__(self, write_line: Callable[[str], None]) -> None:
        self._write_line = write_line

    def export(self, records: list[InvocationRecord], deadline: float) -> Result:  # noqa: ARG002 - a pipe does not wait
        result = Result()
        for record in records:
            try:
                line = line_of(record)
            except Exception as error:  # a fault of ours costs this record alone
                result.dropped += 1
                result.error = f"{type(error).__name__}; a record is left out"
                continue
            self._write_line(line)
            result.sent_bytes += len(line) + 1
        return result


def line_of(record: InvocationRecord) -> str:
    """Valid JSON in ASCII, at most MAX_LINE_BYTES."""
    if record.is_report:
        return dumps(_report(record))
    document = _document(record)
    calls = {"calls": [_operation(tries) for tries in tries_of(record.calls)]}
    calls["init_calls"] = [_operation(tries) for tries in tries_of(record.init.calls)] if record.init else []
    for kept in (MAX_CALLS, 8, 4, 2, 0):
        _put_keys(document, record, kept)
        for name, of_phase in calls.items():
            _put_calls(document, name, of_phase, kept)
        line = dumps(document)
        if len(line) <= MAX_LINE_BYTES:
            return line
    return dumps({key: _shortened(value) for key, value in document.items() if not isinstance(value, dict)})


def _put_calls(document: dict[str, Any], name: str, calls: list[dict[str, Any]], kept: int) -> None:
    """Show so many calls: the first and the last, since the last may be the one that hung."""
    if len(calls) > kept:
        document[f"{name}_left_out"] = len(calls) - kept
    shown = calls if len(calls) <= kept else [*calls[: kept // 2], *calls[len(calls) - kept // 2 :]]
    document[name] = shown
    if not shown:
        del document[name]


def _put_keys(document: dict[str, Any], record: InvocationRecord, kept: int) -> None:
    """With them a search for one key finds both sides of a hop."""
    operations = [call.operation for call in record.calls if call.operation is not None]
    sent = list(dict.fromkeys(key for operation in operations for key in operation.sent))
    polled = [key for operation in operations for key in operation.received]
    received = list(dict.fromkeys([*record.received, *polled]))
    for name, keys in (("flow_sent", sent), ("flow_received", received)):
        document.pop(name, None)
        if keys and kept:
            document[name] = keys[: min(kept, MAX_KEYS)]


def trigger_fields(trigger: TriggerRecord | None) -> dict[str, Any]:
    """What woke the function, as fields of a document; empty if the event does not say."""
    if trigger is None:
        return {}
    fields: dict[str, Any] = {
        "kind": trigger.kind,
        "source": trigger.source,
        "operation": cut(trigger.operation, 128),
        "resource": shortened(trigger.resource, MAX_URL_CHARS),
        "tenant": cut(trigger.tenant, 128),
        "items": trigger.items,
        "age_ms": trigger.age_ms,
        "receive_count": trigger.receive_count,
        "nested": [f"{one.source} {shortened(one.resource, MAX_URL_CHARS)}".strip() for one in chain_of(trigger)[1:6]],
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def outcome_fields(outcome: Outcome | None) -> dict[str, int]:
    """The outcome as fields of a document; empty if nothing is known."""
    if outcome is None:
        return {}
    fields = {"status_code": outcome.status_code, "failed_items": outcome.failed_items, "items": outcome.items}
    return {name: value for name, value in fields.items() if value is not None}


def _document(record: InvocationRecord) -> dict[str, Any]:
    calls = record.calls
    document: dict[str, Any] = {
        "aftercall": sentence_of(record),
        "request_id": record.request_id,
        "status": record.status,
        "duration_ms": round(record.duration_ms, 3),
    }
    optional = {
        "trigger": trigger_fields(record.trigger) or None,
        "not_watched": cut(record.not_watched, 256),
        "outcome": outcome_fields(record.outcome) or None,
        "cold_start": record.cold_start,
        "init_ms": round((record.init.end - record.init.start) / 1e6, 1) if record.init else None,
        "late": record.late or None,
        "error_type": record.error.type if record.error else None,
        "error_message": cut(record.error.message, 1_024) if record.error else None,
        "init_error": record.init.error.type if record.init and record.init.error else None,
        "billed_ms": record.billed_ms,
        "max_memory_mb": record.max_memory_mb,
        "cost_usd": cost_usd(record),
        "trace_id": record.trace_id,
        "call_count": len(calls),
        "init_call_count": len(record.init.calls) or None if record.init else None,
        "call_errors": sum(1 for call in calls if call.error_type or call.answered_badly) or None,
        "call_hung": sum(1 for call in calls if call.open) or None,
        "drops": record.drops or None,
        "faults": record.faults or None,
        "counters": record.counters or None,
    }
    document.update((key, value) for key, value in optional.items() if value not in (None, ""))
    return document


def _report(record: InvocationRecord) -> dict[str, Any]:
    """`billed 124 ms, 96 of 512 MB, $0.0000022: <request id>`, and the same as fields."""
    cost = cost_usd(record)
    figures = {
        "billed_ms": record.billed_ms,
        "memory_mb": record.memory_mb,
        "max_memory_mb": record.max_memory_mb,
        "init_ms": record.init_ms,
        "cost_usd": cost,
        "trace_id": record.trace_id,
    }
    words = [
        f"billed {record.billed_ms:.0f} ms" if record.billed_ms is not None else "report",
        f"{record.max_memory_mb} of {record.memory_mb} MB" if record.max_memory_mb and record.memory_mb else "",
        f"${cost:.7f}" if cost is not None else "",
    ]
    document: dict[str, Any] = {
        "aftercall": f"{', '.join(word for word in words if word)}: {record.request_id}",
        "request_id": record.request_id,
    }
    document.update((key, value) for key, value in figures.items() if value not in (None, ""))
    return document


def _operation(tries: list[CallRecord]) -> dict[str, Any]:
    """One entry for all tries, as the last one ended."""
    call = tries[-1]
    shown: dict[str, Any] = {"method": call.method, "url": shortened(without_query(call.url), MAX_URL_CHARS)}
    operation = call.operation
    if operation is not None and operation.api != "http":
        if named := cut(f"{operation.service} {operation.name}".strip(), 128):
            shown["operation"] = named
        if operation.resource:
            shown["resource"] = shortened(operation.resource, MAX_URL_CHARS)
    shown["ms"] = round(milliseconds_of(tries), 1)
    if call.status is not None:
        shown["status"] = call.status
    if call.open or call.error_type:
        shown["stage"] = call.stage
    if call.open:
        shown["open"] = True
    if call.error_type or (operation is not None and operation.error_code):
        shown["error"] = cut(call.error_type or (operation.error_code if operation is not None else ""), 128)
    if operation is not None and operation.failed_items:
        shown["failed_items"] = operation.failed_items
    if len(tries) > 1:
        shown["tries"] = len(tries)
    return shown


def _shortened(value: Any) -> Any:
    return cut(value, 256) if isinstance(value, str) else value
