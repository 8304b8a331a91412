"""`aftercall detach`: takes the layer away, or puts back what an undo file tells."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click

from aftercall.command import options
from aftercall.command.change_functions import Acting, change_functions
from aftercall.command.lambda_service import function as functions
from aftercall.command.lambda_service import layer_version, plan, undo
from aftercall.command.lambda_service.access import CONNECTIONS, Access, AwsError
from aftercall.command.lambda_service.function import Selection

_NEWEST = "newest"
_EPILOG = """
\b
Examples:
  aftercall detach orders payments
  aftercall detach --all --dry-run
  aftercall detach --undo                 all that the last attach or detach changed
  aftercall detach --undo FILE

Exit status: 0 when all are detached, 1 when one was refused or failed, 2 for wrong usage.
"""


@click.command(epilog=_EPILOG)
@options.selection
@options.layer
@options.account
@click.option(
    "--undo",
    "undo_of",
    is_flag=False,
    flag_value=_NEWEST,
    metavar="[FILE]",
    help="Put back exactly what was there before; without FILE, before the last run.",
)
@options.acting
def detach(
    *,
    selection: Selection,
    layers: tuple[str, ...],
    region: str | None,
    profile: str | None,
    undo_of: str | None,
    **acting: Any,
) -> int:
    """Take the layer and its wrapper from functions; a wrapper script that was chained comes back."""
    if undo_of is not None:
        return _undo(undo_of, selection, region, profile, Acting(**acting))
    selection.check()
    access = Access.of(region, profile)
    client = access.client("lambda")
    ours = layer_version.Layers({}, layer_version.names_of(layers))
    decisions = [plan.detach(function, ours) for function in selection.find(access, client)]
    return change_functions("detach", client, access.region, decisions, Acting(**acting))


def _undo(file: str, selection: Selection, region: str | None, profile: str | None, how: Acting) -> int:
    if selection != Selection():
        raise click.UsageError(
            "--undo is for all functions of its file: leave the names, --prefix, --tag and --all out"
        )
    path = undo.newest() if file == _NEWEST else file
    its_region, entries = undo.read(path)
    if region not in {None, its_region}:
        raise click.UsageError(f"{path} is about functions in {its_region}: leave --region out")
    access = Access.of(its_region, profile)
    client = access.client("lambda")
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        decisions = [decision for decision in pool.map(lambda entry: _back(client, entry), entries) if decision]
    status = change_functions("undo", client, its_region, decisions, how)
    if status == 0 and not how.dry_run:
        undo.put_aside(path)
    return status


def _back(client: Any, entry: undo.Entry) -> plan.Decision | None:
    """None for a function that is no more: there is nothing to put back."""
    try:
        return undo.plan(functions.read(client, entry.name), entry)
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        click.echo(f"{entry.name} is no longer there")
        return None
