"""What may leave the environment. Exporters accept these types and no others, and only redact.py makes them.

Every string in a record was masked, or cannot hold a secret (an id, a stage, a number).
"""

from __future__ import annotations

from aftercall.recognition.operation import Operation
from aftercall.recognition.trigger import Trigger

STATUSES = ("ok", "error", "timeout", "crash", "unknown")


class Body:
    """The beginning of a body as text."""

    __slots__ = ("size", "text", "truncated")

    def __init__(self, text: str, *, size: int | None, truncated: bool) -> None:
        self.text = text
        self.size = size
        """Bytes of the whole body as it was sent; None if not known."""
        self.truncated = truncated


class Failure:
    """An error as the runtime client reported it."""

    __slots__ = ("details", "message", "stack_trace", "type")

    def __init__(self, error_type: str, message: str, stack_trace: str, details: str = "") -> None:
        self.type = error_type
        self.message = message
        self.stack_trace = stack_trace
        self.details = details
        """What else the report has, as JSON."""


class Outcome:
    """What the function answered: over HTTP (`status_code`), or for a batch. None: not known."""

    __slots__ = ("failed_items", "items", "status_code")

    def __init__(
        self, *, status_code: int | None = None, failed_items: int | None = None, items: int | None = None
    ) -> None:
        self.status_code = status_code
        self.failed_items = failed_items
        self.items = items
        """How many there were in the batch."""


class OperationRecord(Operation):
    """An operation without secrets."""

    __slots__ = ()


class TriggerRecord(Trigger):
    """A trigger without secrets, and so are those in `nested`."""

    __slots__ = ()


class CallRecord:
    """One HTTP exchange. Times in nanoseconds since the epoch."""

    __slots__ = (
        "complete", "end", "error_message", "error_type", "excluded", "library", "method", "open", "operation",
        "pid", "protocol", "proxy", "request_body", "request_headers", "request_size", "response_body",
        "response_headers", "response_size", "span_id", "stage", "start", "status", "url",
    )  # fmt: skip

    def __init__(self, span_id: str) -> None:
        self.span_id = span_id
        self.pid: int | None = None
        self.library = ""
        self.method = ""
        self.url = ""
        self.proxy = ""
        self.protocol = ""
        """`1.0`, `1.1` or `2`; empty where not seen."""
        self.stage = ""
        self.open = False
        """It had not ended when the record was made: it hangs in `stage`, or goes on there."""
        self.status: int | None = None
        self.start = 0
        self.end = 0
        self.operation: OperationRecord | None = None
        """None: a plain HTTP call."""
        self.error_type = ""
        self.error_message = ""
        self.complete = True
        self.excluded = False
        self.request_size: int | None = None
        self.response_size: int | None = None
        self.request_headers: list[tuple[str, str]] = []
        self.response_headers: list[tuple[str, str]] = []
        self.request_body: Body | None = None
        self.response_body: Body | None = None

    @property
    def answered_badly(self) -> bool:
        """The service refused it, or some of its items."""
        operation = self.operation
        refused = operation is not None and bool(operation.error_code or operation.failed_items)
        return refused or (self.status or 0) >= 400


class InitRecord:
    """The init phase, or the restore from a snapshot: the calls made at import, and the error that ended it."""

    __slots__ = ("calls", "end", "error", "restored", "start")

    def __init__(self) -> None:
        self.start = 0
        self.end = 0
        self.restored = False
        self.calls: list[CallRecord] = []
        self.error: Failure | None = None


class InvocationRecord:
    """One invocation, ready to be sent. Times in nanoseconds since the epoch."""

    __slots__ = (
        "arn", "billed_ms", "calls", "cold_start", "counters", "deadline_ms", "drops", "end", "error", "event",
        "faults", "init", "init_ms", "is_report", "late", "links", "max_memory_mb", "memory_mb", "not_watched",
        "outcome", "parent_id", "received", "request_id", "response", "runtime", "sampled", "span_id", "start",
        "status", "trace_id", "trigger", "watched",
    )  # fmt: skip

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.arn = ""
        self.status = "unknown"
        """Of STATUSES: how the invocation ended. What its answer says is `outcome`."""
        self.outcome: Outcome | None = None
        self.cold_start: bool | None = None
        self.start = 0
        self.end = 0
        self.deadline_ms: int | None = None
        self.trace_id = ""
        self.span_id = ""
        self.parent_id = ""
        self.sampled = True
        self.links: list[tuple[str, str]] = []
        """Other traces this invocation belongs to: (trace id, span id)."""
        self.trigger: TriggerRecord | None = None
        """What woke it; None: a direct invoke, or an event that does not say."""
        self.received: list[str] = []
        """Join keys (recognition/flow.py) of the event, and of the invocation itself."""
        self.error: Failure | None = None
        self.event: Body | None = None
        self.response: Body | None = None
        self.calls: list[CallRecord] = []
        self.init: InitRecord | None = None
        self.runtime: dict[str, str] = {}
        self.watched = False
        """A wrapper saw this invocation; otherwise all is from the Telemetry API."""
        self.not_watched = ""
        """Why no wrapper saw it."""
        self.late = False
        self.is_report = False
        """It holds only what was billed for an invocation that was exported before."""
        self.billed_ms: float | None = None
        self.memory_mb: int | None = None
        self.max_memory_mb: int | None = None
        self.init_ms: float | None = None
        self.drops: dict[str, int] = {}
        self.faults: dict[str, int] = {}
        self.counters: dict[str, int] = {}
        """What aftercall itself lost or withheld since the last record."""

    @property
    def duration_ms(self) -> float:
        return max(0, self.end - self.start) / 1e6
