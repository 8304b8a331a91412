"""The Python part: fork to ready, and its CPU until the first export, against a bare interpreter.

python -m tests.tools.bench --only python_start
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import time

from tests.tools.bench.environment import Environment, cpu_ms, extension, freezing_python
from tests.tools.bench.figures import Figure
from tests.tools.bench.receiver import Receiver

SOURCE = "`python3 -S -E -c pass`, the Python it was frozen with"
CALLS = 1
AIMS = {"log": 2.5, "OTLP": 5.0}
_AT = r"aftercall: launcher ([\d.]+) ms: Python part {}"


def figures(runs: int) -> list[Figure]:
    bare: list[tuple[float, float]] = []
    ours: dict[str, list[tuple[float, float]]] = {exporter: [] for exporter in AIMS}
    with Receiver() as receiver:
        variables = {"log": {}, "OTLP": {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}}
        for _ in range(runs):
            bare.append(_bare())
            for exporter, measured in ours.items():
                measured.append(_start(variables[exporter]))
    found = []
    for exporter, measured in ours.items():
        for column, what in enumerate(("fork to ready", "CPU until the first export")):
            value, floor = (statistics.median(row[column] for row in rows) for rows in (measured, bare))
            aim = AIMS[exporter]
            found.append(Figure(f"{what}, {exporter}", value, "ms", floor, SOURCE, f"<= {aim} x", value <= aim * floor))
    return found


def _bare() -> tuple[float, float]:
    """Wall and CPU milliseconds of an interpreter that does nothing."""
    began = time.monotonic()
    process = subprocess.Popen([freezing_python(), "-S", "-E", "-c", "pass"])
    os.setpriority(os.PRIO_PROCESS, process.pid, 19)  # as the Python part has it
    _, _, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = 0
    return wall * 1e3, (used.ru_utime + used.ru_stime) * 1e3


def _start(variables: dict[str, str]) -> tuple[float, float]:
    with Environment([str(extension())], {**variables, "AFTERCALL_LOG_LEVEL": "debug"}) as environment:
        environment.until_told("Python part ready")
        told = environment.told()
        forked, ready = (float(re.findall(_AT.format(word), told)[0]) for word in ("started", "ready"))
        environment.invocation(CALLS)
        return ready - forked, cpu_ms(environment.python_part())
