"""What is let go of is wiped and given back, and never read a second time."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

import pytest

from aftercall.spool.folder import SpoolFolder
from tests.extension.spool import NOBODY, Writer, unread

if TYPE_CHECKING:
    from pathlib import Path

SECRET = b"hunter2"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "bell").touch()
    return tmp_path


def read(folder: SpoolFolder) -> list[str]:
    """The kinds of the new frames; each frame's invocation is awaited, as by stages.py."""
    kinds = []
    for segment, frame in folder.read():
        if frame.kind != "process":
            segment.pending.add(frame.request_id)
        kinds.append(frame.kind)
    return kinds


def settle(folder: SpoolFolder, awaited: set[str] | None = None, exported: list[str] | None = None) -> None:
    folder.release(awaited or set(), set(), exported or [], {})
    folder.tidy()


def segments(path: Path) -> list[Path]:
    return sorted(path.glob("*.segment"))


def invocation(writer: Writer, request_id: str) -> None:
    writer.start(request_id)
    writer.call(request_id, "00000000000000aa")
    writer.end(request_id)


def test_what_is_settled_is_wiped_and_given_back_to_the_writer(path: Path) -> None:
    folder, writer = SpoolFolder(str(path)), Writer(path, pid=os.getpid())
    for number in range(3):
        invocation(writer, f"r-{number}")
        (segment,) = segments(path)
        assert SECRET in segment.read_bytes()
        assert read(folder)[0] == "process"
        settle(folder, exported=[f"r-{number}"])
        assert not unread(segment)
        assert SECRET not in segment.read_bytes()
    assert len(segments(path)) == 1
    assert folder.losses == {}
    assert folder.take_faults() == 0


def test_what_an_invocation_needs_is_not_taken_nor_what_stands_behind_it(path: Path) -> None:
    folder, writer = SpoolFolder(str(path)), Writer(path, pid=os.getpid())
    writer.start("r-1")
    read(folder)
    writer.start("r-2")
    writer.end("r-2")
    read(folder)
    settle(folder, awaited={"r-1"}, exported=["r-2"])
    assert writer.reads("taken") == 0
    later = SpoolFolder(str(path))
    assert read(later) == ["process", "invocation_start"], "what was exported is not read again"
    writer.end("r-1")
    assert read(later) == ["invocation_end"]
    settle(later, exported=["r-1"])
    assert not unread(segments(path)[0])


def test_a_new_incarnation_goes_on_where_the_earlier_one_was(path: Path) -> None:
    folder, writer = SpoolFolder(str(path)), Writer(path, pid=os.getpid())
    invocation(writer, "r-1")
    read(folder)
    settle(folder, exported=["r-1"])
    writer.call("r-1", "00000000000000bb")
    later = SpoolFolder(str(path))
    read_of: dict[str, int] = {}
    for segment, frame in later.read():
        assert segment.reader.process is not None
        read_of[frame.kind] = segment.reader.process["pid"]
    assert read_of == dict.fromkeys(("call_start", "call_response", "call_end"), os.getpid())
    assert later.losses == {}


def test_a_wiping_that_was_cut_short_is_finished(path: Path) -> None:
    writer = Writer(path, pid=os.getpid())
    invocation(writer, "r-1")
    (segment,) = segments(path)
    (committed,) = struct.unpack("<I", segment.read_bytes()[8:12])
    writer.store("done", committed)
    assert read(SpoolFolder(str(path))) == []
    assert SECRET not in segment.read_bytes()
    assert writer.reads("taken") == committed


def test_a_finished_segment_becomes_a_spare(path: Path) -> None:
    folder, writer = SpoolFolder(str(path)), Writer(path, pid=os.getpid())
    for _ in range(6):
        invocation(writer, "r-1")
        writer.close()
    read(folder)
    settle(folder, exported=["r-1"])
    assert sorted(os.listdir(path)) == ["1.spare", "2.spare", "3.spare", "4.spare", "bell", "exported"]
    for name in ("1.spare", "4.spare"):
        spare = (path / name).read_bytes()
        assert spare == b"aftcall\2".ljust(262_144, b"\0")


def test_one_that_must_not_be_used_again_is_deleted(path: Path) -> None:
    folder, writer = SpoolFolder(str(path)), Writer(path, pid=os.getpid())
    invocation(writer, "r-1")
    os.truncate(segments(path)[0], 327_680)
    writer.close()
    read(folder)
    settle(folder, exported=["r-1"])
    assert sorted(os.listdir(path)) == ["bell", "exported"]


def test_the_segment_of_a_dead_process_is_deleted(path: Path) -> None:
    folder, writer = SpoolFolder(str(path)), Writer(path, pid=NOBODY)
    invocation(writer, "r-1")
    (path / f"{NOBODY}-1-1.segment").write_bytes(b"")
    (path / f"{NOBODY}.making").write_bytes(b"")
    read(folder)
    settle(folder, exported=["r-1"])
    assert sorted(os.listdir(path)) == ["bell", "exported"]


def test_a_segment_that_lost_its_name_is_read_on_and_its_writer_told(path: Path) -> None:
    folder, writer = SpoolFolder(str(path)), Writer(path, pid=os.getpid())
    writer.start("r-1")
    read(folder)
    (segment,) = segments(path)
    with segment.open("r+b") as held:
        data = segment.read_bytes()
        segment.unlink()
        assert read(folder) == []
        assert os.pread(held.fileno(), 4, 44) == b"\1\0\0\0"
        frames = data[64 : 64 + struct.unpack("<I", data[8:12])[0]]
        os.pwrite(held.fileno(), frames, 64 + len(frames))
        os.pwrite(held.fileno(), struct.pack("<I", 2 * len(frames)), 8)
        assert read(folder) == ["process", "invocation_start"]


def test_more_segments_than_are_held_open_are_all_read(path: Path) -> None:
    folder, writers = SpoolFolder(str(path)), [Writer(path, pid=os.getpid(), started=n) for n in range(1, 101)]
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(2):
        for writer in writers:
            writer.start("r-1")
        assert read(folder).count("invocation_start") == 100
        settle(folder)
    assert len(os.listdir("/proc/self/fd")) - before <= 64


OTHER_NAMES = {"1-1-1.open": 100, "1-1-2.ready": 200, "1-1-3.reading-1": 300}


def test_segments_of_another_version_are_left_alone_and_counted_once(path: Path) -> None:
    for name, size in OTHER_NAMES.items():
        (path / name).write_bytes(b"x" * size)
    (path / "notes.open").write_bytes(b"not ours")
    folder = SpoolFolder(str(path))
    for expected in ({"unknown format": 600}, {}):
        assert read(folder) == []
        settle(folder)
        assert folder.losses == expected
        folder.losses.clear()
    folder.delete_all()
    assert OTHER_NAMES.keys() <= set(os.listdir(path))


HOSTILE = {
    "a folder": lambda path: path.mkdir(),
    "a symlink": lambda path: path.symlink_to("/etc/passwd"),
    "a pipe": os.mkfifo,
    "another version": lambda path: path.write_bytes(b"aftcall\3".ljust(4096, b"\1")),
    "no segment": lambda path: path.write_bytes(b"x" * 4096),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_segment_of_ours_is_left_alone_and_told_once(path: Path, what: str) -> None:
    HOSTILE[what](path / f"{NOBODY}-1-1.segment")
    folder = SpoolFolder(str(path))
    told = []
    for _ in range(3):
        assert read(folder) == []
        settle(folder)
        told.append((dict(folder.losses), folder.take_faults()))
        folder.losses.clear()
    folder.delete_all()
    expected: tuple[dict[str, int], int]
    expected = {"another version": ({"unknown format": 4096}, 0), "no segment": ({"bad head": 4096}, 0)}.get(
        what, ({}, int(what != "a pipe"))
    )
    assert told == [expected, ({}, 0), ({}, 0)]
    assert os.path.lexists(path / f"{NOBODY}-1-1.segment")


def test_a_segment_that_shrinks_is_read_as_far_as_it_goes(path: Path) -> None:
    folder, writer = SpoolFolder(str(path)), Writer(path, pid=os.getpid())
    writer.start("r-1")
    read(folder)
    (segment,) = segments(path)
    (read_until,) = struct.unpack("<I", segment.read_bytes()[8:12])
    writer.end("r-1")
    os.truncate(segment, 64 + read_until + 40)
    assert read(folder) == []
    assert folder.losses.keys() == {"bad head"}
    os.truncate(segment, 0)
    assert read(folder) == []
    settle(folder)
