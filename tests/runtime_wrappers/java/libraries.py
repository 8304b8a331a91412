"""Java's client libraries under test: a folder of clients/ each, with the jars of a file of pins/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.scenarios import libraries

from . import parts

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS = parts.HERE / "clients"

NEWEST = 25


@dataclass(frozen=True)
class Library(libraries.Library):
    """`like` names the row that it follows, but for what the table says of its own name."""

    like: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key in (self.name, self.like, self.wire, self.family) if key)


def _row(
    name: str, client: str, packages: str, javas: range = range(8, NEWEST + 1), module: str = "", **more: str
) -> tuple[Library, range]:
    """A library and the Javas that it runs on; the client's class is in a folder of clients/ that has its name."""
    return Library(name, client, module or f"Use{client.title().replace('_', '')}", packages, **more), javas


def _java_net_http(name: str, module: str = "UseJavaNetHttp", **more: str) -> list[tuple[Library, range]]:
    """Those of Java 11, 17 and 21 for themselves: some of their faults were mended later."""
    client = ("java_net_http", "none")
    more["family"] = "java.net.http"
    return [
        _row(name, *client, range(22, NEWEST + 1), module, **more),
        _row(f"{name}-21", *client, range(18, 22), module, like=name, **more),
        _row(f"{name}-17", *client, range(12, 18), module, like=name, **more),
        _row(f"{name}-11", *client, range(11, 12), module, like=name, **more),
    ]


ROWS = (
    # The same class; up to Java 11's, and a little up to 21's, it does some things in its own way.
    _row("HttpURLConnection", "url_connection", "none", range(22, NEWEST + 1), family="HttpURLConnection"),
    _row("HttpURLConnection-21", "url_connection", "none", range(18, 22), family="HttpURLConnection"),
    _row("HttpURLConnection-17", "url_connection", "none", range(12, 18), family="HttpURLConnection"),
    _row("HttpURLConnection-8", "url_connection", "none", range(8, 12), family="HttpURLConnection"),
    _row("aws-url-connection", "aws_url_connection", "aws", range(22, NEWEST + 1), family="HttpURLConnection"),
    _row("aws-url-connection-21", "aws_url_connection", "aws", range(18, 22), family="HttpURLConnection"),
    _row("aws-url-connection-17", "aws_url_connection", "aws", range(12, 18), family="HttpURLConnection"),
    _row("aws-url-connection-8", "aws_url_connection", "aws", range(8, 12), family="HttpURLConnection"),
    _row("apache4", "apache4", "apache4", family="apache"),
    _row("apache5", "apache5", "apache5", family="apache"),
    _row("apache5-async", "apache5_async", "apache5", module="UseApache5Async", family="apache"),
    _row("apache5-async-h2", "apache5_async", "apache5", module="UseApache5Async", family="apache", wire="h2"),
    # Its client for HTTP/2 alone.
    _row("apache5-h2", "apache5_async", "apache5", module="UseApache5H2", family="apache", wire="h2"),
    _row("apache-async4", "apache_async4", "apache_async4", family="apache"),
    _row("aws-apache", "aws_apache", "aws", family="apache"),
    _row("aws-netty", "aws_netty", "aws", family="netty"),
    _row("okhttp3", "okhttp", "okhttp3", family="okhttp"),
    _row("okhttp4", "okhttp", "okhttp4", family="okhttp"),
    _row("okhttp5", "okhttp", "okhttp5", family="okhttp"),
    *_java_net_http("java.net.http"),
    *_java_net_http("java.net.http-async", "UseJavaNetHttpAsync"),
    *_java_net_http("java.net.http-h2", wire="h2"),
    _row("okhttp5-h2", "okhttp", "okhttp5", family="okhttp", wire="h2"),
)
LIBRARIES = tuple(library for library, _ in ROWS)


# What is hooked in one way on all Javas is tried on the newest; `make matrix` runs all.
ON_OLDEST = ("HttpURLConnection-8", "apache4", "okhttp3")


def on(java: str) -> tuple[Library, ...]:
    """Those that run on this Java."""
    able = tuple(library for library, javas in ROWS if int(java) in javas)
    if java == parts.OLDEST_AND_NEWEST[0] and not parts.in_matrix():
        return tuple(library for library in able if library.name in ON_OLDEST)
    return able


def played() -> list[tuple[str, Library]]:
    """(version of Java, library) of this run."""
    return [(java, library) for java in parts.chosen() for library in on(java)]


def class_path(library: libraries.Library) -> str:
    """The compiled driver with the library's client, and the library."""
    return ":".join([str(classes(library)), *parts.jars(library.packages)])


def classes(library: libraries.Library, *more: str) -> Path:
    """The compiled driver with the library's client and `more` folders of clients/."""
    release = "11" if library.family == "java.net.http" else "8"
    folders = (CLIENTS / "core", *(CLIENTS / name for name in more), CLIENTS / library.client)
    return parts.compiled(folders, library.packages, release)
