"""Records as OTLP: an ExportTraceServiceRequest in the JSON mapping of the OTLP specification.

Ids are hex (protobuf's own mapping would be base64), 64-bit numbers are strings, enums are numbers.
The JSON text is written directly: an ordinary invocation has hundreds of attributes, each two objects deep. To build
objects for an encoder would take nearly twice as long, which is billed.
Attribute names are those of OpenTelemetry's semantic conventions for FaaS, cloud, HTTP client spans and exceptions.
Ours begin with `aftercall.`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall import __version__
from aftercall.exporters.function import cost_usd
from aftercall.formats.json_text import dumps, quoted
from aftercall.formats.urls import PORTS, Url
from aftercall.pipeline.record import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from aftercall.exporters.function import Function
    from aftercall.pipeline.record import Body, CallRecord, Failure, InitRecord, InvocationRecord

_INTERNAL, _SERVER, _CLIENT, _CONSUMER = 1, 2, 3, 5
_ERROR = 2
_SAMPLED = 0x1
_PARENT_REMOTE = 0x300
"""Span flags: the parent is known to be remote."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"})


def request_of(records: list[InvocationRecord], resource: str) -> str:
    """The whole request in ASCII; `resource` as resource_of makes it."""
    spans = ",".join([span for record in records for span in spans_of(record)])
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
        "service.name": function.name or "unknown_service",
        "cloud.provider": "aws",
        "cloud.platform": "aws_lambda",
        "cloud.region": function.region,
        "cloud.account.id": function.account_id,
        "faas.name": function.name,
        "faas.version": function.version,
        "faas.instance": function.instance,
        "faas.max_memory": function.memory_mb * 1024 * 1024 if function.memory_mb else None,
        "telemetry.sdk.name": "aftercall",
        "telemetry.sdk.language": environment.get("AFTERCALL_SDK_LANGUAGE", "other"),
        "telemetry.sdk.version": __version__,
    }
    found.update(more)
    if service_name:
        found["service.name"] = service_name
    return _attributes(found)


def spans_of(record: InvocationRecord) -> Iterator[str]:
    """The invocation's span, then its init's, then one for each call; each a JSON object."""
    if record.is_report:
        yield from _report(record)
        return
    init_only = not record.request_id and record.init is not None
    if not record.late and not init_only:
        yield _invocation(record)
    if record.init is not None:
        # Not the invocation's id, but the same one whenever the record is sent again.
        init_id = f"{int(record.span_id, 16) ^ 0x1017_0000_0000_0000 or 1:016x}"
        yield _init(record, record.init, init_id, "" if init_only else record.span_id)
        for call in record.init.calls:
            yield _call(record, call, init_id)
    for call in record.calls:
        yield _call(record, call, record.span_id)


def _invocation(record: InvocationRecord) -> str:
    error = record.error
    rest = ""
    if _answered_5xx(record):
        rest += _failed("")  # the status code is an attribute
    if record.status in {"error", "timeout", "crash"}:
        message = ": ".join(text for text in (error.type, error.message) if text) if error else ""
        rest += _failed(message or record.status)
    if error is not None:
        rest += _exception(error, record.end)
    if record.links:
        links = [f'{{"traceId":{quoted(trace_id)},"spanId":{quoted(span_id)}}}' for trace_id, span_id in record.links]
        rest += f',"links":[{",".join(links)}]'
    return _span(
        record,
        span_id=record.span_id,
        parent_id=record.parent_id,
        name=_function_name(record.arn) or "invocation",
        kind=_CONSUMER if record.trigger is not None and record.trigger.span_kind == "consumer" else _SERVER,
        flags=_PARENT_REMOTE if record.parent_id else 0,
        times=(record.start, record.end),
        rest=f'{rest},"attributes":{_attributes(_invocation_attributes(record))}',
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
        "faas.invocation_id": record.request_id,
        "faas.coldstart": record.cold_start,
        "faas.trigger": record.trigger.kind if record.trigger else None,
        "cloud.resource_id": record.arn,
        "error.type": error_type,
        "http.response.status_code": outcome.status_code if is_http else None,
        "aftercall.outcome.status_code": None if is_http else outcome.status_code,
        "aftercall.outcome.failed_items": outcome.failed_items,
        "aftercall.outcome.items": outcome.items,
        "aftercall.status": record.status,
        "aftercall.watched": record.watched,
        "aftercall.not_watched": record.not_watched,
        "aftercall.billed_ms": record.billed_ms,
        "aftercall.max_memory_mb": record.max_memory_mb,
        "aftercall.cost_usd": cost_usd(record),
        "process.runtime.name": record.runtime.get("name"),
        "process.runtime.version": record.runtime.get("version"),
    }
    found.update(_body_attributes("aftercall.event", record.event))
    found.update(_body_attributes("aftercall.response", record.response))
    for group, counts in (("drops", record.drops), ("faults", record.faults), ("counters", record.counters)):
        found.update((f"aftercall.{group}.{reason}", count) for reason, count in counts.items())
    return found


def _report(record: InvocationRecord) -> Iterator[str]:
    """What was billed, as a span without length at the end of the invocation, whose own span was sent before."""
    if not record.trace_id:
        return  # an earlier process sent it: its trace is not known
    found = {
        "aftercall.request_id": record.request_id,  # `faas.invocation_id` would count as one more invocation
        "faas.max_memory": record.memory_mb * 1024 * 1024 if record.memory_mb else None,
        "aftercall.billed_ms": record.billed_ms,
        "aftercall.max_memory_mb": record.max_memory_mb,
        "aftercall.init_ms": record.init_ms,
        "aftercall.cost_usd": cost_usd(record),
    }
    yield _span(
        record,
        span_id=f"{int(record.span_id, 16) ^ 0x4E90_0000_0000_0000 or 1:016x}",
        parent_id=record.span_id,
        name="report",
        kind=_INTERNAL,
        times=(record.end, record.end),
        rest=f',"attributes":{_attributes(found)}',
    )


def _init(record: InvocationRecord, init: InitRecord, span_id: str, parent_id: str) -> str:
    error = init.error
    return _span(
        record,
        span_id=span_id,
        parent_id=parent_id,
        name="restore" if init.restored else "init",
        kind=_INTERNAL,
        times=(init.start, init.end),
        rest="" if error is None else _failed(error.message or error.type) + _exception(error, init.end),
    )


def _call(record: InvocationRecord, call: CallRecord, parent_id: str) -> str:
    known_method = call.method in _METHODS
    error_type = _call_error(record, call)
    url = Url(call.url)
    found: dict[str, Any] = {
        "http.request.method": call.method if known_method else "_OTHER" if call.method else None,
        "http.request.method_original": None if known_method else call.method,
        "url.full": call.url,
        "url.scheme": url.scheme,
        "server.address": url.host,
        "server.port": url.port_number() or PORTS.get(url.scheme),
        "http.response.status_code": call.status,
        "error.type": error_type,
        "network.protocol.version": call.protocol,
        "http.request.body.size": call.request_size,
        "http.response.body.size": call.response_size,
        "process.pid": call.pid,
        "aftercall.library": call.library,
        "aftercall.stage": call.stage,
        "aftercall.open": call.open or None,
        "aftercall.complete": None if call.complete else False,
        "aftercall.bodies": "excluded" if call.excluded else None,
        "aftercall.proxy": call.proxy,
    }
    found.update(_header_attributes("request", call.request_headers))
    found.update(_header_attributes("response", call.response_headers))
    found.update(_body_attributes("aftercall.request.body", call.request_body))
    found.update(_body_attributes("aftercall.response.body", call.response_body))
    failed = _failed(call.error_message or (f"hung in {call.stage}" if call.open else "")) if error_type else ""
    return _span(
        record,
        span_id=call.span_id,
        parent_id=parent_id,
        name=call.method if known_method else "HTTP",
        kind=_CLIENT,
        times=(call.start, call.end),
        rest=f'{failed},"attributes":{_attributes(found)}',
    )


def _call_error(record: InvocationRecord, call: CallRecord) -> str:
    if call.error_type:
        return call.error_type
    if call.status is not None and call.status >= 400:
        return str(call.status)
    # A killed invocation hung in the call that is open. After a good end such a call is a response left unread.
    return record.status if call.open and record.status in {"timeout", "crash"} else ""


def _span(
    record: InvocationRecord,
    *,
    span_id: str,
    parent_id: str,
    name: str,
    kind: int,
    times: tuple[int, int],
    flags: int = 0,
    rest: str = "",
) -> str:
    """`rest`: further members of the object, each after a comma."""
    parent = f',"parentSpanId":{quoted(parent_id)}' if parent_id else ""
    return (
        f'{{"traceId":{quoted(record.trace_id)},"spanId":{quoted(span_id)}{parent},"name":{quoted(name)},"kind":{kind},'
        f'"flags":{flags | (_SAMPLED if record.sampled else 0)},"startTimeUnixNano":"{max(0, times[0])}",'
        f'"endTimeUnixNano":"{max(0, *times)}"{rest}}}'
    )


def _failed(message: str) -> str:
    return f',"status":{{"code":{_ERROR},"message":{quoted(message)}}}'


def _exception(failure: Failure, time: int) -> str:
    found = {
        "exception.type": failure.type,
        "exception.message": failure.message,
        "exception.stacktrace": failure.stack_trace,
    }
    return f',"events":[{{"name":"exception","timeUnixNano":"{max(0, time)}","attributes":{_attributes(found)}}}]'


def _header_attributes(side: str, headers: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(f"http.{side}.header.{name.lower()}", []).append(value)
    return found


def _body_attributes(name: str, body: Body | None) -> dict[str, Any]:
    if body is None:
        return {}
    return {name: body.text, f"{name}.size": body.size, f"{name}.truncated": body.truncated or None}


def _attributes(found: dict[str, Any]) -> str:
    """A JSON array. Strings, the most frequent values, are written without a further call."""
    members = [
        f'{{"key":{quoted(key)},"value":{{"stringValue":{quoted(value)}}}}}'
        if type(value) is str
        else f'{{"key":{quoted(key)},"value":{_value(value)}}}'
        for key, value in found.items()
        if value is not None and value != ""
    ]
    return f"[{','.join(members)}]"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f'{{"arrayValue":{{"values":[{",".join(map(_value, value))}]}}}}'
    if isinstance(value, bool):
        return '{"boolValue":true}' if value else '{"boolValue":false}'
    if isinstance(value, int):
        return f'{{"intValue":"{value}"}}'
    if isinstance(value, float):
        return f'{{"doubleValue":{dumps(value)}}}'
    return f'{{"stringValue":{quoted(str(value))}}}'


def _function_name(arn: str) -> str:
    fields = arn.split(":")
    return fields[6] if len(fields) > 6 else ""
