"""What every exporter is: takes records that were masked (never raw ones), and says what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.pipeline.record import InvocationRecord


class Result:
    """What became of the records that were given to `export`."""

    __slots__ = ("dropped", "error", "kept", "not_before", "sent_bytes")

    def __init__(self) -> None:
        self.sent_bytes = 0
        self.kept: list[InvocationRecord] = []
        """Not delivered, and worth another try at the next flush."""
        self.dropped = 0
        """Not delivered, and refused for good."""
        self.error = ""
        """Why, in words that hold no secret."""
        self.not_before = 0.0
        """The receiver asked to be left alone until then: seconds on the monotonic clock."""


class Exporter:
    """One destination."""

    name = ""
    bodies = False
    """It shows headers, bodies, event and response: without one that does, they are not even masked."""
    waits = False
    """It talks to somebody who may not answer, so it is given a thread of its own."""

    def prepare(self) -> None:
        """Load now what would be loaded at first use, native libraries and codecs above all. May raise."""

    def export(self, records: list[InvocationRecord], deadline: float) -> Result:
        """Deliver, and be back before `deadline` (seconds, monotonic). What raises counts as not delivered."""
        raise NotImplementedError
