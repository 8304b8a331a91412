"""The Pythons that Lambda has: found on this machine, or made in .cache/pythons from Maven Central.

`find("3.9")` looks on PATH, then among pyenv's versions, and at last unpacks org.bytedeco:cpython, CPython built for
Linux. Where none of them is to be had it skips the test with one line that tells what to install (on CI a failure).
`python -m tests.pythons [VERSION...]` does it by hand and prints the paths.
"""

from __future__ import annotations

import fcntl
import functools
import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from build_spec import maven
from build_spec.pythons import VERSIONS, on_machine

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "pythons"
# By Python version, those that were tried. There is none with a 3.12 that starts.
ARTIFACTS = {
    "3.7": "3.7.7-1.5.3",  # older than any that is watched
    "3.9": "3.9.6-1.5.6",
    "3.10": "3.10.8-1.5.8",
    "3.11": "3.11.3-1.5.9",
    "3.13": "3.13.5-1.5.12",
    "3.14": "3.14.3-1.5.13",
}
ARTIFACT_PLATFORM = "linux-x86_64"


def wanted() -> tuple[str, ...]:
    """Oldest and newest; with AFTERCALL_MATRIX (`make matrix`) all, or those that it names (`3.9,3.12`)."""
    named = os.environ.get("AFTERCALL_MATRIX", "")
    if not named:
        return VERSIONS[0], VERSIONS[-1]
    chosen = tuple(version for version in VERSIONS if version in named.replace(",", " ").split())
    return chosen or VERSIONS


@functools.cache
def find(version: str) -> str:
    """The executable of that Python (major and minor); pytest.skip() where it cannot be had."""
    if executable := on_machine(version):
        return executable
    return str(unpacked(version) / "bin" / f"python{version}")


def unpacked(version: str) -> Path:
    """The folder with `bin`, `lib` and `include` of Maven's artifact; pytest.skip() where it cannot be had."""
    home = CACHE / version / "org/bytedeco/cpython" / ARTIFACT_PLATFORM
    if not home.exists():
        make(version)
    return home


def make(version: str) -> None:
    """Unpack Maven's artifact into .cache/pythons/<version>, with bytecode: functions see it read-only."""
    if version not in ARTIFACTS or f"linux-{platform.machine()}" != ARTIFACT_PLATFORM:
        pytest.skip(f"no python{version} on PATH or in pyenv: pyenv install {version}", allow_module_level=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    with Path(CACHE, "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other test processes want the same one
        if not (CACHE / version).is_dir():
            _unpack(version)


def _unpack(version: str) -> None:
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        folder = Path(scratch, "unpacked")
        with zipfile.ZipFile(download(version, scratch)) as archive:
            archive.extractall(folder)
        home = folder / "org/bytedeco/cpython" / ARTIFACT_PLATFORM
        for program in (home / "bin").iterdir():
            program.chmod(0o755)
        library = home / "lib" / f"python{version}"
        compile_all = [
            str(home / "bin" / f"python{version}"),
            "-m",
            "compileall",
            "-q",
            "-x",
            "/(tests?|site-packages)/",
        ]
        subprocess.run([*compile_all, str(library)], check=True, stdout=subprocess.DEVNULL)
        folder.rename(CACHE / version)


def download(version: str, folder: str, artifact_platform: str = ARTIFACT_PLATFORM) -> Path:
    """The path of the jar."""
    artifact = maven.Artifact("org.bytedeco", "cpython", ARTIFACTS[version], "", artifact_platform)
    try:
        maven.copy([artifact], Path(folder), ROOT / ".cache" / "maven" / "repository")
    except maven.MavenError as error:
        pytest.fail(str(error))
    return Path(folder, artifact.file)


if __name__ == "__main__":
    for named in sys.argv[1:] or VERSIONS:
        print(named, find(named))
