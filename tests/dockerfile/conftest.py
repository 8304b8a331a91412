"""Builds the Dockerfile once; `make dockerfile` says so where something is missing, before it begins."""

from pathlib import Path

import pytest

from tests.dockerfile import old_systems

collect_ignore = ["test_functions.py" if old_systems.EMULATED else "test_functions_emulated.py"]


@pytest.fixture(scope="session")
def built_layer() -> Path:
    """The zip that `docker build --output dist .` would write."""
    out = old_systems.CACHE / f"dist{old_systems.SUFFIX}"
    old_systems.build("layer", out)
    (layer,) = out.glob("aftercall-layer-*.zip")
    return layer
