"""SQS and SNS: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, .../with-sns.html.

SNS's own envelope comes in a message of SQS too, and so do its attributes if the delivery is raw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition import flow
from aftercall.recognition.sources.carriers import contexts_of, plain_text
from aftercall.recognition.sources.members import (
    arn_name,
    count_at,
    fields_at,
    from_iso,
    from_milliseconds,
    number_of,
    records_at,
    text_at,
)
from aftercall.recognition.sources.messaging import set_messaging
from aftercall.recognition.sources.reading import add

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.sources.reading import Reading
    from aftercall.recognition.trigger import Trigger


def read_sqs(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    records = records_at(event, "Records")
    trigger.items = count_at(event, "Records") if reading.is_whole else None
    ids = [text_at(record, "messageId") for record in records]
    arns = dict.fromkeys(text_at(record, "eventSourceARN") for record in records)  # one, or one for each source
    set_messaging(trigger, [arn_name(arn) for arn in arns], ids, system="aws_sqs")
    attributes = [fields_at(record, "attributes") for record in records]
    for record, message_id, system in zip(records, ids, attributes, strict=True):
        if message_id:
            add(trigger.received, [flow.sqs(message_id)])
        add(trigger.links, contexts_of(system))
        _read_attributes(record.get("messageAttributes"), trigger)
        reading.carried(trigger, reading.object_in(record.get("body")))
    counts = [number_of(system.get("ApproximateReceiveCount")) or 0 for system in attributes]
    trigger.receive_count = int(max(counts, default=0)) or None
    reading.set_age(trigger, [from_milliseconds(system.get("SentTimestamp")) for system in attributes])
    for system in attributes:
        if name := arn_name(text_at(system, "DeadLetterQueueSourceArn")):
            trigger.attributes[semconv.AFTERCALL_TRIGGER_DEAD_LETTER_SOURCE] = name


def read_sns(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """`event`: Lambda's, or SNS's envelope itself."""
    records = records_at(event, "Records")
    messages = [fields_at(record, "Sns") for record in records] if records else [event]
    trigger.items = (count_at(event, "Records") if records else 1) if reading.is_whole else None
    ids = [text_at(message, "MessageId") for message in messages]
    topics = [text_at(message, "TopicArn") for message in messages]
    set_messaging(trigger, [arn_name(topic) for topic in topics], ids, system="aws.sns")
    if topics[0] and topics.count(topics[0]) == len(topics):
        trigger.attributes[semconv.AWS_SNS_TOPIC_ARN] = topics[0]
    for message, message_id in zip(messages, ids, strict=True):
        if message_id:
            add(trigger.received, [flow.sns(message_id)])
        _read_attributes(message.get("MessageAttributes"), trigger)
        reading.carried(trigger, reading.object_in(message.get("Message")))
    reading.set_age(trigger, [from_iso(message.get("Timestamp")) for message in messages])


def _read_attributes(attributes: Any, trigger: Trigger) -> None:
    if not attributes or not isinstance(attributes, dict):
        return
    add(trigger.links, contexts_of(attributes))
    # A dead-letter queue of Lambda's own: "Adding a dead-letter queue" names the three.
    if {"RequestID", "ErrorCode"} <= attributes.keys() and (request_id := plain_text(attributes["RequestID"])):
        add(trigger.received, [flow.lambda_(request_id)])
