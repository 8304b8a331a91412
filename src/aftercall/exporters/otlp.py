"""OTLP over HTTP, JSON encoded: all records of a flush in one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.exporters.exporter import Exporter, Result
from aftercall.exporters.otlp_json import request_of
from aftercall.formats.json_text import loads
from aftercall.transport.retry import deliver

if TYPE_CHECKING:
    from aftercall.pipeline.record import InvocationRecord
    from aftercall.transport.http import Transport

DEFAULT_ENDPOINT = "http://localhost:4318"
"""OpenTelemetry's default: a collector in the same environment."""


def endpoint_of(traces_endpoint: str, endpoint: str) -> str:
    """OpenTelemetry's rule: the variable for traces is used as it is, the general one has the path appended."""
    if traces_endpoint:
        return traces_endpoint
    base, question_mark, query = (endpoint or DEFAULT_ENDPOINT).partition("?")
    return f"{base.rstrip('/')}/v1/traces{question_mark}{query}"


class OtlpExporter(Exporter):
    """`resource` as otlp_json.resource_of makes it. `pointers`: with span pointers."""

    name = "otlp"
    bodies = True
    waits = True

    def __init__(self, transport: Transport, resource: str, *, pointers: bool = False) -> None:
        self._transport = transport
        self._resource = resource
        self._pointers = pointers

    def prepare(self) -> None:
        self._transport.prepare()
        self.may_hang = self._transport.may_hang

    def export(self, records: list[InvocationRecord], deadline: float) -> Result:
        result = Result()
        body = request_of(records, self._resource, pointers=self._pointers).encode("ascii")
        delivery = deliver(self._transport, body, deadline)
        result.not_before = delivery.not_before
        result.error = delivery.reason
        if delivery.is_final:
            result.dropped = len(records)
        elif delivery.reason:
            result.kept = records
        else:
            result.sent_bytes = delivery.sent_bytes
            result.error = _partial_success(delivery.answer)
        return result


def _partial_success(answer: bytes) -> str:
    """The complaint in an ExportTraceServiceResponse; empty if there is none."""
    if b"rejectedSpans" not in answer:
        return ""
    try:
        partial = loads(answer.decode("utf-8", "replace"))["partialSuccess"]
        rejected = int(partial.get("rejectedSpans", 0))
        message = str(partial.get("errorMessage", ""))[:200]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return ""
    return f"{rejected} spans rejected: {message}" if rejected else ""
