"""Wire bytes as wrappers capture them: cut anywhere, with interim heads, without a start line."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.http1 import message
from aftercall.http1.captured import read_wire, undo_coding

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Folded: a\r\n b\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_head_and_body() -> None:
    message = read_wire(HEAD + b"hello")
    assert (message.status, message.protocol, message.body) == (200, "1.1", b"hello")
    assert message.headers == [("Content-Type", "text/plain"), ("X-Folded", "a b")]


@pytest.mark.parametrize(
    "interim", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"]
)
def test_interim_heads_are_skipped(interim: bytes) -> None:
    message = read_wire(interim * 2 + HEAD + b"x")
    assert (message.status, message.body) == (200, b"x")


def test_switching_protocols_is_final() -> None:
    assert read_wire(b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x00\x01").status == 101


def test_a_start_line_that_the_client_read_itself_is_missing() -> None:
    message = read_wire(b"Content-Length: 2\r\n\r\nok")
    assert (message.status, message.headers, message.body) == (None, [("Content-Length", "2")], b"ok")


def test_a_head_cut_in_a_header_leaves_that_header_out() -> None:
    message = read_wire(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nAuthoriz")
    assert message.headers == [("Content-Type", "text/plain")]


def test_a_head_that_comes_again_is_the_same_again() -> None:
    message._fields.clear()
    again = HEAD.replace(b"\r\n", b"\n")
    assert read_wire(HEAD).headers == read_wire(HEAD).headers == read_wire(again).headers == read_wire(again).headers
    bare = HEAD.replace(b" b\r\n", b"")
    assert read_wire(bare).headers == [("Content-Type", "text/plain"), ("X-Folded", "a")]


def test_remembered_lines_are_few_and_short() -> None:
    for number in range(3 * message.MAX_REMEMBERED):
        wire = b"HTTP/1.1 200 OK\r\nX-%d: 1\r\nX-Long: %b\r\n\r\n" % (number, b"%d" % number * 100)
        assert len(read_wire(wire).headers) == 2
    assert len(message._fields) <= message.MAX_REMEMBERED
    assert max(map(len, message._fields)) <= message.MAX_REMEMBERED_BYTES


def test_chunk_framing_is_undone_up_to_the_cut() -> None:
    framed = b"5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    for cut in range(len(framed) + 1):
        assert b"hello world".startswith(read_wire(CHUNKED + framed[:cut]).body)
    assert read_wire(CHUNKED + framed).body == b"hello world"


def test_a_gzip_prefix_is_decoded_as_far_as_it_goes() -> None:
    plain = b"0123456789" * 500
    packed = gzip.compress(plain)
    assert undo_coding(packed, "gzip") == (plain, True)
    half = undo_coding(packed[: len(packed) // 2], "gzip")
    assert half is not None
    assert plain.startswith(half[0])
    assert not half[1]
    assert undo_coding(b"not gzip", "gzip") is None
    assert undo_coding(b"x", "br") is None


def test_a_gzip_bomb_costs_its_beginning_alone() -> None:
    decoded = undo_coding(gzip.compress(bytes(50_000_000)), "gzip")
    assert decoded is not None
    assert len(decoded[0]) == 65_536
    assert not decoded[1]


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate", "br", "gzip, deflate", "x"]))
def test_whatever_was_captured_nothing_raises(data: bytes, coding: str) -> None:
    for wire in (data, HEAD + data, CHUNKED + data):
        assert len(read_wire(wire).body) <= len(wire)
    undo_coding(data, coding)
