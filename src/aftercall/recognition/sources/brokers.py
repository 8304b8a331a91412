"""Kafka (MSK's or self-managed), ActiveMQ and RabbitMQ.

https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html, .../with-kafka.html, .../with-mq.html. Events of Kafka do
not name the consumer group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition.sources.carriers import contexts_of
from aftercall.recognition.sources.members import (
    MAX_RECORDS,
    at,
    clean,
    count_at,
    fields_at,
    from_milliseconds,
    records_at,
    text_at,
)
from aftercall.recognition.sources.messaging import set_messaging
from aftercall.recognition.sources.reading import add

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.sources.reading import Reading
    from aftercall.recognition.trigger import Trigger

_MAX_HEADERS = 64


def read_kafka(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """`records`: by topic and partition. Pipes give a plain list."""
    lists = event.get("records")
    batches = lists if isinstance(lists, dict) else {"": event.get("Records")}
    records = _first_of(batches)
    trigger.items = _count(batches) if reading.is_whole else None
    set_messaging(trigger, [text_at(record, "topic") for record in records], [], system="kafka")
    partitions = {value for record in records if type(value := record.get("partition")) is int}
    if len(partitions) == 1:
        trigger.attributes[semconv.MESSAGING_DESTINATION_PARTITION_ID] = str(*partitions)
    if trigger.items == 1 and records and type(records[0].get("offset")) is int:
        trigger.attributes[semconv.MESSAGING_KAFKA_OFFSET] = records[0]["offset"]
    for record in records:
        for header in records_at(record, "headers")[:_MAX_HEADERS]:
            add(trigger.links, contexts_of(header))
        reading.carried(trigger, reading.object_in_base64(record.get("value")))
    reading.set_age(trigger, [from_milliseconds(record.get("timestamp")) for record in records])


def read_activemq(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    messages = records_at(event, "messages") or records_at(event, "Records")
    trigger.items = _count({"": event.get("messages") or event.get("Records")}) if reading.is_whole else None
    names = [text_at(message, "destination", "physicalName") for message in messages]
    set_messaging(trigger, names, [text_at(message, "messageID") for message in messages], system="activemq")
    for message in messages:
        add(trigger.links, contexts_of(fields_at(message, "properties")))
        reading.carried(trigger, reading.object_in_base64(message.get("data")))
    reading.set_age(trigger, [from_milliseconds(message.get("timestamp")) for message in messages])


def read_rabbitmq(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """`rmqMessagesByQueue`: by `queue::virtual host`. Times are written for people, in no known zone."""
    queues = fields_at(event, "rmqMessagesByQueue")
    messages = _first_of(queues)
    trigger.items = _count(queues) if reading.is_whole else None
    names = [clean(name.partition("::")[0]) for name in list(queues)[:MAX_RECORDS]]
    ids = [text_at(message, "basicProperties", "messageId") for message in messages]
    set_messaging(trigger, names, ids, system="rabbitmq")
    for message in messages:
        add(trigger.links, contexts_of(at(message, "basicProperties", "headers")))
        reading.carried(trigger, reading.object_in_base64(message.get("data")))


def _first_of(batches: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in list(batches)[:MAX_RECORDS]:
        found += records_at(batches, name)
        if len(found) >= MAX_RECORDS:
            break
    return found[:MAX_RECORDS]


def _count(batches: dict[str, Any]) -> int:
    return sum(count_at(batches, name) or 0 for name in batches)
