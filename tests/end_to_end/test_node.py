"""Node.js functions under AWS's runtime clients with the frozen layer: what callers get, and what comes out."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import pytest

from aftercall.sandbox import Sandbox, SandboxConfig
from tests.end_to_end.watching import WRAPPER, Watched, backend
from tests.runtime_wrappers.nodejs import parts

FUNCTIONS = Path(__file__).parent / "functions_node"
# Each release of the client on the Nodes that managed runtimes have it on.
PAIRS = [(major, parts.CLIENTS[0 if major < 24 else 1]) for major in parts.majors()]


@pytest.fixture(params=PAIRS, ids=[f"node{major}" for major, _ in PAIRS])
def runtime(request) -> tuple[str, parts.Client]:
    major, client = request.param
    return parts.node(major), client


def watch(runtime, handler: str, *events, layer, **settings) -> Watched:
    node, client = runtime

    async def run() -> Watched:
        config = SandboxConfig(
            command=[node, *client.command(handler)],
            task_root=FUNCTIONS,
            handler=handler,
            layers=[layer] if layer else [],
            wrapper=WRAPPER if layer else None,
            runtime_name=f"nodejs{Path(node).parent.parent.name.removeprefix('node')}.x",
            **{"timeout": 20, **settings},
        )
        async with Sandbox(config) as sandbox:
            outcomes = [await sandbox.invoke(event) for event in events]
        return Watched(outcomes, list(sandbox.function_log), list(sandbox.extension_log), list(sandbox.telemetry))

    return asyncio.run(run())


def test_three_invocations_come_out_with_their_answers(runtime, layer) -> None:
    watched = watch(runtime, "app.ok", *({"n": n} for n in range(3)), layer=layer)
    assert [outcome.response_json for outcome in watched.outcomes] == [{"n": 0}, {"n": 1}, {"n": 2}], watched
    assert [record["status"] for record in watched.records] == ["ok"] * 3
    assert [record["request_id"] for record in watched.records] == [outcome.request_id for outcome in watched.outcomes]


def test_an_error_has_its_type_and_message(runtime, layer) -> None:
    watched = watch(runtime, "app.fails", {}, layer=layer)
    plain = watch(runtime, "app.fails", {}, layer=None)
    assert watched.outcomes[0].error == plain.outcomes[0].error
    (record,) = watched.records
    assert record["status"] == "error"
    assert "TypeError" in record["aftercall"]
    assert "no such order" in json.dumps(record)


def test_a_call_comes_out_with_its_status_and_without_its_secret(runtime, layer) -> None:
    with backend() as (url, received):
        watched = watch(runtime, "app.calls", {"url": f"{url}/orders"}, layer=layer)
    assert watched.outcomes[0].response_json == 200
    assert b"hunter2" in received[0].body
    (record,) = watched.records
    (call,) = record["calls"]
    assert (call["method"], call["url"], call["status"]) == ("POST", f"{url}/orders", 200)
    assert "hunter2" not in json.dumps(record)


def test_the_call_that_a_function_was_killed_in_is_named_with_its_stage(runtime, layer) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/slow"
        watched = watch(runtime, "app.hangs", {"url": url}, layer=layer, timeout=3)
    assert watched.outcomes[0].status == "timeout"
    (record,) = watched.records
    assert record["status"] == "timeout"
    assert f"{url} hung in response_head" in record["aftercall"]


def test_the_function_sees_neither_arguments_nor_modules_of_ours(runtime, layer) -> None:
    seen, plain = (watch(runtime, "app.looksAround", {}, layer=one).outcomes[0].response_json for one in (layer, None))
    for found in (seen, plain):
        # The user's own setting, what differs from one environment to the next, and what any shell sets.
        for name in (
            "PWD",
            "AWS_LAMBDA_EXEC_WRAPPER",
            "AWS_LAMBDA_RUNTIME_API",
            "_X_AMZN_TRACE_ID",
            "AWS_LAMBDA_LOG_STREAM_NAME",
        ):
            found["environment"].pop(name, None)
    assert seen == plain


def test_a_streamed_response_comes_out(runtime, layer) -> None:
    watched = watch(runtime, "app.streams", {}, layer=layer)
    assert watched.outcomes[0].response == b"first second"
    (record,) = watched.records
    assert record["status"] == "ok"
