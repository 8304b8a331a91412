"""Reading takes time that grows with the bytes, however many pieces they come in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from aftercall.http1.answer import AnswerReader
from aftercall.http1.captured import read_wire
from aftercall.http1.request import RequestReader
from aftercall.masking.rules import Rules
from aftercall.pipeline.coded_body import redact_coded_bodies
from aftercall.pipeline.from_frames import add_parts
from aftercall.pipeline.model import Call
from aftercall.recognition.events import trigger_of
from aftercall.spool.frames import Frame
from tests.cpu_time import least_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def _each(data: bytes, step: int = 1) -> Iterator[bytes]:
    return (data[at : at + step] for at in range(0, len(data), step))


def _request(head: bytes, rest: bytes, step: int) -> None:
    reader = RequestReader()
    found = [body for piece in _each(head + rest, step) for body in reader.feed(piece)]
    assert found


def _answer(head: bytes, rest: bytes, step: int) -> None:
    reader = AnswerReader(max_body=10**9)
    assert any(reader.feed(piece) for piece in _each(head + rest, step))


def _parts(size: int) -> None:
    call = Call("1" * 16)
    header = {"kind": "call_end", "time": 1, "parts": [["response_body", 100]]}
    for _ in range(size // 100):
        add_parts(call, Frame(header, b"x" * 100))
    assert len(call.parts["response_body"]) == size // 100 * 100


READERS: dict[str, tuple[int, Callable[[int], None]]] = {
    "a request in chunks of one byte": (5_000, lambda size: _request(HEAD, b"1\r\nx\r\n" * size + b"0\r\n\r\n", 60)),
    "each byte of it alone": (2_000, lambda size: _request(HEAD, b"1\r\nx\r\n" * size + b"0\r\n\r\n", 1)),
    "one chunk, each byte alone": (4_000, lambda size: _request(HEAD, b"%x\r\n%b\r\n0\r\n\r\n" % (size, b"x" * size), 1)),
    "long trailers, each byte alone": (4_000, lambda size: _request(HEAD, b"0\r\n" + b"a: b\r\n" * (size // 6) + b"\r\n", 1)),
    "a long chunk extension": (4_000, lambda size: _request(HEAD, b"1;" + b"e" * size + b"\r\nx\r\n0\r\n\r\n", 1)),
    "many requests at once": (5_000, lambda size: _request(b"", b"GET / HTTP/1.1\r\n\r\n" * (size // 4), 10**9)),
    "an answer in chunks of one byte": (5_000, lambda size: _answer(ANSWER, b"1\r\nx\r\n" * size + b"0\r\n\r\n", 60)),
    "each byte of that alone": (2_000, lambda size: _answer(ANSWER, b"1\r\nx\r\n" * size + b"0\r\n\r\n", 1)),
    "one chunk of it, each byte alone": (4_000, lambda size: _answer(ANSWER, b"%x\r\n%b\r\n0\r\n\r\n" % (size, b"x" * size), 1)),
    "an answer's long head": (3_000, lambda size: _answer(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * (size // 6) + b"content-length: 0\r\n\r\n", 1)),
    "interim answers": (5_000, lambda size: _answer(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * (size // 4) + ANSWER + b"0\r\n\r\n", 10**9)),
    "parts of a call": (500_000, _parts),
    "interim heads of a call": (50_000, lambda size: _wire(b"HTTP/1.1 100 Continue\r\n\r\n" * (size // 25))),
    "blanks behind a media type's name": (2_000, lambda size: _coded(b'{\\"content-type\\":' + b" " * size)),
    "blanks in a list of media types": (2_000, lambda size: _coded(b'{\\"content-type\\":[' + b" " * size)),
    "blanks behind the flag's name": (4_000, lambda size: _coded(b'\\"isBase64Encoded\\":' + b" " * size)),
    "backslashes behind a media type's name": (4_000, lambda size: _coded(b'{\\"content-type' + b"\\" * size)),
    "backslashes in a body": (4_000, lambda size: _coded(b'\\"body\\": \\"' + b"\\" * size)),
    "names of bodies": (4_000, lambda size: _coded(b'\\"body\\":\\"' * (size // 10))),
    "escapes in a cut event": (15_000, lambda size: _event(b'{"Records":[{"messageId":"1","body":"' + b'\\"' * (size // 2))),
    "strings in a cut event": (15_000, lambda size: _event(b'{"Records":[' + b'"",' * (size // 3))),
    "lists in a cut event": (15_000, lambda size: _event(b'{"Records":[' + b"[]," * (size // 3))),
    "a cut event that is deep": (15_000, lambda size: _event(b'{"a":' * (size // 5))),
    "names in a message": (15_000, lambda size: _event(b'{"detail-type":"a","source":"b","detail":{' + b",".join(b'"traceparent%d":1' % n for n in range(size // 18)) + b"}}")),
    "names of media types": (4_000, lambda size: _coded(b'\\"content-type\\":' * (size // 10))),
}  # fmt: skip
TIMES, MORE_THAN_LINEAR = 16, 80
"""For 16 times the size: 256 times the time would be quadratic, and a busy machine's caches make 16 times into 40."""


def _wire(interim: bytes) -> None:
    assert read_wire(interim + b"HTTP/1.1 200 OK\r\n\r\nbody").body == b"body"


def _event(event: bytes) -> None:
    trigger = trigger_of(event)
    assert trigger is None or trigger.source in {"sqs", "eventbridge"}


def _coded(body: bytes) -> None:
    """A body that a caller can put into an HTTP event."""
    event = b'{"headers":{},"isBase64Encoded":true,"body":"' + body + b'"}'
    assert redact_coded_bodies(event, Rules(), "event", truncated=False)


def _seconds(read: Callable[[int], None], size: int) -> float:
    return least_seconds(partial(read, size))


@pytest.mark.parametrize("name", READERS)
def test_time_grows_with_the_bytes(name: str) -> None:
    size, read = READERS[name]
    # A busy machine may slow down one of the two; what is quadratic is so each time.
    ratios = (_seconds(read, TIMES * size) / _seconds(read, size) for _ in range(3))
    assert any(ratio < MORE_THAN_LINEAR for ratio in ratios)
