"""Node.js: aws-lambda-ric with the function by itself, under our wrapper, and as each peer's layer starts it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from build_spec import nodejs
from tests.runtime_wrappers.nodejs import parts
from tests.tools.compare import installed, ways
from tests.tools.compare.ways import FUNCTIONS, LAMBDA, NONE, Way

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = {
    "http": "",
    "fetch": "",
    "undici": "undici",
    "axios": "axios",
    "aws-sdk": "@aws-sdk/client-dynamodb",
}
"""Name of the row -> its package."""
NODE = parts.EDGES[1]
HANDLER = "compare_app.handler"
# Their layer's own list, and what watches `fetch` and undici, which the list lacks.
INSTRUMENTATIONS = "aws-lambda,aws-sdk,dns,express,graphql,grpc,hapi,http,ioredis,koa,mongodb,mysql,net,pg,redis,undici"


def prepare() -> None:
    for name in ("edges", "clients", "libraries"):
        nodejs.install(name)


def head() -> str:
    packages = json.loads((nodejs.LOCKS / "libraries" / "package-lock.json").read_text())["packages"]
    versions = [f"{name} {packages[f'node_modules/{name}']['version']}" for name in LIBRARIES.values() if name]
    node = json.loads((nodejs.node(NODE).parents[1] / "package.json").read_text())["version"]
    return ", ".join([f"Node.js {node}", parts.CLIENTS[0].name, *versions])


def event(_library: str) -> dict[str, str]:
    """What the function needs to be told besides the library and the URL."""
    return {"packages": str(parts.packages())}


def own() -> list[Way]:
    return ways.own(Way(NONE, "", _runtime(HANDLER), environment=_environment()), "nodejs")


def peers() -> list[Way]:
    return [_opentelemetry(), _datadog(), _lumigo(), _xray()]


def _runtime(handler: str) -> list[str]:
    return [parts.node(NODE), *parts.CLIENTS[0].command(handler)]


def _environment(packages: Path | None = None, **more: str) -> dict[str, str]:
    own = {"LAMBDA_TASK_ROOT": str(FUNCTIONS), "_HANDLER": HANDLER}
    path = {"NODE_PATH": str(packages)} if packages else {}
    return {**LAMBDA, "AWS_EXECUTION_ENV": f"AWS_Lambda_nodejs{NODE}.x", **own, **path, **more}


def _packages(peer: str) -> Path:
    return installed.packages("nodejs", peer) / "node_modules"


def _opentelemetry() -> Way:
    package = "@opentelemetry/auto-instrumentations-node"
    return Way(
        ways.opentelemetry().name,
        f"{package} {installed.version('nodejs', 'opentelemetry', package)}",
        _runtime(HANDLER),
        environment=_environment(
            _packages("opentelemetry"),
            **ways.OPENTELEMETRY,
            OTEL_NODE_ENABLED_INSTRUMENTATIONS=INSTRUMENTATIONS,
            NODE_OPTIONS=f"--require {FUNCTIONS / 'opentelemetry.js'}",
        ),
        sink=ways.opentelemetry(),
    )


def _datadog() -> Way:
    version, tracer = (installed.version("nodejs", "datadog", name) for name in ("datadog-lambda-js", "dd-trace"))
    handler = f"{_packages('datadog')}/datadog-lambda-js/dist/handler.handler"
    return Way(
        ways.datadog().name,
        f"datadog-lambda-js {version} with dd-trace {tracer}",
        _runtime(handler),
        environment=_environment(_packages("datadog"), **ways.DATADOG, DD_LAMBDA_HANDLER=HANDLER, _HANDLER=handler),
        sink=ways.datadog(),
    )


def _lumigo() -> Way:
    sink, authority = ways.lumigo()
    return Way(
        sink.name,
        f"@lumigo/tracer {installed.version('nodejs', 'lumigo', '@lumigo/tracer')}",
        _runtime("lumigo_app.handler"),
        environment=_environment(
            _packages("lumigo"),
            **ways.LUMIGO,
            LUMIGO_ORIGINAL_HANDLER=HANDLER,
            NODE_EXTRA_CA_CERTS=authority,
            _HANDLER="lumigo_app.handler",
        ),
        sink=sink,
    )


def _xray() -> Way:
    return Way(
        ways.xray().name,
        f"aws-xray-sdk-core {installed.version('nodejs', 'xray', 'aws-xray-sdk-core')}",
        _runtime("xray_app.handler"),
        environment=_environment(_packages("xray"), _HANDLER="xray_app.handler"),
        sink=ways.xray(),
    )
