"""A disk on which a write takes long holds up the function once, not at each frame."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.runtime_wrappers.python.conftest import read_spool

from . import parts

SCRIPT = Path(__file__).with_name("write_slowly.js")
STEPS = {"open": 1, "write": 2, "writev": 1, "close": 1}
"""Step -> the first frame that takes it: that which begins a segment is written together with another, by writev."""


def wrote(node, folder, step, milliseconds):
    folder.mkdir(0o700)
    command = [node, str(SCRIPT), str(parts.SOURCES), str(folder), step, str(milliseconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    frames = [frame.header for segment in read_spool(folder).values() for frame in segment]
    return json.loads(done.stdout), [frame for frame in frames if frame["kind"] == "drops"]


@pytest.mark.parametrize("step", STEPS)
def test_a_very_slow_write_turns_it_off_until_the_next_invocation(node, tmp_path, step) -> None:
    written, (drops,) = wrote(node, tmp_path / "spool", step, 251)
    lost = 3 - STEPS[step]  # the slow one itself is on disk
    assert written == [*[True] * STEPS[step], *[False] * lost, True, True]
    assert drops["frames"] == {"slow": lost}


@pytest.mark.parametrize("step", ["open", "close"])  # which each write does
def test_what_slow_writes_take_in_all_is_bounded(node, tmp_path, step) -> None:
    written, (drops,) = wrote(node, tmp_path / "spool", step, 130)
    assert written == [True, True, False, True, True]
    assert drops["frames"] == {"slow": 1}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("milliseconds", [0, 99])
def test_what_takes_less_does_not(node, tmp_path, step, milliseconds) -> None:
    assert wrote(node, tmp_path / "spool", step, milliseconds) == ([True] * 5, [])
