"""CPU of handing over an event and a response of 1 MB, against a bare write of 1 MB to a new file beside them.

python -m tests.tools.bench.hand_over [RUNS]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import built_layer
from tests.segments import furnish
from tests.tools.bench.figures import Figure, shown
from tests.tools.bench.function import FUNCTIONS, PATIENCE

AIM = 1.3
SOURCE = "open, write, close: tests/tools/bench/functions/bench_hand_over.py"


def figures(runs: int = 20) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="aftercall-bench-") as spool:
        furnish(Path(spool), spares=2)
        done = subprocess.run(
            [
                built_layer.wrapper("python") / "wrapper",
                sys.executable,
                FUNCTIONS / "bench_hand_over.py",
                str(max(2, runs * 5)),
            ],
            env={
                "PATH": os.environ["PATH"],
                "AFTERCALL_SPOOL_DIR": spool,
                "AFTERCALL_EVENT_BYTES": str(1 << 20),
            },
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
    medians = {name: statistics.median(times) / 1000 for name, times in json.loads(done.stdout).items()}
    bare = medians["bare"]
    return [
        Figure(
            f"1 MB {name} handed over",
            medians[name],
            "us",
            bare,
            SOURCE,
            f"<= {AIM} times",
            medians[name] <= AIM * bare,
        )
        for name in ("event", "response")
    ]


if __name__ == "__main__":
    for figure in figures(int((sys.argv[1:] or ["20"])[0])):
        print(shown(figure))
