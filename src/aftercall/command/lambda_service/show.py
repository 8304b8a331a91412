"""What `attach`, `detach`, `status` and `publish` print: the plan, progress, and what was done."""

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
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT", "AFTERCALL_JSON_ENDPOINT")


def console(*, stderr: bool = False) -> Console:
    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=_WIDTH_OF_FILES)


@contextlib.contextmanager
def waiting(what: str) -> Iterator[None]:
    """A spinner on a terminal's stderr while AWS is asked."""
    out = console(stderr=True)
    with out.status(escape(what)) if out.is_terminal else contextlib.nullcontext():
        yield


def line(out: Console, text: str) -> None:
    """Broken between words on a terminal, not at all in a file."""
    out.print(text, soft_wrap=not out.is_terminal)


def plan(out: Console, decisions: Sequence[Decision], region: str) -> None:
    changes = [decision for decision in decisions if isinstance(decision, Change)]
    refusals = [decision for decision in decisions if isinstance(decision, Refusal)]
    unchanged = [decision for decision in decisions if isinstance(decision, Unchanged)]
    if changes:
        out.print(_table(changes, out.width))
    for change in changes:
        for remark in change.remarks:
            line(out, f"[yellow]note[/yellow] {escape(change.function.name)}: {escape(remark)}")
    for refusal in refusals:
        line(out, f"[red]not[/red] {escape(refusal.function.name)}: {escape(refusal.reason)}")
    counts = f"{len(changes)} to change, {len(unchanged)} as they should be, {len(refusals)} refused"
    line(out, f"{region}: {counts}; only $LATEST changes, published versions stay as they are")


def _table(changes: Sequence[Change], width: int) -> Table:
    """Readable at 80 columns, where the longest name of a variable has 40."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("function", overflow="fold", max_width=width * 3 // 8)
    table.add_column("change", overflow="fold")
    for change in changes:
        function = change.function
        lines = [f"{function.runtime} {function.architecture}: {change.summary}"]
        lines += [_variable(name, value) for name, value in change.variables.items()]
        table.add_row(escape(function.name), escape("\n".join(lines)))
    return table


def _variable(name: str, value: str | None) -> str:
    """Values of other people's wrapper scripts alone: an exporter's headers hold keys, and CI keeps its logs."""
    if value is None:
        return f"- {name}"
    told = name in {EXEC_WRAPPER, NEXT_WRAPPER} and value != WRAPPER
    return f"+ {name}={value}" if told else f"+ {name}"


def carry_out(out: Console, run: Run, changes: Sequence[Change]) -> list[Outcome]:
    """With a bar on a terminal, else a line for each function. Ctrl-C stops between functions."""
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
                line(out, f"[red]failed[/red] {name}: {escape(outcome.message)}")
            elif outcome.status == "done" and not out.is_terminal:
                out.print(f"done {name}", soft_wrap=True)
    return outcomes


def account(out: Console, outcomes: Sequence[Outcome], verb: str) -> None:
    """What was done, and what was not."""
    done, failed, left = (
        sum(outcome.status == status for outcome in outcomes) for status in ("done", "failed", "left")
    )
    parts = [f"{verb} {done} of {len(outcomes)}"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{left} left alone, since the run was stopped"] if left else []
    line(out, ", ".join(parts))


def undo_command(out: Console, path: str) -> None:
    out.print(f"to put back what was there: aftercall detach --undo {escape(path)}", soft_wrap=True)


def next_steps(out: Console, outcomes: Sequence[Outcome], region: str) -> None:
    """After attaching: where the first record will be seen."""
    done = [outcome.change for outcome in outcomes if outcome.status == "done"]
    if not done:
        return
    change = min(done, key=lambda change: change.function.name)
    variables = change.all_variables()
    endpoint = next((name for name in _ENDPOINTS if variables.get(name)), "")
    # Not the endpoint itself: some carry a key in their path.
    seen = f"at the receiver of its {endpoint}; what could not be sent is told in its log" if endpoint else "in its log"
    line(out, f"what next: invoke {escape(change.function.name)}, and see its record {seen}:")
    tail = f"  aws logs tail {change.function.log_group} --region {region} --since 5m --filter-pattern aftercall"
    out.print(escape(tail), soft_wrap=True)  # to be copied


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
