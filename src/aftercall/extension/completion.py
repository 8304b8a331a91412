"""Which invocations can be exported: all that will be known of them is there, or nobody is left to add to it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aftercall.extension.environment import Environment
    from aftercall.pipeline.assemble import Assembler
    from aftercall.pipeline.model import Invocation

TELEMETRY_WITHIN_INVOCATIONS = 8
"""Lambda buffers telemetry for 25 ms and more, and short invocations are frozen before it is posted."""

_STATUS_OF_SHUTDOWN = {"timeout": "timeout", "failure": "crash"}


class Completion:
    """Takes complete invocations from the assembler."""

    def __init__(self, assembler: Assembler, environment: Environment) -> None:
        self._assembler = assembler
        self._environment = environment
        self.invocations = 0
        """INVOKE events that this process received."""
        self.last_invoked = ""

    def begin(self, event: dict[str, object], request_id: str) -> None:
        """An INVOKE event."""
        self.invocations += 1
        self.last_invoked = request_id
        invocation = self._assembler.invoke(event)
        if invocation is not None:
            invocation.platform.start = invocation.platform.start or time.time_ns()
            if invocation.number is None and self._environment.incarnation == 1:
                invocation.number = self.invocations

    def is_ended(self, request_id: str) -> bool:
        """The wrapper said so. Without an id any invocation counts: the event was too large to be handed over."""
        if request_id:
            return self._assembler.has_ended(request_id)
        return any(invocation.ended for invocation in self._assembler.open())

    def take(self, current: str, *, is_ending: bool) -> list[Invocation]:
        """`current`: the invocation under way, or empty. `is_ending`: it is over, and exported with the others."""
        ending = current if is_ending else ""
        return self._take(
            invocation.request_id
            for invocation in self._assembler.open()
            if invocation.request_id == ending or self._is_complete(invocation, current, ending)
        )

    def take_init(self) -> list[Invocation]:
        """An init that failed, once the wrapper and Lambda have reported it: before, it would become two records."""
        init = self._assembler.init
        is_reported = init.is_over or not self._environment.has_telemetry
        return self._take_init() if init.error is not None and not init.repeats and is_reported else []

    def take_leftovers(self) -> list[Invocation]:
        """What earlier processes of this environment left."""
        started = self._environment.started_ns
        init = self._assembler.init
        alone = self._assembler.take_init() if init and init.start is not None and init.start < started else None
        left = self._take(
            invocation.request_id
            for invocation in self._assembler.open()
            if invocation.runtime is not None and (invocation.runtime.start or started) < started
        )
        # Those processes may have been watched. The frames of the new one show whether it is.
        self._assembler.forget_watch(started)
        return [*([alone] if alone is not None else []), *left]

    def take_all(self, reason: str) -> list[Invocation]:
        """All that is left, at SHUTDOWN."""
        now = time.time_ns()
        taken = []
        for invocation in self._assembler.open():
            is_last = invocation.request_id in {self.last_invoked, self._assembler.init.for_request}
            if not invocation.ended and invocation.platform.done is None and is_last:
                killed_at = (invocation.deadline_ms or 0) * 1_000_000 if reason == "timeout" else 0
                invocation.platform.done = min(now, killed_at) if killed_at else now
            status = _STATUS_OF_SHUTDOWN.get(reason, "unknown") if is_last else "unknown"
            taken += self._take([invocation.request_id], status)
        return [*taken, *self._take_init()]

    def is_everything_known(self, *, awaits_report: bool) -> bool:
        """Telemetry has nothing more to say. `awaits_report`: the last record went out without what was billed."""
        last = self._assembler.find(self.last_invoked)
        if awaits_report or (last is not None and not last.late and not last.platform.reported):
            return False
        init = self._assembler.init
        if not self.invocations and (not init.is_over or (init.repeats and not init.for_request)):
            return False  # the init failed: how, and which invocation is answered with its error, is still to come
        return all(invocation.status or invocation.late or invocation.start for invocation in self._assembler.open())

    def _take(self, request_ids: Iterable[str], status: str = "unknown") -> list[Invocation]:
        taken = [self._assembler.take(request_id, status) for request_id in list(request_ids)]
        return [invocation for invocation in taken if invocation is not None]

    def _take_init(self) -> list[Invocation]:
        alone = self._assembler.take_init(self._environment.started_ns)
        return [alone] if alone is not None else []

    def _is_complete(self, invocation: Invocation, current: str, ending: str) -> bool:
        if invocation.late:
            return all(call.end is not None for call in invocation.calls.values())
        if invocation.request_id == self.last_invoked:
            return invocation.is_fully_known and invocation.request_id != current
        if not self.invocations:
            return invocation.is_fully_known  # Managed Instances send no INVOKE and run many invocations at once
        # An earlier invocation. If no wrapper saw it, telemetry may still come.
        is_left = (bool(ending) and invocation.start is not None) or not self._environment.has_telemetry
        return invocation.is_fully_known or is_left or self._is_older(invocation)

    def _is_older(self, invocation: Invocation) -> bool:
        """So many invocations followed that its telemetry will not come any more."""
        ids = [found.request_id for found in self._assembler.open() if not found.late]
        return invocation.request_id in ids[:-TELEMETRY_WITHIN_INVOCATIONS]
