"""SIGKILL at any instruction costs the frames that were being written and no others.

What a kill leaves is what the file holds at that moment: so it is also looked at, from outside, at moments before it.
"""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import pytest

from aftercall.command.check.recorded import read_recorded
from aftercall.spool import SegmentName
from aftercall.spool.head import HEAD_BYTES, TAKEN, Head, as_words
from tests.segments import furnish

from . import parts
from .test_segments import PLAIN, writing

if TYPE_CHECKING:
    from pathlib import Path

    from aftercall.spool import Frame

KILLS = 5
LOOKS = 70
THREADS = 4


def frames_of(folder: Path) -> list[Frame]:
    """Everything that is committed, read as it stands; then it is taken, and what is closed is removed."""
    frames = []
    for name in sorted(name for entry in os.listdir(folder) if (name := SegmentName.parse(entry))):
        path = folder / str(name)
        data = path.read_bytes()
        read, loss = read_recorded(data)
        assert loss is None, f"{name}: {loss}"
        frames += read
        head = Head(data[:HEAD_BYTES])
        if head.closed:
            path.unlink()
        else:
            with path.open("r+b") as file:
                file.seek(TAKEN)
                file.write(as_words(head.committed))
    return [frame for frame in frames if frame.kind == "note"]


def check(frames: list[Frame]) -> None:
    last: dict[int, int] = {}
    for frame in frames:
        thread, number = divmod(frame.time, 1_000_000)
        assert number > last.get(thread, -1), "frames of one thread are in the order of writing"
        last[thread] = number
        size = 30_000 if number % 40 == 0 else number * 7919 % 3_000
        assert frame.payload == bytes([frame.time % 251]) * size


@pytest.mark.parametrize("way", [*parts.chosen(), PLAIN])
def test_killed_at_any_moment_it_leaves_every_frame_that_was_committed(way, tmp_path):
    most = 0
    for kill in range(KILLS):
        spool = tmp_path / f"spool-{kill}"
        furnish(spool, spares=4)
        with writing(way, spool) as writer:
            writer.does(f"forever {THREADS}")
            for _ in range(LOOKS):
                time.sleep(random.random() * 0.005)
                check(frames_of(spool))
            writer.end()
        frames = frames_of(spool)
        check(frames)
        most = max(most, len(frames))
    assert most > 100, "hardly a frame was written"
