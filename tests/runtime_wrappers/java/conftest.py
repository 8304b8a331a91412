"""Without a JDK there is no agent to test."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_spec import maven


def pytest_collection_modifyitems(items):
    if maven.is_there():
        return
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"no JDK: {maven.INSTALL}"))
