"""Memory of the extension's processes together, and what it takes of /tmp, idle and after many invocations.

python -m tests.tools.bench --only memory
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tools.bench.environment import Environment, extension, memory_mb, nameless_bytes
from tests.tools.bench.figures import Figure
from tests.tools.bench.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

AIMS = {"log": 16.0, "OTLP": 20.0}
INVOCATIONS_A_RUN = 50
CALLS = 2
OTHERS = "peers: Datadog's 18 MB, OpenTelemetry's 41 MB (their own figures)"


def figures(runs: int) -> list[Figure]:
    with Receiver() as receiver:
        variables: dict[str, dict[str, str]] = {"log": {}, "OTLP": {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}}
        return [figure for exporter in AIMS for figure in _of(exporter, variables[exporter], runs * INVOCATIONS_A_RUN)]


def _of(exporter: str, variables: dict[str, str], invocations: int) -> Iterator[Figure]:
    aim = AIMS[exporter]
    with Environment([str(extension())], variables) as environment:
        environment.invocation(CALLS)
        yield from _now(environment, f"{exporter}, idle", aim)
        for _ in range(invocations):
            environment.invocation(CALLS)
        yield from _now(environment, f"{exporter}, after {invocations:,} invocations", aim)
        pids = environment.processes()
        spooled = sum(file.stat().st_size for file in environment.spool.iterdir())
        taken = (nameless_bytes(pids) + spooled) / 1e6
        yield Figure(f"/tmp taken, {exporter}", taken, "MB", None, "libraries, spool", "as little as can be", met=True)


def _now(environment: Environment, when: str, aim: float) -> Iterator[Figure]:
    pids = environment.processes()
    pss, rss = memory_mb(pids, "Pss"), memory_mb(pids, "Rss")
    yield Figure(f"PSS, {when}", pss, "MB", None, OTHERS, f"<= {aim:.0f} MB", pss <= aim)
    yield Figure(f"RSS, {when}", rss, "MB", None, "counts what is shared with others as well", "none", met=True)
