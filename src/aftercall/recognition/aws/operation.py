"""A call of AWS as an operation: who, what, on what, and with what outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition.aws import batches, errors
from aftercall.recognition.aws.attributes import describe
from aftercall.recognition.aws.fields import Fields
from aftercall.recognition.aws.resources import resource_of
from aftercall.recognition.aws.sent import follow
from aftercall.recognition.aws.wire import OF_USERS, names_of
from aftercall.recognition.operation import Operation

if TYPE_CHECKING:
    from aftercall.http1.message import Message
    from aftercall.recognition.aws.scope import Scope
    from aftercall.recognition.exchange import Exchange

_REQUEST_IDS = ("x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id")
_MAX_ID = 256


def aws_operation(exchange: Exchange, scope: Scope) -> Operation | None:
    """None: it is an API of some user, or a host of AWS's that no model knows."""
    fields = Fields(exchange)
    service, name = names_of(fields, scope)
    if not service or (not name and (not scope.signing_name or scope.signing_name in OF_USERS)):
        return None
    operation = Operation("aws")
    operation.service, operation.name = service, name
    operation.region = scope.region
    # Without a name it is a path of the user's own (OpenSearch, Neptune): what its body holds names nothing.
    operation.resource = resource_of(service, fields) if name else ""
    _read_ids(operation, exchange)
    _read_outcome(operation, fields)
    describe(operation, fields)
    follow(operation, fields)
    if service.startswith("Bedrock"):
        from aftercall.recognition.models import count_tokens  # noqa: PLC0415 - few functions ask a model

        count_tokens(operation, exchange)
    return operation


def request_id_of(response: Message) -> str:
    return next((found for name in _REQUEST_IDS if (found := response.header(name))), "")[:_MAX_ID]


def _read_ids(operation: Operation, exchange: Exchange) -> None:
    header = exchange.request.header
    operation.request_id = request_id_of(exchange.response)
    operation.extended_request_id = exchange.response.header("x-amz-id-2")[:_MAX_ID]
    operation.invocation_id = header("amz-sdk-invocation-id")[:_MAX_ID]
    operation.attempt = _attempt(header("amz-sdk-request"))


def _attempt(header: str) -> int | None:
    """The number in `attempt=2; max=3`."""
    digits = header.partition("attempt=")[2].partition(";")[0].strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 and int(digits) else None


def _read_outcome(operation: Operation, fields: Fields) -> None:
    exchange = fields.exchange
    batch = batches.batch_of(operation.service, operation.name, fields)
    operation.items, operation.failed_items = batch.items, batch.failed
    operation.error_code = (
        errors.error_code_of(fields)
        or exchange.response.header("x-amz-function-error")[:_MAX_ID]
        or batch.code[:_MAX_ID]
    )
    operation.throttled = errors.is_throttled(operation.error_code, exchange.status)
