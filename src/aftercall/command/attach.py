"""`aftercall attach`: the layer and its wrapper, to functions of any runtime."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from aftercall import settings
from aftercall.command import options, variables
from aftercall.command.change_functions import Acting, change_functions
from aftercall.command.lambda_service import layer_version, plan, show
from aftercall.command.lambda_service.access import Access
from aftercall.command.lambda_service.unpacked import Sizes

if TYPE_CHECKING:
    from aftercall.command.lambda_service.function import Selection

_EPILOG = """
\b
Examples:
  aftercall attach orders payments
  aftercall attach --prefix shop- --dry-run
  aftercall attach --tag team=payments --set AFTERCALL_LOG_LEVEL=debug
  aftercall attach --all --yes --skip-refused --json

Everything that is there stays: other layers, their order, other variables.
What was there is written to an undo file before anything changes. To attach
again is harmless: what is attached already stays as it is.

\b
Exit status:
  0  all are attached
  1  one failed, or was left because the run was stopped
  2  wrong usage; nothing changed
  3  all went well but for those that were refused (0 with --skip-refused)
"""


@click.command(epilog=_EPILOG, short_help="Attach the layer to functions: by name, prefix, tag, or all.")
@options.selection
@options.layer
@options.account
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="K=V",
    help="A variable to set too: AFTERCALL_* or OTEL_*.  [repeatable]",
)
@click.option("--chain", is_flag=True, help="Run a wrapper script that is there already after ours.")
@options.acting
def attach(
    *,
    selection: Selection,
    layers: tuple[str, ...],
    region: str | None,
    profile: str | None,
    assignments: tuple[str, ...],
    chain: bool,
    **acting: Any,
) -> int:
    """Attach the layer to functions: by names, --prefix, --tag or --all."""
    selection.check()
    to_set = _settings(assignments)
    access = Access.of(region, profile)
    client = access.client("lambda")
    with show.waiting(f"looking at the layer and the functions in {access.region}"):
        found = layer_version.find(client, access.region, layers)
        functions = selection.find(access, client)
        sizes = Sizes(client, found).measure(functions)
    decisions = [
        _with_warnings(plan.attach(function, found, chain=chain, settings=to_set, unpacked=sizes.get(function.arn)))
        for function in functions
    ]
    return change_functions("attach", client, access.region, decisions, Acting(**acting))


def _settings(assignments: tuple[str, ...]) -> dict[str, str]:
    wanted = variables.read(assignments, None)
    for name in wanted:
        if not name.startswith(("AFTERCALL_", "OTEL_")):
            raise click.UsageError(
                f"--set {name}: sets AFTERCALL_* and OTEL_* variables alone, others are the function's"
            )
        if name == plan.NEXT_WRAPPER:
            raise click.UsageError(f"--set {name}: --chain sets it from the wrapper that is there")
    variables.warn_of_unknown("attach", wanted, prefixes=("AFTERCALL_", "OTEL_"))
    return wanted


def _with_warnings(decision: plan.Decision) -> plan.Decision:
    """With what the extension would complain of in the log: values that it cannot use, settings that clash."""
    if not isinstance(decision, plan.Change):
        return decision
    _, complaints = settings.read(decision.all_variables())
    return replace(decision, remarks=(*decision.remarks, *complaints))
