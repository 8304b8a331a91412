"""Secrets of any kind in documents nobody wrote down: codings within codings, cut anywhere, one after the other."""

from __future__ import annotations

import base64
import json
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aftercall.command.check.leaks import leaked
from aftercall.masking.redact_text import redact_text
from tests.masking import judged
from tests.masking.corpus import CALL_SLOTS, EVENT_SLOTS, Case, fits
from tests.masking.pipeline import Seen
from tests.masking.places import SHAPES, Shape
from tests.masking.secrets import KINDS, Kind
from tests.masking.services import services
from tests.masking.surroundings import FORMATS, GLUES, JUNK, NAMES
from tests.masking.templates import Drawn, draw
from tests.masking.test_corpus import leaks
from tests.masking.wrappings import CALL_ONLY, WRAPPINGS
from tests.scenarios.chosen import everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.masking.services.shapes import Document

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


# Whatever surrounds it

REPEATABLE = settings(max_examples=200 if everything() else 100, derandomize=True)
"""The same examples in every run: what fails here fails everywhere."""

SERVICES = [(name, one) for name, documents in services("seen").items() for one in documents]

junk = st.lists(st.sampled_from(JUNK) | st.text(max_size=3), max_size=6).map("".join)
glues = st.sampled_from(GLUES)
forms = st.sampled_from(sorted(FORMATS))
names = st.sampled_from(NAMES)
cuts = st.none() | st.floats(0, 1)
documents = st.sampled_from(SERVICES)


@pytest.mark.parametrize("form", FORMATS)
@REPEATABLE
@given(names, junk, glues, glues, junk, seeds, cuts)
@example("password", '"password":', "\n", "\n", "", 0, None)
@example("password", "", "\n", "\n\n", "", 0, None)
def test_a_secret_under_its_name_is_masked_whatever_surrounds_it(
    form: str, name: str, before: str, glue: str, other: str, after: str, seed: int, at: float | None
) -> None:
    drawn = draw("⟦pw⟧", Random(seed))
    value = drawn.text
    text = f"{before}{glue}{FORMATS[form](name, value)}{other}{after}"
    assert not leaked(_masked(text, value, at), judged.pieces_of(drawn.secrets[0])), text


@REPEATABLE
@given(st.lists(forms, min_size=2, max_size=4), names, glues, seeds, cuts)
@example(["a pair in XML", "DynamoDB"], "password", "\n\n", 0, None)
def test_so_it_is_among_other_documents(written: list[str], name: str, glue: str, seed: int, at: float | None) -> None:
    rng = Random(seed)
    drawn = [draw("⟦pw⟧", rng) for _ in written]
    text = glue.join(FORMATS[form](name, one.text) for form, one in zip(written, drawn, strict=True))
    masked = _masked(text, drawn[0].text, at)
    for one in drawn:
        assert not leaked(masked, judged.pieces_of(one.secrets[0])), text


@REPEATABLE
@given(forms, names, st.lists(names, max_size=3), glues, seeds)
def test_so_it_is_within_strings_of_other_documents(
    form: str, name: str, around: list[str], glue: str, seed: int
) -> None:
    """A document within a string of JSON, that within another, under names that tell something or nothing."""
    drawn = draw("⟦pw⟧", Random(seed))
    text = FORMATS[form](name, drawn.text)
    for outer in around:
        text = json.dumps({"name": outer, "page": 2, "text": f"said{glue}{text}", "after": "still here"})
    assert not leaked(redact_text(text), judged.pieces_of(drawn.secrets[0])), text


def _masked(text: str, value: str, at: float | None) -> str:
    """Masked, cut somewhere behind the beginning of the value."""
    if at is None:
        return judged.shown(text, "text", judged.DEFAULT).field
    data = text.encode()
    first = len(text[: text.find(value[:6])].encode())
    return judged.cut(text, first + 1 + int(at * (len(data) - first)), judged.DEFAULT).field


@pytest.mark.parametrize("layers", range(3))
@pytest.mark.parametrize(
    "document",
    [
        {"cards": [1, 4111111111111111, "x"]},
        {"Cookie": 4711081500, "cookies": [4711081500]},
        {"credentials": [1, 2, 3, 4, 5], "page": [[1, 2, 3, 4, 5]]},
        {"apiKey": {"data": "", "list": [], "x": 4711081500}},
    ],
)
def test_masked_json_is_json_at_each_level(document: object, layers: int) -> None:
    for indent in (None, 2):
        text = json.dumps(document, indent=indent)
        for _ in range(layers):
            text = json.dumps({"body": text})
        text = redact_text(text)
        for _ in range(layers):
            text = json.loads(text)["body"]
        assert isinstance(json.loads(text), dict)
        assert not leaked(text, ["4711081500", "41111111"])


# What masking does to any document


OPENS = ('"password": {', '"token": [', "secret: |", "-----BEGIN PRIVATE KEY-----")
"""Nothing closes what these open, so where it ends depends on what is left of what stands behind."""

settled = st.lists(st.sampled_from([piece for piece in JUNK if piece not in OPENS]), max_size=6).map("".join)


@REPEATABLE
@given(documents, documents, settled, glues, seeds)
def test_masking_twice_changes_nothing_more(
    first: tuple[str, Document], second: tuple[str, Document], between: str, glue: str, seed: int
) -> None:
    masked = redact_text(_joined(first[1], second[1], glue + between + glue, seed).text)
    assert redact_text(masked) == masked


@REPEATABLE
@given(documents, seeds, st.floats(0, 1))
def test_masking_what_was_cut_and_masked_changes_nothing_more(
    document: tuple[str, Document], seed: int, at: float
) -> None:
    text = document[1].drawn(Random(seed)).text
    masked = redact_text(text[: int(at * len(text))], truncated=True)
    assert redact_text(masked, truncated=True) == masked


@REPEATABLE
@given(st.lists(forms, min_size=1, max_size=3), names, glues, seeds)
def test_so_it_is_with_secrets_in_any_format(written: list[str], name: str, glue: str, seed: int) -> None:
    rng = Random(seed)
    masked = redact_text(glue.join(FORMATS[form](name, draw("⟦pw⟧", rng).text) for form in written))
    assert redact_text(masked) == masked


@pytest.mark.parametrize(
    "masked",
    [
        "https://hooks.zapier.com/hooks/catch/123456/<masked>/",
        "url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0001%2F1234%2F<masked>&page=2",
        '"cookies":["theme=dark","sid=<masked>"]',
        "< Set-Cookie: sid=<masked>; Path=/",
        "Invalid API key provided: <masked> for request 17, line 3</a>",
        '"password": ["<masked>", <masked>]',
        "<password><masked></password>",
        '"private_key": "<masked><masked>-----END PRIVATE KEY-----\\n"',
        'name="password"\r\n\r\n<masked>\r\n<masked>',
    ],
)
def test_marks_are_no_values_and_show_no_others(masked: str) -> None:
    assert redact_text(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        '{"recoveryCodes":["hunter2-Zx81"]}, field \'password\': rejected value [x]',
        '{"name":"password","a":{"name":"password","value":["hunter2-Zx81"]},"value":["hunter2-Zx82"]}',
    ],
)
def test_a_container_is_masked_although_one_behind_it_was(text: str) -> None:
    assert not leaked(redact_text(text), ["hunter2-"])


def test_what_the_end_cut_is_not_found_again() -> None:
    text = "MessageSid=SM0123456789abcdef0123456789abcdef&page=2&SmsSid=SM0123456789abcdef012345678"
    assert redact_text(text, truncated=True).startswith("MessageSid=SM0123456789abcdef0123456789abcdef&")


@REPEATABLE
@given(documents, seeds, st.floats(0, 1))
def test_masking_a_piece_shows_no_more_than_masking_the_whole(
    document: tuple[str, Document], seed: int, at: float
) -> None:
    drawn = document[1].drawn(Random(seed))
    text = drawn.text
    first = len(text[: drawn.first_cut()].encode())
    whole = judged.leaks(drawn, judged.shown(text, "text", judged.DEFAULT))
    piece = judged.cut(text, first + int(at * (len(text.encode()) - first)), judged.DEFAULT)
    assert set(judged.leaks(drawn, piece)) <= set(whole), piece.field


@REPEATABLE
@given(documents, documents, junk, glues, seeds)
def test_what_is_shown_stands_in_the_input(
    first: tuple[str, Document], second: tuple[str, Document], between: str, glue: str, seed: int
) -> None:
    """Each run of text between two masks, and in this order."""
    text = _joined(first[1], second[1], glue + between + glue, seed).text
    assert judged.placed(text, redact_text(text)) is not None, redact_text(text)


def _joined(first: Document, second: Document, between: str, seed: int) -> Drawn:
    rng = Random(seed)
    one, other = first.drawn(rng), second.drawn(rng)
    return Drawn((*one.around("", str, between).pieces, *other.pieces))
