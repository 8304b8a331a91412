"""The suites: where each comes from, what it needs, and what of it is left out, with the reason."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from build_spec import environment
from tests.promises import packages
from tests.pythons import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CACHE = ROOT / ".cache" / "conformance"
PYTEST = ("-q", "-x", "--maxfail=1000000", "-p", "no:cacheprovider", "-p", "no:randomly")


@dataclass(frozen=True)
class Suite:
    """`source` is the source distribution whose tests are run, `needs` what is installed for them."""

    source: str
    needs: tuple[str, ...]
    options: tuple[str, ...]
    path: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.source.partition("==")[0]

    def root(self, folder: Path) -> Path:
        """Where its tests are run."""
        return folder / "source" / self.source.replace("==", "-")

    def environment(self, folder: Path, spool: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        root = self.root(folder)
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join([str(ROOT), *(str(root / part) for part in self.path), str(folder / "site")]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AFTERCALL_SPOOL_DIR": str(spool),
        }


SUITES = {
    suite.name: suite
    for suite in (
        Suite(
            "urllib3==2.6.3",
            (
                "anyio[trio]==4.12.1",
                "cryptography==46.0.4",
                "h2==4.3.0",
                "httpx==0.28.1",
                "hypercorn==0.18.0",
                "idna==3.11",
                "pyopenssl==25.3.0",
                "pysocks==1.7.1",
                "pytest==8.4.2",
                "pytest-socket==0.7.0",
                "pytest-timeout==2.4.0",
                "quart==0.20.0",
                "quart-trio==0.12.0",
                "trustme==1.2.1",
                "trio==0.32.0",
            ),
            # Emscripten's are for browsers; these plug-ins are of other projects' tests in the same interpreter.
            ("test", "--ignore=test/contrib/emscripten", "--timeout=120"),
            path=("src", "."),
        ),
        Suite(
            "requests==2.32.5",
            (
                "certifi==2026.1.4",
                "charset-normalizer==3.4.4",
                "httpbin==0.10.2",
                "idna==3.11",
                "pysocks==1.7.1",
                "pytest==8.4.2",
                "pytest-httpbin==2.1.0",
                "pytest-mock==3.15.1",
                "trustme==1.2.1",
                "urllib3==2.6.3",
                "flask==2.2.5",  # the newest that httpbin's own packages import
                "werkzeug==2.2.3",
            ),
            ("tests",),
            path=("src",),
        ),
    )
}


def installed(suite: Suite) -> Path:
    """The suite's folder with source/ and site/; once finished it is not touched again."""
    digest = hashlib.sha256("\n".join([suite.source, *suite.needs]).encode()).hexdigest()[:8]
    folder = CACHE / f"{suite.source.replace('==', '-')}-{digest}"
    if folder.is_dir():
        return folder
    print(f"conformance: fetching {suite.source} and what its tests need", flush=True)
    partial = folder.with_name(f"{folder.name}.partial-{os.getpid()}")
    packages.install(suite.needs, sys.executable, partial / "site")
    archives = partial / "archives"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*pip, "--dest", str(archives), suite.source], check=True, cwd=environment.ROOT)
    for archive in archives.iterdir():
        with tarfile.open(archive) as opened:
            opened.extractall(partial / "source", filter="data")
    shutil.rmtree(archives)
    partial.rename(folder)
    return folder
