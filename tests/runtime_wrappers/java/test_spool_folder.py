"""Frames go into the folder that the launcher makes, and nowhere else."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests import spool_folders
from tests.runtime_wrappers.python.conftest import read_spool

from . import parts


@pytest.mark.parametrize("java", parts.chosen())
def test_what_the_launcher_refuses_is_left_alone(java, tmp_path) -> None:
    good = tmp_path / "spool"
    good.mkdir(0o700)
    refused = spool_folders.refused(tmp_path)
    named = [*spool_folders.READINGS, *map(str, refused.values()), f"{good}/"]
    command = [*parts.agents_command(java, "WriteTo"), *named]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    read_as = [*spool_folders.READINGS.values(), *map(str, refused.values()), str(good)]
    assert done.stdout.splitlines() == read_as, done.stderr
    assert {name: spool_folders.contents(path) for name, path in refused.items()} == {name: [] for name in refused}
    assert [path.suffix for path in good.iterdir()] == [".segment"]


@pytest.mark.parametrize("umask", [0, 0o022, 0o177, 0o277, 0o377, 0o777])
@pytest.mark.parametrize("java", parts.chosen())
def test_the_umask_does_not_change_what_is_written(java, umask, tmp_path) -> None:
    """As an ordinary user, who may not write to a file of mode 0000 a second time."""
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    ordinary = ["unshare", "--user", "--map-user=993", "--map-group=990"] if os.getuid() == 0 else []
    command = [*ordinary, *parts.agents_command(java, "WriteTwice"), str(spool)]
    subprocess.run(command, check=True, umask=umask)
    (segment,) = spool.iterdir()
    assert segment.stat().st_mode & 0o777 == 0o600
    (frames,) = read_spool(spool).values()
    assert [frame.kind for frame in frames] == ["process", "note", "note"]
