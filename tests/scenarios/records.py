"""From the spool's frames to one record a call, the way a reader would: what the table's expectations are about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.segments import read_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from aftercall.spool import Frame

    from .exchange import Fields


@dataclass
class Record:
    """One call. `stages` in order, with those that frames imply; `parts` joined over the frames."""

    span_id: str
    pid: int
    header: dict[str, Any] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return str(self.header.get("method", ""))

    @property
    def url(self) -> str:
        return str(self.header.get("url", ""))

    @property
    def stage(self) -> str:
        return self.stages[-1]

    def add(self, frame: Frame) -> None:
        self.kinds.append(frame.kind)
        self.times.append(frame.time)
        self.header.update({key: value for key, value in frame.header.items() if key not in {"kind", "time", "parts"}})
        for name, part in frame.parts():
            self.parts[name] = self.parts.get(name, b"") + part
        stage = "response_body" if frame.kind == "call_response" else frame.header.get("stage")
        if stage and stage != (self.stages[-1] if self.stages else None):
            self.stages.append(stage)

    def message(self, side: str) -> tuple[str, Fields, bytes] | None:
        """Start line, header fields and unframed body of `request` or `response`; None when no head was captured."""
        head, body = self.parts.get(f"{side}_head"), self.parts.get(f"{side}_body", b"")
        wire = self.parts.get(f"{side}_wire")
        if wire is not None:
            head, framed = final_head(wire)
            body = unchunk(framed) if is_chunked(fields_of(b"\r\n" + head)) else framed
        if head is None:
            return None
        if side == "response" and not head.startswith(b"HTTP/"):
            head = b"\r\n" + head  # the client read the start line by itself
        start_line = head.partition(b"\r\n")[0].decode("latin-1")
        return start_line, fields_of(head), body


def as_asked(url: str) -> str:
    """Without what the AWS SDK for JavaScript 3 appends: the operation's name."""
    return re.sub(r"[?&]x-id=[A-Za-z]+$", "", url)


def final_head(wire: bytes) -> tuple[bytes, bytes]:
    """The last head of a wire part, with the 1xx ones before it skipped, and what follows it."""
    head, _, rest = wire.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.") and head[9:10] == b"1" and rest.startswith(b"HTTP/1."):
        head, _, rest = rest.partition(b"\r\n\r\n")
    return head, rest


def fields_of(head: bytes) -> Fields:
    lines = [line for line in head.decode("latin-1").split("\r\n")[1:] if line]
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def is_chunked(fields: Fields) -> bool:
    return any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in fields)


def unchunk(framed: bytes) -> bytes:
    """The body in a prefix of its chunked form, as far as it goes."""
    body = b""
    while b"\r\n" in framed:
        line, _, framed = framed.partition(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        if size == 0:
            break
        body += framed[:size]
        framed = framed[size + 2 :]
    return body


def read_frames(folder: Path) -> Iterator[tuple[int, Frame]]:
    """Every frame in the folder with its writer's process id, segments in the order of writing."""
    for name, frames in read_folder(folder).items():
        yield from ((name.pid, frame) for frame in frames)


def assemble(frames: Iterable[tuple[int, Frame]]) -> list[Record]:
    """One record for each span id, in the order in which the calls began."""
    records: dict[str, Record] = {}
    for pid, frame in frames:
        span_id = frame.header.get("span_id")
        if span_id is not None:
            records.setdefault(span_id, Record(span_id, pid)).add(frame)
    return sorted(records.values(), key=lambda record: record.times[0])
