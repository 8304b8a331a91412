"""A Java function under AWS's own runtime client with the frozen layer: what its caller saw is what came out."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from aftercall.sandbox import Sandbox, SandboxConfig
from tests.end_to_end.watching import WRAPPER, Watched, backend

from . import parts

if TYPE_CHECKING:
    from pathlib import Path


def watch(java: str, handler: str, events: list, layer: Path | None, **environment: str) -> Watched:
    async def run() -> Watched:
        config = SandboxConfig(
            command=parts.runtime_command(java, handler),
            task_root=parts.compiled((parts.HERE / "functions",), "runtime_client"),
            handler=handler,
            layers=[layer] if layer else [],
            wrapper=WRAPPER if layer else None,
            environment=environment,
            timeout=60,
            init_timeout=60,
            memory_mb=512,
            runtime_name=f"java{java}",
        )
        async with Sandbox(config) as sandbox:
            outcomes = [await sandbox.invoke(event) for event in events]
        return Watched(outcomes, list(sandbox.function_log), list(sandbox.extension_log), list(sandbox.telemetry))

    return asyncio.run(run())


@pytest.mark.parametrize("java", parts.chosen())
def test_invocations_and_their_calls_come_out(java, layer) -> None:
    with backend() as (url, received):
        watched = watch(java, "app.App", [{"a": 1}, {"get": f"{url}/orders"}, {"fail": "why"}], layer)
    assert [outcome.status for outcome in watched.outcomes] == ["success", "success", "error"]
    assert json.loads(watched.outcomes[0].response or b"") == {"a": 1}
    assert [request.path for request in received] == ["/orders"]
    first, second, third = watched.records
    assert [record["status"] for record in watched.records] == ["ok", "ok", "error"]
    assert [record["cold_start"] for record in watched.records] == [True, False, False]
    assert [record["request_id"] for record in watched.records] == [run.request_id for run in watched.outcomes]
    assert (first["call_count"], third["error_type"]) == (0, "java.lang.IllegalStateException")
    (call,) = second["calls"]
    assert (call["method"], call["url"], call["status"]) == ("GET", f"{url}/orders", 200)
    assert not watched.notices
