"""The subcommands, put together; each is imported when it is called, since none needs the others' libraries."""

from __future__ import annotations

import importlib
from typing import cast

import click

from aftercall import __version__

_COMMANDS = {
    "publish": "publish",
    "attach": "attach",
    "detach": "detach",
    "status": "status",
    "run": "run.command",
    "check": "check.command",
    "probe": "probe.command",
}
"""Name -> the module that holds the function of this name."""


class _Commands(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        try:
            module = importlib.import_module(f"aftercall.command.{_COMMANDS[name]}")
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"{error.name} is not installed: run `pip install 'aftercall[command]'`"
            ) from None
        return cast("click.Command", getattr(module, name))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aftercall")
def aftercall() -> None:
    """See what any AWS Lambda function did: attach the layer, set one variable, change no code."""
