"""What the loop knows of the execution environment, and of the event that it works on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall.extension.launcher_link import launcher_started_ns

if TYPE_CHECKING:
    from typing import Any

DEADLINE_MARGIN_SECONDS = 0.1
"""We ask for `next` this long before the deadline: SHUTDOWN then says how the invocation ended."""


class Current:
    """The event that the launcher waits for. `request_id` is empty when the event was too large to be handed over."""

    __slots__ = ("ask_next_at", "began", "deadline", "request_id")

    def __init__(self, request_id: str, deadline_ms: int | None) -> None:
        self.request_id = request_id
        self.began = time.monotonic()
        seconds = deadline_ms / 1e3 - time.time() if deadline_ms is not None else 900.0
        self.deadline = self.began + seconds
        self.ask_next_at = self.began + max(0.0, seconds - min(DEADLINE_MARGIN_SECONDS, seconds / 10))


class Environment:
    """What the INIT packet said, and what the environment variables lead us to expect."""

    __slots__ = ("expects_wrapper", "has_telemetry", "incarnation", "started_ns")

    def __init__(self, init: dict[str, Any], *, expects_wrapper: bool) -> None:
        incarnation = init.get("incarnation")
        self.started_ns = launcher_started_ns(init.get("sinceStart"))
        self.incarnation = incarnation if isinstance(incarnation, int) else 1
        self.has_telemetry = init.get("telemetry") is True
        self.expects_wrapper = expects_wrapper
        """AWS_LAMBDA_EXEC_WRAPPER is set. The first invocation shows whether it is ours and whether it runs."""


def why_not_watched(wrapper: str) -> str:
    """A reason if AWS_LAMBDA_EXEC_WRAPPER names another wrapper (such as Lambda Web Adapter's) in place of ours."""
    if not wrapper or "/aftercall/" in wrapper:
        return ""
    return (
        f"AWS_LAMBDA_EXEC_WRAPPER ({wrapper}) is not /opt/aftercall/wrapper, which can run it: AFTERCALL_NEXT_WRAPPER"
    )
