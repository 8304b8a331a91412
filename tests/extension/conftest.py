from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.extension.fake_launcher import FakeLauncher

if TYPE_CHECKING:
    from collections.abc import Iterator

WRAPPED = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/aftercall/wrapper"}


@pytest.fixture
def launch(tmp_path) -> Iterator:
    """Makes launchers over one folder. The test ends all that they started."""
    with contextlib.ExitStack() as stack:

        def make(environment: dict | None = None, **settings) -> FakeLauncher:
            return stack.enter_context(FakeLauncher(tmp_path / "spool", {**WRAPPED, **(environment or {})}, **settings))

        yield make


@pytest.fixture
def launcher(launch) -> FakeLauncher:
    """A wrapped environment with telemetry and bell, ready."""
    made: FakeLauncher = launch().start()
    return made
