"""Milliseconds of the whole init phase of a Python function, in the sandbox, with the layer and without.

python -m tests.tools.bench --only runtime_init
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from tests import built_layer
from tests.end_to_end.watching import watch
from tests.tools.bench.figures import Figure, median_difference

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "the same function without the layer, tests/end_to_end/functions/plain.py"


def figures(runs: int) -> list[Figure]:
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(runs):
        ours.append(_init(built_layer.path()))
        theirs.append(_init(None))
    added, bare = median_difference(ours, theirs), statistics.median(theirs)
    return [Figure("init phase, added by the layer", added, "ms", bare, SOURCE, "none", met=True)]


def _init(layer: Path | None) -> float:
    (outcome,) = watch("plain.ok", layer=layer, init_timeout=60.0, timeout=60.0).outcomes
    assert outcome.init_duration is not None
    return outcome.init_duration
