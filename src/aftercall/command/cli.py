"""The subcommands, put together."""

import click

from aftercall import __version__
from aftercall.command.run import run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aftercall")
def aftercall() -> None:
    """See what any AWS Lambda function did: attach the layer, set one variable, change no code."""


aftercall.add_command(run)
