"""An SDK that tries again sends a call for each try; for whoever reads, they are one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.pipeline.record import CallRecord


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
