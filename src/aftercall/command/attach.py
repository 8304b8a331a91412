"""`aftercall attach`: the layer and its wrapper, to functions of any runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aftercall.command import options, variables
from aftercall.command.change_functions import Acting, change_functions
from aftercall.command.lambda_service import layer_version, plan
from aftercall.command.lambda_service.access import Access
from aftercall.command.lambda_service.unpacked import Sizes

if TYPE_CHECKING:
    from aftercall.command.lambda_service.function import Selection

_EPILOG = """
\b
Examples:
  aftercall attach orders payments
  aftercall attach --prefix shop- --dry-run
  aftercall attach --tag team=payments --set OTEL_EXPORTER_OTLP_ENDPOINT=https://otlp.example.com
  aftercall attach --all --yes --layer arn:aws:lambda:eu-central-1:123456789012:layer:aftercall:7

Everything that is there stays: other layers, their order, other variables. What was there is written to an undo file
before anything changes. Again is harmless: what is attached already stays as it is.

Exit status: 0 when all are attached, 1 when one was refused or failed, 2 for wrong usage.
"""


@click.command(epilog=_EPILOG)
@options.selection
@options.layer
@options.account
@click.option(
    "--set", "assignments", multiple=True, metavar="K=V", help="A variable to set too: AFTERCALL_* or OTEL_*."
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
    settings = _settings(assignments)
    access = Access.of(region, profile)
    client = access.client("lambda")
    found = layer_version.find(client, access.region, layers)
    functions = selection.find(access, client)
    sizes = Sizes(client, found).measure(functions)
    decisions = [
        plan.attach(function, found, chain=chain, settings=settings, unpacked=sizes.get(function.arn))
        for function in functions
    ]
    return change_functions("attach", client, access.region, decisions, Acting(**acting))


def _settings(assignments: tuple[str, ...]) -> dict[str, str]:
    settings = variables.read(assignments, None)
    for name in settings:
        if not name.startswith(("AFTERCALL_", "OTEL_")):
            raise click.UsageError(
                f"--set {name}: sets AFTERCALL_* and OTEL_* variables alone, others are the function's"
            )
        if name == plan.NEXT_WRAPPER:
            raise click.UsageError(f"--set {name}: --chain sets it from the wrapper that is there")
    return settings
