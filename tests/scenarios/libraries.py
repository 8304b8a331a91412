"""The client libraries under test: where each comes from, and which client script speaks it.

A new library is one row in LIBRARIES and one file in clients/. The packages go into
.cache/function-libraries/<tag>/<set>, one folder a set, so that two versions of urllib3 can be had side by side.
The tests install them by themselves; `python -m tests.scenarios.libraries [PYTHON...]` does it by hand.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests import pythons

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "function-libraries"

# The newest releases that support Python 3.9, the oldest of Lambda, so that every Python runs the same.
PACKAGES = {
    "current": (
        "urllib3==2.6.3",
        "requests==2.32.5",
        "httpx[http2]==0.28.1",
        "httpcore==1.0.9",
        "aiohttp==3.13.5",
        "pip==25.3",
    ),
    "urllib3-1.26": ("urllib3==1.26.20",),
    "boto3": (
        "boto3==1.42.97",
        "botocore==1.42.97",
        "urllib3==2.6.3; python_version >= '3.10'",
        "urllib3==1.26.20; python_version < '3.10'",  # all that botocore takes there
    ),
}
# A copy of urllib3 as other packages carry it; relative imports make it work under any name.
VENDORED = "acme/_vendor/urllib3"


@dataclass(frozen=True)
class Library:
    """One row: `client` is a file of clients/, `module` what it imports, `wire` is h1 or h2 (over TLS, by ALPN)."""

    name: str
    client: str
    module: str
    packages: str = "current"
    wire: str = "h1"
    family: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """By what the table may speak of this library, the most exact first."""
        return self.name, self.wire, self.family

    @property
    def is_async(self) -> bool:
        return self.client.endswith("_async") or self.client == "use_aiohttp"


LIBRARIES = (
    Library("http.client", "use_http_client", "http.client", family="http.client"),
    Library("urllib", "use_urllib", "urllib.request", family="urllib"),
    Library("urllib3", "use_urllib3", "urllib3", family="urllib3"),
    Library("urllib3-1.26", "use_urllib3", "urllib3", packages="urllib3-1.26", family="urllib3"),
    Library("vendored-urllib3", "use_urllib3", "acme._vendor.urllib3", family="urllib3"),
    Library("pip-vendored-urllib3", "use_urllib3", "pip._vendor.urllib3", family="urllib3"),
    Library("requests", "use_requests", "requests", family="urllib3"),
    Library("boto3", "use_boto3", "boto3", packages="boto3", family="boto3"),
    Library("httpx", "use_httpx", "httpx", family="httpcore"),
    Library("httpx-async", "use_httpx_async", "httpx", family="httpcore"),
    Library("httpx-h2", "use_httpx", "httpx", wire="h2", family="httpcore"),
    Library("httpx-async-h2", "use_httpx_async", "httpx", wire="h2", family="httpcore"),
    Library("httpcore-sync", "use_httpcore", "httpcore", family="httpcore"),
    Library("httpcore-async", "use_httpcore_async", "httpcore", family="httpcore"),
    Library("aiohttp", "use_aiohttp", "aiohttp", family="aiohttp"),
)
BY_NAME = {library.name: library for library in LIBRARIES}


@functools.cache
def interpreters() -> list[str]:
    """The interpreters to run functions under."""
    return [pythons.find(version) for version in pythons.wanted()]


@functools.cache
def tag(python: str) -> str:
    """`cp311` for a Python 3.11."""
    script = "import sys; print('cp%d%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", script], check=True, capture_output=True, text=True).stdout.strip()


def prefix(python: str) -> str:
    """What begins a test's name where several Pythons are tested."""
    return f"{tag(python)}-" if len(interpreters()) > 1 else ""


def install(python: str) -> dict[str, str]:
    """Install every set for this Python; returns set name -> folder. A folder once finished is not touched again."""
    folders = {}
    place = CACHE / tag(python)
    place.mkdir(parents=True, exist_ok=True)
    with Path(place, "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, requirements in PACKAGES.items():
            digest = hashlib.sha256("\n".join(requirements).encode()).hexdigest()[:8]
            folder = place / f"{name}-{digest}"
            if not folder.is_dir():
                _install_set(python, requirements, folder)
            folders[name] = str(folder)
    return folders


def _install_set(python: str, requirements: tuple[str, ...], folder: Path) -> None:
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # of an interrupted run
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-warn-conflicts",
        "--only-binary",
        ":all:",
    ]
    subprocess.run([*pip, "--target", str(partial), *requirements], check=True)
    if (partial / "requests").is_dir():
        shutil.copytree(partial / "urllib3", partial / VENDORED)
        for package in (partial / VENDORED).relative_to(partial).parents:
            if package.name:
                (partial / package / "__init__.py").touch()
    partial.rename(folder)


if __name__ == "__main__":
    for interpreter in sys.argv[1:] or interpreters():
        print(interpreter, *install(interpreter).values(), sep="\n  ")
