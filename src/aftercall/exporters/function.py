"""The watched function, the same for all invocations of an environment; and what its invocations cost."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.formats.json_fields import get_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from aftercall.pipeline.record import InvocationRecord

USD_PER_GB_SECOND = {"x86_64": 0.0000166667, "aarch64": 0.0000133334}
USD_PER_REQUEST = 0.0000002
"""US dollars by AWS's list price of us-east-1 and most regions: first tier, no free tier, no Savings Plans."""


_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-isob-", "aws-iso-b"), ("us-iso-", "aws-iso"))


class Function:
    """Strings are empty if not known."""

    __slots__ = ("account_id", "handler", "instance", "log_group", "memory_mb", "name", "region", "version")

    def __init__(self, registered: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        """`registered` is the body of the answer to `register`: functionName, functionVersion, handler, accountId."""
        self.name = get_text(registered, "functionName") or environment.get("AWS_LAMBDA_FUNCTION_NAME", "")
        self.version = get_text(registered, "functionVersion") or environment.get("AWS_LAMBDA_FUNCTION_VERSION", "")
        self.handler = get_text(registered, "handler")
        self.account_id = get_text(registered, "accountId")
        self.region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "")
        memory = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
        self.memory_mb = int(memory) if memory.isascii() and memory.isdigit() and len(memory) < 9 else None
        # Extensions are not told the group: this is its name unless the function's settings choose another.
        self.log_group = environment.get("AWS_LAMBDA_LOG_GROUP_NAME") or (
            f"/aws/lambda/{self.name}" if self.name else ""
        )
        # OpenTelemetry wants the log stream here, which extensions do not know.
        self.instance = os.urandom(8).hex()

    @property
    def arn(self) -> str:
        """Of the version that runs, never of an alias; empty if the account is not known."""
        if not (self.name and self.account_id and self.region):
            return ""
        partition = next((known for begin, known in _PARTITIONS if self.region.startswith(begin)), "aws")
        version = "" if self.version in {"", "$LATEST"} else f":{self.version}"
        return f"arn:{partition}:lambda:{self.region}:{self.account_id}:function:{self.name}{version}"


def cost_usd(record: InvocationRecord, machine: str = "") -> float | None:
    """Billed duration times memory, and the request itself. None if it is not known what was billed.

    `machine`: uname's name for it, by default this one's.
    """
    price = USD_PER_GB_SECOND.get(machine or os.uname().machine)
    if record.billed_ms is None or record.memory_mb is None or price is None:
        return None
    # Ten decimals: a hundredth of the smallest invocation's price.
    return round(record.billed_ms / 1e3 * record.memory_mb / 1024 * price + USD_PER_REQUEST, 10)
