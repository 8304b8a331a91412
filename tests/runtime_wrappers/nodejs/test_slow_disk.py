"""A disk on which a write takes long holds up the function once, not at each frame."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.runtime_wrappers.python.conftest import read_spool

from . import parts

SCRIPT = Path(__file__).with_name("write_slowly.js")
STEPS = [("mapped", "open"), ("mapped", "lstat"), ("mapped", "store"), ("plain", "write"), ("plain", "open")]
EACH = [("mapped", "store"), ("plain", "open"), ("plain", "close")]
"""What happens for each frame."""


def wrote(node, way, folder, step, milliseconds):
    folder.mkdir(0o700)
    command = [node, str(SCRIPT), str(parts.SOURCES), parts.mapping(way), str(folder), step, str(milliseconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    frames = [frame.header for segment in read_spool(folder).values() for frame in segment]
    return json.loads(done.stdout), [frame for frame in frames if frame["kind"] == "drops"]


@pytest.mark.parametrize(("way", "step"), STEPS)
def test_a_very_slow_write_turns_it_off_until_the_next_invocation(node, tmp_path, way, step) -> None:
    written, (drops,) = wrote(node, way, tmp_path / "spool", step, 251)
    assert written == [True, False, False, True, True]  # the slow one itself is written
    assert drops["frames"] == {"slow": 2}


@pytest.mark.parametrize(("way", "step"), EACH)
def test_what_slow_writes_take_in_all_is_bounded(node, tmp_path, way, step) -> None:
    written, (drops,) = wrote(node, way, tmp_path / "spool", step, 130)
    lost = drops["frames"]["slow"]
    assert written == [*[True] * (3 - lost), *[False] * lost, True, True]


@pytest.mark.parametrize(("way", "step"), EACH[:1])
@pytest.mark.parametrize("milliseconds", [0, 99])
def test_what_takes_less_does_not(node, tmp_path, way, step, milliseconds) -> None:
    assert wrote(node, way, tmp_path / "spool", step, milliseconds) == ([True] * 5, [])
