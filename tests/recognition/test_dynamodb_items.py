"""The hash of an item is that of what DynamoDB stores, however a client wrote it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.recognition import pointers
from aftercall.recognition.digest import digest_of
from aftercall.recognition.dynamodb_items import item_hash, key_hash, number, pointer_hash

SAME = {
    "order of names": ({"a": {"S": "1"}, "b": {"S": "2"}}, {"b": {"S": "2"}, "a": {"S": "1"}}),
    "order of a set": ({"a": {"SS": ["x", "y"]}}, {"a": {"SS": ["y", "x"]}}),
    "order of a set of numbers": ({"a": {"NS": ["1", "2"]}}, {"a": {"NS": ["2.0", "1.0"]}}),
    "zeros": ({"a": {"N": "100"}}, {"a": {"N": "1.00E+2"}}),
    "a nested number": ({"a": {"M": {"b": {"L": [{"N": "0.50"}]}}}}, {"a": {"M": {"b": {"L": [{"N": ".5"}]}}}}),
}
DIFFERENT = {
    "type": ({"a": {"S": "1"}}, {"a": {"N": "1"}}),
    "order of a list": ({"a": {"L": [{"S": "1"}, {"S": "2"}]}}, {"a": {"L": [{"S": "2"}, {"S": "1"}]}}),
    "where a text ends": ({"a": {"S": "x"}, "b": {"S": ""}}, {"a": {"S": ""}, "b": {"S": "x"}}),
    "a sign": ({"a": {"N": "1"}}, {"a": {"N": "-1"}}),
    "a truth": ({"a": {"BOOL": True}}, {"a": {"BOOL": False}}),
}
NOT_ITEMS: tuple = (
    None,
    [],
    {},
    {"a": "x"},
    {"a": {"X": "1"}},
    {"a": {"S": 1}},
    {"a": {"S": "1", "N": "1"}},
    {"a": {"SS": [1]}},
)


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_dynamodb_stores_alike_has_one_hash(one, other) -> None:
    assert item_hash(one) == item_hash(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_has_two(one, other) -> None:
    assert item_hash(one) != item_hash(other)


@pytest.mark.parametrize("item", NOT_ITEMS, ids=str)
def test_what_is_no_item_has_none(item) -> None:
    assert not item_hash(item)
    assert not key_hash(item)
    assert not pointer_hash("orders", item)


def test_an_item_nested_beyond_measure_has_none() -> None:
    item: dict = {"S": "x"}
    for _ in range(900):
        item = {"L": [item]}
    assert not item_hash({"a": item})


def test_a_key_has_one_or_two_attributes() -> None:
    assert key_hash({"a": {"S": "1"}}) == item_hash({"a": {"S": "1"}})
    assert not key_hash({name: {"S": "1"} for name in "abc"})


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30), st.integers(0, 5))
def test_a_number_is_the_same_however_it_is_written(value: Decimal, zeros: int) -> None:
    assert number(f"{value:f}") == number(f"{value:e}") == number(str(value))
    assert Decimal(number(str(value))) == value
    padded = f"{value:f}" + ("" if "." in f"{value:f}" else ".") + "0" * zeros
    assert number(padded) == number(str(value))


@given(st.text(max_size=40))
def test_any_text_has_a_form(text: str) -> None:
    assert isinstance(number(text), str)


# Vectors of Datadog's own tests for these pointers.
@pytest.mark.parametrize(
    ("hash_", "wanted"),
    [
        (pointers.s3_object("some-bucket", "some-key.data", '"ab12ef34"'), "e721375466d4116ab551213fdea08413"),
        (pointer_hash("some-table", {"some-key": {"S": "some-value"}}), "7f1aee721472bcb48701d45c7c7f7821"),
        (pointer_hash("some-table", {"some-key": {"B": "c29tZS12YWx1ZQ=="}}), "7f1aee721472bcb48701d45c7c7f7821"),
        (pointer_hash("some-table", {"some-key": {"N": "123.456"}}), "434a6dba3997ce4dbbadc98d87a0cc24"),
    ],
)
def test_pointers_are_those_that_datadog_reads(hash_: str, wanted: str) -> None:
    assert hash_ == wanted


def test_key_attributes_are_sorted_by_name() -> None:
    one = pointer_hash("t", {"b": {"S": "2"}, "a": {"S": "1"}})
    assert one == pointer_hash("t", {"a": {"S": "1"}, "b": {"S": "2"}}) == digest_of([b"t", b"a", b"1", b"b", b"2"])
