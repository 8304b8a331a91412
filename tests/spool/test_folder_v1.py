"""Version 1: what is let go of is deleted later, and never read a second time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.spool.folder import SpoolFolder
from tests.extension.spool import WriterV1 as Writer

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: SpoolFolder) -> list[str]:
    """The kinds of the new frames; each frame's invocation is awaited, as by stages.py."""
    kinds = []
    for segment, frame in folder.read():
        segment.pending.add(frame.request_id)
        kinds.append(frame.kind)
    return kinds


def test_a_released_segment_stays_until_it_is_tidied_away(tmp_path: Path) -> None:
    folder, writer = SpoolFolder(str(tmp_path)), Writer(tmp_path, pid=os.getpid())
    writer.start("r-1")
    writer.end("r-1")
    assert read(folder) == ["process", "invocation_start", "invocation_end"]
    folder.release(set(), set(), ["r-1"], {})
    assert len(os.listdir(tmp_path)) == 2
    folder.tidy()
    assert os.listdir(tmp_path) == ["exported"]
    assert SpoolFolder(str(tmp_path)).exported_before() == ["r-1"]


def test_a_released_segment_is_not_read_again(tmp_path: Path) -> None:
    folder, writer = SpoolFolder(str(tmp_path)), Writer(tmp_path, pid=os.getpid())
    writer.start("r-1")
    writer.end("r-1")
    read(folder)
    folder.release(set(), set(), ["r-1"], {})
    assert read(folder) == []
    assert os.listdir(tmp_path) == ["exported"]


def test_what_a_later_incarnation_must_know_of_segments_that_stay_is_noted_at_once(tmp_path: Path) -> None:
    folder, writer = SpoolFolder(str(tmp_path)), Writer(tmp_path, pid=os.getpid())
    child = Writer(tmp_path, pid=os.getppid())
    child.call("r-1", "00000000000000aa")
    writer.start("r-1")
    writer.end("r-1")
    read(folder)
    folder.release(set(), set(), ["r-1"], {})
    assert SpoolFolder(str(tmp_path)).exported_before() == ["r-1"]
