"""To which invocation an init phase belongs, and what it tells there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.pipeline.from_frames import add_counts
from aftercall.pipeline.model import Invocation

if TYPE_CHECKING:
    from aftercall.pipeline.model import Init


def join_init(init: Init, invocation: Invocation) -> bool:
    """Give the init to an invocation that goes out. Returns False where it does not belong to this one."""
    if init.for_request not in {"", invocation.request_id}:
        return False
    is_first = invocation.number == 1 and not invocation.late
    if not is_first and (invocation.late or not init):
        return False
    _hand_over(init, invocation)
    if (invocation.number or 0) > 1 and not init.platform:
        init.start = None  # a process before us has told the init: these are stray calls, with times of their own
    elif init.start is None and invocation.runtime is not None:
        init.start = invocation.runtime.start
    if init.error is not None and invocation.error is None and not invocation.ended:
        # A suppressed init inside the invocation failed: Lambda answers the caller with this error.
        invocation.error = init.error
        invocation.status = invocation.status or "error"
    elif init.error_type and not invocation.ended:
        invocation.platform.error_type = invocation.platform.error_type or init.error_type
        invocation.status = invocation.status or "crash"
    return True


def repeat_within(init: Init, invocation: Invocation, time: int | None) -> None:
    """An init failed before, and Lambda repeats it within this invocation: no INVOKE comes before it succeeds."""
    init.for_request = invocation.request_id
    invocation.number = invocation.number or 1
    invocation.platform.start = invocation.platform.start or time or init.start


def take_alone(init: Init, started: int | None) -> Invocation:
    """As an invocation without request id."""
    alone = Invocation("")
    _hand_over(init, alone)
    if started is not None and not init.platform:
        init.start = min(init.start or started, started)
    alone.start, alone.end = init.start, init.end
    alone.status = "error" if init.error is not None or init.error_type else "unknown"
    alone.error = init.error
    return alone


def _hand_over(init: Init, invocation: Invocation) -> None:
    invocation.init = init
    add_counts(invocation.drops, init.drops)
    add_counts(invocation.faults, init.faults)
