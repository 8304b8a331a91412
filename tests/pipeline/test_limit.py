"""What is cut from a record, in which order, and how the record says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from aftercall.exporters.function import Function
from aftercall.exporters.json_document import document_of
from aftercall.formats.json_text import dumps
from aftercall.pipeline import limit as limits
from aftercall.pipeline.limit import LIMITS, cut, limit
from aftercall.pipeline.record import Body, CallRecord, Failure, InitRecord, InvocationRecord

if TYPE_CHECKING:
    import pytest


def call(number: int, *, body: str = "", failed: bool = False, status: int = 200) -> CallRecord:
    made = CallRecord(f"{number + 1:016x}")
    made.status = status
    made.error_type = "TimeoutError" if failed else ""
    made.response_body = Body(body, size=len(body), truncated=False) if body else None
    return made


def test_failed_calls_keep_their_bodies_before_others() -> None:
    record = InvocationRecord("r")
    record.calls = [call(number, body="x" * 60_000) for number in range(20)]
    record.calls[15].error_type, record.calls[17].status = "TimeoutError", 503
    kept = {number: len(one.response_body.text) for number, one in enumerate(limit(record).calls) if one.response_body}
    assert kept[15] == kept[17] == kept[0] == 60_000
    assert kept[19] == 0
    assert sum(kept.values()) == limits.MAX_BODIES_CHARS


def test_of_too_many_calls_the_failed_the_first_and_the_last_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CALLS", 5)
    record = InvocationRecord("r")
    record.calls = [call(number, failed=number in {8, 11}) for number in range(20)]
    assert [int(one.span_id, 16) - 1 for one in limit(record).calls] == [0, 1, 8, 11, 19]
    assert record.drops == {"calls": 15}


def test_calls_of_an_init_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CALLS", 5)
    record = InvocationRecord("r")
    record.calls = [call(number) for number in range(6)]
    record.init = init = InitRecord()
    init.calls = [call(number, failed=number == 7) for number in range(20)]
    limit(record)
    assert [int(one.span_id, 16) - 1 for one in init.calls] == [0, 1, 7, 18, 19]
    assert record.drops == {"calls": 16}


def test_of_too_many_headers_the_last_says_how_many_there_were() -> None:
    record = InvocationRecord("r")
    record.calls = [call(0)]
    record.calls[0].response_headers = [(f"x-{number}", "v") for number in range(99)]
    shown = limit(record).calls[0].response_headers
    assert shown[-2:] == [("x-62", "v"), ("…", "99 headers")]


def test_a_cut_body_says_so_and_how_long_it_was() -> None:
    record = InvocationRecord("r")
    record.event = Body("ä" * 70_000, size=None, truncated=False)
    limit(record)
    assert record.event.truncated
    assert record.event.size == 140_000
    assert len(record.event.text) == limits.MAX_BODY_CHARS


@given(st.text(max_size=200), st.integers(1, 150))
def test_a_cut_text_is_short_enough_and_says_its_length(text: str, length: int) -> None:
    shown = cut(text, length)
    assert len(shown) <= length
    assert shown == text or "…" in shown
    if len(text) > length > 60:
        assert f"({len(text)} characters)" in shown


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_the_cut_breaks_neither_json_nor_utf8(piece: str) -> None:
    record = InvocationRecord("r")
    record.error = Failure("E", piece * 5_000, piece * 20_000)
    record.response = Body(piece * 70_000, size=None, truncated=False)
    one = call(0, body=piece * 70_000)
    one.url, one.request_headers = piece * 5_000, [(piece, piece * 2_000)] * 70
    record.calls = [one]
    written = dumps(document_of(limit(record), Function({}, {}))).encode("utf-8")
    shown = json.loads(written)
    assert len(shown["error"]["message"]) <= limits.MAX_MESSAGE_CHARS
    assert len(shown["calls"][0]["url"]) <= limits.MAX_URL_CHARS
    assert len(shown["calls"][0]["request"]["headers"]) == limits.MAX_HEADERS


def test_each_number_of_the_table_is_one_of_the_code() -> None:
    numbers = {value for name, value in vars(limits).items() if name.startswith("MAX_")}
    assert {number for _, _, number, _ in LIMITS} == numbers
