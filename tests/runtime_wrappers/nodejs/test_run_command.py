"""`aftercall run` of a Node.js function: which runtime it takes, and what it says where a part is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime_wrappers.nodejs import parts

ANSWERS = "exports.handler = async (event) => ({ n: event.n, node: process.versions.node.split('.')[0] });"


@pytest.fixture
def function(tmp_path) -> Path:
    """A Node.js function in src/, with the runtime client in node_modules of the folder above."""
    client = parts.CLIENTS[0].file.parents[1]
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "aws-lambda-ric").symlink_to(client)
    folder: Path = tmp_path / "src"
    folder.mkdir()
    (folder / "app.js").write_text(ANSWERS)
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aftercall.command", "run", "--handler", "app.handler", *words]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_it_runs_under_the_client_of_its_node_modules_and_is_watched(node, function, layer) -> None:
    done = run(function, "--node", node, "--json", "--event", '{"n": 7}', "--layer", str(layer), "--timeout", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    (invocation,) = [record for record in records if record["type"] == "invocation"]
    assert invocation["response"] == {"n": 7, "node": Path(node).parents[1].name.removeprefix("node")}
    watched = [record["text"] for record in records if record["type"] == "log" and record["source"] == "extension"]
    assert any(text.startswith('{"aftercall":"ok') for text in watched), records


def test_a_python_file_of_the_same_name_goes_first(function) -> None:
    (function / "app.py").write_text("def handler(event, context):\n    return 'python'\n")
    done = run(function)
    assert 'response: "python"' in done.stdout, done.stdout + done.stderr


MISSING = {
    "node": (("--node", "no-such-node"), "--node 'no-such-node' is not an executable on PATH: install Node.js"),
    "client": (("--node", sys.executable), "no aws-lambda-ric in node_modules of '.' or above: `npm install"),
}


@pytest.mark.parametrize("part", MISSING)
def test_what_is_missing_is_told_with_its_remedy(function, part) -> None:
    words, wanted = MISSING[part]
    if part == "client":
        (function.parent / "node_modules" / "aws-lambda-ric").unlink()
    done = run(function, *words)
    assert done.returncode == 2
    assert wanted in done.stderr
