"""The writer: segments, bounds and losses, as SPOOL_FORMAT.md tells them. No hook and no runtime client takes part."""

from __future__ import annotations

import os

import pytest

WRITER = """
import sys, os, signal, threading
sys.path.insert(0, {wrapper!r})
from _aftercall import spool
from _aftercall.spool import fields
folder = os.environ["AFTERCALL_SPOOL_DIR"]
writer = spool.writer = spool.Writer(folder, "3.x", "0")
os.register_at_fork(after_in_child=writer.forked)  # as install() does
def note(number, parts=(), kind="note", **more):
    return writer.write(kind, number, writer.request_id, fields(**more), parts)
"""


@pytest.fixture
def write(runner, python):
    def write(text, **environment):
        return runner.run(python, WRITER.format(wrapper=str(runner.wrapper)) + text, wrapped=False, **environment)

    return write


def test_the_first_frame_of_every_segment_is_the_process_frame(write, runner):
    ran = write("note(1); writer.seal(); note(2); note(3); print(os.getpid())")
    pid = ran.stdout.strip()
    assert [name.split(".")[1] for name in ran.segments] == ["ready", "open"]
    assert [[frame.kind for frame in frames] for frames in ran.segments.values()] == [
        ["process", "note"],
        ["process", "note", "note"],
    ]
    first, second = ran.of_kind("process")
    assert first == second
    assert (first["format"], first["runtime"], str(first["pid"])) == (1, "python", pid)
    assert [name.split(".")[0] for name in ran.segments] == [f"{pid}-{first['start']}-{n}" for n in (1, 2)]
    assert {path.stat().st_mode & 0o777 for path in runner.spool.iterdir()} == {0o600}


def test_no_descriptor_is_held(write):
    ran = write(
        "before = os.listdir('/proc/self/fd'); note(1); note(2, (('event', b'x'),)); writer.seal(); note(3)\n"
        "print(before == os.listdir('/proc/self/fd'))"
    )
    assert ran.stdout == "True\n"


def test_a_segment_that_was_taken_is_followed_by_the_next(write):
    ran = write("note(1); os.remove(writer.path); note(2); note(3)")
    (frames,) = ran.segments.values()
    assert [frame.time for frame in frames[1:]] == [2, 3]
    assert next(iter(ran.segments)).endswith("-2.open")


def test_a_name_that_exists_is_passed_over(write, runner):
    ran = write(
        "path = f'{folder}/{writer.pid}-{writer.start}-1.open'\n"
        "os.symlink('/nowhere', path); note(1); print(os.path.basename(writer.path.decode())); os.remove(path)"
    )
    assert ran.stdout.endswith("-2.open\n")
    assert [frame.time for frame in ran.frames if frame.kind == "note"] == [1]


def test_without_a_folder_nothing_happens_until_the_next_invocation(write, runner):
    ran = write(
        "os.rmdir(folder); print(note(1)); os.mkdir(folder, 0o700); print(note(2))\n"
        "writer.begin_invocation(); print(note(3))\n"
        "note(4, kind='call_end')"
    )
    assert ran.stdout == "False\nFalse\nTrue\n"
    (drops,) = ran.of_kind("drops")
    assert drops["frames"] == {"off": 2}
    assert drops["bytes"] > 50


@pytest.mark.parametrize("blocker", ["open(folder, 'w').close()", "os.symlink('/nowhere', folder)"])
def test_a_folder_that_is_none_is_off(write, runner, blocker):
    text = f"os.rmdir(folder); {blocker}; print(note(1), writer.off); os.remove(folder); os.mkdir(folder)"
    assert write(text).stdout == "False off\n"


def test_a_full_disk_is_given_up_after_three_segments(write, runner):
    ran = write(
        """
failing = 28  # ENOSPC
real, spool.append = spool.append, lambda *a: failing
for n in range(10):
    note(n)
print(next(writer.numbers) - 1, writer.off)
spool.append = real
writer.begin_invocation()
note(11, kind="call_end")
"""
    )
    assert ran.stdout == "3 write\n"
    (drops,) = ran.of_kind("drops")
    assert drops["frames"] == {"write": 10}


def test_a_short_write_gives_the_segment_up(write):
    ran = write(
        """
import resource
note(1)
path, whole = writer.path, os.stat(writer.path).st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (whole + 9, resource.RLIM_INFINITY))
print(note(2))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(os.stat(path).st_size - whole)
os.truncate(path, whole)
note(3); note(4, kind="call_end")
"""
    )
    assert ran.stdout == "False\n9\n"
    first, second = ran.segments.values()
    assert [frame.time for frame in first[1:]] == [1]
    assert [frame.kind for frame in second] == ["process", "note", "drops", "call_end"]
    assert ran.of_kind("drops")[0]["frames"] == {"short_write": 1}


def test_caps_of_an_invocation_leave_what_closes(write):
    ran = write(
        """
writer.frame_cap = 3
for n in range(5):
    note(n, (("event", b"x" * 10),))
note(9, (("response_wire", b"yyy"),), kind="call_end")
writer.begin_invocation()
note(10)
"""
    )
    assert [frame.time for frame in ran.frames if frame.kind == "note"] == [0, 1, 2, 10]
    (end,) = [frame for frame in ran.frames if frame.kind == "call_end"]
    assert end.payload == b""
    assert ran.of_kind("drops")[0]["frames"] == {"invocation_cap": 2}
    assert ran.of_kind("drops")[0]["bytes"] == 20


def test_bytes_are_capped_too_and_segments_are_given_up_when_large(write):
    ran = write(
        """
big = b"x" * 1_000_000
print([note(n, (("event", big),)) for n in range(10)].count(True))
for n in range(10):
    writer.begin_invocation()
    note(n, (("event", big),))
"""
    )
    assert ran.stdout == "9\n"
    assert len(ran.segments) == 3


def test_a_spool_that_nobody_reads_stops_growing(write):
    ran = write(
        """
with open(folder + "/1-1-1.ready", "wb") as file:
    file.truncate(65 << 20)
print(note(1), writer.off)
os.remove(file.name)
print(note(2))
writer.begin_invocation()
print(note(3))
"""
    )
    assert ran.stdout == "False unread_cap\nFalse\nTrue\n"


def test_a_header_that_is_too_long_is_left_out(write):
    ran = write("print(note(1, url='\\u20ac' * 20000), note(2, kind='call_end'))")
    assert ran.stdout == "False True\n"
    assert ran.of_kind("drops")[0]["frames"] == {"header_too_long": 1}


def test_strings_of_any_kind(write):
    ran = write("note(1, a='\\\"\\\\\\n\\x00\\u20ac\\U0001f600\\ud800', b=True, c=False, d=7, e=None)")
    note = ran.of_kind("note")[0]
    assert note["a"] == '"\\\n\x00€😀\ud800'
    assert (note["b"], note["c"], note["d"], "e" in note) == (True, False, 7, False)


def test_a_forked_child_has_segments_and_losses_of_its_own(write):
    ran = write(
        """
note(1)
writer.lost["write"] = 5
for _ in range(2):
    if not os.fork():
        note(2, kind="call_end")
        writer.seal()
        os._exit(0)
    os.wait()
note(3)
"""
    )
    assert sorted([frame.time for frame in frames[1:]] for frames in ran.segments.values()) == [[1, 3], [2], [2]]
    assert ran.of_kind("drops") == []
    assert len({process["pid"] for process in ran.of_kind("process")}) == 3


def test_a_child_does_not_rename_its_parents_segment(write):
    ran = write("note(1)\nif not os.fork():\n    writer.seal()\n    os._exit(0)\nos.wait()\nnote(2)")
    ((name, frames),) = ran.segments.items()
    assert name.endswith(".open")
    assert [frame.time for frame in frames[1:]] == [1, 2]


def test_twenty_threads_lose_nothing(write):
    ran = write(
        """
sys.setswitchinterval(1e-6)
def many(thread):
    for n in range(200):
        note(thread * 1000 + n, (("event", b"%d" % n),))
        if n % 50 == 0:
            writer.seal()
threads = [threading.Thread(target=many, args=(n,)) for n in range(20)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(writer.lost)
"""
    )
    assert ran.stdout == "{}\n"
    written = sorted(frame.time for frame in ran.frames if frame.kind == "note")
    assert written == sorted(thread * 1000 + n for thread in range(20) for n in range(200))


def test_a_signal_handler_may_write_in_between(write):
    ran = write(
        """
def interrupt(*_):
    note(1)
    signal.setitimer(signal.ITIMER_REAL, 0.0003)
signal.signal(signal.SIGALRM, interrupt)
signal.setitimer(signal.ITIMER_REAL, 0.0003)
for n in range(20000):
    writer.begin_invocation()
    note(2)
    if n % 100 == 0:
        writer.seal()
signal.signal(signal.SIGALRM, signal.SIG_IGN)
print(writer.lost.pop("slow", 0), writer.lost)
"""
    )
    slow, lost = ran.stdout.split(maxsplit=1)  # among so many writes a busy machine makes one look like a slow disk's
    assert lost == "{}\n"
    assert sum(frame.time == 2 for frame in ran.frames if frame.kind == "note") >= 20000 - int(slow)
    assert int(slow) < 100


@pytest.mark.parametrize("mask", ["0", "0o777"])
def test_the_umask_does_not_change_the_mode(write, runner, mask):
    write(f"os.umask({mask}); note(1)")
    (path,) = runner.spool.iterdir()
    assert os.stat(path).st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "make",
    [
        "os.mkdir(other, 0o755)",
        "os.mkdir(other + '-', 0o700); os.symlink(other + '-', other)",
        "open(other, 'w').close()",
        "os.mkdir(other, 0o700); os.chown(other, 12345, 12345)",
    ],
    ids=["open to others", "symlink", "file", "another user's"],
)
def test_what_the_launcher_refuses_is_off(write, make):
    if "chown" in make and os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    ran = write(
        f"other = folder + '-other'; {make}\n"
        "writer = spool.writer = spool.Writer(other, '3.x', '0')\n"
        "print(note(1), writer.off, os.listdir(other) if os.path.isdir(other) else [])"
    )
    assert ran.stdout == "False off []\n"


@pytest.mark.parametrize(
    ("value", "folder"),
    [
        ("", "/tmp/aftercall"),
        (" ", "/tmp/aftercall"),
        (" /tmp/spool// ", "/tmp/spool"),
        ("relative", "/dev/null"),
        ("/", "/dev/null"),
        ("///", "/dev/null"),
    ],
)
def test_the_folder_is_the_launchers_reading_of_the_variable(write, value, folder):
    """/dev/null is no folder: off, whatever stands at the path that was named."""
    ran = write("from _aftercall.capture_rules import spool_folder; print(spool_folder())", AFTERCALL_SPOOL_DIR=value)
    assert ran.stdout == f"{folder}\n"
