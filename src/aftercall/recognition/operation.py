"""What a call asks of a service, in the service's own words."""

from __future__ import annotations

Value = str | int | float | bool | list[str]


class Operation:
    """Texts are empty, numbers None where the exchange does not say."""

    __slots__ = (
        "api", "attempt", "attributes", "error_code", "extended_request_id", "failed_items", "invocation_id", "items",
        "kind", "links", "name", "pointers", "received", "region", "request_id", "resource", "sent", "service",
        "span_name", "throttled", "url_template",
    )  # fmt: skip

    def __init__(self, api: str) -> None:
        self.api = api
        """`aws`, `graphql`, `json-rpc`, or `http`: of such a call only the URL's template is known."""
        self.service = ""
        """AWS: botocore's service id, `DynamoDB`. Others: the name of a well-known API, or empty."""
        self.name = ""
        """`PutItem`, a GraphQL operation's name, a JSON-RPC method."""
        self.span_name = ""
        """By the semantic conventions: `DynamoDB.PutItem`, `send orders`, `GET /users/{id}`. Empty: the method."""
        self.kind = "client"
        """`client`, or `producer` for what sends a message."""
        self.resource = ""
        """What it acts on, as people say it: `orders`, `receipts/1.json`."""
        self.region = ""
        self.request_id = ""
        self.extended_request_id = ""
        self.error_code = ""
        """As the service names it: `ConditionalCheckFailedException`."""
        self.throttled = False
        self.items: int | None = None
        """How many entries a batch had, and how many of them failed."""
        self.failed_items: int | None = None
        self.invocation_id = ""
        """`amz-sdk-invocation-id`: the tries of one operation share it."""
        self.attempt: int | None = None
        """From 1."""
        self.url_template = ""
        """The path with its variable parts named: `/users/{id}`."""
        self.attributes: dict[str, Value] = {}
        """By OpenTelemetry's conventions for this service (formats/semconv.py)."""
        self.sent: list[str] = []
        """Join keys (flow.py) of what went out, and of what came in by this call."""
        self.received: list[str] = []
        self.links: list[tuple[str, str]] = []
        """Trace contexts of messages that this call received: (trace id, span id)."""
        self.pointers: list[tuple[str, str]] = []
        """Span pointers as Datadog's backend reads them: (kind, hash). Their direction is down."""
