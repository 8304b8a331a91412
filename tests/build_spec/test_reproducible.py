"""The layer's bytes depend on its sources and on the machine's compilers, and on nothing else."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("src", "build_spec", "launcher", "runtime_wrappers")
KEPT = ("freeze", "mypyc", "downloads", "maven", "pyinstaller-*")
"""Of .cache/: what was fetched. All that is built is built again."""


def test_a_build_elsewhere_gives_the_same_bytes(layer, tmp_path) -> None:
    """In another folder, later, with nothing left of the first build."""
    checkout = tmp_path / "of-another-name"
    for name in SOURCES:
        shutil.copytree(
            ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__", "operations_table.py")
        )
    (checkout / ".cache").mkdir()
    for pattern in KEPT:
        for path in (ROOT / ".cache").glob(pattern):
            (checkout / ".cache" / path.name).symlink_to(path)
    python = checkout / ".cache" / "freeze" / "bin" / "python"
    built = subprocess.run(
        [str(python), "-m", "build_spec.layer"], cwd=checkout, check=False, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout + built.stderr
    second = checkout / "dist" / layer.name
    # The names first: they say where to look.
    assert contents(second) == contents(layer)
    assert second.read_bytes() == layer.read_bytes()


def contents(zipped: Path) -> dict[str, tuple[int, int]]:
    """Name -> CRC and size of each file."""
    with zipfile.ZipFile(zipped) as archive:
        return {entry.filename: (entry.CRC, entry.file_size) for entry in archive.infolist()}
