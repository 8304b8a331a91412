"""S3: notifications, EventBridge's events of it, batch operations, Object Lambda.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html, .../ev-events.html,
.../batch-ops-invoke-lambda.html, .../olap-event-context.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.urls import Url, percent_decoded
from aftercall.recognition import flow, pointers
from aftercall.recognition.sources.data import Change, set_document
from aftercall.recognition.sources.members import (
    MAX_TEXT,
    arn_name,
    arn_resource,
    at,
    clean,
    count_at,
    from_iso,
    records_at,
    text_at,
)
from aftercall.recognition.sources.reading import add

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.sources.reading import Reading
    from aftercall.recognition.trigger import Trigger


def read_notification(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """Keys are coded as in URLs."""
    records = records_at(event, "Records")
    trigger.items = count_at(event, "Records") if reading.is_whole else None
    names = [text_at(record, "eventName") for record in records]
    trigger.operation = names[0] if names.count(names[0]) == len(names) else ""
    changes = []
    for record, name in zip(records, names, strict=True):
        bucket = text_at(record, "s3", "bucket", "name")
        key, operation = _decoded(at(record, "s3", "object", "key")), _operation(name)
        changes.append(Change(bucket, operation, key, from_iso(record.get("eventTime"))))
    set_document(trigger, changes)
    for record, change in zip(reading.whole(records), changes, strict=False):
        etag = text_at(record, "s3", "object", "eTag")
        _add_object(trigger, change.collection, change.document, etag, change.operation)
    reading.set_age(trigger, [change.time for change in changes])


def read_test(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """S3 sends it when a notification is set up."""
    trigger.operation = text_at(event, "Event")
    trigger.items = 1
    set_document(trigger, [Change(text_at(event, "Bucket"), "", "", None)])
    reading.set_age(trigger, [from_iso(event.get("Time"))])


def read_detail(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """`detail` of EventBridge's event. Keys are as they are."""
    bucket, key = text_at(event, "bucket", "name"), text_at(event, "object", "key")
    trigger.operation = text_at(event, "reason")
    trigger.items = 1
    operation = "delete" if "deletion-type" in event else "insert" if trigger.operation in _CREATES else ""
    _add_object(trigger, bucket, key, text_at(event, "object", "etag"), operation)
    set_document(trigger, [Change(bucket, operation, key, None)])


_CREATES = {"PutObject", "POST Object", "CopyObject", "CompleteMultipartUpload"}


def read_batch(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """Version 1.0 names buckets by ARN, 2.0 by name. Keys are coded as in URLs."""
    tasks = records_at(event, "tasks")
    trigger.items = count_at(event, "tasks") if reading.is_whole else None
    changes = []
    for task in tasks:
        bucket = text_at(task, "s3Bucket") or arn_resource(text_at(task, "s3BucketArn"))
        changes.append(Change(bucket, "", _decoded(task.get("s3Key")), None))
    set_document(trigger, changes)


def read_object_lambda(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """The access point and the key: `userRequest.url` is what the client asked of the access point."""
    access_point = arn_name(text_at(event, "configuration", "accessPointArn"))
    path = Url(text_at(event, "userRequest", "url")).target.partition("?")[0]
    set_document(trigger, [Change(access_point, "", percent_decoded(path.removeprefix("/")), None)])


def _decoded(key: Any) -> str:
    """Coded it may be three times as long as a key can be."""
    return clean(percent_decoded(key[: 3 * MAX_TEXT])) if isinstance(key, str) else ""


def _add_object(trigger: Trigger, bucket: str, key: str, etag: str, operation: str) -> None:
    if not bucket or not key:
        return
    if operation == "delete":
        etag = ""  # that of the delete marker, which whoever deleted was not told
    add(trigger.received, [flow.s3(bucket, key, etag)])
    if etag:
        add(trigger.pointers, [(pointers.S3_OBJECT, pointers.s3_object(bucket, key, etag))])


def _operation(name: str) -> str:
    """Whether an object was there before, nobody says: a new one and a new version of one are both created."""
    kind = name.removeprefix("s3:").partition(":")[0]
    return {"ObjectCreated": "insert", "ObjectRemoved": "delete", "LifecycleExpiration": "delete"}.get(kind, "")
