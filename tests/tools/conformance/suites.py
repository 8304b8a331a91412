"""The Python suites: where each comes from, what it needs, and what of it is left out, with the reason."""

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
from tests import built_layer
from tests.promises import packages
from tests.pythons import ROOT

if TYPE_CHECKING:
    from collections.abc import Collection
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

    def report(self, folder: Path) -> Path:
        return folder / "report.xml"

    def command(self, folder: Path, narrowed: list[str], *, watched: bool) -> list[str]:
        pytest = [*PYTEST, f"--junit-xml={self.report(folder)}", *self.options, *narrowed]
        wrapper = ["sh", str(built_layer.wrapper("python") / "wrapper")] if watched else []
        return [*wrapper, sys.executable, "-m", "pytest", *pytest]

    def matching(self, expression: str) -> list[str]:
        return ["-k", expression]

    def alone(self, names: Collection[str]) -> list[str]:
        """By the names of their functions: pytest takes no others from a report."""
        functions = sorted({name.rpartition("::")[2].partition("[")[0] for name in names})
        return ["-k", " or ".join(functions)]

    def installed(self) -> Path:
        """The suite's folder with source/ and site/; once finished it is not touched again."""
        digest = hashlib.sha256("\n".join([self.source, *self.needs]).encode()).hexdigest()[:8]
        folder = CACHE / f"{self.source.replace('==', '-')}-{digest}"
        if folder.is_dir():
            return folder
        print(f"conformance: fetching {self.source} and what its tests need", flush=True)
        partial = folder.with_name(f"{folder.name}.partial-{os.getpid()}")
        packages.install(self.needs, sys.executable, partial / "site")
        archives = partial / "archives"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*pip, "--dest", str(archives), self.source], check=True, cwd=environment.ROOT)
        for archive in archives.iterdir():
            with tarfile.open(archive) as opened:
                opened.extractall(partial / "source", filter="data")
        shutil.rmtree(archives)
        partial.rename(folder)
        return folder


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
