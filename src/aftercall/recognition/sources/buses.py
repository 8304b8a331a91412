"""EventBridge: events of buses and pipes, schedules of rules and of the Scheduler.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition import flow
from aftercall.recognition.sources.members import arn_resource, from_iso, text_at
from aftercall.recognition.sources.messaging import set_messaging
from aftercall.recognition.sources.reading import add

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.sources.reading import Reading
    from aftercall.recognition.trigger import Trigger


def read_event(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """The event does not name its bus: what it is known by is who sent it."""
    event_id = text_at(event, "id")
    trigger.items = 1
    set_messaging(trigger, [], [event_id])
    trigger.resource = text_at(event, "source")
    trigger.span_name = f"{trigger.resource} process"
    trigger.operation = text_at(event, "detail-type")
    if event_id:
        add(trigger.received, [flow.eventbridge(event_id)])
    reading.carried(trigger, event.get("detail"))
    reading.set_age(trigger, [from_iso(event.get("time"))])


def read_schedule(event: dict[str, Any], trigger: Trigger, reading: Reading) -> None:
    """The rule's or schedule's name: `rule/nightly`, `rule/bus/nightly`, `schedule/group/nightly`. No expression."""
    trigger.resource = arn_resource(text_at(event, "resources", "0")).rpartition("/")[2]
    if time := text_at(event, "time"):
        trigger.attributes[semconv.FAAS_TIME] = time
    if event_id := text_at(event, "id"):
        add(trigger.received, [flow.eventbridge(event_id)])
    reading.set_age(trigger, [from_iso(event.get("time"))])
