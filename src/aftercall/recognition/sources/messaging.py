"""What OpenTelemetry's conventions say of a span that processes messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition.sources.reading import add

if TYPE_CHECKING:
    from aftercall.recognition.trigger import Trigger

_PROCESS = "process"
SEVERAL = "multiple_sources"
"""As the page on Lambda has it."""


def set_messaging(trigger: Trigger, destinations: list[str], ids: list[str], *, system: str = "") -> None:
    """`destinations` and `ids` of the messages; `system`: one of the conventions' list, empty if it is not there."""
    names: list[str] = []
    add(names, filter(None, destinations))
    attributes = trigger.attributes
    attributes[semconv.MESSAGING_OPERATION_NAME] = _PROCESS
    attributes[semconv.MESSAGING_OPERATION_TYPE] = _PROCESS
    if system:
        attributes[semconv.MESSAGING_SYSTEM] = system
    if len(names) == 1:
        trigger.resource = attributes[semconv.MESSAGING_DESTINATION_NAME] = names[0]
    if names:
        trigger.span_name = f"{names[0] if len(names) == 1 else SEVERAL} {_PROCESS}"
    if trigger.items is not None and trigger.items > 1:
        attributes[semconv.MESSAGING_BATCH_MESSAGE_COUNT] = trigger.items
    if len(ids) == 1 and trigger.items == 1 and ids[0]:
        attributes[semconv.MESSAGING_MESSAGE_ID] = ids[0]
