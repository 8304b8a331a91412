"""A function's process that is killed at any moment leaves whole frames, and all that it has committed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from itertools import pairwise
from pathlib import Path

from tests.segments import furnish

from . import parts, written
from .operating import Operated
from .written import is_made, segments, take, words

KILLS = 1000 if os.environ.get("AFTERCALL_ALL") else 5
LONGEST = 0.05  # seconds that one writes
SIZES = [0, 10, 300, 5000, 17_000]  # of the script
SCRIPT = Path(__file__).with_name("write_until_killed.js")


def start(node: str, way: str, folder: Path) -> subprocess.Popen[bytes]:
    folder.mkdir(0o700)
    furnish(folder, spares=2)
    command = [node, str(SCRIPT), str(parts.SOURCES), parts.mapping(way), str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def read_while_it_writes(process: subprocess.Popen[bytes], folder: Path) -> None:
    """As the extension does, so that the writer begins again and again."""
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    end = time.monotonic() + random.uniform(0, LONGEST)
    while time.monotonic() < end:
        for path in segments(folder):
            if random.random() < 0.1:
                time.sleep(random.uniform(0, 0.002))
            if is_made(path) and words(path).closed:
                path.unlink()
                continue
            if is_made(path) and random.random() < 0.3 and words(path).taken != words(path).committed:
                take(path)
            break  # what comes later is read later


def numbers(folder: Path) -> list[int]:
    """Of the frames that it left, each as it was written; since the last loss, which a very busy machine may bring."""
    found: list[int] = []
    for path in filter(is_made, segments(folder)):
        for header, payload in written.frames(path):
            if header["kind"] == "drops":
                assert set(header["frames"]) == {"slow"}
                found = []
            if header["kind"] == "call_start":
                number = header["time"]
                assert payload == (str(number) * 20_000)[: SIZES[number % len(SIZES)]].encode()
                found.append(number)
    return found


def test_every_committed_frame_is_whole(node, way, tmp_path) -> None:
    for kill in range(KILLS):
        folder = tmp_path / str(kill)
        process = start(node, way, folder)
        read_while_it_writes(process, folder)
        process.kill()
        process.communicate()
        steps = {later - earlier for earlier, later in pairwise(numbers(folder))}
        assert steps <= {1, 2}, "a frame between two others is missing"  # every 21st is of another kind
        shutil.rmtree(folder)


def test_a_writer_that_begins_again_and_is_killed_leaves_whole_frames(node, way, tmp_path) -> None:
    """Everything is taken between two invocations, at a moment when the writer waits."""
    folder = tmp_path / "spool"
    folder.mkdir(0o700)
    furnish(folder, spares=2)
    with Operated(node, way, folder) as writer:
        for number in range(20):
            writer("begin", f"r-{number}")
            for size in (10, 20_000, 0):
                assert writer("write", "note", size)
            (path,) = segments(folder)
            assert writer.kinds() == ["process", "note", "note", "note"]
            take(path)
        writer("begin", "last")
        writer.process.kill()
        writer.process.wait()
        assert writer.frames() == []  # it has begun again and written nothing
