"""JSON-RPC 2.0 over HTTP: methods, also those of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition.bodies import json_of
from aftercall.recognition.operation import Operation

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.exchange import Exchange

_MAX_NAME = 128
_MAX_NAMES = 8


def of_request(request: Any, exchange: Exchange) -> Operation | None:
    """`request`: the JSON value. None: it is no call of this protocol."""
    calls = request if isinstance(request, list) else [request]
    methods = [str(one["method"])[:_MAX_NAME] for one in calls if _is_call(one)]
    if not methods:
        return None
    operation = Operation("json-rpc")
    different = list(dict.fromkeys(methods))
    operation.name = ", ".join(different[:_MAX_NAMES]) + (", …" if len(different) > _MAX_NAMES else "")
    operation.span_name = operation.name
    operation.items = len(methods) if isinstance(request, list) else None
    operation.attributes[semconv.RPC_SYSTEM] = "jsonrpc"
    operation.attributes[semconv.RPC_METHOD] = operation.name
    _read_errors(operation, exchange, is_batch=isinstance(request, list))
    return operation


def _is_call(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("jsonrpc"), str) and isinstance(one.get("method"), str)


def _read_errors(operation: Operation, exchange: Exchange, *, is_batch: bool) -> None:
    if b'"error"' not in exchange.response_body:
        return
    answer = json_of(exchange.response_body)
    answers = answer if isinstance(answer, list) else [answer]
    errors = [one["error"] for one in answers if isinstance(one, dict) and isinstance(one.get("error"), dict)]
    if errors:
        operation.failed_items = len(errors) if is_batch else None
        code = errors[0].get("code")
        operation.error_code = str(code)[:_MAX_NAME] if isinstance(code, int | str) else ""
