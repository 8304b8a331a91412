"""What `make lint` says of C."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from build_spec import c_sources

if TYPE_CHECKING:
    from pathlib import Path

LEAKS = """#include <stdlib.h>
int leaks(int early) {
    char *kept = calloc(1, 9);
    if (early) return 1;
    int begun = kept != NULL && early > atoi(kept);
    free(kept);
    return begun;
}
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(c_sources.ROOT / ".clang-format", tmp_path)
    monkeypatch.setattr(c_sources, "ROOT", tmp_path)
    tmp_path.joinpath("launcher").mkdir()
    return tmp_path


@pytest.mark.skipif(not c_sources.is_gcc(), reason="clang has another analyzer")
def test_what_leaks_on_one_path_is_told(checkout: Path) -> None:
    source = checkout / "launcher/leaks.c"
    source.write_text(LEAKS)
    assert "leak" in c_sources.analyzed("launcher", source)
    source.write_text(LEAKS.replace("return 1", "early = 0"))
    assert c_sources.analyzed("launcher", source) == ""


def test_another_dialect_is_told_and_mended(checkout: Path) -> None:
    source = checkout / "launcher/braces.c"
    source.write_text("int braces(void)\n{\n  return 1;\n}\n")
    assert not c_sources.in_dialect(write=False)
    assert c_sources.in_dialect(write=True)
    assert c_sources.in_dialect(write=False)
    assert source.read_text() == "int braces(void) { return 1; }\n"
