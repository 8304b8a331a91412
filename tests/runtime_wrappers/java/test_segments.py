"""Segments as the Java writer fills, leaves and loses them (SPOOL_FORMAT.md): mapped, and by plain writes."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aftercall.spool.head import HEAD_BYTES, OFF, Head
from tests.segments import SPARE, furnish, read_folder, take_all

from . import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = "plain"
"""A Java that cannot map: the part of the agent that does it lacks."""

WAYS = [*parts.chosen(), PLAIN]


def command(way: str) -> list[str]:
    if way != PLAIN:
        return parts.agents_command(way, "Exercise")
    newest = parts.OLDEST_AND_NEWEST[1]
    path = parts.agents_command(newest, "Exercise")[2].removeprefix("java.base=")
    return [parts.java(newest), f"-Xbootclasspath/a:{path}", "aftercall.agent.Exercise"]


class Writer:
    """A JVM that does with the folder what it is told."""

    def __init__(self, way: str, folder: Path, *before: str) -> None:
        self.process = subprocess.Popen(
            [*before, *command(way), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def does(self, *lines: str) -> None:
        for line in lines:
            self.begins(line)
            self.is_done()

    def begins(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def is_done(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "done\n"

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def writing(way: str, folder: Path, *before: str) -> Iterator[Writer]:
    writer = Writer(way, folder, *before)
    try:
        yield writer
    finally:
        writer.end()


@pytest.fixture
def spool(tmp_path) -> Path:
    folder: Path = tmp_path / "spool"
    furnish(folder, spares=2)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name.split("-")[-1] for path in folder.iterdir())


def head(folder: Path, number: int = 1) -> Head:
    (path,) = folder.glob(f"*-{number}.segment")
    return Head(path.read_bytes()[:HEAD_BYTES])


def notes(folder: Path) -> list[int]:
    """The numbers of all notes, whose bytes must be whole."""
    found = []
    for frames in read_folder(folder).values():
        for frame in frames:
            if frame.kind == "note":
                assert set(frame.payload) <= {frame.time % 251}, frame.time
                found.append(frame.time)
    return found


@pytest.mark.parametrize("way", WAYS)
def test_it_takes_a_spare_and_keeps_it(way, spool):
    with writing(way, spool) as writer:
        writer.does("note 1 10", "pair 2", "note 4 50000", "note 5 0", "note 6 17000")
        assert names(spool) == ["1.segment", "2.spare", "bell"]
        (frames,) = read_folder(spool).values()
        assert [frame.kind for frame in frames] == ["process", *["note"] * 6]
        assert notes(spool) == [1, 2, 3, 4, 5, 6]
        assert next(spool.glob("*.segment")).stat().st_size == len(SPARE)


@pytest.mark.parametrize("way", WAYS)
def test_no_descriptor_is_held(way, spool):
    with writing(way, spool) as writer:
        writer.does("note 1 10", "note 2 50000", "ring", "begin", "note 3 10")
        folder = f"/proc/{writer.process.pid}/fd"
        held = [os.readlink(f"{folder}/{entry}") for entry in os.listdir(folder)]
    assert not [path for path in held if path.startswith(str(spool))]


@pytest.mark.parametrize("way", WAYS)
def test_it_begins_again_when_the_reader_has_all(way, spool):
    with writing(way, spool) as writer:
        writer.does("note 1 10", "note 2 3000")
        first = head(spool)
        take_all(spool)
        writer.does("begin", "note 3 10", "note 4 10")
        again = head(spool)
        assert (again.base, names(spool)) == (first.committed, ["1.segment", "2.spare", "bell"])
        assert notes(spool) == [3, 4]
        writer.does("begin", "note 5 10")  # not taken: it goes on behind
        assert head(spool).base == again.base
    assert notes(spool) == [3, 4, 5]
    (frames,) = read_folder(spool).values()
    assert [frame.kind for frame in frames].count("process") == 1


@pytest.mark.parametrize("way", WAYS)
def test_what_is_full_is_closed_and_the_next_one_begins(way, spool):
    with writing(way, spool) as writer:
        writer.does(*(f"note {number} 15000" for number in range(60)))
    assert names(spool) == ["1.segment", "2.segment", "4.segment", "6.segment", "bell"]  # a spare was looked for, too
    assert [head(spool, number).closed for number in (1, 2, 4, 6)] == [1, 1, 1, 0]
    assert notes(spool) == list(range(60))


@pytest.mark.parametrize("way", WAYS)
def test_it_begins_again_rather_than_leave_what_is_full(way, spool):
    with writing(way, spool) as writer:
        for number in range(40):
            take_all(spool)
            writer.does(f"note {number} 15000")
    assert names(spool) == ["1.segment", "2.spare", "bell"]
    assert notes(spool)[-1] == 39


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("large", "expected"), [(1_000_000, 31 * 65_536), (5_000_000, 77 * 65_536)])
def test_a_large_frame_gets_a_segment_that_holds_it_and_is_kept(way, large, expected, spool):
    """And up to a size as much again: an event, and its response."""
    with writing(way, spool) as writer:
        writer.does("note 1 10", f"note 2 {large}", "note 3 10")
        assert next(spool.glob("*-2.segment")).stat().st_size == expected
        assert head(spool).closed == 1
        take_all(spool)
        writer.does("begin", f"note 4 {large}", "note 5 10")
    assert [name for name in names(spool) if name.endswith(".segment")] == ["1.segment", "2.segment"]
    assert notes(spool)[-2:] == [4, 5]


@pytest.mark.parametrize("way", WAYS)
def test_a_spare_that_is_none_is_removed(way, spool):
    (spool / "1.spare").write_bytes(SPARE[:-1])
    (spool / "2.spare").write_bytes(SPARE[:63] + b"\1" + SPARE[64:])
    (spool / "3.spare").write_bytes(b"x" + SPARE[1:])
    (spool / "4.spare").write_bytes(SPARE)
    with writing(way, spool) as writer:
        writer.does("note 1 10")
    assert names(spool) == ["1.segment", "bell"]
    assert notes(spool) == [1]


@pytest.mark.parametrize("way", WAYS)
def test_a_segment_that_nobody_reads_is_left_with_the_next_invocation(way, spool):
    with writing(way, spool) as writer:
        writer.does("note 1 10")
        (path,) = spool.glob("*.segment")
        with path.open("r+b") as file:
            file.seek(OFF)
            file.write(b"\1\0\0\0")
        writer.does("note 2 10", "begin", "note 3 10")
    assert names(spool) == ["1.segment", "2.segment", "bell"]
    assert head(spool).closed == 1
    assert notes(spool) == [1, 2, 3]


@pytest.mark.parametrize("way", WAYS)
def test_a_folder_that_is_removed_costs_what_was_in_it(way, spool):
    """`rm -rf /tmp/*`: the launcher makes it anew."""
    with writing(way, spool) as writer:
        writer.does("note 1 10")
        shutil.rmtree(spool)
        writer.does("note 2 10", "note 3 50000", "ring", "begin", "note 4 10")
        furnish(spool, spares=1)
        writer.does("ring", "begin", "note 5 10", "ends 6")
    assert notes(spool) == [5]
    drops = [
        frame.header["frames"] for frames in read_folder(spool).values() for frame in frames if frame.kind == "drops"
    ]
    assert all(reason == "off" for lost in drops for reason in lost)


@pytest.mark.parametrize("way", WAYS)
def test_a_segment_that_lost_its_name_is_left_with_the_next_invocation(way, spool):
    """The bell stands, so that nothing else tells of it."""
    with writing(way, spool) as writer:
        writer.does("note 1 10")
        next(spool.glob("*.segment")).unlink()
        writer.does("ring", "begin", "note 2 10")
    assert notes(spool) == [2]


@pytest.mark.parametrize("way", WAYS)
def test_spares_stay_where_no_descriptor_is_left(way, spool):
    with writing(way, spool) as writer:
        writer.does("note 1 10")
        limits = resource.prlimit(writer.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(writer.process.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
        next(spool.glob("*.segment")).unlink()
        writer.does("begin", "note 2 10")
        assert "2.spare" in names(spool)
        resource.prlimit(writer.process.pid, resource.RLIMIT_NOFILE, limits)
        writer.does("begin", "note 3 10")
    assert notes(spool) == [3]


@pytest.mark.parametrize("way", [*parts.ALL, PLAIN])
def test_a_file_that_shrinks_stops_the_writer_until_the_next_invocation_at_most(way, spool):
    """A store behind its end is a SIGBUS, of which Java makes an error; neither may reach the function."""
    with writing(way, spool) as writer:
        for number in range(1, 400):  # so that some of it is compiled
            writer.does(f"note {number} 100")
        (path,) = spool.glob("*.segment")
        os.truncate(path, 0)
        writer.does("note 1000 100", "note 1001 30000", "ring", "begin", "note 1002 100", "ends 1003")
        path.unlink()
        assert notes(spool)[-1] == 1002
        lost = 2 - len([number for number in notes(spool) if number in (1000, 1001)])
        told = [
            frame.header["frames"]
            for frames in read_folder(spool).values()
            for frame in frames
            if frame.kind == "drops"
        ]
        assert told == ([{"write": lost}] if lost else [])


@pytest.mark.parametrize("way", WAYS)
def test_a_restored_snapshot_begins_its_own(way, spool):
    with writing(way, spool) as writer:
        writer.does("note 1 10", "restore", "note 2 10")
    (first, earlier), (second, later) = read_folder(spool).items()
    assert (first.pid, first.n, second.n) == (second.pid, 1, 1)
    assert second.start > first.start
    assert [frame.header["start"] for frame in (earlier[0], later[0])] == [first.start, second.start]


@pytest.mark.parametrize("way", WAYS)
def test_an_interrupt_is_the_users(way, spool):
    with writing(way, spool) as writer:
        writer.does("interrupted 1 10", "interrupted 2 50000", "interrupted 3 400000")
    assert notes(spool) == [1, 2, 3]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_known_later_is_told_in_the_middle(way, spool):
    with writing(way, spool) as writer:
        writer.does("note 1 10", "client some-client", "note 2 10", "note 3 10")
    (frames,) = read_folder(spool).values()
    assert [frame.kind for frame in frames] == ["process", "note", "process", "note", "note"]
    assert (frames[0].header["format"], frames[2].header["client"]) == (2, "some-client")
    assert "not_watched" not in frames[2].header


@pytest.mark.parametrize("way", WAYS)
def test_two_hundred_threads_of_two_runtimes(way, spool):
    with writing(way, spool) as one, writing(way, spool) as other:
        for writer in (one, other):
            writer.does("note 0 10")
        for writer in (one, other):
            writer.begins("threads 200 20")
        for writer in (one, other):
            writer.is_done()
            writer.does("begin", "ends 1")  # a writer that was turned off tells of it then
        pids = [writer.process.pid for writer in (one, other)]
    expected = {0, *(thread * 1_000_000 + n for thread in range(1, 201) for n in range(20))}
    found: dict[int, list[int]] = {pid: [] for pid in pids}
    told = dict.fromkeys(pids, 0)
    for name, frames in read_folder(spool).items():
        found[name.pid] += [frame.time for frame in frames if frame.kind == "note"]
        told[name.pid] += sum(frame.header["frames"].get("slow", 0) for frame in frames if frame.kind == "drops")
    for pid in pids:
        # On a machine so busy that whoever writes does not run for 100 ms, the others have not waited.
        assert len(set(found[pid])) == len(found[pid]) == len(expected) - told[pid]
        assert set(found[pid]) <= expected
        assert found[pid]


@pytest.mark.parametrize("way", WAYS)
def test_a_full_disk_costs_frames_and_nothing_else(way, tmp_path):
    """Space is reserved before it is stored into: a mapped store would be a SIGBUS."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = f'mount -t tmpfs -o size=600k none {disk} && mkdir -m 700 {disk}/s && touch {disk}/s/bell && exec "$@"'
    before = ["unshare", "--mount", "--map-root-user", "--user", "sh", "-c", mounted, "sh"]
    with writing(way, disk / "s", *before) as writer:
        writer.does(*(f"note {number} 15000" for number in range(60)))
        inside = f"/proc/{writer.process.pid}/root{disk}/s"
        there = os.listdir(inside)
        found = tmp_path / "copy"
        shutil.copytree(inside, found)
        full = len(notes(found))
        take_all(Path(inside))
        writer.does("begin", "note 70 10")  # the full one is kept, and begins again
        shutil.rmtree(found)
        shutil.copytree(inside, found)
        assert notes(found) == [*range(17), 70]
        for name in there:
            if name.endswith(".segment"):
                os.unlink(f"{inside}/{name}")
        writer.does("ring", "begin", "note 100 10", "ends 101")
        shutil.rmtree(found)
        shutil.copytree(inside, found)
    assert sorted(name.split("-")[-1] for name in there) == ["2.segment", "4.segment", "bell"]
    assert full == 34
    (told,) = [
        frame.header["frames"] for frames in read_folder(found).values() for frame in frames if frame.kind == "drops"
    ]
    assert told == {"write": 60 - full}
    assert notes(found) == [100]
