"""An SDK that tries again sends a call for each try; for whoever reads, they are one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.pipeline.record import CallRecord


def milliseconds_of(tries: list[CallRecord]) -> float:
    """From the first one's start to the last one's end."""
    if len(tries) == 1:
        return (tries[0].end - tries[0].start) / 1e6
    return (max(call.end for call in tries) - min(call.start for call in tries)) / 1e6


def tries_of(calls: list[CallRecord]) -> list[list[CallRecord]]:
    """The calls in their order, those of one operation together where the first of them stands. No list is empty."""
    found: dict[tuple[str, ...], list[CallRecord]] = {}
    for at, call in enumerate(calls):
        operation = call.operation
        if operation is None or not operation.invocation_id:
            key: tuple[str, ...] = (str(at),)
        else:
            key = (operation.invocation_id, operation.service, operation.name)
        found.setdefault(key, []).append(call)
    return list(found.values())
