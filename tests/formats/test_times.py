from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.formats.times import http_seconds, iso_nanoseconds

MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it


@given(MOMENTS)
def test_as_the_standard_library_reads_them(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert http_seconds(format_datetime(whole, usegmt=True)) == int(whole.timestamp())
    assert iso_nanoseconds(f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}.{moment.microsecond:06}Z") == (
        int(whole.timestamp()) * 1_000_000_000 + moment.microsecond * 1_000
    )


@pytest.mark.parametrize(
    "text",
    ["", "soon", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 anF 1994 08:49:37 GMT", "Sun, 06 JanFeb 1994 08:49:37 GMT",
     "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 19940 08:49:37 GMT",
     "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:\u0663\u0663 GMT"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert http_seconds(text) is None
    assert iso_nanoseconds(text) is None


@given(st.text(max_size=40))
def test_any_text_is_judged_without_an_exception(text: str) -> None:
    http_seconds(text)
    iso_nanoseconds(text)
