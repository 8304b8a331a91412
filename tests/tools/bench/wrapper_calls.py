"""CPU that the Python wrapper adds to each HTTP call, and to an invocation without any.

    python -m tests.tools.bench.wrapper_calls [RUNS] [LIBRARY...]

A function under awslambdaric makes its calls over a kept-alive connection to a server on loopback and tells its own CPU
time (user and system). How the figures are drawn, tests/tools/bench/pairs.py says.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests import built_layer
from tests.tools.bench.figures import Figure, shown
from tests.tools.bench.function import serving, started
from tests.tools.bench.pairs import added_to_call, added_to_invocation

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.tools.bench.function import Function

LIBRARIES = ("http.client", "urllib3", "requests", "boto3", "httpx", "aiohttp")
CALL_AIM, INVOCATION_AIM = 25.0, 60.0
SOURCE = "tests/tools/bench/functions/bench_app.py"


def start(watched: bool) -> AbstractContextManager[Function]:
    return started(built_layer.wrapper("python") / "wrapper" if watched else None)


def call_figure(library: str, url: str, runs: int) -> Figure:
    added, whole = added_to_call(start, {"library": library, "url": url}, runs)
    name = f"added to a call of {library}"
    return Figure(name, added, "us", whole, f"the call itself, {SOURCE}", f"<= {CALL_AIM:.0f} us", added <= CALL_AIM)


def invocation_figure(runs: int) -> Figure:
    added, whole = added_to_invocation(start, runs)
    name, loop = "added to an invocation without calls", f"awslambdaric's own loop, {SOURCE}"
    return Figure(name, added, "us", whole, loop, f"<= {INVOCATION_AIM:.0f} us", added <= INVOCATION_AIM)


def figures(runs: int = 20, libraries: tuple[str, ...] = LIBRARIES) -> list[Figure]:
    with serving() as url:
        return [*(call_figure(library, url, runs) for library in libraries), invocation_figure(runs)]


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0]), tuple(sys.argv[2:]) or LIBRARIES):
        print(shown(figure))
