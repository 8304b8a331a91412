"""The main loop: takes events, telemetry and the bell; exports invocations that ended; beats to the launcher.

An invocation is over at whichever comes first: the bell with its `invocation_end`, `platform.runtimeDone`, SHUTDOWN, or
a little before the deadline. If no wrapper watches, the loop does not wait: it says `done` at once, and the record is
sent when telemetry says how the invocation ended.
"""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING

from aftercall.extension import bell, log_lines
from aftercall.extension.completion import Completion
from aftercall.extension.environment import Current
from aftercall.extension.launcher_link import LauncherGoneError

if TYPE_CHECKING:
    from typing import Any

    from aftercall.extension.deliveries import Deliveries
    from aftercall.extension.environment import Environment
    from aftercall.extension.launcher_link import LauncherLink
    from aftercall.extension.telemetry import TelemetryListener
    from aftercall.pipeline.model import Invocation
    from aftercall.pipeline.stages import Stages

BEAT_EVERY_SECONDS = 0.2
BEAT_PROMISE_MS = 400
"""Twice the interval. Together with the launcher's patience, a stopped process is noticed after about a second."""

WORK_PROMISE_MS = 2_000
"""Promised before masking and encoding, which cannot beat: megabytes of bodies take a while."""

MAX_FAULTS_IN_A_ROW = 10
"""After so many faults in a row a new process is better than a loop that spins."""

EXPORT_MARGIN_SECONDS = 0.05
"""An export ends this long before the invocation's deadline: its time counts towards the function's time-out."""

WRAPPER_SEEN_WITHIN_SECONDS = 0.5
"""A wrapper writes as soon as the event arrives. Without telemetry we wait this long for its first frame."""

SHUTDOWN_SECONDS = 1.4
SHUTDOWN_MARGIN_SECONDS = 0.3
LAST_TELEMETRY_SECONDS = 0.2


class Loop:
    """Composed by __main__. `run` returns after SHUTDOWN, or when the launcher is gone."""

    def __init__(
        self,
        *,
        environment: Environment,
        link: LauncherLink,
        telemetry: TelemetryListener,
        bell_descriptor: int,
        stages: Stages,
        deliveries: Deliveries,
        budget_ms: int,
    ) -> None:
        self._environment = environment
        self._link = link
        self._telemetry = telemetry
        self._bell = bell_descriptor
        self._stages = stages
        self._assembler = stages.assembler
        self._deliveries = deliveries
        self._completion = Completion(stages.assembler, environment)
        self._budget = budget_ms / 1e3
        self._current: Current | None = None
        self._shutdown: dict[str, Any] | None = None
        self._rung = False
        self._runtime_done: set[str] = set()
        self._faults_in_a_row = 0

    def run(self) -> None:
        try:
            self._collect_leftovers()
            while self._shutdown is None:
                self._turn()
            self._finish_environment(self._shutdown)
        except LauncherGoneError as error:
            log_lines.debug(f"launcher gone ({error})")

    def _turn(self) -> None:
        """One round. A fault of ours costs the current invocation's record, never the function's next invocation."""
        try:
            self._wait(self._patience())
            self._advance()
        except LauncherGoneError:
            raise
        except Exception as error:
            self._faults_in_a_row += 1
            if self._faults_in_a_row > MAX_FAULTS_IN_A_ROW:
                raise
            self._deliveries.count("loop_faults")
            log_lines.warn(f"main loop: {type(error).__name__}; the current record is left out, and counted")
            self._runtime_done.clear()
            if self._current is not None:
                self._current = None
                self._link.done()
        else:
            self._faults_in_a_row = 0

    # Waiting

    def _patience(self) -> float | None:
        """Seconds until there is something to do even if no descriptor wakes us; None for never."""
        if self._rung:
            return 0.0  # it rang after the folder was read, and does not ring again for that segment
        if self._current is None:
            return None
        return max(0.0, min(BEAT_EVERY_SECONDS, self._current.ask_next_at - time.monotonic()))

    def _wait(self, seconds: float | None) -> None:
        """Wait until a descriptor has something to read, at most that long, and read it."""
        if self._current is not None:
            self._beat()
        poll = select.poll()
        for descriptor in (self._bell, *self._telemetry.descriptors(), self._link.descriptor):
            # Poll keeps this order: the bell and platform records belong to the invocation before the next event.
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
        request_id = event.get("requestId")
        self._current = Current(
            request_id if isinstance(request_id, str) else "", deadline_ms if type(deadline_ms) is int else None
        )
        self._completion.begin(event, self._current.request_id)
        self._runtime_done.intersection_update({self._current.request_id})
        log_lines.debug(f"invoke {self._current.request_id or '(too large to be handed over)'}")
        if self._environment.incarnation > 1 and self._completion.invocations == 1:
            self._rung = True  # the bell does not ring again for what woke an earlier incarnation

    def _advance(self) -> None:
        """Export what is over."""
        # Without inotify nothing rings: then the spool is read at each beat.
        if self._rung or self._runtime_done or (self._bell < 0 and self._current is not None):
            self._read_spool()
        current = self._current
        if current is None:
            self._export_between()
            return
        ended_by = self._ended_by(current)
        if ended_by == "not watched":
            self._read_spool()  # a wrapper may have begun to write meanwhile: its first frame does not ring
            ended_by = self._ended_by(current)
        if ended_by:
            self._finish(current, ended_by)
        else:
            self._deliveries.wait()

    def _ended_by(self, current: Current) -> str:
        """Why the current invocation is over; empty while it is not."""
        if self._shutdown is not None:
            return "shutdown"
        if self._completion.is_ended(current.request_id):
            return "bell"
        if current.request_id in self._runtime_done or (not current.request_id and self._runtime_done):
            return "runtimeDone"
        if not self._should_wait(current):
            return "not watched"
        return "deadline" if time.monotonic() >= current.ask_next_at else ""

    def _should_wait(self, current: Current) -> bool:
        if self._assembler.processes.watched:
            return True
        if self._assembler.processes.not_watched or not self._environment.expects_wrapper:
            return False
        if self._environment.has_telemetry:
            return True
        if time.monotonic() < current.began + WRAPPER_SEEN_WITHIN_SECONDS:
            self._read_spool()  # the wrapper's first frame does not ring
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
        if ended_by != "deadline":
            is_ending = ended_by in {"bell", "runtimeDone"}
            self._export(self._completion.take(current.request_id, is_ending=is_ending), deadline)
        self._current = None
        self._link.done()
        log_lines.debug(f"done after {(time.monotonic() - began) * 1e3:.1f} ms")

    def _export_between(self) -> None:
        """Between invocations: exporting what became complete meanwhile delays nobody."""
        self._runtime_done.clear()
        invocations = [*self._completion.take("", is_ending=False), *self._completion.take_init()]
        if invocations:
            self._export_ahead(invocations)
        else:
            # Segments that were renamed after their last frame was exported: raw bytes do not stay on disk.
            self._deliveries.release()

    # Reading and exporting

    def _read_spool(self) -> None:
        began = time.monotonic()
        frames = self._stages.read_and_assemble()
        self._deliveries.note_put_aside()
        # Our own renames wake us too: take these events now, with those of segments that became ready meanwhile.
        self._rung = bell.rang(self._bell) if self._bell >= 0 else False
        if frames:
            log_lines.debug(f"read {frames} frames in {(time.monotonic() - began) * 1e3:.1f} ms")

    def _export_ahead(self, invocations: list[Invocation]) -> None:
        # The next event may come at any moment, and the launcher then expects beats.
        self._link.beat(WORK_PROMISE_MS)
        self._export(invocations, time.monotonic() + self._budget)

    def _export(self, invocations: list[Invocation], deadline: float, *, is_last: bool = False) -> None:
        """The launcher was told how long the work takes before the next beat."""
        self._deliveries.export(invocations, deadline, self._beat, is_last=is_last)

    # Beginning and end

    def _collect_leftovers(self) -> None:
        """Export what earlier processes of this environment left, whether it ended or not: nobody will add to it."""
        self._read_spool()
        found = self._completion.take_leftovers()
        if found:
            log_lines.debug(f"{len(found)} records left by earlier processes")
            self._export_ahead(found)
        # Frames of this environment may have been read with it, and do not ring again. The event has a deadline.
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
        self._export(self._completion.take_all(reason), deadline, is_last=True)
        self._deliveries.close()
        self._link.bye()

    def _await_last_telemetry(self) -> None:
        """Only telemetry says what was billed, and how an invocation ended that no wrapper watched."""
        until = time.monotonic() + LAST_TELEMETRY_SECONDS
        while self._environment.has_telemetry and (left := until - time.monotonic()) > 0:
            awaits_report = self._stages.awaits_report(self._completion.last_invoked)
            if self._completion.is_everything_known(awaits_report=awaits_report):
                return
            self._wait(left)
