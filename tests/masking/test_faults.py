"""A fault in any stage of masking withholds the value: it is never sent, and it is counted."""

from __future__ import annotations

import importlib
import json

import pytest

from aftercall.command.leaks import leaked
from aftercall.pipeline.paths import Path
from aftercall.pipeline.patterns import Pattern
from aftercall.pipeline.redact import Redactor
from aftercall.pipeline.rules import Rules
from tests.masking.pipeline import Seen, record_of, sent

SECRET = "hunter2-Zx81-correct-horse"
BODY = json.dumps(
    {
        "password": SECRET,
        "note": f"use ghp_{'a1B2' * 9}",
        "x": "eyJwYXNzd29yZCI6ICJ4In0=",
        "p": "%7B%22a%22%3A1%7D",
    }
)

STAGES = [
    ("redact_text", "find"),
    ("redact_text", "find_named"),
    ("redact_text", "find_base64"),
    ("redact_text", "find_percent_coded"),
    ("redact_text", "public_length"),
    ("redact_text", "is_secret_name"),
    ("spans", "Words"),
    ("redact_text", "_find_environment"),
    ("redact_text", "_find_shapes"),
    ("redact_text", "_find_cut"),
    ("named", "mask_value"),
    ("values", "end_of_string"),
    ("coded", "decoded"),
    ("spans", "_without_escaped_space"),
    ("paths", "redact_paths"),
    ("redact_text", "redact_bytes"),
]


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("a fault of ours")


@pytest.mark.parametrize(("module", "stage"), STAGES)
def test_a_fault_withholds_the_value_and_is_counted(monkeypatch: pytest.MonkeyPatch, module: str, stage: str) -> None:
    monkeypatch.setattr(importlib.import_module(f"aftercall.pipeline.{module}"), stage, broken)
    rules = Rules()
    rules.paths = (Path("event.a.b"),)
    redactor = Redactor(bodies=True, rules=rules)
    seen = Seen(event=BODY.encode(), response=BODY[:-3].encode(), request_body=BODY.encode(), sizes={"response": 999})
    exported = sent(record_of(seen, redactor))
    assert redactor.withheld >= 1
    assert "<withheld>" in exported["json"]
    assert not any(leaked(text, {SECRET[:8], "a1B2a1B2"}) for text in exported.values())


@pytest.mark.parametrize(
    "stage", ["redact_url", "is_secret_header", "read_wire", "undo_coding", "_redact_cookie", "_is_cookie", "_decoded"]
)
def test_a_fault_before_the_texts(monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    monkeypatch.setattr(f"aftercall.pipeline.redact.{stage}", broken)
    redactor = Redactor(bodies=True)
    seen = Seen(
        url=f"https://h.example/?token={SECRET}", request_headers=[("Cookie", f"a={SECRET}"), ("X-Api-Key", SECRET)],
        request_body=BODY.encode(), error_type="E", error_message=f"password={SECRET}",
    )  # fmt: skip
    try:
        exported = sent(record_of(seen, redactor))
    except RuntimeError:
        return  # the recorder leaves the record out, and counts it
    assert redactor.withheld >= 1
    assert not any(leaked(text, {SECRET[:8], "a1B2a1B2"}) for text in exported.values())


def test_a_pattern_that_leads_to_too_many_states_withholds_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aftercall.pipeline.patterns.MAX_ROWS", 20)
    rules = Rules()
    rules.patterns = (Pattern("(a|b)*a(a|b){12}c"),)
    redactor = Redactor(bodies=True, rules=rules)
    exported = sent(record_of(Seen(event=b"aabababbabbabababbababbaabb" * 9), redactor))
    assert redactor.withheld >= 1
    assert "aabab" not in exported["json"]
