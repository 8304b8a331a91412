"""Builds the launcher, and starts it for each test: as it is released, and with AddressSanitizer and UBSan."""

from __future__ import annotations

import fcntl
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.launcher.fake_lambda import FakeLambda
from tests.launcher.launched import Launched, is_running, wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The folder that holds what `make -C launcher` makes; one of several workers builds at a time."""
    folder = ROOT / ".cache" / "launcher"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        targets = ["program", "sanitized", "object", "fuzz"]
        subprocess.run(["make", "-s", "-C", ROOT / "launcher", *targets], check=True)
    return folder


@pytest.fixture(params=["launcher", "launcher-sanitized"])
def program(request, built) -> str:
    return str(built / request.param)


@pytest.fixture
def fake():
    lambda_ = FakeLambda()
    yield lambda_
    lambda_.close()


@pytest.fixture
def launch(program, fake, tmp_path):
    """launch(behaviour, command=True, **environment) starts it; at the end nothing runs and no sanitizer has spoken."""
    started: list[Launched] = []

    def launch(behaviour: str = "", *, command: bool = True, **environment: str) -> Launched:
        one = Launched(program, fake, tmp_path, behaviour, command=command, environment=environment)
        started.append(one)
        return one

    yield launch
    for one in started:
        one.end()
        assert "Sanitizer" not in one.told(), one.told()
        assert "runtime error" not in one.told(), one.told()
        wait_until(partial(_nothing_runs, one), lambda: "a process was left running")


def _nothing_runs(one: Launched) -> bool:
    return not any(map(is_running, one.pids()))
