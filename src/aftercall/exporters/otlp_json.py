"""Records as OTLP: an ExportTraceServiceRequest in the JSON mapping of the OTLP specification.

Ids are hex (protobuf's own mapping would be base64), 64-bit numbers are strings, enums are numbers.
Attribute names are those of OpenTelemetry's semantic conventions (formats/semconv.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall import __version__
from aftercall.exporters.function import cost_usd
from aftercall.exporters.otlp_calls import spans_of_calls
from aftercall.exporters.otlp_text import (
    CONSUMER,
    INTERNAL,
    SERVER,
    attributes,
    body_attributes,
    derived_id,
    exception,
    failed,
    links,
    span,
)
from aftercall.formats import semconv
from aftercall.formats.json_text import quoted
from aftercall.pipeline.chain import chain_of
from aftercall.pipeline.record import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from aftercall.exporters.function import Function
    from aftercall.pipeline.record import InitRecord, InvocationRecord, TriggerRecord

_PARENT_REMOTE = 0x300
"""Span flags: the parent is known to be remote."""


def request_of(records: list[InvocationRecord], resource: str, *, pointers: bool = False) -> str:
    """The whole request in ASCII; `resource` as resource_of makes it. `pointers`: with span pointers."""
    spans = ",".join([one for record in records for one in spans_of(record, pointers=pointers)])
    scope = f'{{"name":"aftercall","version":{quoted(__version__)}}}'
    scope_spans = f'{{"scope":{scope},"spans":[{spans}]}}'
    return f'{{"resourceSpans":[{{"resource":{{"attributes":{resource}}},"scopeSpans":[{scope_spans}]}}]}}'


def resource_of(
    function: Function, service_name: str, more: tuple[tuple[str, str], ...], environment: Mapping[str, str]
) -> str:
    """Attributes of the resource, as a JSON array.

    OTEL_RESOURCE_ATTRIBUTES wins over what we found out, OTEL_SERVICE_NAME over both.
    """
    found: dict[str, Any] = {
        semconv.SERVICE_NAME: function.name or "unknown_service",
        semconv.CLOUD_PROVIDER: "aws",
        semconv.CLOUD_PLATFORM: "aws_lambda",
        semconv.CLOUD_REGION: function.region,
        semconv.CLOUD_ACCOUNT_ID: function.account_id,
        semconv.CLOUD_RESOURCE_ID: function.arn,
        semconv.FAAS_NAME: function.name,
        semconv.FAAS_VERSION: function.version,
        semconv.FAAS_INSTANCE: function.instance,
        semconv.FAAS_MAX_MEMORY: function.memory_mb * 1024 * 1024 if function.memory_mb else None,
        semconv.AWS_LOG_GROUP_NAMES: [function.log_group] if function.log_group else None,
        semconv.TELEMETRY_SDK_NAME: "aftercall",
        semconv.TELEMETRY_SDK_LANGUAGE: environment.get("AFTERCALL_SDK_LANGUAGE", "other"),
        semconv.TELEMETRY_SDK_VERSION: __version__,
        semconv.TELEMETRY_DISTRO_NAME: "aftercall",
        semconv.TELEMETRY_DISTRO_VERSION: __version__,
    }
    found.update(more)
    if service_name:
        found[semconv.SERVICE_NAME] = service_name
    return attributes(found)


def spans_of(record: InvocationRecord, *, pointers: bool = False) -> Iterator[str]:
    """The invocation's span, then its init's, then those of the calls; each a JSON object."""
    if record.is_report:
        yield from _report(record)
        return
    init_only = not record.request_id and record.init is not None
    if not record.late and not init_only:
        yield _invocation(record, pointers=pointers)
    if record.init is not None:
        init_id = derived_id(record.span_id, 0x1017_0000_0000_0000)
        yield _init(record, record.init, init_id, "" if init_only else record.span_id)
        yield from spans_of_calls(record, record.init.calls, init_id, pointers=pointers)
    yield from spans_of_calls(record, record.calls, record.span_id, pointers=pointers)


def _invocation(record: InvocationRecord, *, pointers: bool) -> str:
    error, trigger = record.error, record.trigger
    rest = ""
    if _answered_5xx(record):
        rest += failed("")  # the status code is an attribute
    if record.status in {"error", "timeout", "crash"}:
        message = ": ".join(text for text in (error.type, error.message) if text) if error else ""
        rest += failed(message or record.status)
    if error is not None:
        rest += exception(error, record.end)
    rest += links(record.links, trigger.pointers if trigger is not None and pointers else [], "u")
    return span(
        record,
        span_id=record.span_id,
        parent_id=record.parent_id,
        name=(trigger.span_name if trigger is not None else "") or _function_name(record.arn) or "invocation",
        kind=CONSUMER if trigger is not None and trigger.span_kind == "consumer" else SERVER,
        flags=_PARENT_REMOTE if record.parent_id else 0,
        times=(record.start, record.end),
        rest=f'{rest},"attributes":{attributes(_invocation_attributes(record))}',
    )


def _answered_5xx(record: InvocationRecord) -> bool:
    """By the HTTP conventions 5xx is an error of a SERVER span, 4xx is not."""
    answered = record.outcome is not None and (record.outcome.status_code or 0) >= 500
    return answered and _is_http(record) and record.status not in {"error", "timeout", "crash"}


def _is_http(record: InvocationRecord) -> bool:
    return record.trigger is not None and record.trigger.kind == "http"


def _invocation_attributes(record: InvocationRecord) -> dict[str, Any]:
    error_type = record.status if record.status in {"timeout", "crash"} else None
    if record.status == "error":
        error_type = record.error.type if record.error and record.error.type else "_OTHER"
    outcome = record.outcome or Outcome()
    if error_type is None and _answered_5xx(record):
        error_type = str(outcome.status_code)
    is_http = _is_http(record)
    found: dict[str, Any] = {
        semconv.FAAS_INVOCATION_ID: record.request_id,
        semconv.FAAS_COLDSTART: record.cold_start,
        semconv.AWS_LAMBDA_INVOKED_ARN: record.arn,
        semconv.ERROR_TYPE: error_type,
        semconv.HTTP_RESPONSE_STATUS_CODE: outcome.status_code if is_http else None,
        semconv.AFTERCALL_OUTCOME_STATUS_CODE: None if is_http else outcome.status_code,
        semconv.AFTERCALL_OUTCOME_FAILED_ITEMS: outcome.failed_items,
        semconv.AFTERCALL_OUTCOME_ITEMS: outcome.items,
        semconv.AFTERCALL_FLOW_RECEIVED: record.received,
        semconv.AFTERCALL_STATUS: record.status,
        semconv.AFTERCALL_WATCHED: record.watched,
        semconv.AFTERCALL_NOT_WATCHED: record.not_watched,
        semconv.AFTERCALL_BILLED_MS: record.billed_ms,
        semconv.AFTERCALL_MAX_MEMORY_MB: record.max_memory_mb,
        semconv.AFTERCALL_COST_USD: cost_usd(record),
        semconv.PROCESS_RUNTIME_NAME: record.runtime.get("name"),
        semconv.PROCESS_RUNTIME_VERSION: record.runtime.get("version"),
    }
    if record.trigger is not None:
        found.update(_of_trigger(record.trigger))
    found.update(body_attributes(semconv.AFTERCALL_EVENT, record.event))
    found.update(body_attributes(semconv.AFTERCALL_RESPONSE, record.response))
    for group, counts in (("drops", record.drops), ("faults", record.faults), ("counters", record.counters)):
        found.update((f"aftercall.{group}.{reason}", count) for reason, count in counts.items())
    return found


def _of_trigger(trigger: TriggerRecord) -> dict[str, Any]:
    return {
        semconv.FAAS_TRIGGER: trigger.kind,
        semconv.AFTERCALL_TRIGGER_SOURCE: trigger.source,
        semconv.AFTERCALL_TRIGGER_RESOURCE: trigger.resource,
        semconv.AFTERCALL_TRIGGER_OPERATION: trigger.operation,
        semconv.AFTERCALL_TRIGGER_TENANT: trigger.tenant,
        semconv.AFTERCALL_TRIGGER_ITEMS: trigger.items,
        semconv.AFTERCALL_TRIGGER_AGE_MS: trigger.age_ms,
        semconv.AFTERCALL_TRIGGER_RECEIVE_COUNT: trigger.receive_count,
        semconv.AFTERCALL_TRIGGER_NESTED: [f"{one.source} {one.resource}".strip() for one in chain_of(trigger)[1:]],
        **trigger.attributes,
    }


def _report(record: InvocationRecord) -> Iterator[str]:
    """What was billed, as a span without length at the end of the invocation, whose own span was sent before."""
    if not record.trace_id:
        return  # an earlier process sent it: its trace is not known
    found = {
        semconv.AFTERCALL_REQUEST_ID: record.request_id,  # `faas.invocation_id` would count as one more invocation
        semconv.FAAS_MAX_MEMORY: record.memory_mb * 1024 * 1024 if record.memory_mb else None,
        semconv.AFTERCALL_BILLED_MS: record.billed_ms,
        semconv.AFTERCALL_MAX_MEMORY_MB: record.max_memory_mb,
        semconv.AFTERCALL_INIT_MS: record.init_ms,
        semconv.AFTERCALL_COST_USD: cost_usd(record),
    }
    yield span(
        record,
        span_id=derived_id(record.span_id, 0x4E90_0000_0000_0000),
        parent_id=record.span_id,
        name="report",
        kind=INTERNAL,
        times=(record.end, record.end),
        rest=f',"attributes":{attributes(found)}',
    )


def _init(record: InvocationRecord, init: InitRecord, span_id: str, parent_id: str) -> str:
    error = init.error
    return span(
        record,
        span_id=span_id,
        parent_id=parent_id,
        name="restore" if init.restored else "init",
        kind=INTERNAL,
        times=(init.start, init.end),
        rest="" if error is None else failed(error.message or error.type) + exception(error, init.end),
    )


def _function_name(arn: str) -> str:
    fields = arn.split(":")
    return fields[6] if len(fields) > 6 else ""
