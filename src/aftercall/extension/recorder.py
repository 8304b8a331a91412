"""From the spool and the platform's records to records that may be sent: read, assemble, redact, limit.

One invocation that cannot be processed costs its own record, is counted, and the next one goes on.
"""

from __future__ import annotations

from aftercall.extension import log_lines
from aftercall.extension.spool_folder import is_alive
from aftercall.pipeline.assemble import Assembler
from aftercall.pipeline.limit import limit
from aftercall.pipeline.redact import Redactor

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from typing import Any

    from aftercall.extension.spool_folder import SpoolFolder
    from aftercall.extension.telemetry import TelemetryRecord
    from aftercall.pipeline.model import Invocation
    from aftercall.pipeline.record import InvocationRecord


class Recorder:
    """Keeps what belongs together until an invocation is over."""

    def __init__(self, spool: SpoolFolder, *, bodies: bool) -> None:
        self._spool = spool
        self._assembler = Assembler()
        self._redactor = Redactor(bodies=bodies)
        self._unreleased: set[str] = set()
        self._failed = 0
        self._counted: dict[str, int] = {}
        for request_id in spool.exported_before():
            self._assembler.mark_exported(request_id)

    @property
    def is_watched(self) -> bool | None:
        """Whether a wrapper tells of invocations; None while no process has said."""
        if self._assembler.watched:
            return True
        return False if self._assembler.not_watched else None

    # In

    def read_spool(self) -> int:
        """Take the frames that are new; returns their number."""
        count = 0
        for segment, frame in self._spool.read():
            count += 1
            process = segment.reader.process
            runtime = self._assembler.process(process) if process is not None else None
            segment.pending.add(frame.request_id)
            self._unreleased.add(frame.request_id)
            try:
                self._assembler.frame(frame, runtime)
            except Exception as error:
                self._failed += 1
                log_lines.debug(f"frame {frame.kind} left out: {type(error).__name__}")
        return count

    def invoke(self, event: dict[str, Any]) -> None:
        self._assembler.invoke(event)

    def platform(self, record: TelemetryRecord) -> str:
        """Take one; gives back the request id whose `runtimeDone` it was, or an empty string."""
        return self._assembler.platform(record.kind, record.record, record.time)

    def has_ended(self, request_id: str) -> bool:
        return self._assembler.has_ended(request_id)

    # Out

    def take(self, request_id: str, status: str, now: int) -> InvocationRecord | None:
        """The record of one invocation. `status` and `now` (nanoseconds) where neither frames nor platform tell."""
        invocation = self._assembler.find(request_id)
        if invocation is None or _tells_nothing(invocation):
            self._assembler.take(request_id)
            return None
        invocation = self._assembler.take(request_id, status)
        assert invocation is not None  # noqa: S101 - found above
        if invocation.end is None and invocation.status in {"timeout", "crash"}:
            invocation.end = invocation.platform.done or now
        return self._record(invocation)

    def take_over(self, current: str, now: int) -> list[InvocationRecord]:
        """The records of all other invocations that are over: earlier ones, and late calls of exported ones."""
        over = [invocation for invocation in self._assembler.open() if invocation.request_id != current]
        return self._take_each([invocation for invocation in over if _is_over(invocation)], now)

    def take_dead(self, now: int) -> list[InvocationRecord]:
        """The records of invocations whose process is gone: what an earlier extension left behind."""
        return self._take_each([invocation for invocation in self._assembler.open() if _is_dead(invocation)], now)

    def take_all(self, now: int) -> list[InvocationRecord]:
        return self._take_each(list(self._assembler.open()), now)

    def _take_each(self, invocations: list[Invocation], now: int) -> list[InvocationRecord]:
        # A process that is gone without a word of its invocation's end took it down with it.
        statuses = [(found.request_id, "crash" if _is_dead(found) else "unknown") for found in invocations]
        records = [self.take(request_id, status, now) for request_id, status in statuses]
        return [record for record in records if record is not None]

    def close_others(self, current: str) -> None:
        """No platform record will come: what is open beside the current invocation gets no more than it has."""
        for invocation in self._assembler.open():
            if invocation.request_id != current:
                invocation.status = invocation.status or "unknown"

    def awaits_platform(self) -> bool:
        """An invocation is open that only the platform's records can end."""
        return any(not _is_over(found) and found.start is None for found in self._assembler.open())

    def take_init(self) -> InvocationRecord | None:
        """The init phase alone, where it failed and no invocation came of it."""
        init = self._assembler.take_init()
        return self._record(init) if init is not None else None

    def _record(self, invocation: Invocation) -> InvocationRecord | None:
        try:
            record = limit(self._redactor.record(invocation))
        except Exception as error:
            self._failed += 1
            log_lines.warn(f"invocation {invocation.request_id}: no record ({type(error).__name__}); counted as failed")
            return None
        record.counters = self._take_counters()
        return record

    def release(self, unsent: set[str]) -> None:
        """Delete the segments whose invocations were all sent or given up; `unsent` ones are still on their way."""
        still_open = {invocation.request_id for invocation in self._assembler.open()}
        if self._assembler.init:
            still_open.add("")
        done = self._unreleased - still_open - unsent
        self._unreleased -= done
        self._spool.release(done)

    def delete_all(self, unsent: set[str]) -> None:
        """At the end of the environment: nobody will close what is open now."""
        self.release(unsent)
        self._spool.delete_all()

    def count(self, name: str, number: int) -> None:
        """To be told with the next record."""
        if number:
            self._counted[name] = self._counted.get(name, 0) + number

    def _take_counters(self) -> dict[str, int]:
        spool, assembler = self._spool, self._assembler
        counted = {
            **self._counted,
            **{f"spool.{phrase}": lost for phrase, lost in spool.losses.items()},
            "spool.put_aside": spool.put_aside,
            "spool.faults": spool.faults,
            "withheld": self._redactor.withheld,
            "abandoned": assembler.abandoned,
            "failed": self._failed,
        }
        self._counted = {}
        spool.losses, spool.put_aside, spool.faults = {}, 0, 0
        self._redactor.withheld = assembler.abandoned = self._failed = 0
        return {name: number for name, number in counted.items() if number}


def _tells_nothing(invocation: Invocation) -> bool:
    """Late drops and the like: no calls, no event, nothing that anybody would look at."""
    if invocation.late:
        return not invocation.calls
    return invocation.start is None and not invocation.calls and invocation.platform.done is None and not invocation.arn


def _is_over(invocation: Invocation) -> bool:
    return bool(invocation.status) or invocation.platform.done is not None or invocation.late or _is_dead(invocation)


def _is_dead(invocation: Invocation) -> bool:
    """The process that ran it is gone."""
    pid = invocation.runtime.pid if invocation.runtime else None
    return pid is not None and not is_alive(pid)
