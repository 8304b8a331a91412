"""What an HTTP call is: an operation of AWS, of GraphQL or JSON-RPC, of a well-known API, or a URL of some template.

Most calls are plain HTTP, so the cheap questions come first, and what AWS needs is loaded with its first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.formats.capability_urls import is_capability
from aftercall.recognition import flow
from aftercall.recognition.operation import Operation
from aftercall.recognition.url_templates import template_of

if TYPE_CHECKING:
    from aftercall.recognition.exchange import Exchange

_MAX_MODEL = 256


def operation_of(exchange: Exchange) -> Operation | None:
    """None: a plain HTTP call, of which the URL says all."""
    operation = _of_aws(exchange) if _may_be_aws(exchange) else None
    if operation is None:
        operation = _of_body(exchange)
    elif not operation.name:
        _name_by_path(operation, exchange)
    if operation is None:
        operation = _of_url(exchange)
    if operation is not None and operation.attempt is not None and operation.attempt > 1:
        operation.attributes[semconv.HTTP_REQUEST_RESEND_COUNT] = operation.attempt - 1
    return operation


def _may_be_aws(exchange: Exchange) -> bool:
    header = exchange.request.header
    if header("authorization").startswith("AWS") or header("amz-sdk-invocation-id") or header("x-amz-target"):
        return True
    url = exchange.url
    return "aws" in url.host or ".gov" in url.host or "adc-e" in url.host or "X-Amz-Cred" in url.target


def _of_aws(exchange: Exchange) -> Operation | None:
    from aftercall.recognition.aws.scope import scope_of  # noqa: PLC0415 - nothing is loaded before the first call

    scope = scope_of(exchange)
    if scope is None:
        return None
    from aftercall.recognition.aws.operation import aws_operation  # noqa: PLC0415

    return aws_operation(exchange, scope)


# ---- protocols within JSON ----


def _of_body(exchange: Exchange) -> Operation | None:
    """GraphQL and JSON-RPC; the URL's template is told too."""
    body = exchange.request_body
    if body[:1] in {b"{", b"["}:
        operation = _of_json(body, exchange)
    elif "query=" in exchange.url.target and "graphql" in exchange.url.target.lower():
        from aftercall.recognition import graphql  # noqa: PLC0415 - few calls are of GraphQL
        from aftercall.recognition.bodies import form_fields  # noqa: PLC0415

        operation = graphql.of_request(dict(form_fields(exchange.url.target.partition("?")[2])), exchange)
    else:
        return None
    if operation is not None:
        _add_url(operation, exchange)
    return operation


def _of_json(body: bytes, exchange: Exchange) -> Operation | None:
    if b'"jsonrpc"' in body:
        from aftercall.recognition import json_rpc  # noqa: PLC0415 - few calls are of JSON-RPC
        from aftercall.recognition.bodies import json_of  # noqa: PLC0415

        operation = json_rpc.of_request(json_of(body), exchange)
        if operation is not None:
            return operation
    if b'"query"' not in body and b'"persistedQuery"' not in body:
        return None
    from aftercall.recognition import graphql  # noqa: PLC0415 - few calls are of GraphQL
    from aftercall.recognition.bodies import json_of  # noqa: PLC0415

    request = json_of(body)
    first = request[0] if isinstance(request, list) and request else request
    operation = graphql.of_request(first, exchange) if isinstance(first, dict) else None
    if operation is not None and isinstance(request, list):
        operation.items = len(request)
    return operation


# ---- any other call ----


def _of_url(exchange: Exchange) -> Operation | None:
    operation = Operation("http")
    _add_url(operation, exchange)
    if not (operation.url_template or operation.sent or operation.service):
        return None
    operation.span_name = f"{exchange.method} {operation.url_template}".rstrip()
    return operation


def _name_by_path(operation: Operation, exchange: Exchange) -> None:
    """A service of AWS whose paths are the user's own, or newer than the table."""
    path = exchange.url.target.partition("?")[0]
    if len(path) > 1:
        operation.url_template = template_of(path)
        operation.attributes[semconv.URL_TEMPLATE] = operation.url_template
        operation.span_name = f"{exchange.method} {operation.url_template}"


def _add_url(operation: Operation, exchange: Exchange) -> None:
    """Template and service by the URL, and the join key of the API Gateway or the function that answered."""
    from aftercall.recognition.known_apis import MODELS, begun_path  # noqa: PLC0415

    path = exchange.url.target.partition("?")[0]
    operation.service, begun, rest = begun_path(exchange.url.host, path)
    # Words of such a path may be a secret, unless a template says which are.
    if len(path) > 1 and (begun or not is_capability(exchange.url.host, path[1:])):
        operation.url_template = begun + template_of(rest)
        operation.attributes[semconv.URL_TEMPLATE] = operation.url_template
    _read_gateway(operation, exchange)
    if operation.service in MODELS:
        _read_model(operation, exchange)


def _read_gateway(operation: Operation, exchange: Exchange) -> None:
    """HTTP APIs answer with apigw-requestid; REST APIs with the ids of AWS's own services, and x-amz-apigw-id.

    A function's URL answers with the request id of the invocation.
    """
    header = exchange.response.header
    if ".lambda-url." in exchange.url.host and (request_id := header("x-amzn-requestid")):
        operation.request_id = request_id[:256]
        operation.sent.append(flow.lambda_(operation.request_id))
        return
    request_id = header("apigw-requestid") or (header("x-amz-apigw-id") and header("x-amzn-requestid"))
    if request_id:
        operation.request_id = request_id[:256]
        operation.sent.append(flow.api_gateway(operation.request_id))


def _read_model(operation: Operation, exchange: Exchange) -> None:
    from aftercall.recognition import models  # noqa: PLC0415 - few functions ask a model
    from aftercall.recognition.bodies import json_fields  # noqa: PLC0415

    model = json_fields(exchange.request_body).get("model")
    if isinstance(model, str):
        operation.resource = operation.attributes[semconv.GEN_AI_REQUEST_MODEL] = model[:_MAX_MODEL]
    models.count_tokens(operation, exchange)
