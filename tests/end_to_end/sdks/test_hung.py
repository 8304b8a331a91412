"""Real SDKs of three languages wait for an answer that never comes: the record says what for."""

from __future__ import annotations

import asyncio
import socket

import pytest

from aftercall.sandbox import Sandbox, SandboxConfig
from tests.end_to_end.sdks.operations import ASKED, REGION
from tests.end_to_end.sdks.test_sdks import SDKS
from tests.end_to_end.watching import WRAPPER
from tests.log_lines import records_in

SECONDS = 12
"""Until the function is killed: the JVM loads an SDK in that time, on a busy machine too."""


@pytest.mark.parametrize("sdk", SDKS)
def test_a_call_that_hangs_says_what_it_asked_for(sdk: str, layer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        lines = asyncio.run(killed(sdk, f"http://127.0.0.1:{silent.getsockname()[1]}", layer))
    (record,) = records_in(lines)
    (call,) = record["calls"]
    assert (call["operation"], call["resource"], call["stage"]) == ("DynamoDB PutItem", "orders", "response_head")
    assert "DynamoDB PutItem orders hung in response_head" in record["aftercall"]


async def killed(sdk: str, url: str, layer) -> list[str]:
    put = next(one for one in ASKED if one.operation == "PutItem")
    settings = SDKS[sdk]()
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL": url}
    settings["environment"] = settings.get("environment", {}) | keys
    config = SandboxConfig(
        layers=[layer], wrapper=WRAPPER, region=REGION, timeout=SECONDS, init_timeout=100, memory_mb=1024, **settings
    )
    async with Sandbox(config) as sandbox:
        outcome = await sandbox.invoke([put.event(url)])
    assert outcome.status == "timeout", outcome.error
    return [line.text for line in sandbox.extension_log]
