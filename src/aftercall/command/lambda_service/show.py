"""What `attach`, `detach` and `publish` print: the plan as a table, progress, and the account of what was done."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from aftercall.command.lambda_service.plan import EXEC_WRAPPER, NEXT_WRAPPER, Change, Decision, Refusal, Unchanged
from aftercall.command.lambda_service.runtimes import WRAPPER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aftercall.command.lambda_service.apply import Outcome, Run

_WIDTH_OF_FILES = 200
"""Columns where there is no terminal: a log of CI can be searched when its lines are not broken."""


def console(*, stderr: bool = False) -> Console:
    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=_WIDTH_OF_FILES)


def plan(decisions: Sequence[Decision], region: str) -> None:
    out = console()
    changes = [decision for decision in decisions if isinstance(decision, Change)]
    refusals = [decision for decision in decisions if isinstance(decision, Refusal)]
    unchanged = [decision for decision in decisions if isinstance(decision, Unchanged)]
    if changes:
        table = Table(box=None, header_style="bold", pad_edge=False)
        for title in ("function", "runtime", "architecture", "change", "variables", "remark"):
            table.add_column(title, overflow="fold")
        for change in changes:
            function = change.function
            variables = "\n".join(_variable(name, value) for name, value in change.variables.items())
            cells = (function.name, function.runtime or "image", function.architecture, change.summary, variables)
            table.add_row(*map(escape, cells), escape("; ".join(change.remarks)))
        out.print(table)
    for refusal in refusals:
        out.print(f"[red]not[/red] {escape(refusal.function.name)}: {escape(refusal.reason)}", soft_wrap=True)
    counts = f"{len(changes)} to change, {len(unchanged)} as they should be, {len(refusals)} refused"
    out.print(f"{region}: {counts}; only $LATEST changes, published versions stay as they are", soft_wrap=True)


def _variable(name: str, value: str | None) -> str:
    """Values of other people's wrapper scripts alone: an exporter's headers hold keys, and CI keeps its logs."""
    if value is None:
        return f"- {name}"
    told = name in {EXEC_WRAPPER, NEXT_WRAPPER} and value != WRAPPER
    return f"+ {name}={value}" if told else f"+ {name}"


def carry_out(run: Run, changes: Sequence[Change]) -> list[Outcome]:
    """With a bar on a terminal, else a line for each function. Ctrl-C stops between functions."""
    out = console()
    outcomes: list[Outcome] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=out, transient=True, disable=not out.is_terminal)
    with _stopping(run, out), progress:
        task = progress.add_task("functions", total=len(changes))
        for outcome in run.outcomes(changes):
            outcomes.append(outcome)
            progress.advance(task)
            name = escape(outcome.change.function.name)
            if outcome.status == "failed":
                out.print(f"[red]failed[/red] {name}: {escape(outcome.message)}", soft_wrap=True)
            elif outcome.status == "done" and not out.is_terminal:
                out.print(f"done {name}", soft_wrap=True)
    return outcomes


def account(outcomes: Sequence[Outcome], verb: str) -> None:
    """The last line but one: what was done, and what was not."""
    done, failed, left = (
        sum(outcome.status == status for outcome in outcomes) for status in ("done", "failed", "left")
    )
    parts = [f"{verb} {done} of {len(outcomes)}"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{left} left alone, since the run was stopped"] if left else []
    console().print(", ".join(parts), soft_wrap=True)


@contextlib.contextmanager
def _stopping(run: Run, out: Console) -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM) lets what has begun finish, a second one is Python's own."""

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, before[number])
        run.stop()
        out.print("stopping after what has begun", soft_wrap=True)

    before: dict[int, Any] = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
