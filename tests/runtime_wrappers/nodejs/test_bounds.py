"""What one invocation may write, and what may lie in a folder that nobody reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.runtime_wrappers.python.conftest import read_spool

from . import parts

SCRIPT = Path(__file__).with_name("lose_frames.js")


def wrote(node, folder, bound) -> list:
    subprocess.run([node, str(SCRIPT), str(parts.SOURCES), str(folder), bound], check=True, timeout=60)
    return [frame for frames in read_spool(folder).values() for frame in frames]


@pytest.mark.parametrize(("bound", "written", "lost"), [("frames", 10_000, 5), ("bytes", 9, 3)])
def test_past_its_bounds_an_invocation_writes_what_closes_alone(node, tmp_path, bound, written, lost) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    frames = wrote(node, spool, bound)
    notes = [frame.header["request_id"] for frame in frames if frame.kind == "note"]
    assert notes == ["first"] * written + ["second"]
    (drops,) = [frame for frame in frames if frame.kind == "drops"]
    assert drops.header["frames"] == {"invocation_cap": lost}
    (end,) = [frame for frame in frames if frame.kind == "call_end"]
    assert end.payload == b""


def test_a_spool_that_nobody_reads_stops_growing(node, tmp_path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    for number in range(9):
        with (spool / f"1-1-{number}.ready").open("wb") as file:
            file.truncate(8 << 20)
    subprocess.run([node, str(SCRIPT), str(parts.SOURCES), str(spool), "frames"], check=True, timeout=60)
    assert len(list(spool.iterdir())) == 9
