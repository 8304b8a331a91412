"""Secrets of any kind in documents nobody wrote down: codings within codings, cut anywhere, one after the other."""

from __future__ import annotations

import base64
import json
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.command.check.leaks import leaked
from aftercall.masking.redact_text import redact_text
from tests.masking.corpus import CALL_SLOTS, EVENT_SLOTS, Case, fits
from tests.masking.pipeline import Seen
from tests.masking.places import SHAPES, Shape
from tests.masking.secrets import KINDS, Kind
from tests.masking.test_corpus import leaks
from tests.masking.wrappings import CALL_ONLY, WRAPPINGS

if TYPE_CHECKING:
    from collections.abc import Callable

PAIRS = [(kind, shape) for kind in KINDS for shape in SHAPES if fits(kind, shape)]
NESTABLE = sorted(WRAPPINGS.keys() - CALL_ONLY)

pairs = st.sampled_from(PAIRS)
seeds = st.integers(0, 2**32)
LAYERS = {"in_json_twice": 2, "in_json_thrice": 4}
"""Strings of JSON within each other; the others are one layer. Six are looked through, the rest is masked unread."""

CODINGS: dict[str, Callable[[str], str]] = {
    "json": json.dumps,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "percent": lambda text: f"next={quote(text, safe='')}",
    "xml": lambda text: f"<a><b>{escape(text)}</b></a>",
}

wrappings = st.lists(st.sampled_from(NESTABLE), max_size=3).filter(
    lambda names: sum(LAYERS.get(name, 1) for name in names) <= 5
)
slots = st.sampled_from([*EVENT_SLOTS, *CALL_SLOTS])


@given(pairs, wrappings, slots, seeds, st.none() | st.floats(0, 1))
def test_a_secret_in_codings_within_codings_cut_anywhere(
    pair: tuple[Kind, Shape], around: list[str], slot: str, seed: int, cut: float | None
) -> None:
    kind, shape = pair
    rng = Random(seed)
    secret = kind.draw(rng)
    document = shape.build(secret, rng)
    for name in around:
        document = WRAPPINGS[name](document, rng)
    whole = document.data
    seen = Seen(sizes={slot: len(whole)}, parsed=rng.random() < 0.5)
    setattr(seen, slot, whole if cut is None else whole[: int(cut * len(whole))])
    found = leaks(Case(f"{kind.name}/{shape.name}/{'/'.join(around) or 'bare'}/{slot}/{cut}", secret, seen))
    assert not found


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("layers", range(5, 11))
@pytest.mark.parametrize(
    "inner", ["{'password': 'hunter2-Zx81'}", '[{"name": "token", "value": "hunter2-Zx81"}]', "<pin>hunter2-Zx81</pin>"]
)
def test_what_is_nested_deeper_than_is_looked_through_is_masked_unread(coding: str, layers: int, inner: str) -> None:
    text = inner
    for _ in range(layers):
        text = CODINGS[coding](text)
    assert not leaked(redact_text(text), ["hunter2-"])


@given(st.lists(pairs, min_size=2, max_size=4), seeds)
def test_secrets_one_after_the_other_as_in_a_log(chosen: list[tuple[Kind, Shape]], seed: int) -> None:
    """None hides another: each stands on a line of its own, whatever stands before and after it."""
    rng = Random(seed)
    secrets = [kind.draw(rng) for kind, _ in chosen]
    lines = [shape.build(secret, rng).data for (_, shape), secret in zip(chosen, secrets, strict=True)]
    seen = Seen(response_body=b"\n".join(lines))
    for secret, (kind, shape) in zip(secrets, chosen, strict=True):
        assert not leaks(Case(f"{kind.name}/{shape.name} in a log", secret, seen))


@pytest.mark.parametrize(
    "text",
    [
        'credentials = {"type": "db", password: "hunter2-Zx81"}',
        'credentials = {"type": "db", pin: 4711081500}',
        '{"credentials": {"a": 4711081500-}}',
        '{"mot_de_passe": "hunter2-Zx81"}',
    ],
)
def test_what_stands_beside_a_harmless_key_is_masked(text: str) -> None:
    assert not leaked(redact_text(text), ["hunter2-", "47110815"])
