"""Java's client libraries under test: a folder of clients/ each, with the jars of a file of pins/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.scenarios.libraries import Library

from . import parts

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS = parts.HERE / "clients"

NEWEST = 25


def _row(name: str, client: str, packages: str, javas: range = range(8, NEWEST + 1), **more: str) -> tuple:
    """A library and the Javas that it runs on; the client's class is in a folder of clients/ that has its name."""
    return Library(name, client, f"Use{client.title().replace('_', '')}", packages, **more), javas


ROWS = (
    # The same class; Java 8's does some things in its own way.
    _row("HttpURLConnection", "url_connection", "none", range(9, NEWEST + 1), family="HttpURLConnection"),
    _row("HttpURLConnection-8", "url_connection", "none", range(8, 9), family="HttpURLConnection"),
)
LIBRARIES = tuple(library for library, _ in ROWS)


def on(java: str) -> tuple[Library, ...]:
    """Those that run on this Java."""
    return tuple(library for library, javas in ROWS if int(java) in javas)


def class_path(library: Library) -> str:
    """The compiled driver with the library's client, and the library."""
    return ":".join([str(classes(library)), *parts.jars(library.packages)])


def classes(library: Library) -> Path:
    release = "11" if library.family == "java.net.http" else "8"
    return parts.compiled((CLIENTS / "core", CLIENTS / library.client), library.packages, release)
