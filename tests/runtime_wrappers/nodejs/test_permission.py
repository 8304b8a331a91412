"""Node.js's permission model: a function starts as without us, and where records are missing one line says why."""

from __future__ import annotations

import os
import subprocess
from itertools import product

import pytest

from tests.runtime_wrappers.python.conftest import read_spool

from . import parts

OLDEST = 20
pytestmark = pytest.mark.oldest_node(OLDEST)
LINE = "aftercall: Node.js may not write records of this function's calls, so they are missing: "
DOUBT = "aftercall: not watched: it cannot be told whether Node.js runs under its permission model"
# No call goes out: that it would have been made is what is recorded.
SCRIPT = """
    const seen = [process.execArgv, process.argv.slice(2), typeof process.permission];
    require('http').get('http://127.0.0.1:9/').on('error', ({ code }) => console.log(JSON.stringify([...seen, code])));
"""


def flag(node) -> str:
    return "--experimental-permission" if parts.major_of(node) == OLDEST else "--permission"


def run(runner, command, *, wrapped, **more):
    runner.fresh_spool()
    words = [*(["/bin/sh", str(parts.wrapper() / "wrapper")] if wrapped else []), *command]
    environment = {**runner.environment(), "NODE_NO_WARNINGS": "1", **more}
    done = subprocess.run(
        words, env=environment, cwd=runner.task, capture_output=True, text=True, timeout=60, check=False
    )
    frames = [frame.header for segment in read_spool(runner.spool).values() for frame in segment]
    return done, [frame["kind"] for frame in frames]


def both(runner, command, **more):
    """(ended as without us, its own output the same, stderr's lines that are ours, kinds of frames)."""
    runner.write({"script.js": SCRIPT})
    plain, nothing = run(runner, command, wrapped=False, **more)
    watched, kinds = run(runner, command, wrapped=True, **more)
    assert not nothing
    assert (watched.returncode, watched.stdout) == (plain.returncode, plain.stdout), watched.stderr
    ours = [line for line in watched.stderr.splitlines() if line.startswith("aftercall")]
    if plain.returncode == 0:
        assert [line for line in watched.stderr.splitlines() if line not in ours] == plain.stderr.splitlines()
    return plain, ours, kinds


READS = {"none": [], "its script": ["{task}/script.js"], "its spool too": ["{task}/", "{spool}"], "all": ["*"]}
WRITES = {"none": [], "its folder": ["{task}/"], "its spool": ["{spool}/"], "all": ["*"]}
PLACES = ("argv", "NODE_OPTIONS")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("read", "write"), tuple(product(READS, WRITES)))
def test_a_function_under_the_permission_model(runner, node, read, write, place) -> None:
    def words(option, values):
        return [f"{option}={value.format(task=runner.task, spool=runner.spool)}" for value in values]

    options = [flag(node), *words("--allow-fs-read", READS[read]), *words("--allow-fs-write", WRITES[write])]
    script = str(runner.task / "script.js")
    if place == "argv":
        plain, ours, kinds = both(runner, [node, *options, script])
    else:
        plain, ours, kinds = both(runner, [node, script], NODE_OPTIONS=" ".join(options))
    if plain.returncode:
        return  # it may not read its own script
    may_read, may_write = read in ("its spool too", "all"), write in ("its spool", "all")
    missing = ["--allow-fs-read"] * (not may_read) + ["--allow-fs-write"] * (not may_write)
    flags = " ".join(f"{one}={runner.spool}/" for one in missing)
    assert ours == ([f"{LINE}{flags} lets it"] if missing else [])
    assert kinds == ([] if missing else ["process", "call_start", "call_end"])


def test_the_flags_that_the_line_names_are_the_right_ones(runner, node) -> None:
    script = str(runner.task / "script.js")
    options = [flag(node), f"--allow-fs-read={runner.task}/"]
    _, (line,), _ = both(runner, [node, *options, script])
    named = line.removeprefix(LINE).removesuffix(" lets it").split()
    _, ours, kinds = both(runner, [node, *options, *named, script])
    assert (ours, kinds) == ([], ["process", "call_start", "call_end"])


@pytest.mark.parametrize("word", ["--permission", "--experimental-permission", "--no-permission"])
def test_an_argument_of_the_script_is_not_taken_for_the_model(runner, node, word) -> None:
    plain, ours, _ = both(runner, [node, str(runner.task / "script.js"), word])
    assert plain.returncode == 0
    assert ours == ([DOUBT] if word != "--no-permission" else [])


def test_options_that_cannot_be_told_apart_leave_the_function_alone(runner, node) -> None:
    runner.write({"own.js": ""})
    command = [node, "-r", str(runner.task / "own.js"), flag(node), "--allow-fs-read=*", str(runner.task / "script.js")]
    plain, ours, kinds = both(runner, command)
    assert (plain.returncode, ours, kinds) == (0, [DOUBT], [])
    taken_back = [node, flag(node), flag(node).replace("--", "--no-"), str(runner.task / "script.js")]
    _, ours, kinds = both(runner, taken_back)
    assert (ours, kinds) == ([DOUBT], [])
    quoted = f'{flag(node)} "--title=a --no-permission"'
    _, ours, _ = both(runner, [node, *command[4:]], NODE_OPTIONS=quoted)
    assert ours == [DOUBT]


def test_nothing_changes_without_it(runner, node) -> None:
    _, ours, kinds = both(runner, [node, str(runner.task / "script.js")], PATH=os.environ["PATH"])
    assert (ours, kinds) == ([], ["process", "call_start", "call_end"])
