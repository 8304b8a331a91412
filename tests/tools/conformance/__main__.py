"""`make conformance`: test suites of widely used clients, run with the hooks and without; the results must be the same.

    python -m tests.tools.conformance [SUITE...] [-k EXPRESSION]      suites: urllib3 requests apache4 apache5

Each suite is the client's own, from its source distribution or its jar of tests. They dial outside addresses by design,
so they run in a network namespace that has loopback alone. What fails for the lack of a network fails with the hooks
and without.
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

from build_spec import maven
from tests.pythons import ROOT
from tests.scenarios import isolation
from tests.tools.conformance import java_suites, suites

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.tools.conformance.java_suites import JavaSuite
    from tests.tools.conformance.suites import Suite

SUITES: dict[str, Suite | JavaSuite] = {**suites.SUITES, **java_suites.SUITES}
SECONDS = 3600  # for one run of a suite, on a slow machine
SECONDS_TO_END = 60  # once its report is written
OUTCOMES = ("error", "failure", "skipped")
AGAIN = 2
"""How often a test that differed is run again, both ways: suites have tests that now and then fail by themselves."""


def outcomes(report: Path) -> dict[str, str]:
    """Test -> passed, error, failure or skipped, from a JUnit report. Of those with one name the last has no number."""
    found: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        if name in found:
            found[f"{name} #{len(found)}"] = found[name]
        found[name] = next((one for one in OUTCOMES if case.find(one) is not None), "passed")
    return found


def run(suite: Suite | JavaSuite, folder: Path, narrowed: list[str], *, watched: bool) -> tuple[dict[str, str], str]:
    """(outcomes, what the tests printed)."""
    report = suite.report(folder)
    report.unlink(missing_ok=True)
    spool = folder / "spool"
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir(0o700)
    command = suite.command(folder, narrowed, watched=watched)
    output = folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.tools.conformance.without_network", str(suite.root(folder)), *command],
            env={"PYTHONPATH": str(ROOT), **suite.environment(folder, spool)},
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


def compare(suite: Suite | JavaSuite, narrowed: list[str]) -> bool:
    began = time.monotonic()
    folder = suite.installed()
    plain, _ = run(suite, folder, narrowed, watched=False)
    watched, said = run(suite, folder, narrowed, watched=True)
    differ = differing(plain, watched)
    for _ in range(AGAIN):
        if not differ:
            break
        again = [*narrowed, *suite.alone(differ)]
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
    parser = argparse.ArgumentParser(prog="python -m tests.tools.conformance", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all unless named")
    parser.add_argument(
        "-k", dest="expression", help="only tests that match, as pytest's -k; a part of a Java class's name"
    )
    options = parser.parse_args()
    unknown = set(options.suites) - set(SUITES)
    if unknown:
        parser.error(f"no suite {', '.join(sorted(unknown))}: there are {', '.join(SUITES)}")
    if not isolation.permitted():
        print("conformance: this system permits no network namespace: run as root or allow user namespaces")
        return 2
    names = options.suites or list(SUITES)
    if not maven.is_there() and not java_suites.SUITES.keys().isdisjoint(names):
        print(f"conformance: no JDK, so not {', '.join(java_suites.SUITES)}: {maven.INSTALL}")
        names = [name for name in names if name not in java_suites.SUITES]
    chosen = [SUITES[name] for name in names]
    same = [compare(suite, suite.matching(options.expression) if options.expression else []) for suite in chosen]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
