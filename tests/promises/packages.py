"""What lies beside a function under test: AWS's client in /var/runtime, the function's packages in /opt/python.

Installed by uv (pip where uv cannot) into .cache/function-libraries/<tag>/<set>-<digest>, once.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from build_spec import environment
from tests.pythons import ROOT

CACHE = ROOT / ".cache" / "function-libraries"
BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
OLD = "; python_version < '3.10'"
NEW = "; python_version >= '3.10'"

SETS = {
    # In Lambda's own runtimes the client lies beside its bootstrap.
    "runtime": ("awslambdaric==4.0.4" + OLD, "awslambdaric==4.2.2" + NEW),
    "clients": (
        "boto3==1.42.97",
        "botocore==1.42.97",
        "urllib3==1.26.20" + OLD,  # all that botocore takes there
        "urllib3==2.6.3" + NEW,
        "requests==2.32.5",
        "httpx[http2]==0.28.1",
        "aiohttp==3.13.5",
    ),
    # A function with a wrapt of its own (another than ours) and with clients of some years ago.
    "older": ("wrapt==2.0.1", "urllib3==1.26.18", "requests==2.31.0"),
    "xray": ("aws-xray-sdk==2.15.0", "requests==2.32.5", "urllib3==1.26.20" + OLD, "urllib3==2.6.3" + NEW),
    "opentelemetry": (
        "opentelemetry-sdk==1.41.1",
        "opentelemetry-instrumentation-urllib3==0.62b1",
        "opentelemetry-instrumentation-requests==0.62b1",
        "opentelemetry-instrumentation-httpx==0.62b1",
        "requests==2.32.5",
        "urllib3==2.6.3",
        "httpx==0.28.1",
    ),
    # Not for functions: what of CPython's API our native part uses.
    "abi3audit": (
        "abi3audit==0.0.26",
        "abi3info==2026.9.25",
        "kaitaistruct==0.11",
        "pefile==2024.8.26",
        "pyelftools==0.33",
    ),
    # urllib3.future takes the place of urllib3.
    "niquests": ("niquests==3.15.2", "urllib3-future==2.25.904", "jh2==5.0.15", "qh3==2.1.0", "wassima==2.1.5"),
    "ddtrace": ("ddtrace==3.19.7" + OLD, "ddtrace==4.7.1" + NEW, "requests==2.32.5", "urllib3==2.6.3"),
}


ONE_AT_A_TIME = threading.Lock()


def installed(name: str, python: str, version: str) -> Path:
    """The folder of that set for this Python; a folder once finished is not touched again."""
    with ONE_AT_A_TIME:
        return installed_by_one(name, python, version)


@functools.cache
def installed_by_one(name: str, python: str, version: str) -> Path:
    content = "\n".join(SETS[name]).encode() + (BOOTSTRAP.read_bytes() if name == "runtime" else b"")
    folder = CACHE / ("cp" + version.replace(".", "")) / f"{name}-{hashlib.sha256(content).hexdigest()[:8]}"
    if folder.is_dir():
        return folder
    partial = folder.with_name(f"{folder.name}.partial-{os.getpid()}")
    install(SETS[name], python, partial)
    if name == "runtime":
        shutil.copy(BOOTSTRAP, partial)
    # Functions see it read-only: without bytecode each start would compile it anew.
    subprocess.run([python, "-m", "compileall", "-q", "-j2", partial], check=False, stdout=subprocess.DEVNULL)
    try:
        partial.rename(folder)
    except OSError:  # another test process was first
        shutil.rmtree(partial)
    return folder


def install(requirements: tuple[str, ...], python: str, folder: Path) -> None:
    options = ["--quiet", "--only-binary", ":all:", "--target", str(folder), *requirements]
    variables = {**os.environ, "UV_CACHE_DIR": f"{environment.CACHE}/uv-cache", "UV_NATIVE_TLS": "1"}
    variables.setdefault("UV_LINK_MODE", "copy")
    uv = [environment._uv(), "pip", "install", "--python", python]
    if subprocess.run([*uv, *options], env=variables, check=False).returncode:
        subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *options], check=True)
