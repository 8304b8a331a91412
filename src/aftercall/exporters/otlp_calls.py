"""Spans of calls: of what an SDK tried more than once, a span of the operation and below it one of HTTP for each try.

A call that was tried once is the operation's span itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.exporters.otlp_text import CLIENT, PRODUCER, attribute, attributes, derived_id, failed, links, span
from aftercall.formats import semconv
from aftercall.formats.urls import PORTS, Url
from aftercall.pipeline.tries import tries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from aftercall.pipeline.record import CallRecord, InvocationRecord, OperationRecord

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"})
_OPERATION = 0x0A5C_0000_0000_0000


def spans_of_calls(
    record: InvocationRecord, calls: list[CallRecord], parent_id: str, *, pointers: bool
) -> Iterator[str]:
    """`pointers`: tell span pointers."""
    for tries in tries_of(calls):
        if len(tries) == 1:
            yield _call(record, tries[0], parent_id, pointers=pointers)
            continue
        operation_id = derived_id(tries[0].span_id, _OPERATION)
        yield _operation(record, tries, operation_id, parent_id, pointers=pointers)
        for number, call in enumerate(tries):
            yield _try(record, call, operation_id, number)


def _call(record: InvocationRecord, call: CallRecord, parent_id: str, *, pointers: bool) -> str:
    found = _http(record, call)
    operation = call.operation
    if operation is not None:
        found.update(_of_operation(operation))
    told = attributes(found, _headers(call))
    return span(
        record,
        span_id=call.span_id,
        parent_id=parent_id,
        name=(operation.span_name if operation is not None else "") or _method(call),
        kind=PRODUCER if operation is not None and operation.kind == "producer" else CLIENT,
        times=(call.start, call.end),
        rest=f'{_status(record, call)}{_links(operation, pointers=pointers)},"attributes":{told}',
    )


def _operation(
    record: InvocationRecord, tries: list[CallRecord], span_id: str, parent_id: str, *, pointers: bool
) -> str:
    """As the last try ended."""
    last = tries[-1]
    operation = last.operation
    found: dict[str, Any] = _of_operation(operation) if operation is not None else {}
    found.pop(semconv.HTTP_REQUEST_RESEND_COUNT, None)
    found[semconv.ERROR_TYPE] = call_error(record, last)
    found[semconv.AFTERCALL_OPERATION_TRIES] = len(tries)
    throttled = any(call.operation is not None and call.operation.throttled for call in tries)
    found[semconv.AFTERCALL_OPERATION_THROTTLED] = throttled or None
    return span(
        record,
        span_id=span_id,
        parent_id=parent_id,
        name=(operation.span_name if operation is not None else "") or _method(last),
        kind=PRODUCER if operation is not None and operation.kind == "producer" else CLIENT,
        times=(min(call.start for call in tries), max(call.end for call in tries)),
        rest=f'{_status(record, last)}{_links(operation, pointers=pointers)},"attributes":{attributes(found)}',
    )


def _try(record: InvocationRecord, call: CallRecord, parent_id: str, number: int) -> str:
    found = _http(record, call)
    found[semconv.HTTP_REQUEST_RESEND_COUNT] = number or None
    if call.operation is not None:
        found[semconv.AWS_REQUEST_ID] = call.operation.request_id
    return span(
        record,
        span_id=call.span_id,
        parent_id=parent_id,
        name=_method(call),
        kind=CLIENT,
        times=(call.start, call.end),
        rest=f'{_status(record, call)},"attributes":{attributes(found, _headers(call))}',
    )


def _links(operation: OperationRecord | None, *, pointers: bool) -> str:
    return "" if operation is None else links(operation.links, operation.pointers if pointers else [], "d")


def _status(record: InvocationRecord, call: CallRecord) -> str:
    if not call_error(record, call):
        return ""
    refused = call.operation.error_code if call.operation is not None else ""
    return failed(call.error_message or (f"hung in {call.stage}" if call.open else refused))


def call_error(record: InvocationRecord, call: CallRecord) -> str:
    if call.error_type:
        return call.error_type
    if call.operation is not None and call.operation.error_code:
        return call.operation.error_code
    if call.status is not None and call.status >= 400:
        return str(call.status)
    # A killed invocation hung in the call that is open. After a good end such a call is a response left unread.
    return record.status if call.open and record.status in {"timeout", "crash"} else ""


def _method(call: CallRecord) -> str:
    return call.method if call.method in _METHODS else "HTTP"


def _of_operation(operation: OperationRecord) -> dict[str, Any]:
    return {
        semconv.AFTERCALL_OPERATION_API: operation.api if operation.api != "http" else None,
        semconv.AFTERCALL_OPERATION_SERVICE: operation.service,
        semconv.AFTERCALL_OPERATION_NAME: operation.name,
        semconv.AFTERCALL_OPERATION_RESOURCE: operation.resource,
        semconv.AFTERCALL_OPERATION_THROTTLED: operation.throttled or None,
        semconv.AFTERCALL_OUTCOME_FAILED_ITEMS: operation.failed_items,
        semconv.AFTERCALL_OUTCOME_ITEMS: operation.items,
        semconv.URL_TEMPLATE: operation.url_template,
        semconv.CLOUD_REGION: operation.region,
        semconv.AWS_REQUEST_ID: operation.request_id,
        semconv.AWS_EXTENDED_REQUEST_ID: operation.extended_request_id,
        **operation.attributes,
        semconv.AFTERCALL_FLOW_SENT: operation.sent,
        semconv.AFTERCALL_FLOW_RECEIVED: operation.received,
    }


def _http(record: InvocationRecord, call: CallRecord) -> dict[str, Any]:
    is_known = call.method in _METHODS
    url = Url(call.url)
    asked, answered = call.request_body, call.response_body
    found: dict[str, Any] = {
        semconv.HTTP_REQUEST_METHOD: call.method if is_known else "_OTHER" if call.method else None,
        semconv.HTTP_REQUEST_METHOD_ORIGINAL: None if is_known else call.method,
        semconv.URL_FULL: call.url,
        semconv.URL_SCHEME: url.scheme,
        semconv.SERVER_ADDRESS: url.host,
        semconv.SERVER_PORT: url.port_number() or PORTS.get(url.scheme),
        semconv.HTTP_RESPONSE_STATUS_CODE: call.status,
        semconv.ERROR_TYPE: call_error(record, call),
        semconv.NETWORK_PROTOCOL_VERSION: call.protocol,
        semconv.HTTP_REQUEST_BODY_SIZE: asked.size if call.request_size is None and asked else call.request_size,
        semconv.HTTP_RESPONSE_BODY_SIZE: answered.size
        if call.response_size is None and answered
        else call.response_size,
        semconv.PROCESS_PID: call.pid,
        semconv.AFTERCALL_LIBRARY: call.library,
        semconv.AFTERCALL_STAGE: call.stage,
        semconv.AFTERCALL_OPEN: call.open or None,
        semconv.AFTERCALL_COMPLETE: None if call.complete else False,
        semconv.AFTERCALL_BODIES: "excluded" if call.excluded else None,
        semconv.AFTERCALL_PROXY: call.proxy,
    }
    if asked is not None:
        found[semconv.HTTP_REQUEST_BODY_CONTENT] = asked.text
        found[semconv.AFTERCALL_REQUEST_BODY_TRUNCATED] = asked.truncated or None
    if answered is not None:
        found[semconv.HTTP_RESPONSE_BODY_CONTENT] = answered.text
        found[semconv.AFTERCALL_RESPONSE_BODY_TRUNCATED] = answered.truncated or None
    return found


_headers_of_request: dict[tuple[str, str], tuple[str, str]] = {}
_headers_of_response: dict[tuple[str, str], tuple[str, str]] = {}
"""Headers, and the keys and texts of their attributes: most come again with each call."""

MAX_REMEMBERED = 512
MAX_REMEMBERED_CHARS = 256


def _headers(call: CallRecord) -> list[str]:
    """Attributes as text."""
    return [
        *_written(semconv.PREFIX_HTTP_REQUEST_HEADER, call.request_headers, _headers_of_request),
        *_written(semconv.PREFIX_HTTP_RESPONSE_HEADER, call.response_headers, _headers_of_response),
    ]


def _written(
    prefix: str, headers: list[tuple[str, str]], known: dict[tuple[str, str], tuple[str, str]]
) -> Iterable[str]:
    found: dict[str, str] = {}
    for field in headers:
        key, text = known.get(field) or _remembered(prefix, field, known)
        if key in found:
            return _of_repeated(prefix, headers)
        found[key] = text
    return found.values()


def _remembered(prefix: str, field: tuple[str, str], known: dict[tuple[str, str], tuple[str, str]]) -> tuple[str, str]:
    name, value = field
    key = prefix + name.lower()
    written = (key, attribute(key, [value]))
    if len(name) + len(value) <= MAX_REMEMBERED_CHARS:
        if len(known) >= MAX_REMEMBERED:
            known.clear()
        known[field] = written
    return written


def _of_repeated(prefix: str, headers: list[tuple[str, str]]) -> list[str]:
    """Headers of one name are one attribute with all their values."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(prefix + name.lower(), []).append(value)
    return [attribute(key, values) for key, values in found.items()]
