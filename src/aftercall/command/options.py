"""Options that `publish`, `attach`, `detach` and `status` share."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from aftercall.command.lambda_service.function import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

_PROFILE = click.option("--profile", metavar="NAME", help="A profile of your AWS configuration.  [AWS_PROFILE]")
_REGION = click.option("--region", metavar="REGION", help="Where the functions are.  [AWS_REGION]")
_LAYER = click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="ARN|NAME",
    help="The layer, by default the newest version of `aftercall`. Give one for each architecture.  [repeatable]",
)


def account(command: Callable[..., Any]) -> Callable[..., Any]:
    return _REGION(_PROFILE(command))


def layer(command: Callable[..., Any]) -> Callable[..., Any]:
    return _LAYER(command)


def selection(command: Callable[..., Any]) -> Callable[..., Any]:
    """NAMES, --prefix, --tag and --all, handed over as `selection`."""

    @click.argument("names", nargs=-1, metavar="[NAME|ARN]...")
    @click.option("--prefix", default="", metavar="TEXT", help="All functions whose names begin with TEXT.")
    @click.option(
        "--tag", "tags", multiple=True, metavar="KEY[=VALUE]", help="All functions that have this tag.  [repeatable]"
    )
    @click.option("--all", "everything", is_flag=True, help="All functions of the region.")
    @functools.wraps(command)
    def with_selection(
        names: tuple[str, ...], prefix: str, tags: tuple[str, ...], everything: bool, **rest: Any
    ) -> Any:
        return command(selection=Selection(names, prefix, tags, everything), **rest)

    return with_selection


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """How a plan is carried out, and what is printed of it."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; the plan goes to stderr."),
        click.option(
            "--skip-refused", is_flag=True, help="A function that cannot be changed is no failure: exit with 0."
        ),
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option("--dry-run", is_flag=True, help="Show the plan, change nothing."),
        click.option(
            "--wait",
            type=click.FloatRange(min=0),
            default=120.0,
            show_default=True,
            metavar="SECONDS",
            help="For functions that are being updated.",
        ),
        click.option(
            "--undo-file",
            type=click.Path(),
            metavar="FILE",
            help="Where to write what was there.  [in ~/.local/state/aftercall]",
        ),
    ):
        command = option(command)
    return command
