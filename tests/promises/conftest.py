"""The Pythons of the promise tests, and the runs that many tests look at."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests import pythons
from tests.promises.servers import Servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pytest_generate_tests(metafunc) -> None:
    if "version" in metafunc.fixturenames:
        metafunc.parametrize("version", pythons.wanted(), scope="session")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    running = Servers()
    yield running
    running.close()


@pytest.fixture(scope="session")
def pool() -> Iterator[ThreadPoolExecutor]:
    """For runs that are waited for together: half of a run's time is waiting."""
    with ThreadPoolExecutor(3) as executor:
        yield executor
        executor.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="aftercall-promises-") as folder:
        yield Path(folder)
