"""GraphQL over HTTP: name and type of the operation, from a JSON body or from a query string."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition.bodies import json_fields
from aftercall.recognition.operation import Operation

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.exchange import Exchange

TYPES = ("query", "mutation", "subscription")
_MAX_NAME = 128
_MAX_DOCUMENT = 8_192


def of_request(request: dict[str, Any], exchange: Exchange) -> Operation | None:
    """None: it has members of other meaning."""
    document = request.get("query")
    named = request.get("operationName")
    named = named if isinstance(named, str) else ""
    kind, name = _operation(document, named) if isinstance(document, str) else ("", named)
    if not kind and not _is_persisted(request):
        return None
    operation = Operation("graphql")
    operation.name = (named or name)[:_MAX_NAME]
    operation.span_name = " ".join(filter(None, (kind, operation.name)))
    for key, value in ((semconv.GRAPHQL_OPERATION_NAME, operation.name), (semconv.GRAPHQL_OPERATION_TYPE, kind)):
        if value:
            operation.attributes[key] = value
    _read_errors(operation, exchange)
    return operation


def _is_persisted(request: dict[str, Any]) -> bool:
    extensions = request.get("extensions")
    return isinstance(extensions, dict) and "persistedQuery" in extensions


def _operation(document: str, named: str) -> tuple[str, str]:
    """Type and name of the operation that is meant, else of the first; ("", "") if the text is no document."""
    first = ("", "")
    for line in _code(document[:_MAX_DOCUMENT]):
        kind, _, rest = line.partition(" ")
        if kind in TYPES:
            name = _name(rest)
            first = first if first[0] else (kind, name)
            if name and name == named:
                return kind, name
        elif line.startswith("{") and not first[0]:
            return "query", ""
        elif not first[0] and kind != "fragment":
            return "", ""
    return first


def _code(document: str) -> list[str]:
    """The heads of the definitions at the outermost level, up to their braces."""
    plain = _uncommented(document)
    found, depth, start = [], 0, 0
    for at, letter in enumerate(plain):
        if letter == "{":
            if depth == 0:
                found.append(_spaced(plain[start : at + 1]))
            depth += 1
        elif letter == "}":
            depth -= 1
            start = at + 1
    return found


def _uncommented(document: str) -> str:
    if "#" not in document:
        return document
    return "\n".join(line.partition("#")[0] for line in document.split("\n"))


def _spaced(head: str) -> str:
    """`query Orders($id: ID!) {` with one space between its words."""
    return " ".join(head.replace("{", " {").replace("(", " (").split())


def _name(text: str) -> str:
    word = text.partition(" ")[0]
    return word if word.isidentifier() and word.isascii() else ""


def _read_errors(operation: Operation, exchange: Exchange) -> None:
    """A server that answers with errors answers with 200."""
    if b'"errors"' not in exchange.response_body:
        return
    errors = json_fields(exchange.response_body).get("errors")
    if not isinstance(errors, list) or not errors:
        return
    operation.failed_items = len(errors)
    first = errors[0] if isinstance(errors[0], dict) else {}
    extensions = first.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else first.get("errorType")
    operation.error_code = code[:_MAX_NAME] if isinstance(code, str) else ""
