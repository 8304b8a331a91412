"""Frames, INVOKE events and platform records in, invocations out. No I/O, no clock.

The request id in a frame says to which invocation it belongs, the span id to which call. The order of frames, their
segment, and repeated frames make no difference. No frame raises, whatever its values: a value of the wrong type counts
as absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_fields import get_integer, get_text
from aftercall.pipeline import from_frames
from aftercall.pipeline.exported import Exported
from aftercall.pipeline.from_platform import INIT_RECORDS, update_init, update_invocation
from aftercall.pipeline.model import Call, Init, Invocation, join_init, repeat_within, take_alone
from aftercall.pipeline.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from aftercall.pipeline.model import Runtime
    from aftercall.spool.frames import Frame

MAX_OPEN = 256
"""Invocations at a time: Lambda mostly runs one, and some never end."""

MAX_CALLS = 10_000
MAX_HELD_BYTES = 24 * 1024 * 1024
"""Bytes of parts for one invocation: three times what a writer may write for it."""

_CALL_KINDS = frozenset({"call_start", "call_stage", "call_response", "call_end"})


class Assembler:
    """Collects invocations until they are taken."""

    def __init__(self) -> None:
        self.processes = Processes()
        self.exported = Exported()
        self.init = Init()
        """The init phase that no invocation has taken yet."""
        self.abandoned = 0
        """Invocations given up because too many were open. Whoever reports it resets it."""
        self._open: dict[str, Invocation] = {}
        self._held: dict[str, int] = {}
        """Request id -> bytes of parts held for it."""
        self._owners: dict[str, str] = {}
        """Span ids of calls without request id -> the invocation that each was given to."""
        self._is_past_init = False
        """An invocation of this environment was taken: its init is over."""
        self._platform_started: tuple[str, int | None] = ("", None)
        """Request id and time of the last `platform.start`."""

    # What comes in

    def process(self, header: dict[str, Any]) -> Runtime:
        """A `process` frame as it is read."""
        return self.processes.update(header)

    def frame(self, frame: Frame, runtime: Runtime | None) -> None:
        """A frame that `runtime` wrote, of any kind but `process`."""
        if frame.kind in _CALL_KINDS:
            frame.request_id = frame.request_id or self._owner(frame)
            self._add_to_call(frame, runtime)
        elif frame.kind == "invocation_start":
            self._start_invocation(frame, runtime)
        elif frame.kind == "invocation_end":
            self._end_invocation(frame, runtime)
        elif frame.kind == "drops":
            from_frames.add_drops(self._counted(frame), frame)

    def invoke(self, event: dict[str, Any]) -> Invocation | None:
        """The INVOKE event of the Extensions API."""
        request_id = get_text(event, "requestId")
        if not request_id or request_id in self.exported:
            return None
        invocation = self.invocation(request_id)
        invocation.arn = invocation.arn or get_text(event, "invokedFunctionArn")
        invocation.deadline_ms = invocation.deadline_ms or get_integer(event, "deadlineMs")
        tracing = event.get("tracing")
        if isinstance(tracing, dict):
            invocation.trace = invocation.trace or get_text(tracing, "value")
        return invocation

    def platform(self, kind: str, record: dict[str, Any], time: int | None) -> str:
        """A `platform.*` record. Returns the request id whose `runtimeDone` it was, or an empty string."""
        request_id = get_text(record, "requestId")
        if kind in INIT_RECORDS:
            self._update_init(kind, record, time)
        elif kind == "platform.report" and request_id in self.exported:
            self.exported.add_report(request_id, record)
        else:
            if kind == "platform.start":
                self._platform_started = (request_id, time)
            if self.init.repeats and not self.init.for_request and request_id not in self._open:
                self._join_to_init(request_id, None)
            invocation = self._open.get(request_id)
            if invocation is not None:
                update_invocation(invocation, kind, record, time)
            return request_id if kind == "platform.runtimeDone" else ""
        return ""

    def _update_init(self, kind: str, record: dict[str, Any], time: int | None) -> None:
        if self._is_past_init and kind != "platform.restoreStart":
            return  # the invocation of this init was exported
        update_init(self.init, kind, record, time)
        if self.init.repeats and kind.endswith("Start"):
            self._join_to_init(*self._platform_started)

    def _join_to_init(self, request_id: str, time: int | None) -> None:
        if request_id and request_id not in self.exported:
            repeat_within(self.init, self.invocation(request_id), time)

    def forget_watch(self, started: int) -> None:
        """What processes from before `started` (nanoseconds) said does not hold for this environment and its init."""
        self.processes.forget_watch(started)
        self._is_past_init = False

    # What is there

    def invocation(self, request_id: str) -> Invocation:
        """The open invocation with this id, or a new one; `late` if its record was exported before."""
        found = self._open.get(request_id)
        if found is None:
            found = self._open[request_id] = Invocation(request_id)
            found.late = request_id in self.exported
            if len(self._open) > MAX_OPEN:
                self._abandon(next(iter(self._open)))
        return found

    def find(self, request_id: str) -> Invocation | None:
        return self._open.get(request_id)

    def has_ended(self, request_id: str) -> bool:
        """Its `invocation_end` frame was read, now or before it was taken."""
        found = self._open.get(request_id)
        return request_id in self.exported or (found is not None and found.ended)

    def open(self) -> Iterator[Invocation]:
        """All that were not taken, oldest first."""
        return iter(list(self._open.values()))

    # What goes out

    def take(self, request_id: str, status: str = "unknown") -> Invocation | None:
        """Remove and return it, to be exported. `status` is used if neither frames nor telemetry said one."""
        invocation = self._open.pop(request_id, None)
        self._held.pop(request_id, None)
        if invocation is None:
            return None
        if join_init(self.init, invocation):
            self._begin_init_anew()
        if invocation.start is None and not invocation.ended:
            invocation.not_watched = self.processes.why_not_watched()
        self._is_past_init = self._is_past_init or not invocation.late
        invocation.status = invocation.status or status
        self.exported.add(invocation)
        return invocation

    def take_init(self, started: int | None = None) -> Invocation | None:
        """The init phase as an invocation without request id: it failed, and no invocation followed.

        `started`: when it began at the latest, used if Lambda did not say.
        """
        if not self.init:
            return None
        alone = take_alone(self.init, started)
        self._begin_init_anew()
        return alone

    def _begin_init_anew(self) -> None:
        self.init = Init()
        self._held.pop("", None)

    def _abandon(self, request_id: str) -> None:
        del self._open[request_id]
        self._held.pop(request_id, None)
        self.abandoned += 1

    # Frames of invocations

    def _start_invocation(self, frame: Frame, runtime: Runtime | None) -> None:
        if not frame.request_id or frame.request_id in self.exported:
            return
        self.processes.note_seen(runtime)
        from_frames.start_invocation(self.invocation(frame.request_id), frame, runtime)
        if not self.init.platform and (self.init.end is None or frame.time < self.init.end):
            self.init.end = frame.time

    def _end_invocation(self, frame: Frame, runtime: Runtime | None) -> None:
        if frame.header.get("phase") == "init" or not frame.request_id:
            from_frames.fail_init(self.init, frame, runtime)
        elif frame.request_id not in self.exported:
            self.processes.note_seen(runtime)
            from_frames.end_invocation(self.invocation(frame.request_id), frame, runtime)

    def _counted(self, frame: Frame) -> Invocation | Init:
        """To what a `drops` frame belongs: without request id, to the latest invocation."""
        request_id = frame.request_id or next(reversed(self._open), "")
        if not request_id and self._is_past_init:
            request_id = next(reversed(self.exported.begun), "")
        return self.invocation(request_id) if request_id else self.init

    # Frames of calls

    def _add_to_call(self, frame: Frame, runtime: Runtime | None) -> None:
        call = self._call(frame, runtime)
        if call is None or (frame.kind == "call_end" and call.end is not None):
            return
        from_frames.update_call(call, frame)
        if frame.payload:
            self._add_parts(frame, call)

    def _call(self, frame: Frame, runtime: Runtime | None) -> Call | None:
        """The call to which the frame belongs, or None if it cannot be kept."""
        found = self._open.get(frame.request_id)
        if found is not None and not found.late:
            known = found.calls.get(get_text(frame.header, "span_id"))
            if known is not None:  # as for most frames
                return known
        span_id = from_frames.span_id_of(frame)
        if not span_id:
            return None
        if self._was_exported(frame.request_id, span_id):
            return self._left_open_call(frame, span_id)
        calls = self.invocation(frame.request_id).calls if frame.request_id else self.init.calls
        call = calls.get(span_id)
        self._note_writer(frame.request_id, runtime)
        if call is None:
            if len(calls) >= MAX_CALLS:
                self._count_lost(frame.request_id)
                return None
            call = calls[span_id] = Call(span_id)
            call.pid = runtime.pid if runtime else None
        return call

    def _was_exported(self, request_id: str, span_id: str) -> bool:
        """The call is in an exported record. A call that was left open is remembered longer than its invocation."""
        if self.exported.has_call(request_id, span_id):
            return True
        found = self._open.get(request_id) if request_id else None
        is_late = found.late if found is not None else bool(request_id)
        return is_late and self.exported.left_open(span_id) is not None

    def _left_open_call(self, frame: Frame, span_id: str) -> Call | None:
        """A call that was exported before it ended: its end goes into a late record."""
        call = self.exported.left_open(span_id)
        if call is not None and frame.kind == "call_end":
            self.exported.end_call(span_id)
            invocation = self.invocation(frame.request_id)
            invocation.late = True
            invocation.calls[span_id] = call
        return call

    def _owner(self, frame: Frame) -> str:
        """The invocation of a call without request id: forked children and wrapped servers do not know theirs.

        It is the one that was under way when the call began; empty for a call of the init phase.
        """
        span_id = from_frames.span_id_of(frame)
        if span_id in self.init.calls:
            return ""
        owner = self._owners.get(span_id) or self._current_at(frame.time)
        if owner:
            self._owners[span_id] = owner
            if len(self._owners) > MAX_CALLS:
                del self._owners[next(iter(self._owners))]
        return owner

    def _current_at(self, time: int) -> str:
        begun = [(start, request_id) for request_id, start in self.exported.begun.items() if start <= time]
        for invocation in self._open.values():
            start = invocation.start or invocation.platform.start
            if invocation.start is None and invocation.request_id == self.init.for_request:
                continue  # still in its init
            if start is not None and start <= time and not invocation.late:
                begun.append((start, invocation.request_id))
        return max(begun, default=(0, ""))[1]

    def _note_writer(self, request_id: str, runtime: Runtime | None) -> None:
        if request_id:
            invocation = self.invocation(request_id)
            invocation.runtime = invocation.runtime or runtime
        elif runtime is not None and self.init.start is None:
            self.init.start = runtime.start

    def _add_parts(self, frame: Frame, call: Call) -> None:
        request_id = frame.request_id
        if request_id and request_id not in self._open:
            from_frames.add_parts(call, frame)
            self.exported.bound_left_open()
            return
        held = self._held.get(request_id, 0) + len(frame.payload)
        if held > MAX_HELD_BYTES:
            self._count_lost(request_id)
            return
        self._held[request_id] = held
        from_frames.add_parts(call, frame)

    def _count_lost(self, request_id: str) -> None:
        if request_id:
            self.invocation(request_id).frames_lost += 1
