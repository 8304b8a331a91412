"""The way from a plan to changed functions, the same for `attach`, `detach` and `detach --undo`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from aftercall.command.lambda_service import show
from aftercall.command.lambda_service.apply import Run
from aftercall.command.lambda_service.plan import Change, Decision, Refusal
from aftercall.command.lambda_service.undo import UndoFile

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Acting:
    """--yes, --dry-run, --wait and --undo-file."""

    yes: bool
    dry_run: bool
    wait: float
    undo_file: str | None


def change_functions(command: str, client: Any, region: str, decisions: Sequence[Decision], how: Acting) -> int:
    """Show the plan, ask, act, tell. Gives the exit status: 0, or 1 where a function was refused, failed or left."""
    show.plan(decisions, region)
    refused = any(isinstance(decision, Refusal) for decision in decisions)
    changes = [decision for decision in decisions if isinstance(decision, Change)]
    if not changes or how.dry_run:
        return 1 if refused else 0
    _ask(len(changes), yes=how.yes)
    undo = UndoFile(how.undo_file, command, region)
    undo.prepare()
    try:
        outcomes = show.carry_out(Run(client, undo, wait=how.wait), changes)
    finally:
        undo.close()
    show.account(outcomes, f"{command}:")
    click.echo(f"to put back what was there: aftercall detach --undo {undo.path}")
    return 1 if refused or any(outcome.status != "done" for outcome in outcomes) else 0


def _ask(count: int, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nobody to ask: give --yes to go on, or --dry-run to see the plan alone")
    click.confirm(f"Change {count} function{'s' if count > 1 else ''}?", abort=True)
