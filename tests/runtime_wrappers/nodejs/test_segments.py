"""The writer's part in the life of a segment, mapped and by plain writes (SPOOL_FORMAT.md, "A segment")."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from build_spec import elf, extension_module, nodejs
from tests.segments import SPARE, furnish

from . import parts, written
from .operating import Operated
from .written import USUAL, store, take, words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    furnish(spool, spares=2)
    return spool


@pytest.fixture
def writer(node, way, folder):
    with Operated(node, way, folder) as operated:
        yield operated


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_it_takes_a_spare(writer, folder) -> None:
    assert writer("write", "note")
    assert names(folder) == {"bell", "2.spare", writer.segments[0].name}
    assert writer.kinds() == ["process", "note"]


def test_without_a_descriptor_left_no_spare_is_lost(writer, folder) -> None:
    pid = writer.process.pid
    writer("ring")
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[1]))
    assert not writer("write", "note")
    assert names(folder) == {"bell", "1.spare", "2.spare"}
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    writer("begin", "next")
    assert writer("write", "note")


def test_it_makes_a_segment_where_no_spare_is_left(writer, folder) -> None:
    for number in (1, 2):
        (folder / f"{number}.spare").unlink()
    assert writer("write", "note")
    assert writer.kinds() == ["process", "note"]
    (path,) = writer.segments
    assert (path.stat().st_size, path.stat().st_blocks * 512) == (USUAL, USUAL)  # its space is reserved
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("what", ["short", "used", "version", "folder", "symlink", "fifo"])
def test_what_is_no_spare_is_passed_over(writer, folder, tmp_path, what) -> None:
    spare = folder / "1.spare"
    if what == "short":
        os.truncate(spare, USUAL - 8)
    elif what == "used":
        store(spare, off=1)
    elif what == "version":
        spare.write_bytes(b"aftcall\3".ljust(USUAL, b"\0"))
    else:
        spare.unlink()
        if what == "folder":
            spare.mkdir()
        elif what == "symlink":
            (tmp_path / "other").write_bytes(SPARE)
            spare.symlink_to(tmp_path / "other")
        else:
            os.mkfifo(spare)
    assert writer("write", "note")
    (path,) = [path for path in writer.segments if path.is_file()]
    assert list(written.frames(path))
    if what == "symlink":
        assert (tmp_path / "other").read_bytes() == SPARE


def test_it_begins_again_when_everything_was_taken(writer) -> None:
    writer("begin", "first")
    writer("write", "invocation_start", 100)
    (path,) = writer.segments
    take(path)
    assert writer("write", "call_start")  # within an invocation it goes on behind
    before = words(path).committed
    assert b'"call_start"' in path.read_bytes()[64 + words(path).taken : 64 + before]
    writer("begin", "second")
    assert words(path).base == 0  # not all is taken
    take(path)
    writer("begin", "third")
    assert (words(path).base, words(path).committed) == (before, before)
    writer("write", "invocation_start", 8)
    assert writer.kinds() == ["process", "invocation_start"]
    assert [frame.header.get("request_id") for frame in writer.frames()] == [None, "third"]
    assert len(writer.segments) == 1


def test_positions_go_round(writer) -> None:
    """Modulo 2^32: a segment that was used for long."""
    writer("write", "note")
    (path,) = writer.segments
    writer("age", 2**32 - 64)
    store(path, committed=2**32 - 64, base=2**32 - 64)
    for size in (10, 200_000, 8):
        take(path)
        writer("begin", "next")
        assert writer("write", "note", size)
        assert writer.kinds() == ["process", "note"]
    assert words(path).base < words(path).committed < 2**24


def test_a_full_segment_is_closed_and_the_next_one_begun(writer, folder) -> None:
    for _ in range(30):
        assert writer("write", "note", 16_000)
    first, second = writer.segments
    assert words(first).closed == 1
    assert words(second).closed == 0
    assert writer.kinds(0)[0] == writer.kinds(1)[0] == "process"
    notes = [frame for number in (0, 1) for frame in writer.frames(number) if frame.header["kind"] == "note"]
    assert [frame.header["time"] for frame in notes] == list(range(1, 31))
    assert [frame.payload for frame in notes] == [(str(time) * 16_000)[:16_000].encode() for time in range(1, 31)]


def test_a_full_segment_that_was_read_begins_again(writer) -> None:
    for _ in range(16):
        assert writer("write", "note", 16_000)
    take(writer.segments[0])
    assert writer("write", "note", 16_000)
    assert len(writer.segments) == 1
    assert words(writer.segments[0]).base
    assert writer.kinds() == ["process", "note"]


@pytest.mark.parametrize("size", [16_385, 100_000, 300_000, 1_048_576])
def test_large_parts(writer, folder, size) -> None:
    assert writer("write", "before", 10)
    assert writer("write", "note", size)
    assert writer("write", "after", 10)
    frames = [frame for path in writer.segments for frame in written.frames(path)]
    large = [frame for frame in frames if frame.header["kind"] == "note"]
    assert [frame.payload for frame in large] == [b"2" * size]
    kinds = [frame.header["kind"] for frame in frames]
    assert [kind for kind in kinds if kind != "process"] == ["before", "note", "after"]
    if size > USUAL:
        assert writer.segments[-1].stat().st_size % 65_536 == 0
        assert len(writer.segments) == 2  # and the larger one is kept


def test_a_removed_name_loses_no_large_part_of_a_mapping(node, folder) -> None:
    with Operated(node, "mapped", folder) as writer:
        writer("write", "note")
        (path,) = writer.segments
        with path.open("rb") as held:
            path.unlink()
            assert writer("write", "note", 50_000)
            os.symlink(f"/proc/{os.getpid()}/fd/{held.fileno()}", folder / "1-1-1.segment")
            assert [len(frame.payload) for frame in written.frames(folder / "1-1-1.segment")] == [0, 0, 50_000]


def test_after_rm_rf_the_next_invocation_begins_another_one(writer, folder) -> None:
    writer("begin", "first")
    writer("write", "note")
    shutil.rmtree(folder)
    writer("write", "note")
    writer("ring")
    folder.mkdir(0o700)
    furnish(folder)
    writer("begin", "second")
    assert writer("write", "note")
    (path,) = writer.segments
    assert [frame.header.get("request_id") for frame in written.frames(path)] == [None, "second"]


def test_a_segment_without_its_name_is_left_at_the_next_invocation(writer) -> None:
    writer("begin", "first")
    writer("write", "note")
    writer.segments[0].unlink()
    writer("begin", "second")
    assert writer("write", "note")
    assert [frame.header.get("request_id") for frame in writer.frames()] == [None, "second"]


def test_without_a_folder_it_is_off_until_the_next_invocation(writer, folder) -> None:
    folder.rename(folder.with_name("away"))
    writer("begin", "first")
    assert not writer("write", "note")
    folder.with_name("away").rename(folder)
    assert not writer("write", "note")
    writer("begin", "second")
    assert writer("write", "invocation_end")
    assert [frame.header["frames"] for frame in writer.frames() if frame.header["kind"] == "drops"] == [{"off": 2}]


def test_a_segment_that_nobody_reads_is_left_at_the_next_invocation(writer) -> None:
    writer("write", "note")
    store(writer.segments[0], off=1)
    writer("write", "note")
    assert len(writer.segments) == 1
    writer("begin", "next")
    assert words(writer.segments[0]).closed == 1
    writer("write", "note")
    assert writer.kinds() == ["process", "note"]
    assert len(writer.segments) == 2


def test_the_bell_is_opened_and_its_absence_remembered(writer, folder) -> None:
    writer("begin", "first")
    writer("write", "note")
    (folder / "bell").unlink()
    writer("ring")
    writer("begin", "second")
    writer("write", "note")
    assert len(writer.segments) == 2
    (folder / "bell").touch()
    writer("ring")
    writer("begin", "third")
    writer("write", "note")
    assert len(writer.segments) == 2


def test_what_is_known_later_is_told_once_more(writer) -> None:
    writer("write", "note")
    writer("introduce", "aws-lambda-ric 4")
    writer("write", "note")
    writer("write", "note")
    assert writer.kinds() == ["process", "note", "process", "note", "note"]
    told = [frame.header.get("client") for frame in writer.frames() if frame.header["kind"] == "process"]
    assert told == [None, "aws-lambda-ric 4"]


def test_a_header_that_is_too_long_is_lost_alone(writer) -> None:
    assert not writer("write", "note", 0, f',"url":"{"é" * 33_000}"')
    assert writer("write", "note", 0, f',"url":"{"é" * 30_000}"')
    assert writer("write", "invocation_end")
    (drops,) = [frame.header for frame in writer.frames() if frame.header["kind"] == "drops"]
    assert drops["frames"] == {"header_too_long": 1}


def test_no_descriptor_is_held(writer) -> None:
    for size in (10, 20_000):
        writer("write", "note", size)
    writer("ring")
    held = {os.readlink(path) for path in Path(f"/proc/{writer.process.pid}/fd").iterdir() if path.exists()}
    assert not any(str(writer.folder) in name for name in held), held


def test_two_writers_share_the_spares(node, way, folder) -> None:
    with Operated(node, way, folder) as one, Operated(node, way, folder) as other:
        assert one("write", "note")
        assert other("write", "note")
        assert one("write", "note")
        assert len(names(folder)) == 3
        assert sorted(map(len, map(list, map(written.frames, one.segments)))) == [2, 3]


def test_a_segment_that_was_left_is_unmapped_when_its_buffer_is_collected(node, folder) -> None:
    with Operated(node, "mapped", folder) as writer:
        for _ in range(100):
            assert writer("write", "note", 16_000)
        assert len(writer.segments) > 5
        left = [writer("mappings") for _ in range(5)]  # memory is given back a turn later
        assert left[-1] == 1
        assert writer("write", "note", 10)
        assert writer.kinds()[-1] == "note"


SMALL = 'mount -t tmpfs -o size=400k,mode=700 tmpfs {folder} && exec "$@"'


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_disk_costs_frames_and_nothing_else(node, way, tmp_path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    before = ["unshare", "-m", "sh", "-c", SMALL.format(folder=spool), "sh"]
    with Operated(node, way, spool, *before) as writer:
        answers = [writer("write", "note", 10_000) for _ in range(60)]
        writer("begin", "next")
        assert not writer("write", "note", 10_000)  # it has tried again
        within = Path(f"/proc/{writer.process.pid}/root{spool}")
        found = written.segments(within)
        assert [path.stat().st_size for path in found] == [USUAL]
        kept = [frame for frame in written.frames(found[0]) if frame.header["kind"] == "note"]
        assert len(kept) == sum(answers)
        assert answers == [*[True] * len(kept), *[False] * (60 - len(kept))]
        take(found[0])  # without another one, the full one is kept
        writer("begin", "later")
        assert writer("write", "note", 10_000)
        assert len(written.segments(within)) == 1
        assert words(found[0]).closed == 0


def test_the_addon_is_what_node_declares(tmp_path) -> None:
    """The layer is built with declarations of our own."""
    headers = nodejs.folder("edges") / "node_modules" / "node18" / "include" / "node"
    native = parts.SOURCES / "native"
    extension_module.compile_addon(
        tmp_path / "mapping.node", [native / "mapping.c"], folder=parts.SOURCES, headers=headers
    )


def test_the_addon_needs_nothing_but_node() -> None:
    """No library, no versioned symbol: it loads under glibc and musl alike."""
    file = f"{parts.mapping('mapped')}/mapping.node"
    assert elf.needs(file) == ((0,), ())
    symbols = subprocess.run(["objdump", "-T", file], capture_output=True, text=True, check=True).stdout
    undefined = {line.split()[-1] for line in symbols.splitlines() if "*UND*" in line}
    assert {name for name in undefined if not name.startswith("napi_")} == {"mmap", "munmap", "fallocate"}
