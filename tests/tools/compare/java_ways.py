"""Java: AWS's runtime client with the function by itself, under our wrapper, and with each peer's agent.

X-Ray's agent and Lumigo's tracer for Java are in no registry that has the others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.runtime_wrappers.java import parts
from tests.tools.bench import java_function
from tests.tools.compare import installed, ways
from tests.tools.compare.ways import FUNCTIONS, LAMBDA, NONE, Way

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.compare.sinks import Sink

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


def own() -> list[Way]:
    return ways.own(_way(NONE), "java")


def peers() -> list[Way]:
    return [
        _peer(ways.opentelemetry(), "opentelemetry-javaagent", **ways.OPENTELEMETRY),
        # Their layer turns JMX off.
        _peer(ways.datadog(), "dd-java-agent", **ways.DATADOG, DD_JMXFETCH_ENABLED="false"),
    ]


def _way(name: str, **more: str) -> Way:
    environment = {**LAMBDA, "AWS_EXECUTION_ENV": f"AWS_Lambda_java{JAVA}", "_HANDLER": HANDLER}
    return Way(
        name,
        "",
        parts.runtime_command(JAVA, HANDLER),
        _classes(),
        {**environment, "LAMBDA_TASK_ROOT": str(_classes()), **more},
    )


def _peer(sink: Sink, agent: str, **more: str) -> Way:
    jar = installed.packages("java", agent)
    way = _way(sink.name, **more, JAVA_TOOL_OPTIONS=f"-javaagent:{jar}")
    return replace(way, version=f"{agent} {installed.version('java', agent, '')}", sink=sink)


def _classes() -> Path:
    return parts.compiled((java_function.SOURCES, FUNCTIONS), PINS, "11")
