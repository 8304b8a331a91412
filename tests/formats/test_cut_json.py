"""JSON that was cut at any byte is read as far as it goes."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercall.formats.cut_json import read_cut

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)
TEXT = r'{"a": [1, {"b\"": "x\\\u00e9\ud83d\ude00", "c": true}, -2.5e3], "d": {"e": "fg"}}'


def begins(part: Any, whole: Any) -> bool:
    """Whether `part` is what the beginning of `whole` says."""
    if part is None:
        return True
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and begins(value, whole[name]) for name, value in part.items() if value is not None)
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) <= len(whole) and all(begins(*pair) for pair in zip(part, whole, strict=False))
    if isinstance(part, str) and isinstance(whole, str):
        # Half of a surrogate pair may be left.
        return whole.startswith(part.rstrip("\ud83d")) if part.endswith("\ud83d") else whole.startswith(part)
    return bool(part == whole)


@pytest.mark.parametrize("cut", range(1, len(TEXT) + 1))
def test_it_is_read_up_to_the_cut(cut: int) -> None:
    found = read_cut(TEXT[:cut])
    assert begins(found, json.loads(TEXT))
    assert isinstance(found, dict)


def test_what_stood_before_the_cut_is_there() -> None:
    assert read_cut('{"Records": [{"messageId": "1", "body": "{\\"x\\": \\"y') == {
        "Records": [{"messageId": "1", "body": '{"x": "y'}],
    }
    assert read_cut('{"a": {"b": 1, "c": 12') == {"a": {"b": 1, "c": None}}
    assert read_cut('{"a": 1, "bc') == {"a": 1, "bc": None}
    assert read_cut('{"a": 1, "bc"  ') == {"a": 1, "bc": None}
    assert read_cut('["a", tru') == ["a"]
    assert read_cut('["a"') == ["a"]
    assert read_cut('{"a": "b\\u00e') == {"a": "b"}
    assert read_cut('{"a": "b\\\\') == {"a": "b\\"}


@given(VALUES, st.booleans(), st.data())
@settings(max_examples=200, deadline=None)
def test_any_json_cut_anywhere(value: Any, ascii_only: bool, data: Any) -> None:
    text = json.dumps({"v": value}, ensure_ascii=ascii_only)
    cut = data.draw(st.integers(1, len(text)))
    found = read_cut(text[:cut])
    assert isinstance(found, dict)
    if cut == len(text):
        assert found == {"v": value}


@given(st.text(alphabet='{}[]",:\\ u01e-tn', max_size=40))
@settings(max_examples=500, deadline=None)
def test_what_is_not_json_is_refused_and_nothing_else_happens(text: str) -> None:
    with contextlib.suppress(ValueError):
        read_cut(text)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '"' + '\\"' * 100_000])
def test_depth_and_escapes_are_bounded(text: str) -> None:
    try:
        assert isinstance(read_cut(text), str)
    except (ValueError, RecursionError):
        assert not text.startswith('"')
