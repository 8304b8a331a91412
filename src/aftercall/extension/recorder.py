"""From the spool to records that may be sent: read, assemble, redact, limit; and back: delete what was delivered.

One frame or one invocation that cannot be processed costs itself, is counted, and the next one goes on.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall.extension import log_lines
from aftercall.formats.times import plausible
from aftercall.pipeline.billing import Billing
from aftercall.pipeline.limit import limit

if TYPE_CHECKING:
    from aftercall.extension.outlet import Outlet
    from aftercall.extension.telemetry import TelemetryListener
    from aftercall.pipeline.assemble import Assembler
    from aftercall.pipeline.model import Invocation
    from aftercall.pipeline.record import InvocationRecord
    from aftercall.pipeline.redact import Redactor
    from aftercall.spool.folder import SpoolFolder

MAX_HELD_BYTES = 32 * 1024 * 1024
"""Segments kept for records that could not be sent: half of the folder size at which wrappers stop writing."""


class Recorder:
    """Knows which invocations were taken for export and are not yet settled."""

    def __init__(
        self, folder: SpoolFolder, assembler: Assembler, redactor: Redactor, telemetry: TelemetryListener
    ) -> None:
        self.assembler = assembler
        self._folder = folder
        self._redactor = redactor
        self._telemetry = telemetry
        self._billing = Billing()
        self._taken: list[str] = []
        self._counters: dict[str, int] = {}
        self._losses: dict[str, int] = {}
        """What was told -> how many came after it."""
        for request_id in folder.exported_before():
            assembler.exported.add_id(request_id)
        for name, count in folder.untold_before().items():
            self.count(name, count)

    def read(self) -> int:
        """Take the frames that are new; gives their number."""
        frames = 0
        read = runtime = None
        now = time.time_ns()
        for segment, frame in self._folder.read():
            frames += 1
            try:
                if segment is not read:
                    process = segment.reader.process
                    runtime = self.assembler.processes.find(process) if process is not None else None
                    read = segment
                if frame.kind == "process":
                    runtime = self.assembler.processes.update(frame.header)
                else:
                    frame.time = plausible(frame.time, now)
                    self.assembler.frame(frame, runtime)
                    segment.pending.add(frame.request_id)
            except Exception as error:  # a frame that nobody foresaw costs itself, not the invocation
                self.count("frame_faults")
                log_lines.debug(f"frame {frame.kind!r} left out: {type(error).__name__}: {error}")
        if self._folder.put_aside:
            log_lines.warn(
                f"{self._folder.put_aside} segments put aside: two processes in a row died while they worked on them"
            )
            # Nothing else on disk would tell of them, should we be killed now.
            self.count("segments_put_aside", self._folder.put_aside)
            self._folder.put_aside = 0
            self._folder.remember(self._counters)
        return frames

    def records(self, invocations: list[Invocation], outlets: list[Outlet]) -> list[InvocationRecord]:
        """Of invocations that were taken from the assembler. The last one carries what was counted meanwhile.

        After them, what Lambda told of earlier ones.
        """
        self._taken += [invocation.request_id for invocation in invocations if invocation.request_id]
        telling = [invocation for invocation in invocations if not self._tells_nothing(invocation)]
        records = [record for invocation in telling if (record := self._record(invocation)) is not None]
        self._collect_counters(outlets)
        if records and self._counters:
            log_lines.debug(f"counted {self._counters}")
            records[-1].counters, self._counters = self._counters, {}
        reports, self.assembler.exported.reports = self.assembler.exported.reports, []
        told = [report for one in reports if (report := self._billing.report(*one)) is not None]
        for record in records:
            self._billing.note(record)
        return [*records, *told]

    def awaits_report(self, request_id: str) -> bool:
        """Its record went out, and Lambda has not told yet what was billed for it."""
        reported = any(request_id == told for told, _ in self.assembler.exported.reports)
        return self._billing.awaits(request_id) and not reported

    def release(self, outlets: list[Outlet]) -> None:
        """Let go of the segments whose records are delivered or given up; those that outlets hold are not."""
        held = [record for outlet in outlets for record in outlet.held()]
        kept = {record.request_id for record in held}
        if any(record.init for record in held):
            kept.add("")
        if self._folder.held_bytes > MAX_HELD_BYTES:
            kept = set()
        awaited = {invocation.request_id for invocation in self.assembler.open()}
        if self.assembler.init:
            awaited.add("")
        exported = [request_id for request_id in self._taken if request_id not in awaited | kept]
        self._taken = [request_id for request_id in self._taken if request_id in awaited | kept]
        self._collect_counters(outlets)
        self._folder.release(awaited, kept, exported, self._untold(held))

    def _tell_loss(self, what: str, number: int) -> None:
        """The first time at once, all later ones with the environment's end: an outage is not told at each flush."""
        if number and what not in self._losses:
            log_lines.warn(f"{number} {what}; `counters` of the next record has it")
            self._losses[what] = 0
        elif number:
            self._losses[what] += number

    def delete_all(self) -> None:
        """At the end of the environment: what is open now, nobody will close."""
        for what, number in self._losses.items():
            if number:
                log_lines.warn(f"{number} more {what}")
        self._folder.delete_all()

    def count(self, name: str, count: int = 1) -> None:
        """To be told with the next record."""
        if count:
            add_counts(self._counters, {name: count})

    def _record(self, invocation: Invocation) -> InvocationRecord | None:
        try:
            return limit(self._redactor.record(invocation))
        except Exception as error:  # it costs this record at most
            self.count("record_faults")
            log_lines.warn(f"record of {invocation.request_id}: {type(error).__name__}; it is left out, and counted")
            return None

    def _tells_nothing(self, invocation: Invocation) -> bool:
        """What came late and holds no call: its counts go out with the next record."""
        if not invocation.late or invocation.calls:
            return False
        for group, counts in (("drops", invocation.drops), ("faults", invocation.faults)):
            for reason, count in counts.items():
                self.count(f"late_{group}.{reason}", count)
        return True

    def _untold(self, held: list[InvocationRecord]) -> dict[str, int]:
        """What was counted and is in no delivered record."""
        untold = dict(self._counters)
        # Several outlets may hold the same record.
        for record in {id(record): record for record in held}.values():
            add_counts(untold, record.counters)
        return untold

    def _collect_counters(self, outlets: list[Outlet]) -> None:
        """Each part counts for itself; what was told is set back."""
        folder, redactor, assembler, telemetry = self._folder, self._redactor, self.assembler, self._telemetry
        self.count("withheld", redactor.withheld)
        self.count("abandoned", assembler.abandoned)
        self.count("malformed_telemetry", telemetry.malformed)
        self.count("spool_faults", folder.faults)
        self._tell_loss("invocations given up, too many were open at once", assembler.abandoned)
        redactor.withheld = assembler.abandoned = telemetry.malformed = folder.faults = 0
        for phrase, lost_bytes in folder.losses.items():
            self.count(f"lost_bytes.{phrase.replace(' ', '_')}", lost_bytes)
            self._tell_loss(f"bytes of the spool could not be read ({phrase})", lost_bytes)
        folder.losses.clear()
        for outlet in outlets:
            self.count("dropped_records", outlet.dropped)
            self._tell_loss(f"records given up by {outlet.exporter.name}", outlet.dropped)
            add_counts(self._counters, outlet.dropped_counters)
            outlet.dropped, outlet.dropped_counters = 0, {}


def add_counts(into: dict[str, int], counts: dict[str, int]) -> None:
    for name, count in counts.items():
        into[name] = into.get(name, 0) + count
