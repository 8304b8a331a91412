"""A failing init is one record: with its own duration, and joined to the invocation that Lambda answers with it."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.sandbox import Outcome, Sandbox, SandboxConfig
from tests.end_to_end.watching import WRAPPER, backend
from tests.log_lines import records_in
from tests.runtime_wrappers.nodejs import parts

if TYPE_CHECKING:
    from pathlib import Path

CALL_PYTHON = "import os, urllib.request\nurllib.request.urlopen(os.environ['URL']).read()\n"
CALL_NODE = "await fetch(process.env.URL).then((answer) => answer.text());\n"
PYTHON = {
    "raises": "import time\ntime.sleep(0.3)\nraise RuntimeError('no config')\n",
    "raises after a call": f"{CALL_PYTHON}import time\ntime.sleep(0.3)\nraise RuntimeError('no config')\n",
    "syntax error": "def (\n",
    "missing module": "import no_such_module\n",
    "sys.exit": "import sys, time\ntime.sleep(0.3)\nsys.exit(3)\n",
    "ends its process": "import os, time\ntime.sleep(0.3)\nos._exit(3)\n",
    "hangs": "import time\ntime.sleep(60)\n",
}
WAIT_NODE = "await new Promise((resolve) => setTimeout(resolve, 300));\n"
NODE = {
    "raises": f"{WAIT_NODE}throw new RangeError('no config');\n",
    "raises after a call": f"{CALL_NODE}{WAIT_NODE}throw new RangeError('no config');\n",
    "syntax error": "const = ;\n",
    "missing module": "import 'no-such-module';\n",
    "ends its process": f"{WAIT_NODE}process.exit(3);\n",
}
ROWS = [("python", name) for name in PYTHON] + [("nodejs", name) for name in NODE]


def run(
    runtime: str, name: str, layer: Path, folder: Path, events: int
) -> tuple[list[Outcome], list[dict[str, Any]], list]:
    settings: dict[str, Any]
    if runtime == "python":
        (folder / "app.py").write_text(PYTHON[name] + "\n\ndef handler(event, context):\n    return 1\n")
        settings = {"command": [sys.executable, "-m", "awslambdaric", "app.handler"]}
    else:
        (folder / "app.mjs").write_text(NODE[name] + "\nexport const handler = async () => 1;\n")
        node = parts.node(parts.majors()[-1])
        settings = {"command": [node, *parts.CLIENTS[1].command("app.handler")], "runtime_name": "nodejs26.x"}

    async def invoke_all(url: str) -> tuple[list[Outcome], list[str], list]:
        config = SandboxConfig(
            task_root=folder, handler="app.handler", layers=[layer], wrapper=WRAPPER, environment={"URL": url},
            timeout=3, init_timeout=1 if name == "hangs" else 10, **settings,
        )  # fmt: skip
        async with Sandbox(config) as sandbox:
            outcomes = [await sandbox.invoke({}) for _ in range(events)]
        return outcomes, [line.text for line in sandbox.extension_log], list(sandbox.telemetry)

    with backend() as (url, _):
        outcomes, lines, telemetry = asyncio.run(invoke_all(url))
    return outcomes, records_in(lines), telemetry


@pytest.mark.parametrize("events", [1, 2])
@pytest.mark.parametrize(("runtime", "name"), ROWS)
def test_each_failing_init_is_one_record(layer, tmp_path: Path, runtime: str, name: str, events: int) -> None:
    outcomes, records, telemetry = run(runtime, name, layer, tmp_path, events)
    inits = [entry for entry in telemetry if entry["type"] == "platform.initReport"]
    assert len(records) == len(inits), json.dumps(records, indent=1)
    # The first was before any invocation; each later one ran in the invocation that it answered.
    assert [record["request_id"] for record in records] == ["", *(outcome.request_id for outcome in outcomes)]
    for record, entry in zip(records, inits, strict=True):
        lasted = entry["record"]["metrics"]["durationMs"]
        assert record["init_ms"] == pytest.approx(lasted, rel=0.5, abs=150)
        assert record["duration_ms"] >= record["init_ms"] - 1
        assert record["status"] in {"error", "crash", "timeout"}
    if name.startswith("raises"):
        assert all(record["init_ms"] >= 300 for record in records)
        assert all("no config" in record["error_message"] for record in records)
    if "call" in name:
        assert all(record["init_call_count"] == 1 and record["call_count"] == 0 for record in records)
        assert all("in init: GET" in record["aftercall"] for record in records)
