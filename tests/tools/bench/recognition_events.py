"""What it costs to tell what woke a function: CPU time for events of ordinary size, and for one that was cut.

python -m tests.tools.bench --only recognition_events
"""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from aftercall.formats.json_text import loads
from aftercall.recognition.events import trigger_of
from tests.recognition.events.documented import HTTP_API, S3_RECORD, SQS_RECORD, STARTED
from tests.tools.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

INVOCATIONS = 500
CUT = 65_536
MOST = 100.0
MESSAGES = [{**SQS_RECORD, "messageId": str(n), "body": json.dumps({"order": n, "lines": [1, 2]})} for n in range(10)]

EVENTS: dict[str, Any] = {
    "an HTTP API's event": HTTP_API,
    "10 messages of SQS": {"Records": MESSAGES},
    "an S3 notification": {"Records": [S3_RECORD]},
    "a direct invoke": {"order": 7, "name": "x"},
}


def figures(runs: int) -> list[Figure]:
    rows = []
    for name, event in EVENTS.items():
        text = json.dumps(event)
        taken = _microseconds(partial(trigger_of, text.encode(), STARTED), runs)
        parsing = _microseconds(partial(loads, text), runs)
        rows.append(
            Figure(f"recognising {name}", taken, "us", parsing, "its JSON alone", f"<= {MOST:.0f} us", taken <= MOST)
        )
    cut = json.dumps({"Records": MESSAGES * 20}).encode()[:CUT]
    few = max(1, runs // 4)
    taken = _microseconds(partial(trigger_of, cut, STARTED), few, 10)
    parsing = _microseconds(partial(loads, json.dumps({"Records": MESSAGES * 12})), few, 10)
    rows.append(
        Figure("recognising 64 KB of SQS, cut", taken, "us", parsing, "JSON of that size", "<= 5 ms", taken <= 5_000)
    )
    return rows


def _microseconds(do: Callable[[], object], runs: int, times: int = 0) -> float:
    """Of one, the least of the runs: what is so short is only ever made longer by the machine."""
    times = times or INVOCATIONS
    least = float("inf")
    for _ in range(runs):
        began = time.process_time()
        for _ in range(times):
            do()
        least = min(least, time.process_time() - began)
    return max(least / times * 1e6, 1e-3)
