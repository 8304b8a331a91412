"""The table of hosts whose bodies are never written, against the Java agent's own rules, on the oldest Java."""

from __future__ import annotations

import json
import subprocess

from tests import built_layer

from . import parts

TABLE = json.loads((parts.ROOT / "tests" / "masking" / "excluded_hosts.json").read_text())
NAMES = {"nothing": "nothing", "head_only": "excluded", "all": "all"}


def test_bodies_of_excluded_hosts_are_not_written(tmp_path) -> None:
    agent = parts.agent_classes(built_layer.wrapper("java") / "aftercall.jar")
    parts.compile_java([parts.HERE / "vectors" / "DecideCaptures.java"], tmp_path, str(agent), "8")
    asked = [str(word) for case in TABLE["cases"] for word in (case["host"], case["port"])]
    command = [parts.java("8"), "-cp", f"{tmp_path}:{agent}", "aftercall.agent.DecideCaptures", *asked]
    done = subprocess.run(command, env=TABLE["environment"], check=True, timeout=60, capture_output=True, text=True)
    got = [{**case, "bodies": NAMES[line]} for case, line in zip(TABLE["cases"], done.stdout.split(), strict=True)]
    assert got == TABLE["cases"]
