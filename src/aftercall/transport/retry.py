"""Delivers one body before a deadline: which answers are worth a second try, and when.

The OTLP specification ("OTLP/HTTP Response") allows it after 429, 502, 503 and 504, and after the time that Retry-After
names; other refusals are final. That is right for any HTTP receiver.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall.formats.times import http_seconds
from aftercall.transport.outcome import TransportError

if TYPE_CHECKING:
    from aftercall.transport.http import Transport
    from aftercall.transport.outcome import Answer

RETRYABLE = frozenset({408, 429, 500, 502, 503, 504})
"""OTLP's four, with 408 and 500: other receivers use these for passing troubles, and there is one retry a flush."""

PAUSE_SECONDS = 0.1
"""Before the second try, if the receiver names no time."""

MIN_ATTEMPT_SECONDS = 0.02
"""With less left, a try could only fail."""


class Delivery:
    """`reason` is empty if the receiver took the body; else `is_final` says that another try will not help."""

    __slots__ = ("answer", "is_final", "not_before", "reason", "sent_bytes")

    def __init__(self) -> None:
        self.reason = ""
        self.is_final = False
        self.not_before = 0.0
        self.sent_bytes = 0
        self.answer = b""


def deliver(transport: Transport, body: bytes, deadline: float) -> Delivery:
    """At most two tries, the second on a new connection: the kept one may have died in a freeze. Never raises."""
    delivery = Delivery()
    encoded = transport.encode(body)
    for is_last in (False, True):
        remaining = deadline - time.monotonic()
        if remaining < MIN_ATTEMPT_SECONDS:
            delivery.reason = delivery.reason or "no time left in the export budget"
            break
        pause = PAUSE_SECONDS
        try:
            answer = transport.post(encoded, remaining)
        except TransportError as error:
            delivery.reason = str(error)
            pause = 0.0 if error.on_reused_connection else PAUSE_SECONDS
            transport.forget_connections()
        else:
            if _judge(answer, delivery):
                delivery.sent_bytes = len(encoded)
                return delivery
            wanted = _seconds(answer.retry_after)
            pause = wanted if wanted is not None else PAUSE_SECONDS
            if wanted is not None:
                delivery.not_before = time.monotonic() + wanted
        if delivery.is_final or is_last or pause > deadline - time.monotonic() - MIN_ATTEMPT_SECONDS:
            break
        time.sleep(pause)
    return delivery


def _judge(answer: Answer, delivery: Delivery) -> bool:
    delivery.answer = answer.body
    if 200 <= answer.status < 300:
        delivery.reason = ""
        delivery.not_before = 0.0
        return True
    delivery.reason = f"the receiver answered {answer.status}"
    delivery.is_final = answer.status not in RETRYABLE
    return False


def _seconds(value: str) -> float | None:
    """How long a Retry-After header asks to wait, from its seconds or its date; None if there is none."""
    value = value.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) < 9:
        return float(value)
    moment = http_seconds(value)
    return None if moment is None else max(0.0, moment - time.time())
