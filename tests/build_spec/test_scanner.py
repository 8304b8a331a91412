"""The compiled scan of masking, beside the sources."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from build_spec import extension_module, scanner

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_BUILD_TOOLS = "import setuptools.build_meta as backend; print(backend.build_wheel({!r}))"


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "_scanner.abi3.so"
    monkeypatch.setattr(scanner, "TARGET", path)
    return path


def test_it_is_compiled_to_the_same_bytes_and_only_when_something_changed(target: Path, tmp_path: Path) -> None:
    scanner.make(tmp_path / "cache")
    first, made = target.read_bytes(), target.stat().st_mtime_ns
    scanner.make(tmp_path / "cache")
    assert target.stat().st_mtime_ns == made
    target.write_bytes(b"of another machine")
    scanner.make(tmp_path / "cache")
    assert target.read_bytes() == first


def test_a_missing_compiler_is_named(target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(extension_module.CompileError, match="no-such-compiler is not on PATH; install gcc"):
        scanner.make(tmp_path / "cache")
    assert not target.exists()


def test_a_wheel_needs_no_compiler_and_masks_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    for name in ("src", "README.md", "LICENSE", "pyproject.toml"):
        subprocess.run(["cp", "-r", scanner.ROOT / name, tmp_path], check=True)
    built = subprocess.run(
        [sys.executable, "-c", WITHOUT_BUILD_TOOLS.format(str(tmp_path))],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    )  # fmt: skip
    wheel = tmp_path / built.stdout.split()[-1]
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    code = 'from aftercall.masking.redact_text import redact_text; print(redact_text(\'{"password": "x1y2"}\'))'
    said = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r}); {code}"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert said.stdout == '{"password": "<masked>"}\n'
    assert said.stderr == ""
