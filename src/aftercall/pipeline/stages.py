"""The pipeline: its stages in the order in which data passes them.

    read      bytes of segments -> frames                spool.SpoolFolder, spool.SegmentReader
    assemble  frames, platform records -> invocations    assemble.Assembler
    recognise AWS calls and triggers by name             recognise.recognise
    redact    invocations -> records without secrets     redact.Redactor
    limit     records -> records of bounded size         limit.limit
    bill      what Lambda billed for earlier records     billing.Billing

A frame or an invocation that cannot be processed costs itself alone: it is counted, and the next one goes on.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall.formats.times import plausible
from aftercall.pipeline.billing import Billing
from aftercall.pipeline.limit import limit
from aftercall.pipeline.model import add_counts
from aftercall.pipeline.recognise import recognise

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.pipeline.assemble import Assembler
    from aftercall.pipeline.model import Invocation
    from aftercall.pipeline.record import InvocationRecord
    from aftercall.pipeline.redact import Redactor
    from aftercall.spool.folder import SpoolFolder


class Stages:
    """`warn` and `debug` log a line about what was left out."""

    def __init__(
        self,
        folder: SpoolFolder,
        assembler: Assembler,
        redactor: Redactor,
        *,
        warn: Callable[[str], None],
        debug: Callable[[str], None],
    ) -> None:
        self.folder = folder
        self.assembler = assembler
        self.redactor = redactor
        self.counters: dict[str, int] = {}
        """What was left out. Whoever reports it resets it."""
        self._billing = Billing()
        self._warn = warn
        self._debug = debug

    def read_and_assemble(self) -> int:
        """Read the new frames and assemble them. Returns their number."""
        frames = 0
        read = runtime = None
        now = time.time_ns()
        for segment, frame in self.folder.read():
            frames += 1
            try:
                if segment is not read:
                    process = segment.reader.process
                    runtime = self.assembler.processes.find(process) if process is not None else None
                    read = segment
                if frame.kind == "process":
                    runtime = self.assembler.process(frame.header)
                else:
                    frame.time = plausible(frame.time, now)
                    self.assembler.frame(frame, runtime)
                    segment.pending.add(frame.request_id)
            except Exception as error:
                self._count("frame_faults")
                self._debug(f"frame {frame.kind!r} left out: {type(error).__name__}: {error}")
        return frames

    def records(self, invocations: list[Invocation]) -> list[InvocationRecord]:
        """The records of invocations that were taken from the assembler, then what was billed for earlier ones."""
        filled = [invocation for invocation in invocations if not self._is_empty(invocation)]
        records = [record for invocation in filled if (record := self._record(invocation)) is not None]
        reports = self._bill()
        for record in records:
            self._billing.note(record)
        return [*records, *reports]

    def awaits_report(self, request_id: str) -> bool:
        """Its record was exported, and Lambda has not reported yet what was billed for it."""
        reported = any(request_id == told for told, _ in self.assembler.exported.reports)
        return self._billing.awaits(request_id) and not reported

    def _record(self, invocation: Invocation) -> InvocationRecord | None:
        faults = recognise(invocation, self.redactor.rules)
        if faults:
            self._count("recognition_faults", faults)
        try:
            return limit(self.redactor.record(invocation))
        except Exception as error:
            self._count("record_faults")
            self._warn(f"record of {invocation.request_id}: {type(error).__name__}; it is left out, and counted")
            return None

    def _bill(self) -> list[InvocationRecord]:
        exported = self.assembler.exported
        reports, exported.reports = exported.reports, []
        return [report for one in reports if (report := self._billing.report(*one)) is not None]

    def _is_empty(self, invocation: Invocation) -> bool:
        """It is late and holds no call. Its counts go into the next record."""
        if not invocation.late or invocation.calls:
            return False
        for group, counts in (("drops", invocation.drops), ("faults", invocation.faults)):
            for reason, count in counts.items():
                self._count(f"late_{group}.{reason}", count)
        return True

    def _count(self, name: str, count: int = 1) -> None:
        add_counts(self.counters, {name: count})
