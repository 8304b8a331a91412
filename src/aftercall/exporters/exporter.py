"""The interface of exporters: they are given masked records, never raw ones, and say what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.pipeline.record import InvocationRecord


class Result:
    """What became of the records that `export` was given."""

    __slots__ = ("dropped", "error", "kept", "not_before", "sent_bytes")

    def __init__(self) -> None:
        self.sent_bytes = 0
        self.kept: list[InvocationRecord] = []
        """Not delivered, to be tried again at the next flush."""
        self.dropped = 0
        """Not delivered, and refused for good."""
        self.error = ""
        """Why something was not delivered. Holds no secret."""
        self.not_before = 0.0
        """The receiver asked for a pause until then: seconds on the monotonic clock."""


class Exporter:
    """One destination."""

    name = ""
    bodies = False
    """It shows headers, bodies, event and response. If no exporter does, these are not even masked."""
    waits = False
    """For a receiver's answer."""
    may_hang = False
    """It may wait beyond the deadline, so it runs in a thread of its own."""

    def prepare(self) -> None:
        """Load what would otherwise be loaded at first use, native libraries and codecs above all. May raise."""

    def export(self, records: list[InvocationRecord], deadline: float) -> Result:
        """Deliver, and return before `deadline` (seconds, monotonic). If it raises, a record was not delivered."""
        raise NotImplementedError
