# mypy: ignore-errors
"""_native.Capture."""

import array
import mmap

from _aftercall._native import Capture
from subjects import kept_after, raises


def test_keeps_the_first_bytes_and_counts_all():
    capture = Capture(5)
    for data in (b"ab", bytearray(b"cd"), memoryview(b"efgh"), array.array("H", [0]), b""):
        capture.feed(data)
    assert (capture.size, capture.full) == (10, True)
    assert capture.take() == b"abcde"
    assert capture.take() == b""
    capture.feed(b"more")
    assert (capture.size, capture.take()) == (14, b"")


def test_what_was_taken_counts_towards_the_limit():
    capture = Capture(5)
    capture.feed(b"abc")
    assert capture.take() == b"abc"
    assert not capture.full
    capture.feed(b"defg")
    assert capture.take() == b"de"
    assert capture.full


def test_a_limit_of_zero_counts_only():
    capture = Capture(0)
    assert capture.full
    capture.feed(b"abc")
    assert (capture.size, capture.take()) == (3, b"")


def test_wire_counts_from_the_end_of_the_head():
    for head in (b"GET / HTTP/1.1\r\nA: b\r\n\r\n", b"GET / HTTP/1.1\nA: b\n\n", b"GET /\r\nA: b\n\r\n"):
        for step in (1, 2, 3, 100):
            capture = Capture(4, True)
            wire = head + b"0123456789"
            for at in range(0, len(wire), step):
                capture.feed(wire[at : at + step])
            assert capture.take() == head + b"0123", (head, step)
            assert (capture.size, capture.head_size, capture.full) == (len(wire), len(head), True)


def test_wire_survives_a_take_in_the_head():
    capture = Capture(2, wire=True)
    capture.feed(b"HTTP/1.1 200 OK\r\nA:")
    assert capture.take() == b"HTTP/1.1 200 OK\r\nA:"
    capture.feed(b" b\r\n\r\nxyz")
    assert capture.take() == b" b\r\n\r\nxy"
    assert capture.head_size == 25


def test_wire_without_a_blank_line_ends_at_64_kib():
    capture = Capture(10, True)
    for _ in range(100):
        capture.feed(b"x" * 1000)
    assert len(capture.take()) == 65536
    capture.feed(b"\r\n\r\nbody")
    assert (capture.take(), capture.head_size, capture.full) == (b"", 0, True)


def test_a_head_at_the_very_limit():
    head = b"a" * (65536 - 4) + b"\r\n\r\n"
    capture = Capture(3, True)
    capture.feed(head + b"12345")
    assert capture.take() == head + b"123"


def test_the_first_line_may_be_empty_or_missing():
    capture = Capture(1, True)
    capture.feed(b"\r\nHTTP/1.1 200 OK\r\n\r\nxyz")
    assert capture.take() == b"\r\nHTTP/1.1 200 OK\r\n\r\nx"


def test_what_is_no_buffer_is_refused():
    raises(TypeError, Capture(5).feed, "text")
    raises(TypeError, Capture(5).feed, None)
    raises(BufferError, Capture(5).feed, memoryview(b"abcdef")[::2])
    raises(ValueError, Capture, -1)
    raises(TypeError, Capture)


def test_buffers_are_released():
    data = bytearray(b"abc")
    capture = Capture(10)
    capture.feed(data)
    data.append(1)  # BufferError while somebody holds it
    with mmap.mmap(-1, 100) as mapped:
        capture.feed(mapped)


def test_a_huge_limit_takes_no_memory_by_itself():
    capture = Capture(1 << 62, True)
    capture.feed(b"x\r\n\r\n")
    assert not capture.full


def test_nothing_is_kept():
    def run():
        capture = Capture(100_000)
        for _ in range(20):
            capture.feed(b"x" * 3000)
        capture.take()
        capture.feed(b"y")

    assert kept_after(run) < 8
