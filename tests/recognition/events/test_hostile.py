"""Events that lie, that are huge, deep or of no shape at all: a plain invocation, in bounded time and memory."""

from __future__ import annotations

import copy
import gzip
import json
import subprocess
import sys
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercall.recognition import flow
from aftercall.recognition.events import trigger_of
from aftercall.recognition.sources.members import MAX_TEXT
from tests.recognition.events.documented import EVENTS, S3_RECORD, SNS, SQS_RECORD, STARTED, W3C, encoded

if TYPE_CHECKING:
    from aftercall.recognition.trigger import Trigger

XML_BOMB = (
    '<!DOCTYPE l [<!ENTITY a "lol">' + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(9)) + "]><l>&a8;</l>"
)
BOMB = encoded(gzip.compress(json.dumps({"messageType": "DATA_MESSAGE", "logGroup": "x" * 60_000_000}).encode()))
REPLACEMENTS: list[Any] = [
    None, True, 0, -1, 10**400, -1e308, 1.5, "", "x", "\ud800", "arn:::::::", "arn:aws:sqs", "0" * 30, "9" * 19, "²", [], [[]], [None], {},
    {"": {}}, "{", "[", "eyJ", "H4sI", "H4sIAAAA", "Root=1;Parent", W3C[:-1], {"stringValue": 7}, [300] * 5, "x" * 5_000,
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, member in members for place in places(member, (*path, name)))]


def put(event: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(event)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return changed


def check(trigger: Trigger | None) -> None:
    """Every slot is of its type and of bounded size, and can be sent."""
    if trigger is None:
        return
    for text in (trigger.source, trigger.resource, trigger.operation, trigger.span_name, trigger.tenant, trigger.kind):
        assert isinstance(text, str)
        assert len(text) < 3 * MAX_TEXT
        text.encode()
    assert all(isinstance(value, str | int) and value != "" for value in trigger.attributes.values())
    for told in (trigger.received, trigger.links, trigger.pointers):
        assert len(told) == len(set(told)) <= flow.MAX_KEYS
    assert all(len(link[0]) == 32 and len(link[1]) == 16 for link in trigger.links)
    assert trigger.age_ms is None or trigger.age_ms >= 0
    json.dumps([trigger.items, trigger.receive_count, trigger.attributes, trigger.received], allow_nan=False).encode()
    for inner in trigger.nested:
        check(inner)


@pytest.mark.parametrize("name", EVENTS)
def test_any_member_may_be_of_any_type(name: str) -> None:
    event, _ = EVENTS[name]
    for place in places(event):
        for value in REPLACEMENTS:
            check(trigger_of(json.dumps(put(event, place, value)).encode(), STARTED))


@pytest.mark.parametrize("name", EVENTS)
def test_any_member_may_have_any_name(name: str) -> None:
    event, _ = EVENTS[name]
    for *before, last in filter(None, places(event)):
        holder = event
        for step in before:
            holder = holder[step]
        if isinstance(holder, dict):
            for renamed in ("\ud800", "x" * 10_000, "", "Traceparent"):
                members = {renamed if key == last else key: value for key, value in holder.items()}
                check(trigger_of(json.dumps(put(event, tuple(before), members)).encode(), STARTED))


@given(st.sampled_from(sorted(EVENTS)), st.data())
@settings(max_examples=300, deadline=None)
def test_cut_and_with_bytes_changed_it_never_raises(name: str, data: Any) -> None:
    text = bytearray(json.dumps(EVENTS[name][0]).encode())
    for _ in range(data.draw(st.integers(0, 3))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    check(trigger_of(bytes(text[: data.draw(st.integers(0, len(text)))]), STARTED))


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:\\ Recodsin0', max_size=60).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_what_is_no_event_never_raises(event: bytes) -> None:
    check(trigger_of(event, STARTED))


HUGE: dict[str, bytes] = {
    "a hundred thousand messages": json.dumps({"Records": [SQS_RECORD] * 100_000}).encode(),
    "a hundred thousand objects": json.dumps({"Records": [S3_RECORD] * 100_000}).encode(),
    "a hundred thousand records of nothing": b'{"Records":[' + b"{}," * 100_000 + b"{}]}",
    "a hundred thousand headers": json.dumps(
        {**EVENTS["HTTP API"][0], "headers": {f"h{n}": "v" for n in range(100_000)}}
    ).encode(),
    "deep": b'{"Records":[{"Sns":' + b'{"a":' * 200_000,
    "deep and closed": b'{"Records":[{"Sns":{"Message":' + b"[" * 5_000 + b"]" * 5_000 + b"}}]}",
    "deep within a body": json.dumps({"Records": [{**SQS_RECORD, "body": '{"a":' + "[" * 50_000}]}).encode(),
    "an XML bomb": json.dumps({"Records": [{**SQS_RECORD, "body": XML_BOMB}]}).encode(),
    "a bomb of gzip": json.dumps({"awslogs": {"data": BOMB}}).encode(),
    "ten bombs in Kinesis": json.dumps(
        {"Records": [{"kinesis": {"data": BOMB}, "eventSource": "aws:kinesis"} for _ in range(10)]}
    ).encode(),
    "a body within a body within a body": json.dumps(SNS).encode(),
    "quotes alone": b'{"Records":["' + b'","' * 300_000,
    "backslashes": b'{"Records":["' + b"\\" * 1_000_000,
    "nothing but NULs": bytes(1_000_000),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_event_takes_bounded_memory(name: str) -> None:
    event = HUGE[name][:1_048_576]  # the most that the spool keeps
    tracemalloc.start()
    check(trigger_of(event, STARTED))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 24 * 1_048_576


def test_a_hundred_thousand_messages_are_told_as_messages_of_their_queue() -> None:
    trigger = trigger_of(HUGE["a hundred thousand messages"][:1_048_576], STARTED)
    assert trigger is not None
    assert (trigger.source, trigger.resource, trigger.items) == ("sqs", "orders", None)


def test_the_first_128_messages_of_a_batch_are_looked_at() -> None:
    def record(received: int) -> dict[str, Any]:
        attributes = {"ApproximateReceiveCount": str(received)}
        return {"messageId": "m", "receiptHandle": "h", "eventSource": "aws:sqs", "attributes": attributes}

    records = [record(1)] * 127 + [record(7), record(9)]
    trigger = trigger_of(json.dumps({"Records": records}).encode(), STARTED)
    assert trigger is not None
    assert (trigger.items, trigger.receive_count) == (129, 7)


def test_a_bomb_of_gzip_is_told_as_logs() -> None:
    trigger = trigger_of(HUGE["a bomb of gzip"], STARTED)
    assert trigger is not None
    assert trigger.source == "cloudwatch-logs"
    assert trigger.operation == "DATA_MESSAGE"


def test_a_deep_event_is_told_by_what_stands_before_it() -> None:
    event = json.dumps(EVENTS["EventBridge"][0])[:-1].encode() + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    trigger = trigger_of(event)
    assert trigger is not None
    assert trigger.received == EVENTS["EventBridge"][1]["received"]


def test_nothing_is_loaded_that_the_frozen_extension_goes_without() -> None:
    code = """
import __future__, sys, typing  # which are taken out of the frozen file
before = set(sys.modules)
from aftercall.recognition.events import trigger_of
for event in sys.stdin.buffer:
    trigger_of(event, 1)
print(*sorted(name for name in set(sys.modules) - before if not name.startswith(("aftercall", "_"))))
"""
    events = b"\n".join(json.dumps(event).encode() for event, _ in EVENTS.values())
    done = subprocess.run([sys.executable, "-c", code], input=events, capture_output=True, check=True)
    assert done.stdout.decode().split() in (["binascii", "zlib"], ["binascii"])
