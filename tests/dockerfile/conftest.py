"""Builds the Dockerfile once; `make dockerfile` says so where something is missing, before it begins."""

from pathlib import Path

import pytest

from tests.dockerfile import old_systems


@pytest.fixture(scope="session")
def built_layer() -> Path:
    """The zip that `docker build --output dist .` would write."""
    out = old_systems.CACHE / "dist"
    old_systems.build("layer", out)
    (layer,) = out.glob("aftercall-layer-*.zip")
    return layer
