"""An error post that was cut loses what was cut and nothing else: each field is read by itself."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.formats import json_fields
from aftercall.formats.json_fields import fields_of
from aftercall.formats.json_text import loads
from aftercall.pipeline.limit import MAX_MESSAGE_CHARS, MAX_STACK_TRACE_CHARS, limit
from aftercall.pipeline.model import Invocation
from aftercall.pipeline.record import Failure
from aftercall.pipeline.redact import Redactor

TYPE = "shop.OrderError"
STACK = ['  File "/var/task/app.py", line 7, in handler\n    raise OrderError("\\u00e4")\n', "  tail\n"]
MESSAGES = {"short": "no such order", "70,000": "no such order: " + "x" * 70_000, "quotes": 'a "b" \\ {"c": [' * 900}
CLIENTS = {
    "python": lambda message: {"errorMessage": message, "errorType": TYPE, "requestId": "r", "stackTrace": STACK},
    "nodejs": lambda message: {"errorType": TYPE, "errorMessage": message, "trace": STACK},
    "java": lambda message: {"errorMessage": message, "errorType": TYPE, "stackTrace": STACK, "cause": {}},
}  # fmt: skip


def failure_of(posted: bytes) -> Failure:
    raw = Invocation("r-1")
    raw.status, raw.error = "error", posted
    record = limit(Redactor(bodies=True).record(raw))
    assert record.error is not None
    return record.error


def posted_by(client: str, message: str) -> bytes:
    return json.dumps(CLIENTS[client](MESSAGES[message])).encode()


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_whole_post_is_cut_field_by_field(client: str, message: str) -> None:
    failure = failure_of(posted_by(client, message))
    assert failure.type == TYPE
    assert failure.message[:1000] == MESSAGES[message][:1000]
    assert len(failure.message) <= MAX_MESSAGE_CHARS
    assert len(failure.stack_trace) <= MAX_STACK_TRACE_CHARS
    assert failure.stack_trace.startswith('  File "/var/task/app.py", line 7')


@pytest.mark.parametrize("length", [4_096, 5_000, 200_000])
def test_a_long_type_is_cut_too(length: int) -> None:
    failure = failure_of(json.dumps({"errorType": "T" * length, "errorMessage": "m", "stackTrace": STACK}).encode())
    assert failure.type.startswith("TTTT")
    assert len(failure.type) <= MAX_MESSAGE_CHARS
    assert failure.message == "m"


@pytest.mark.parametrize("from_end", [1, 2, 3, 10, 40, 60, 90])
@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_post_that_was_cut_in_its_stack_keeps_the_rest(client: str, message: str, from_end: int) -> None:
    posted = posted_by(client, message)
    failure = failure_of(posted[: len(posted) - from_end])
    assert failure.type == TYPE
    assert failure.message[:500] == MESSAGES[message][:500]
    assert failure.stack_trace.startswith("  File")


def test_a_post_that_was_cut_in_its_message_keeps_the_beginning() -> None:
    failure = failure_of(posted_by("nodejs", "70,000")[:65_536])
    assert (failure.type, failure.message[:20]) == (TYPE, "no such order: xxxxx")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=6), VALUES, max_size=5)


@given(OBJECTS, st.integers(0, 300))
def test_what_stands_before_a_cut_is_read_as_it_is(whole: dict[str, Any], cut: int) -> None:
    text = json.dumps(whole)
    found = fields_of(text[:cut])
    if cut >= len(text):
        assert found == whole
    names = list(found)
    assert names == list(whole)[: len(names)]
    for name in names[:-1]:
        assert found[name] == whole[name]


@pytest.mark.parametrize("member", [r'"\u12"', "x", r'"\"', "[1", "[1]", '"x"', '{"b":}', r'"\ud83d\ud8"'])
def test_only_the_last_member_is_mended(member: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function's error is read in billed time."""
    asked: list[str] = []

    def counted(text: str) -> Any:
        asked.append(text)
        return loads(text)

    monkeypatch.setattr(json_fields, "loads", counted)
    for times in (100, 1_000):
        asked.clear()
        assert fields_of('{"statusCode":200' + f',"a":{member}' * times)["statusCode"] == 200
        assert len(asked) < 2 * times + 200


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    fields_of(text)
    fields_of("{" + text)
    fields_of('{"a":' + text)
