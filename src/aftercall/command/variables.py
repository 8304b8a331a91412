"""A function's variables as the command line gives them. Faults are click.UsageError, status 2."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from aftercall import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OURS = "AFTERCALL_"
_KNOWN = [name for variable in settings.VARIABLES for name in variable.names]


def read(assignments: Iterable[str], file: str | None) -> dict[str, str]:
    """`K=V` lines of the file (# begins a comment), then those of the command line, which win."""
    variables: dict[str, str] = {}
    if file is not None:
        try:
            with open(file, encoding="utf-8") as lines:
                stripped = [line.strip() for line in lines]
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"env file {file!r} cannot be read ({error}): give a file of K=V lines") from None
        variables.update(_assignment(line) for line in stripped if line and not line.startswith("#"))
    variables.update(_assignment(assignment) for assignment in assignments)
    return variables


def warn_of_unknown(command: str, names: Iterable[str], *, prefixes: tuple[str, ...] = (OURS,)) -> None:
    """A line on stderr for each name with such a prefix that aftercall does not read."""
    for line in unknown(name for name in names if name.startswith(prefixes)):
        click.echo(f"aftercall {command}: warning: {line}", err=True)


def unknown(names: Iterable[str]) -> Iterator[str]:
    """A sentence for each name that aftercall does not read, with the nearest that it does."""
    for name in names:
        if name not in _KNOWN:
            near = difflib.get_close_matches(name, _KNOWN, n=1)
            yield f"aftercall does not read {name}" + (f": did you mean {near[0]}?" if near else "")


def _assignment(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise click.UsageError(
            f"variable {name!r} has no value: write NAME=VALUE"
        )  # never the text: it may be a secret
    return name.strip(), value
