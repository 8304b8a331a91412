"""What woke a function, from the outside in: SQS, the SNS in it, the S3 in that."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.pipeline.record import TriggerRecord

_MAX = 32


def chain_of(trigger: TriggerRecord) -> list[TriggerRecord]:
    """The trigger itself, then what its messages carry, each kind once."""
    found: list[TriggerRecord] = [trigger]
    for one in found:
        found += nested_in(one)[: max(0, _MAX - len(found))]
    return found


def nested_in(trigger: TriggerRecord) -> list[TriggerRecord]:
    return trigger.nested  # type: ignore[return-value]  # redact.py makes no others
