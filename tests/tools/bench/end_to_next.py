"""Milliseconds between the function's end and the extension's next, which are billed, and their CPU.

python -m tests.tools.bench --only end_to_next
"""

from __future__ import annotations

import contextlib
import statistics

from tests.tools.bench.environment import HERE, Environment, cpu_ms, extension, freezing_python, launcher
from tests.tools.bench.figures import Figure
from tests.tools.bench.receiver import Receiver

AIMS = {"log": 2.0, "OTLP": 5.0}
CALLS = 10
INVOCATIONS_A_RUN = 10
SOURCE = "a Python part that only says done, tests/tools/bench/bare_part.py"


def figures(runs: int) -> list[Figure]:
    with contextlib.ExitStack() as stack:
        receiver = stack.enter_context(Receiver())
        part = [str(launcher()), str(freezing_python()), "-S", "-E", str(HERE / "bare_part.py")]
        environments = {
            "bare": stack.enter_context(Environment(part)),
            "log": stack.enter_context(Environment([str(extension())])),
            "OTLP": stack.enter_context(Environment([str(extension())], {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url})),
        }
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in environments}
        for environment in environments.values():
            environment.invocation(CALLS)  # the first one is what python_start measures
        for _ in range(runs * INVOCATIONS_A_RUN):
            for name, environment in environments.items():
                measured[name].append(_one(environment))
    return [figure for exporter in AIMS for figure in _figures(exporter, measured)]


def _one(environment: Environment) -> tuple[float, float]:
    """Wall milliseconds, and CPU milliseconds of launcher and Python part for the whole invocation."""
    pids = environment.processes()
    before = cpu_ms(pids)
    wall = environment.invocation(CALLS)
    return wall, cpu_ms(pids) - before


def _figures(exporter: str, measured: dict[str, list[tuple[float, float]]]) -> list[Figure]:
    (wall, bare_wall), (cpu, bare_cpu) = (
        [statistics.median(row[column] for row in measured[name]) for name in (exporter, "bare")] for column in (0, 1)
    )
    aim = AIMS[exporter]
    name = f"{exporter}, {CALLS} calls"
    return [
        Figure(f"function's end to next, {name}", wall, "ms", bare_wall, SOURCE, f"<= {aim:.0f} ms", wall <= aim),
        Figure(f"CPU of an invocation, {name}", cpu, "ms", bare_cpu, SOURCE, "none", met=True),
    ]
