"""Step Functions' context object: what a state machine knows of its execution, if its author passes it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition.sources.members import text_at

if TYPE_CHECKING:
    from typing import Any

_MAX_MEMBERS = 32


def context_object(event: dict[str, Any]) -> dict[str, Any]:
    """The input or a member of it; empty if there is none."""
    for one in (event, *list(event.values())[:_MAX_MEMBERS]):
        if isinstance(one, dict) and "Execution" in one and ":states:" in text_at(one, "Execution", "Id"):
            return one
    return {}
