"""What a receiver says of spans that it did not take."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from aftercall.exporters.otlp import OtlpExporter
from aftercall.transport.outcome import Answer


def error_after(answer: bytes) -> str:
    transport: Any = SimpleNamespace(encode=lambda body: body, post=lambda _body, _seconds: Answer(200, answer, ""))
    return OtlpExporter(transport, "[]").export([], time.monotonic() + 60).error


def test_rejected_spans_are_told() -> None:
    answer = b'{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}'
    assert error_after(answer) == "2 spans rejected: too old"


@pytest.mark.parametrize("number", [b"1e999", b"-Infinity", b"NaN", b"[]", b'"many"', b"9" * 5_000])
def test_what_is_no_number_of_spans_counts_as_taken(number: bytes) -> None:
    """An error here would send the same records again, one by one."""
    assert error_after(b'{"partialSuccess":{"rejectedSpans":%b}}' % number) == ""
