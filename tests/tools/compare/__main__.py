"""What each way of watching a function adds to it, ours and the peers', in one run.

python -m tests.tools.compare [--runs N] [--runtime python,nodejs,java] [--rows WORDS]      `make compare RUNS=10`

The peers' code is what their registries publish, pinned in tests/tools/compare/pins. It is measured where nothing but
loopback is, each with the exporter that its layer uses by default, pointed at a sink. Each cell is the median of the
differences to the function by itself in the same round, and its ratio to it; CPU is that of all threads. `-`: nothing
of the calls has reached the sink, so the peer does not watch that library.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import time

from build_spec import maven
from tests.scenarios import isolation
from tests.tools.bench.function import serving
from tests.tools.compare import installed, java_ways, namespace, nodejs_ways, python_ways, rounds
from tests.tools.compare.table import notes, table

RUNTIMES = {"python": python_ways, "nodejs": nodejs_ways, "java": java_ways}
KINDS = ("cold", "warm")
ADDRESS = "127.0.0.2"  # Lumigo's tracer for Node.js looks away from calls to 127.0.0.1
NOT_SERVED = "X-Ray's agent and Lumigo's tracer for Java are not in the registry that has the others: not compared."


def say(words: str) -> None:
    print(f"compare: {words}", file=sys.stderr, flush=True)


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.tools.compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10, help="rounds of which medians are taken (10)")
    parser.add_argument("--runtime", default=",".join(RUNTIMES), help=f"of {', '.join(RUNTIMES)}; all unless named")
    parser.add_argument("--rows", default="", help="libraries, `cold`, `warm`, with commas between; all unless named")
    found = parser.parse_args(arguments)
    found.runtimes, rows = found.runtime.split(","), [word for word in found.rows.split(",") if word]
    if unknown := set(found.runtimes) - RUNTIMES.keys():
        parser.error(f"no runtime {', '.join(sorted(unknown))}: there are {', '.join(RUNTIMES)}")
    known = [library for name in found.runtimes for library in RUNTIMES[name].LIBRARIES]
    if unknown := set(rows) - {*known, *KINDS}:
        parser.error(f"no rows {', '.join(sorted(unknown))}: there are {', '.join([*known, *KINDS])}")
    if found.runs < 1:
        parser.error(f"--runs {found.runs}: at least one round is needed for a median")
    found.libraries = set(rows) - set(KINDS) or set(known)
    found.kinds = [kind for kind in KINDS if kind in rows] or list(KINDS)
    return found


def prepare(runtimes: list[str]) -> None:
    """All that is downloaded or compiled: inside there is no network."""
    for runtime in runtimes:
        installed.install(runtime, say)
        RUNTIMES[runtime].prepare()


def measure(chosen: argparse.Namespace) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}; {chosen.runs} rounds\n")
    with serving(ADDRESS) as url:
        for runtime in chosen.runtimes:
            module = RUNTIMES[runtime]
            libraries = [library for library in module.LIBRARIES if library in chosen.libraries]
            ways, began = [*module.own(), *module.peers()], time.monotonic()
            plan = rounds.Plan(
                ways,
                libraries,
                lambda library, module=module: {"library": library, "url": url, **module.event(library)},  # type: ignore[misc]
                chosen.runs,
                lambda words, runtime=runtime: say(f"{runtime}: {words}"),  # type: ignore[misc]
                chosen.kinds,
            )
            samples = rounds.measured(plan)
            print("\n".join([*table(module.head(), ways, samples), "", *notes(samples)]), flush=True)
            say(f"{runtime}: {time.monotonic() - began:.0f} s")
    if "java" in chosen.runtimes:
        print(f"- {NOT_SERVED}")


def main(arguments: list[str]) -> int:
    chosen = options(arguments)
    if namespace.is_inside():
        namespace.prepare()
        measure(chosen)
        return 0
    if not isolation.permitted():
        say("this system permits no namespaces of one's own: run as root or allow user namespaces")
        return 2
    try:
        prepare(chosen.runtimes)
    except (subprocess.CalledProcessError, maven.MavenError) as failure:
        say(f"the peers' code could not be installed: {failure}")
        return 1
    namespace.enter(arguments)
    return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\ncompare: interrupted", file=sys.stderr)
        sys.exit(130)
