"""The Pythons that Lambda has: found on this machine, or made in .cache/pythons from Maven Central.

`find("3.9")` looks on PATH, then among pyenv's versions, and at last unpacks org.bytedeco:cpython, CPython built for
Linux. Without any of them it skips the test with one line that tells what to install (on CI that is a failure).
`python -m tests.pythons [VERSION...]` does it by hand and prints the paths.
"""

from __future__ import annotations

import functools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "pythons"
VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
# By Python version, those that were tried. There is none with a 3.12 that starts.
ARTIFACTS = {
    "3.9": "3.9.6-1.5.6",
    "3.10": "3.10.8-1.5.8",
    "3.11": "3.11.3-1.5.9",
    "3.13": "3.13.5-1.5.12",
    "3.14": "3.14.3-1.5.13",
}
ARTIFACT_PLATFORM = "linux-x86_64"
# Of a virtual environment the Python that it was made from: a function sees no packages of the developer's.
PROBE = "import ssl, sys; print(*sys.version_info[:2], sep='.'); print(sys._base_executable)"


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
    for candidate in (*on_path(version), *in_pyenv(version)):
        if executable := probed(candidate, version):
            return executable
    made = CACHE / version / "org/bytedeco/cpython" / ARTIFACT_PLATFORM / "bin" / f"python{version}"
    if not made.exists():
        make(version)
    return str(made)


def on_path(version: str) -> list[str]:
    found = shutil.which(f"python{version}")
    return [found] if found else []


def in_pyenv(version: str) -> list[str]:
    """The newest first."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    folders = sorted(versions.glob(f"{version}.*"), key=lambda folder: int("0" + folder.suffix[1:]), reverse=True)
    return [str(folder / "bin" / f"python{version}") for folder in folders if folder.suffix[1:].isdigit()]


def probed(candidate: str, version: str) -> str | None:
    """The real executable (PATH may hold a version manager's script); None when it does not run or has no TLS."""
    try:
        answer = subprocess.run([candidate, "-c", PROBE], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found, executable = answer.stdout.splitlines()
    return executable if found == version else None


def make(version: str) -> None:
    """Unpack Maven's artifact into .cache/pythons/<version>, with bytecode: functions see it read-only."""
    if version not in ARTIFACTS or f"linux-{platform.machine()}" != ARTIFACT_PLATFORM:
        pytest.skip(f"no python{version} on PATH or in pyenv: pyenv install {version}")
    if not shutil.which("mvn"):
        pytest.skip(f"no python{version} on PATH or in pyenv, and no mvn to make one: apt-get install maven")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        folder = Path(scratch, "unpacked")
        with zipfile.ZipFile(download(version, scratch)) as archive:
            archive.extractall(folder)
        home = folder / "org/bytedeco/cpython" / ARTIFACT_PLATFORM
        for program in (home / "bin").iterdir():
            program.chmod(0o755)
        library = home / "lib" / f"python{version}"
        compile_all = [str(home / "bin" / f"python{version}"), "-m", "compileall", "-q", "-x", "/(test|site-packages)/"]
        subprocess.run([*compile_all, str(library)], check=True, stdout=subprocess.DEVNULL)
        try:
            folder.rename(CACHE / version)
        except OSError:  # another test process was first
            if not (CACHE / version).is_dir():
                raise


def download(version: str, folder: str) -> str:
    """By Maven's own client, since it knows the user's mirrors and proxies."""
    name = f"org.bytedeco:cpython:{ARTIFACTS[version]}:jar:{ARTIFACT_PLATFORM}"
    command = ["mvn", "--quiet", "--batch-mode", "dependency:copy", f"-Dartifact={name}", f"-DoutputDirectory={folder}"]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if finished.returncode:
        last = (finished.stdout.strip().splitlines() or ["it said nothing"])[0]
        pytest.fail(f"mvn could not get {name} (is the registry reachable?): {last}")
    (jar,) = Path(folder).glob("*.jar")
    return str(jar)


if __name__ == "__main__":
    for named in sys.argv[1:] or VERSIONS:
        print(named, find(named))
