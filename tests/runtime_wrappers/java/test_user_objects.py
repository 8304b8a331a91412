"""The user's objects live and are used as without us: no method of theirs is called, no call or class loader kept."""

from __future__ import annotations

import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests import built_layer
from tests.scenarios.chosen import everything

from . import parts
from .program import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIELD = 16
COUNTING = parts.HERE / "counting"
# The client's folder in counting/, and its pinned libraries.
CLIENTS = [
    ("java_net_http", "none"),
    ("okhttp", "okhttp3"),
    ("okhttp", "okhttp4"),
    ("okhttp", "okhttp5"),
    ("apache4", "apache4"),
    ("apache5", "apache5"),
    ("apache_async4", "apache_async4"),
]
# How often a channel asks depends on how often the socket was ready; the program ends without waiting for the release.
BY_CHANCE = ("available", "produce", "produceContent", "isStreaming", "releaseResources")


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        if "Content-Length" in self.headers:
            self.rfile.read(int(self.headers["Content-Length"]))
        else:
            while length := int(self.rfile.readline(), 16):
                self.rfile.read(length + 2)
            self.rfile.readline()
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Tests say nothing."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def counted(client: str, pins: str, url: str, spool: Path, *, watched: bool) -> list[str]:
    classes = parts.compiled((COUNTING / "core", COUNTING / client), pins, "11")
    command = [
        parts.java(parts.OLDEST_AND_NEWEST[1]),
        "-cp",
        ":".join([str(classes), *parts.jars(pins)]),
        "Counting",
        url,
    ]
    if watched:
        command = ["sh", str(built_layer.wrapper("java") / "wrapper"), *command]
    environment = {"PATH": os.environ["PATH"], "AFTERCALL_SPOOL_DIR": str(spool)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    *answers, counts = done.stdout.splitlines()
    return answers + sorted(count for count in counts.strip("{}").split(", ") if not count_by_chance(count))


def count_by_chance(count: str) -> bool:
    return count.partition("=")[0].endswith(BY_CHANCE)


@pytest.mark.parametrize(("client", "pins"), CLIENTS)
def test_what_is_the_users_is_called_as_often_as_without_us(client, pins, url, tmp_path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    plain = counted(client, pins, url, spool, watched=False)
    assert "ok" in plain
    assert not [*spool.iterdir()]
    assert counted(client, pins, url, spool, watched=True) == plain
    assert [*spool.iterdir()]


def test_no_call_is_kept_behind_its_invocation(tmp_path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    command = [*parts.agents_command("8", "KeepCalls"), str(spool)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    left = dict(line.split() for line in done.stdout.splitlines())
    assert left == dict.fromkeys(
        ("ended", "no_response", "unread", "late_response", "in_init", "in_init_unread"), "0"
    ), done.stderr


def left(client: str, pins: str, java: str, url: str, spool: Path, enough: int, *, watched: bool) -> int:
    """How many class loaders are still there when no more come to their end."""
    used = parts.compiled((COUNTING / f"once_{client}",), pins, "11" if pins == "none" else "8")
    classes = parts.compiled((COUNTING / "loaders",), "none")
    command = [parts.java(java), *OPTIONS[:3], "-cp", str(classes), "Dropping"]
    command += [":".join([str(used), *parts.jars(pins)]), url, str(enough)]
    # What a client's own threads hold is not waited for.
    command += ["60" if watched else "1"]
    if watched:
        command = ["sh", str(built_layer.wrapper("java") / "wrapper"), *command]
    environment = {"PATH": os.environ["PATH"], "AFTERCALL_SPOOL_DIR": str(spool)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
    return int(done.stdout)


LOADED = [("url_connection", "none"), *CLIENTS]
ON = [
    (client, pins, java)
    for turn, (client, pins) in enumerate(LOADED)
    for java in (parts.chosen() if everything() else parts.chosen()[turn % 2 :][:1])
]


@pytest.mark.parametrize(("client", "pins", "java"), ON)
def test_class_loaders_die_as_without_us(client, pins, java, url, tmp_path) -> None:
    if java == "8" and pins in ("none", "okhttp5"):
        java = "11"
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    enough = left(client, pins, java, url, spool, 0, watched=False) + 1  # what was last on a thread's stack
    assert left(client, pins, java, url, spool, enough, watched=True) <= enough
    assert [*spool.iterdir()]


def test_a_promise_that_is_no_calls_costs_no_object_more(tmp_path) -> None:
    """Netty's promises are everybody's. Interpreted, so that no compiler does away with an object."""
    classes = parts.compiled((COUNTING / "netty",), "aws")
    command = [parts.java("8"), "-Xint", "-cp", ":".join([str(classes), *parts.jars("aws")]), "Promises"]
    watched = ["sh", str(built_layer.wrapper("java") / "wrapper"), *command]
    environment = {"PATH": os.environ["PATH"], "AFTERCALL_SPOOL_DIR": str(tmp_path)}
    plain, ours = (
        [
            int(count)
            for count in subprocess.run(
                words, env=environment, capture_output=True, text=True, check=True
            ).stdout.split()
        ]
        for words in (command, watched)
    )
    # The field that can carry a call is in each of them; an object more would be 16 bytes at least.
    assert all(more - count < FIELD for count, more in zip(plain, ours, strict=True)), (plain, ours)
