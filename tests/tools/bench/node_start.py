"""CPU that the Node.js wrapper adds to the start.

    python -m tests.tools.bench.node_start [RUNS]

Of the real aws-lambda-ric, from the fork to the first request for an event, with a handler that requires nothing; and
of an empty script, from the fork to its end. Interleaved with and without the wrapper; user and system time, both
shells included.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests import built_layer
from tests.runtime_wrappers.nodejs import parts
from tests.tools.bench.figures import Figure, shown
from tests.tools.bench.function import FUNCTIONS, Function

if TYPE_CHECKING:
    from collections.abc import Callable

AIM = 0.10  # of the start
NODES = parts.EDGES


def runtime(node: str, wrapper: list[str]) -> float:
    """Milliseconds of CPU of the main thread until the runtime waits for its first event."""
    command = [node, *parts.CLIENTS[0].command("bench_app.handler")]
    function = Function(
        Path(wrapper[0]) if wrapper else None, command=command, LAMBDA_TASK_ROOT=".", _HANDLER="bench_app.handler"
    )
    try:
        function.wait_until_started()
        return function.cpu_ms()
    finally:
        function.close()


def script(node: str, wrapper: list[str]) -> float:
    """Milliseconds of CPU of all threads of an empty script's process."""
    command = [*wrapper, node, str(FUNCTIONS / "bench_empty.js")]
    process = os.posix_spawn(command[0], command, {"PATH": os.environ["PATH"]})
    _, status, usage = os.wait4(process, 0)
    assert status == 0, f"{command} ended with {status}"
    return (usage.ru_utime + usage.ru_stime) * 1000


WAYS: dict[str, tuple[Callable[[str, list[str]], float], str]] = {
    "added to the runtime's start": (runtime, "aws-lambda-ric, tests/tools/bench/functions/bench_app.js"),
    "added to an empty script": (script, "`node bench_empty.js`"),
}


def figures(runs: int = 20) -> list[Figure]:
    wrapper = [str(built_layer.wrapper("nodejs") / "wrapper")]
    found = []
    for major in NODES:
        node = parts.node(major)
        for name, (measure, source) in WAYS.items():
            times: dict[bool, list[float]] = {True: [], False: []}
            for _ in range(runs):
                for watched in random.sample((True, False), 2):
                    times[watched].append(measure(node, wrapper if watched else []))
            plain = statistics.median(times[False])
            added = statistics.median(times[True]) - plain
            found.append(
                Figure(
                    f"Node.js {major}: {name}", added, "ms", plain, source, f"<= {AIM:.2f} of it", added <= AIM * plain
                )
            )
    return found


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0])):
        print(shown(figure))
