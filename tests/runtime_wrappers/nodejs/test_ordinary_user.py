"""Segments are their owner's to read and write whatever the umask, which root does not notice."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.runtime_wrappers.python.conftest import read_spool
from tests.segments import furnish

from . import parts

NOBODY = 65534
SCRIPT = """
    const { Writer } = require(`${process.argv[1]}/spool.js`);
    const { loadMapping } = require(`${process.argv[1]}/mapping.js`);
    const writer = new Writer(process.argv[2], '', 0, loadMapping(process.argv[3]));
    for (const id of ['first', 'second']) {
      const owner = writer.beginInvocation(id);
      for (let time = 1; time < 4; time += 1) writer.write('note', String(time), owner);
      writer.write('invocation_end', '4', owner);
      writer.ring();
    }
"""
NOT_WATCHED = "require(`${process.argv[1]}/not_watched.js`).spool('too old')"


@pytest.fixture(scope="module")
def open_folder(node):
    """A node and a copy of the wrapper that an ordinary user may run: where they lie else may be open to root alone."""
    root = Path(tempfile.mkdtemp(prefix="aftercall-ordinary-"))
    shutil.copytree(parts.SOURCES, root / "wrapper")
    shutil.copy2(node, root / "node")
    shutil.copy2(f"{parts.mapping('mapped')}/mapping.node", root / "mapping.node")
    root.chmod(0o755)
    yield root
    shutil.rmtree(root)


@pytest.fixture
def folder(open_folder):
    spool = open_folder / "spool"
    spool.mkdir(0o700)
    furnish(spool)
    if os.geteuid() == 0:
        for path in (spool, *spool.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    yield open_folder
    shutil.rmtree(spool)


def run(folder, script, umask, way="plain"):
    ordinary: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    environment = {"AFTERCALL_SPOOL_DIR": str(folder / "spool"), "PATH": os.environ["PATH"]}
    words = [str(folder / "node"), "-e", script, str(folder / "wrapper"), str(folder / "spool")]
    words.append(str(folder) if way == "mapped" else "/dev/null")
    subprocess.run(words, check=True, timeout=60, umask=umask, env=environment, cwd=folder, **ordinary)
    found = sorted((folder / "spool").iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}
    return [frame.header for segment in read_spool(folder / "spool").values() for frame in segment]


@pytest.mark.parametrize("umask", [0o777, 0o700, 0o277, 0o377, 0o477, 0o077, 0o022, 0])
def test_no_frame_is_lost_whatever_the_umask(folder, way, umask) -> None:
    frames = run(folder, SCRIPT, umask, way)
    assert [frame["kind"] for frame in frames] == ["process", *[*["note"] * 3, "invocation_end"] * 2]


@pytest.mark.parametrize("umask", [0o777, 0o377, 0])
def test_why_nothing_is_watched_can_be_read(folder, umask) -> None:
    (frame,) = run(folder, NOT_WATCHED, umask)
    assert frame["not_watched"] == "too old"
