"""What was seen, from spool frames through the whole pipeline to each exporter's bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aftercall.exporters.function import Function
from aftercall.exporters.json_document import document_of
from aftercall.exporters.log import line_of
from aftercall.exporters.otlp_json import request_of, resource_of
from aftercall.formats.json_text import dumps
from aftercall.pipeline.assemble import Assembler
from aftercall.pipeline.limit import limit
from aftercall.pipeline.recognise import recognise
from aftercall.spool.reader import SegmentReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aftercall.pipeline.model import Invocation
    from aftercall.pipeline.record import InvocationRecord
    from aftercall.pipeline.redact import Redactor

T = 1_764_000_000_000_000_000
REQUEST_ID = "8f507cfc-0000-4697-b07a-ac58fc914c95"
SPAN_ID = "53995c3f42cd8ad8"
FUNCTION = Function({"functionName": "shop", "functionVersion": "7"}, {"AWS_REGION": "eu-west-1"})


@dataclass
class Seen:
    """What one invocation with one call carried. Sizes are those before the cut."""

    event: bytes = b'{"id": 1}'
    response: bytes = b'{"ok": true}'
    error: bytes | None = None
    method: str = "POST"
    url: str = "https://shop.example/orders"
    proxy: str = ""
    request_headers: list[tuple[str, str]] = field(default_factory=list)
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    request_body: bytes = b""
    response_body: bytes = b""
    error_type: str = ""
    error_message: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    parsed: bool = False
    """Heads and bodies apart, as HTTP/2 clients hand them over, instead of the wire's bytes."""
    chunked: bool = False

    def frames(self) -> bytes:
        return frames_of(self, [self])

    def call_frames(self, span_id: str) -> list[bytes]:
        call = {"time": T, "request_id": REQUEST_ID, "span_id": span_id}
        failed = {"error_type": self.error_type, "error_message": self.error_message} if self.error_type else {}
        proxy = {"proxy": self.proxy} if self.proxy else {}
        sizes = {"request_size": self.size("request_body"), "response_size": self.size("response_body")}
        started = {"library": "urllib3", "method": self.method, "url": self.url, "stage": "dns", **proxy}
        return [
            _frame("call_start", {}, **call, **started),
            _frame("call_response", self._parts("request"), **call, status=200),
            _frame("call_end", self._parts("response"), **call, complete=True, **sizes, **failed),
        ]

    def end_frame(self) -> bytes:
        times = {"time": T, "request_id": REQUEST_ID}
        if self.error is not None:
            return _frame("invocation_end", {"error": self.error}, **times, status="error")
        size = self.size("response")
        return _frame("invocation_end", {"response": self.response}, **times, status="ok", response_size=size)

    def size(self, part: str) -> int:
        return self.sizes.get(part, len(getattr(self, part)))

    def _parts(self, side: str) -> dict[str, bytes]:
        first = f"{self.method} /orders HTTP/1.1" if side == "request" else "HTTP/1.1 200 OK"
        headers, body = getattr(self, f"{side}_headers"), getattr(self, f"{side}_body")
        chunked = self.chunked and not self.parsed and bool(body)
        if chunked:
            headers = [*headers, ("Transfer-Encoding", "chunked")]
            half = len(body) // 2
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:]) if part)
        head = "\r\n".join([first, *(f"{name}: {value}" for name, value in headers), "", ""]).encode()
        return {f"{side}_head": head, f"{side}_body": body} if self.parsed else {f"{side}_wire": head + body}


def frames_of(seen: Seen, calls: Sequence[Seen]) -> bytes:
    """The frames of an invocation with several calls; the first one has SPAN_ID."""
    times = {"time": T, "request_id": REQUEST_ID}
    begun = [
        _frame("process", {}, time=T, format=2, runtime="python", pid=17, start=T, client="x 1"),
        _frame("invocation_start", {"event": seen.event}, **times, number=1, event_size=seen.size("event")),
    ]
    made = [frame for at, call in enumerate(calls) for frame in call.call_frames(f"{int(SPAN_ID, 16) + at:016x}")]
    return b"".join([*begun, *made, seen.end_frame()])


def failed_init(error: bytes) -> bytes:
    """The frames of a process whose function did not start."""
    return _frame("process", {}, time=T, format=2, runtime="python", pid=17, start=T, client="x 1") + _frame(
        "invocation_end", {"error": error}, time=T, phase="init", status="error"
    )


def segment(frames: bytes) -> bytes:
    """The frames as a writer leaves them in a file."""
    return b"aftcall\2" + len(frames).to_bytes(4, "little") + bytes(52) + frames


def invocation_of(frames: bytes) -> Invocation:
    assembler = Assembler()
    reader = SegmentReader()
    runtime = None
    for frame in reader.feed(frames):
        if frame.kind == "process":
            runtime = assembler.process(frame.header)
        else:
            assembler.frame(frame, runtime)
    assert reader.close() is None
    invocation = assembler.take(REQUEST_ID)
    assert invocation is not None
    return invocation


def record_of(seen: Seen, redactor: Redactor) -> InvocationRecord:
    invocation = invocation_of(seen.frames())
    recognise(invocation, redactor.rules)
    return limit(redactor.record(invocation))


def sent(record: InvocationRecord) -> dict[str, str]:
    """What each exporter puts on the wire."""
    resource = resource_of(FUNCTION, "shop", (), {})
    return {
        "log": line_of(record),
        "json": dumps(document_of(record, FUNCTION)),
        "otlp": request_of([record], resource),
    }


def read_back(exported: Mapping[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(exported["json"])
    return document


def _frame(kind: str, parts: Mapping[str, bytes], **header: Any) -> bytes:
    described = {"kind": kind, **header}
    if parts:
        described["parts"] = [[name, len(data)] for name, data in parts.items()]
    text = json.dumps(described).encode()
    payload = b"".join(parts.values())
    frame = len(text).to_bytes(4, "little") + len(payload).to_bytes(4, "little") + text + payload
    return frame + bytes(-len(frame) % 8)
