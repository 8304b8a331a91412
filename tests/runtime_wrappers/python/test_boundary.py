"""The runtime client's boundary, under AWS's own awslambdaric in old and new releases."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from .conftest import ROOT, found_pythons
from .http_server import OK, serving
from .runtime_api import ARN, RuntimeApi

if TYPE_CHECKING:
    from pathlib import Path

# Release -> the minor versions of Python 3 that it has wheels for. 4.0.4 is the newest for 3.9.
RELEASES = {"1.2.2": (9, 10), "2.0.12": (9, 12), "3.0.0": (9, 13), "4.0.4": (9, 14), "4.2.2": (10, 14)}
CACHE = ROOT / ".cache" / "function-libraries" / "awslambdaric"


def clients():
    """(release, Python) for each pair that there is a wheel for."""
    for version, python in found_pythons().items():
        for release, (first, last) in RELEASES.items():
            if first <= int(version.split(".")[1]) <= last:
                yield pytest.param(release, python, id=f"{release}-{version}")


def client_folder(release: str, python: str) -> Path:
    """awslambdaric of that release for that Python, installed once."""
    version = next(version for version, path in found_pythons().items() if path == python)
    tag = "".join(version.split(".")[:2])
    folder = CACHE / f"{release}-cp{tag}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as half:
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
            command += ["--python-version", tag, "--target", half, f"awslambdaric=={release}"]
            # Its own dependencies, in releases that have wheels for every Python; 1.x and 2.x pin older ones.
            subprocess.run([*command, "simplejson", "snapshot-restore-py"], check=True)
            with suppress(OSError):  # another worker was first
                os.rename(half, folder)
                os.mkdir(half)
    return folder


@pytest.fixture
def newest(python):
    version = next(version for version, path in found_pythons().items() if path == python)
    return client_folder("4.0.4" if version.startswith("3.9") else "4.2.2", python)


def run_function(runner, python, client, text, *events, wrapped=True, handler="app.handler", **environment):
    """The client with `text` as app.py until the events are used up: (Ran, posts)."""
    runner.script(text, "app.py")
    api = RuntimeApi(*events)
    try:
        done = runner.command(
            python,
            "-m",
            "awslambdaric",
            handler,
            wrapped=wrapped,
            env=runner.environment(
                PYTHONPATH=str(client),
                AWS_LAMBDA_RUNTIME_API=api.address,
                AWS_LAMBDA_FUNCTION_NAME="demo",
                LAMBDA_TASK_ROOT=str(runner.folder),
                **environment,
            ),
        )
    finally:
        api.close()
    return runner.ran(done), api.posts


@pytest.mark.parametrize(("release", "interpreter"), clients())
def test_event_response_and_error_as_lambda_saw_them(runner, release, interpreter):
    ran, posts = run_function(
        runner,
        interpreter,
        client_folder(release, interpreter),
        """
        def handler(event, context):
            if event.get("fail"):
                raise ValueError("no \\u20ac")
            return {"got": event, "id": context.aws_request_id}
        """,
        b'{"a": "\xc3\xa9"}',
        b'{"fail": true}',
    )
    assert [path for path, _ in posts] == ["invocation/request-1/response", "invocation/request-2/error"], ran.stderr
    first, second = ran.of_kind("invocation_start")
    assert (first["number"], first["request_id"], first["arn"], first["event_size"]) == (1, "request-1", ARN, 11)
    assert first["trace"].startswith("Root=1-")
    assert first["deadline"] > first["time"] // 1_000_000
    assert second["number"] == 2
    ends = [frame for frame in ran.frames if frame.kind == "invocation_end"]
    assert [end.header["status"] for end in ends] == ["ok", "error"]
    assert [end.parts() for end in ends] == [[("response", posts[0][1])], [("error", posts[1][1])]]
    assert ends[0].header["response_size"] == len(posts[0][1])
    assert ran.rung
    process = ran.of_kind("process")[0]
    assert process["client"] == f"awslambdaric {release}"
    assert "not_watched" not in process


def test_calls_carry_the_request_id_and_late_threads_keep_it(runner, python, newest):
    with serving(OK, OK, OK, OK) as server:
        ran, _ = run_function(
            runner,
            python,
            newest,
            f"""
            import threading, time, urllib.request
            def get(path):
                urllib.request.urlopen("http://127.0.0.1:{server.port}" + path).read()
            get("/init")
            def late():
                time.sleep(0.5)
                get("/late")
            def handler(event, context):
                if event == 1:
                    thread = threading.Thread(target=get, args=("/thread",))
                    thread.start()
                    thread.join()
                    threading.Thread(target=late).start()
                else:
                    time.sleep(2)
            """,
            b"1",
            b"2",
        )
    ids = {call.url.rpartition("/")[2]: call.start.get("request_id") for call in ran.calls}
    assert ids == {"init": None, "thread": "request-1", "late": "request-2"}


def test_init_errors(runner, python, newest):
    ran, posts = run_function(runner, python, newest, "import nothing_like_this", b"{}")
    (end,) = [frame for frame in ran.frames if frame.kind == "invocation_end"]
    assert (end.header["phase"], end.header["status"]) == ("init", "error")
    assert "request_id" not in end.header
    assert json.loads(end.parts()[0][1]) == json.loads(posts[0][1])
    assert ran.rung
    assert ran.calls == []


FAILING = """
import http.client, json, urllib.request
def deep(n):
    return urllib.request.urlopen("http://127.0.0.1:1/") if n == 0 else deep(n - 1)
def handler(event, context):
    if event == 1:
        try:
            deep(3)
        except OSError:
            raise KeyError("from inside") from None
    if event == 2:
        deep(1)
    if event == 3:
        http.client.HTTPConnection("127.0.0.1", 1).connect()
    if event == 4:
        return {"not": object()}
    if event == 5:
        http.client.HTTPConnection("127.0.0.1").request("GET", "/ a")
    import nothing_like_this
"""


def test_error_payloads_are_the_same_without_us(runner, python, newest):
    events = (b"1", b"2", b"3", b"4", b"5", b"6", b"not json")
    watched, posts = run_function(runner, python, newest, FAILING, *events)
    plain, plain_posts = run_function(runner, python, newest, FAILING, *events, wrapped=False)
    assert posts == plain_posts
    assert without_times(watched.stdout) == without_times(plain.stdout)
    assert watched.returncode == plain.returncode
    assert without_times(watched.stderr) == without_times(plain.stderr)


def without_times(log: str) -> str:
    """The native client's own log lines begin with milliseconds."""
    return re.sub(r"\[\d{13}\]", "[time]", log)


def test_large_events_and_responses_are_cut(runner, python, newest):
    event = json.dumps("x" * 70_000).encode()
    ran, posts = run_function(
        runner, python, newest, "def handler(event, context): return event * 2", event, AFTERCALL_EVENT_BYTES="66000"
    )
    (start,) = [frame for frame in ran.frames if frame.kind == "invocation_start"]
    (end,) = [frame for frame in ran.frames if frame.kind == "invocation_end"]
    assert start.parts() == [("event", event[:66_000])]
    assert end.parts() == [("response", posts[0][1][:66_000])]
    assert (start.header["event_size"], end.header["response_size"]) == (70_002, 140_002)


def test_a_spool_that_comes_back_is_used_from_the_next_invocation_on(runner, python, newest):
    ran, posts = run_function(
        runner,
        python,
        newest,
        """
        import os, shutil
        spool = os.environ["AFTERCALL_SPOOL_DIR"]
        def handler(event, context):
            if event == 1:
                shutil.rmtree(spool)
            if event == 2:
                os.mkdir(spool, 0o700)
        """,
        b"1",
        b"2",
        b"3",
    )
    assert len(posts) == 3
    assert [start["number"] for start in ran.of_kind("invocation_start")] == [3]
    (drops,) = ran.of_kind("drops")
    assert drops["frames"]["off"] >= 2


def test_forked_children_write_segments_of_their_own(runner, python, newest):
    with serving(OK, OK) as server:
        ran, posts = run_function(
            runner,
            python,
            newest,
            f"""
            import multiprocessing, os, urllib.request
            def get(path):
                urllib.request.urlopen("http://127.0.0.1:{server.port}" + path).read()
            def handler(event, context):
                pid = os.fork()
                if not pid:
                    get("/fork")
                    os._exit(0)
                os.waitpid(pid, 0)
                process = multiprocessing.get_context("fork").Process(target=get, args=("/multiprocessing",))
                process.start()
                process.join()
            """,
            b"1",
        )
    assert len(posts) == 1
    assert sorted((call.url.rpartition("/")[2], call.start["request_id"]) for call in ran.calls) == [
        ("fork", "request-1"),
        ("multiprocessing", "request-1"),
    ]
    assert len({name.partition("-")[0] for name in ran.segments}) == 3
