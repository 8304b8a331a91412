"""A copy of the checkout in which guards are broken, so that the developer's own is never touched.

What was fetched or made by pins is shared by symbolic links; what is built from the sources is built in the copy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from build_spec import operations, scanner
from tests.tools.mutants.guards import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.tools.mutants.guards import Guard

STEPS_IN_ORDER = ("extension", "python", "nodejs", "java")

BUILT = {"contents", "freezing", "frozen-contents", "launcher", "layer", "mutants", "scanner", "unpacking"}
"""Of .cache/: what comes from the sources."""

SECONDS = 600  # for the tests of one guard, on a slow machine
TESTS_FAILED = 1  # pytest's status


class Checkout:
    """One copy. Guards are broken and mended in it one after the other."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.stale: set[str] = set()
        shutil.rmtree(folder, ignore_errors=True)
        names = _run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], ROOT).stdout.split("\0")
        for name in filter(None, names):
            if (ROOT / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
        for made in (operations.TABLE, scanner.TARGET):  # and not git's
            shutil.copy2(made, folder / made.relative_to(ROOT))
        self._share_cache()
        shutil.copytree(ROOT / "dist", folder / "dist")
        shutil.copytree(ROOT / ".cache" / "layer", folder / ".cache" / "layer")
        # Some tests ask git which files are the project's.
        _run(["git", "init", "-q"], folder)
        _run(["git", "add", "-A"], folder)

    def _share_cache(self) -> None:
        cache = self.folder / ".cache"
        _share(ROOT / ".cache", cache, but=BUILT | {"develop"})
        # The environment leads to the sources by a file of its own: its programs must find the copy's.
        site = next((ROOT / ".cache" / "develop" / "lib").glob("python*")) / "site-packages"
        copied = cache / site.relative_to(ROOT / ".cache")
        _share(ROOT / ".cache" / "develop", cache / "develop", but={"lib", "lib64"})
        _share(site, copied, but={path.name for path in site.glob("__editable__.*.pth")})
        (copied / "copy.pth").write_text(f"{self.folder / 'src'}\n")

    def break_(self, guard: Guard) -> None:
        path = self.folder / guard.file
        path.write_text(guard.broken(path.read_text()))

    def mend(self, guard: Guard) -> None:
        shutil.copy2(ROOT / guard.file, self.folder / guard.file)

    def build(self, steps: Sequence[str]) -> str:
        """Build these parts, and those last built with a guard broken; returns what was said if that failed."""
        wanted = self.stale.union(steps)
        self.stale = set(steps)
        if not wanted:
            return ""
        only = [word for step in (*STEPS_IN_ORDER, "zip") if step in {*wanted, "zip"} for word in ("--only", step)]
        done = _run([".cache/freeze/bin/python", "-m", "build_spec.layer", *only], self.folder)
        return done.stdout if done.returncode else ""

    def test(self, names: Sequence[str]) -> tuple[int, str]:
        """(pytest's status, what it printed)."""
        command = [".cache/develop/bin/python", "-m", "pytest", "-x", "-p", "no:cacheprovider", *names]
        done = _run(command, self.folder)
        return done.returncode, done.stdout


def _share(folder: Path, copy: Path, but: set[str]) -> None:
    copy.mkdir(parents=True)
    for path in folder.iterdir():
        if path.name not in but:
            (copy / path.name).symlink_to(path)


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # The environment's own `aftercall` is the developer's sources: the copy's come first.
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("AFTERCALL_LAYER", "PYTEST_ADDOPTS"):
        environment.pop(name, None)
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=environment,
            text=True,
            stdout=-1,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode(errors="replace") if isinstance(error.stdout, bytes) else ""
        return subprocess.CompletedProcess(command, TESTS_FAILED, f"{said}\nended after {SECONDS} seconds", "")
