import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.spool import SegmentName


@pytest.mark.parametrize(
    "name",
    ["17-1764000000000000000-1.open", "17-5-2.ready", "1-2-3.reading-1", "1-2-3.reading-12"],
)
def test_names_of_segments_come_back_as_they_were(name: str) -> None:
    parsed = SegmentName.parse(name)
    assert parsed is not None
    assert str(parsed) == name


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "1-2.open", "1-2-3", "1-2-3.", "1-2-3.tmp", "01-2-3.open", "1-2-3-4.open", "-2-3.open", "1-2-3.open-1",
        "1-2-3.reading", "1-2-3.reading-", "1-2-3.ready-1", "1-2-\u0663.open",
        "1-2- 3.open", f"1-{'9' * 21}-3.open", "1-2-+3.open",
    ],
)  # fmt: skip
def test_other_names_are_not_ours(name: str) -> None:
    assert SegmentName.parse(name) is None


@given(st.text(max_size=40))
def test_any_name_is_judged_without_an_exception(name: str) -> None:
    parsed = SegmentName.parse(name)
    assert parsed is None or str(parsed) == name


def test_order_is_by_start_then_number_not_by_text() -> None:
    names = ["9-100-10.ready", "9-100-9.ready", "8-99-1.ready"]
    parsed = [segment for segment in map(SegmentName.parse, names) if segment]
    assert [str(segment) for segment in sorted(parsed)] == ["8-99-1.ready", "9-100-9.ready", "9-100-10.ready"]


def test_taking_counts() -> None:
    segment = SegmentName.parse("1-2-3.open")
    assert segment is not None
    assert str(segment.as_reading()) == "1-2-3.reading-1"
    assert str(segment.as_reading().as_reading()) == "1-2-3.reading-2"
