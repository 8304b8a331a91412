"""Where Pythons are looked for: what pyenv's folder may be, and that none of it ends the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_spec import pythons


@pytest.fixture
def versions(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    return Path(tmp_path, "versions")


def test_the_newest_patch_of_a_version_comes_first(versions) -> None:
    for name in ("3.9.2", "3.9.18", "3.9.x", "3.9", "3.90.1", "pypy3.9.1", "3.9.3-debug"):
        (versions / name).mkdir(parents=True)
    found = [Path(python).relative_to(versions) for python in pythons._in_pyenv("3.9")]
    assert found == [Path("3.9.18/bin/python3.9"), Path("3.9.2/bin/python3.9")]


def test_no_folder_is_no_python(versions) -> None:
    assert pythons._in_pyenv("3.9") == []
    versions.write_text("a file")
    assert pythons._in_pyenv("3.9") == []


def test_another_users_folder_is_no_python(versions, monkeypatch) -> None:
    def refuse(path: Path) -> list[str]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("build_spec.pythons.os.listdir", refuse)
    assert pythons._in_pyenv("3.9") == []
