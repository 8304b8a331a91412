"""One line for each invocation on stdout: JSON whose first value is a sentence for people, then fields for queries.

CloudWatch takes 256 KiB a line and Logs Insights finds the first 200 fields of a JSON line; this stays far below both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.exporters.exporter import Exporter, Result
from aftercall.exporters.function import cost_usd
from aftercall.formats.json_text import dumps
from aftercall.masking.redact_url import without_query
from aftercall.pipeline.limit import cut

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aftercall.pipeline.record import CallRecord, InvocationRecord, Outcome

MAX_LINE_BYTES = 8_192
MAX_SENTENCE_CALLS = 5
MAX_CALLS = 20
MAX_URL_CHARS = 256


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
    calls = {"calls": [_call(call) for call in record.calls]}
    calls["init_calls"] = [_call(call) for call in record.init.calls] if record.init else []
    for kept in (MAX_CALLS, 8, 4, 2, 0):
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


def sentence_of(record: InvocationRecord) -> str:
    """`ok 123 ms cold: GET https://example/ 200 45 ms; POST https://other/ hung in tls 2.9 s`."""
    words = ["late calls of an earlier invocation"] if record.late else [_result(record), _time(record.duration_ms)]
    if not record.request_id and not record.late:
        words = ["init", *words]
    if record.cold_start:
        words.append("cold")
    if record.error is not None and (record.error.type or record.error.message):
        words.append(cut(": ".join(text for text in (record.error.type, record.error.message) if text), 300))
    told = [_calls_sentence(record.calls, record)]
    if record.init is not None:
        told.append(_calls_sentence(record.init.calls, record, "in init: "))
    return " ".join(words) + (f": {'; '.join(filter(None, told))}" if any(told) else "")


def _calls_sentence(calls: list[CallRecord], record: InvocationRecord, where: str = "") -> str:
    notable = [call for call in calls if call.open or call.error_type or (call.status or 0) >= 400]
    first = (notable if len(calls) > MAX_SENTENCE_CALLS else calls)[:MAX_SENTENCE_CALLS]
    told = "; ".join(_call_sentence(call, record) for call in first)
    rest = len(calls) - len(first)
    if rest:
        told += f"{'; ' if told else ''}{rest} {'more calls' if told else 'calls'}"
    return where + told if told else ""


def _result(record: InvocationRecord) -> str:
    """How it ended and what it answered: `ok`, `ok 500`, `ok, 2 of 10 failed,`."""
    outcome = record.outcome
    if outcome is None:
        return record.status
    if outcome.status_code is not None:
        return f"{record.status} {outcome.status_code}"
    if not outcome.failed_items:
        return record.status
    items = f" of {outcome.items}" if outcome.items is not None else ""
    return f"{record.status}, {outcome.failed_items}{items} failed,"


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
        "trigger": record.trigger.kind if record.trigger else None,
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
        "call_errors": sum(1 for call in calls if call.error_type or (call.status or 0) >= 400) or None,
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


def _call(call: CallRecord) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "method": call.method,
        "url": cut(without_query(call.url), MAX_URL_CHARS),
        "ms": round((call.end - call.start) / 1e6, 1),
    }
    if call.status is not None:
        shown["status"] = call.status
    if call.open or call.error_type:
        shown["stage"] = call.stage
    if call.open:
        shown["open"] = True
    if call.error_type:
        shown["error"] = cut(call.error_type, 128)
    return shown


def _call_sentence(call: CallRecord, record: InvocationRecord) -> str:
    words = [call.method or "?", cut(without_query(call.url), 120)]
    if call.status is not None:
        words.append(str(call.status))
    if call.open:
        words.append(f"{'open' if record.status in {'ok', 'error'} else 'hung'} in {call.stage or 'an unknown stage'}")
    elif call.error_type:
        where = f" in {call.stage}" if call.stage else ""
        words.append(f"failed{where} with {cut(call.error_type, 80)}")
    words.append(_time((call.end - call.start) / 1e6))
    return " ".join(words)


def _time(milliseconds: float) -> str:
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.1f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def _shortened(value: Any) -> Any:
    return cut(value, 256) if isinstance(value, str) else value
