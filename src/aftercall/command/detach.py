"""`aftercall detach`: takes the layer away, or puts back what was there before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click

from aftercall.command import options
from aftercall.command.change_functions import Acting, change_functions
from aftercall.command.lambda_service import function as functions
from aftercall.command.lambda_service import layer_version, plan, show, undo
from aftercall.command.lambda_service.access import CONNECTIONS, Access, AwsError
from aftercall.command.lambda_service.function import Selection

_NEWEST = "newest"
_EPILOG = """
\b
Examples:
  aftercall detach orders payments
  aftercall detach --all --dry-run
  aftercall detach --undo          what the last attach or detach changed
                                   in this region and account
  aftercall detach --undo FILE

\b
Exit status:
  0  all are detached, or put back; also where that was done already
  1  one failed, or was left because the run was stopped
  2  wrong usage; nothing changed
  3  all went well but for those that were refused (0 with --skip-refused)
"""


@click.command(epilog=_EPILOG, short_help="Take the layer away, or undo the last attach or detach.")
@options.selection
@options.layer
@options.account
@click.option(
    "--undo",
    "undo_of",
    type=click.Path(),
    is_flag=False,
    flag_value=_NEWEST,
    metavar="[FILE]",
    help="Put back exactly what was there before; without FILE, before the last run in this region and account.",
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
    with show.waiting(f"looking at the functions in {access.region}"):
        decisions = [plan.detach(function, ours) for function in selection.find(access, client)]
    return change_functions("detach", client, access.region, decisions, Acting(**acting))


def _undo(file: str, selection: Selection, region: str | None, profile: str | None, how: Acting) -> int:
    if selection != Selection():
        raise click.UsageError(
            "--undo is for all functions of its file: leave the names, --prefix, --tag and --all out"
        )
    found = None if file == _NEWEST else undo.read(file)
    access = Access.of(found.region if found and not region else region, profile)
    with show.waiting("looking whose credentials these are"):
        account = access.account()
    found = found or undo.newest(access.region, account)
    undo.check_place(found, access.region, account)
    client = access.client("lambda")
    entries = () if found.done else found.entries
    with show.waiting(f"looking at the functions in {access.region}"), ThreadPoolExecutor(CONNECTIONS) as pool:
        decisions = [decision for decision in pool.map(lambda entry: _back(client, entry), entries) if decision]
    if found.done or (decisions and all(map(undo.is_as_it_was, decisions))):
        click.echo(f"already undone: {found.path}", err=True)
    status = change_functions("undo", client, access.region, decisions, how)
    if status == 0 and not (how.dry_run or found.done):
        undo.put_aside(found.path)
    return status


def _back(client: Any, entry: undo.Entry) -> plan.Decision | None:
    """None for a function that is no more: there is nothing to put back."""
    try:
        return undo.plan(functions.read(client, entry.name), entry)
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        click.echo(f"{entry.name} is no longer there", err=True)
        return None
