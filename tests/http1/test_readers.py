"""Requests, answers and captured bytes: one table for all, played whole, byte by byte, and with more behind it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.http1.answer import AnswerReader
from aftercall.http1.captured import read_wire
from aftercall.http1.message import ProtocolError
from aftercall.http1.request import RequestReader

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BODY = 32
OK = b"HTTP/1.1 200 OK\r\n"
POST = b"POST / HTTP/1.1\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nX: y\r\n\r\n"

BODIES = {
    "counted": (b"Content-Length: 2\r\n\r\n{}", b"{}"),
    "empty": (b"content-length: 0\r\n\r\n", b""),
    "chunked": (b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n", b"{}"),
    "trailers": (b"transfer-encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\nExpires: 0\r\nX: y\r\n\r\n", b"{}"),
    "no chunk but the last": (b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b""),
    "a chunk that looks like the last": (
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n",
        b"0\r\n\r\n",
    ),
    "sizes with zeros, capitals and blanks": (
        b"Transfer-Encoding: gzip, chunked\r\n\r\n000A \r\n0123456789\r\n00\r\n\r\n",
        b"0123456789",
    ),
    "lines that end with LF alone": (b"Transfer-Encoding: chunked\n\n2\n{}\n0\n\n", b"{}"),
}
"""What stands behind the start line, and the body in it."""

BROKEN = {
    "no chunk size": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n",
    "an empty chunk size": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n;x\r\n",
    "a chunk size beyond all bounds": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n11111111111111111\r\n",
    "a chunk longer than its size": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n",
}
"""Framing that makes no sense: captured bytes are read as far as it does."""


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _requested(data: bytes, size: int) -> list[bytes]:
    reader = RequestReader()
    return [body for piece in _pieces(data, size) for body in reader.feed(piece)]


def _answered(data: bytes, size: int) -> tuple[AnswerReader, int]:
    """The reader, and how many bytes it was fed until the answer was whole."""
    reader = AnswerReader(MAX_BODY)
    fed = 0
    for piece in _pieces(data, size):
        fed += len(piece)
        if reader.feed(piece):
            return reader, fed
    raise AssertionError("never whole")


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("size", [1, 2, 7, 1 << 20])
def test_a_body_whatever_the_pieces(name: str, size: int) -> None:
    rest, body = BODIES[name]
    assert _requested((POST + rest) * 3, size) == [body] * 3
    reader, fed = _answered(OK + rest, size)
    assert (reader.head.status, reader.body, reader.reusable, fed) == (200, body, True, len(OK + rest))
    assert read_wire(OK + rest).body == body


@pytest.mark.parametrize("name", BODIES)
def test_what_stands_behind_a_message_is_none_of_it(name: str) -> None:
    rest, body = BODIES[name]
    assert _requested(POST + rest + b"GET /", 1 << 20) == [body]
    reader, _ = _answered(OK + rest + b"HTTP/1.1 200", 1 << 20)
    assert (reader.body, reader.reusable) == (body, False)
    reader, fed = _answered(OK + rest + b"HTTP/1.1 200", 1)
    assert (reader.body, fed) == (body, len(OK + rest))
    if b"chunked" in rest.lower():  # whoever captured a counted body stopped at its end
        assert read_wire(OK + rest + b"HTTP/1.1 200").body == body


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_broken_framing_is_refused_and_of_captured_bytes_the_rest_is_read(name: str, size: int) -> None:
    with pytest.raises(ProtocolError):
        _requested(POST + BROKEN[name], size)
    with pytest.raises(ProtocolError):
        _answered(OK + BROKEN[name], size)
    assert read_wire(OK + BROKEN[name]).body == b"{}"


ANSWERS = {
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", 204, True),
    "no reason phrase": (b"HTTP/1.1 503\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", 503, True),
    "interim": (INTERIM + OK + b"Content-Length: 0\r\n\r\n", 200, True),
    "closed": (OK + b"Connection: close\r\nContent-Length: 0\r\n\r\n", 200, False),
    "old": (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, False),
    "old and kept": (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, True),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_answers_and_whether_their_connection_is_kept(name: str, size: int) -> None:
    data, status, reusable = ANSWERS[name]
    reader, fed = _answered(data, size)
    assert (reader.head.status, reader.body, reader.reusable, fed) == (status, b"", reusable, len(data))


@pytest.mark.parametrize("line", [b"1;" + b"x" * 1_000, b"0\r\n" + b"a: b\r\n" * 200, b"1\r\nx\r\n" * 200])
def test_framing_that_does_not_end_is_refused(monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    """A receiver that sends for ever within its time would fill the memory."""
    monkeypatch.setattr("aftercall.http1.answer.MAX_HEAD_BYTES", 100)
    monkeypatch.setattr("aftercall.http1.request.MAX_BODY_BYTES", 200)
    with pytest.raises(ProtocolError, match="body too long"):
        _requested(POST + b"Transfer-Encoding: chunked\r\n\r\n" + line, 10)
    reader = AnswerReader(max_body=10)
    with contextlib.suppress(ProtocolError):
        for piece in _pieces(OK + b"Transfer-Encoding: chunked\r\n\r\n" + line, 10):
            if reader.feed(piece):
                break
        else:
            raise AssertionError("it would be read for ever")


def test_without_a_length_the_end_ends_it() -> None:
    reader = AnswerReader(MAX_BODY)
    assert not reader.feed(OK + b"\r\n{")
    assert not reader.feed(b"}")
    assert reader.feed(b"")
    assert (reader.body, reader.reusable) == (b"{}", False)


@pytest.mark.parametrize(
    "head", [b"Content-Length: 1000\r\n\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n3e8\r\n"]
)
def test_a_long_body_is_cut(head: bytes) -> None:
    reader = AnswerReader(MAX_BODY)
    assert reader.feed(OK + head + b"x" * 500)
    assert (reader.body, reader.reusable) == (b"x" * MAX_BODY, False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 20",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 two\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: 9\r\n\r\n{}",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
    ],
)
def test_what_is_no_answer_is_said_to_be_none(data: bytes) -> None:
    reader = AnswerReader(MAX_BODY)
    pieces = iter([data, b""])
    with pytest.raises(ProtocolError):
        any(map(reader.feed, pieces))
    assert not reader.reusable


@given(st.lists(st.binary(max_size=40), max_size=8), st.booleans())
def test_any_bytes_come_to_an_end(pieces: list[bytes], is_answer: bool) -> None:
    reader = AnswerReader(MAX_BODY)
    try:
        for piece in [OK, *pieces] if is_answer else pieces:
            if piece and reader.feed(piece):
                return
        reader.feed(b"")
    except ProtocolError:
        assert not reader.reusable


@given(st.binary(max_size=500), st.booleans())
def test_any_bytes_are_refused_or_waited_with(data: bytes, framed: bool) -> None:
    with contextlib.suppress(ProtocolError):
        RequestReader().feed(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + data if framed else data)
