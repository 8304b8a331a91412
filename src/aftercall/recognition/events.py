"""What woke the function, from the event that it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.recognition.trigger import Trigger


def trigger_of(event: bytes, started: int | None = None) -> Trigger | None:
    """None: a direct invoke, or an event that does not say.

    `event` may be cut. `started`: when the invocation began, nanoseconds since the epoch.
    """
    from aftercall.pipeline.trigger import trigger_of as kind_of  # noqa: PLC0415
    from aftercall.recognition.trigger import Trigger  # noqa: PLC0415

    del started
    kind = kind_of(event)
    if not kind:
        return None
    trigger = Trigger("", kind)
    trigger.span_kind = "consumer" if kind == "pubsub" else "server"
    return trigger
