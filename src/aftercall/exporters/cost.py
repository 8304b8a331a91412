"""What an invocation cost, by AWS's list price: billed duration times memory, and the request itself.

US dollars of us-east-1 and most regions, first tier, without free tier and Savings Plans (AWS Lambda's pricing page).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.pipeline.record import InvocationRecord

USD_PER_GB_SECOND = {"x86_64": 0.0000166667, "aarch64": 0.0000133334}
USD_PER_REQUEST = 0.0000002


def cost_usd(record: InvocationRecord, machine: str = "") -> float | None:
    """None if the Telemetry API has not said what was billed. `machine`: uname's name for it, by default this one's."""
    price = USD_PER_GB_SECOND.get(machine or os.uname().machine)
    if record.billed_ms is None or record.memory_mb is None or price is None:
        return None
    # Ten decimals: a hundredth of the smallest invocation's price.
    return round(record.billed_ms / 1e3 * record.memory_mb / 1024 * price + USD_PER_REQUEST, 10)
