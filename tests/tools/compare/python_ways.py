"""Python: awslambdaric with the function by itself, under our wrapper, and as each peer's layer starts it."""

from __future__ import annotations

import compileall
import importlib.metadata
import importlib.util
import platform
import sys
from typing import TYPE_CHECKING

from tests.tools.bench.function import FUNCTIONS as BENCH
from tests.tools.compare import installed, ways
from tests.tools.compare.ways import FUNCTIONS, LAMBDA, NONE, Way

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = {
    "http.client": "",
    "urllib3": "urllib3",
    "requests": "requests",
    "boto3": "boto3",
    "httpx": "httpx",
    "aiohttp": "aiohttp",
}
"""Name of the row -> its package."""
HANDLER = "compare_app.handler"


def prepare() -> None:
    """A library that is not compiled yet would be compiled in each process anew, and by more of it in some."""
    for name in ("awslambdaric", "botocore", *filter(None, LIBRARIES.values())):
        (folder,) = importlib.util.find_spec(name).submodule_search_locations  # type: ignore[union-attr,misc]
        compileall.compile_dir(folder, quiet=2)


def head() -> str:
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("awslambdaric", *LIBRARIES.values()) if name]
    return ", ".join([f"Python {platform.python_version()}", *versions])


def event(_library: str) -> dict[str, str]:
    """What the function needs to be told besides the library and the URL."""
    return {}


def own() -> list[Way]:
    return ways.own(Way(NONE, "", _runtime(HANDLER), environment=_environment()), "python")


def peers() -> list[Way]:
    return [_opentelemetry(), _datadog(), _lumigo(), _xray()]


def _runtime(handler: str) -> list[str]:
    return [sys.executable, "-m", "awslambdaric", handler]


def _environment(packages: Path | None = None, **more: str) -> dict[str, str]:
    path = [str(folder) for folder in (packages, BENCH) if folder]
    own = {"LAMBDA_TASK_ROOT": str(FUNCTIONS), "_HANDLER": HANDLER, "PYTHONPATH": ":".join(path)}
    return {**LAMBDA, "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11", **own, **more}


def _opentelemetry() -> Way:
    packages = installed.packages("python", "opentelemetry")
    command = [sys.executable, str(packages / "bin" / "opentelemetry-instrument"), *_runtime(HANDLER)]
    version = installed.version("python", "opentelemetry", "opentelemetry-distro")
    return Way(
        ways.opentelemetry().name,
        f"opentelemetry-distro {version}",
        command,
        environment=_environment(packages, **ways.OPENTELEMETRY),
        sink=ways.opentelemetry(),
    )


def _datadog() -> Way:
    version, tracer = (installed.version("python", "datadog", name) for name in ("datadog-lambda", "ddtrace"))
    return Way(
        ways.datadog().name,
        f"datadog-lambda {version} with ddtrace {tracer}",
        _runtime("datadog_lambda.handler.handler"),
        environment=_environment(
            installed.packages("python", "datadog"),
            **ways.DATADOG,
            DD_LAMBDA_HANDLER=HANDLER,
            _HANDLER="datadog_lambda.handler.handler",
        ),
        sink=ways.datadog(),
    )


def _lumigo() -> Way:
    sink, authority = ways.lumigo()
    return Way(
        sink.name,
        f"lumigo-tracer {installed.version('python', 'lumigo', 'lumigo-tracer')}",
        _runtime("lumigo_app.handler"),
        environment=_environment(
            installed.packages("python", "lumigo"),
            **ways.LUMIGO,
            LUMIGO_ORIGINAL_HANDLER=HANDLER,
            SSL_CERT_FILE=authority,
            _HANDLER="lumigo_app.handler",
        ),
        sink=sink,
    )


def _xray() -> Way:
    return Way(
        ways.xray().name,
        f"aws-xray-sdk {installed.version('python', 'xray', 'aws-xray-sdk')}",
        _runtime("xray_app.handler"),
        environment=_environment(installed.packages("python", "xray"), _HANDLER="xray_app.handler"),
        sink=ways.xray(),
    )
