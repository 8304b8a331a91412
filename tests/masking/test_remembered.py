"""What is remembered from one text or invocation to the next is bounded by its bytes, whatever comes in."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from aftercall.masking import names
from aftercall.masking.names import is_secret_name
from aftercall.masking.redact_text import redact_bytes
from aftercall.masking.rules import Rules
from aftercall.pipeline.assemble import Assembler
from aftercall.pipeline.model import Call, Invocation
from aftercall.pipeline.redact import Redactor
from tests.masking.pipeline import Seen, record_of

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BYTES = 4_000_000


def _long_words() -> object:
    rules = Rules()
    for number in range(1_000):
        redact_bytes(b"%dx" % number * 2_500, rules)
    return rules


def _many_words() -> object:
    rules = Rules()
    for number in range(20):
        redact_bytes(b" ".join(b"word%d-%d" % (number, at) for at in range(1_000)), rules)
    return rules


def _calls() -> object:
    assembler = Assembler()
    for number in range(16):
        invocation = assembler.invocation(f"request-{number}")
        invocation.calls = {f"{number:04}{at:012}": Call("1") for at in range(5_000)}
        assembler.take(f"request-{number}")
    return assembler


def _request_ids() -> object:
    assembler = Assembler()
    for number in range(5_000):
        assembler._open[f"{number:036}"] = Invocation("")
        assembler.take(f"{number:036}")
    return assembler


def _names() -> object:
    for number in range(1_200):
        is_secret_name(f"name{number}" + "-" * 5_000)
    return names


def _headers() -> object:
    redactor = Redactor(bodies=True)
    for number in range(12):
        record_of(Seen(request_headers=[(f"X-{number}-{at}", "v" * 3_000) for at in range(60)]), redactor)
        record_of(Seen(request_headers=[(f"X-{number}-{at}" * 100, "v") for at in range(60)]), redactor)
    return redactor


REMEMBERED: dict[str, Callable[[], object]] = {
    "long words": _long_words,
    "many words": _many_words,
    "span ids": _calls,
    "request ids": _request_ids,
    "names": _names,
    "headers": _headers,
}


@pytest.mark.parametrize("kind", REMEMBERED)
def test_its_bytes_are_bounded(kind: str) -> None:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = REMEMBERED[kind]()
        grown = tracemalloc.get_traced_memory()[0] - before
        assert kept is not None
    finally:
        tracemalloc.stop()
    assert grown < MAX_BYTES
