"""Hands records to the exporters within a time budget, and keeps what could not be delivered for the next flush.

An exporter that waits for somebody runs in a thread of its own: a look-up of a name cannot be interrupted, and the main
loop must go on beating. What a thread still holds when the budget ends is collected at the next flush.
"""

from __future__ import annotations

import time

from aftercall.exporters.exporter import Result
from aftercall.extension import log_lines

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    import queue
    from collections.abc import Callable

    from aftercall.exporters.exporter import Exporter
    from aftercall.pipeline.record import InvocationRecord

MAX_KEPT_RECORDS = 256
"""For each exporter; beyond that the oldest are dropped and counted. Their segments go too: an outbox comes later."""

BEAT_SECONDS = 0.2


class Flusher:
    """`dropped` counts records that no exporter will send; whoever reports it sets it back."""

    def __init__(self, exporters: list[Exporter]) -> None:
        self._lanes = [_Lane(exporter) for exporter in exporters]
        self.dropped = 0

    @property
    def bodies(self) -> bool:
        return any(lane.exporter.bodies for lane in self._lanes)

    def add(self, record: InvocationRecord) -> None:
        for lane in self._lanes:
            self.dropped += lane.add(record)

    def unsent(self) -> set[str]:
        """Request ids of records that some exporter still holds."""
        return {record.request_id for lane in self._lanes for record in lane.held()}

    def flush(self, seconds: float, beat: Callable[[], None]) -> None:
        """Send what is there, for at most `seconds`; `beat` is called meanwhile."""
        deadline = time.monotonic() + seconds
        for lane in self._lanes:
            lane.begin(deadline)
        for lane in self._lanes:
            lane.wait(deadline, beat)
        for lane in self._lanes:
            self.dropped += lane.settle()


class _Lane:
    """One exporter and the records on their way to it."""

    def __init__(self, exporter: Exporter) -> None:
        self.exporter = exporter
        self._waiting: list[InvocationRecord] = []
        self._sending: list[InvocationRecord] = []
        self._result: Result | None = None
        self._begun = 0.0
        self._not_before = 0.0
        self._complaint = ""
        self._jobs: queue.SimpleQueue[tuple[list[InvocationRecord], float]] | None = None
        self._results: queue.SimpleQueue[Result] | None = None

    def add(self, record: InvocationRecord) -> int:
        """Put it in line; returns how many were dropped for it."""
        self._waiting.append(record)
        excess = max(0, len(self._waiting) - MAX_KEPT_RECORDS)
        del self._waiting[:excess]
        return excess

    def held(self) -> list[InvocationRecord]:
        return self._sending + self._waiting

    def begin(self, deadline: float) -> None:
        if self._sending or not self._waiting or time.monotonic() < self._not_before:
            return
        self._sending, self._waiting = self._waiting, []
        self._begun = time.monotonic()
        if not self.exporter.waits:
            self._result = _export(self.exporter, self._sending, deadline)
            return
        self._start_thread()
        assert self._jobs is not None  # noqa: S101 - for the type checker
        self._jobs.put((self._sending, deadline))

    def wait(self, deadline: float, beat: Callable[[], None]) -> None:
        while self._sending and self._result is None:
            remaining = deadline - time.monotonic()
            self._result = self._finished(max(0.0, min(remaining, BEAT_SECONDS)))
            if remaining <= 0:
                return
            beat()

    def settle(self) -> int:
        """Take the result, if there is one; returns how many records were dropped for good."""
        result, self._result = self._result, None
        if result is None:
            if self._sending:
                self._complain("no answer within the export budget")
            return 0
        sent = len(self._sending) - len(result.kept) - result.dropped
        self._sending = []
        self._waiting[:0] = result.kept
        self._not_before = result.not_before
        self._complain(result.error)
        took, all_ = (time.monotonic() - self._begun) * 1000, sent + len(result.kept) + result.dropped
        log_lines.debug(
            f"export: {self.exporter.name} sent {sent} of {all_} records, {result.sent_bytes} bytes, in {took:.1f} ms"
        )
        excess = max(0, len(self._waiting) - MAX_KEPT_RECORDS)
        del self._waiting[:excess]
        return result.dropped + excess

    def _complain(self, error: str) -> None:
        """Once for each new reason: a dead backend must not fill the function's log."""
        if error and error != self._complaint:
            log_lines.warn(f"exporter {self.exporter.name}: {error}; tried again with the next invocation")
        self._complaint = error

    def _start_thread(self) -> None:
        if self._jobs is not None:
            return
        import queue  # noqa: PLC0415 - urllib3 needs it as well; the log exporter does not
        import threading  # noqa: PLC0415

        self._jobs, self._results = queue.SimpleQueue(), queue.SimpleQueue()
        threading.Thread(target=self._work, name=f"export-{self.exporter.name}", daemon=True).start()

    def _work(self) -> None:
        assert self._jobs is not None  # noqa: S101 - for the type checker
        assert self._results is not None  # noqa: S101
        while True:
            records, deadline = self._jobs.get()
            self._results.put(_export(self.exporter, records, deadline))

    def _finished(self, seconds: float) -> Result | None:
        import queue  # noqa: PLC0415 - loaded when the thread was started

        assert self._results is not None  # noqa: S101 - for the type checker
        try:
            return self._results.get(timeout=seconds) if seconds > 0 else self._results.get_nowait()
        except queue.Empty:
            return None


def _export(exporter: Exporter, records: list[InvocationRecord], deadline: float) -> Result:
    try:
        return exporter.export(records, deadline)
    except Exception as error:
        # Its class alone: what it says may hold what the function sent.
        result = Result()
        result.dropped, result.error = len(records), f"failed with {type(error).__name__}"
        return result
