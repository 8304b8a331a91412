"""Whatever an exchange holds: nothing raises, and both time and memory stay within bounds."""

from __future__ import annotations

import json
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercall.http1.message import Message
from aftercall.recognition.aws import cbor, hosts, table, xml_text
from aftercall.recognition.bodies import form_fields, json_of
from aftercall.recognition.calls import operation_of
from aftercall.recognition.exchange import Exchange
from aftercall.recognition.url_templates import template_of
from tests.recognition import sent_by_botocore
from tests.recognition.sent_by_botocore import authorization

if TYPE_CHECKING:
    from aftercall.recognition.operation import Operation

RECOGNITION = str(Path(operation_of.__code__.co_filename).parent)
SIZE = 30_000
SERVICES = (
    "dynamodb",
    "s3",
    "sqs",
    "sns",
    "kinesis",
    "events",
    "lambda",
    "bedrock",
    "rds",
    "states",
    "execute-api",
    "zzz",
)
TARGETS = ("", "DynamoDB_20120810.BatchWriteItem", "DynamoDB_20120810.PutItem", "AmazonSQS.SendMessageBatch", "AmazonSQS.ReceiveMessage", "Kinesis_20131202.PutRecords", "AWSEvents.PutEvents", "x", ".", "a" * 5_000)  # fmt: skip
URLS = ("https://b.s3.eu-west-1.amazonaws.com/k?uploadId=1", "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/f/invocations", "http://127.0.0.1/", "https://sqs.eu-west-1.amazonaws.com", "//", "https://[::1]:x/%ff%", "https://amazonaws.com/", "https://....amazonaws.com/a/b?c&d&&=e")  # fmt: skip

names = st.sampled_from(
    ["TableName", "Item", "Key", "RequestItems", "TransactItems", "Put", "Entries", "Records", "Failed", "Successful",
     "MessageId", "Messages", "Attributes", "AWSTraceHeader", "UnprocessedItems", "S", "N", "M", "L", "orders", "query",
     "PutRequest", "FailedRecordCount", "jsonrpc", "method", "extensions", "errors", "__type", "model", "QueueUrl"]
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | names, inner, max_size=4),
    max_leaves=12,
)
members = st.dictionaries(names, values, max_size=6)
bodies = st.one_of(
    st.binary(max_size=300),
    members.map(lambda value: json.dumps(value).encode()),
    st.tuples(members, st.integers(0, 200)).map(lambda both: json.dumps(both[0]).encode()[: both[1]]),
    st.lists(st.sampled_from([b"<a>", b"</a>", b"<Error>", b"<Code>", b"x", b"</Code>", b"<Key>", b"&amp;", b"<MessageId>"]), max_size=30).map(b"".join),
)  # fmt: skip


def exchange_of(service: str, target: str, url: str, body: bytes, answer: bytes, status: int, media: str) -> Exchange:
    heads = [("Authorization", authorization(service)), ("X-Amz-Target", target), ("Content-Type", media)]
    return Exchange(
        "POST", url, Message("", heads, body), Message("", [("Content-Type", media), ("ETag", "e")], answer), status=status
    )  # fmt: skip


@settings(max_examples=400)
@given(
    st.sampled_from(SERVICES),
    st.sampled_from(TARGETS),
    st.sampled_from(URLS) | st.text(max_size=60),
    bodies,
    bodies,
    st.sampled_from([200, 204, 400, 429, 503, 0]),
    st.sampled_from(["application/json", "application/cbor", "application/x-www-form-urlencoded", ""]),
)
def test_nothing_raises_and_what_is_told_is_of_its_kind(service, target, url, body, answer, status, media) -> None:
    found = operation_of(exchange_of(service, target, url, body, answer, status, media))
    check(found)


@settings(max_examples=200)
@given(
    st.text(max_size=10),
    st.text(max_size=80),
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=4),
    bodies,
)
def test_a_call_of_anybody_raises_nothing(method, url, heads, body) -> None:
    check(operation_of(Exchange(method, url, Message("", heads, body), Message("", heads, body))))


def check(found: Operation | None) -> None:
    if found is None:
        return
    texts = ("service", "name", "span_name", "resource", "region", "request_id", "error_code", "url_template", "api")
    assert all(isinstance(getattr(found, name), str) and len(getattr(found, name)) <= 5_000 for name in texts)
    assert found.kind in {"client", "producer"}
    for count in (found.items, found.failed_items, found.attempt):
        assert count is None or (isinstance(count, int) and count >= 0)
    for key, value in found.attributes.items():
        assert isinstance(key, str)
        assert isinstance(value, str | int | float | bool | list)
    assert all(isinstance(key, str) for key in (*found.sent, *found.received))
    assert len(found.sent) <= 128
    assert len(found.received) <= 128


@given(st.binary(max_size=200))
def test_any_bytes_are_read_as_cbor(data: bytes) -> None:
    assert isinstance(cbor.fields_of(data), dict)


def repeated(piece: bytes, size: int) -> bytes:
    return piece * (size // len(piece))


HOSTILE = {
    "nested arrays": lambda size: b"[" * size,
    "nested objects": lambda size: repeated(b'{"Item":', size),
    "nested items": lambda size: b'{"TableName":"t","Item":{"a":' + b'{"L":[' * 300 + b"]}" * 300 + b" " * size + b"}}",
    "members": lambda size: b"{" + b",".join(b'"k%d":1' % at for at in range(size // 10)) + b"}",
    "members, cut": lambda size: b"{" + b",".join(b'"k%d":1' % at for at in range(size // 10)),
    "open strings": lambda size: b'{"a":"' + b"\\" * size,
    "entries": lambda size: b'{"Entries":[' + b",".join([b"{}"] * (size // 3)) + b"]}",
    "messages": lambda size: b'{"Messages":[' + b",".join([b'{"MessageId":"m"}'] * (size // 18)) + b"]}",
    "tables": lambda size: b'{"RequestItems":{' + b",".join(b'"t%d":[]' % at for at in range(size // 10)) + b"}}",
    "an XML bomb": lambda size: b'<!DOCTYPE a [<!ENTITY a "' + repeated(b"&a;", size) + b'">]><Error><Code>&a;</Code></Error>',
    "open elements": lambda size: repeated(b"<Code>", size),
    "open elements of ids": lambda size: repeated(b"<MessageId>x", size),
    "declarations": lambda size: repeated(b"<!", size),
    "errors": lambda size: repeated(b"<Error>", size),
    "form pairs": lambda size: repeated(b"a=b&", size),
    "percent signs": lambda size: b"Action=" + repeated(b"%41", size),
    "CBOR arrays": lambda size: b"\x9f" * size,
    "CBOR maps": lambda size: b"\xbf" * size,
    "a lying CBOR length": lambda size: b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff" + b"\x00" * size,
    "CBOR tags": lambda size: b"\xc0" * size,
    "GraphQL braces": lambda size: json.dumps({"query": "query A " + "{" * size}).encode(),
    "GraphQL definitions": lambda size: json.dumps({"query": "query A {}" * (size // 10)}).encode(),
    "JSON-RPC calls": lambda size: json.dumps([{"jsonrpc": "2.0", "method": f"m{at}"} for at in range(size // 35)]).encode(),
}  # fmt: skip


def steps(body: bytes) -> int:
    """Lines of ours that run: what takes no wall-clock time to measure."""
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        if not frame.f_code.co_filename.startswith(RECOGNITION) and "json_fields" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    calls = [
        exchange_of(service, target, url, body, body, status, media)
        for service, target, url, status, media in (
            ("dynamodb", "DynamoDB_20120810.BatchWriteItem", URLS[2], 200, "application/json"),
            ("dynamodb", "DynamoDB_20120810.PutItem", URLS[2], 400, "application/cbor"),
            ("sqs", "AmazonSQS.ReceiveMessage", URLS[3], 200, "application/json"),
            ("sns", "", URLS[2], 200, "application/x-www-form-urlencoded"),
            ("s3", "", URLS[0], 200, "application/xml"),
            ("s3", "", "https://b.s3.amazonaws.com/?delete", 200, "application/xml"),
            ("zzz", "", "https://example.com/graphql", 200, "application/json"),
        )
    ]
    for one in calls:
        operation_of(one)  # loads what is needed
    sys.settrace(trace)
    try:
        for one in calls:
            operation_of(Exchange(one.method, f"https://{one.url.authority}{one.url.target}", one.request, one.response, status=one.status))  # fmt: skip
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_bytes_take_at_most_about_twice_the_work(name) -> None:
    small, large = steps(HOSTILE[name](SIZE)), steps(HOSTILE[name](2 * SIZE))
    assert large <= 2.2 * small + 2_000
    assert large <= 2_500_000


@pytest.mark.parametrize("name", HOSTILE)
def test_memory_stays_within_a_few_times_the_body(name) -> None:
    body = HOSTILE[name](60_000)
    one = exchange_of("dynamodb", "DynamoDB_20120810.BatchWriteItem", URLS[2], body, body, 200, "application/cbor")
    operation_of(one)
    tracemalloc.start()
    operation_of(one)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000


def test_no_entity_is_expanded() -> None:
    bomb = HOSTILE["an XML bomb"](1_000)
    assert xml_text.first(bomb, "Code") == "&a;"
    assert list(xml_text.texts(b"<Code>" + b"x" * 10_000 + b"</Code>", "Code")) == []


def test_what_is_remembered_is_bounded() -> None:
    for at in range(2_000):
        operation_of(exchange_of(f"made-up-{at}", "", f"https://h{at}.eu-west-1.amazonaws.com/", b"", b"", 200, ""))
    from aftercall.recognition.aws import scope, wire

    assert max(len(table._found), len(wire._known), len(scope._known)) <= 256


@pytest.mark.parametrize("service", ["dynamodb", "s3", "sqs"])
def test_each_operation_survives_being_cut(service) -> None:
    for sent in sent_by_botocore.sent_by(service, custom=False):
        whole = sent.exchange
        for length in range(0, len(whole.request.body), 7):
            cut = Message("", whole.request.headers, whole.request.body[:length])
            url = f"https://{whole.url.authority}{whole.url.target}"
            found = operation_of(Exchange(whole.method, url, cut, whole.response, status=200))
            assert found is not None
            assert found.service == sent.service


def test_a_host_longer_than_any_name_is_none_of_awss() -> None:
    """Each of its labels would be looked for."""
    found = operation_of(exchange_of("rds", "", f"https://{'a.' * 4_000}amazonaws.com/", b"", b"", 200, ""))
    assert found is not None
    assert (found.service, found.region) == ("RDS", "eu-west-1")
    assert hosts.service_labels("a." * 4_000 + "amazonaws.com") is None


@given(st.text(max_size=200))
def test_any_text_has_a_template_a_form_and_perhaps_a_value(text: str) -> None:
    assert isinstance(template_of(text), str)
    assert isinstance(form_fields(text), dict)
    json_of(text.encode("utf-8", "replace"))
