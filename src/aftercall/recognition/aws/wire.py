"""Which operation of which service a call is, by the rules of AWS's wire protocols.

    X-Amz-Target: DynamoDB_20120810.PutItem             json: the header says it
    POST /service/GraniteServiceVersion20100801/operation/PutMetricData     rpc-v2-cbor: the path does
    Action=Publish&Version=2010-03-31                   query and ec2: the form does
    PUT /receipts/1.json?partNumber=1&uploadId=x        REST: method, path and query, by the table

The first three need no table for the operation's name, so one that is newer than the table has its name too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition.aws import table
from aftercall.recognition.aws.hosts import bucket_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aftercall.recognition.aws.fields import Fields
    from aftercall.recognition.aws.rest import Rank
    from aftercall.recognition.aws.scope import Scope
    from aftercall.recognition.aws.table import Service

_MAX_NAME = 128
OF_USERS = frozenset({"execute-api", "lambda", "appsync", "vpc-lattice-svcs"})
"""Signing names of what is AWS's own, and of users' APIs too, which no model describes."""

_OF_S3 = frozenset({"s3", "s3express", "s3-outposts", "s3-object-lambda"})
"""Signing names of S3's operations; the models have them under the first alone."""


def names_of(fields: Fields, scope: Scope) -> tuple[str, str]:
    """Service id and operation, the latter empty if it is not known. The labels of a path go into `fields`."""
    if scope.signing_name in OF_USERS:  # the rest of such a call is the user's own to fill
        return _by_path(fields, scope, services_of(fields, scope))
    target = fields.exchange.request.header("x-amz-target")
    if target:
        prefix, _, operation = target.rpartition(".")
        return _named(fields, table.by_target_prefix(prefix), scope, operation)
    parts = fields.path.split("/", 6)
    if len(parts) >= 5 and parts[-4] == "service" and parts[-2] == "operation" and _is_rpc(fields):
        return _named(fields, table.by_target_prefix(parts[-3]), scope, parts[-1])
    services = services_of(fields, scope)
    action = _action(fields, services)
    if action:
        of_version = table.by_version(_form_value(fields, "Version"))
        return _named(fields, [one for one in services if one in of_version] if services else of_version, scope, action)
    return _by_path(fields, scope, services)


_known: dict[tuple[str, str, str], list[Service]] = {}


def services_of(fields: Fields, scope: Scope) -> list[Service]:
    """Those that may be meant: of those that share a signing name the ones that the client or the host names."""
    key = (scope.signing_name, ".".join(scope.labels), _client(fields))
    found = _known.get(key)
    if found is None:
        if len(_known) >= table.MAX_REMEMBERED:
            _known.clear()
        found = _known[key] = _likely(scope, key[2])
    return found


def _likely(scope: Scope, client: str) -> list[Service]:
    named = list(table.by_signing_name(scope.signing_name)) if scope.signing_name else []
    if scope.signing_name in _OF_S3 and scope.signing_name != "s3":
        return [*named, *table.by_signing_name("s3")]
    if len(named) == 1:
        return named
    by_client = [one for one in named if client and _letters(one.id) == client]
    by_host = [one for one in _by_host(scope.labels) if not named or one in named]
    return by_client or by_host or named


def _client(fields: Fields) -> str:
    """`aws-sdk-js/3.9 ... api/docdb#3.9`: which client of the SDK it is; botocore does not say."""
    told = fields.exchange.request.header("user-agent").partition(" api/")[2]
    return _letters(told.partition("#")[0]) if told else ""


def _letters(name: str) -> str:
    return name.lower().replace(" ", "").replace("_", "").replace("-", "")


def _by_host(labels: list[str]) -> Iterable[Service]:
    """`streams.dynamodb` before `dynamodb`: what stands before a service's own labels is an account or the like."""
    for start in range(len(labels)):
        found = table.by_endpoint_prefix(".".join(labels[start:]))
        if found:
            return found
    return table.by_endpoint_prefix("s3") if any(one.startswith("s3-") for one in labels) else ()


def _named(fields: Fields, services: Iterable[Service], scope: Scope, operation: str) -> tuple[str, str]:
    if not (operation.isascii() and operation.isidentifier() and len(operation) <= _MAX_NAME):
        operation = ""
    candidates = list(services)
    if len(candidates) > 1:
        likely = services_of(fields, scope)
        candidates.sort(key=lambda one: (not one.knows(operation), likely.index(one) if one in likely else len(likely)))
    if candidates:
        return candidates[0].id, operation
    return _service_alone(fields, scope), operation


def _service_alone(fields: Fields, scope: Scope) -> str:
    """Of a service, or a version of its API, that the table does not have."""
    known = services_of(fields, scope)
    return known[0].id if known else scope.signing_name


def _is_rpc(fields: Fields) -> bool:
    request = fields.exchange.request
    return request.header("smithy-protocol").startswith("rpc-v2-") or "cbor" in request.header("content-type")


# ---- query and ec2 ----


def _action(fields: Fields, services: list[Service]) -> str:
    return "" if services and all(one.is_rest for one in services) else _form_value(fields, "Action")


def _form_value(fields: Fields, name: str) -> str:
    value = fields.asked.get(name) if fields.exchange.request_body[:1] != b"{" else None
    return value if isinstance(value, str) else fields.query.get(name, "")


# ---- REST ----


def _by_path(fields: Fields, scope: Scope, services: list[Service]) -> tuple[str, str]:
    path = fields.path
    if scope.signing_name in _OF_S3 or (not scope.signing_name and services and services[0].signing_name == "s3"):
        bucket = bucket_of(fields.exchange.url.host)
        path = f"/{bucket}{path}" if bucket else path
    found = _best(fields, path, services) or _best(fields, "/" + path[1:].partition("/")[2], services)
    if found is None:
        return _service_alone(fields, scope), ""
    service, name, fields.labels = found
    return service, _x_id(fields.query) or name


def _best(fields: Fields, path: str, services: list[Service]) -> tuple[str, str, dict[str, str]] | None:
    """The first service of the most literal template."""
    best: tuple[Rank, str, str, dict[str, str]] | None = None
    exchange = fields.exchange
    for service in services:
        found = service.templates.find(exchange.method, path, fields.query, exchange.request)
        if found is not None and (best is None or found[0].rank > best[0]):
            best = found[0].rank, service.id, found[0].name, found[1]
    return best[1:] if best is not None else None


def _x_id(query: Mapping[str, str]) -> str:
    """Newer SDKs say themselves what they ask S3 for."""
    name = query.get("x-id", "")
    return name if name.isascii() and name.isalnum() and len(name) <= _MAX_NAME else ""
