"""An outlet: one exporter with its bounded queue of records, and a thread where the main loop has to beat meanwhile.

An outbox would begin here: it would keep what is queued when the process ends.
"""

from __future__ import annotations

import _thread
import time
from typing import TYPE_CHECKING

from aftercall.exporters.exporter import Result
from aftercall.extension import log_lines
from aftercall.pipeline.billing import copy_billed
from aftercall.pipeline.limit import MAX_REQUEST_CHARS

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.exporters.exporter import Exporter
    from aftercall.pipeline.record import Body, CallRecord, InvocationRecord

BEAT_EVERY_SECONDS = 0.2
MAX_SECONDS_WITHOUT_BEAT = 1.5
"""Less than the loop promises before its work."""

MAX_REASONS = 5
"""Lines in the log for one outage, if its reason changes with every try."""

MAX_RECORDS = 256


class _Job:
    """One run of the exporter. `finished` can be acquired once it is over."""

    __slots__ = ("batch", "finished", "is_late", "result")

    def __init__(self, batch: list[InvocationRecord]) -> None:
        self.batch = batch
        self.is_late = False
        """Nobody waits for it any more."""
        self.result = Result()
        self.finished = _thread.allocate_lock()
        self.finished.acquire()


class Outlet:
    """At each flush `start`, then `wait`: so several outlets work at the same time."""

    def __init__(self, exporter: Exporter) -> None:
        self.exporter = exporter
        self.dropped = 0
        """Records given up. Whoever reports it resets it."""
        self.dropped_counters: dict[str, int] = {}
        """The counters that these records carried. Reset with it."""
        self._queue: list[InvocationRecord] = []
        self._job: _Job | None = None
        self._not_before = 0.0
        self._failing: list[str] = []
        """The reasons that were logged since the last success."""
        self.sent_bytes = 0
        """Of the last flush."""

    def add(self, records: list[InvocationRecord]) -> None:
        for record in records:
            if not (record.is_report and self._add_to_waiting(record)):
                self._queue.append(record)
        self._bound()

    def _add_to_waiting(self, report: InvocationRecord) -> bool:
        """The invocation's record still waits here: what was billed is added to it."""
        for record in self._queue:
            if record.request_id == report.request_id and not record.late:
                copy_billed(report, record)
                return True
        return False

    def held(self) -> list[InvocationRecord]:
        """Records that were neither delivered nor given up."""
        return [*(self._job.batch if self._job else ()), *self._queue]

    def start(self, deadline: float, *, others_follow: bool = False, is_last: bool = False) -> None:
        """Begin to deliver what is queued, unless an earlier run is not back or the receiver asked for a pause."""
        self.sent_bytes = 0
        self._collect(0.0)
        if self._job is not None or not self._queue:
            return
        if time.monotonic() < self._not_before and not is_last:
            return
        job, self._queue = _Job(self._queue), []
        self._job = job
        if self._needs_thread(deadline, others_follow=others_follow):
            try:
                _thread.start_new_thread(self._run, (job, deadline))
            except RuntimeError as error:  # no more threads allowed
                job.result.kept, job.result.error = job.batch, str(error)
                job.finished.release()
        else:
            self._run(job, deadline)

    def _needs_thread(self, deadline: float, *, others_follow: bool) -> bool:
        """The main loop has to beat meanwhile, or to start other outlets."""
        is_long = deadline - time.monotonic() > MAX_SECONDS_WITHOUT_BEAT
        return self.exporter.may_hang or (self.exporter.waits and (others_follow or is_long))

    def wait(self, deadline: float, beat: Callable[[], None]) -> None:
        """Wait until the run is over, at most until the deadline. A run that is not over then goes on by itself.

        `beat` is called meanwhile.
        """
        self._collect(0.0)
        while self._job is not None and (left := deadline - time.monotonic()) > 0:
            self._collect(min(left, BEAT_EVERY_SECONDS))
            if self._job is not None:
                beat()
        if self._job is not None:
            self._job.is_late = True
            self._log("no answer within the export budget")

    def _run(self, job: _Job, deadline: float) -> None:
        try:
            job.result = self._export(job.batch, deadline)
        finally:
            job.finished.release()

    def _export(self, batch: list[InvocationRecord], deadline: float) -> Result:
        """If the exporter raises, one record has met a fault of ours: that one alone is given up."""
        try:
            return self.exporter.export(batch, deadline)
        except Exception as error:
            result = Result()
            result.error = f"{type(error).__name__}; a record is left out"
            if len(batch) == 1:
                result.dropped = 1
                return result
        for record in batch:
            alone = self._export([record], deadline)
            result.kept += alone.kept
            result.dropped += alone.dropped
            result.sent_bytes += alone.sent_bytes
        return result

    def _collect(self, seconds: float) -> None:
        """Take back the run's result, waiting for it no longer than that."""
        job = self._job
        if job is None or not job.finished.acquire(timeout=max(0.0, seconds)):
            return
        self._job = None
        result = job.result
        self.sent_bytes = result.sent_bytes
        self._not_before = result.not_before
        self._queue[:0] = result.kept
        self.dropped += result.dropped
        if result.dropped + len(result.kept) == len(
            job.batch
        ):  # else the record that carried them may have been delivered
            for record in job.batch:
                if record not in result.kept:
                    self._keep_counters(record)
        if not job.is_late:  # else it was logged already, and a receiver that is always late does not work again
            self._log(result.error)
        self._bound()

    def _bound(self) -> None:
        """Drop the oldest records: the newest say most about an outage that ends."""
        while len(self._queue) > MAX_RECORDS or (
            len(self._queue) > 1 and sum(map(_chars, self._queue)) > MAX_REQUEST_CHARS
        ):
            self._keep_counters(self._queue.pop(0))
            self.dropped += 1

    def _keep_counters(self, record: InvocationRecord) -> None:
        for name, count in record.counters.items():
            self.dropped_counters[name] = self.dropped_counters.get(name, 0) + count

    def _log(self, error: str) -> None:
        """Log each new reason for a failure, and that it works again; not a line for each invocation."""
        if not error and self._failing:
            log_lines.warn(f"export {self.exporter.name}: works again")
            self._failing = []
        elif error and error not in self._failing and len(self._failing) < MAX_REASONS:
            log_lines.warn(f"export {self.exporter.name}: {error}; {len(self.held())} records wait for the next flush")
            self._failing.append(error)


def _chars(record: InvocationRecord) -> int:
    init_calls = record.init.calls if record.init else []
    return 1_024 + _body(record.event) + _body(record.response) + sum(map(_call, [*record.calls, *init_calls]))


def _call(call: CallRecord) -> int:
    headers = sum(len(name) + len(value) + 64 for name, value in [*call.request_headers, *call.response_headers])
    return 1_024 + len(call.url) + headers + _body(call.request_body) + _body(call.response_body)


def _body(body: Body | None) -> int:
    return len(body.text) if body else 0
