"""Gives calls their operation and invocations their trigger. What cannot be recognised costs itself alone.

Of hosts whose bodies are excluded the URL and the heads are looked at, nothing else. What the function's own rules mask
by its path or, in events, by its name is not seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.http1.message import Message
from aftercall.pipeline.messages import messages_of

if TYPE_CHECKING:
    from aftercall.masking.rules import Rules
    from aftercall.pipeline.model import Call, Invocation


MAX_MESSAGES = 1_000
"""Calls whose messages are kept as they were taken apart, for redact.py; each takes some KB."""


def recognise(invocation: Invocation, rules: Rules) -> int:
    """Returns how many calls or events could not be looked at, of which nothing but the counter tells."""
    faults = 0
    inits = invocation.init.calls.values() if invocation.init is not None else ()
    for number, call in enumerate((*invocation.calls.values(), *inits)):
        try:
            _recognise_call(call, rules)
        except Exception:
            call.operation = None
            faults += 1
        if number >= MAX_MESSAGES:
            call.messages = None
    if invocation.event:
        from aftercall.recognition.events import trigger_of  # noqa: PLC0415 - not needed by the init

        try:
            event = _without_paths(invocation.event, "event", rules)
            invocation.trigger = trigger_of(event, invocation.start, rules.is_key if rules.keys else None)
        except Exception:
            faults += 1
    return faults


def _recognise_call(call: Call, rules: Rules) -> None:
    from aftercall.recognition.calls import operation_of  # noqa: PLC0415 - nothing is loaded before the first call
    from aftercall.recognition.exchange import Exchange  # noqa: PLC0415

    request, response = messages_of(call)
    call.excluded = call.excluded or bool(rules.excluded_hosts and rules.excludes_url(call.url))
    if call.excluded:
        request, response = (Message(one.start_line, one.headers, b"") for one in (request, response))
    exchange = Exchange(
        call.method,
        call.url,
        request,
        response,
        status=call.status,
        decoded=call.decoded,
    )
    if rules.paths:
        exchange.replace_bodies(lambda body, place: _without_paths(body, place, rules))
    call.operation = operation_of(exchange)


def _without_paths(data: bytes, place: str, rules: Rules) -> bytes:
    """Recognition tells texts without their place: what a path of the function's masks must be gone before."""
    if not rules.paths:
        return data
    from aftercall.masking.paths import redact_paths  # noqa: PLC0415 - few have such rules

    return redact_paths(data, rules.paths, place)
