"""Functions under AWS's runtime client, with and without the agent: the same answers, their bytes in the spool."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests import built_layer
from tests.runtime_wrappers.python.conftest import read_spool
from tests.runtime_wrappers.python.runtime_api import ARN, RuntimeApi
from tests.segments import furnish, watch

from . import parts
from .program import steady

if TYPE_CHECKING:
    from pathlib import Path

    from aftercall.spool import Frame

PATIENCE = 120  # seconds for a JVM on a slow machine
EVENTS = (b'{"a": "\xc3\xa9\xe2\x82\xac"}', b'{"fail": "why"}', b'{"b": [1, 2.5, null]}')
HANDLERS = ("app.App", "app.App::pojo", "app.App$Stream", "app.App$Broken", "app.Missing", "app.App::missing")
# AWS's client, its releases; the first ones have other classes.
CLIENTS = ("runtime_client", "runtime_client_2_3", "runtime_client_1_0")

IN_OPEN = 0x20


@dataclass
class Answered:
    """What one run of a function showed to Lambda, to the log and to the spool."""

    posts: list[tuple[str, bytes]]
    log: str
    segments: dict[str, list[Frame]]
    rung: bool = False

    def of_kind(self, kind: str) -> list[Frame]:
        return [frame for frames in self.segments.values() for frame in frames if frame.kind == kind]

    def of_request(self, request_id: str) -> Answered:
        """The frames of one invocation alone."""
        own = {
            name: [frame for frame in frames if frame.header.get("request_id") == request_id]
            for name, frames in self.segments.items()
        }
        return replace(self, segments=own)


def run(
    java: str,
    handler: str,
    events: tuple[bytes, ...],
    folder: Path,
    *,
    watched: bool = True,
    client: str = "runtime_client",
    options: tuple[str, ...] = (),
    task_root: Path | None = None,
    wrapper: Path | None = None,
    waits_for_spool: bool = True,
    without_share: bool = False,
    **environment: str,
) -> Answered:
    """Until all events are answered, or the process has ended."""
    spool = folder / f"spool-{watched}"
    furnish(spool, spares=2)
    bell = watch(spool)
    api = RuntimeApi(*events)
    task_root = task_root or parts.compiled((parts.HERE / "functions",), "runtime_client")
    command = parts.runtime_command(java, handler, client)
    command[1:1] = options
    if without_share:  # which the JVM does not take beside AOT options
        command = [word for word in command if not word.startswith("-Xshare:")]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = subprocess.Popen(
        ["sh", str((wrapper or built_layer.wrapper("java")) / "wrapper"), *command] if watched else command,
        env={
            **kept,
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "demo",
            "LAMBDA_TASK_ROOT": str(task_root),
            "AFTERCALL_SPOOL_DIR": str(folder / "spool-True"),
            "_HANDLER": handler,
            **environment,
        },
        cwd=task_root,  # the client takes it for the task root
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        end = time.monotonic() + PATIENCE
        waits = watched and waits_for_spool
        while process.poll() is None and time.monotonic() < end and not is_done(api, spool, len(events), waits):
            time.sleep(0.05)
    finally:
        process.kill()
        log, _ = process.communicate()
        api.close()
    # What comes after the last event is our Runtime API's own, and may come or not.
    log = re.split(r".*Failed to get next|Exception in thread", log)[0].replace(api.address, "API")
    return Answered(api.posts, re.sub(r"\[\d{13}\]", "[TIME]", steady(log)), read_spool(spool), rung(bell))


def rung(bell: int) -> bool:
    """Whether the bell was opened; that a spare was renamed is seen by the same watch."""
    try:
        data = os.read(bell, 65_536)
    except BlockingIOError:
        return False
    finally:
        os.close(bell)
    masks, at = 0, 0
    while at < len(data):
        _, mask, _, length = struct.unpack_from("iIII", data, at)
        masks, at = masks | mask, at + struct.calcsize("iIII") + length
    return bool(masks & IN_OPEN)


def is_done(api: RuntimeApi, spool: Path, events: int, waits_for_spool: bool) -> bool:
    posted = [path for path, _ in api.posts]
    if any(path.startswith("init/") for path in posted):
        return False  # it ends by itself
    # What it logs of the last event is out when it asks for the next.
    asks = len(posted) >= events and api.idle.is_set()
    return asks and (not waits_for_spool or ended(spool) >= events)


def ended(spool: Path) -> int:
    """How many invocations' ends are in the spool, which is still written to."""
    return sum(path.read_bytes().count(b'{"kind":"invocation_end"') for path in spool.glob("*.segment"))


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize("java", parts.chosen())
def test_answers_are_the_same_and_their_bytes_are_in_the_spool(java, handler, tmp_path) -> None:
    plain = run(java, handler, EVENTS, tmp_path, watched=False)
    watched = run(java, handler, EVENTS, tmp_path)
    assert watched.posts == plain.posts
    assert watched.log == plain.log
    assert plain.posts
    check_frames(watched)


def check_frames(watched: Answered) -> None:
    given = [event for event, post in zip(EVENTS, watched.posts, strict=False) if not post[0].startswith("init/")]
    starts = watched.of_kind("invocation_start")
    assert [dict(start.parts())["event"] for start in starts] == given
    ends = watched.of_kind("invocation_end")
    names = {"response": "response", "error": "error"}
    expected = [(names[path.rpartition("/")[2]], body) for path, body in watched.posts]
    assert [end.parts()[0] for end in ends] == expected
    assert watched.rung
    for start, end in zip(starts, ends, strict=False):
        assert start.header["arn"] == ARN
        assert start.header["trace"].startswith("Root=1-")
        assert start.header["deadline"] > start.time // 1_000_000
        assert start.header["request_id"] == end.header["request_id"]
    (process,) = {frame.header["client"] for frame in watched.of_kind("process") if "client" in frame.header} or {""}
    assert not starts or re.fullmatch(r"aws-lambda-java-runtime-interface-client( [0-9.]+)?", process)


@pytest.mark.parametrize("handler", ["app.App", "app.Missing"])  # an error of an invocation, and of the init
def test_an_error_is_told_whatever_is_left_of_events(handler, tmp_path) -> None:
    watched = run("8", handler, EVENTS, tmp_path, AFTERCALL_EVENT_BYTES="0")
    errors = [body for path, body in watched.posts if path.endswith("error")]
    assert errors
    parts_of_ends = [frame.parts() for frame in watched.of_kind("invocation_end") if frame.header["status"] == "error"]
    assert parts_of_ends == [[("error", body)] for body in errors]


@pytest.mark.parametrize("client", CLIENTS)
def test_old_and_new_clients(client, tmp_path) -> None:
    watched = run("8", "app.App", EVENTS, tmp_path, client=client)
    assert [path.rpartition("/")[2] for path, _ in watched.posts] == ["response", "error", "response"], watched.log
    check_frames(watched)


@pytest.mark.parametrize("java", parts.chosen())
def test_the_function_sees_the_same_process(java, tmp_path) -> None:
    plain = run(java, "app.Sees", (b"{}",), tmp_path, watched=False)
    watched = run(java, "app.Sees", (b"{}",), tmp_path)
    (before,), (after,) = ([json.loads(body) for _, body in answered.posts] for answered in (plain, watched))
    for seen in (before, after):
        for name in ("AWS_LAMBDA_RUNTIME_API", "_AWS_XRAY_DAEMON_ADDRESS"):
            seen["environment"].pop(name, None)
        # A shell adds these; Lambda's own bootstrap is a shell script and has done so before.
        for name in ("PWD", "OLDPWD", "SHLVL", "_"):
            seen["environment"].pop(name, None)
    assert after == before
    assert watched.of_kind("call_end")


@pytest.mark.parametrize("java", parts.chosen())
def test_beside_another_agent_and_java_tool_options(java, tmp_path) -> None:
    """Ours names no class that another agent could not transform, and keeps its own ASM to itself."""
    agent = parts.agent_of_another()
    watched = run(
        java,
        "app.App",
        EVENTS[:1],
        tmp_path,
        options=(f"-javaagent:{agent}",),
        JAVA_TOOL_OPTIONS=f"-javaagent:{agent} -Dtheirs=1",
    )
    assert [body for _, body in watched.posts] == [b'{"a":"\xc3\xa9\xe2\x82\xac"}'], watched.log
    assert watched.log.count("another agent is here") == 2
    check_frames_of_one(watched)


def check_frames_of_one(watched: Answered) -> None:
    assert [frame.kind for frame in watched.of_kind("invocation_end")] == ["invocation_end"]
    assert not watched.of_kind("drops")


class Restoring(RuntimeApi):
    """A snapshot is restored when the function has asked for that, by its first request, and a second has gone."""

    def __init__(self, *events: bytes) -> None:
        super().__init__(b"{}", *events)
        self.events = Snapshot(self.events)


class Snapshot(list[bytes]):
    restored_at = 0

    def pop(self, index: Any = -1) -> bytes:
        if not Snapshot.restored_at:
            time.sleep(1)
            Snapshot.restored_at = time.time_ns()
        return super().pop(index)


@pytest.mark.parametrize("java", parts.chosen())
def test_a_restored_snapshot_is_another_process(java, tmp_path, monkeypatch) -> None:
    """Of several environments that are made of one snapshot each has a name of its own."""
    monkeypatch.setattr(f"{__name__}.RuntimeApi", Restoring)
    monkeypatch.setattr(Snapshot, "restored_at", 0)
    watched = run(java, "app.App", EVENTS[:1], tmp_path, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start")
    assert [path for path, _ in watched.posts] == ["invocation/request-2/response"]
    starts = [frame.header["start"] for frame in watched.of_kind("process")]
    assert starts
    assert all(start > Snapshot.restored_at for start in starts)
