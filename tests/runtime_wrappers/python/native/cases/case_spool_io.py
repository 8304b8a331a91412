# mypy: ignore-errors
"""_native.append and the other system calls of the spool's writer (SPOOL_FORMAT, "Segments")."""

import errno
import os
import re
import resource
import signal
import stat
import sys
import tempfile
import threading
import time

from _aftercall._native import append, folder_size, getpid, now, rename, span_id
from subjects import raises


def folder():
    return tempfile.TemporaryDirectory(prefix="aftercall-io-")


def path_in(name, file="1-2-3.open"):
    return os.fsencode(name) + b"/" + file.encode()


def test_created_once_and_appended():
    with folder() as name:
        path = path_in(name)
        assert append(path, False, [b"x"]) == errno.ENOENT
        assert append(path, True, (b"a", b"", b"bc")) == 0
        assert append(path, True, [b"x"]) == errno.EEXIST
        assert append(path, False, [b"def"] * 32) == 0
        with open(path, "rb") as file:
            assert file.read() == b"abc" + b"def" * 32
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_no_links_are_followed():
    with folder() as name:
        target, link = path_in(name, "target"), path_in(name)
        assert append(target, True, [b"x"]) == 0
        os.symlink(target, link)
        assert append(link, False, [b"y"]) == errno.ELOOP
        assert append(link, True, [b"y"]) == errno.EEXIST


def test_no_descriptor_is_left_open():
    with folder() as name:
        before = os.listdir("/proc/self/fd")
        for _ in range(100):
            append(path_in(name), True, [b"x"])
            append(path_in(name), False, [b"x"])
            append(path_in(name, "missing/x"), False, [b"x"])
            folder_size(os.fsencode(name))
        assert os.listdir("/proc/self/fd") == before


def test_a_short_write_is_told():
    read, write = resource.getrlimit(resource.RLIMIT_FSIZE)
    with folder() as name:
        assert append(path_in(name), True, [b"x" * 90]) == 0
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, write))
        try:
            assert append(path_in(name), False, [b"y" * 50]) == -1
            assert append(path_in(name), False, [b"y"]) == errno.EFBIG
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (read, write))


def test_what_user_code_replaced_does_not_matter():
    def broken(*_args, **_kwargs):
        raise AssertionError

    with folder() as name:
        saved = os.open, os.write, os.getpid, time.time_ns
        os.open = os.write = os.getpid = time.time_ns = broken
        try:
            assert append(path_in(name), True, [b"x"]) == 0
            assert getpid() > 0
            assert now() > 0
        finally:
            os.open, os.write, os.getpid, time.time_ns = saved


def test_audit_hooks_hear_nothing():
    heard = []
    listening = [True]
    sys.addaudithook(lambda event, _args: heard.append(event) if listening[0] else None)
    with folder() as name:
        del heard[:]
        append(path_in(name), True, [b"x"])
        rename(path_in(name), path_in(name, "1-2-3.ready"))
        folder_size(os.fsencode(name))
        listening[0] = False
    assert [event for event in heard if not event.startswith(("os.", "object.", "shutil", "tempfile"))] == []
    assert "open" not in heard
    assert "os.rename" not in heard


def test_frames_of_threads_are_whole():
    with folder() as name:
        path = path_in(name)
        append(path, True, [b""])

        def write(letter):
            for _ in range(200):
                assert append(path, False, [letter * 50, letter * 49 + b"\n"]) == 0

        threads = [threading.Thread(target=write, args=(bytes([letter]),)) for letter in b"abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with open(path, "rb") as file:
            lines = file.read().splitlines()
        assert len(lines) == 800
        assert {len(line) for line in lines} == {99}
        assert all(len(set(line)) == 1 for line in lines)


def test_signals_do_not_break_a_write():
    with folder() as name:
        count = []
        previous = signal.signal(signal.SIGALRM, lambda *_: count.append(1))
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        try:
            append(path_in(name), True, [b""])
            deadline = time.monotonic() + 10
            written = 0
            while len(count) < 20 and time.monotonic() < deadline:
                assert append(path_in(name), False, [b"x" * 100_000]) == 0
                written += 100_000
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
        assert os.path.getsize(path_in(name)) == written


def test_rename():
    with folder() as name:
        assert rename(path_in(name), path_in(name, "b")) == errno.ENOENT
        append(path_in(name), True, [b"x"])
        assert rename(path_in(name), path_in(name, "b")) == 0
        assert os.listdir(name) == ["b"]


def test_folder_size_counts_regular_files():
    with folder() as name:
        here = os.fsencode(name)
        assert folder_size(here) == 0
        append(path_in(name, "a"), True, [b"x" * 1000])
        append(path_in(name, "b"), True, [b"x" * 24])
        os.mkdir(path_in(name, "directory"))
        os.symlink("/proc/self/exe", path_in(name, "link"))
        os.mkfifo(path_in(name, "fifo"))
        assert folder_size(here) == 1024
    assert folder_size(here) == -errno.ENOENT
    assert folder_size(b"/proc/self/exe") == -errno.ENOTDIR


def test_wrong_calls():
    raises(TypeError, append, "text", True, [])
    raises(TypeError, append, b"x", True, 5)
    raises(TypeError, append, b"/nowhere/x", True, ["text"])
    raises(ValueError, append, b"/nowhere/x", True, [b""] * 33)
    raises(ValueError, append, b"with\0zero", True, [])


def test_process_clock_and_chance():
    assert getpid() == os.getpid()
    before = time.time_ns()
    assert before <= now() <= time.time_ns()
    ids = {span_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert all(re.fullmatch("[0-9a-f]{16}", found) for found in ids)
    assert "0" * 16 not in ids
    child = os.fork()
    if child == 0:
        os._exit(0 if getpid() == os.getpid() and span_id() not in ids else 1)
    assert os.waitpid(child, 0)[1] == 0
