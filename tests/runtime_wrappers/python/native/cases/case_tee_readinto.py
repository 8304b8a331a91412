# mypy: ignore-errors
"""_native.tee_readinto over socket.SocketIO."""

import gc
import io
import socket
import sys
import traceback
import warnings

from _aftercall._native import Capture, tee_readinto
from subjects import kept_after, raises


def pair(limit=100):
    """(peer, file, raw, capture): what is read from file goes through the tee."""
    peer, sock = socket.socketpair()
    file = sock.makefile("rb")
    sock.close()  # the file keeps it open, as http.client does
    capture = Capture(limit)
    tee_readinto(file.raw, capture)
    return peer, file, file.raw, capture


def test_reads_are_fed():
    peer, file, _, capture = pair(5)
    with peer, file:
        peer.sendall(b"hello world\nmore")
        assert file.readline() == b"hello world\n"
        assert file.read1(100) == b"more"
        assert (capture.take(), capture.size, capture.eof) == (b"hello", 16, False)
        peer.shutdown(socket.SHUT_WR)
        assert file.read() == b""
        assert capture.eof


def test_errors_are_the_same_and_told():
    def text_of(tee, *told_to):
        peer, sock = socket.socketpair()
        sock.settimeout(0.01)
        with peer, sock, sock.makefile("rb") as file:
            if tee:
                tee_readinto(file.raw, Capture(10), *told_to)
            try:
                file.readline()
            except OSError:
                return traceback.format_exc()

    told = []
    plain = text_of(False)
    assert text_of(True) == plain
    assert text_of(True, told.append) == plain
    assert text_of(True, lambda _: 1 / 0) == plain
    faults = []
    assert text_of(True, lambda _: 1 / 0, lambda name, error: faults.append((name, type(error)))) == plain
    assert faults == [("tee_readinto", ZeroDivisionError)]
    assert [type(error) for error in told] == [socket.timeout]


def test_the_socket_is_closed_at_the_same_moment():
    gc.disable()
    try:
        peer, file, _, _ = pair()
        with peer:
            peer.settimeout(10)
            file.close()
            assert peer.recv(10) == b""
        peer, *held, capture = pair()
        before = sys.getrefcount(capture)
        with peer, warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # dropped, not closed: that is what is tested
            peer.settimeout(10)
            held.clear()
            assert peer.recv(10) == b""
        assert sys.getrefcount(capture) == before - 1
    finally:
        gc.enable()


def test_it_can_be_taken_off():
    peer, file, raw, capture = pair()
    with peer, file:
        del raw.readinto
        peer.sendall(b"x")
        assert file.read1(10) == b"x"
        assert capture.size == 0


def test_a_second_tee_replaces_the_first_and_keeps_others():
    peer, file, raw, first = pair()
    with peer, file:
        second = Capture(10)
        tee_readinto(raw, second)
        peer.sendall(b"abc")
        file.read1(10)
        assert (first.size, second.size) == (0, 3)
        del raw.readinto
        noted = []
        original = raw.readinto
        raw.readinto = lambda buffer: noted.append(len(buffer)) or original(buffer)
        tee_readinto(raw, second)
        peer.sendall(b"de")
        assert file.read1(10) == b"de"
        assert noted
        assert second.size == 5


def test_no_data_on_a_non_blocking_socket():
    peer, sock = socket.socketpair()
    with peer, sock, sock.makefile("rb") as file:
        sock.setblocking(False)
        capture = Capture(10)
        tee_readinto(file.raw, capture)
        assert file.raw.readinto(bytearray(10)) is None
        assert (capture.size, capture.eof) == (0, False)


def test_wrong_calls():
    raises(TypeError, tee_readinto, io.BytesIO(), "no capture")
    raises(AttributeError, tee_readinto, object(), Capture(1))
    peer, file, raw, _ = pair()
    held = raw.readinto
    with peer, file:
        raises(TypeError, held)
        raises(TypeError, lambda: held(nonsense=1))
    raises(ValueError, held, bytearray(1))
    del file, raw
    raises(ValueError, held, bytearray(1))


def test_nothing_is_kept():
    def run():
        peer, file, _, _ = pair()
        with peer, file:
            peer.sendall(b"abc")
            file.read1(10)

    assert kept_after(run) < 8
