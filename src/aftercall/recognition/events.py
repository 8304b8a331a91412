"""What woke the function, from the event that it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition.sources.documents import read
from aftercall.recognition.sources.hidden import hide
from aftercall.recognition.sources.reading import Reading
from aftercall.recognition.sources.table import trigger_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.recognition.trigger import Trigger


def trigger_of(event: bytes, started: int | None = None, hides: Callable[[str], bool] | None = None) -> Trigger | None:
    """None: a direct invoke, or an event that does not say.

    `event` may be cut. `started`: when the invocation began, nanoseconds since the epoch. `hides`: whether what has
    this name must not be told.
    """
    document, is_whole = read(event.decode("utf-8", "replace"))
    if isinstance(document, list):
        # Pipes and AppSync's batches: the records alone.
        document = {"Records": document}
    if not isinstance(document, dict):
        return None
    if hides is not None:
        hide(document, hides)
    return trigger_in(document, Reading(trigger_in, started, is_whole=is_whole, hides=hides))
