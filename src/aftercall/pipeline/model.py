"""Invocations and calls as they are assembled: raw, with secrets in them. Exporters do not accept these types.

Times are CLOCK_REALTIME nanoseconds. A time, size or status that is not known is None.
Plain classes with slots: `dataclasses` would import `inspect`, which costs more than all of this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_fields import get_integer

if TYPE_CHECKING:
    from aftercall.http1.message import Message
    from aftercall.recognition.operation import Operation
    from aftercall.recognition.trigger import Trigger

MAX_REASONS = 64


_OF_CALL = (
    "complete", "decoded", "end", "error_message", "error_type", "excluded", "library", "messages", "method",
    "operation", "parts", "pid", "proxy", "request_size", "response_size", "span_id", "stage", "stage_at", "start",
    "status", "url",
)  # fmt: skip


class Call:
    """One HTTP exchange."""

    __slots__ = _OF_CALL

    def __init__(self, span_id: str) -> None:
        self.span_id = span_id
        self.pid: int | None = None
        self.library = ""
        self.method = ""
        self.url = ""
        self.proxy = ""
        self.stage = ""
        """The last stage that the call reached (SPOOL_FORMAT.md): where it hung or failed if it did not end well."""
        self.stage_at = -1
        """The time of the frame that said so: frames may be read in any order."""
        self.status: int | None = None
        self.start: int | None = None
        self.end: int | None = None
        self.error_type = ""
        self.error_message = ""
        self.complete = True
        """False if the client gave up before the response's end."""
        self.decoded = False
        self.excluded = False
        """Its host is one whose bodies are never written (SPOOL_FORMAT.md)."""
        self.request_size: int | None = None
        self.response_size: int | None = None
        self.parts: dict[str, bytes | bytearray] = {}
        self.messages: tuple[Message, Message] | None = None
        """Request and response, once they were taken apart (messages.py)."""
        self.operation: Operation | None = None
        """What it asked for (recognise.py); None: a plain HTTP call."""

    def copy(self) -> Call:
        """Another call with the same parts, which can drop them by itself."""
        copied = Call(self.span_id)
        for name in _OF_CALL:
            setattr(copied, name, getattr(self, name))
        copied.parts = dict(self.parts)
        copied.messages = None  # more parts may come
        return copied


class Init:
    """The init phase of an environment, or its restore from a snapshot: calls made at import, and how it failed."""

    __slots__ = (
        "calls", "drops", "end", "error", "error_type", "faults", "for_request", "is_over", "platform", "repeats",
        "restored", "start",
    )  # fmt: skip

    def __init__(self) -> None:
        self.start: int | None = None
        self.end: int | None = None
        self.platform = False
        """The times are Lambda's own, from the Telemetry API; otherwise those of the runtime's process."""
        self.is_over = False
        """Lambda has reported its end."""
        self.for_request = ""
        """The invocation in which it runs: if it fails, Lambda answers that invocation with its error."""
        self.repeats = False
        """It runs within an invocation, since the first init failed."""
        self.restored = False
        self.calls: dict[str, Call] = {}
        self.error: bytes | None = None
        self.error_type = ""
        """As the Telemetry API names it, if no wrapper saw the error itself."""
        self.drops: dict[str, int] = {}
        self.faults: dict[str, int] = {}

    def __bool__(self) -> bool:
        """It holds something that must not get lost if no invocation follows."""
        return bool(self.calls or self.drops or self.faults or self.error_type) or self.error is not None


class Runtime:
    """The process that wrote an invocation, from its `process` frame."""

    __slots__ = ("client", "name", "not_watched", "pid", "start", "version", "wrapper")

    def __init__(self) -> None:
        self.name = ""
        self.version = ""
        self.pid: int | None = None
        self.start: int | None = None
        self.wrapper = ""
        self.client = ""
        self.not_watched = ""


class Platform:
    """What the Telemetry API said about an invocation, in Lambda's own units: milliseconds and MB."""

    __slots__ = (
        "billed_ms", "done", "duration_ms", "error_type", "init_ms", "max_memory_mb", "memory_mb", "reported", "start",
        "status",
    )  # fmt: skip

    def __init__(self) -> None:
        self.start: int | None = None
        self.done: int | None = None
        """When the runtime asked for the next event, or died."""
        self.status = ""
        self.error_type = ""
        self.duration_ms: float | None = None
        self.reported = False
        self.billed_ms: float | None = None
        self.memory_mb: int | None = None
        self.max_memory_mb: int | None = None
        self.init_ms: float | None = None


class Invocation:
    """One invocation, from its frames, the INVOKE event and the Telemetry API."""

    __slots__ = (
        "arn", "calls", "deadline_ms", "drops", "end", "error", "event", "event_size", "faults", "frames_lost", "init",
        "late", "not_watched", "number", "platform", "request_id", "response", "response_size", "runtime", "start",
        "status", "trace", "trigger",
    )  # fmt: skip

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        """Empty for an init phase that failed without an invocation."""
        self.arn = ""
        self.number: int | None = None
        self.deadline_ms: int | None = None
        self.trace = ""
        """The X-Ray header."""
        self.start: int | None = None
        self.end: int | None = None
        self.status = ""
        """`ok`, `error`, `timeout`, `crash`, `unknown`; empty until known."""
        self.event: bytes | None = None
        self.event_size: int | None = None
        self.response: bytes | None = None
        self.response_size: int | None = None
        self.error: bytes | None = None
        self.calls: dict[str, Call] = {}
        self.init: Init | None = None
        self.runtime: Runtime | None = None
        self.platform = Platform()
        self.drops: dict[str, int] = {}
        self.faults: dict[str, int] = {}
        self.not_watched = ""
        """Why no wrapper saw it; empty if one did, or if the reason is not known."""
        self.trigger: Trigger | None = None
        """What woke it (recognise.py); None if the event does not say."""
        self.frames_lost = 0
        """Frames beyond what one invocation may hold in memory."""
        self.late = False
        """It holds only what came after the invocation's record was exported."""

    @property
    def ended(self) -> bool:
        """Its `invocation_end` frame was read."""
        return self.end is not None and bool(self.status)

    @property
    def is_fully_known(self) -> bool:
        """Its end is known and, if no wrapper saw it, what was billed: Lambda reports both together then."""
        return bool(self.status) and (self.start is not None or self.platform.reported)


def join_init(init: Init, invocation: Invocation) -> bool:
    """Give the init to an invocation that is taken. Returns False if it does not belong to this one."""
    if init.for_request not in {"", invocation.request_id}:
        return False
    is_first = invocation.number == 1 and not invocation.late
    if not is_first and (invocation.late or not init):
        return False
    _hand_over(init, invocation)
    if (invocation.number or 0) > 1 and not init.platform:
        init.start = None  # an earlier process exported the init: these are stray calls with times of their own
    elif init.start is None and invocation.runtime is not None:
        init.start = invocation.runtime.start
    if init.error is not None and invocation.error is None and not invocation.ended:
        # A suppressed init inside the invocation failed: Lambda answers the caller with this error.
        invocation.error = init.error
        invocation.status = invocation.status or "error"
    elif init.error_type and not invocation.ended:
        invocation.platform.error_type = invocation.platform.error_type or init.error_type
        invocation.status = invocation.status or "crash"
    return True


def repeat_within(init: Init, invocation: Invocation, time: int | None) -> None:
    """The init failed, and Lambda repeats it within this invocation: no INVOKE comes before it succeeds."""
    init.for_request = invocation.request_id
    invocation.number = invocation.number or 1
    invocation.platform.start = invocation.platform.start or time or init.start


def take_alone(init: Init, started: int | None) -> Invocation:
    """The init as an invocation without request id."""
    alone = Invocation("")
    _hand_over(init, alone)
    if started is not None and not init.platform:
        init.start = min(init.start or started, started)
    alone.start, alone.end = init.start, init.end
    alone.status = "error" if init.error is not None or init.error_type else "unknown"
    alone.error = init.error
    return alone


def _hand_over(init: Init, invocation: Invocation) -> None:
    invocation.init = init
    add_counts(invocation.drops, init.drops)
    add_counts(invocation.faults, init.faults)


def add_counts(into: dict[str, int], counts: object) -> None:
    if not isinstance(counts, dict):
        return
    for reason in counts:
        count = get_integer(counts, reason)
        if count and count > 0 and (reason in into or len(into) < MAX_REASONS):
            into[reason] = into.get(reason, 0) + count
