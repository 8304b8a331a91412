"""Events of HTTP: API Gateway, function URLs, load balancers, VPC Lattice, CloudFront, authorizers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (both payloads),
.../lambda/latest/dg/urls-invocation.html, .../lambda/latest/dg/services-alb.html,
.../vpc-lattice/latest/ug/lambda-functions.html, .../AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition import flow
from aftercall.recognition.sources.carriers import XRAY, contexts_of, plain_text
from aftercall.recognition.sources.members import arn_resource, clean, fields_at, text_at
from aftercall.recognition.sources.reading import add

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.sources.reading import Reading
    from aftercall.recognition.trigger import Trigger

_METHODS = {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}
_WANTED = {"host", "user-agent", "x-amz-tenant-id", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port",
           "x-forwarded-proto"}  # fmt: skip


class Request:
    """Empty where the event does not say. `route` is a template, `path` what was asked for."""

    __slots__ = ("address", "client", "method", "path", "protocol", "query", "route", "user_agent")

    def __init__(self, method: str, route: str, path: str, query: str = "") -> None:
        self.method = method
        self.route = route
        self.path = path
        self.query = query
        self.address = ""
        self.client = ""
        self.protocol = ""
        self.user_agent = ""


def read_rest(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """API Gateway's payload 1.0: REST APIs, HTTP APIs that ask for it, their authorizers of the kind REQUEST."""
    context = fields_at(event, "requestContext")
    route = text_at(event, "resource") or text_at(context, "resourcePath")
    # With the stage, as the caller wrote it.
    path = text_at(context, "path") or text_at(event, "path")
    request = Request(text_at(event, "httpMethod"), route, path)
    request.address = text_at(context, "domainName")
    request.client = text_at(context, "identity", "sourceIp")
    request.user_agent = text_at(context, "identity", "userAgent")
    request.protocol = text_at(context, "protocol")
    _take_gateway_id(context, trigger)
    _set_request(trigger, request, headers_of(event))


def read_http_api(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """Payload 2.0; `routeKey` is `GET /orders/{id}`, `ANY /orders` or `$default`."""
    _take_gateway_id(fields_at(event, "requestContext"), trigger)
    _set_request(trigger, _request_v2(event), headers_of(event))


def read_function_url(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    if request_id := text_at(event, "requestContext", "requestId"):
        add(trigger.received, [flow.lambda_(request_id)])
    _set_request(trigger, _request_v2(event), headers_of(event))


def _request_v2(event: dict[str, Any]) -> Request:
    context = fields_at(event, "requestContext")
    http = fields_at(context, "http")
    route = text_at(event, "routeKey") or text_at(context, "routeKey")
    path = text_at(event, "rawPath") or text_at(http, "path")
    method = text_at(http, "method") or (route.partition(" ")[0] if " " in route else "")
    request = Request(method, route.partition(" ")[2], path, text_at(event, "rawQueryString"))
    request.address = text_at(context, "domainName")
    request.client = text_at(http, "sourceIp")
    request.user_agent = text_at(http, "userAgent")
    request.protocol = text_at(http, "protocol")
    return request


def read_websocket(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """Its routes are `$connect`, `$disconnect`, `$default` and names of the API's own."""
    context = fields_at(event, "requestContext")
    _take_gateway_id(context, trigger)
    request = Request("", text_at(context, "routeKey"), "")
    request.address = text_at(context, "domainName")
    request.client = text_at(context, "identity", "sourceIp")
    request.user_agent = text_at(context, "identity", "userAgent")
    _set_request(trigger, request, headers_of(event))
    trigger.operation = text_at(context, "eventType")


def read_load_balancer(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """Query parameters are as the caller coded them. There is no route."""
    request = Request(text_at(event, "httpMethod"), "", text_at(event, "path"), _query(event))
    _set_request(trigger, request, headers_of(event))


def read_lattice(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """Version 1 has `raw_path` with the query, version 2 `path` and a list of values for each parameter."""
    path, _, query = text_at(event, "raw_path").partition("?")
    request = Request(text_at(event, "method"), "", path or text_at(event, "path"), query or _query(event))
    _set_request(trigger, request, headers_of(event))


def read_token_authorizer(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """`methodArn`: `arn:aws:execute-api:region:account:api/stage/GET/orders/7`, and nothing else but the token."""
    method, _, path = _after_stage(text_at(event, "methodArn")).partition("/")
    _set_request(trigger, Request(method, "", f"/{path}" if method else ""), {})


def read_http_api_authorizer(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    read_http_api(event, trigger, _reading)
    trigger.span_name = ""  # the authorizer is not the route


def read_rest_authorizer(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    read_rest(event, trigger, _reading)
    trigger.span_name = ""


def read_cloudfront(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """Lambda@Edge. Headers are `{"host": [{"key": "Host", "value": "..."}]}`."""
    config, asked = (fields_at(event, "Records", "0", "cf", name) for name in ("config", "request"))
    headers = {name: text_at(values, "0", "value") for name, values in fields_at(asked, "headers").items()}
    request = Request(text_at(asked, "method"), "", text_at(asked, "uri"), text_at(asked, "querystring"))
    request.client = text_at(asked, "clientIp")
    request.address = text_at(config, "distributionDomainName")
    _set_request(trigger, request, headers)
    trigger.operation = text_at(config, "eventType")
    trigger.resource = text_at(config, "distributionId")


def headers_of(event: dict[str, Any]) -> dict[str, Any]:
    """Those that are looked at, in lower case."""
    headers = fields_at(event, "headers") or fields_at(event, "multiValueHeaders")
    found = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower in _WANTED:
            found[lower] = plain_text(value)
    return found


def _take_gateway_id(context: dict[str, Any], trigger: Trigger) -> None:
    if request_id := text_at(context, "requestId"):
        add(trigger.received, [flow.api_gateway(request_id)])


def _set_request(trigger: Trigger, request: Request, headers: dict[str, Any]) -> None:
    """By the conventions for HTTP servers. A `traceparent` is no link: it is the parent (pipeline/trace_context.py)."""
    method = request.method.upper()
    trigger.operation = request.method
    trigger.resource = request.route or request.path
    # Without a route nothing but the method would be left: then the function's name says more.
    trigger.span_name = f"{method} {request.route}".strip() if request.route else ""
    trigger.tenant = headers.get("x-amz-tenant-id", "")
    told = {
        semconv.HTTP_REQUEST_METHOD: method if method in _METHODS or not method else "_OTHER",
        semconv.HTTP_REQUEST_METHOD_ORIGINAL: "" if method in _METHODS and method == request.method else request.method,
        semconv.HTTP_ROUTE: request.route,
        semconv.URL_PATH: request.path,
        semconv.URL_QUERY: request.query,
        semconv.URL_SCHEME: headers.get("x-forwarded-proto") or "https",
        semconv.SERVER_ADDRESS: request.address or headers.get("host", "").partition(":")[0],
        semconv.CLIENT_ADDRESS: request.client or headers.get("x-forwarded-for", "").partition(",")[0].strip(),
        semconv.USER_AGENT_ORIGINAL: request.user_agent or headers.get("user-agent", ""),
        semconv.NETWORK_PROTOCOL_VERSION: request.protocol.removeprefix("HTTP/") if "/" in request.protocol else "",
    }
    trigger.attributes.update({name: value for name, value in told.items() if value})
    port = headers.get("x-forwarded-port", "")
    if port.isascii() and port.isdigit() and len(port) <= 5:
        trigger.attributes[semconv.SERVER_PORT] = int(port)
    add(trigger.links, contexts_of(headers, XRAY))


def _query(event: dict[str, Any]) -> str:
    """Parameters as their services pass them on, as the caller coded them."""
    pairs = fields_at(event, "queryStringParameters") or fields_at(event, "multiValueQueryStringParameters")
    return clean("&".join(f"{name}={plain_text(value)}" for name, value in list(pairs.items())[:64]))


def _after_stage(arn: str) -> str:
    return arn_resource(arn).partition("/")[2].partition("/")[2]


def read_plain_headers(request: dict[str, Any], trigger: Trigger) -> None:
    """Of AppSync's `request`, which tells of the call nothing but this: GraphQL is POSTed to one path."""
    asked = Request("POST", "", "")
    asked.address = text_at(request, "domainName")
    resource, operation = trigger.resource, trigger.operation
    _set_request(trigger, asked, headers_of(request))
    trigger.resource, trigger.operation = resource, operation
