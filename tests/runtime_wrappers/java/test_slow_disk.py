"""A write that takes long is the last one of its invocation; nobody waits for it, and what is lost is counted."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.runtime_wrappers.python.conftest import read_spool
from tests.segments import furnish

from . import parts

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 250_000_000
FRAMES = 10


def written(spool: Path, write: int, nanoseconds: int) -> tuple[int, int, list[dict[str, int]]]:
    """Frames of the first and of the second invocation, and what was told as lost."""
    furnish(spool)
    command = parts.agents_command("8", "WriteSlowly")
    subprocess.run([*command, str(spool), str(write), str(nanoseconds)], check=True, timeout=60)
    frames = [frame for frames in read_spool(spool).values() for frame in frames]
    first, second = (
        [frame for frame in frames if frame.header.get("request_id") == name and frame.kind != "drops"]
        for name in ("first", "second")
    )
    return len(first), len(second), [frame.header["frames"] for frame in frames if frame.kind == "drops"]


@pytest.mark.parametrize(
    ("write", "left"),
    [(1, 1), (2, 2), (6, 6), (7, 8), (8, 9), (9, 10)],  # the seventh holds two frames
)
def test_the_slow_write_is_the_last_of_its_invocation(write, left, tmp_path) -> None:
    lost = [{"slow": FRAMES - left}] if left < FRAMES else []
    assert written(tmp_path / "spool", write, LIMIT + 1) == (left, FRAMES, lost)


def test_a_write_below_the_limit_is_none(tmp_path) -> None:
    assert written(tmp_path / "spool", 3, LIMIT) == (FRAMES, FRAMES, [])


def test_no_thread_waits_for_the_end_of_anothers_write(tmp_path) -> None:
    first, second, (lost,) = written(tmp_path / "spool", 3, 0)
    assert second == FRAMES
    assert lost["slow"] >= 10  # those of the other thread
    assert first + lost["slow"] == FRAMES + 10
