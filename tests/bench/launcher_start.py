"""Milliseconds from spawn to register and to the first next: the launcher against a bare C program that asks the same.

    python tests/bench/launcher_start.py [RUNS] [PROGRAM]

Interleaved runs against the same fake Extensions API; medians, and ratios to the bare program. PROGRAM (default: the
program build) may be a frozen extension.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from tests.launcher.fake_lambda import FakeLambda, shutdown  # noqa: E402  (found by the line above)


def build(folder: str) -> tuple[str, str]:
    subprocess.run(["make", "-s", "-C", str(ROOT / "launcher"), "program"], check=True)
    bare = os.path.join(folder, "bare_extension")
    subprocess.run(["cc", "-O2", "-static", str(HERE / "bare_extension.c"), "-o", bare], check=True)
    return bare, str(ROOT / ".cache" / "launcher" / "launcher")


def start(command: list[str], folder: str) -> tuple[float, float]:
    fake = FakeLambda()
    environment = {
        **os.environ,
        "AWS_LAMBDA_RUNTIME_API": fake.address,
        "AFTERCALL_SPOOL_DIR": os.path.join(folder, "spool"),
    }
    before = time.monotonic()
    process = subprocess.Popen(command, env=environment)
    try:
        asked = fake.wait_for("next")[0].at
        registered = fake.of_kind("register")[0].at
        fake.send_event(shutdown(in_ms=300))
        process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
        fake.close()
    return (registered - before) * 1000, (asked - before) * 1000


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        bare, launcher = build(folder)
        programs = {
            "bare C program": [bare],
            "launcher, idle": [launcher],
            "launcher": [launcher, sys.executable, "-S", "-E", "-c", "import time; time.sleep(60)"],
        }
        if len(sys.argv) > 2:
            programs["frozen"] = [sys.argv[2]]
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
        for _ in range(runs):
            # in another order each time: the processes that the run before has left to die cost the next one
            for name in random.sample(list(programs), len(programs)):
                times[name].append(start(programs[name], folder))
    floor = [statistics.median(column) for column in zip(*times["bare C program"], strict=True)]
    print(f"{'medians of ' + str(runs):24} {'register ms':>12} {'ratio':>6} {'next ms':>9} {'ratio':>6}")
    for name, rows in times.items():
        register, asked = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name:24} {register:12.2f} {register / floor[0]:6.2f} {asked:9.2f} {asked / floor[1]:6.2f}")


if __name__ == "__main__":
    main()
