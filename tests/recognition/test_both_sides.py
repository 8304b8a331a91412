"""The join keys of a call, and of the event that it leads to, are the same strings."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from aftercall.recognition.events import trigger_of
from tests.recognition.calls import aws

ETAGS = {"whole": "9a0364b9e99bb480dd25e1f0284c8555", "multipart": "9a0364b9e99bb480dd25e1f0284c8555-12"}
KEYS = {
    "plain": "2026/1.json",
    "spaces and signs": "a b/c+d%20e&f=g?h#i!'()*~@:;,$",
    "slashes": "/a//b/",
    "a folder": "folder/",
    "quotes and angles": "\"a\" <b> & 'c'",
    "accents": "Müller é/ñ.txt",
    "composed otherwise": "e\u0301",
    "emoji": "receipts/😀.json",
    "dots": "../a/./b",
    "of 1,024 bytes that are coded as three characters each": "é" * 512,
    "of many segments": "a/" * 200 + "b",
}
BUCKETS = ("receipts", "my.receipts", "my.s3.receipts", "s3-logs.example.com")


def received(event: Any) -> list[str]:
    trigger = trigger_of(json.dumps(event).encode())
    assert trigger is not None
    return trigger.received


def notified(bucket: str, key: str, etag: str, name: str) -> list[str]:
    written = {"key": quote_plus(key, safe="/"), **({"eTag": etag} if etag else {})}
    of_s3 = {"bucket": {"name": bucket}, "object": written}
    return received({"Records": [{"eventSource": "aws:s3", "eventName": name, "s3": of_s3}]})


def told_by_eventbridge(bucket: str, key: str, etag: str, **more: str) -> list[str]:
    detail = {"bucket": {"name": bucket}, "object": {"key": key, "etag": etag}, "requester": "1", **more}
    return received({"id": "1", "detail-type": "Object", "source": "aws.s3", "detail": detail})[1:]


@pytest.mark.parametrize("etag", ETAGS.values(), ids=ETAGS)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_an_object_that_was_written(key: str, etag: str) -> None:
    url = f"https://receipts.s3.eu-west-1.amazonaws.com/{quote(key, safe='/~')}"
    put = aws("s3", url=url, method="PUT", answered={"ETag": f'"{etag}"'})
    assert put.sent == notified("receipts", key, etag, "ObjectCreated:Put")
    assert put.sent == told_by_eventbridge("receipts", key, etag, reason="PutObject")
    answer = f"<CompleteMultipartUploadResult><ETag>&quot;{etag}&quot;</ETag></CompleteMultipartUploadResult>".encode()
    assert aws("s3", url=f"{url}?uploadId=u", answer=answer).sent == put.sent


@pytest.mark.parametrize("bucket", BUCKETS)
@pytest.mark.parametrize(
    "host", ["{}.s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com/{}", "{}.s3-eu-west-1.amazonaws.com"]
)
def test_buckets_with_dots(bucket: str, host: str) -> None:
    put = aws("s3", url=f"https://{host.format(bucket)}/k", method="PUT", answered={"ETag": '"e"'})
    assert put.sent == notified(bucket, "k", "e", "ObjectCreated:Put") == [f"s3:{bucket}/k@e"]


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_an_object_that_was_deleted(key: str) -> None:
    """Events of delete markers have the marker's ETag, which the answer to the call does not."""
    url = f"https://receipts.s3.eu-west-1.amazonaws.com/{quote(key, safe='/~')}"
    deleted = aws("s3", url=url, method="DELETE", status=204)
    assert deleted.sent == notified("receipts", key, "", "ObjectRemoved:Delete")
    assert deleted.sent == notified("receipts", key, ETAGS["whole"], "ObjectRemoved:DeleteMarkerCreated")
    marker = {"reason": "DeleteObject", "deletion-type": "Delete Marker Created"}
    assert deleted.sent == told_by_eventbridge("receipts", key, ETAGS["whole"], **marker)


ITEMS: dict[str, tuple[Any, Any]] = {
    "numbers": ({"N": "1.0"}, {"N": "1"}),
    "powers of ten": ({"N": "1e3"}, {"N": "1000"}),
    "negative zero": ({"N": "-0"}, {"N": "0"}),
    "fractions": ({"N": "-0.50"}, {"N": "-0.5"}),
    "sets": ({"SS": ["b", "a"]}, {"SS": ["a", "b"]}),
    "sets of numbers": ({"NS": ["2.0", "1"]}, {"NS": ["1", "2"]}),
    "binary": ({"B": "AAH/"}, {"B": "AAH/"}),
    "null": ({"NULL": True}, {"NULL": True}),
    "nested": ({"M": {"b": {"L": [{"N": "01"}]}, "a": {"N": "2"}}}, {"M": {"a": {"N": "2"}, "b": {"L": [{"N": "1"}]}}}),
    "empty": ({"L": []}, {"L": []}),
}  # fmt: skip


@pytest.mark.parametrize("kind", ITEMS)
def test_an_item(kind: str) -> None:
    """As the caller wrote it, and as DynamoDB's stream tells it."""
    written, told = ITEMS[kind]
    key = {"id": written} if set(written) & {"S", "N", "B"} else {"id": {"S": "1"}}
    told_key = {"id": told} if set(written) & {"S", "N", "B"} else key
    asked = {"TableName": "arn:aws:dynamodb:eu-west-1:1:table/orders"}
    put = aws("dynamodb", "DynamoDB_20120810.PutItem", body={**asked, "Item": {"z": written, **key}})
    updated = aws("dynamodb", "DynamoDB_20120810.UpdateItem", body={**asked, "Key": key})
    change = {"Keys": told_key, "NewImage": {**told_key, "z": told}}
    arn = "arn:aws:dynamodb:eu-west-1:1:table/orders/stream/2026-01-01T00:00:00.000"
    event = {"eventSource": "aws:dynamodb", "eventName": "INSERT", "eventSourceARN": arn, "dynamodb": change}
    assert received({"Records": [event]}) == [*updated.sent, *put.sent]
    assert len(updated.sent) == len(put.sent) == 1
