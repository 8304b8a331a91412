"""One HTTP/1 message: start line, headers, body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.http1.framing import ProtocolError

if TYPE_CHECKING:
    from aftercall.http1.framing import ReceiveBuffer


class Message:
    """A request or a response. `start_line` may be empty; `body` has no framing, but still its content coding."""

    __slots__ = ("_first", "body", "headers", "start_line")

    def __init__(self, start_line: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.start_line = start_line
        self.headers = headers
        self.body = body
        self._first = {key.lower(): value for key, value in reversed(headers)}

    def header(self, name: str) -> str:
        """The first value of a field, `name` in lower case; empty when there is none."""
        return self._first.get(name, "")

    @property
    def is_chunked(self) -> bool:
        return "chunked" in self.header("transfer-encoding").lower()

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
        is_status = words[0].startswith("HTTP/") and len(code) == 3 and code.isascii() and code.isdigit()
        return int(code) if is_status else None


def take_message(buffer: ReceiveBuffer, max_bytes: int) -> Message | None:
    """The message whose head the buffer begins with, without its body; None while the head is not whole."""
    lines = buffer.take_head()
    if lines is not None:
        return message_of(lines)
    if len(buffer) > max_bytes:
        raise ProtocolError("head too long")
    return None


def message_of(head: list[bytes]) -> Message:
    """A head's lines as a message. What is not a header is left out."""
    lines = list(map(_text, head))
    start_line = lines.pop(0) if lines and _is_start_line(lines[0]) else ""
    headers: list[tuple[str, str]] = []
    for line in lines:
        _add_header(headers, line)
    return Message(start_line, headers, b"")


def _text(line: bytes) -> str:
    """As its sender meant it: UTF-8 where it can be read as such, else Latin-1 (RFC 9110, section 5.5)."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _is_start_line(line: str) -> bool:
    if line.startswith("HTTP/"):
        return True
    words = line.split(" ")
    return len(words) >= 3 and words[-1].startswith("HTTP/") and ":" not in words[0]


def _add_header(headers: list[tuple[str, str]], line: str) -> None:
    if line[:1] in {" ", "\t"}:  # obsolete folding: it belongs to the field before
        if headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}")
        return
    name, colon, value = line.partition(":")
    if colon and name.strip():
        headers.append((name.strip(), value.strip()))
