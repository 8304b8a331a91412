"""The peers' code as their registries publish it: pinned in pins/ by version and hash, installed into .cache/compare.

A folder carries the digest of what pins it, so changed pins are installed anew. `are_there` never installs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from build_spec import maven

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[3]
PINS = Path(__file__).resolve().parent / "pins"
CACHE = ROOT / ".cache" / "compare"
AGENTS = PINS / "java" / "agents.txt"
PEERS = {
    "python": ("opentelemetry", "datadog", "lumigo", "xray"),
    "nodejs": ("opentelemetry", "datadog", "lumigo", "xray"),
    "java": ("opentelemetry-javaagent", "dd-java-agent"),
}


def packages(runtime: str, peer: str) -> Path:
    """The folder that PYTHONPATH or NODE_PATH names; of Java the jar."""
    if runtime == "java":
        return CACHE / "java" / "artifacts" / _agent(peer).file
    return _folder(runtime, peer)


def version(runtime: str, peer: str, package: str) -> str:
    """The version that is pinned of one of the peer's packages."""
    if runtime == "java":
        return _agent(peer).version
    if runtime == "nodejs":
        lock = json.loads((PINS / runtime / peer / "package-lock.json").read_text())
        return str(lock["packages"][f"node_modules/{package}"]["version"])
    found = re.search(rf"(?m)^{re.escape(package)}==(\S+)", (PINS / runtime / f"{peer}.txt").read_text())
    assert found is not None, f"{package} is not pinned in {peer}.txt"
    return found[1]


def are_there(runtime: str) -> bool:
    """Whether all peers of the runtime are installed already."""
    return all(packages(runtime, peer).exists() for peer in PEERS[runtime])


def install(runtime: str, say: Callable[[str], None]) -> None:
    """What is there already is not asked for again. Raises subprocess.CalledProcessError or maven.MavenError."""
    for peer in PEERS[runtime]:
        if not packages(runtime, peer).exists():
            say(f"installing {peer} for {runtime} into .cache/compare")
            if runtime == "java":
                maven.fetch(AGENTS, CACHE / "java")
            else:
                _whole(_folder(runtime, peer), INSTALLERS[runtime], PINS / runtime / peer)


def _agent(name: str) -> maven.Artifact:
    (agent,) = (artifact for artifact in maven.read(AGENTS) if artifact.name == name)
    return agent


def _folder(runtime: str, peer: str) -> Path:
    pins = PINS / runtime / (f"{peer}.txt" if runtime == "python" else f"{peer}/package-lock.json")
    return CACHE / runtime / f"{peer}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"


def _whole(finished: Path, installer: Callable[[Path, Path], None], pins: Path) -> None:
    """The folder appears when all is in it."""
    finished.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=finished.parent) as partial:
        folder = Path(partial, "packages")
        folder.mkdir()
        installer(folder, pins)
        folder.rename(finished)


def _pip(folder: Path, pins: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "--target", str(folder), "-r", f"{pins}.txt"], check=True)


def _npm(folder: Path, pins: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(pins / name, folder)
    with tempfile.TemporaryDirectory() as cache:
        quiet = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false"}
        environment = {**os.environ, **quiet, "npm_config_cache": cache, "npm_config_loglevel": "error"}
        subprocess.run(
            ["npm", "ci", "--ignore-scripts"], cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True
        )


INSTALLERS: dict[str, Callable[[Path, Path], None]] = {"python": _pip, "nodejs": _npm}
