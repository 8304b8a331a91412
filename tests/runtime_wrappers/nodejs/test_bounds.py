"""What one invocation may write, and what may lie in a folder that nobody reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.runtime_wrappers.python.conftest import read_spool

from . import parts, written

SCRIPT = Path(__file__).with_name("lose_frames.js")


def run(node, way, folder, bound) -> None:
    command = [node, str(SCRIPT), str(parts.SOURCES), parts.mapping(way), str(folder), bound]
    subprocess.run(command, check=True, timeout=60)


@pytest.mark.parametrize(("bound", "written", "lost"), [("frames", 10_000, 5), ("bytes", 9, 3)])
def test_past_its_bounds_an_invocation_writes_what_closes_alone(node, way, tmp_path, bound, written, lost) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    run(node, way, spool, bound)
    frames = [frame for frames in read_spool(spool).values() for frame in frames]
    notes = [frame.header["request_id"] for frame in frames if frame.kind == "note"]
    assert notes == ["first"] * written + ["second"]
    (drops,) = [frame for frame in frames if frame.kind == "drops"]
    assert drops.header["frames"] == {"invocation_cap": lost}
    (end,) = [frame for frame in frames if frame.kind == "call_end"]
    assert end.payload == b""


@pytest.mark.parametrize(("there", "most_notes"), [(72, 0), (63, 2)])
def test_a_spool_that_nobody_reads_stops_growing(node, way, tmp_path, there, most_notes) -> None:
    """The folder is looked at when the first segment begins, and once a MiB was written; it may have 64 MiB."""
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    for number in range(9):
        with (spool / f"1-1-{number}.segment").open("wb") as file:
            file.truncate(there // 9 << 20)
    run(node, way, spool, "bytes")
    ours = [path for path in written.segments(spool) if not path.name.startswith("1-1-")]
    assert sum(path.stat().st_size for path in ours) < 3 << 20
    kinds = [frame.header["kind"] for path in ours for frame in written.frames(path)]
    assert min(1, most_notes) <= kinds.count("note") <= most_notes
