"""CPU that the Python wrapper adds to each HTTP call, and to an invocation without any.

    python -m tests.bench.wrapper_calls [RUNS] [LIBRARY...]

Two processes of one function under awslambdaric, one with the wrapper and one without, are invoked in turn; it makes
its calls over a kept-alive connection to a server on loopback and tells its own CPU time (user and system). What is
shown is the median of the differences between neighbours, over several such pairs, since two processes of the same
program differ by their memory's layout.
"""

from __future__ import annotations

import statistics
import sys
from itertools import pairwise

from tests import built_layer
from tests.bench.figures import Figure, median_difference, shown
from tests.bench.function import serving, started

LIBRARIES = ("http.client", "urllib3", "requests", "boto3", "httpx", "aiohttp")
CALLS = 60  # an invocation
PAIRS = 3
INVOCATIONS = 200  # without calls, in each pair
CALL_AIM, INVOCATION_AIM = 25.0, 60.0
SOURCE = "tests/bench/functions/bench_app.py"


def call_figure(library: str, url: str, runs: int) -> Figure:
    """Microseconds of CPU added to one call; the baseline is the whole call without the wrapper."""
    wrapper = built_layer.wrapper("python") / "wrapper"
    event = {"library": library, "url": url, "calls": CALLS}
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(PAIRS):
        with started(wrapper) as watched, started(None) as plain:
            for function in (watched, plain):
                function.invoke(event)  # imports, connects
            for _ in range(runs):
                ours.append(watched.invoke(event)["calls"] / CALLS / 1000)
                theirs.append(plain.invoke(event)["calls"] / CALLS / 1000)
    added, whole = median_difference(ours, theirs), statistics.median(theirs)
    return Figure(
        f"added to a call of {library}",
        added,
        "us",
        whole,
        f"the call itself, {SOURCE}",
        f"<= {CALL_AIM:.0f} us",
        added <= CALL_AIM,
    )


def invocation_figure(runs: int) -> Figure:
    """Microseconds of CPU added to an invocation that makes no call; the baseline is the runtime client's loop."""
    wrapper = built_layer.wrapper("python") / "wrapper"
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(PAIRS):
        with started(wrapper) as watched, started(None) as plain:
            entered: list[list[int]] = [[], []]
            for _ in range(max(2, runs * INVOCATIONS // 20)):
                for times, function in zip(entered, (watched, plain), strict=True):
                    times.append(function.invoke({})["entered"])
        for all_times, times in zip((ours, theirs), entered, strict=True):
            all_times += [(after - before) / 1000 for before, after in pairwise(times)]
    added, whole = median_difference(ours, theirs), statistics.median(theirs)
    return Figure(
        "added to an invocation without calls",
        added,
        "us",
        whole,
        f"awslambdaric's own loop, {SOURCE}",
        f"<= {INVOCATION_AIM:.0f} us",
        added <= INVOCATION_AIM,
    )


def figures(runs: int = 20, libraries: tuple[str, ...] = LIBRARIES) -> list[Figure]:
    with serving() as url:
        return [*(call_figure(library, url, runs) for library in libraries), invocation_figure(runs)]


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0]), tuple(sys.argv[2:]) or LIBRARIES):
        print(shown(figure))
