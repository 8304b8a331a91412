"""python -m tests.tools.compare.lock      pins the peers' newest releases for Python and Node.js in pins/.

What the measured libraries are made of is left out of Python's pins: all ways run with the same. Java's agents are
pinned by hand, as all jars are.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.tools.compare.installed import CACHE, PEERS, PINS, ROOT

SHARED = (
    "aiohttp",
    "boto3",
    "botocore",
    "certifi",
    "charset-normalizer",
    "httpcore",
    "httpx",
    "idna",
    "jmespath",
    "python-dateutil",
    "requests",
    "s3transfer",
    "six",
    "urllib3",
)
"""Of .cache/develop, which all ways run in."""


def lock_python(peer: str, constraints: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [str(ROOT / ".cache/uv/bin/uv"), "pip", "compile", "--quiet", "--upgrade", "--generate-hashes"]
    # OpenTelemetry's instrumentations have no others.
    command += ["--prerelease", "allow" if peer == "opentelemetry" else "if-necessary", "--python-version", version]
    command += ["--no-emit-index-url", "--no-header", "--no-annotate", "-c", str(constraints)]
    command += [word for name in SHARED for word in ("--no-emit-package", name)]
    environment = {**os.environ, "UV_CACHE_DIR": str(CACHE / "uv-cache"), "UV_NATIVE_TLS": "1"}
    subprocess.run([*command, f"{peer}.in", "-o", f"{peer}.txt"], cwd=PINS / "python", env=environment, check=True)


def lock_nodejs(peer: str) -> None:
    folder = PINS / "nodejs" / peer
    package = json.loads((folder / "package.json").read_text())
    names = [f"{name}@latest" for name in package["dependencies"]]
    # Locks name no registry.
    options = ["--package-lock-only", "--ignore-scripts", "--save-exact", "--omit-lockfile-registry-resolved"]
    subprocess.run(["npm", "install", *options, *names], cwd=folder, check=True)


def main() -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.writelines(f"{name}=={importlib.metadata.version(name)}\n" for name in SHARED)
        constraints.flush()
        for peer in PEERS["python"]:
            lock_python(peer, Path(constraints.name))
    for peer in PEERS["nodejs"]:
        lock_nodejs(peer)


if __name__ == "__main__":
    main()
