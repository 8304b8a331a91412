"""A disk that is slow stops each thread of the function for one write an invocation, and no more."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("slow_disk.c")
PROGRAM = """
import os
from _aftercall import spool
writer = spool.writer
def note(number, kind="note"):
    return writer.write(kind, number, "r", "", (("event", b"x" * 20_000),))
def invocation(first):
    writer.begin_invocation()
    written = [note(first + number) for number in range(5)]
    written.append(note(first + 5, kind="call_end"))
    written.append(note(first + 6, kind="invocation_end"))
    writer.ring()
    return written.count(True), str(writer.off)
"""


@pytest.fixture(scope="session")
def slow_disk(tmp_path_factory):
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "no C compiler: install gcc"
    library = tmp_path_factory.mktemp("slow") / "slow_disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", SOURCE, "-o", library, "-ldl"], check=True)
    return library


@pytest.mark.parametrize("call", ["pwrite", "open"])
def test_a_very_slow_write_turns_the_writer_off_until_the_next_invocation(runner, python, slow_disk, call):
    text = PROGRAM + (
        f"os.environ['SLOW_MS'], os.environ['SLOW_CALL'] = '300', {call!r}\n"
        "print(invocation(10), invocation(20))\n"
        "os.environ['SLOW_CALL'] = ''\n"
        "print(invocation(30))\n"
    )
    ran = runner.run(python, text, LD_PRELOAD=str(slow_disk))
    assert ran.stdout == "(1, 'slow') (1, 'slow')\n(7, 'None')\n"
    times = [frame.time for frame in ran.frames if frame.kind == "note"]
    assert times == [10, 20, 30, 31, 32, 33, 34]
    lost = [frame["frames"] for frame in ran.of_kind("drops")]
    assert lost == [{"slow": 12}]


@pytest.mark.parametrize("call", ["pwrite", "open"])
def test_what_slow_writes_take_in_all_is_bounded(runner, python, slow_disk, call):
    text = PROGRAM + f"os.environ['SLOW_MS'], os.environ['SLOW_CALL'] = '110', {call!r}\nprint(invocation(10))\n"
    # A busy machine makes them slower still.
    assert runner.run(python, text, LD_PRELOAD=str(slow_disk)).stdout in {f"({n}, 'slow')\n" for n in (1, 2, 3)}


@pytest.mark.parametrize("call", ["pwrite", "open"])
def test_a_write_that_is_merely_not_fast_is_no_reason(runner, python, slow_disk, call):
    text = PROGRAM + f"os.environ['SLOW_MS'], os.environ['SLOW_CALL'] = '5', {call!r}\nprint(invocation(10))\n"
    assert runner.run(python, text, LD_PRELOAD=str(slow_disk)).stdout == "(7, 'None')\n"
