"""What is remembered of masking: bounded, and never what masking changed."""

from __future__ import annotations

from aftercall.pipeline.harmless import MAX_REMEMBERED, MAX_REMEMBERED_CHARS, Harmless
from aftercall.pipeline.redact import Redactor
from tests.masking.pipeline import Seen, record_of


def test_it_holds_few_and_short_ones() -> None:
    harmless = Harmless()
    for number in range(3 * MAX_REMEMBERED):
        harmless.note(number, 1)
        assert number in harmless
    harmless.note("x" * (MAX_REMEMBERED_CHARS + 1), MAX_REMEMBERED_CHARS + 1)
    assert len(harmless) <= MAX_REMEMBERED
    assert not any(isinstance(one, str) for one in harmless)


def test_a_url_is_masked_each_time_it_comes() -> None:
    redactor = Redactor(bodies=True)
    secret, plain = "https://example.com/a?token=hunter2", "https://example.com/a?page=2"
    for url, shown in ((secret, "https://example.com/a?token=<masked>"), (plain, plain)) * 2:
        (call,) = record_of(Seen(url=url), redactor).calls
        assert call.url == shown
