"""Milliseconds from exec to register and to the first next, against a bare C program that asks the same.

python -m tests.tools.bench --only launcher_start
"""

from __future__ import annotations

import contextlib
import random
import statistics
from typing import TYPE_CHECKING

from tests.tools.bench import share
from tests.tools.bench.environment import Environment, bare_extension, extension
from tests.tools.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AIM = 1.5
SHARES_MB = (None, 512, 128)
SOURCE = "bare C program, tests/tools/bench/bare_extension.c"


def figures(runs: int) -> list[Figure]:
    return [figure for memory_mb in SHARES_MB for figure in _at(memory_mb, runs)]


def _at(memory_mb: int | None, runs: int) -> Iterator[Figure]:
    names = (f"exec to register{_where(memory_mb)}", f"exec to first next{_where(memory_mb)}")
    try:
        measured = _measure(memory_mb, runs)
    except share.NoQuotaError as error:
        for name in names:
            yield Figure(name, 0.0, "ms", None, f"not possible here ({error})", f"<= {AIM} x", met=False)
        return
    for column, name in enumerate(names):
        ours, bare = (statistics.median(times[column] for times in measured[who]) for who in ("ours", "bare"))
        yield Figure(name, ours, "ms", bare, SOURCE, f"<= {AIM} x", met=ours <= AIM * bare)


def _measure(memory_mb: int | None, runs: int) -> dict[str, list[tuple[float, float]]]:
    programs = {"ours": extension(), "bare": bare_extension()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for _ in range(runs):
        # in another order each time: the processes that the run before has left to die cost the next one
        for name in random.sample(list(programs), len(programs)):
            with contextlib.ExitStack() as stack:
                procs = stack.enter_context(share.group(memory_mb)) if memory_mb else None
                times[name].append(_start(programs[name], procs))
    return times


def _start(program: Path, cgroup_procs: Path | None) -> tuple[float, float]:
    with Environment([str(program)], cgroup_procs=cgroup_procs) as environment:
        return environment.registered(), environment.asked()


def _where(memory_mb: int | None) -> str:
    return f", {memory_mb} MB function's share of a core" if memory_mb else ""
