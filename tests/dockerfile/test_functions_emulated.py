"""A Python function of arm64, watched by the layer for arm64: interpreter, runtime client, extension under qemu."""

import asyncio
import dataclasses

from aftercall.sandbox import Sandbox, layers, runtime_command
from tests.dockerfile import old_systems
from tests.end_to_end.watching import backend, configuration
from tests.log_lines import records_in

HANDLER = "plain.posts_a_password"


def test_a_function_is_watched(built_layer, monkeypatch) -> None:
    # The sandbox refuses a layer of another architecture; here the kernel can start it.
    monkeypatch.setattr(layers, "_check_architecture", lambda _opt: None)
    home = old_systems.python_to_run()
    # It asks an interpreter for its folders without the variables that qemu needs.
    monkeypatch.setattr(runtime_command, "_probe_python", lambda _interpreter, _module: (str(home),))
    # Where qemu finds the loader and the C library of what it runs.
    libraries = {"QEMU_LD_PREFIX": str(old_systems.libraries_to_run()), "LD_LIBRARY_PATH": str(home / "lib")}
    config = dataclasses.replace(
        configuration(HANDLER, layer=built_layer, environment=libraries, timeout=60, init_timeout=60),
        command=[str(home / "bin" / "python3.11"), "-m", "awslambdaric", HANDLER],
    )

    async def run(url: str) -> tuple[str, list[str]]:
        async with Sandbox(config) as sandbox:
            outcomes = [await sandbox.invoke({"url": url}) for _ in range(2)]
        answers = [(outcome.status, outcome.response_json) for outcome in outcomes]
        assert answers == [("success", 200)] * 2, [
            line.text for line in (*sandbox.function_log, *sandbox.extension_log)
        ]
        return outcomes[0].request_id, [line.text for line in sandbox.extension_log]

    with backend() as (url, received):
        request_id, lines = asyncio.run(run(url))
    assert len(received) == 2
    records = records_in(lines)
    assert [record["status"] for record in records] == ["ok", "ok"], lines
    assert records[0]["request_id"] == request_id
    assert f"POST {url}" in records[0]["aftercall"]
    assert "horse" not in str(records)
