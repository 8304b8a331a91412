"""The aims, by half and by shape: few planted secrets of the services' documents leak, and harmless values are kept.

Each half is drawn from a seed that never changes, and from another one: AFTERCALL_MASKING_SEED, on CI the commit, so
that each push sees other secrets. Whoever writes the rules never looks at what failed in the unseen half: its test
tells the counts alone.
"""

from __future__ import annotations

import pytest

from tests.masking.score import Score
from tests.masking.services import HALVES, services
from tests.masking.test_corpus import KNOWN_SEED, UNSEEN_SEED

MAX_LEAKED = 0.5
MIN_KEPT = 99.0
"""Per cent, in every shape."""


def test_there_are_enough_services_and_no_one_is_in_both_halves() -> None:
    halves = [set(services(half)) for half in HALVES]
    assert not set.intersection(*halves)
    assert len(set.union(*halves)) >= 60
    assert min(len(half) for half in halves) >= 40


@pytest.mark.parametrize("half", HALVES)
def test_each_document_has_values_of_both_kinds_or_one(half: str) -> None:
    for name, documents in services(half).items():
        assert all("⟦" in one.template or "«" in one.template for one in documents), name
        assert not any("†" in one.template for one in documents), name


@pytest.mark.parametrize("seed", [KNOWN_SEED, UNSEEN_SEED], ids=["known seed", "seed of the commit"])
@pytest.mark.parametrize("half", HALVES)
def test_the_aims_are_met(half: str, seed: int) -> None:
    score = Score(half, seed)
    missed = [
        shape
        for shape in score.counts
        if score.share(shape, "leaked", "planted") >= MAX_LEAKED
        or score.share(shape, "hidden", "harmless") > 100 - MIN_KEPT
    ]
    shown = score.failures if half == "seen" else []
    assert not missed, "\n".join([f"AFTERCALL_MASKING_SEED={seed:x}", score.table(), *shown])
