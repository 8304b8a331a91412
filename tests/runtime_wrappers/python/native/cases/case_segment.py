# mypy: ignore-errors
"""What reaches the system, and what does not. What is in the segments, test_writer.py looks at."""

import os
import sys
import tempfile
import time

from _aftercall._native import SegmentWriter, now
from _aftercall.spool import Writer
from subjects import raises


def folder():
    return tempfile.TemporaryDirectory(prefix="aftercall-segment-")


def use_everything(writer):
    for number in range(3):
        writer.begin_invocation()
        assert writer.write("note", number, "r", "", (("event", b"x" * 50_000),))
        assert writer.write("call_end", number, "r")
        writer.ring()
        writer.give_up()


def test_what_user_code_replaced_does_not_matter():
    def broken(*_args, **_kwargs):
        raise AssertionError

    with folder() as name:
        saved = os.open, os.write, os.getpid, time.time_ns
        os.open = os.write = os.getpid = time.time_ns = broken
        try:
            use_everything(Writer(name, "3.x", "0"))
            assert now() > 0
        finally:
            os.open, os.write, os.getpid, time.time_ns = saved


def test_audit_hooks_hear_nothing():
    heard = []
    listening = [False]
    sys.addaudithook(lambda event, _args: heard.append(event) if listening[0] else None)
    with folder() as name:
        writer = Writer(name, "3.x", "0")
        listening[0] = True
        use_everything(writer)
        listening[0] = False
    assert [event for event in heard if not event.startswith("object.")] == []


def test_nothing_is_left_open_or_mapped():
    def held():
        with open("/proc/self/maps") as maps:
            return sorted(os.listdir("/proc/self/fd")), [line for line in maps if "aftercall-segment" in line]

    with folder() as name:
        before = held()
        writer = Writer(name, "3.x", "0")
        use_everything(writer)
        assert held() == before
        assert writer.write("note", 1, "r")
        assert len(held()[1]) == 1
        del writer
        assert held() == before


def test_a_path_that_is_too_long_is_off():
    writer = Writer("/tmp/" + "x" * 5000, "3.x", "0")
    assert not writer.write("note", 1, "r")
    assert writer.off == "off"


def test_wrong_calls():
    writer = Writer("/nowhere", "3.x", "0")
    raises(TypeError, writer.begin_process, "text")
    raises(ValueError, writer.begin_process, b"with\0zero")
    raises(TypeError, writer.write, "note", "no time", "r")
    raises(AttributeError, SegmentWriter().write, "note", 1, "r")


def test_the_clock():
    before = time.time_ns()
    assert before <= now() <= time.time_ns()
