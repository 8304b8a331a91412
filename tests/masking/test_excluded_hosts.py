"""The table of hosts whose bodies are never written, against the Python wrapper."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

TABLE = json.loads((Path(__file__).parent / "excluded_hosts.json").read_text())
MODULE = Path(__file__).parents[2] / "runtime_wrappers" / "python" / "_aftercall" / "capture_rules.py"


@pytest.fixture
def capture_rules(monkeypatch: pytest.MonkeyPatch):
    spec = importlib.util.spec_from_file_location("capture_rules", MODULE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    environment = {name.encode(): value.encode() for name, value in TABLE["environment"].items()}
    monkeypatch.setattr(module, "environ", environment)
    return module


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['host']}:{case['port']}")
def test_bodies_of_excluded_hosts_are_not_written(capture_rules, case: dict) -> None:
    kinds = {"nothing": capture_rules.NOTHING, "excluded": capture_rules.HEAD_ONLY, "all": capture_rules.ALL}
    assert capture_rules.CaptureRules().of(case["host"], case["port"]) == kinds[case["bodies"]]
