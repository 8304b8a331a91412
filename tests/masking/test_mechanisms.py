"""Each mechanism of masking where no other finds the secret, or shows the harmless value."""

from __future__ import annotations

import json

import pytest

from aftercall.masking import by_line, spans
from aftercall.masking.redact_text import redact_text
from aftercall.masking.rules import Rules
from aftercall.masking.spans import BASE64, Budget, Findings

MASKED = {
    "a scheme": ("sent Basic qwertzUIOPasdfGHJKyx= now", "sent Basic <masked> now"),
    "an IBAN": ("to DE89 3704 0044 0532 0130 00 today", "to <masked> today"),
    "what stands once more": (
        '{"password":"hunter2-Zx81"} cannot use hunter2-Zx81 here', '{"password":"<masked>"} cannot use <masked> here'),
    "a schema's words": (
        '[{"password":{"type":"string","pattern":"^[a-z0-9]{8}$","default":"hunter2-Zx81"}}]',
        '[{"password":{"type":"string","pattern":"^[a-z0-9]{8}$","default":"<masked>"}}]'),
}  # fmt: skip


@pytest.mark.parametrize("name", MASKED)
def test_one_finds_it(name: str) -> None:
    text, masked = MASKED[name]
    assert redact_text(text) == masked


@pytest.mark.parametrize("value", ["unknown", "${SHOE}", "is required", "2025-01-01"])
def test_under_a_name_of_the_users_own_nothing_is_harmless(value: str) -> None:
    rules = Rules()
    rules.keys = ("shoe",)
    assert redact_text(f'{{"shoe":"{value}"}}', rules) == '{"shoe":"<masked>"}'


@pytest.mark.parametrize("depth", range(spans.MAX_DEPTH + 1))
@pytest.mark.parametrize("text", ['{"value": "four plain words here", "na', '<add value="four plain words here" k'])
def test_a_value_whose_name_may_have_been_cut_off_is_masked(text: str, depth: int) -> None:
    """`depth`: of how many strings of JSON, one in the other, it is a piece."""
    for _ in range(depth):
        text = '{"text": ' + json.dumps(text).removesuffix('"')

    assert "plain" in redact_text(text)
    assert "plain" not in redact_text(text, truncated=True)


@pytest.mark.parametrize(
    ("found", "masked"),
    [
        ([(0, 3), (2, 6)], "<masked>gh"),
        ([(2, 6), (0, 8)], "<masked>"),
        ([(0, 3), (3, 6)], "<masked><masked>gh"),
    ],
)
def test_of_findings_that_overlap_all_is_masked(found: list[tuple[int, int]], masked: str) -> None:
    findings = Findings(b"abcdefgh", Rules(), truncated=False)
    for start, end in found:
        findings.add(start, end, "a rule")
    assert findings.masked().decode() == masked


def test_what_was_coded_again_is_not_shown_beside_a_finding_in_it() -> None:
    findings = Findings(b"abcdefgh", Rules(), truncated=False)
    findings.add(0, 6, BASE64, b"coded again")
    findings.add(4, 8, "a rule")
    assert findings.masked() == b"<masked>"


def test_a_budget_is_for_all_texts_within_a_text_together() -> None:
    budget = Budget(100)
    assert budget.takes(spans.MIN_BUDGET)
    assert budget.takes(spans.MAX_TIMES * 100)
    assert not budget.takes(1)


def test_what_is_beyond_the_budget_is_masked_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "page=2%2C3 and lang=a%2Cb"
    assert redact_text(text) == text
    monkeypatch.setattr(spans, "MAX_TIMES", 0)
    monkeypatch.setattr(spans, "MIN_BUDGET", 9)
    assert redact_text(text) == "page=2%2C3 and lang=<masked>"


def test_what_a_manifest_holds_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many manifests are near."""
    read = []
    monkeypatch.setattr(by_line, "mask_value", lambda _findings, at, _named, **_more: read.append(at))
    redact_text("kind: Secret\ndata:\n a: b\n" * 50)
    assert len(read) == 50
