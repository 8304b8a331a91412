"""What masking costs: for an ordinary invocation, in megabytes per second, and for the worst of the hostile texts.

python -m tests.bench --only masking
"""

from __future__ import annotations

import json
import statistics
import time
import tracemalloc
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from aftercall.pipeline.redact import Redactor
from aftercall.pipeline.redact_text import redact_bytes
from tests.bench.figures import Figure
from tests.masking.documents import DOCUMENTS, Draw
from tests.masking.hostile import texts
from tests.masking.pipeline import Seen, invocation_of

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT_BYTES = 1_000_000
HOSTILE_BYTES = 100_000
BODY_BYTES, EVENT_BYTES, CALLS = 4_096, 65_536, 10


def figures(runs: int) -> list[Figure]:
    text = _documents(TEXT_BYTES)
    event, body = text[:EVENT_BYTES], text[:BODY_BYTES]
    invocation = invocation_of(Seen(event=event, response=body, sizes={"event": len(text)}).frames())
    call = next(iter(invocation_of(Seen(request_body=body, response_body=body).frames()).calls.values()))
    for number in range(CALLS):
        invocation.calls[f"{number + 1:016x}"] = call
    ordinary = _milliseconds(lambda: Redactor(bodies=True).record(invocation), runs)
    parsing = _milliseconds(lambda: json.loads(text), runs)
    masking = _milliseconds(lambda: redact_bytes(text), max(1, runs // 4))
    hostile = texts(HOSTILE_BYTES)
    worst, name = max((_milliseconds(partial(redact_bytes, hostile[name]), 1), name) for name in hostile)
    memory = _peak_mb(text)
    rate = len(text) / masking / 1e3
    same = "json.loads of the same"
    hostile_name = f"worst hostile text of 100 KB: {name}"
    return [
        Figure("masking 10 calls with 4 KB bodies, a 64 KB event", ordinary, "ms", None, "-", "<= 5 ms", ordinary <= 5),
        Figure("masking 1 MB of documents", masking, "ms", parsing, same, "<= 10 x", masking <= 10 * parsing),
        Figure("masking, MB a second", rate, "MB/s", None, "-", "none", met=True),
        Figure("masking, memory beside the text, for 1 MB", memory, "MB", None, "-", "<= 16 MB", memory <= 16),
        Figure(hostile_name, worst, "ms", None, "-", "linear", met=True),
    ]


def _documents(size: int) -> bytes:
    """Documents of real shape one after the other in an array, with their secrets."""
    found: list[str] = []
    seed = 0
    while sum(map(len, found)) < size:
        found += [json.dumps(build(Draw(Random(f"{seed}/{build.__name__}")))) for build in DOCUMENTS]
        seed += 1
    return f"[{','.join(found)}]".encode()


def _milliseconds(do: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(runs):
        began = time.process_time()
        do()
        taken.append(time.process_time() - began)
    return statistics.median(taken) * 1e3


def _peak_mb(text: bytes) -> float:
    tracemalloc.start()
    redact_bytes(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
