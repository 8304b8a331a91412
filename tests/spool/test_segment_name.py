import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.spool import SegmentName
from aftercall.spool.segment_name import is_of_another_version


@pytest.mark.parametrize(
    "name",
    ["17-1764000000000000000-1.segment", "17-5-2.segment", "0-0-0.segment"],
)
def test_names_of_segments_come_back_as_they_were(name: str) -> None:
    parsed = SegmentName.parse(name)
    assert parsed is not None
    assert str(parsed) == name


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "1-2.segment", "1-2-3", "1-2-3.", "1-2-3.tmp", "01-2-3.segment", "1-2-3-4.segment", "-2-3.segment",
        "1-2-3.segment-1", "1-2-3.aside", "1-2-\u0663.segment", "1-2- 3.segment", f"1-{'9' * 21}-3.segment",
        "1-2-+3.segment", "1-2-3.open", "1-2-3.ready", "1-2-3.reading-1",
    ],
)  # fmt: skip
def test_other_names_are_not_ours(name: str) -> None:
    assert SegmentName.parse(name) is None


@given(st.text(max_size=40))
def test_any_name_is_judged_without_an_exception(name: str) -> None:
    parsed = SegmentName.parse(name)
    assert parsed is None or str(parsed) == name


def test_order_is_by_start_then_number_not_by_text() -> None:
    names = ["9-100-10.segment", "9-100-9.segment", "8-99-1.segment"]
    parsed = [segment for segment in map(SegmentName.parse, names) if segment]
    assert [str(segment) for segment in sorted(parsed)] == ["8-99-1.segment", "9-100-9.segment", "9-100-10.segment"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1-2-3.open", True),
        ("1-2-3.ready", True),
        ("1-2-3.reading-12", True),
        ("1-2-3.segment", False),
        ("1-2-3.aside", False),
        ("1-2.ready", False),
        ("report.open", False),
    ],
)
def test_names_of_another_version(name: str, expected: bool) -> None:
    assert is_of_another_version(name) is expected
