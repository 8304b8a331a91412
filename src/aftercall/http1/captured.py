"""Takes apart HTTP/1 bytes that a wrapper captured: heads, chunk framing, content coding.

They may be cut at any byte, may begin with 1xx heads, and their start line may be missing (SPOOL_FORMAT.md,
`request_wire` and `response_wire`). Whatever they are, something is returned: what cannot be understood is left out.
"""

from __future__ import annotations

from aftercall.http1.message import ChunkedBody, Message, ProtocolError, ReceiveBuffer, ends_of_head, message_of

MAX_HEADERS = 256
"""Clients themselves stop at 100 to 200: this bounds what a hostile peer costs us."""

MAX_DECODED_BYTES = 65_536
"""A few compressed KB can hold megabytes, and people read their beginning."""


def read_wire(wire: bytes) -> Message:
    """The final message: interim heads are skipped, chunk framing is undone."""
    message, at = _head_at(wire, 0)
    while _is_interim(message, wire, at):
        message, at = _head_at(wire, at)
    message.body = _unchunked(ReceiveBuffer(wire[at:])) if message.is_chunked else wire[at:]
    return message


def read_head(head: bytes) -> Message:
    """A `request_head` or `response_head` part: no body follows."""
    return _head_at(head, 0)[0]


def undo_coding(body: bytes, coding: str) -> tuple[bytes, bool] | None:
    """The beginning of the body without its Content-Encoding, and whether that is all; None if it cannot be decoded."""
    if not coding:
        return body, True
    names = [name.strip().lower() for name in coding.split(",") if name.strip().lower() not in {"", "identity"}]
    decoded, whole = body, True
    for name in reversed(names):
        one = _undo_one_coding(decoded, name)
        if one is None:
            return None
        decoded, whole = one[0], whole and one[1]
    return decoded, whole


def _undo_one_coding(body: bytes, name: str) -> tuple[bytes, bool] | None:
    # 32 + 15: gzip and zlib headers are both recognised. Servers that say "deflate" send either zlib or raw deflate.
    windows = {"gzip": (47,), "x-gzip": (47,), "deflate": (47, -15)}.get(name, ())
    if not windows:
        return None
    import zlib  # noqa: PLC0415 - only where a body is compressed

    for window in windows:
        stream = zlib.decompressobj(window)
        try:
            decoded = stream.decompress(body, MAX_DECODED_BYTES)
        except zlib.error:
            continue
        return decoded, stream.eof and not stream.unused_data
    return None


def _unchunked(buffer: ReceiveBuffer) -> bytes:
    """The body up to where the framing ends, is cut, or is not valid."""
    chunks = ChunkedBody(len(buffer))
    try:  # noqa: SIM105 - contextlib would be an import
        chunks.read(buffer)
    except ProtocolError:
        pass
    return bytes(chunks.body)


def _head_at(wire: bytes, start: int) -> tuple[Message, int]:
    """The head's message, and where what follows it begins."""
    ends = ends_of_head(wire, start, start)
    if ends is None:  # the head is cut, so its last line may be half a header
        lines, end = wire[start:].split(b"\n")[:-1], len(wire)
    else:
        lines, end = wire[start : ends[0]].split(b"\n"), ends[1]
    return message_of(lines[: MAX_HEADERS + 1]), end


def _is_interim(message: Message, wire: bytes, at: int) -> bool:
    if message.start_line.startswith("HTTP/"):
        status = message.status or 0
        return 100 <= status < 200 and status != 101
    # The client read the interim start line itself: instead of a body the next head follows.
    return not message.start_line and wire.startswith(b"HTTP/1.", at)
