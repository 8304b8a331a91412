"""What becomes of records: they are handed to the outlets, then delivered or given up. And what was lost on the way.

Segments are deleted once their records are delivered or given up. A loss is logged once and counted in the next record.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall.extension import log_lines
from aftercall.pipeline.model import add_counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.extension.outlet import Outlet
    from aftercall.extension.telemetry import TelemetryListener
    from aftercall.pipeline.model import Invocation
    from aftercall.pipeline.record import InvocationRecord
    from aftercall.pipeline.stages import Stages

MAX_HELD_BYTES = 32 * 1024 * 1024
"""Segments kept for records that could not be sent: half of the folder size at which wrappers stop writing."""


class Deliveries:
    """Knows which invocations were taken for export and are neither delivered nor given up."""

    def __init__(self, stages: Stages, telemetry: TelemetryListener, outlets: list[Outlet]) -> None:
        self._stages = stages
        self._folder = stages.folder
        self._telemetry = telemetry
        self._outlets = outlets
        self._taken: list[str] = []
        self._counters: dict[str, int] = {}
        self._losses: dict[str, int] = {}
        """Kinds of losses that were logged -> how many followed."""
        for request_id in self._folder.exported_before():
            stages.assembler.exported.add_id(request_id)
        add_counts(self._counters, self._folder.untold_before())

    def export(
        self, invocations: list[Invocation], deadline: float, beat: Callable[[], None], *, is_last: bool = False
    ) -> None:
        """Process invocations that were taken from the assembler, and send their records until `deadline`.

        `beat` is called meanwhile.
        """
        began = time.monotonic()
        self._folder.begin_work()
        self._taken += [invocation.request_id for invocation in invocations if invocation.request_id]
        records = self._stages.records(invocations)
        self._put_counters(records)
        for outlet in self._outlets:
            outlet.add(records)
            outlet.start(deadline, others_follow=outlet is not self._outlets[-1], is_last=is_last)
        for outlet in self._outlets:
            outlet.wait(deadline, beat)
        self.release()
        if records and log_lines.is_debug():
            sent = sum(outlet.sent_bytes for outlet in self._outlets)
            log_lines.debug(f"export {len(records)} in {(time.monotonic() - began) * 1e3:.1f} ms, {sent} bytes")

    def release(self) -> None:
        """Delete the segments whose records are delivered or given up, which those that outlets hold are not."""
        held = [record for outlet in self._outlets for record in outlet.held()]
        kept = {record.request_id for record in held}
        if any(record.init for record in held):
            kept.add("")
        if self._folder.held_bytes > MAX_HELD_BYTES:
            kept = set()
        awaited = {invocation.request_id for invocation in self._stages.assembler.open()}
        if self._stages.assembler.init:
            awaited.add("")
        exported = [request_id for request_id in self._taken if request_id not in awaited | kept]
        self._taken = [request_id for request_id in self._taken if request_id in awaited | kept]
        self._collect_counters()
        self._folder.release(awaited, kept, exported, self._undelivered(held))
        self._folder.tidy()  # before `done`: raw bytes do not lie on the disk of a frozen environment

    def wait(self) -> None:
        """What was read belongs to invocations that are not over: nothing is processed yet."""
        self._folder.end_work()

    def close(self) -> None:
        """At the end of the environment."""
        for what, number in self._losses.items():
            if number:
                log_lines.warn(f"{number} more {what}")
        self._folder.delete_all()
        lost = sum(len(outlet.held()) for outlet in self._outlets)
        if lost:
            log_lines.warn(f"{lost} records could not be sent before the environment ended")

    # Losses

    def count(self, name: str, count: int = 1) -> None:
        """Add to the counters of the next record."""
        if count:
            add_counts(self._counters, {name: count})

    def note_put_aside(self) -> None:
        """Report the segments that the last reading put aside."""
        number = self._folder.take_put_aside()
        if number:
            log_lines.warn(f"{number} segments put aside: two processes in a row died while they worked on them")
            self.count("segments_put_aside", number)
            # If we are killed now, only this note tells the next incarnation.
            self._folder.remember(self._counters)

    def _put_counters(self, records: list[InvocationRecord]) -> None:
        """Put the counters into the last record of an invocation."""
        self._collect_counters()
        carrier = next((record for record in reversed(records) if not record.is_report), None)
        if carrier is not None and self._counters:
            log_lines.debug(f"counted {self._counters}")
            carrier.counters, self._counters = self._counters, {}

    def _undelivered(self, held: list[InvocationRecord]) -> dict[str, int]:
        """Counters that are in no delivered record."""
        undelivered = dict(self._counters)
        # Several outlets may hold the same record.
        for record in {id(record): record for record in held}.values():
            add_counts(undelivered, record.counters)
        return undelivered

    def _collect_counters(self) -> None:
        """Add up what each part counted, and reset it there."""
        stages, folder, telemetry = self._stages, self._folder, self._telemetry
        redactor, assembler = stages.redactor, stages.assembler
        add_counts(self._counters, stages.counters)
        stages.counters.clear()
        self.count("withheld", redactor.withheld)
        self.count("abandoned", assembler.abandoned)
        self.count("malformed_telemetry", telemetry.malformed)
        self.count("spool_faults", folder.take_faults())
        self._log_loss("invocations given up, too many were open at once", assembler.abandoned)
        redactor.withheld = assembler.abandoned = telemetry.malformed = 0
        for phrase, lost_bytes in folder.losses.items():
            self.count(f"lost_bytes.{phrase.replace(' ', '_')}", lost_bytes)
            self._log_loss(f"bytes of the spool could not be read ({phrase})", lost_bytes)
        folder.losses.clear()
        for outlet in self._outlets:
            self.count("dropped_records", outlet.dropped)
            self._log_loss(f"records given up by {outlet.exporter.name}", outlet.dropped)
            add_counts(self._counters, outlet.dropped_counters)
            outlet.dropped, outlet.dropped_counters = 0, {}

    def _log_loss(self, what: str, number: int) -> None:
        """Log the first loss at once, and all later ones at the environment's end: not at each flush of an outage."""
        if number and what not in self._losses:
            log_lines.warn(f"{number} {what}; `counters` of the next record has it")
            self._losses[what] = 0
        elif number:
            self._losses[what] += number
