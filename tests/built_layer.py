"""The layer under test: what `make layer` built, or the zip that AFTERCALL_LAYER names."""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import tempfile
import zipfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ARCHITECTURE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


def path() -> Path:
    """The zip. Tests run what users attach, not only the sources."""
    zipped = Path(os.environ.get("AFTERCALL_LAYER", ROOT / "dist" / f"aftercall-layer-{ARCHITECTURE}.zip"))
    assert zipped.exists(), f"{zipped} is not there: run `make layer` first, or `make test`, which does"
    return zipped


def wrapper(runtime: str) -> Path:
    """The folder of that runtime's wrapper (`python`, `nodejs`, `java`), as it lies in the environment's /opt."""
    folder = _wrappers() / runtime
    assert folder.is_dir(), f"{path()} has no wrapper for {runtime}: `make layer` says what it lacked"
    return folder


@cache
def _wrappers() -> Path:
    unpacked = Path(tempfile.mkdtemp(prefix="aftercall-layer-"))
    atexit.register(shutil.rmtree, unpacked, ignore_errors=True)
    with zipfile.ZipFile(path()) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("aftercall/"):
                Path(archive.extract(entry, unpacked)).chmod(entry.external_attr >> 16 & 0o777)
    return unpacked / "aftercall"
