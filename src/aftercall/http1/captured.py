"""Takes apart HTTP/1.x bytes as they crossed the wire: heads, chunk framing, content coding.

Input is what a wrapper captured, so it may be cut at any byte, may begin with 1xx heads, and its start line may be
missing (SPOOL_FORMAT.md, `request_wire` and `response_wire`). Whatever comes in, something comes out: what cannot be
understood is left out, and nothing here raises.
"""

from __future__ import annotations

MAX_HEADERS = 256
"""Clients themselves stop at 100 to 200; this only bounds what a hostile peer costs us."""

MAX_DECODED_BYTES = 65_536
"""A few compressed KB can hold megabytes: what a person will read of them is the beginning."""


class Message:
    """One request or response. `start_line` may be empty; `body` is without framing, still content-coded."""

    __slots__ = ("_first", "body", "headers", "start_line")

    def __init__(self, start_line: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.start_line = start_line
        self.headers = headers
        self.body = body
        self._first = {key.lower(): value for key, value in reversed(headers)}

    def header(self, name: str) -> str:
        """The first value of a field, whatever its case; empty when there is none."""
        return self._first.get(name, "")

    @property
    def protocol(self) -> str:
        """`1.1` and the like; empty where the start line is not known."""
        words = self.start_line.split(" ")
        version = words[0] if words[0].startswith("HTTP/") else words[-1]
        return version[5:] if version.startswith("HTTP/") else ""

    @property
    def status(self) -> int | None:
        words = self.start_line.split(" ")
        code = words[1] if len(words) > 1 else ""
        return int(code) if words[0].startswith("HTTP/") and len(code) == 3 and _is_decimal(code) else None


def read_wire(wire: bytes) -> Message:
    """The final message of what was captured: interim heads skipped, chunk framing undone."""
    message, end = _read_head(wire, 0)
    while _is_interim(message, wire, end):
        message, end = _read_head(wire, end)
    chunked = "chunked" in message.header("transfer-encoding").lower()
    message.body = undo_chunks(wire[end:]) if chunked else wire[end:]
    return message


def read_head(head: bytes) -> Message:
    """A `request_head` or `response_head` part: no body follows."""
    return _read_head(head, 0)[0]


def undo_chunks(framed: bytes) -> bytes:
    """The bytes inside chunk framing, up to where the framing ends, is cut, or makes no sense."""
    found = []
    offset = 0
    while (line_end := framed.find(b"\n", offset)) >= 0:
        digits = framed[offset:line_end].split(b";")[0].strip()
        size = _hexadecimal(digits)
        if not size:  # the last chunk, or no chunk size at all
            break
        start = line_end + 1
        found.append(framed[start : start + size])
        offset = start + size
        offset += 2 if framed[offset : offset + 1] == b"\r" else 1
    return b"".join(found)


def undo_coding(body: bytes, coding: str) -> tuple[bytes, bool] | None:
    """The body's beginning as it was before Content-Encoding, and whether that is all; None where it cannot be had."""
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


def _is_interim(message: Message, wire: bytes, end: int) -> bool:
    status = message.status
    if status is not None:
        return 100 <= status < 200 and status != 101
    # A client that read the interim start line itself: the next head follows at once, where a body would stand.
    return not message.start_line and wire.startswith(b"HTTP/1.", end)


def _read_head(wire: bytes, offset: int) -> tuple[Message, int]:
    """The head that begins there, and where its blank line ends."""
    blank = wire.find(b"\r\n\r\n", offset)
    head = wire[offset:blank] if blank >= 0 else b""
    ends = head.count(b"\r\n")
    if head and head[:1] not in b"\r\n" and head.count(b"\n") == ends == head.count(b"\r"):  # as all but the oddest are
        return _message_of(list(map(_text, head.split(b"\r\n")))), blank + 4
    lines: list[str] = []
    while (line_end := wire.find(b"\n", offset)) >= 0:
        line = wire[offset:line_end].rstrip(b"\r")
        offset = line_end + 1
        if not line:
            return _message_of(lines), offset
        lines.append(_text(line))
    # Cut within the head: a last line without its end cannot be trusted, a header's value may be half of it.
    return _message_of(lines), len(wire)


def _text(line: bytes) -> str:
    """As its sender meant it: as UTF-8 where it is that, else as Latin-1 (RFC 9110, section 5.5)."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _message_of(lines: list[str]) -> Message:
    start_line = lines.pop(0) if lines and _is_start_line(lines[0]) else ""
    headers: list[tuple[str, str]] = []
    for line in lines:
        _add_header(headers, line)
    return Message(start_line, headers, b"")


def _is_start_line(line: str) -> bool:
    if line.startswith("HTTP/"):
        return True
    words = line.split(" ")
    return len(words) >= 3 and words[-1].startswith("HTTP/") and ":" not in words[0]


def _add_header(headers: list[tuple[str, str]], line: str) -> None:
    if line[0] in " \t":  # obsolete folding: it belongs to the field before
        if headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}")
        return
    name, colon, value = line.partition(":")
    if colon and name.strip() and len(headers) < MAX_HEADERS:
        headers.append((name.strip(), value.strip()))


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _hexadecimal(digits: bytes) -> int:
    """The number, or 0 where there is none; 16 digits are more than any body has."""
    if not digits or len(digits) > 16 or digits.strip(b"0123456789abcdefABCDEF"):
        return 0
    return int(digits, 16)
