"""The subcommands, put together; each is imported when it is called, since no command needs the others' libraries."""

from __future__ import annotations

import difflib
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

    def resolve_command(
        self, context: click.Context, words: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if words[0] not in _COMMANDS and not words[0].startswith("-"):
            near = difflib.get_close_matches(words[0], _COMMANDS, n=1)
            remedy = f"did you mean `aftercall {near[0]}`?" if near else f"there are {', '.join(_COMMANDS)}"
            raise click.UsageError(f"no command {words[0]!r}: {remedy}", context)
        return super().resolve_command(context, words)


_EPILOG = """
Each command has examples and its exit statuses: `aftercall attach --help`.

\b
Completion by the shell, for the file that it reads at its start:
  eval "$(_AFTERCALL_COMPLETE=bash_source aftercall)"       bash: ~/.bashrc
  eval "$(_AFTERCALL_COMPLETE=zsh_source aftercall)"        zsh: ~/.zshrc
  _AFTERCALL_COMPLETE=fish_source aftercall | source        fish: config.fish
"""


@click.group(cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aftercall")
def aftercall() -> None:
    """See what any AWS Lambda function did: attach the layer, set one variable, change no code."""
