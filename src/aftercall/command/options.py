"""Options that `publish`, `attach`, `detach` and `status` share."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from aftercall.command.lambda_service.function import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

_PROFILE = click.option("--profile", metavar="NAME", help="Of your AWS configuration.  [AWS_PROFILE]")
_REGION = click.option("--region", metavar="REGION", help="Where the functions are.  [AWS_REGION]")
_LAYER = click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="ARN|NAME",
    help="The layer; of a name the newest version. Give one for each architecture where they differ.  [aftercall]",
)


def account(command: Callable[..., Any]) -> Callable[..., Any]:
    return _REGION(_PROFILE(command))


def layer(command: Callable[..., Any]) -> Callable[..., Any]:
    return _LAYER(command)


def selection(command: Callable[..., Any]) -> Callable[..., Any]:
    """NAMES, --prefix, --tag and --all, handed over as `selection`."""

    @click.argument("names", nargs=-1, metavar="[NAME|ARN]...")
    @click.option("--prefix", default="", metavar="TEXT", help="All functions whose names begin so.")
    @click.option("--tag", "tags", multiple=True, metavar="KEY[=VALUE]", help="All that have it; again: that one too.")
    @click.option("--all", "everything", is_flag=True, help="All functions of the region.")
    @functools.wraps(command)
    def with_selection(
        names: tuple[str, ...], prefix: str, tags: tuple[str, ...], everything: bool, **rest: Any
    ) -> Any:
        return command(selection=Selection(names, prefix, tags, everything), **rest)

    return with_selection


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """How a plan becomes deeds."""
    for option in (
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option("--dry-run", is_flag=True, help="Show the plan, change nothing."),
        click.option(
            "--wait",
            type=click.FloatRange(min=0),
            default=120.0,
            show_default=True,
            help="Seconds for functions that are being updated.",
        ),
        click.option(
            "--undo-file", metavar="FILE", help="Where to write what was there.  [~/.local/state/aftercall/...]"
        ),
    ):
        command = option(command)
    return command
