"""CPU that the Python wrapper adds to the start of the runtime.

    python -m tests.tools.bench.wrapper_start [RUNS]

From the fork to the first request for an event, interleaved with and without the wrapper, of the real awslambdaric with
a handler that imports nothing: user and system time of the process, both shells included. With the bytecode that the
layer carries for the Pythons that were there when it was built, and for one that was not.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests import built_layer
from tests.tools.bench.figures import Figure, shown
from tests.tools.bench.function import Function

if TYPE_CHECKING:
    from collections.abc import Iterator

AIM = 12.0  # ms
SOURCE = "python -m awslambdaric, tests/tools/bench/functions/bench_app.py"


@contextlib.contextmanager
def without_bytecode(wrapper: Path) -> Iterator[Path]:
    """A copy of the wrapper as a Python meets it for which none was compiled."""
    folder = Path(tempfile.mkdtemp(prefix="aftercall-bench-"))
    try:
        copy = folder / "python"
        shutil.copytree(wrapper, copy, ignore=shutil.ignore_patterns("__pycache__"))
        yield copy
    finally:
        shutil.rmtree(folder)


def start(wrapper: Path | None) -> float:
    """Milliseconds of CPU until the runtime waits for its first event."""
    function = Function(wrapper and wrapper / "wrapper")
    try:
        function.wait_until_started()
        return function.cpu_ms()
    finally:
        function.close()


def figures(runs: int = 20) -> list[Figure]:
    with without_bytecode(built_layer.wrapper("python")) as bare:
        ways = {"plain": None, "compiled": built_layer.wrapper("python"), "source": bare}
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(runs):
            for name in random.sample(list(ways), len(ways)):
                times[name].append(start(ways[name]))
    medians = {name: statistics.median(found) for name, found in times.items()}
    added = {name: medians[name] - medians["plain"] for name in ways}
    rows = (
        ("added to the runtime's start", "compiled", f"<= {AIM:.0f} ms"),
        ("the same on a Python that was not there at build time", "source", f"<= {AIM:.0f} ms"),
    )
    return [Figure(text, added[way], "ms", medians["plain"], SOURCE, aim, added[way] <= AIM) for text, way, aim in rows]


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0])):
        print(shown(figure))
