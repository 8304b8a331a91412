"""What a segment is made of, as runtime_wrappers/SPOOL_FORMAT.md defines it."""

from __future__ import annotations

from typing import Any, NamedTuple

FORMAT = 1
"""The version of the format that this reader knows."""

PREFIX_BYTES = 8
"""Two little-endian u32: header length, payload length."""

MIN_HEADER_BYTES = 2
MAX_HEADER_BYTES = 65_536
MAX_PAYLOAD_BYTES = 16_777_216


class Frame(NamedTuple):
    """One whole frame. `header` holds at least `kind` (str) and `time` (int, nanoseconds since the epoch)."""

    header: dict[str, Any]
    payload: bytes

    @property
    def kind(self) -> str:
        kind: str = self.header["kind"]
        return kind

    @property
    def time(self) -> int:
        """CLOCK_REALTIME, nanoseconds."""
        time: int = self.header["time"]
        return time

    @property
    def request_id(self) -> str:
        """The invocation during which the frame was written; empty in the init phase or where it is no string."""
        request_id = self.header.get("request_id")
        return request_id if isinstance(request_id, str) else ""

    def parts(self) -> list[tuple[str, bytes]]:
        """The payload cut into its named parts, in order; the reader has checked that they add up."""
        found = []
        offset = 0
        for name, length in self.header.get("parts", ()):
            found.append((name, self.payload[offset : offset + length]))
            offset += length
        return found


class Loss(NamedTuple):
    """What could not be read of a segment: how many bytes, and one of the phrases of the format's page."""

    lost_bytes: int
    phrase: str
