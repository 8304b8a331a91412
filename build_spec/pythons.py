"""The Pythons of this machine that a function may run under: on PATH, and among pyenv's versions."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
"""Those of Lambda's managed runtimes, oldest first."""

# Of a virtual environment the Python that it was made from: a function sees no packages of the developer's.
PROBE = "import ssl, sys; print(*sys.version_info[:2], sep='.'); print(sys._base_executable)"


@functools.cache
def on_machine(version: str) -> str | None:
    """The executable of that Python, or None if none runs and has TLS."""
    for candidate in (*_on_path(version), *_in_pyenv(version)):
        if executable := _probed(candidate, version):
            return executable
    return None


def _on_path(version: str) -> list[str]:
    found = shutil.which(f"python{version}")
    return [found] if found else []


def _in_pyenv(version: str) -> list[str]:
    """The newest first."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    try:
        names = os.listdir(versions)
    except OSError:  # there is none, or it is another user's
        return []
    patches = [name.removeprefix(f"{version}.") for name in names if name.startswith(f"{version}.")]
    newest_first = sorted((int(patch) for patch in patches if patch.isdigit()), reverse=True)
    return [str(versions / f"{version}.{patch}" / "bin" / f"python{version}") for patch in newest_first]


def _probed(candidate: str, version: str) -> str | None:
    """The real executable (PATH may hold a version manager's script)."""
    try:
        answer = subprocess.run([candidate, "-c", PROBE], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found, executable = answer.stdout.splitlines()
    return executable if found == version else None
