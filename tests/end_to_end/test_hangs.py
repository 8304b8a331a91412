"""Each client library hangs once in each stage until its function is killed: the call and the stage come out.

The rows and sites are those of tests/scenarios; here the whole way is gone: AWS's runtime client, the frozen layer, the
time-out, and the extension's own export at SHUTDOWN.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.sandbox import Bind, Sandbox, SandboxConfig
from tests.end_to_end.watching import WRAPPER
from tests.log_lines import records_in
from tests.scenarios import libraries
from tests.scenarios.harness import make_step
from tests.scenarios.program import CLIENTS
from tests.scenarios.sites import Sites
from tests.scenarios.table import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAGES = ("dns", "connect", "tls", "request", "response_head", "response_body")
# One for each piece of hooked code; their variants are held against the spool in tests/scenarios.
NAMES = ("http.client", "urllib3", "requests", "boto3", "httpx", "httpx-async", "httpx-h2", "aiohttp")
ROWS = [
    pytest.param(library, hang, id=f"{library.name}-{hang.stage}")
    for library in libraries.LIBRARIES
    if library.name in NAMES
    for hang in HANGS
    if hang.stage in STAGES and hang.reason_against(library) is None
]
SECONDS = 4  # until the function is killed: time enough to import boto3 on a busy machine


async def killed(layer: Path, plan: dict[str, Any], resolv_conf: Path | None) -> tuple[str, list[str]]:
    """Status of the one invocation, and what the extension wrote."""
    config = SandboxConfig(
        command=[sys.executable, "-m", "awslambdaric", "driver.handler"],
        task_root=CLIENTS,
        handler="driver.handler",
        layers=[layer],
        wrapper=WRAPPER,
        timeout=SECONDS,
        environment={"AWS_EC2_METADATA_DISABLED": "true"},
        resolv_conf=resolv_conf,
        # The sites' certificate authority lies in the machine's /tmp, which the function does not see.
        binds=[Bind(plan["steps"][0]["session"]["trust"], plan["steps"][0]["session"]["trust"])],
    )
    async with Sandbox(config) as sandbox:
        outcome = await sandbox.invoke(plan)
    return outcome.status, [line.text for line in sandbox.extension_log]


@pytest.fixture(scope="module")
def resolv_conf(tmp_path_factory) -> Iterator[Path]:
    """A resolver that takes questions and never answers."""
    path = tmp_path_factory.mktemp("dns") / "resolv.conf"
    # An address of this process alone: others run the same tests beside it.
    resolver = f"127.53.{os.getpid() >> 8 & 255}.{os.getpid() & 255}"
    path.write_text(f"nameserver {resolver}\noptions timeout:30 attempts:1\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        if os.geteuid() == 0:
            silent.bind((resolver, 53))
        yield path


@pytest.fixture(scope="module")
def plays(layer, resolv_conf) -> Iterator[dict[str, Future]]:
    """All rows, some at once: nearly all of their time is waiting."""
    sites, packages = Sites(), libraries.install(sys.executable)

    def play(library, hang) -> tuple[str, str, list[str]]:
        site = sites.add(hang.behaviour, library.wire, hang.tls or library.wire == "h2")
        step = make_step(hang, library, site, 0)
        plan = {"paths": [packages[library.packages]], "client": library.client, "module": library.module}
        conf = resolv_conf if hang.stage == "dns" else None
        return step["request"]["url"], *asyncio.run(killed(layer, {**plan, "steps": [step]}, conf))

    with ThreadPoolExecutor(4) as pool:
        yield {str(row.id): pool.submit(play, *row.values) for row in ROWS}
    sites.close()


@pytest.mark.parametrize(("library", "hang"), ROWS)
def test_the_call_that_hung_comes_out_with_its_stage(plays, library, hang) -> None:
    if hang.stage == "dns" and os.geteuid() != 0:
        pytest.skip("a resolver needs port 53, which is root's: tests/scenarios hangs it in a namespace of its own")
    url, status, lines = plays[f"{library.name}-{hang.stage}"].result()
    assert status == "timeout", lines
    records = records_in(lines)
    assert [record["status"] for record in records] == ["timeout"], lines
    (call,) = [call for call in records[0]["calls"] if call.get("open")]
    assert call["stage"] == hang.stage
    assert call["url"] == url.partition("?")[0]
    assert f"hung in {hang.stage}" in records[0]["aftercall"]
