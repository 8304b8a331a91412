"""What OpenTelemetry's conventions say of a function that data wakes: collection, operation, document, time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall.formats import semconv

if TYPE_CHECKING:
    from aftercall.recognition.trigger import Trigger

_LATEST_SECOND = 253_402_300_799
"""The end of the year 9999."""


class Change:
    """One change of one document; texts are empty, the time None where the event does not say."""

    __slots__ = ("collection", "document", "operation", "time")

    def __init__(self, collection: str, operation: str, document: str, at: int | None) -> None:
        self.collection = collection
        self.operation = operation
        """`insert`, `edit`, `delete`."""
        self.document = document
        self.time = at


def set_document(trigger: Trigger, changes: list[Change]) -> None:
    """What all changes have in common; the time is that of the first."""
    told = {
        semconv.FAAS_DOCUMENT_COLLECTION: _common([change.collection for change in changes]),
        semconv.FAAS_DOCUMENT_OPERATION: _common([change.operation for change in changes]),
        semconv.FAAS_DOCUMENT_NAME: _common([change.document for change in changes]),
        semconv.FAAS_DOCUMENT_TIME: iso(min((change.time for change in changes if change.time), default=None)),
    }
    trigger.attributes.update({name: value for name, value in told.items() if value})
    trigger.resource = "/".join(
        filter(None, (told[semconv.FAAS_DOCUMENT_COLLECTION], told[semconv.FAAS_DOCUMENT_NAME]))
    )


def iso(nanoseconds: int | None) -> str:
    """`2026-01-01T00:00:00Z`; empty if there is no such time."""
    if nanoseconds is None or not 0 <= nanoseconds // 1_000_000_000 <= _LATEST_SECOND:
        return ""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(nanoseconds // 1_000_000_000))


def _common(texts: list[str]) -> str:
    return texts[0] if texts and texts.count(texts[0]) == len(texts) else ""
