"""CPU that the Node.js wrapper adds to each HTTP call, and to an invocation without any.

    python -m tests.tools.bench.node_calls [RUNS] [LIBRARY...]

A function under aws-lambda-ric makes its calls over a kept-alive connection to a server on loopback and tells its own
CPU time, that of all its threads (user and system). How the figures are drawn, tests/tools/bench/pairs.py says.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests import built_layer
from tests.runtime_wrappers.nodejs import parts
from tests.tools.bench.figures import Figure, shown
from tests.tools.bench.function import serving, started
from tests.tools.bench.pairs import added_to_call, added_to_invocation

if TYPE_CHECKING:
    from tests.tools.bench.pairs import Start

AIMS = {"http": 0.50, "fetch": 0.20, "undici": 0.30, "axios": 0.15, "aws-sdk": 0.05}
"""Of the call itself: only ratios travel from one machine to another."""

LIBRARIES = tuple(AIMS)
NODE = parts.EDGES[1]
INVOCATION_AIM = 0.15
SOURCE = "tests/tools/bench/functions/bench_app.js"


def start() -> Start:
    command = [parts.node(NODE), *parts.CLIENTS[0].command("bench_app.handler")]
    wrapper = built_layer.wrapper("nodejs") / "wrapper"
    # Both variables are the runtime client's own.
    own = {"LAMBDA_TASK_ROOT": ".", "_HANDLER": "bench_app.handler"}
    return lambda watched: started(wrapper if watched else None, command, **own)


def figures(runs: int = 20, libraries: tuple[str, ...] = LIBRARIES) -> list[Figure]:
    start_ = start()
    found = []
    with serving() as url:
        for library in libraries:
            event = {"library": library, "url": url, "packages": str(parts.packages())}
            added, whole = added_to_call(start_, event, runs)
            name = f"Node.js {NODE}: added to a call of {library}"
            aim = AIMS[library]
            met = added <= aim * whole
            found.append(Figure(name, added, "us", whole, f"the call itself, {SOURCE}", f"<= {aim:.2f} of it", met))
    added, whole = added_to_invocation(start_, runs)
    name = f"Node.js {NODE}: added to an invocation without calls"
    loop = f"aws-lambda-ric's own loop, {SOURCE}"
    met = added <= INVOCATION_AIM * whole
    return [*found, Figure(name, added, "us", whole, loop, f"<= {INVOCATION_AIM:.2f} of it", met)]


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0]), tuple(sys.argv[2:]) or LIBRARIES):
        print(shown(figure))
