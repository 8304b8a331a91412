"""CPU that the Java agent adds to each HTTP call, cold and warm, and to an invocation without any.

    python -m tests.tools.bench.java_calls [RUNS] [LIBRARY...]

Two processes of one function under AWS's runtime client, one with the wrapper and one without, are invoked in turn; the
calls go over a kept-alive connection to a server on loopback. CPU is that of all the JVM's threads, compiler and
collector included. What is shown is the median of the differences between neighbours. The first calls are those of
new processes; they pay for the classes that are woven, too.
"""

from __future__ import annotations

import statistics
import sys

from tests import built_layer
from tests.tools.bench import java_function
from tests.tools.bench.figures import Figure, median_difference, shown
from tests.tools.bench.function import serving

AIMS = {"HttpURLConnection": 0.15, "java.net.http": 0.08}
"""Of the call itself: only ratios travel from one machine to another."""

LIBRARIES = tuple(AIMS)
CALLS = 200  # an invocation
FIRST = 100  # calls of a process
WARM_UP = 2000  # calls, and invocations: C1 compiles what has run 200 to 2,000 times
PAIRS = 2
INVOCATIONS = 100  # measured at once
FIRST_AIM, INVOCATION_AIM = 0.15, 0.10
SOURCE = f"Java {java_function.JAVA}, tests/tools/bench/java/BenchApp.java"


def added(event: dict, calls: int, invocations: int, runs: int) -> tuple[float, float]:
    """Microseconds of CPU that each of `invocations` takes longer with us, and what it takes without."""
    wrapper = built_layer.wrapper("java") / "wrapper"
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(PAIRS):
        with java_function.started(wrapper) as watched, java_function.started(None) as plain:
            for function in (watched, plain):
                for _ in range(max(1, warm_up(runs) // (calls or 1))):
                    function.invoke(event)
            for _ in range(runs):
                for mine, function in zip(times, (watched, plain), strict=True):
                    before = function.cpu_us()
                    for _ in range(invocations):
                        function.invoke(event)
                    mine.append((function.cpu_us() - before) / invocations)
    return median_difference(*times), statistics.median(times[1])


def added_to_first(event: dict, runs: int) -> tuple[float, float]:
    """The same for the first invocation of a process."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for mine, wrapper in zip(times, (built_layer.wrapper("java") / "wrapper", None), strict=True):
            with java_function.started(wrapper) as function:
                before = function.cpu_us()
                function.invoke(event)
                mine.append(function.cpu_us() - before)
    return median_difference(*times), statistics.median(times[1])


def warm_up(runs: int) -> int:
    """Less where the numbers do not count."""
    return min(WARM_UP, 200 * runs)


def figures(runs: int = 20, libraries: tuple[str, ...] = LIBRARIES) -> list[Figure]:
    if not java_function.is_possible():
        return []
    found = []
    with serving() as url:
        for library in libraries:
            event = {"library": library, "url": url, "calls": CALLS}
            more, whole = (microseconds / CALLS for microseconds in added(event, CALLS, 1, runs))
            found.append(judged(f"added to a Java call of {library}", more, whole, "the call itself", AIMS[library]))
            more, whole = (time / FIRST for time in added_to_first({**event, "calls": FIRST}, runs))
            name = f"added to each of the first {FIRST} Java calls of {library}"
            found.append(judged(name, more, whole, "the call itself", FIRST_AIM))
    more, whole = added({}, 0, INVOCATIONS, runs)
    name = "added to a Java invocation without calls"
    return [*found, judged(name, more, whole, "the runtime client's own loop", INVOCATION_AIM)]


def judged(name: str, more: float, whole: float, baseline: str, aim: float) -> Figure:
    return Figure(name, more, "us", whole, f"{baseline}, {SOURCE}", f"<= {aim:.2f} of it", more <= aim * whole)


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0]), tuple(sys.argv[2:]) or LIBRARIES):
        print(shown(figure))
