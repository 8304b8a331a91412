"""What masking costs in CPU time: an ordinary invocation, megabytes a second, the worst of the hostile texts.

python -m tests.tools.bench --only masking

Measured is what users get: the compiled modules (build_spec/compiled_modules.py), in a process of their own, where
bodies are masked; the interpreted ones for the log alone, which the layer runs so, and where a row says so.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from dataclasses import asdict
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from aftercall.masking.redact_text import redact_bytes
from aftercall.masking.rules import Rules
from aftercall.masking.scanner import scan
from aftercall.masking.words import VOCABULARY
from aftercall.pipeline.redact import Redactor
from build_spec.compiled_modules import ROOT
from tests.masking.documents import DOCUMENTS, Draw, api_gateway_v1, chat_completion, order_list, stripe_like
from tests.masking.hostile import texts
from tests.masking.pipeline import Seen, invocation_of
from tests.masking.precision import HEADERS, URL
from tests.tools.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.pipeline.model import Call, Invocation

TEXT_BYTES = 1_000_000
HOSTILE_BYTES = 30_000
EVENT_BYTES, BODY_BYTES, CALLS = 16_384, 2_048, 10
INVOCATIONS = 12
"""Different ones, so that no value of one is known from another; the first warms up and does not count."""

MOST_TIMES = 2.3
"""For a text of twice the size: what is linear takes twice the time, what is quadratic four times."""


def figures(runs: int) -> list[Figure]:
    """By both kinds of modules."""
    run = [sys.executable, "-m", "tests.compiled_modules", __name__, str(runs)]
    told = subprocess.run(run, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    invocation, *others = [Figure(**fields) for fields in json.loads(told)]
    invocations = [_invocation(number) for number in range(INVOCATIONS)]
    few = max(1, runs // 4)
    log, interpreted = (_milliseconds_each(invocations, few, bodies=bodies) for bodies in (False, True))
    compiled = invocation.value
    return [
        invocation,
        Figure("the same interpreted, as by the command", interpreted, "ms", compiled, "compiled", "none", met=True),
        Figure(
            "the same for the log alone, interpreted", log, "ms", compiled, "with bodies", "<= 0.1 x",
            log <= compiled / 10,
        ),
        *others,
    ]  # fmt: skip


def _of_this_process(runs: int) -> list[Figure]:
    text = _documents(TEXT_BYTES)
    few = max(1, runs // 4)
    invocations = [_invocation(number) for number in range(INVOCATIONS)]
    bodies = _milliseconds_each(invocations, few, bodies=True)
    pieces = [document.decode() for document in _texts_of(invocations[-1])]
    parsing_pieces = _milliseconds(lambda: [_scanned(piece) for piece in pieces], runs)
    parsing = _milliseconds(lambda: json.loads(text), runs)
    scanning = _milliseconds(lambda: scan(text, VOCABULARY, len(text)), runs)
    masking = _milliseconds(lambda: redact_bytes(text), few)
    plain = _orders(TEXT_BYTES)
    plainly, parsing_plain = (
        _milliseconds(lambda: redact_bytes(plain), runs),
        _milliseconds(lambda: json.loads(plain), runs),
    )
    memory, parsed_memory = _peak_mb(lambda: redact_bytes(text)), _peak_mb(lambda: json.loads(text))
    rate, parsing_rate = len(text) / masking / 1e3, len(text) / parsing / 1e3
    same = "json.loads of the same"
    return [
        Figure(
            f"masking an invocation: {CALLS} calls with 2 KB bodies, a 16 KB event", bodies, "ms", parsing_pieces,
            "json.loads of the same, as far as it is JSON", "<= 5 x", bodies <= 5 * parsing_pieces,
        ),
        Figure("masking 1 MB with secrets", masking, "ms", parsing, same, "<= 3 x", masking <= 3 * parsing),
        Figure("masking 1 MB of JSON without", plainly, "ms", parsing_plain, same, "<= 1 x", plainly <= parsing_plain),
        Figure("the scan of them alone", scanning, "ms", parsing, same, "<= 1.0 x", scanning <= parsing),
        Figure("masking, MB a second on one core", rate, "MB/s", parsing_rate, same, "none", met=True),
        Figure("masking, memory for 1 MB of text", memory, "MB", parsed_memory, same, "<= 4 MB", memory <= 4),
        *_hostile(few),
    ]  # fmt: skip


def _hostile(runs: int) -> list[Figure]:
    """The one that takes longest, and the one that grows fastest with its size."""
    small, large = texts(HOSTILE_BYTES), texts(2 * HOSTILE_BYTES)
    taken = {name: tuple(_least_milliseconds(partial(_anew, size[name])) for size in (small, large)) for name in small}
    worst = max(taken, key=lambda name: taken[name][1])
    # Of what is done in no time, the clock's steps are most.
    steepest = max(taken, key=lambda name: taken[name][1] / max(taken[name][0], 0.5))
    harmless = _documents(2 * HOSTILE_BYTES)[: 2 * HOSTILE_BYTES]
    ordinary = _milliseconds(lambda: redact_bytes(harmless, truncated=True), runs)
    ratio = taken[steepest][1] / max(taken[steepest][0], 0.5)
    return [
        Figure(f"60 KB of {worst}", taken[worst][1], "ms", ordinary, "60 KB of documents", "none", met=True),
        Figure(
            f"60 KB against 30 KB of {steepest}", ratio, "times", 2.0, "linear", f"<= {MOST_TIMES}", ratio <= MOST_TIMES
        ),
    ]


def _anew(text: bytes) -> bytes:
    """With nothing remembered: else the smaller text's words are known, and the larger one's are too many."""
    return redact_bytes(text, Rules(), truncated=True)


def _scanned(text: str) -> object:
    """What of a text is JSON, taken apart: cut documents are read as far as they go."""
    try:
        return json.loads(text)
    except ValueError as error:
        return getattr(error, "pos", 0)


def _invocation(number: int) -> Invocation:
    """Values of its own in each, as in life; the documents' shapes come again."""
    event = api_gateway_v1(Draw(Random(f"event {number}")))
    event["body"] = json.dumps([order_list(Draw(Random(f"{number}/{half}"))) for half in "ab"])
    text = json.dumps(event).encode()[:EVENT_BYTES]
    made = invocation_of(Seen(event=text, sizes={"event": EVENT_BYTES + 1}).frames())
    made.calls = {f"{at:016x}": _call(f"{number}/{at}") for at in range(CALLS)}
    return made


def _call(seed: str) -> Call:
    draw = Draw(Random(seed))
    request = json.dumps([chat_completion(draw), order_list(draw)["orders"][:2]]).encode()[:BODY_BYTES]
    response = json.dumps([order_list(draw)["orders"][:3], stripe_like(draw)]).encode()[:BODY_BYTES]
    secrets = [("Authorization", f"Bearer {draw.secret('jwt')}"), ("Set-Cookie", f"sid={draw.token()}; Path=/")]
    seen = Seen(
        url=f"{URL}&id={draw.uuid()}", request_headers=[*HEADERS[:8], secrets[0]], request_body=request,
        response_body=response, response_headers=[*HEADERS[:8], secrets[1], ("X-Amzn-RequestId", draw.uuid())],
        sizes={"request_body": 4_000, "response_body": 4_000},
    )  # fmt: skip
    return next(iter(invocation_of(seen.frames()).calls.values()))


def _texts_of(invocation: Invocation) -> list[bytes]:
    wires = [wire for call in invocation.calls.values() for wire in call.parts.values()]
    return [invocation.event or b"", *(bytes(wire).partition(b"\r\n\r\n")[2] for wire in wires)]


def _milliseconds_each(invocations: list[Invocation], runs: int, *, bodies: bool) -> float:
    """The median over invocations other than the first, by one redactor, as a function's extension has it."""
    taken: list[float] = []
    for _ in range(runs):
        redactor = Redactor(bodies=bodies)
        taken += [_milliseconds(partial(redactor.record, invocation), 1) for invocation in invocations][1:]
    return statistics.median(taken)


def _documents(size: int) -> bytes:
    """Documents of real shape one after the other in an array, with their secrets."""
    found: list[str] = []
    seed = 0
    while sum(map(len, found)) < size:
        found += [json.dumps(build(Draw(Random(f"{seed}/{build.__name__}")))) for build in DOCUMENTS]
        seed += 1
    return f"[{','.join(found)}]".encode()


def _orders(size: int) -> bytes:
    """Ordinary JSON, without a secret in it."""
    orders = []
    number = 0
    while number * 180 < size:
        number += 1
        orders.append(
            json.dumps(
                {"id": number, "name": f"item {number}", "state": "open", "tags": ["red", "blue"],
                 "price": number * 1.5, "createdAt": "2025-06-01T10:00:00Z", "url": f"https://shop.example/items/{number}",
                 "uuid": f"7b5a2f7e-9d1c-4c1e-8a3b-{number:012}"}
            )
        )  # fmt: skip
    return f"[{','.join(orders)}]".encode()


def _milliseconds(do: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(runs):
        began = time.process_time()
        do()
        taken.append(time.process_time() - began)
    return statistics.median(taken) * 1e3


def _least_milliseconds(do: Callable[[], object]) -> float:
    """Of three: what is held against another has to be free of what else the machine did."""
    return min(_milliseconds(do, 1) for _ in range(3))


def _peak_mb(do: Callable[[], object]) -> float:
    tracemalloc.start()
    do()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


if __name__ == "__main__":
    print(json.dumps([asdict(figure) for figure in _of_this_process(int(sys.argv[1]))]))
