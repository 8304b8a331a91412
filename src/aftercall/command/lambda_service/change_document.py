"""A plan and what became of it as JSON, for programs. Values of variables are not in it: some are secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aftercall.command.lambda_service.plan import Change, Decision, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftercall.command.lambda_service.apply import Outcome


def encode(
    command: str, region: str, decisions: Sequence[Decision], outcomes: Sequence[Outcome], undo_file: str | None
) -> str:
    """`undo_file` is null where nothing was to be changed."""
    by_name = {outcome.change.function.name: outcome for outcome in outcomes}
    functions = [_function(decision, by_name.get(decision.function.name)) for decision in decisions]
    document = {"command": command, "region": region, "undo_file": undo_file, "functions": functions}
    return json.dumps(document, indent=1)


def _function(decision: Decision, outcome: Outcome | None) -> dict[str, Any]:
    """`outcome` is done, failed or left; null where there was nothing to do, and after --dry-run."""
    function = decision.function
    return {
        "function": function.name,
        "arn": function.arn,
        "runtime": "image" if function.image else function.runtime,
        "architecture": function.architecture,
        **_decided(decision),
        "outcome": outcome.status if outcome else None,
        "error": outcome.message if outcome else "",
    }


def _decided(decision: Decision) -> dict[str, Any]:
    if not isinstance(decision, Change):
        return {"decision": "refuse" if isinstance(decision, Refusal) else "keep", "reason": decision.reason}
    return {
        "decision": "change",
        "reason": decision.summary,
        "remarks": list(decision.remarks),
        "layers": {"before": list(decision.function.layers), "after": list(decision.layers)},
        "set": sorted(name for name, value in decision.variables.items() if value is not None),
        "removed": sorted(name for name, value in decision.variables.items() if value is None),
    }
