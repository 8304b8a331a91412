"""The writer: segments, bounds and losses, as SPOOL_FORMAT.md tells them. No hook and no runtime client takes part."""

from __future__ import annotations

import os

import pytest

from tests.segments import furnish

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

# The reader's stores, and what user code does to the folder.
TAKEN = """
import glob
WORDS = {"taken": 32, "off": 44}
def segment():
    return sorted(glob.glob(folder + "/*.segment"))[-1]
def store(word):
    with open(segment(), "r+b") as file:
        committed = file.read(12)[8:]
        file.seek(WORDS[word])
        file.write(committed)
def take():
    store("taken")
def unlink():
    os.remove(segment())
def ring_without_bell():
    os.remove(folder + "/bell")
    writer.ring()
"""


@pytest.fixture
def write(runner, python):
    def write(text, **environment):
        return runner.run(python, WRITER.format(wrapper=str(runner.wrapper)) + text, wrapped=False, **environment)

    return write


def names(ran):
    return [name.rpartition("-")[2] for name in ran.segments]


def kinds(ran):
    return [[frame.kind for frame in frames] for frames in ran.segments.values()]


def test_the_first_frame_of_every_segment_is_the_process_frame(write, runner):
    ran = write("note(1); writer.ring(); note(2); writer.give_up(); note(3); print(os.getpid())")
    pid = ran.stdout.strip()
    assert kinds(ran) == [["process", "note", "note"], ["process", "note"]]
    first, second = ran.of_kind("process")
    assert first == second
    assert (first["format"], first["runtime"], str(first["pid"])) == (2, "python", pid)
    assert list(ran.segments) == [f"{pid}-{first['start']}-{n}.segment" for n in (1, 2)]
    assert {path.stat().st_mode & 0o777 for path in runner.spool.iterdir()} == {0o600}
    assert ran.rung


def test_no_descriptor_is_held(write):
    ran = write(
        "before = os.listdir('/proc/self/fd'); note(1); note(2, (('event', b'x' * 20000),)); writer.ring(); note(3)\n"
        "print(before == os.listdir('/proc/self/fd'))"
    )
    assert ran.stdout == "True\n"


def test_a_spare_is_taken_before_a_segment_is_made(write, runner):
    furnish(runner.spool, spares=2)
    before = {(path.stat().st_ino) for path in runner.spool.glob("*.spare")}
    ran = write("note(1); writer.give_up(); note(2); writer.give_up(); note(3)")
    assert kinds(ran) == [["process", "note"]] * 3
    made = [path.stat().st_ino for path in runner.spool.glob("*.segment")]
    assert before < set(made)
    assert {path.stat().st_size for path in runner.spool.glob("*.segment")} == {262_144}


@pytest.mark.parametrize(
    "what", ["b''", "b'x' * 262144", "b'aftcall' + bytes([2, 8]) + bytes(262135)", "bytes(262144)"]
)
def test_what_is_no_spare_is_passed_over(write, runner, what):
    ran = write(f"open(folder + '/1.spare', 'wb').write({what}); note(1)")
    assert kinds(ran) == [["process", "note"]]
    assert [path.name for path in runner.spool.glob("*.spare")] == []


def test_what_the_reader_has_taken_is_written_over(write, runner):
    ran = write(
        TAKEN
        + """
for n in range(5):
    writer.begin_invocation()
    note(n, (("event", b"%d" % n * 50_000),))
    take()
writer.begin_invocation()
note(7)
print(len(os.listdir(folder)) - 1)
"""
    )
    assert ran.stdout == "1\n"
    assert kinds(ran) == [["process", "note"]]
    assert ran.frames[1].time == 7


def test_nothing_is_written_over_that_was_not_taken(write, runner):
    ran = write(
        "for n in range(100):\n    writer.begin_invocation(); note(n, (('event', b'x' * 10_000),)); writer.ring()"
    )
    assert [frame.time for frame in ran.frames if frame.kind == "note"] == list(range(100))
    assert names(ran) == [f"{n}.segment" for n in range(1, 5)]
    closed = [path.read_bytes()[16] for path in sorted(runner.spool.glob("*.segment"))]
    assert closed[:3] == [1, 1, 1]


def test_a_full_segment_is_begun_again_before_the_next_one_is_taken(write):
    ran = write(TAKEN + "for n in range(100):\n    note(n, (('event', b'x' * 10_000),)); take()")
    assert names(ran) == ["1.segment"]


def test_one_frame_may_need_a_larger_segment_which_is_kept(write, runner):
    ran = write(
        TAKEN
        + """
for n in range(3):
    writer.begin_invocation()
    note(n, (("event", b"x" * 1_000_000),))
    note(10 + n)
    take()
"""
    )
    assert names(ran) == ["1.segment"]
    (path,) = runner.spool.glob("*.segment")
    assert path.stat().st_size == 31 * 65_536


@pytest.mark.parametrize("how", ["store('taken')", "store('off')", "unlink()", "ring_without_bell()"])
def test_a_segment_that_nobody_reads_is_left_when_an_invocation_begins(write, how):
    ran = write(
        TAKEN + f"note(1); {how}; note(2); writer.begin_invocation(); note(3); writer.begin_invocation(); note(4)"
    )
    expected = {
        "store('taken')": ["1.segment"],
        "store('off')": ["1.segment", "2.segment"],
        "unlink()": ["2.segment"],
        "ring_without_bell()": ["1.segment", "2.segment"],
    }
    assert names(ran) == expected[how]
    assert ran.frames[-1].time == 4


def test_frames_of_a_segment_that_lost_its_name_are_still_stored(write):
    """For a reader that holds it open."""
    ran = write(
        """
note(1)
(path,) = (folder + "/" + name for name in os.listdir(folder) if name.endswith(".segment"))
held = open(path, "rb")
os.remove(path)
print(note(2), note(3, (("event", b"x" * 50_000),)))
open(path, "wb").write(held.read())
"""
    )
    assert ran.stdout == "True True\n"
    assert [frame.time for frame in ran.frames[1:]] == [1, 2, 3]


def test_a_name_that_exists_is_passed_over(write, runner):
    path = "path = f'{folder}/{writer.pid}-{writer.start}-1.segment'\n"
    ran = write(path + "os.symlink('/nowhere', path); note(1); os.remove(path)")
    assert names(ran) == ["2.segment"]
    assert [frame.time for frame in ran.frames if frame.kind == "note"] == [1]


def test_without_a_folder_nothing_happens_until_the_next_invocation(write, runner):
    ran = write(
        "away = folder + '-'; os.rename(folder, away); print(note(1)); os.rename(away, folder); print(note(2))\n"
        "writer.begin_invocation(); print(note(3))\n"
        "note(4, kind='call_end')"
    )
    assert ran.stdout == "False\nFalse\nTrue\n"
    (drops,) = ran.of_kind("drops")
    assert drops["frames"] == {"off": 2}
    assert drops["bytes"] > 50


def test_losses_that_could_not_be_told_are_told_later(write):
    ran = write("""
writer.lost, writer.faults, writer.lost_bytes = {"write": 3}, {"x": 2}, 7
os.rename(folder, folder + "s")
assert not note(1, kind="call_end")
os.rename(folder + "s", folder)
writer.begin_invocation()
assert note(2, kind="call_end")
""")
    (drops,) = ran.of_kind("drops")
    assert drops["frames"] == {"write": 3, "off": 1}
    assert drops["faults"] == {"x": 2}
    assert drops["bytes"] > 7


@pytest.mark.parametrize("blocker", ["open(folder, 'w').close()", "os.symlink('/nowhere', folder)"])
def test_a_folder_that_is_none_is_off(write, runner, blocker):
    text = f"os.rename(folder, folder + '-'); {blocker}; print(note(1), writer.off)\n"
    assert write(text + "os.remove(folder); os.rename(folder + '-', folder)").stdout == "False off\n"


def test_a_segment_that_cannot_be_reserved_is_not_begun(write, runner):
    ran = write(
        """
import resource
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
print(note(1), note(2), os.listdir(folder))
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
writer.begin_invocation()
print(note(3, kind="call_end"))
"""
    )
    assert ran.stdout == "False False ['bell']\nTrue\n"
    (drops,) = ran.of_kind("drops")
    assert drops["frames"] == {"write": 2}


def test_a_large_part_that_cannot_be_written_spoils_the_segment(write, runner):
    ran = write(
        """
import resource
note(1)
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, limits[1]))
print(note(2, (("event", b"x" * 50_000),)))
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
note(3); note(4, kind="call_end")
"""
    )
    assert ran.stdout == "False\n"
    first, second = ran.segments.values()
    assert [frame.time for frame in first[1:]] == [1]
    assert [frame.kind for frame in second] == ["process", "note", "drops", "call_end"]
    assert ran.of_kind("drops")[0]["frames"] == {"short_write": 1}
    assert min(runner.spool.glob("*.segment")).read_bytes()[16] == 2


def test_after_three_failures_it_waits_for_the_next_invocation(write):
    ran = write(
        """
import resource
note(1)
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
for n in range(3):
    resource.setrlimit(resource.RLIMIT_FSIZE, (262_144 + 65_536, limits[1]))
    note(2, (("event", b"x" * 400_000),))
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
print(writer.off)
"""
    )
    assert ran.stdout == "write\n"


def test_where_nothing_can_be_mapped_the_same_is_written(write, runner):
    ran = write(
        """
import resource
with open("/proc/self/statm") as file:
    pages = int(file.read().split()[0])
limits = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (pages * 4096 + 100_000, limits[1]))
print([note(n, (("event", b"x" * 100),)) for n in range(5)])
resource.setrlimit(resource.RLIMIT_AS, limits)
print("segment" in open("/proc/self/maps").read())
writer.ring()
writer.begin_invocation()
print(note(9))
"""
    )
    assert ran.stdout == "[True, True, True, True, True]\nFalse\nTrue\n"
    assert [frame.time for frame in ran.frames[1:]] == [0, 1, 2, 3, 4, 9]


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
    assert len(ran.frames) - len(ran.segments) == 19
    assert len(ran.segments) > 3


def test_a_spool_that_nobody_reads_stops_growing(write):
    ran = write(
        """
with open(folder + "/large", "wb") as file:
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
        writer.ring()
        os._exit(0)
    os.wait()
note(3)
"""
    )
    assert sorted([frame.time for frame in frames[1:]] for frames in ran.segments.values()) == [[1, 3], [2], [2]]
    assert ran.of_kind("drops") == []
    assert len({process["pid"] for process in ran.of_kind("process")}) == 3


@pytest.mark.parametrize("fork", ["os.fork()", "ctypes.CDLL(None).fork()"])
def test_a_child_does_not_touch_its_parents_segment(write, fork):
    """However it was forked: the mapping is shared."""
    ran = write(
        f"""
import ctypes
note(1)
(path,) = (folder + "/" + name for name in os.listdir(folder) if name.endswith(".segment"))
before = open(path, "rb").read()
if not {fork}:
    writer.ring(); writer.begin_invocation(); note(2); note(3, (("event", b"x" * 50_000),)); writer.give_up()
    os._exit(0)
os.wait()
print(open(path, "rb").read() == before)
note(4)
"""
    )
    assert ran.stdout == "True\n"
    assert sorted([frame.time for frame in frames[1:]] for frames in ran.segments.values()) == [[1, 4], [2, 3]]


def test_two_hundred_threads_lose_nothing(write):
    ran = write(
        """
sys.setswitchinterval(1e-6)
def many(thread):
    for n in range(40):
        note(thread * 1000 + n, (("event", b"%d" % n),))
        if n % 10 == 0:
            writer.give_up()
threads = [threading.Thread(target=many, args=(n,)) for n in range(200)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(writer.lost)
"""
    )
    assert ran.stdout == "{}\n"
    written = sorted(frame.time for frame in ran.frames if frame.kind == "note")
    assert written == sorted(thread * 1000 + n for thread in range(200) for n in range(40))


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
        writer.give_up()
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
    (path,) = runner.spool.glob("*.segment")
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
