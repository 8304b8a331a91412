"""The corpus is worth what its judge is: what it must call a leak, and what hidden."""

from __future__ import annotations

from random import Random

import pytest

from tests.masking.judged import Shown, hidden, leaks, placed
from tests.masking.services.shapes import COOKIE, FORM, HTML, INI, JSON, YAML
from tests.masking.templates import Drawn, Piece, draw

SECRET = "hunter2-Zx81"


def _document(*parts: str) -> Drawn:
    """`!` before a secret, `=` before a harmless value."""
    roles = {"!": "secret", "=": "kept"}
    return Drawn(tuple(Piece(part.lstrip("!="), roles.get(part[:1], "")) for part in parts))


DOCUMENT = _document('{"a": "', "=blue", '", "b": "', "=blue", '", "pw": "', f"!{SECRET}", '", "n": ', "=17", "}")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('{"a": "blue", "b": "blue", "pw": "<masked>", "n": 17}', []),
        ('{"a": "<masked>", "b": "blue", "pw": "<masked>", "n": 17}', ["blue"]),
        ('{"a": "blue", "b": "<masked>", "pw": "<masked>", "n": 17}', ["blue"]),
        ('{"a": "<masked>", "b": "<masked>", "pw": "<masked>", "n": "<masked>"}', ["blue", "blue", "17"]),
        ('{"a": "blue", <masked>', ["blue", "17"]),
        ("<masked>", ["blue", "blue", "17"]),
        ('{"a": "blu<masked>", "b": "blue", "pw": "<masked>", "n": 17}', ["blue"]),
    ],
)
def test_a_harmless_value_counts_in_its_place_alone(field: str, expected: list[str]) -> None:
    assert hidden(DOCUMENT, field) == expected


@pytest.mark.parametrize(
    ("field", "leak"),
    [
        ('{"pw": "<masked>"}', False),
        (SECRET, True),
        ("so hunter it is", True),
        ("hunte", False),
        ("%68unter2-%5Ax81", True),
        ("aHVudGVyMi1aeDgx", True),
        ("\\u0068unter2", True),
    ],
)
def test_six_characters_in_a_row_are_a_leak_however_coded(field: str, leak: bool) -> None:
    assert bool(leaks(DOCUMENT, Shown(field, (field,)))) is leak


def test_a_prefix_that_is_public_may_be_seen() -> None:
    drawn = draw("key=⟦sk_live_|an24⟧", Random(1))
    secret = drawn.text.partition("=")[2]
    assert not leaks(drawn, Shown("key=sk_live_<masked>", ("key=sk_live_<masked>",)))
    assert leaks(drawn, Shown(secret[:14], (secret[:14],)))


def test_three_digits_are_a_leak_in_their_place_alone() -> None:
    drawn = _document("cvc=", "!123", "&page=", "=2")
    assert not leaks(drawn, Shown("cvc=<masked>&page=2", ("size=123", "cvc=<masked>&page=2")))
    assert leaks(drawn, Shown("cvc=123&page=2", ("cvc=123&page=2",)))


def test_what_is_coded_anew_has_no_place() -> None:
    assert placed("a%2Fb&c=d", "a/b&c=<masked>") is None
    assert placed("a=b&c=d", "a=b&c=<masked>") == [(0, 6), (7, 7)]


def test_the_same_label_draws_the_same_secret_and_a_seed_the_same_document() -> None:
    template = "⟦pw#1⟧ ⟦pw#1⟧ ⟦an12⟧ «~uuid» «blue»"
    drawn = draw(template, Random(1))
    first, second, *_ = drawn.text.split(" ")
    assert first == second
    assert drawn == draw(template, Random(1)) != draw(template, Random(2))
    assert [drawn.text[a:b] for a, b in drawn.spans("kept")][1] == "blue"


def test_numbers_of_cards_and_accounts_have_their_check_digits() -> None:
    rng = Random(1)
    card, iban = (draw(f"⟦{form}⟧", rng).text for form in ("cardnumber", "iban"))
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(card))]
    assert sum(number // 10 + number % 10 for number in doubled) % 10 == 0
    assert int(iban[4:] + "1314" + iban[2:4]) % 97 == 1


@pytest.mark.parametrize(
    ("document", "kept"),
    [
        (JSON(r'{"a": "x", "b": [1, "y\"z"], "pw": "⟦pw⟧", "c": null, "d": "†free"}'), ["x", "1", r"y\"z", "null"]),
        (FORM("a=1&pw=⟦pw⟧&b=x+y&c=†free"), ["1", "x+y"]),
        (COOKIE("theme=dark; sid=⟦an32⟧; lang=de"), ["dark", "de"]),
        (HTML('<input type="hidden" name="t" value="⟦pw⟧"><p id="x">Hello</p>'), ["hidden", "t", "x", "Hello"]),
        (YAML('a: 1\nb:\n  pw: ⟦pw⟧\n  - name: x\n    value: "two words"\n'), ["1", "x", "two words"]),
        (INI('[a]\nb = 1\npw = ⟦pw⟧\nc="x y"\n'), ["1", "x y"]),
    ],
)  # fmt: skip
def test_plain_values_of_a_format_are_marked_as_harmless(document, kept: list[str]) -> None:
    drawn = document.drawn(Random(1))
    assert [drawn.text[a:b] for a, b in drawn.spans("kept")] == kept
    assert len(drawn.secrets) == 1
