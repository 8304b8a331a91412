"""`make conformance`: test suites of widely used clients, run with the hooks and without; the results must be the same.

    python -m tests.conformance [SUITE...] [-k EXPRESSION]      suites: urllib3 requests

Each suite is the client's own, from its source distribution. They dial outside addresses by design, so they run in a
network namespace that has loopback alone. What fails for the lack of a network fails with the hooks and without.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tests import built_layer
from tests.conformance import suites
from tests.scenarios import isolation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conformance.suites import Suite

SECONDS = 3600  # for one run of a suite, on a slow machine
SECONDS_TO_END = 60  # once its report is written
OUTCOMES = ("error", "failure", "skipped")
AGAIN = 2
"""How often a test that differed is run again, both ways: suites have tests that now and then fail by themselves."""


def outcomes(report: Path) -> dict[str, str]:
    """Test -> passed, error, failure or skipped, from pytest's JUnit report."""
    found = {}
    for case in ET.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        found[name] = next((one for one in OUTCOMES if case.find(one) is not None), "passed")
    return found


def run(suite: Suite, folder: Path, options: list[str], *, watched: bool) -> tuple[dict[str, str], str]:
    """(outcomes, what pytest printed)."""
    report = folder / ("watched.xml" if watched else "plain.xml")
    report.unlink(missing_ok=True)
    spool = folder / "spool"
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir(0o700)
    pytest = [*suites.PYTEST, f"--junit-xml={report}", *suite.options, *options]
    command = [sys.executable, "-m", "pytest", *pytest]
    if watched:
        command = ["sh", str(built_layer.wrapper("python") / "wrapper"), *command]
    output = folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.conformance.without_network", str(suite.root(folder)), *command],
            env=suite.environment(folder, spool),
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(process, report)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    said = output.read_text(errors="replace")
    if not report.exists():
        raise SystemExit(f"conformance: {suite.name} ended with {process.returncode}\n{said}")
    written = sum(path.stat().st_size for path in spool.iterdir())
    if watched and not written:
        raise SystemExit(f"conformance: {suite.name} left no frame in the spool, so the hooks were not at work")
    return outcomes(report), said


def wait_for(process: subprocess.Popen[bytes], report: Path) -> None:
    """Until it ends, or has written its report and does not end: suites leave servers and threads behind."""
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until:
        if report.exists() and report.stat().st_size:
            until = min(until, time.monotonic() + SECONDS_TO_END)
        time.sleep(0.2)


def differing(plain: Mapping[str, str], watched: Mapping[str, str]) -> list[str]:
    """Tests with another outcome, or with none in one of the runs."""
    return sorted(name for name in {*plain, *watched} if plain.get(name) != watched.get(name))


def compare(suite: Suite, options: list[str]) -> bool:
    began = time.monotonic()
    folder = suites.installed(suite)
    plain, _ = run(suite, folder, options, watched=False)
    watched, said = run(suite, folder, options, watched=True)
    differ = differing(plain, watched)
    for _ in range(AGAIN):
        if not differ:
            break
        # By the names of their functions: pytest takes no others from a report.
        functions = sorted({name.rpartition("::")[2].partition("[")[0] for name in differ})
        again = [*options, "-k", " or ".join(functions)]
        plain_again, watched_again = (run(suite, folder, again, watched=one)[0] for one in (False, True))
        differ = [name for name in differ if plain_again.get(name) != watched_again.get(name)]
    counts = {kind: list(watched.values()).count(kind) for kind in ("passed", *OUTCOMES)}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    verdict = "the same with the hooks" if not differ else f"{len(differ)} differ"
    print(f"conformance: {suite.name}, {len(plain)} tests ({told}): {verdict}, {time.monotonic() - began:.0f} s")
    for name in differ:
        print(f"  {name}: {plain.get(name)} without, {watched.get(name)} with the hooks")
    if differ:
        print(said[-4000:])
    return not differ


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(suites.SUITES)}; all unless named")
    parser.add_argument("-k", dest="expression", help="only tests that match, as pytest's -k")
    options = parser.parse_args()
    unknown = set(options.suites) - set(suites.SUITES)
    if unknown:
        parser.error(f"no suite {', '.join(sorted(unknown))}: there are {', '.join(suites.SUITES)}")
    if not isolation.permitted():
        print("conformance: this system permits no network namespace: run as root or allow user namespaces")
        return 2
    narrowed = ["-k", options.expression] if options.expression else []
    names = options.suites or list(suites.SUITES)
    same = [compare(suites.SUITES[name], narrowed) for name in names]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
