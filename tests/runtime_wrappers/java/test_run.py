"""`aftercall run` of a Java function: what it is given, and what it says where something is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from . import parts

JAVA = parts.OLDEST_AND_NEWEST[1]


@pytest.fixture
def package(tmp_path) -> Path:
    """A function's folder: classes, and the runtime client in lib/."""
    root = Path(tmp_path, "function")
    (root / "lib").mkdir(parents=True)
    classes = parts.compiled((parts.HERE / "functions",), "runtime_client")
    shutil.copytree(classes / "app", root / "app")
    for jar in parts.jars("runtime_client"):
        shutil.copy(jar, root / "lib")
    return root


def ran(package: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aftercall.command", "run", "--task-root", str(package), *arguments]
    environment = {**os.environ, "JAVA_HOME": str(Path(parts.java(JAVA)).parents[1]), **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)


def test_a_java_function_is_known_by_its_class(package, layer) -> None:
    slow = ("--timeout", "60", "--json", "--layer", str(layer))
    result = ran(package, "--handler", "app.App::pojo", "--event", '{"a": 1}', *slow)
    assert result.returncode == 0, result.stdout + result.stderr
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["response"] for record in records if record["type"] == "invocation"] == [{"a": 1}]
    assert any('"aftercall"' in record["text"] for record in records if record["type"] == "log"), records


def test_no_runtime_client_is_one_line(package) -> None:
    for jar in (package / "lib").iterdir():
        jar.unlink()
    result = ran(package, "--handler", "app.App")
    assert result.returncode == 2
    assert "app.App is a Java function" in result.stderr
    assert "mvn dependency:copy" in result.stderr


def test_no_java_is_one_line(package) -> None:
    result = ran(package, "--handler", "app.App", JAVA_HOME="", PATH="/nowhere")
    assert result.returncode == 2
    assert "java is not on PATH" in result.stderr
