"""Requests as botocore would send them: each operation of each service of its models, with made-up parameters."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import botocore.session
from botocore.awsrequest import AWSRequest, prepare_request_dict
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.regions import EndpointResolver
from botocore.serialize import create_serializer

from aftercall.http1.message import Message
from aftercall.recognition.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REGION = "eu-west-1"
ACCOUNT = "123456789012"
CUSTOM = "http://127.0.0.1:5000"
_MAX_DEPTH = 3


class Sent(NamedTuple):
    service: str
    """Service id."""
    operation: str
    exchange: Exchange


@functools.cache
def loader() -> Loader:
    return Loader()


@functools.cache
def resolver() -> EndpointResolver:
    return EndpointResolver(loader().load_data("endpoints"))


def services() -> list[str]:
    return list(loader().list_available_services("service-2"))


def sent_by(service: str, *, custom: bool) -> Iterator[Sent]:
    model = ServiceModel(loader().load_service_model(service, "service-2"), service)
    serializer = create_serializer(model.resolved_protocol, include_validation=False)
    url = CUSTOM if custom else host_of(model)
    for name in model.operation_names:
        operation = model.operation_model(name)
        parameters = sample(operation.input_shape) if operation.input_shape else {}
        told = serializer.serialize_to_request(parameters, operation)
        prefix = told.get("host_prefix") if not custom else None
        prepare_request_dict(told, url.replace("://", f"://{prefix}") if prefix else url)
        yield Sent(
            model.service_id, name, exchange_of(told, None if operation.auth_type == "none" else model.signing_name)
        )


def host_of(model: ServiceModel) -> str:
    found = resolver().construct_endpoint(model.endpoint_prefix, REGION)
    return f"https://{found['hostname'] if found else f'{model.endpoint_prefix}.{REGION}.amazonaws.com'}"


def exchange_of(told: dict[str, Any], signing_name: str | None) -> Exchange:
    prepared = AWSRequest(method=told["method"], url=told["url"], data=told["body"], headers=told["headers"]).prepare()
    headers = _texts(prepared.headers.items())
    if signing_name:
        headers.append(("Authorization", authorization(signing_name)))
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    return Exchange(prepared.method, prepared.url, Message("", headers, body), Message("", [], b""), status=200)


def authorization(signing_name: str, region: str = REGION) -> str:
    return (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260829/{region}/{signing_name}/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )


def sample(shape: Any, depth: int = 0) -> Any:
    """The required members; of others one level, so that queries and headers that are optional are there too."""
    kind = shape.type_name
    if kind == "structure":
        names = shape.required_members if not getattr(shape, "is_tagged_union", False) else list(shape.members)[:1]
        return {name: sample(shape.members[name], depth + 1) for name in names} if depth < _MAX_DEPTH * 4 else {}
    if kind == "list":
        return [sample(shape.member, depth + 1)] if depth < _MAX_DEPTH else []
    if kind == "map":
        return {"sample": sample(shape.value, depth + 1)} if depth < _MAX_DEPTH else {}
    return _scalar(shape)


def _scalar(shape: Any) -> Any:
    kind = shape.type_name
    if kind in {"integer", "long", "float", "double"}:
        return max(1, int(shape.metadata.get("min", 1)))
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return 1_788_000_000
    if kind == "blob":
        return b"sample"
    if shape.enum:
        return shape.enum[0]
    return "sample1".ljust(int(shape.metadata.get("min", 1)), "1")


class CapturedError(Exception):
    """Raised in the place of sending."""


def sent_by_client(service: str) -> Iterator[Sent]:
    """Through botocore's own client: its rules for endpoints, its signature, its handlers.

    What botocore itself refuses for its made-up parameters is left out.
    """
    session = botocore.session.get_session()
    session.set_credentials("AKIDEXAMPLE", "example")
    client = session.create_client(
        service,
        region_name=REGION,
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )
    held: list[Any] = []

    def capture(request: Any, **_: Any) -> None:
        held.append(request)
        raise CapturedError

    client.meta.events.register_first("before-send", capture)
    model = client.meta.service_model
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        held.clear()
        with contextlib.suppress(CapturedError, BotoCoreError, ValueError, TypeError, KeyError, AttributeError):
            client._make_api_call(name, parameters_of(shape))
        if held:
            yield Sent(model.service_id, name, captured(held[0]))


def parameters_of(shape: Any) -> dict[str, Any]:
    """Where botocore looks closer: buckets, accounts."""
    made = sample(shape) if shape else {}
    closer = {"Bucket": "receipts", "AccountId": ACCOUNT, "accountId": ACCOUNT}
    return {key: closer[key] if key in closer and isinstance(value, str) else value for key, value in made.items()}


def captured(request: Any) -> Exchange:
    headers = _texts(request.headers.items())
    body = request.body.encode() if isinstance(request.body, str) else request.body
    read = body if isinstance(body, bytes) else b""
    return Exchange(request.method, request.url, Message("", headers, read), Message("", [], b""), status=200)


def _texts(headers: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    return [(str(name), value.decode() if isinstance(value, bytes) else str(value)) for name, value in headers]
