"""Reads the frames of one segment: bytes in, frames and at most one loss out. No I/O, no clock.

Strategy: bytes are fed as they come, cut anywhere. Whole frames are returned, the beginning of the next one is kept. At
the first frame that is not valid the segment is no longer trusted: what came before stands, the rest is only counted.
No input raises, and no length in the data is believed beyond the format's limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_text import loads
from aftercall.spool.frames import (
    ALIGNMENT,
    MAX_HEADER_BYTES,
    MAX_PAYLOAD_BYTES,
    MIN_HEADER_BYTES,
    PREFIX_BYTES,
    Frame,
    Loss,
)
from aftercall.spool.head import VERSION

if TYPE_CHECKING:
    from typing import Any

    _Bytes = bytes | bytearray | memoryview


class _DamagedError(Exception):
    """The segment cannot be trusted from here on; the message is a phrase of the format's page."""


class SegmentReader:
    """`feed` it the bytes of one segment; `close` it when no more will come."""

    def __init__(self) -> None:
        self.first_frame_bytes = 0
        """Size of the first frame, which is the `process` frame."""
        self._pending = bytearray()
        self._damage = ""
        self._lost_bytes = 0
        self._process: dict[str, Any] | None = None

    @property
    def process(self) -> dict[str, Any] | None:
        """Header of the segment's `process` frame, once it was read."""
        return self._process

    @property
    def pending_bytes(self) -> int:
        """Bytes that were fed and are in no frame and no loss yet."""
        return len(self._pending)

    @property
    def loss(self) -> Loss | None:
        """What was lost so far. It grows with each `feed` after the damage."""
        return Loss(self._lost_bytes, self._damage) if self._damage else None

    def feed(self, data: _Bytes) -> list[Frame]:
        """Take the segment's next bytes. Returns the frames that they complete, in order."""
        if self._damage:
            self._lost_bytes += len(data)
            return []
        if self._pending:
            self._pending += data
            data = self._pending
        frames: list[Frame] = []
        offset = 0
        try:
            while (ends := _ends_of_frame(data, offset)) is not None:
                header_end, payload_end, end = ends
                header = _parse_header(data[offset + PREFIX_BYTES : header_end])
                _check_parts(header, payload_end - header_end)
                if self._process is None:
                    self._process = _checked_process(header)
                    self.first_frame_bytes = end - offset
                frames.append(Frame(header, bytes(data[header_end:payload_end])))
                offset = end
        except _DamagedError as damage:
            self._damage = str(damage)
            self._lost_bytes = len(data) - offset
            self._pending = bytearray()
        else:
            if data is self._pending:
                del self._pending[:offset]
            else:
                self._pending = bytearray(data[offset:])
        return frames

    def go_on_behind(self, beginning: _Bytes) -> None:
        """Take the segment's `process` frame from its first bytes: what is fed next are later frames."""
        reader = SegmentReader()
        if reader.feed(beginning):
            self._process, self.first_frame_bytes = reader.process, reader.first_frame_bytes

    def close(self, phrase: str = "torn frame", missing: int = 0) -> Loss | None:
        """No more bytes will come. What is pending is a torn frame; `missing` bytes more were promised."""
        lost = len(self._pending) + missing
        if lost:
            self._damage = self._damage or phrase
            self._lost_bytes += lost
            self._pending = bytearray()
        return self.loss


def _ends_of_frame(data: _Bytes, offset: int) -> tuple[int, int, int] | None:
    """Where header, payload and padding of the frame at `offset` end; None while it is not whole."""
    have = len(data) - offset
    # Each length is checked as soon as it is there: a wrong one must not let us wait for bytes that never come.
    if have < PREFIX_BYTES // 2:
        return None
    lengths = int.from_bytes(data[offset : offset + PREFIX_BYTES], "little")  # the first one in the lower half
    header_length = lengths & 0xFFFF_FFFF
    if not MIN_HEADER_BYTES <= header_length <= MAX_HEADER_BYTES:
        raise _DamagedError("bad header length")
    if have < PREFIX_BYTES:
        return None
    payload_length = lengths >> 32
    if payload_length > MAX_PAYLOAD_BYTES:
        raise _DamagedError("bad payload length")
    header_end = offset + PREFIX_BYTES + header_length
    length = PREFIX_BYTES + header_length + payload_length
    padded = length + -length % ALIGNMENT
    return (header_end, offset + length, offset + padded) if padded <= have else None


def _parse_header(raw: _Bytes) -> dict[str, Any]:
    try:
        # Decoded here: json would guess UTF-16 or UTF-32 from the bytes.
        header = loads(str(raw, "utf-8"))
    except (ValueError, RecursionError):
        raise _DamagedError("bad header") from None
    if (
        not isinstance(header, dict)
        or not isinstance(header.get("kind"), str)
        # Not isinstance: a bool is an int in Python, but not in the format.
        or type(header.get("time")) is not int
    ):
        raise _DamagedError("bad header")
    return header


def _check_parts(header: dict[str, Any], payload_length: int) -> None:
    parts = header.get("parts")
    if parts is None and not payload_length and "parts" not in header:
        return
    if not isinstance(parts, list):
        raise _DamagedError("bad parts")
    for part in parts:
        if not (type(part) is list and len(part) == 2 and isinstance(part[0], str) and type(part[1]) is int):
            raise _DamagedError("bad parts")
        if not 0 <= part[1] <= MAX_PAYLOAD_BYTES:
            raise _DamagedError("bad parts")
        payload_length -= part[1]
    if payload_length:
        raise _DamagedError("bad parts")


def _checked_process(header: dict[str, Any]) -> dict[str, Any]:
    if header["kind"] != "process":
        raise _DamagedError("no process frame")
    if type(header.get("format")) is not int or header["format"] != VERSION:
        raise _DamagedError("unknown format")
    return header
