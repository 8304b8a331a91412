"""The entry point: `aftercall`, one module for each subcommand."""

import asyncio
import sys

# As shells report a program that ended by SIGINT or SIGTERM.
_INTERRUPTED = 130
_TERMINATED = 143


def main() -> None:
    try:
        import click  # noqa: PLC0415 - the answer to its absence is below

        from aftercall.command import cli  # noqa: PLC0415 - needs click
    except ModuleNotFoundError as error:
        sys.exit(f"aftercall: {error.name} is not installed: run `pip install 'aftercall[command]'`")
    try:
        status = cli.aftercall.main(prog_name="aftercall", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        status = error.exit_code
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        click.echo(f"{context.command_path if context else 'aftercall'}: {error.format_message()}", err=True)
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = _INTERRUPTED
    except asyncio.CancelledError:
        status = _TERMINATED
    sys.exit(status or 0)


if __name__ == "__main__":
    main()
