"""The way from a plan to changed functions, the same for `attach`, `detach` and `detach --undo`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from aftercall.command.lambda_service import change_document, show
from aftercall.command.lambda_service.apply import Run
from aftercall.command.lambda_service.plan import Change, Decision, Refusal
from aftercall.command.lambda_service.undo import UndoFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftercall.command.lambda_service.apply import Outcome

FAILED = 1
REFUSED = 3
"""Exit status where nothing failed, and some functions cannot be changed. 2 is wrong usage."""


@dataclass(frozen=True)
class Acting:
    """The options of the same names."""

    yes: bool
    dry_run: bool
    wait: float
    undo_file: str | None
    skip_refused: bool
    as_json: bool


def change_functions(command: str, client: Any, region: str, decisions: Sequence[Decision], how: Acting) -> int:
    """Show the plan, ask, act, report. Returns the exit status."""
    out = show.console(stderr=how.as_json)
    show.plan(out, decisions, region)
    changes = [decision for decision in decisions if isinstance(decision, Change)]
    outcomes: list[Outcome] = []
    undo_file = None
    if changes and not how.dry_run:
        _ask(len(changes), how)
        undo = UndoFile(how.undo_file, command, region)
        undo.prepare()
        undo_file = undo.path
        try:
            outcomes = show.carry_out(out, Run(client, undo, wait=how.wait), changes)
        finally:
            undo.close()
        show.account(out, outcomes, f"{command}:")
        show.undo_command(out, undo_file)
        if command == "attach":
            show.next_steps(out, outcomes, region)
    if how.as_json:
        click.echo(change_document.encode(command, region, decisions, outcomes, undo_file))
    return _status(decisions, outcomes, how)


def _status(decisions: Sequence[Decision], outcomes: Sequence[Outcome], how: Acting) -> int:
    if any(outcome.status != "done" for outcome in outcomes):
        return FAILED
    refused = any(isinstance(decision, Refusal) for decision in decisions)
    return REFUSED if refused and not how.skip_refused else 0


def _ask(count: int, how: Acting) -> None:
    if how.yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nobody to ask: give --yes to go on, or --dry-run to see the plan alone")
    click.confirm(f"Change {count} function{'s' if count > 1 else ''}?", abort=True, err=how.as_json)
