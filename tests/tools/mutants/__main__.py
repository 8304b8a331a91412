"""`make mutants`: breaks one guard after the other in a copy of the checkout, and sees that its tests notice.

    python -m tests.tools.mutants [WORD...] [--workers 2]     guards whose part or name has one of the words

Ends with 1 if a guard was broken and no test of its list failed, or if a test of a list fails without that.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.tools.mutants import guards
from tests.tools.mutants.checkout import TESTS_FAILED, Checkout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.tools.mutants.guards import Guard


class Run:
    """Guards shared out among copies of the checkout."""

    def __init__(self, chosen: Sequence[Guard], workers: int):
        self.left = list(reversed(chosen))
        self.total = len(chosen)
        self.workers = workers
        self.told: list[str] = []
        self.lock = threading.Lock()
        self.began = time.monotonic()

    def run(self) -> list[str]:
        """One line for each guard that was not caught."""
        with ThreadPoolExecutor(self.workers) as pool:
            done = [pool.submit(self._work, number) for number in range(self.workers)]
            try:
                return [line for one in done for line in one.result()]
            except KeyboardInterrupt:
                self.left.clear()
                raise

    def _work(self, number: int) -> list[str]:
        checkout = Checkout(guards.ROOT / ".cache" / "mutants" / str(number))
        wrong = []
        for guard in self._take():
            began = time.monotonic()
            reason = verdict(checkout, guard)
            self._tell(guard, reason, time.monotonic() - began)
            if reason:
                wrong.append(f"{guard.part}: {guard.name}: {reason}")
        return wrong

    def _take(self) -> Iterator[Guard]:
        """Guards of one file after the other: the next of a part finds most of it built."""
        while True:
            with self.lock:
                if not self.left:
                    return
                guard = self.left.pop()
            yield guard

    def _tell(self, guard: Guard, reason: str, seconds: float) -> None:
        with self.lock:
            self.told.append(guard.name)
            place = f"{len(self.told)}/{self.total}"
            print(f"mutants: {place:>7} {seconds:4.0f} s  {guard.part}: {guard.name}: {reason or 'caught'}", flush=True)


def verdict(checkout: Checkout, guard: Guard) -> str:
    """Why the guard counts as not caught; nothing if it was."""
    checkout.break_(guard)
    try:
        if said := checkout.build(guard.steps()):
            return f"the build noticed, no test did: {_last_line(said)}"
        status, said = checkout.test(guard.test)
        if status == 0:
            return f"NOT CAUGHT by {' '.join(guard.test)}"
        return "" if status == TESTS_FAILED else f"pytest ended with status {status}: {_last_line(said)}"
    finally:
        checkout.mend(guard)


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or ["?"])[-1]


def passing_before(chosen: Sequence[Guard]) -> str:
    """What pytest says of the tests with nothing broken, unless they pass: one that always fails catches nothing."""
    names = sorted({name for guard in chosen for name in guard.test})
    print(f"mutants: {len(chosen)} guards; first their {len(names)} tests with nothing broken", flush=True)
    status, said = Checkout(guards.ROOT / ".cache" / "mutants" / "whole").test(names)
    return said if status else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("word", nargs="*", help="only guards whose part or name has one of these words")
    parser.add_argument("--workers", type=int, default=2, help="copies of the checkout side by side (default: 2)")
    options = parser.parse_args()
    chosen = [
        guard
        for guard in guards.load()
        if not options.word or any(word in f"{guard.part} {guard.name}" for word in options.word)
    ]
    if not chosen:
        parser.error(f"no guard has {' or '.join(options.word)} in its part or name")
    run = Run(chosen, options.workers)
    if said := passing_before(chosen):
        print(f"{said}\nmutants: the tests above fail although nothing is broken", file=sys.stderr)
        return 1
    wrong = run.run()
    minutes = (time.monotonic() - run.began) / 60
    print(f"\nmutants: {len(chosen) - len(wrong)} of {len(chosen)} caught, in {minutes:.0f} minutes")
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
