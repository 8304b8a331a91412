"""Frames go into the folder that the launcher makes, and nowhere else."""

from __future__ import annotations

import subprocess

import pytest

from tests import built_layer, spool_folders

from . import parts


@pytest.mark.parametrize("java", parts.chosen())
def test_what_the_launcher_refuses_is_left_alone(java, tmp_path) -> None:
    agent = parts.agent_classes(built_layer.wrapper("java") / "aftercall.jar")
    classes = tmp_path / "classes"
    parts.compile_java([parts.HERE / "vectors" / "WriteTo.java"], classes, str(agent), "8")
    good = tmp_path / "spool"
    good.mkdir(0o700)
    refused = spool_folders.refused(tmp_path)
    named = [*spool_folders.READINGS, *map(str, refused.values()), f"{good}/"]
    command = [parts.java(java), "-cp", f"{classes}:{agent}", "aftercall.agent.WriteTo", *named]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    read_as = [*spool_folders.READINGS.values(), *map(str, refused.values()), str(good)]
    assert done.stdout.splitlines() == read_as, done.stderr
    assert {name: spool_folders.contents(path) for name, path in refused.items()} == {name: [] for name in refused}
    assert [path.suffix for path in good.iterdir()] == [".ready"]
