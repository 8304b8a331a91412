"""Frames, INVOKE events and platform records in, invocations out. Pure: no I/O, no clock.

The request id in a frame decides where it belongs, the span id which call it tells of; the order in which frames come,
the segment they stand in and how often they come do not matter. Whatever values the frames carry, nothing raises:
a value of the wrong type counts as absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.pipeline.model import Call, Init, Invocation, Platform, Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from aftercall.spool.frames import Frame

MAX_OPEN = 256
"""Invocations under way at once: one where Lambda runs one at a time, and room for what never ended."""

MAX_REMEMBERED = 256
"""Exported request ids that are remembered, so that late frames are not taken for a new invocation."""

MAX_REMEMBERED_CALLS = 20_000
"""Of all of these together: of calls that were exported, the span ids are remembered as well, some 100 bytes each."""

MAX_BEGUN = 16
"""Invocations that were taken, and to which a call without request id may still belong."""

MAX_LEFT_OPEN = 256
"""Calls whose end is still told when it comes, though their record went out."""

MAX_LEFT_OPEN_BYTES = 4 * 1024 * 1024
"""Of their parts, all together: the record had those that were there."""

MAX_CALLS = 10_000
MAX_HELD_BYTES = 24 * 1024 * 1024
"""For one invocation; three times what a writer may write for it."""


class Assembler:
    """Collects what belongs together until somebody takes it."""

    def __init__(self) -> None:
        self._open: dict[str, Invocation] = {}
        self._exported: dict[str, set[str]] = {}
        self._remembered_calls = 0
        self._held: dict[str, int] = {}
        self._init = Init()
        self._begun: dict[str, int] = {}
        """When the last ones began that were taken."""
        self._owners: dict[str, str] = {}
        """Calls without request id -> the invocation that each was given to."""
        self._left_open: dict[str, Call] = {}
        """Calls that had not ended when their record was made."""
        self._is_past_init = False
        """An invocation was taken; what earlier processes exported says nothing of this environment's init."""
        self._runtimes: dict[tuple[int, int], Runtime] = {}
        self._platform_started: tuple[str, int | None] = ("", None)
        """Request id and time of the last `platform.start`."""
        self.reports: list[tuple[str, Platform]] = []
        """What was billed for invocations that were exported before; whoever tells it sets it back."""
        self.watched = False
        """A process frame without `not_watched` was read."""
        self.not_watched = False
        """A process frame with `not_watched` was read, and none without."""
        self.why_not_watched = ""
        """What is said of invocations where no process says it itself."""
        self.abandoned = 0
        """Invocations given up because too many were open; the reader of this number sets it back."""

    # What comes in

    def process(self, header: dict[str, Any]) -> Runtime:
        """A `process` frame as it is read; the same object for each of one process. The last one knows best.

        A process writes before it knows all of itself: calls of its init come before its runtime client is there.
        """
        runtime = self._runtimes.setdefault(_process_key(header), Runtime())
        if len(self._runtimes) > MAX_OPEN:
            del self._runtimes[next(iter(self._runtimes))]
        _update(runtime, header)
        self._note_watch(runtime)
        return runtime

    def runtime_of(self, header: dict[str, Any]) -> Runtime:
        """The process that a frame read earlier tells of, with all that was told of it since."""
        return self._runtimes.get(_process_key(header)) or self.process(header)

    def _note_watch(self, runtime: Runtime) -> None:
        if runtime.not_watched:
            self.not_watched = not self.watched
        else:
            self.watched, self.not_watched = True, False

    def _note_seen(self, runtime: Runtime | None) -> None:
        """It told of an invocation: so these are seen, whatever its `process` frame said before it could know."""
        if runtime is not None and runtime.not_watched:
            runtime.not_watched = ""
            self._note_watch(runtime)

    def frame(self, frame: Frame, runtime: Runtime | None) -> None:
        """One frame of the process that `runtime` tells of. One of a call without request id is given its own."""
        if not frame.request_id and frame.kind in _CALL_KINDS:
            frame.request_id = self._owner(frame)
        handler = _HANDLERS.get(frame.kind)
        if handler is not None:
            handler(self, frame, runtime)

    def invoke(self, event: dict[str, Any]) -> Invocation | None:
        """The INVOKE event of the Extensions API."""
        request_id = _text(event, "requestId")
        if not request_id or request_id in self._exported:
            return None
        invocation = self.invocation(request_id)
        invocation.arn = invocation.arn or _text(event, "invokedFunctionArn")
        invocation.deadline_ms = invocation.deadline_ms or _integer(event, "deadlineMs")
        tracing = event.get("tracing")
        if isinstance(tracing, dict):
            invocation.trace = invocation.trace or _text(tracing, "value")
        return invocation

    def forget_watch(self, started: int) -> None:
        """Processes that began before `started` (nanoseconds) say nothing of this environment's, nor of its init."""
        runtimes = [runtime for runtime in self._runtimes.values() if (runtime.start or 0) >= started]
        self.watched = any(not runtime.not_watched for runtime in runtimes)
        self.not_watched = bool(runtimes) and not self.watched
        self._is_past_init = False

    def mark_exported(self, request_id: str) -> None:
        """Remember an invocation whose record went out in an earlier life of this process."""
        self._exported.setdefault(request_id, set())

    # What is there

    def invocation(self, request_id: str) -> Invocation:
        """The one with this id, made if need be. One that was exported comes back as a late one."""
        found = self._open.get(request_id)
        if found is None:
            found = self._open[request_id] = Invocation(request_id)
            found.late = request_id in self._exported
            if len(self._open) > MAX_OPEN:
                self._abandon(next(iter(self._open)))
        return found

    def find(self, request_id: str) -> Invocation | None:
        return self._open.get(request_id)

    def has_ended(self, request_id: str) -> bool:
        """Its `invocation_end` frame was read, now or before it was taken."""
        if request_id in self._exported:
            return True
        found = self._open.get(request_id)
        return found is not None and found.ended

    def was_exported(self, request_id: str) -> bool:
        return request_id in self._exported

    def open(self) -> Iterator[Invocation]:
        """All that were not taken yet, oldest first."""
        return iter(list(self._open.values()))

    @property
    def init(self) -> Init:
        """The init phase that no invocation has taken yet."""
        return self._init

    # What goes out

    def take(self, request_id: str, status: str = "unknown") -> Invocation | None:
        """Remove it, to be exported. `status` is used where its own frames and telemetry do not tell."""
        invocation = self._open.pop(request_id, None)
        self._held.pop(request_id, None)
        if invocation is None:
            return None
        self._join_init(invocation)
        if invocation.start is None and not invocation.ended:
            invocation.not_watched = self._why_not_watched()
        self._is_past_init = self._is_past_init or not invocation.late
        invocation.status = invocation.status or status
        self._remember(request_id, invocation)
        return invocation

    def _why_not_watched(self) -> str:
        """The reason of the process that spoke last; empty where one is watched."""
        if self.watched:
            return ""
        reasons = (runtime.not_watched for runtime in reversed(self._runtimes.values()) if runtime.not_watched)
        return next(reasons, self.why_not_watched)

    def take_init(self, started: int | None = None) -> Invocation | None:
        """The init phase alone, as a record without request id: when it failed and no invocation came of it.

        `started`: when it began at the latest, used where Lambda has not told it.
        """
        if not self._init:
            return None
        alone = Invocation("")
        init = self._hand_over_init(alone)
        if started is not None and not init.platform:
            init.start = min(init.start or started, started)
        alone.start, alone.end = init.start, init.end
        alone.status = "error" if init.error is not None or init.error_type else "unknown"
        alone.error = init.error
        return alone

    def _join_init(self, invocation: Invocation) -> None:
        if self._init.for_request not in {"", invocation.request_id}:
            return
        is_first = invocation.number == 1 and not invocation.late
        if not is_first and (invocation.late or not self._init):
            return
        init = self._hand_over_init(invocation)
        if (invocation.number or 0) > 1 and not init.platform:
            init.start = None  # a process before us has told the init: these are stray calls, with times of their own
        elif init.start is None and invocation.runtime is not None:
            init.start = invocation.runtime.start
        if init.error is not None and invocation.error is None and not invocation.ended:
            # A suppressed init inside the invocation failed: Lambda answers the caller with this error.
            invocation.error = init.error
            invocation.status = invocation.status or "error"
        elif init.error_type and not invocation.ended:
            invocation.platform.error_type = invocation.platform.error_type or init.error_type
            invocation.status = invocation.status or "crash"

    def _hand_over_init(self, invocation: Invocation) -> Init:
        init, self._init = self._init, Init()
        self._held.pop("", None)
        invocation.init = init
        _add_counts(invocation.drops, init.drops)
        _add_counts(invocation.faults, init.faults)
        return init

    def _remember(self, request_id: str, invocation: Invocation) -> None:
        self._note_begun(invocation)
        self._note_left_open(invocation)
        spans = self._exported.setdefault(request_id, set())
        self._remembered_calls -= len(spans)
        spans.update(invocation.calls)
        self._remembered_calls += len(spans)
        while len(self._exported) > MAX_REMEMBERED:
            self._remembered_calls -= len(self._exported.pop(next(iter(self._exported))))
        for oldest in self._exported.values():  # the id itself stays: its late frames are no new invocation
            if self._remembered_calls <= MAX_REMEMBERED_CALLS:
                break
            self._remembered_calls -= len(oldest)
            oldest.clear()

    def _note_begun(self, invocation: Invocation) -> None:
        start = invocation.start or invocation.platform.start
        if start is not None and not invocation.late:
            self._begun[invocation.request_id] = start
        while len(self._begun) > MAX_BEGUN:
            del self._begun[next(iter(self._begun))]

    def _note_left_open(self, invocation: Invocation) -> None:
        still_open = {span_id: call.copy() for span_id, call in invocation.calls.items() if call.end is None}
        if not still_open:
            return
        self._left_open.update(still_open)
        while len(self._left_open) > MAX_LEFT_OPEN:
            del self._left_open[next(iter(self._left_open))]
        self._bound_left_open()

    def _bound_left_open(self) -> None:
        """The newest keep their parts."""
        left = MAX_LEFT_OPEN_BYTES
        for call in reversed(self._left_open.values()):
            left -= sum(map(len, call.parts.values()))
            if left < 0:
                call.parts.clear()

    def _abandon(self, request_id: str) -> None:
        del self._open[request_id]
        self._held.pop(request_id, None)
        self.abandoned += 1

    # The kinds of frames

    def _invocation_start(self, frame: Frame, runtime: Runtime | None) -> None:
        if not frame.request_id or frame.request_id in self._exported:
            return
        self._note_seen(runtime)
        invocation = self.invocation(frame.request_id)
        header = frame.header
        invocation.start = frame.time
        invocation.runtime = runtime
        invocation.number = _integer(header, "number")
        invocation.deadline_ms = _integer(header, "deadline") or invocation.deadline_ms
        invocation.arn = _text(header, "arn") or invocation.arn
        invocation.trace = _text(header, "trace") or invocation.trace
        invocation.event_size = _size(header, "event_size")
        invocation.event = dict(frame.parts()).get("event", b"")
        if not self._init.platform and (self._init.end is None or frame.time < self._init.end):
            self._init.end = frame.time

    def _invocation_end(self, frame: Frame, runtime: Runtime | None) -> None:
        parts = dict(frame.parts())
        if frame.header.get("phase") == "init" or not frame.request_id:
            self._init.error = parts.get("error", b"")
            if not self._init.platform:
                self._init.end = frame.time
            self._init.start = self._init.start or (runtime.start if runtime else None)
            return
        if frame.request_id in self._exported:
            return
        self._note_seen(runtime)
        invocation = self.invocation(frame.request_id)
        invocation.end = frame.time
        invocation.runtime = runtime or invocation.runtime  # not a child's, whose calls were read before
        invocation.response_size = _size(frame.header, "response_size")
        invocation.response = parts.get("response", invocation.response)
        invocation.error = parts.get("error", invocation.error)
        invocation.status = "error" if _text(frame.header, "status") == "error" else "ok"
        if invocation.error is None:
            # Nothing was answered: there is no error post, only its kind.
            invocation.platform.error_type = _text(frame.header, "error_type") or invocation.platform.error_type

    def _call_start(self, frame: Frame, runtime: Runtime | None) -> None:
        call = self._call(frame, runtime)
        if call is None:
            return
        header = frame.header
        call.start = frame.time
        call.library = _text(header, "library")
        call.method = call.method or _text(header, "method")
        call.url = call.url or _text(header, "url")
        call.proxy = _text(header, "proxy")
        _set_stage(call, _text(header, "stage"), frame.time)
        call.excluded = header.get("bodies") == "excluded"

    def _call_stage(self, frame: Frame, runtime: Runtime | None) -> None:
        call = self._call(frame, runtime)
        if call is None:
            return
        header = frame.header
        call.method = _text(header, "method") or call.method
        call.url = _text(header, "url") or call.url
        _set_stage(call, _text(header, "stage"), frame.time)

    def _call_response(self, frame: Frame, runtime: Runtime | None) -> None:
        call = self._call(frame, runtime)
        if call is None:
            return
        call.status = _integer(frame.header, "status")
        _set_stage(call, "response_body", frame.time)
        self._join_parts(frame, call)

    def _call_end(self, frame: Frame, runtime: Runtime | None) -> None:
        call = self._call(frame, runtime)
        if call is None or call.end is not None:
            return
        header = frame.header
        call.end = frame.time
        call.error_type = _text(header, "error_type")
        call.error_message = _text(header, "error_message")
        _set_stage(call, _text(header, "stage"), max(frame.time, call.stage_at))
        call.complete = header.get("complete") is not False
        call.decoded = header.get("decoded") is True
        call.request_size = _size(header, "request_size")
        call.response_size = _size(header, "response_size")
        self._join_parts(frame, call)

    def _drops(self, frame: Frame, _runtime: Runtime | None) -> None:
        request_id = frame.request_id or next(reversed(self._open), "")
        if not request_id and self._is_past_init:
            request_id = next(reversed(self._begun), "")
        counted = self.invocation(request_id) if request_id else self._init
        _add_counts(counted.drops, frame.header.get("frames"))
        _add_counts(counted.faults, frame.header.get("faults"))
        lost_bytes = _integer(frame.header, "bytes")
        if lost_bytes:
            _add_counts(counted.drops, {"bytes": lost_bytes})

    def _call(self, frame: Frame, runtime: Runtime | None) -> Call | None:
        """The call that the frame tells of, or None where it cannot be kept."""
        span_id = _text(frame.header, "span_id").lower()
        if not _is_span_id(span_id):
            return None
        if self._was_told(frame.request_id, span_id):
            return self._left_open_call(frame, span_id)
        calls = self._calls(frame.request_id)
        call = calls.get(span_id)
        self._note_writer(frame.request_id, runtime)
        if call is None:
            if len(calls) >= MAX_CALLS:
                if frame.request_id:
                    self.invocation(frame.request_id).frames_lost += 1
                return None
            call = calls[span_id] = Call(span_id)
            call.pid = runtime.pid if runtime else None
        return call

    def _was_told(self, request_id: str, span_id: str) -> bool:
        """In a record that went out; of what was left open also when its invocation is no longer remembered."""
        if span_id in self._exported.get(request_id, ()):
            return True
        found = self._open.get(request_id)
        return bool(request_id) and span_id in self._left_open and (found is None or found.late)

    def _left_open_call(self, frame: Frame, span_id: str) -> Call | None:
        """A call that went out before it had ended: its end is told, in a late record."""
        call = self._left_open.get(span_id)
        if call is not None and frame.kind == "call_end":
            del self._left_open[span_id]
            invocation = self.invocation(frame.request_id)
            invocation.late = True
            invocation.calls[span_id] = call
        return call

    def _owner(self, frame: Frame) -> str:
        """Of a call without request id: forked children and wrapped servers do not know whose it is.

        The invocation that had begun when the call did; before the first, it is a call of the init.
        """
        span_id = _text(frame.header, "span_id").lower()
        if span_id in self._init.calls:
            return ""
        known = self._owners.get(span_id)
        if known is not None:
            return known
        owner = self._current_at(frame.time)
        if owner:
            self._owners[span_id] = owner
            if len(self._owners) > MAX_CALLS:
                del self._owners[next(iter(self._owners))]
        return owner

    def _current_at(self, time: int) -> str:
        begun = [(start, request_id) for request_id, start in self._begun.items() if start <= time]
        for invocation in self._open.values():
            start = invocation.start or invocation.platform.start
            if invocation.start is None and invocation.request_id == self._init.for_request:
                continue  # still in its init
            if start is not None and start <= time and not invocation.late:
                begun.append((start, invocation.request_id))
        return max(begun, default=(0, ""))[1]

    def _note_writer(self, request_id: str, runtime: Runtime | None) -> None:
        if request_id:
            invocation = self.invocation(request_id)
            invocation.runtime = invocation.runtime or runtime
        elif runtime is not None and self._init.start is None:
            self._init.start = runtime.start

    def _calls(self, request_id: str) -> dict[str, Call]:
        return self.invocation(request_id).calls if request_id else self._init.calls

    def _join_parts(self, frame: Frame, call: Call) -> None:
        if frame.request_id and frame.request_id not in self._open:
            self._join_left_open(frame, call)
            return
        held = self._held.get(frame.request_id, 0) + len(frame.payload)
        if held > MAX_HELD_BYTES:
            if frame.request_id:
                self.invocation(frame.request_id).frames_lost += 1
            return
        self._held[frame.request_id] = held
        _add_parts(frame, call)

    def _join_left_open(self, frame: Frame, call: Call) -> None:
        _add_parts(frame, call)
        self._bound_left_open()

    # Platform records of the Telemetry API

    def platform(self, kind: str, record: dict[str, Any], time: int | None) -> str:
        """A `platform.*` record; gives back the request id whose `runtimeDone` it was, or an empty string."""
        request_id = _text(record, "requestId")
        if kind in _INIT_RECORDS:
            self._platform_init(kind, record, time)
            return ""
        if kind == "platform.report" and request_id in self._exported:
            self._late_report(request_id, record)
            return ""
        if kind == "platform.start":
            self._platform_started = (request_id, time)
        invocation = self._open.get(request_id)
        if invocation is None and self._init.repeats and not self._init.for_request:
            self._join_to_init(request_id, None)
            invocation = self._open.get(request_id)
        if invocation is None:
            return request_id if kind == "platform.runtimeDone" else ""
        if kind == "platform.start":
            invocation.platform.start = time
        elif kind == "platform.report":
            _report(invocation.platform, record)
            if not invocation.status:
                invocation.status = _PLATFORM_STATUS.get(_text(record, "status"), "")
        elif kind == "platform.runtimeDone":
            _runtime_done(invocation, record, time)
            return request_id
        return ""

    def _late_report(self, request_id: str, record: dict[str, Any]) -> None:
        platform = Platform()
        _report(platform, record)
        if platform.reported and len(self.reports) < MAX_REMEMBERED:
            self.reports.append((request_id, platform))

    def _platform_init(self, kind: str, record: dict[str, Any], time: int | None) -> None:
        """The runtime's init, or its restore from a snapshot, which begins the environment anew."""
        if self._is_past_init and kind != "platform.restoreStart":
            return  # the invocation that it belongs to has gone out
        init = self._init
        if kind.endswith("Start"):
            init.start, init.end, init.platform = time, None, time is not None
            init.restored = kind == "platform.restoreStart"
            init.repeats = _text(record, "phase") == "invoke"
            if init.repeats:
                self._join_to_init(*self._platform_started)
        else:
            init.end = time
            init.is_over = True
            init.error_type = _text(record, "errorType")

    def _join_to_init(self, request_id: str, time: int | None) -> None:
        """An init failed before, and Lambda repeats it within this invocation: no INVOKE comes before it succeeds."""
        if not request_id or request_id in self._exported:
            return
        self._init.for_request = request_id
        invocation = self.invocation(request_id)
        invocation.number = invocation.number or 1
        invocation.platform.start = invocation.platform.start or time or self._init.start


_INIT_RECORDS = frozenset(
    {
        "platform.initStart",
        "platform.initRuntimeDone",
        "platform.restoreStart",
        "platform.restoreRuntimeDone",
    }
)
"""Without the `Report` ones: their durations are those of the records before them, extensions' start included."""

_HANDLERS: dict[str, Callable[[Assembler, Frame, Runtime | None], None]] = {
    "invocation_start": Assembler._invocation_start,  # noqa: SLF001 - its own table
    "invocation_end": Assembler._invocation_end,  # noqa: SLF001
    "call_start": Assembler._call_start,  # noqa: SLF001
    "call_stage": Assembler._call_stage,  # noqa: SLF001
    "call_response": Assembler._call_response,  # noqa: SLF001
    "call_end": Assembler._call_end,  # noqa: SLF001
    "drops": Assembler._drops,  # noqa: SLF001
}

_CALL_KINDS = frozenset({"call_start", "call_stage", "call_response", "call_end"})

_PLATFORM_STATUS = {"success": "ok", "error": "error", "failure": "crash", "timeout": "timeout"}


def _runtime_done(invocation: Invocation, record: dict[str, Any], time: int | None) -> None:
    platform = invocation.platform
    platform.done = time
    platform.status = _PLATFORM_STATUS.get(_text(record, "status"), "unknown")
    platform.error_type = _text(record, "errorType")
    metrics = record.get("metrics")
    if isinstance(metrics, dict):
        platform.duration_ms = _number(metrics, "durationMs")
    if not invocation.ended:
        invocation.status = platform.status
    elif platform.status in {"timeout", "crash"} and invocation.status == "ok":
        # It answered, and then its process died before it asked for the next event.
        invocation.status = platform.status


def _report(platform: Platform, record: dict[str, Any]) -> None:
    metrics = record.get("metrics")
    if not isinstance(metrics, dict):
        return
    platform.reported = True
    platform.billed_ms = _number(metrics, "billedDurationMs")
    platform.memory_mb = _megabytes(metrics, "memorySizeMB")
    platform.max_memory_mb = _megabytes(metrics, "maxMemoryUsedMB")
    platform.init_ms = _number(metrics, "initDurationMs")
    if platform.duration_ms is None:
        platform.duration_ms = _number(metrics, "durationMs")


def _add_parts(frame: Frame, call: Call) -> None:
    for name, data in frame.parts():
        before = call.parts.get(name)
        if isinstance(before, bytearray):
            before += data
        else:  # most parts come in one piece, which is not copied
            call.parts[name] = data if before is None else bytearray(before + data)


def _set_stage(call: Call, stage: str, time: int) -> None:
    if stage and time >= call.stage_at:
        call.stage, call.stage_at = stage, time


def _process_key(header: dict[str, Any]) -> tuple[int, int]:
    return (_integer(header, "pid") or 0, _integer(header, "start") or 0)


def _update(runtime: Runtime, header: dict[str, Any]) -> None:
    """A detail that is left out stays as it was; `not_watched` left out says that it is watched."""
    runtime.name = _text(header, "runtime") or runtime.name
    runtime.version = _text(header, "runtime_version") or runtime.version
    runtime.pid = _integer(header, "pid")
    runtime.start = _integer(header, "start")
    runtime.wrapper = _text(header, "wrapper") or runtime.wrapper
    runtime.client = _text(header, "client") or runtime.client
    runtime.not_watched = _text(header, "not_watched")


def _text(header: dict[str, Any], key: str) -> str:
    value = header.get(key)
    if not isinstance(value, str):
        return ""
    # JSON can hold half of a surrogate pair, UTF-8 cannot, and receivers refuse it.
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def _integer(header: dict[str, Any], key: str) -> int | None:
    value = header.get(key)
    # 2**63: what comes out as nanoseconds or bytes must fit what receivers hold; bool is an int in Python.
    return value if type(value) is int and -(2**63) <= value < 2**63 else None


def _size(header: dict[str, Any], key: str) -> int | None:
    value = _integer(header, key)
    return value if value is not None and value >= 0 else None


def _megabytes(header: dict[str, Any], key: str) -> int | None:
    """As bytes it must fit what receivers hold, too."""
    value = _size(header, key)
    return value if value is not None and value < 2**40 else None


def _number(record: dict[str, Any], key: str) -> float | None:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e15 else None


def _add_counts(into: dict[str, int], counts: object) -> None:
    if not isinstance(counts, dict):
        return
    for reason in counts:
        count = _integer(counts, reason)
        if count and count > 0 and (reason in into or len(into) < 64):
            into[reason] = into.get(reason, 0) + count


def _is_span_id(text: str) -> bool:
    return len(text) == 16 and not text.strip("0123456789abcdef") and text.strip("0") != ""
