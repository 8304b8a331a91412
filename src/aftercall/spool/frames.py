"""Frames, of which a segment is made, and losses (runtime_wrappers/SPOOL_FORMAT.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

ALIGNMENT = 8
"""In version 2, frames begin at multiples of it."""
PREFIX_BYTES = 8
"""Two little-endian u32: header length, payload length."""

MIN_HEADER_BYTES = 2
MAX_HEADER_BYTES = 65_536
MAX_PAYLOAD_BYTES = 16_777_216


class Frame:
    """One whole frame. `header` holds at least `kind` (str) and `time` (int, nanoseconds since the epoch)."""

    __slots__ = ("header", "kind", "payload", "request_id", "time")

    def __init__(self, header: dict[str, Any], payload: bytes) -> None:
        self.header = header
        self.payload = payload
        self.kind: str = header["kind"]
        self.time: int = header["time"]
        """CLOCK_REALTIME, nanoseconds."""
        request_id = header.get("request_id")
        self.request_id = request_id if isinstance(request_id, str) else ""
        """The invocation in which the frame was written; empty in the init phase, or if it is not a string."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and (self.header, self.payload) == (other.header, other.payload)

    __hash__ = None  # type: ignore[assignment]  # the header is a dict

    def __repr__(self) -> str:
        return f"Frame({self.header!r}, {self.payload!r})"

    def parts(self) -> list[tuple[str, bytes]]:
        """The payload cut into its named parts, in order; the reader has checked that they add up."""
        found = []
        offset = 0
        for name, length in self.header.get("parts", ()):
            found.append((name, self.payload[offset : offset + length]))
            offset += length
        return found


class Loss:
    """What could not be read of a segment: how many bytes, and why, in one of the phrases of the format's page."""

    __slots__ = ("lost_bytes", "phrase")

    def __init__(self, lost_bytes: int, phrase: str) -> None:
        self.lost_bytes = lost_bytes
        self.phrase = phrase

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loss) and (self.lost_bytes, self.phrase) == (other.lost_bytes, other.phrase)

    def __hash__(self) -> int:
        return hash((self.lost_bytes, self.phrase))

    def __repr__(self) -> str:
        return f"Loss({self.lost_bytes}, {self.phrase!r})"
