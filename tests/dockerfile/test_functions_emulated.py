"""Functions of arm64, watched by the layer for arm64: interpreter, runtime client, wrapper and extension under qemu."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aftercall.sandbox import Sandbox, layers, runtime_command
from tests.dockerfile import old_systems
from tests.end_to_end.test_node import FUNCTIONS as NODE_FUNCTIONS
from tests.end_to_end.watching import backend, configuration
from tests.log_lines import records_in
from tests.runtime_wrappers.java import parts as java

if TYPE_CHECKING:
    from aftercall.sandbox import SandboxConfig

NODE_CLIENT = Path(__file__).with_name("node_client.js")
"""AWS's own has a native part, which its package has for no machine but the one that installs it."""


def python_function(layer: Path, monkeypatch: pytest.MonkeyPatch) -> SandboxConfig:
    home = old_systems.python_to_run()
    # It asks an interpreter for its folders without the variables that qemu needs.
    monkeypatch.setattr(runtime_command, "_probe_python", lambda _interpreter, _module: (str(home),))
    handler = "plain.posts_a_password"
    config = configuration(handler, layer=layer, environment={"LD_LIBRARY_PATH": str(home / "lib")})
    command = [str(home / "bin" / "python3.11"), "-m", "awslambdaric", handler]
    return dataclasses.replace(config, command=command)


def node_function(layer: Path, monkeypatch: pytest.MonkeyPatch) -> SandboxConfig:
    handler = "app.calls"
    command = [str(old_systems.node_to_run()), str(NODE_CLIENT), handler]
    config = configuration(handler, layer=layer, runtime_name="nodejs22.x")
    return dataclasses.replace(config, command=command, task_root=NODE_FUNCTIONS)


def java_function(layer: Path, monkeypatch: pytest.MonkeyPatch) -> SandboxConfig:
    handler, client = "app.App", "runtime_client"
    options = [
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        f"-D{java.NATIVE_PART}={java.native_part(client, 'aarch64')}",
    ]
    class_path = ":".join(java.jars(client))
    return dataclasses.replace(
        configuration(handler, layer=layer, memory_mb=512, runtime_name="java17"),
        command=[str(old_systems.java_to_run()), *options, "-classpath", class_path, java.MAIN_CLASS, handler],
        task_root=java.compiled((java.HERE / "functions",), client),
    )


FUNCTIONS = {
    "python": (python_function, "POST", "url", 200),
    "nodejs": (node_function, "POST", "url", 200),
    "java": (java_function, "GET", "get", "{}"),
}
"""Runtime -> its function, the method of its call, the event's key for the URL, and its answer."""


@pytest.mark.parametrize("runtime", FUNCTIONS)
def test_a_function_is_watched(runtime, built_layer, monkeypatch) -> None:
    # The sandbox refuses a layer of another architecture; here the kernel can start it.
    monkeypatch.setattr(layers, "_check_architecture", lambda _opt: None)
    made, method, key, answer = FUNCTIONS[runtime]
    config = made(built_layer, monkeypatch)
    # Where qemu finds the loader and the C library of what it runs.
    environment = {**config.environment, "QEMU_LD_PREFIX": str(old_systems.root_to_run())}
    config = dataclasses.replace(config, environment=environment, timeout=60, init_timeout=60)

    async def run(url: str) -> tuple[str, list[str]]:
        async with Sandbox(config) as sandbox:
            outcomes = [await sandbox.invoke({key: url}) for _ in range(2)]
        answers = [(outcome.status, outcome.response_json) for outcome in outcomes]
        said = [line.text for line in (*sandbox.function_log, *sandbox.extension_log)]
        assert answers == [("success", answer)] * 2, said
        return outcomes[0].request_id, [line.text for line in sandbox.extension_log]

    with backend() as (url, received):
        request_id, lines = asyncio.run(run(url))
    assert len(received) == 2
    records = records_in(lines)
    assert [record["status"] for record in records] == ["ok", "ok"], lines
    assert records[0]["request_id"] == request_id
    assert f"{method} {url}" in records[0]["aftercall"]
    assert "horse" not in str(records)
    assert "hunter2" not in str(records)
