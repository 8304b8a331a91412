"""CPU that the Java agent adds to each HTTP call, and to an invocation without any, once the JVM is warm.

    python -m tests.tools.bench.java_calls [RUNS] [LIBRARY...]

Two processes of one function under AWS's runtime client, one with the wrapper and one without, are invoked in turn; the
calls go over a kept-alive connection to a server on loopback. CPU is that of all the JVM's threads, compiler and
collector included. What is shown is the median of the differences between neighbours.
"""

from __future__ import annotations

import statistics
import sys

from tests import built_layer
from tests.tools.bench import java_function
from tests.tools.bench.figures import Figure, median_difference, shown
from tests.tools.bench.function import serving

LIBRARIES = ("HttpURLConnection", "java.net.http")
CALLS = 200  # an invocation
WARM_UP = 2000  # calls, and invocations: C1 compiles what has run 200 to 2,000 times
PAIRS = 2
INVOCATIONS = 100  # measured at once
CALL_AIM, INVOCATION_AIM = 8.0, 40.0  # us
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
            name = f"added to a Java call of {library}"
            found.append(Figure(name, more, "us", whole, f"the call itself, {SOURCE}", "<= 8 us", more <= CALL_AIM))
    more, whole = added({}, 0, INVOCATIONS, runs)
    name, baseline = "added to a Java invocation without calls", f"the runtime client's own loop, {SOURCE}"
    return [*found, Figure(name, more, "us", whole, baseline, "<= 40 us", more <= INVOCATION_AIM)]


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0]), tuple(sys.argv[2:]) or LIBRARIES):
        print(shown(figure))
