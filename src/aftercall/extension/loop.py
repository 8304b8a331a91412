"""The main loop: events from the launcher, bells from the wrappers, platform records; then read, export, `done`.

An INVOKE ends with whichever comes first: the bell with this request's end (the fast way), `platform.runtimeDone` (the
proof), SHUTDOWN, or the next INVOKE (the launcher asks for it near the deadline). A function that no wrapper watches is
not made to wait: its record goes out with the next event.
"""

from __future__ import annotations

import os
import select
import time

from aftercall.extension import log_lines

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aftercall.extension.flush import Flusher
    from aftercall.extension.launcher_link import LauncherLink
    from aftercall.extension.recorder import Recorder
    from aftercall.extension.telemetry import TelemetryListener

BEAT_MS = 300
"""What a beat promises; with the launcher's patience a stopped process is noticed in about a second."""

POLL_MS = 120
"""Between beats while an event is unfinished."""

WORK_MS = 2_000
"""What a beat promises before masking and encoding, which cannot beat: megabytes of bodies take a while."""

INVOKE_MARGIN_MS = 50
"""Left of the invocation's deadline: what is billed counts towards the function's time-out."""

SHUTDOWN_MARGIN_MS = 400
"""Left of the 2,000 ms that Lambda gives, for reading before and deleting after the export."""

LAST_RECORDS_MS = 150
"""At shutdown, for the platform's records of invocations that nobody else tells of: they are posted beside SHUTDOWN."""

_SHUTDOWN_STATUS = {"timeout": "timeout", "failure": "crash"}


class MainLoop:
    """`expects_wrapper`: AWS_LAMBDA_EXEC_WRAPPER names ours. `has_telemetry`: the platform's records will come."""

    def __init__(
        self,
        link: LauncherLink,
        telemetry: TelemetryListener,
        bell: int,
        recorder: Recorder,
        flusher: Flusher,
        *,
        budget_ms: int,
        expects_wrapper: bool,
        has_telemetry: bool,
    ) -> None:
        self._link = link
        self._telemetry = telemetry
        self._bell = bell
        self._recorder = recorder
        self._flusher = flusher
        self._budget_ms = budget_ms
        self._expects_wrapper = expects_wrapper
        self._has_telemetry = has_telemetry
        self._current: dict[str, Any] | None = None
        self._began = 0.0

    def run(self) -> None:
        """Until SHUTDOWN. Raises LauncherGoneError when the launcher is gone."""
        self._recorder.read_spool()
        self._export(self._recorder.take_dead(time.time_ns()), self._budget_ms, "what an earlier process left behind")
        while True:
            for descriptor in self._wait():
                if descriptor == self._link.descriptor:
                    if self._take_events():
                        return
                elif descriptor == self._bell:
                    self._take_bell()
                else:
                    self._take_platform(self._telemetry.read(descriptor))
            if self._current is not None:
                self._link.beat(BEAT_MS)

    def _wait(self) -> list[int]:
        poll = select.poll()
        for descriptor in (self._link.descriptor, self._bell, *self._telemetry.descriptors()):
            if descriptor >= 0:
                poll.register(descriptor, select.POLLIN)
        found = [descriptor for descriptor, _ in poll.poll(POLL_MS if self._current is not None else None)]
        # Platform records and bells first: what they say belongs to the event before the one that comes now.
        return sorted(found, key=lambda descriptor: descriptor == self._link.descriptor)

    # What comes in

    def _take_events(self) -> bool:
        """True when it was SHUTDOWN, and everything is done."""
        while (event := self._link.receive()) is not None:
            kind = event.get("eventType")
            if kind == "INVOKE":
                self._begin(event)
            elif kind == "SHUTDOWN":
                self._shut_down(event)
                return True
        return False

    def _take_bell(self) -> None:
        _drain(self._bell)
        if self._current is None:
            return  # our own renames ring too; what is there is read with the next event
        self._recorder.read_spool()
        if self._recorder.has_ended(_request_id(self._current)):
            self._finish("bell")

    def _take_platform(self, records: list[Any]) -> None:
        done = [request_id for record in records if (request_id := self._recorder.platform(record))]
        if self._current is not None and _request_id(self._current) in done:
            self._finish("platform.runtimeDone")
        elif done and self._current is None:
            # Nobody waits: the function of the next event runs already, or nothing does.
            self._export(self._recorder.take_over("", time.time_ns()), self._budget_ms, "an unwatched invocation")

    # An invocation

    def _begin(self, event: dict[str, Any]) -> None:
        if self._current is not None:
            log_lines.debug(f"invoke {_request_id(self._current)}: the next event came before its end")
        self._current, self._began = event, time.monotonic()
        self._link.beat(WORK_MS)
        log_lines.debug(f"invoke {_request_id(event)}: deadline in {_left_ms(event)} ms")
        self._recorder.invoke(event)
        if not self._has_telemetry:
            self._recorder.close_others(_request_id(event))
        self._recorder.read_spool()
        if self._recorder.has_ended(_request_id(event)):
            self._finish("bell")
        elif not self._waits():
            self._finish("nobody watches it; its record goes out with the next event", keeps=True)

    def _waits(self) -> bool:
        is_watched = self._recorder.is_watched
        if is_watched is None:
            # The wrapper's first frame may come in a moment. Without platform records nothing would end the waiting.
            return self._expects_wrapper and self._has_telemetry
        return is_watched

    def _finish(self, why: str, *, keeps: bool = False) -> None:
        """Export the current invocation (unless it `keeps` for the next event) and what else is over, then `done`."""
        event = self._current
        assert event is not None  # noqa: S101 - for the type checker
        request_id, now = _request_id(event), time.time_ns()
        self._link.beat(WORK_MS)
        if not keeps:
            # The end frame and the rename come after the response, and may be a moment later than runtimeDone.
            self._recorder.read_spool()
            if self._recorder.is_watched is None:
                self._expects_wrapper = False  # the wrapper's variable is set, and its runtime ignores it
        log_lines.debug(f"invoke {request_id}: ended by {why} after {_since_ms(self._began):.1f} ms")
        records = self._recorder.take_over(request_id, now)
        if not keeps and (record := self._recorder.take(request_id, "unknown", now)) is not None:
            records.append(record)
        self._export(records, min(self._budget_ms, _left_ms(event) - INVOKE_MARGIN_MS), "the invocation")
        self._current = None
        self._link.done()
        log_lines.debug(f"done {request_id}: {_since_ms(self._began):.1f} ms after the event")

    # The end

    def _shut_down(self, event: dict[str, Any]) -> None:
        began = time.monotonic()
        reason = str(event.get("shutdownReason", "")).lower()[:32] or "unknown"
        log_lines.debug(f"shutdown: {reason}, deadline in {_left_ms(event)} ms")
        self._link.beat(WORK_MS)
        self._recorder.read_spool()
        self._await_last_records(began)
        now = time.time_ns()
        current = _request_id(self._current) if self._current is not None else ""
        # The current one first: its process is gone as well, and only the reason tells a time-out from a crash.
        last = self._recorder.take(current, _SHUTDOWN_STATUS.get(reason, "unknown"), now)
        records = [*self._recorder.take_all(now), last, self._recorder.take_init()]
        told = [record for record in records if record is not None]
        self._export(told, min(self._budget_ms, _left_ms(event) - SHUTDOWN_MARGIN_MS), "the end")
        self._recorder.delete_all(self._flusher.unsent())
        self._link.bye()
        log_lines.debug(f"shutdown: done in {_since_ms(began):.1f} ms")

    def _await_last_records(self, began: float) -> None:
        """Without a wrapper the platform alone tells how an invocation ended."""
        while True:
            for record in self._telemetry.read_all():
                self._recorder.platform(record)
            if not self._has_telemetry or not self._recorder.awaits_platform() or _since_ms(began) > LAST_RECORDS_MS:
                return
            poll = select.poll()
            for descriptor in self._telemetry.descriptors():
                poll.register(descriptor, select.POLLIN)
            poll.poll(max(1, LAST_RECORDS_MS - int(_since_ms(began))))

    def _export(self, records: list[Any], budget_ms: float, what: str) -> None:
        for record in records:
            self._flusher.add(record)
        if not self._flusher.unsent():
            self._recorder.release(set())
            return
        if records:
            log_lines.debug(f"read: {what}, records: {len(records)}")
        # A budget that is nearly gone is still one try on loopback.
        self._flusher.flush(max(budget_ms, 20) / 1000, self._beater())
        self._recorder.count("dropped", self._flusher.dropped)
        self._flusher.dropped = 0
        self._recorder.release(self._flusher.unsent())

    def _beater(self) -> Callable[[], None]:
        return lambda: self._link.beat(BEAT_MS)


def _request_id(event: dict[str, Any]) -> str:
    request_id = event.get("requestId")
    return request_id if isinstance(request_id, str) else ""


def _left_ms(event: dict[str, Any]) -> int:
    """Milliseconds to the event's deadline; Lambda's longest time-out where it names none."""
    deadline = event.get("deadlineMs")
    return int(deadline - time.time() * 1000) if isinstance(deadline, int | float) else 900_000


def _since_ms(moment: float) -> float:
    return (time.monotonic() - moment) * 1000


def _drain(bell: int) -> None:
    try:
        while len(os.read(bell, 65_536)) > 0:
            pass
    except OSError:
        return  # EAGAIN: all bells are heard
