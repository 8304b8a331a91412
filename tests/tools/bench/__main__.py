"""All figures in one table: python -m tests.tools.bench [--only NAME] [--runs N]. docs/costs.md has it."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tools.bench.figures import Figure

BENCHES = (
    "launcher_start",
    "runtime_init",
    "python_start",
    "memory",
    "end_to_next",
    "masking",
    "recognition",
    "wrapper_start",
    "wrapper_calls",
    "node_start",
    "node_calls",
    "hand_over",
    "java_start",
    "java_calls",
    "recognition_events",
)
"""Modules of this package, each with `figures(runs) -> list[Figure]`."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=BENCHES, help="one bench; may be given again")
    parser.add_argument("--runs", type=int, default=20, help="interleaved runs of which medians are taken (20)")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error(f"--runs {options.runs}: at least one run is needed for a median")
    found: list[Figure] = []
    for name in options.only or BENCHES:
        began = time.monotonic()
        print(f"bench: {name}, {options.runs} runs ...", end=" ", file=sys.stderr, flush=True)
        found += importlib.import_module(f"tests.tools.bench.{name}").figures(options.runs)
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print("\n".join(table(found)))
    return 0


def table(figures: list[Figure]) -> Iterator[str]:
    """Markdown; a ratio where there is something to compare with."""
    yield "| | aftercall | baseline | ratio | aim | met |"
    yield "|---|---|---|---|---|---|"
    for figure in figures:
        baseline = f"{_number(figure.baseline)}: {figure.baseline_name}" if figure.baseline else figure.baseline_name
        ratio = f"{figure.value / figure.baseline:.2f}" if figure.baseline else ""
        met = "yes" if figure.met else "**no**"
        yield f"| {figure.name} | {_number(figure.value)} {figure.unit} | {baseline} | {ratio} | {figure.aim} | {met} |"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nbench: interrupted", file=sys.stderr)
        sys.exit(130)
