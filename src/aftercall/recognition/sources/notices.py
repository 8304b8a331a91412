"""Logs, alarms, mail, rules of Config: what AWS's services tell of themselves and of what they got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition import flow
from aftercall.recognition.sources.members import (
    arn_name,
    at,
    count_at,
    fields_at,
    from_iso,
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

_FROM_SES = "amazonses.com>"


def read_logs(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """A subscription's batch: packed, or as Kinesis and Firehose carried it. Of a large one the beginning is read."""
    data = at(event, "awslogs", "data")
    batch = event if data is None else reading.object_in_base64(data) or {}
    events = records_at(batch, "logEvents")
    trigger.operation = text_at(batch, "messageType")
    set_messaging(trigger, [text_at(batch, "logGroup")], [text_at(one, "id") for one in events])
    reading.set_age(trigger, [from_milliseconds(one.get("timestamp")) for one in events])


def read_alarm(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """An alarm's action, or its message to a topic."""
    trigger.resource = text_at(event, "alarmData", "alarmName") or text_at(event, "AlarmName")
    trigger.operation = text_at(event, "alarmData", "state", "value") or text_at(event, "NewStateValue")
    reading.set_age(trigger, [from_iso(event.get("time") or event.get("StateChangeTime"))])


def read_config(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """A rule that runs by the clock is a timer."""
    invoking = reading.object_in(event.get("invokingEvent")) or {}
    trigger.resource = text_at(event, "configRuleName")
    trigger.operation = text_at(invoking, "messageType")
    if trigger.operation == "ScheduledNotification":
        trigger.kind = "timer"
        if time := text_at(invoking, "notificationCreationTime"):
            trigger.attributes[semconv.FAAS_TIME] = time


def read_mail(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """Mail that was received, told by its domain. What SES itself sent has SES's id in its `Message-ID`."""
    mail = fields_at(event, "Records", "0", "ses", "mail")
    trigger.resource = text_at(event, "Records", "0", "ses", "receipt", "recipients", "0").rpartition("@")[2]
    header = text_at(mail, "commonHeaders", "messageId")
    if header.endswith(_FROM_SES):
        add(trigger.received, [flow.ses(header.removeprefix("<").partition("@")[0])])
    reading.set_age(trigger, [from_iso(mail.get("timestamp"))])


def read_mail_notice(event: dict[str, Any], trigger: Trigger, _reading: Reading) -> None:
    """What became of mail that was sent: a bounce, a delivery; in SNS or EventBridge."""
    trigger.operation = text_at(event, "eventType") or text_at(event, "notificationType")
    if message_id := text_at(event, "mail", "messageId"):
        add(trigger.received, [flow.ses(message_id)])


def read_repository(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """CodeCommit."""
    records = records_at(event, "Records")
    trigger.items = count_at(event, "Records") if reading.is_whole else None
    trigger.resource = arn_name(text_at(records[0], "eventSourceARN")) if records else ""
    trigger.operation = text_at(event, "Records", "0", "eventTriggerName")
    reading.set_age(trigger, [from_iso(record.get("eventTime")) for record in records])
