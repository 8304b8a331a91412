"""No bytes make the reader raise or read beyond the file, and whatever it dies of costs no frame."""

from __future__ import annotations

import os
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aftercall.spool.folder import SpoolFolder
from aftercall.spool.head import HEAD_BYTES, Head, is_being_made
from aftercall.spool.progress import MAX_PROMISED_BYTES, Progress
from aftercall.spool.segment_file import SegmentFile
from tests.extension.spool import Writer, frame

WORD = st.one_of(st.integers(0, 400), st.integers(0, 2**32 - 1), st.just(2**32 - 8))
FRAMES = frame("process", format=2, pid=1, start=1)
FRAMES += bytes(-len(FRAMES) % 8) + frame("note", number=1)


@given(st.lists(WORD, min_size=3, max_size=3), st.lists(WORD, min_size=4, max_size=4), st.binary(max_size=200))
@example([2**32 - 8, 0, 0], [0, 0, 0, 0], b"")
def test_no_head_makes_the_reader_leave_the_file(writers: list[int], readers: list[int], tail: bytes) -> None:
    head = b"aftcall\2" + struct.pack("<3I", *writers) + bytes(12) + struct.pack("<4I", *readers) + bytes(16)
    data = head + FRAMES + tail
    progress = Progress()
    lost = 0
    for size in (len(data), len(data) // 2, 0, len(data)):
        start, end = progress.next_range(Head(head), size)
        assert start >= HEAD_BYTES
        assert start == end or end <= size
        if progress.has_news():
            assert len(progress.feed(data[start:end])) <= 2
            progress.end()
        assert not progress.has_news()
        loss = progress.reader.loss
        assert lost <= (loss.lost_bytes if loss else 0) <= MAX_PROMISED_BYTES
        lost = loss.lost_bytes if loss else 0


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_file_makes_the_folder_raise(first: bytes, then: bytes) -> None:
    with tempfile.TemporaryDirectory() as path:
        folder = SpoolFolder(path)
        for data in (first, then, b"aftcall\2" + first, b"aftcall\2" + then):
            Path(path, "1-1-1.segment").write_bytes(data)
            assert len(list(folder.read())) <= len(data)
            folder.release(set(), set(), [], {})
            folder.tidy()
        assert folder.take_faults() == 0


@given(st.binary(min_size=64, max_size=64))
def test_any_head_is_told_from_one_that_is_being_made(raw: bytes) -> None:
    if not is_being_made(raw):
        assert Head(raw).damage in {"", "bad head", "unknown format"}


class KilledError(Exception):
    """The reader dies before one of its stores."""


class Reader:
    """Incarnations of the extension over one folder: reads, exports what has ended, and dies now and then."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.seen: list[int] = []
        self.folder = SpoolFolder(path)
        self.fresh: dict[str, list[int]] = {}
        self.ended: set[str] = set()

    def turn(self, *, exports: bool) -> None:
        for segment, one in self.folder.read():
            if one.kind == "process":
                continue
            segment.pending.add(one.request_id)
            self.fresh.setdefault(one.request_id, []).append(one.header["number"])
        if not exports:
            self.folder.end_work()
            return
        self.folder.begin_work()
        exported = [request_id for request_id in self.fresh if request_id in self.ended]
        for request_id in exported:
            self.seen += self.fresh.pop(request_id)
        self.folder.release(set(self.fresh), set(), exported, {})
        self.folder.tidy()

    def dies_in(self, stores: int) -> None:
        """One more turn, which the process does not survive if it stores so often."""
        left = [stores]
        whole = SegmentFile._pwrite

        def pwrite(file: Any, data: bytes, offset: int) -> bool:
            left[0] -= 1
            if left[0] < 0:
                raise KilledError
            return whole(file, data, offset)

        with patch.object(SegmentFile, "_pwrite", pwrite), suppress(KilledError):
            self.turn(exports=True)
        self.fresh.clear()
        self.folder = SpoolFolder(self.path)


STEP = st.one_of(st.sampled_from(["start", "frame", "end", "read", "export", "close"]), st.integers(0, 8))


@settings(max_examples=150)
@given(st.lists(STEP, max_size=40))
@example(["start", "end", 1, "export", "start", "frame", "end", "export"])
@example(["start", "end", 2, "start", "end", 3, "export"])
@example(["start", "frame", "read", "start", "end", "export", 0, "end"])
def test_whatever_the_reader_dies_of_every_frame_is_exported(steps: list[str | int]) -> None:
    with tempfile.TemporaryDirectory() as path:
        Path(path, "bell").touch()
        writer, reader = Writer(Path(path), pid=os.getpid()), Reader(path)
        written, invocations, deaths = 0, 0, 0

        def write() -> None:
            nonlocal written
            written += 1
            writer.write(frame("note", request_id=f"r-{invocations}", number=written))

        for step in steps:
            if step == "start":
                reader.ended.add(f"r-{invocations}")
                invocations += 1
                writer.begin_again()
                write()
            elif step == "frame":
                write()
            elif step == "end":
                write()
                reader.ended.add(f"r-{invocations}")
            elif step == "close" and writer.is_open:
                writer.close()
            elif isinstance(step, int) and deaths < 1:
                deaths += 1
                reader.dies_in(step)
            elif step in {"read", "export"}:
                deaths = 0 if step == "export" else deaths
                reader.turn(exports=step == "export")
        reader.ended.add(f"r-{invocations}")
        reader.turn(exports=True)
        reader.turn(exports=True)
        assert set(reader.seen) == set(range(1, written + 1))
        assert reader.folder.losses == {}
        if not any(isinstance(step, int) for step in steps):
            assert sorted(reader.seen) == list(range(1, written + 1)), "once each, if nobody dies"
