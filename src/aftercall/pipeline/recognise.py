"""Gives calls their operation and invocations their trigger. What cannot be recognised costs itself alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.pipeline.messages import messages_of

if TYPE_CHECKING:
    from aftercall.pipeline.model import Call, Invocation


def recognise(invocation: Invocation) -> int:
    """Returns how many calls or events could not be looked at, of which nothing but the counter tells."""
    faults = 0
    inits = invocation.init.calls.values() if invocation.init is not None else ()
    for call in (*invocation.calls.values(), *inits):
        try:
            _recognise_call(call)
        except Exception:
            call.operation = None
            faults += 1
    if invocation.event:
        from aftercall.recognition.events import trigger_of  # noqa: PLC0415 - not needed by the init

        try:
            invocation.trigger = trigger_of(invocation.event, invocation.start)
        except Exception:
            faults += 1
    return faults


def _recognise_call(call: Call) -> None:
    from aftercall.recognition.calls import operation_of  # noqa: PLC0415 - nothing is loaded before the first call
    from aftercall.recognition.exchange import Exchange  # noqa: PLC0415

    request, response = messages_of(call)
    exchange = Exchange(
        call.method,
        call.url,
        request,
        response,
        status=call.status,
        decoded=call.decoded,
        request_size=call.request_size,
        response_size=call.response_size,
    )
    call.operation = operation_of(exchange)
