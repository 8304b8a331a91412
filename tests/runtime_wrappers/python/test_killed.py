"""SIGKILL at any instruction costs the frame that was being written and no other."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from aftercall.command.check.recorded import read_recorded
from aftercall.spool import SegmentName

from .test_writer import TAKEN, WRITER

if TYPE_CHECKING:
    from pathlib import Path

    from aftercall.spool import Frame

KILLS = 1_000

# Each child writes until it is killed. After each step it says what it has written and what the reader has taken.
CHILDREN = """
import mmap, random, struct, time
random.seed({seed})
said = mmap.mmap(-1, 16)
def part(n):
    return bytes([n % 251]) * (n * 7919 % 3_000 if n % 40 else 30_000)
def work():
    for n in range(1, 1_000_000):
        note(n, (("event", part(n)),))
        said[:8] = struct.pack("<Q", n)
        if n % 100 == 0:
            take()
            said[8:] = struct.pack("<Q", n)
            writer.begin_invocation()
for _ in range({kills}):
    said[:] = bytes(16)
    pid = os.fork()
    if pid == 0:
        work()
    time.sleep(random.random() * 0.006)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    print(pid, *struct.unpack("<QQ", said), flush=True)
    sys.stdin.readline()
"""


def frames_of(pid: int, folder: Path) -> list[Frame]:
    """In the order of writing; what was read is removed, as a reader does with a dead process's segments."""
    names = [name for path in folder.iterdir() if (name := SegmentName.parse(path.name)) and name.pid == pid]
    frames = []
    for name in sorted(names):
        read, loss = read_recorded((folder / str(name)).read_bytes())
        assert loss is None, loss
        frames += read
        (folder / str(name)).unlink()
    return [frame for frame in frames if frame.kind == "note"]


def part(number: int) -> bytes:
    return bytes([number % 251]) * (number * 7919 % 3_000 if number % 40 else 30_000)


def test_killed_at_any_moment_it_leaves_every_frame_that_was_written(runner):
    seed = random.randrange(1 << 30)
    script = WRITER.format(wrapper=str(runner.wrapper)) + TAKEN + CHILDREN.format(seed=seed, kills=KILLS)
    command = [sys.executable, "-S", "-E", str(runner.script(script))]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    most = 0
    with subprocess.Popen(command, env=runner.environment(), **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(KILLS):
            pid, written, taken = map(int, process.stdout.readline().split())
            frames = frames_of(pid, runner.spool)
            numbers = [frame.time for frame in frames]
            told = f"seed {seed}: {taken} taken, {written} written, and read {numbers[:1]} to {numbers[-1:]}"
            assert numbers == list(range(numbers[0], numbers[-1] + 1)) if numbers else written == taken, told
            assert not numbers or (numbers[0] <= taken + 1 and numbers[-1] in {written, written + 1}), told
            assert [frame.payload for frame in frames] == [part(number) for number in numbers], told
            most = max(most, written)
            process.stdin.write("\n")
            process.stdin.flush()
    assert most > 100, "hardly a child came to write"
