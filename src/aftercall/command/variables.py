"""A function's variables as the command line gives them. Faults are click.UsageError, status 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable


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


def _assignment(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise click.UsageError(
            f"variable {name!r} has no value: write NAME=VALUE"
        )  # never the text: it may be a secret
    return name.strip(), value
