"""What woke the function: the service that sent the event, and what it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.recognition.operation import Value

KINDS = ("http", "pubsub", "datasource", "timer", "other")


class Trigger:
    """Texts are empty, numbers None where the event does not say."""

    __slots__ = (
        "age_ms", "attributes", "items", "kind", "links", "nested", "operation", "pointers", "receive_count",
        "received", "resource", "source", "span_kind", "span_name", "tenant",
    )  # fmt: skip

    def __init__(self, source: str, kind: str) -> None:
        self.source = source
        """`sqs`, `apigateway-http`, `eventbridge`, ... (sources/table.py has them all)."""
        self.kind = kind
        """OpenTelemetry's `faas.trigger`, of KINDS."""
        self.span_kind = "server"
        """`server` or `consumer`."""
        self.span_name = ""
        """By the semantic conventions: `GET /orders/{id}`, `orders process`. Empty: the function's name."""
        self.resource = ""
        """As people say it: the queue's, topic's, bucket's, rule's name; the route."""
        self.operation = ""
        """What happened, in the source's own words: `ObjectCreated:Put`, `INSERT`, `PreSignUp_SignUp`, `GET`."""
        self.tenant = ""
        """`x-amz-tenant-id` of an HTTP event."""
        self.items: int | None = None
        """Records of the batch; None if it is none, or was cut."""
        self.age_ms: float | None = None
        """How long the oldest message had waited when the invocation began."""
        self.receive_count: int | None = None
        """How often the most tried message of the batch was received."""
        self.attributes: dict[str, Value] = {}
        """By OpenTelemetry's conventions for this trigger (formats/semconv.py)."""
        self.received: list[str] = []
        """Join keys (flow.py)."""
        self.links: list[tuple[str, str]] = []
        """Trace contexts that the messages carry: (trace id, span id)."""
        self.pointers: list[tuple[str, str]] = []
        """Span pointers as Datadog's backend reads them: (kind, hash). Their direction is up."""
        self.nested: list[Trigger] = []
        """What the messages themselves carry, from the outside in: S3 in SNS in SQS. One for each kind, not for each
        message; their ids are in `received` of the outermost."""
