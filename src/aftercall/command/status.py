"""`aftercall status`: which functions have which version, which could have it, which are behind."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape
from rich.table import Table

from aftercall.command import options
from aftercall.command.lambda_service import layer_version, plan, runtimes, show
from aftercall.command.lambda_service.access import Access, AwsError
from aftercall.command.lambda_service.function import Function, Selection
from aftercall.command.lambda_service.unpacked import Sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aftercall.command.lambda_service.layer_version import Layers, LayerVersion

_COLOURS = {
    "attached": "green",
    "outdated": "yellow",
    "incomplete": "yellow",
    "broken": "red",
    "attachable": "",
    "refused": "dim",
}
_EPILOG = """
\b
States, as `aftercall attach` would find them:
  attached    the newest version, and all that it needs
  outdated    an older version: attach replaces it
  incomplete  the layer without the variable for its wrapper: attach sets it
  broken      the variable without the layer, so the function cannot start:
              attach or detach mends it
  attachable  has no layer yet, and could have it
  refused     attach would leave it as it is: the line below the table says
              why, and the remedy

\b
Exit status:
  0  whatever the states
  1  AWS could not be asked
  2  wrong usage
"""


@dataclass(frozen=True)
class Row:
    function: str
    runtime: str
    architecture: str
    state: str
    layer_version: int | None
    aftercall: str
    """The version of aftercall in that layer version; empty where it is not known."""
    remark: str


@click.command(epilog=_EPILOG, short_help="Which functions have the layer, in which version.")
@options.selection
@options.layer
@options.account
@click.option("--json", "as_json", is_flag=True, help="One JSON array, an object for each function.")
def status(
    *, selection: Selection, layers: tuple[str, ...], region: str | None, profile: str | None, as_json: bool
) -> int:
    """Show which functions have the layer, in which version: all, or those that are named."""
    if selection == Selection():
        selection = Selection(everything=True)
    access = Access.of(region, profile)
    client = access.client("lambda")
    with show.waiting(f"looking at the layer and the functions in {access.region}"):
        published = _published(client, access.region, layers)
        functions = selection.find(access, client)
        sizes = Sizes(client, published).measure(functions)
        releases = {version.arn: version.release for version in published.by_architecture.values()}
        rows = [_row(client, function, published, releases, sizes.get(function.arn)) for function in functions]
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        _print(rows, published.by_architecture, access.region)
    return 0


def _published(client: Any, region: str, layers: tuple[str, ...]) -> Layers:
    """Nothing published is no error here, as long as no layer was asked for."""
    try:
        return layer_version.find(client, region, layers)
    except click.UsageError:
        raise
    except AwsError as error:
        if error.ends_all or layers or error.code != "ResourceNotFoundException":
            raise
    except click.ClickException:
        if layers:
            raise
    return layer_version.Layers({}, layer_version.names_of(layers))


def _row(client: Any, function: Function, published: Layers, releases: dict[str, str], unpacked: int | None) -> Row:
    there = [arn for arn in function.layers if published.ours(arn)]
    if there and there[0] not in releases:
        releases[there[0]] = _release(client, there[0])
    state, remark = _state(function, published, there, unpacked)
    return Row(
        function=function.name,
        runtime="image" if function.image else function.runtime,
        architecture=function.architecture,
        state=state,
        layer_version=int(there[0].rpartition(":")[2]) if there else None,
        aftercall=releases[there[0]] if there else "",
        remark=remark,
    )


def _state(function: Function, published: Layers, there: Sequence[str], unpacked: int | None) -> tuple[str, str]:
    """By what `attach` would do, so that both say the same of a function."""
    if there and not published.by_architecture:
        return "attached", "no layer of this name is published in this account"
    decision = plan.attach(function, published, unpacked=unpacked)
    refused = decision.reason if isinstance(decision, plan.Refusal) else ""
    if not there and function.variables.get(plan.EXEC_WRAPPER, "").startswith(runtimes.OUR_FOLDER):
        cause = f"{plan.EXEC_WRAPPER} names a file of a layer that is not there"
        return "broken", f"{cause}; {refused}" if refused else cause
    if refused:
        return "refused", refused
    if not isinstance(decision, plan.Change):
        return "attached", runtimes.watched(function.runtime).reason
    if not there:
        return "attachable", "; ".join(decision.remarks)
    outdated = decision.layers != function.layers
    return ("outdated", decision.summary) if outdated else ("incomplete", "without its wrapper")


def _release(client: Any, arn: str) -> str:
    """Empty where the version was deleted (functions keep it) or is another account's."""
    try:
        return layer_version.read(client, arn).release
    except AwsError as error:
        if error.ends_all:
            raise
        return ""


def _print(rows: Sequence[Row], newest: dict[str, LayerVersion], region: str) -> None:
    """Four columns, readable at 80; remarks stand below."""
    out = show.console()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("function", "runtime", "state", "version"):
        table.add_column(title, overflow="fold")
    for row in rows:
        state = f"[{_COLOURS[row.state]}]{row.state}[/]" if _COLOURS[row.state] else row.state
        version = "" if row.layer_version is None else f"{row.layer_version} ({row.aftercall or 'not known'})"
        table.add_row(escape(row.function), f"{escape(row.runtime)} {row.architecture}", state, version)
    out.print(table)
    for row in rows:
        if row.remark:
            show.line(out, f"[dim]{row.state}[/dim] {escape(row.function)}: {escape(row.remark)}")
    counts = {state: sum(row.state == state for row in rows) for state in _COLOURS}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    versions = ", ".join(f"{version.number} for {architecture}" for architecture, version in sorted(newest.items()))
    show.line(out, f"{region}: {told}; newest version: {versions or 'none published'}")
