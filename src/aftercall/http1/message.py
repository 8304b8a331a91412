"""Messages: heads, and how bodies are framed. The core of the readers beside it.

Each part remembers where it is: no byte is searched twice, however small the pieces are.
Lines end with CRLF, or with LF alone (RFC 9112, section 2.2).
"""

from __future__ import annotations


class ProtocolError(ValueError):
    """What came is not HTTP/1, or goes beyond the reader's bounds. `strerror` says how."""

    def __init__(self, strerror: str) -> None:
        super().__init__(strerror)
        self.strerror = strerror


def ends_of_head(data: bytes | bytearray, start: int, searched: int) -> tuple[int, int] | None:
    """Where the lines of the head at `start` end, and where its empty line does; None while that is not there.

    `searched`: up to there it was looked for in vain.
    """
    if data.startswith((b"\r\n", b"\n"), start):
        return start, data.find(b"\n", start) + 1
    blank = data.find(b"\n\r\n", searched)
    short = data.find(b"\n\n", searched, blank if blank >= 0 else len(data))
    if short >= 0:
        return short, short + 2
    return (blank, blank + 3) if blank >= 0 else None


class ReceiveBuffer:
    """Bytes are added at the end and taken from the front, which CPython's bytearray does without moving the rest."""

    __slots__ = ("_bytes", "_searched")

    def __init__(self, data: bytes = b"") -> None:
        self._bytes = bytearray(data)
        self._searched = 0
        """So many of the bytes were searched in vain for the end of a line or head."""

    def __len__(self) -> int:
        return len(self._bytes)

    def add(self, data: bytes) -> None:
        self._bytes += data

    def skip(self, data: bytes) -> bool:
        """Take these bytes if they come next."""
        comes = self._bytes.startswith(data)
        if comes:
            self._let_go(len(data))
        return comes

    def take(self, length: int) -> bytes:
        """At most that many bytes."""
        taken = bytes(self._bytes[:length])
        self._let_go(length)
        return taken

    def take_line(self) -> bytes | None:
        """The next line without its end; None while it is not whole."""
        end = self._bytes.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._bytes)
            return None
        line = bytes(self._bytes[:end]).rstrip(b"\r")
        self._let_go(end + 1)
        return line

    def take_head(self) -> list[bytes] | None:
        """The lines up to an empty one, which is taken too; None while that is not there. A CR stays at their end."""
        ends = ends_of_head(self._bytes, 0, max(0, self._searched - 2))
        if ends is None:
            self._searched = len(self._bytes)
            return None
        lines = bytes(self._bytes[: ends[0]]).split(b"\n")
        self._let_go(ends[1])
        return lines

    def _let_go(self, length: int) -> None:
        del self._bytes[:length]
        self._searched = 0


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
    start_line = _text(head[0]).rstrip("\r") if head else ""
    is_start = _is_start_line(start_line)
    headers: list[tuple[str, str]] = []
    for line in head[1:] if is_start else head:
        field = _fields.get(line)
        if field is not None:
            headers.append(field)
        else:
            _add_header(headers, line)
    return Message(start_line if is_start else "", headers, b"")


def _text(line: bytes) -> str:
    """UTF-8 if it is valid, else Latin-1 (RFC 9110, section 5.5)."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _is_start_line(line: str) -> bool:
    if line.startswith("HTTP/"):
        return True
    words = line.split(" ")
    return len(words) >= 3 and words[-1].startswith("HTTP/") and ":" not in words[0]


def _add_header(headers: list[tuple[str, str]], line: bytes) -> None:
    text = _text(line)
    if text[:1] in {" ", "\t"}:  # obsolete folding: the line continues the field before
        if headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {text.strip()}")
        return
    name, colon, value = text.partition(":")
    if colon and name.strip():
        headers.append((name.strip(), value.strip()))
        _remember(line, headers[-1])


_fields: dict[bytes, tuple[str, str]] = {}
"""Lines and the headers that they are: most come again with each call."""

MAX_REMEMBERED = 512
MAX_REMEMBERED_BYTES = 256


def _remember(line: bytes, field: tuple[str, str]) -> None:
    if len(line) <= MAX_REMEMBERED_BYTES:
        if len(_fields) >= MAX_REMEMBERED:
            _fields.clear()
        _fields[line] = field


class CountedBody:
    """A body of a known length, or one that lasts until the connection ends (`length` None)."""

    def __init__(self, length: int | None) -> None:
        self.body = bytearray()
        self._length = length

    def read(self, buffer: ReceiveBuffer) -> bool:
        """Take what is there. Returns whether the body is whole."""
        self.body += buffer.take(len(buffer) if self._length is None else self._length - len(self.body))
        return len(self.body) == self._length


_SIZE, _DATA, _DATA_END, _TRAILERS, _NOTHING = range(5)


class ChunkedBody:
    """A body in chunk framing (RFC 9112, section 7.1). Framing and body together may have `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self.body = bytearray()
        self._bytes_left = max_bytes
        self._awaited = _SIZE
        self._chunk_left = 0

    def read(self, buffer: ReceiveBuffer) -> bool:
        """Take what is there. Returns whether the body is whole, the trailers behind it included."""
        before = len(buffer)
        if before > self._bytes_left:
            raise ProtocolError("body too long")
        while self._awaited != _NOTHING and self._read_part(buffer):
            pass
        self._bytes_left -= before - len(buffer)
        return self._awaited == _NOTHING

    def _read_part(self, buffer: ReceiveBuffer) -> bool:
        """False when it is not there yet."""
        if self._awaited == _DATA:
            return self._read_data(buffer)
        line = buffer.take_line()
        if line is None:
            return False
        if self._awaited == _SIZE:
            self._chunk_left = _chunk_size(line)
            if self._chunk_left:
                self._awaited = _DATA
                return self._read_data(buffer)
            self._awaited = _TRAILERS
        elif self._awaited == _DATA_END:
            if line:
                raise ProtocolError("bad end of a chunk")
            self._awaited = _SIZE
        elif not line:
            self._awaited = _NOTHING
        return True

    def _read_data(self, buffer: ReceiveBuffer) -> bool:
        data = buffer.take(self._chunk_left)
        self.body += data
        self._chunk_left -= len(data)
        if not self._chunk_left:
            self._awaited = _SIZE if buffer.skip(b"\r\n") else _DATA_END
        return bool(data)


def _chunk_size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 16 or digits.strip(b"0123456789abcdefABCDEF"):
        raise ProtocolError("bad chunk size")
    return int(digits, 16)
