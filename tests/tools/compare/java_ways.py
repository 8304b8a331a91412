"""Java: AWS's runtime client with the function by itself, under our wrapper, and with each peer's agent.

X-Ray's agent and Lumigo's tracer for Java are in no registry that has the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import built_layer
from tests.runtime_wrappers.java import parts
from tests.tools.bench import java_function
from tests.tools.compare import installed, ways
from tests.tools.compare.ways import FUNCTIONS, LAMBDA, NONE, OURS, Way

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = {"HttpURLConnection": "", "java.net.http": ""}
"""Name of the row -> its package: both are the JDK's."""
JAVA = java_function.JAVA
HANDLER = "CompareApp::handleRequest"
PINS = "runtime_client"


def prepare() -> None:
    parts.runtime_command(JAVA, HANDLER)
    _classes()


def head() -> str:
    (client,) = (jar for jar in parts.jars(PINS) if "runtime-interface-client" in jar)
    return f"Java {JAVA}, {client.rpartition('/')[2].removesuffix('.jar')}"


def event(_library: str) -> dict[str, str]:
    """What the function needs to be told besides the library and the URL."""
    return {}


def all_ways() -> list[Way]:
    wrapper = built_layer.wrapper("java") / "wrapper"
    command = parts.runtime_command(JAVA, HANDLER)
    folder = _classes()
    own = {
        **LAMBDA,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_java{JAVA}",
        "LAMBDA_TASK_ROOT": str(folder),
        "_HANDLER": HANDLER,
    }
    return [
        Way(NONE, "", command, folder, own),
        Way(OURS, "", command, folder, own, wrapper),
        Way(
            ways.opentelemetry().name,
            f"opentelemetry-javaagent {installed.version('java', 'opentelemetry-javaagent', '')}",
            command,
            folder,
            {**own, **ways.OPENTELEMETRY, **_agent("opentelemetry-javaagent")},
            sink=ways.opentelemetry(),
        ),
        Way(
            ways.datadog().name,
            f"dd-java-agent {installed.version('java', 'dd-java-agent', '')}",
            command,
            folder,
            # As their layer has it.
            {**own, **ways.DATADOG, **_agent("dd-java-agent"), "DD_JMXFETCH_ENABLED": "false"},
            sink=ways.datadog(),
        ),
    ]


def _classes() -> Path:
    return parts.compiled((java_function.SOURCES, FUNCTIONS), PINS, "11")


def _agent(name: str) -> dict[str, str]:
    return {"JAVA_TOOL_OPTIONS": f"-javaagent:{installed.packages('java', name)}"}
