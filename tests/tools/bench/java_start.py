"""Milliseconds that the Java agent adds to a function's init, beside two that do next to nothing; and its jar's size.

    python -m tests.tools.bench.java_start [RUNS]

From the start of the JVM, shells included, to the first request for an event: the real runtime client with a handler
that loads nothing, with Lambda's own options, interleaved with and without an agent.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path

from tests import built_layer
from tests.runtime_wrappers.java import parts
from tests.tools.bench import java_function
from tests.tools.bench.figures import Figure, median_difference, shown

AGENTS = Path(__file__).resolve().parent / "java_agents"
AIM = 35.0  # ms
SIZE_AIM = 300.0  # kB
SOURCE = f"the init without an agent, Java {java_function.JAVA}, tests/tools/bench/java/BenchApp.java"
OTHERS = {"empty": "an empty agent", "asm": "an agent that weaves one class with ASM"}
WAYS = ("plain", *OTHERS, "ours")


def start(wrapper: Path | None, agent: Path | None) -> tuple[float, float]:
    """Wall and CPU milliseconds until the runtime waits for its first event; CPU is that of all threads."""
    began = time.monotonic()
    function = java_function.JavaFunction(wrapper, agent)
    try:
        function.wait_until_started()
        return (time.monotonic() - began) * 1000, function.cpu_us() / 1000
    finally:
        function.close()


def figures(runs: int = 20) -> list[Figure]:
    if not java_function.is_possible():
        return []
    wrapper = built_layer.wrapper("java")
    empty = parts.agent_jar(AGENTS / "EmptyAgent.java")
    weaving = parts.agent_jar(AGENTS / "AsmAgent.java", parts.asm())
    ways = {"plain": (None, None), "empty": (None, empty), "asm": (None, weaving), "ours": (wrapper / "wrapper", None)}
    times: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for _ in range(runs):
        for way in random.sample(WAYS, len(WAYS)):
            times[way].append(start(*ways[way]))
    found = []
    for column, what in enumerate(("init", "init, CPU")):
        columns = {way: [row[column] for row in rows] for way, rows in times.items()}
        plain = statistics.median(columns["plain"])
        ours = median_difference(columns["ours"], columns["plain"])
        aim, met = (f"<= {AIM:.0f} ms", ours <= AIM) if column == 0 else ("none", True)
        found.append(Figure(f"added to a Java function's {what}", ours, "ms", plain, SOURCE, aim, met))
        for way, called in OTHERS.items():
            added = median_difference(columns[way], columns["plain"])
            found.append(Figure(f"the same by {called}, {what}", added, "ms", plain, SOURCE, "none", met=True))
    size = (wrapper / "aftercall.jar").stat().st_size / 1000
    aim = f"<= {SIZE_AIM:.0f} kB"
    return [*found, Figure("the Java agent's jar", size, "kB", None, "", aim, size <= SIZE_AIM)]


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0])):
        print(shown(figure))
