"""The one main loop: events, telemetry and the bell in; finished invocations out; beats to the launcher.

Of an invocation it waits for whichever comes first: the bell with its `invocation_end`, `platform.runtimeDone`,
SHUTDOWN, or the deadline less a margin. Where no wrapper watches, it does not wait at all: `done` at once, and the
record goes out when telemetry has told its end.
"""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING

from aftercall.extension import bell, log_lines
from aftercall.extension.environment import Current
from aftercall.extension.launcher_link import LauncherGoneError

if TYPE_CHECKING:
    from typing import Any

    from aftercall.extension.environment import Environment
    from aftercall.extension.launcher_link import LauncherLink
    from aftercall.extension.outlet import Outlet
    from aftercall.extension.recorder import Recorder
    from aftercall.extension.telemetry import TelemetryListener
    from aftercall.pipeline.model import Invocation

BEAT_EVERY_SECONDS = 0.2
BEAT_PROMISE_MS = 400
"""Twice the interval; with the launcher's patience a stopped process is noticed in little more than a second."""

WORK_PROMISE_MS = 2_000
"""Before masking and encoding, which cannot beat: megabytes of bodies take a while."""

MAX_FAULTS_IN_A_ROW = 10
"""A fault that comes back at once is better met by a new process than by a loop that spins."""

EXPORT_MARGIN_SECONDS = 0.05
"""Left of the invocation's deadline by an export: its time counts towards the function's time-out."""

WRAPPER_SEEN_WITHIN_SECONDS = 0.5
"""A wrapper writes when the event arrives, which is when we hear of it: without telemetry, no longer than this."""

TELEMETRY_WITHIN_INVOCATIONS = 8
"""Lambda buffers telemetry for 25 ms and more, and short invocations are frozen before it is posted."""

SHUTDOWN_SECONDS = 1.4
SHUTDOWN_MARGIN_SECONDS = 0.3
LAST_TELEMETRY_SECONDS = 0.2
_STATUS_OF_SHUTDOWN = {"timeout": "timeout", "failure": "crash"}


class Loop:
    """Composed by __main__. `run` comes back after SHUTDOWN, or when the launcher is gone."""

    def __init__(
        self,
        *,
        environment: Environment,
        link: LauncherLink,
        telemetry: TelemetryListener,
        bell_descriptor: int,
        recorder: Recorder,
        outlets: list[Outlet],
        budget_ms: int,
    ) -> None:
        self._environment = environment
        self._link = link
        self._telemetry = telemetry
        self._bell = bell_descriptor
        self._recorder = recorder
        self._assembler = recorder.assembler
        self._outlets = outlets
        self._budget = budget_ms / 1e3
        self._current: Current | None = None
        self._shutdown: dict[str, Any] | None = None
        self._rung = False
        self._runtime_done: set[str] = set()
        self._invocations = 0
        self._faults_in_a_row = 0
        self._last_invoked = ""

    def run(self) -> None:
        try:
            self._collect_leftovers()
            while self._shutdown is None:
                self._turn()
            self._finish_environment(self._shutdown)
        except LauncherGoneError as error:
            log_lines.debug(f"launcher gone ({error})")

    def _turn(self) -> None:
        """One round. A fault of ours costs what it was about, never the function's next invocation."""
        try:
            self._wait(self._patience())
            self._advance()
        except LauncherGoneError:
            raise
        except Exception as error:
            self._faults_in_a_row += 1
            if self._faults_in_a_row > MAX_FAULTS_IN_A_ROW:
                raise
            self._recorder.count("loop_faults")
            log_lines.warn(f"main loop: {type(error).__name__}; what it was about is left out, and counted")
            self._runtime_done.clear()
            if self._current is not None:
                self._current = None
                self._link.done()
        else:
            self._faults_in_a_row = 0

    # Waiting

    def _patience(self) -> float | None:
        """Seconds until something must be done without being woken; None for never."""
        if self._rung:
            return 0.0  # heard after the folder had been read: nobody rings again for it
        if self._current is None:
            return None
        return max(0.0, min(BEAT_EVERY_SECONDS, self._current.let_go_at - time.monotonic()))

    def _wait(self, seconds: float | None) -> None:
        """Until a descriptor speaks, or that long; takes in what it says."""
        if self._current is not None:
            self._beat()
        poll = select.poll()
        for descriptor in (self._bell, *self._telemetry.descriptors(), self._link.descriptor):
            # Poll keeps this order: bells and platform records belong to the event before the one that comes now.
            if descriptor >= 0:
                poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(None if seconds is None else seconds * 1e3):
            if descriptor == self._link.descriptor:
                self._receive()
            elif descriptor == self._bell:
                self._rung = bell.rang(self._bell) or self._rung
            else:
                self._take_telemetry(self._telemetry.read(descriptor))

    def _beat(self) -> None:
        self._link.beat(BEAT_PROMISE_MS)

    def _receive(self) -> None:
        event = self._link.receive()
        if event is None:
            return
        kind = event.get("eventType")
        if kind == "INVOKE":
            self._begin(event)
        elif kind == "SHUTDOWN":
            self._shutdown = event

    def _take_telemetry(self, records: list[Any]) -> None:
        for record in records:
            done = self._assembler.platform(record.kind, record.record, record.time)
            if done:
                self._runtime_done.add(done)

    # Invocations

    def _begin(self, event: dict[str, Any]) -> None:
        deadline_ms = event.get("deadlineMs")
        invocation = self._assembler.invoke(event)
        request_id = event.get("requestId")
        self._current = Current(
            request_id if isinstance(request_id, str) else "", deadline_ms if type(deadline_ms) is int else None
        )
        self._invocations += 1
        self._last_invoked = self._current.request_id
        self._runtime_done.intersection_update({self._current.request_id})
        if invocation is not None:
            invocation.platform.start = invocation.platform.start or time.time_ns()
            if invocation.number is None and self._environment.incarnation == 1:
                invocation.number = self._invocations
        log_lines.debug(f"invoke {self._current.request_id or '(too large to be handed over)'}")
        if self._environment.incarnation > 1 and self._invocations == 1:
            self._rung = True  # what an earlier incarnation was woken for, nobody will ring again

    def _advance(self) -> None:
        """Finish whatever is finished."""
        # Without inotify nothing rings: then the beats are the bell.
        if self._rung or self._runtime_done or (self._bell < 0 and self._current is not None):
            self._read_spool()
        current = self._current
        if current is None:
            self._export_between()
            return
        ended_by = self._ended_by(current)
        if ended_by == "not watched":
            self._read_spool()  # a wrapper may have begun to write meanwhile; its first frame rings no bell
            ended_by = self._ended_by(current)
        if ended_by:
            self._finish(current, ended_by)

    def _ended_by(self, current: Current) -> str:
        """Why the wait for the current event is over; empty while it is not."""
        if self._shutdown is not None:
            return "shutdown"
        if self._is_ended(current.request_id):
            return "bell"
        if current.request_id in self._runtime_done or (not current.request_id and self._runtime_done):
            return "runtimeDone"
        if not self._should_wait(current):
            return "not watched"
        return "deadline" if time.monotonic() >= current.let_go_at else ""

    def _is_ended(self, request_id: str) -> bool:
        if request_id:
            return self._assembler.has_ended(request_id)
        return any(invocation.ended for invocation in self._assembler.open())

    def _should_wait(self, current: Current) -> bool:
        if self._assembler.processes.watched:
            return True
        if self._assembler.processes.not_watched or not self._environment.expects_wrapper:
            return False
        if self._environment.has_telemetry:
            return True
        if time.monotonic() < current.began + WRAPPER_SEEN_WITHIN_SECONDS:
            self._read_spool()  # the wrapper's first frame rings no bell
            return True
        return self._assembler.processes.watched

    def _finish(self, current: Current, ended_by: str) -> None:
        began = time.monotonic()
        log_lines.debug(f"ended by {ended_by} after {(began - current.began) * 1e3:.1f} ms")
        if ended_by == "shutdown":
            return
        self._link.beat(WORK_PROMISE_MS)
        if ended_by == "runtimeDone":
            self._read_spool()
            if not self._assembler.processes.watched:
                self._environment.expects_wrapper = False
                ended_by = "not watched"
        self._take_telemetry(self._telemetry.read_all())
        deadline = min(began + self._budget, current.deadline - EXPORT_MARGIN_SECONDS)
        if ended_by in {"bell", "runtimeDone"}:
            self._export(self._complete(current.request_id), deadline)
        elif ended_by == "not watched":
            self._export(self._complete(""), deadline)
        self._current = None
        self._link.done()
        log_lines.debug(f"done after {(time.monotonic() - began) * 1e3:.1f} ms")

    def _export_between(self) -> None:
        """No event is waited for: what became complete meanwhile costs nobody's time."""
        self._runtime_done.clear()
        invocations = self._complete("")
        if self._is_init_told():
            alone = self._assembler.take_init(self._environment.started_ns)
            invocations += [alone] if alone is not None else []
        if invocations:
            self._export(invocations, time.monotonic() + self._budget)
        else:
            # Read before it was renamed, exported, and now nothing more can come to it: raw bytes do not stay.
            self._release()

    def _is_init_told(self) -> bool:
        """It failed, and what wrapper and Lambda say of it is there: told in two pieces, it would be two records."""
        init = self._assembler.init
        if init.error is None or init.repeats:
            return False
        return init.is_over or not self._environment.has_telemetry

    def _complete(self, ending: str) -> list[Invocation]:
        """Take what can go out: the one that is ending now, and others of which nothing more is to be expected."""
        found = []
        for invocation in self._assembler.open():
            if invocation.request_id == ending or self._is_complete(invocation, ending):
                taken = self._assembler.take(invocation.request_id)
                if taken is not None:
                    found.append(taken)
        return found

    def _is_complete(self, invocation: Invocation, ending: str) -> bool:
        if invocation.late:
            return all(call.end is not None for call in invocation.calls.values())
        if invocation.request_id == self._last_invoked:
            return invocation.is_told and not self._is_current(invocation.request_id)
        if not self._invocations:
            return invocation.is_told  # Managed Instances hand no event over, and run many at once: none is the earlier
        # An earlier one: all of it is known, or nobody is left to tell it. Where no frame does, telemetry still may.
        is_left = (bool(ending) and invocation.start is not None) or not self._environment.has_telemetry
        return invocation.is_told or is_left or self._is_older(invocation)

    def _is_current(self, request_id: str) -> bool:
        return self._current is not None and self._current.request_id == request_id

    def _is_older(self, invocation: Invocation) -> bool:
        """So many came after it that its telemetry will not come any more."""
        ids = [found.request_id for found in self._assembler.open() if not found.late]
        return invocation.request_id in ids[:-TELEMETRY_WITHIN_INVOCATIONS]

    # Reading and exporting

    def _read_spool(self) -> None:
        began = time.monotonic()
        frames = self._recorder.read()
        # Our own renames ring too: hear them now, with what may have been renamed meanwhile.
        self._rung = bell.rang(self._bell) if self._bell >= 0 else False
        if frames:
            log_lines.debug(f"read {frames} frames in {(time.monotonic() - began) * 1e3:.1f} ms")

    def _export(self, invocations: list[Invocation], deadline: float, *, is_last: bool = False) -> None:
        began = time.monotonic()
        # Also between events: the next one may be handed over at any moment, and then beats are asked for.
        self._link.beat(WORK_PROMISE_MS)
        records = self._recorder.records(invocations, self._outlets)
        for outlet in self._outlets:
            outlet.add(records)
            outlet.start(deadline, is_last=is_last)
        for outlet in self._outlets:
            outlet.wait(deadline, self._beat)
        self._release()
        if records and log_lines.is_debug():
            sent = sum(outlet.sent_bytes for outlet in self._outlets)
            log_lines.debug(f"export {len(records)} in {(time.monotonic() - began) * 1e3:.1f} ms, {sent} bytes")

    def _release(self) -> None:
        self._recorder.release(self._outlets)

    # Beginning and end

    def _collect_leftovers(self) -> None:
        """What earlier processes of this environment left: finished or not, nobody will add to it."""
        self._read_spool()
        started = self._environment.started_ns
        found = []
        init = self._assembler.init
        if init and init.start is not None and init.start < started:
            alone = self._assembler.take_init()
            found += [alone] if alone is not None else []
        for invocation in self._assembler.open():
            runtime = invocation.runtime
            if runtime is not None and runtime.start is not None and runtime.start < started:
                taken = self._assembler.take(invocation.request_id)
                found += [taken] if taken is not None else []
        # The processes of these may have been watched; whether this environment's is, its own frames tell.
        self._assembler.forget_watch(started)
        if found:
            log_lines.debug(f"{len(found)} records left by earlier processes")
            self._export(found, time.monotonic() + self._budget)
        # What was read with it and is of this environment rings no second time. The event first, for its deadline.
        self._rung = True
        self._wait(0.0)
        self._advance()

    def _finish_environment(self, event: dict[str, Any]) -> None:
        reason = str(event.get("shutdownReason", "")).lower()
        log_lines.debug(f"shutdown ({reason or 'no reason given'})")
        deadline_ms = event.get("deadlineMs")
        left = deadline_ms / 1e3 - time.time() - SHUTDOWN_MARGIN_SECONDS if type(deadline_ms) is int else 1.0
        deadline = time.monotonic() + min(SHUTDOWN_SECONDS, max(0.1, left))
        self._link.beat(int((deadline - time.monotonic()) * 1e3) + BEAT_PROMISE_MS)
        self._read_spool()
        self._take_telemetry(self._telemetry.read_all())
        self._await_last_telemetry()
        now = time.time_ns()
        invocations = []
        for invocation in self._assembler.open():
            is_last = invocation.request_id in {self._last_invoked, self._assembler.init.for_request}
            if not invocation.ended and invocation.platform.done is None and is_last:
                killed_at = (invocation.deadline_ms or 0) * 1_000_000 if reason == "timeout" else 0
                invocation.platform.done = min(now, killed_at) if killed_at else now
            status = _STATUS_OF_SHUTDOWN.get(reason, "unknown") if is_last else "unknown"
            taken = self._assembler.take(invocation.request_id, status)
            invocations += [taken] if taken is not None else []
        alone = self._assembler.take_init(self._environment.started_ns)
        invocations += [alone] if alone is not None else []
        self._export(invocations, deadline, is_last=True)
        self._recorder.delete_all()
        lost = sum(len(outlet.held()) for outlet in self._outlets)
        if lost:
            log_lines.warn(f"{lost} records could not be sent before the environment ended")
        self._link.bye()

    def _await_last_telemetry(self) -> None:
        """Of an invocation that no wrapper watched, only telemetry can tell how it ended; of any, what was billed."""
        until = time.monotonic() + LAST_TELEMETRY_SECONDS
        while self._environment.has_telemetry and (left := until - time.monotonic()) > 0:
            if self._is_all_told():
                return
            self._wait(left)

    def _is_all_told(self) -> bool:
        last = self._assembler.find(self._last_invoked)
        if last is not None and not last.late and not last.platform.reported:
            return False
        if self._recorder.awaits_report(self._last_invoked):
            return False
        init = self._assembler.init
        if not self._invocations and (not init.is_over or (init.repeats and not init.for_request)):
            return False  # an init that failed: how, and which invocation is answered with it
        return all(invocation.status or invocation.late or invocation.start for invocation in self._assembler.open())
