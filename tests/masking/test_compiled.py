"""The compiled modules mask byte for byte what the interpreted ones mask, and raise what they raise."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_spec.compiled_modules import MODULES, ROOT
from tests.masking.corpus import cases
from tests.masking.growth import PIECES
from tests.masking.hostile import texts
from tests.masking.score import drawn_documents
from tests.masking.services import HALVES
from tests.masking.test_corpus import KNOWN_SEED, UNSEEN_SEED
from tests.masking.ways import WAYS, Elsewhere, outcome
from tests.scenarios.chosen import everything

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OF_BYTES = sorted(WAYS.keys() - {"seen"})
STEP = 1 if everything() else 5


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as process:
        yield process


INTERPRETED = """
import importlib, sys
from tests import compiled_modules
compiled_modules.install()
print(*(name for name in sys.argv[1:] if hasattr(importlib.import_module(name), "__cached__")))
"""


def assert_same(elsewhere: Elsewhere, asked: Sequence[tuple[str, object]]) -> None:
    for (way, given_), found in zip(asked, elsewhere.outcomes(asked), strict=True):
        assert found == outcome(way, given_), (way, given_)


def test_each_module_is_the_compiled_one() -> None:
    run = [sys.executable, "-c", INTERPRETED, *MODULES]
    assert subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout == "\n"


@pytest.mark.parametrize("seed", [KNOWN_SEED, UNSEEN_SEED], ids=["known", "unseen"])
def test_the_corpus_comes_out_the_same_by_each_exporter(elsewhere: Elsewhere, seed: int) -> None:
    assert_same(elsewhere, [("seen", case.seen) for case in list(cases(seed))[seed % STEP :: STEP]])


@pytest.mark.parametrize("half", HALVES)
def test_the_services_documents_come_out_the_same_whole_and_cut(elsewhere: Elsewhere, half: str) -> None:
    documents = [drawn.text.encode() for _, _, drawn in drawn_documents(half, UNSEEN_SEED)]
    rng = Random(f"{half} {UNSEEN_SEED}")
    for document in documents:
        ways = [rng.choice(OF_BYTES), rng.choice(OF_BYTES)]
        cut = document[: rng.randrange(len(document))]
        assert_same(elsewhere, [("body", document), ("cut body", cut), *((way, document) for way in ways)])


@pytest.mark.parametrize("name", texts(100))
def test_hostile_texts_come_out_the_same(elsewhere: Elsewhere, name: str) -> None:
    assert_same(elsewhere, [(way, texts(size)[name]) for size in (40, 3_000) for way in OF_BYTES])


pieces = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=30).map(b"".join)


@given(st.sampled_from(OF_BYTES), pieces)
def test_any_bytes_come_out_the_same(elsewhere: Elsewhere, way: str, data: bytes) -> None:
    assert_same(elsewhere, [(way, data)])


@given(st.binary(max_size=3))
def test_the_shortest_texts_come_out_the_same(elsewhere: Elsewhere, data: bytes) -> None:
    """What stands before the first byte is looked at as `data[-1:0]`."""
    assert_same(elsewhere, [(way, data) for way in OF_BYTES])


SMALL_STACK = 512 << 10
"""A sixteenth of what a process of Lambda has."""


def _nested(wrap: str, times: int) -> bytes:
    text = '{"password": "hunter2-Zx81"}'
    for _ in range(times):
        text = {
            "JSON": lambda inner: json.dumps({"a": inner}),
            "base64": lambda inner: base64.b64encode(inner.encode()).decode(),
            "gzip": lambda inner: base64.b64encode(gzip.compress(inner.encode())).decode(),
            "percent": lambda inner: f"a={quote(inner, safe='')}",
            "URL": lambda inner: f"https://h.example/?u={quote(inner, safe='')}",
        }[wrap](text)
    return text.encode()


DEEP = {
    "arrays": b"[" * 100_000,
    "objects": b'{"a":' * 100_000,
    "names": b'{"password":[' * 40_000,
    "pairs": b'[{"name":"password","value":' * 20_000,
    "lists of names": b'{"type":"password","x":[' * 20_000,
    "tags": b"<password>" * 50_000,
    "parentheses": b"(" * 100_000,
    "URLs": b"https://h.example/?u=" * 20_000,
    "forms": b"?password=" * 20_000,
    "backslashes": b"\\" * 100_000 + b'"',
    "JSON in JSON": _nested("JSON", 12),
    "base64 in base64": _nested("base64", 20),
    "gzip in gzip": _nested("gzip", 60),
    "percent in percent": _nested("percent", 300),
    "URL in URL": _nested("URL", 300),
}


@pytest.mark.parametrize("name", DEEP)
def test_nothing_nests_so_deeply_that_the_stack_ends(name: str) -> None:
    """Compiled code has no limit of recursion: what is bounded by nothing else would end the process."""
    with Elsewhere(stack=SMALL_STACK) as process:
        process.outcomes([(way, DEEP[name]) for way in OF_BYTES])
