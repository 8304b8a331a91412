"""Streams of DynamoDB, Kinesis and DocumentDB, and Firehose's and Kinesis Analytics' batches to transform.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html, .../with-kinesis.html, .../with-documentdb.html,
.../firehose/latest/dev/data-transformation.html. Pipes give each record without the `kinesis` around its data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition import flow
from aftercall.recognition.sources.data import Change, set_document
from aftercall.recognition.sources.members import (
    arn_name,
    at,
    count_at,
    fields_at,
    from_milliseconds,
    from_seconds,
    records_at,
    text_at,
)
from aftercall.recognition.sources.messaging import set_messaging
from aftercall.recognition.sources.reading import add

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.sources.reading import Reading
    from aftercall.recognition.trigger import Trigger

_CHANGES = {
    "INSERT": "insert", "MODIFY": "edit", "REMOVE": "delete",
    "insert": "insert", "update": "edit", "replace": "edit", "delete": "delete",
}  # fmt: skip


def read_dynamodb(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """`event`: Lambda's, or one record, as DynamoDB writes it to a stream of Kinesis."""
    records = records_at(event, "Records") or [event]
    trigger.items = (count_at(event, "Records") or 1) if reading.is_whole else None
    trigger.operation = _same([text_at(record, "eventName") for record in records])
    changes = []
    for record in records:
        table = text_at(record, "tableName") or arn_name(text_at(record, "eventSourceARN"))
        time = _dynamodb_time(record)
        changes.append(Change(table, _CHANGES.get(text_at(record, "eventName"), ""), "", time))
    set_document(trigger, changes)
    for record, change in zip(reading.whole(records), changes, strict=False):
        _add_item(trigger, change.collection, fields_at(record, "dynamodb"))
    reading.set_age(trigger, [change.time for change in changes])


def _dynamodb_time(record: dict[str, Any]) -> int | None:
    """Seconds in streams of DynamoDB; milliseconds or microseconds in streams of Kinesis, which say so."""
    time = at(record, "dynamodb", "ApproximateCreationDateTime")
    precision = text_at(record, "dynamodb", "ApproximateCreationDateTimePrecision")
    if precision == "MICROSECOND":
        nanoseconds = from_milliseconds(time)
        return None if nanoseconds is None else nanoseconds // 1_000
    return from_milliseconds(time) if precision == "MILLISECOND" or "recordFormat" in record else from_seconds(time)


def _add_item(trigger: Trigger, table: str, change: dict[str, Any]) -> None:
    from aftercall.recognition import dynamodb_items, pointers  # noqa: PLC0415 - only where there are items

    keys, image = fields_at(change, "Keys"), fields_at(change, "NewImage")
    if key := dynamodb_items.key_hash(keys):
        add(trigger.received, [flow.dynamodb_key(table, key)])
    if item := dynamodb_items.item_hash(image):
        add(trigger.received, [flow.dynamodb_item(table, item)])
    if pointer := dynamodb_items.pointer_hash(table, keys):
        add(trigger.pointers, [(pointers.DYNAMODB_ITEM, pointer)])


def read_kinesis(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    records = records_at(event, "Records")
    trigger.items = count_at(event, "Records") if reading.is_whole else None
    data = [fields_at(record, "kinesis") or record for record in records]
    ids = [text_at(one, "sequenceNumber") for one in data]
    names = [arn_name(text_at(record, "eventSourceARN")) for record in records]
    set_messaging(trigger, names, ids)
    if name := _same(names):
        trigger.attributes[semconv.AWS_KINESIS_STREAM_NAME] = name
    for record, one, sequence_number in zip(records, data, ids, strict=True):
        shard = text_at(record, "eventID").partition(":")[0]
        if shard and sequence_number:
            add(trigger.received, [flow.kinesis(shard, sequence_number)])
        reading.carried(trigger, reading.object_in_base64(one.get("data")))
    reading.set_age(trigger, [from_seconds(one.get("approximateArrivalTimestamp")) for one in data])


def read_firehose(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """Also Kinesis Analytics, whose events and answers have the same form."""
    records = records_at(event, "records")
    trigger.items = count_at(event, "records") if reading.is_whole else None
    arn = text_at(event, "deliveryStreamArn") or text_at(event, "applicationArn")
    set_messaging(trigger, [arn_name(arn)], [text_at(record, "recordId") for record in records])
    metadata = [
        fields_at(record, "kinesisRecordMetadata") or fields_at(record, "kinesisStreamRecordMetadata")
        for record in records
    ]
    for record, source in zip(records, metadata, strict=True):
        shard, sequence_number = text_at(source, "shardId"), text_at(source, "sequenceNumber")
        if shard and sequence_number:
            add(trigger.received, [flow.kinesis(shard, sequence_number)])
        reading.carried(trigger, reading.object_in_base64(record.get("data")))
    times = [
        record.get("approximateArrivalTimestamp") or source.get("approximateArrivalTimestamp")
        for record, source in zip(records, metadata, strict=True)
    ]
    reading.set_age(trigger, map(from_milliseconds, times))


def read_documentdb(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    events = [fields_at(one, "event") for one in records_at(event, "events")]
    trigger.items = count_at(event, "events") if reading.is_whole else None
    trigger.operation = _same([text_at(one, "operationType") for one in events])
    changes = [
        Change(
            ".".join(filter(None, (text_at(one, "ns", "db"), text_at(one, "ns", "coll")))),
            _CHANGES.get(text_at(one, "operationType"), ""),
            "",
            from_seconds(at(one, "clusterTime", "$timestamp", "t")),
        )
        for one in events
    ]
    set_document(trigger, changes)
    reading.set_age(trigger, [change.time for change in changes])


def _same(texts: list[str]) -> str:
    return texts[0] if texts and texts.count(texts[0]) == len(texts) else ""
