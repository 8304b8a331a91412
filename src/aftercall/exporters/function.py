"""The watched function: the same for all invocations of an environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Function:
    """Strings are empty if not known."""

    __slots__ = ("account_id", "handler", "instance", "memory_mb", "name", "region", "version")

    def __init__(self, registered: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        """`registered` is the body of the answer to `register`: functionName, functionVersion, handler, accountId."""
        self.name = _text(registered, "functionName") or environment.get("AWS_LAMBDA_FUNCTION_NAME", "")
        self.version = _text(registered, "functionVersion") or environment.get("AWS_LAMBDA_FUNCTION_VERSION", "")
        self.handler = _text(registered, "handler")
        self.account_id = _text(registered, "accountId")
        self.region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "")
        memory = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
        self.memory_mb = int(memory) if memory.isascii() and memory.isdigit() and len(memory) < 9 else None
        # OpenTelemetry wants the log stream here, which extensions do not know.
        self.instance = os.urandom(8).hex()


def _text(registered: Mapping[str, Any], key: str) -> str:
    value = registered.get(key)
    return value if isinstance(value, str) else ""
