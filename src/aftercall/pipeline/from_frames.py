"""What each kind of frame says about its invocation or call (SPOOL_FORMAT.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_fields import get_integer, get_size, get_text
from aftercall.pipeline.model import add_counts

if TYPE_CHECKING:
    from aftercall.pipeline.model import Call, Init, Invocation, Runtime
    from aftercall.spool.frames import Frame


def span_id_of(frame: Frame) -> str:
    """The span id of a call's frame; empty if it is not valid by W3C Trace Context."""
    text = get_text(frame.header, "span_id").lower()
    is_id = len(text) == 16 and not text.strip("0123456789abcdef") and text.strip("0") != ""
    return text if is_id else ""


def start_invocation(invocation: Invocation, frame: Frame, runtime: Runtime | None) -> None:
    header = frame.header
    invocation.start = frame.time
    invocation.runtime = runtime
    invocation.number = get_integer(header, "number")
    invocation.deadline_ms = get_integer(header, "deadline") or invocation.deadline_ms
    invocation.arn = get_text(header, "arn") or invocation.arn
    invocation.trace = get_text(header, "trace") or invocation.trace
    invocation.event_size = get_size(header, "event_size")
    invocation.event = dict(frame.parts()).get("event", b"")


def end_invocation(invocation: Invocation, frame: Frame, runtime: Runtime | None) -> None:
    parts = dict(frame.parts())
    invocation.end = frame.time
    invocation.runtime = runtime or invocation.runtime  # wins over a child's, whose calls were read before
    invocation.response_size = get_size(frame.header, "response_size")
    invocation.response = parts.get("response", invocation.response)
    invocation.error = parts.get("error", invocation.error)
    invocation.status = "error" if get_text(frame.header, "status") == "error" else "ok"
    if invocation.error is None:
        # Nothing was posted: only the kind of the error is known.
        invocation.platform.error_type = get_text(frame.header, "error_type") or invocation.platform.error_type


def fail_init(init: Init, frame: Frame, runtime: Runtime | None) -> None:
    """An `invocation_end` of the init phase: its error was posted."""
    init.error = dict(frame.parts()).get("error", b"")
    if not init.platform:
        init.end = frame.time
    init.start = init.start or (runtime.start if runtime else None)


def update_call(call: Call, frame: Frame) -> None:
    """What a call's frame says, without its parts."""
    header = frame.header
    if frame.kind == "call_start":
        call.start = frame.time
        call.library = get_text(header, "library")
        call.method = call.method or get_text(header, "method")
        call.url = call.url or get_text(header, "url")
        call.proxy = get_text(header, "proxy")
        call.excluded = header.get("bodies") == "excluded"
        _set_stage(call, get_text(header, "stage"), frame.time)
    elif frame.kind == "call_stage":
        call.method = get_text(header, "method") or call.method
        call.url = get_text(header, "url") or call.url
        _set_stage(call, get_text(header, "stage"), frame.time)
    elif frame.kind == "call_response":
        call.status = get_integer(header, "status")
        _set_stage(call, "response_body", frame.time)
    else:
        _end_call(call, frame)


def _end_call(call: Call, frame: Frame) -> None:
    header = frame.header
    call.end = frame.time
    call.error_type = get_text(header, "error_type")
    call.error_message = get_text(header, "error_message")
    call.complete = header.get("complete") is not False
    call.decoded = header.get("decoded") is True
    call.request_size = get_size(header, "request_size")
    call.response_size = get_size(header, "response_size")
    _set_stage(call, get_text(header, "stage"), max(frame.time, call.stage_at))


def add_parts(call: Call, frame: Frame) -> None:
    for name, data in frame.parts():
        before = call.parts.get(name)
        if isinstance(before, bytearray):
            before += data
        else:  # most parts are one piece, which is not copied
            call.parts[name] = data if before is None else bytearray(before + data)


def add_drops(into: Invocation | Init, frame: Frame) -> None:
    add_counts(into.drops, frame.header.get("frames"))
    add_counts(into.faults, frame.header.get("faults"))
    lost_bytes = get_integer(frame.header, "bytes")
    if lost_bytes:
        add_counts(into.drops, {"bytes": lost_bytes})


def _set_stage(call: Call, stage: str, time: int) -> None:
    if stage and time >= call.stage_at:
        call.stage, call.stage_at = stage, time
