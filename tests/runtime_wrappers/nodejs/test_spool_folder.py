"""Frames go into the folder that the launcher makes, and nowhere else."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests import spool_folders

from . import parts


def test_what_the_launcher_refuses_is_left_alone(node, way, tmp_path) -> None:
    good = tmp_path / "spool"
    good.mkdir(0o700)
    refused = spool_folders.refused(tmp_path)
    named = [*spool_folders.READINGS, *map(str, refused.values()), f"{good}/"]
    script = str(Path(__file__).with_name("write_to.js"))
    command = [node, script, str(parts.SOURCES), parts.mapping(way), *named]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    read_as = [*spool_folders.READINGS.values(), *map(str, refused.values()), str(good)]
    assert done.stdout.splitlines() == read_as, done.stderr
    assert {name: spool_folders.contents(path) for name, path in refused.items()} == {name: [] for name in refused}
    assert [path.suffix for path in good.iterdir()] == [".segment"]
