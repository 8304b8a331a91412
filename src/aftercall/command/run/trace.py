"""Spans as they stand in OTLP's JSON, put back into trees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Span:
    """One span of an ExportTraceServiceRequest; times in nanoseconds since the epoch."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    start: int
    end: int
    failed: bool
    attributes: dict[str, Any]
    resource: dict[str, Any]
    exception: dict[str, Any]
    """Attributes of the span's exception event; empty where it has none."""
    children: list[Span] = field(default_factory=list)

    @property
    def hung_in(self) -> str:
        """The stage in which a call was still waiting when its function was killed; empty for all others."""
        return (
            str(self.attributes.get("aftercall.stage", ""))
            if self.failed and self.attributes.get("aftercall.open")
            else ""
        )

    @property
    def milliseconds(self) -> float:
        return (self.end - self.start) / 1e6


def spans_of(request: dict[str, Any]) -> list[Span]:
    """The spans of one ExportTraceServiceRequest in OTLP's JSON encoding."""
    return [
        _span(span, _attributes(resource_spans.get("resource", {}).get("attributes", [])))
        for resource_spans in request.get("resourceSpans", [])
        for scope_spans in resource_spans.get("scopeSpans", [])
        for span in scope_spans.get("spans", [])
    ]


def roots_of(spans: list[Span]) -> list[Span]:
    """The spans whose parent is not among them, in the order of their start, with their children below them."""
    known = {span.span_id: span for span in spans}
    roots: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        parent = known.get(span.parent_id)
        (parent.children if parent else roots).append(span)
    return roots


def _span(span: dict[str, Any], resource: dict[str, Any]) -> Span:
    return Span(
        trace_id=span["traceId"],
        span_id=span["spanId"],
        parent_id=span.get("parentSpanId", ""),
        name=span["name"],
        start=int(span["startTimeUnixNano"]),
        end=int(span["endTimeUnixNano"]),
        failed=span.get("status", {}).get("code") in {2, "STATUS_CODE_ERROR"},
        attributes=_attributes(span.get("attributes", [])),
        resource=resource,
        exception=next(
            (
                _attributes(event.get("attributes", []))
                for event in span.get("events", [])
                if event["name"] == "exception"
            ),
            {},
        ),
    )


def _attributes(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    return {pair["key"]: _value(pair.get("value", {})) for pair in pairs}


def _value(value: dict[str, Any]) -> Any:
    if "intValue" in value:
        return int(value["intValue"])
    if "arrayValue" in value:
        return [_value(item) for item in value["arrayValue"].get("values", [])]
    return next(iter(value.values()), None)
