"""The HTTP messages of a call, from the parts that a wrapper captured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.http1.captured import read_head, read_wire

if TYPE_CHECKING:
    from aftercall.http1.message import Message
    from aftercall.pipeline.model import Call


def messages_of(call: Call) -> tuple[Message, Message]:
    """Request and response, taken apart once; empty messages where nothing was captured."""
    if call.messages is None:
        call.messages = (_message(call.parts, "request"), _message(call.parts, "response"))
    return call.messages


def _message(parts: dict[str, bytes | bytearray], side: str) -> Message:
    wire = parts.get(f"{side}_wire")
    message = read_wire(bytes(wire)) if wire is not None else read_head(bytes(parts.get(f"{side}_head", b"")))
    body = parts.get(f"{side}_body")
    if body is not None:
        message.body = bytes(body)
    return message
