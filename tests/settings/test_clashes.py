"""Settings that are wrong or clash: one line for each, without a secret, and the safest reading."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aftercall import settings

ROOT = Path(__file__).resolve().parents[2]
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
GOOD = "http://collector:4318"

# Environment, what the one line holds, and the settings that are used.
CLASHES: list[tuple[dict[str, str], list[str], dict[str, Any]]] = [
    ({"AFTERCALL_EXPORTER": "otlp"}, [ENDPOINT, "http://localhost:4318 is used"], {"exporters": ("otlp",)}),
    ({"AFTERCALL_EXPORTER": "json"}, ["AFTERCALL_JSON_ENDPOINT"], {"exporters": ("log",)}),
    ({"AFTERCALL_EXPORTER": "json,log"}, ["AFTERCALL_JSON_ENDPOINT"], {"exporters": ("log",)}),
    ({"AFTERCALL_EXPORTER": "json", "AFTERCALL_JSON_ENDPOINT": "host"}, ["'host'"], {"exporters": ("log",)}),
    ({"AFTERCALL_EXPORTER": "otlp", ENDPOINT: "collector:4318"}, ["'collector:4318'"], {"exporters": ("log",)}),
    ({ENDPOINT: "collector:4318"}, [ENDPOINT, "'collector:4318'"], {"exporters": ("log",)}),
    ({TRACES_ENDPOINT: "collector", ENDPOINT: GOOD}, [TRACES_ENDPOINT], {"exporters": ("otlp",)}),
    ({ENDPOINT: GOOD, "AFTERCALL_JSON_ENDPOINT": GOOD}, ["AFTERCALL_EXPORTER"], {"exporters": ("otlp",)}),
    (
        {"AFTERCALL_EXPORTER": "otlp", ENDPOINT: GOOD, "OTEL_SDK_DISABLED": "TRUE"},
        ["OTEL_SDK_DISABLED"],
        {"exporters": ()},
    ),
    ({"OTEL_SDK_DISABLED": "1", ENDPOINT: GOOD}, ["OTEL_SDK_DISABLED", "false is used"], {"exporters": ("otlp",)}),
    ({"AFTERCALL_EXPORTER": "pigeon"}, ["'pigeon'"], {"exporters": ("log",)}),
    ({"AFTERCALL_EXPORTER": "none,log"}, ["'none,log'"], {"exporters": ("log",)}),
    ({"AFTERCALL_EXPORT_BUDGET_MS": "0"}, ["'0'", "1000 is used"], {"export_budget_ms": 1000}),
    ({"AFTERCALL_EXPORT_BUDGET_MS": "-1"}, ["'-1'"], {"export_budget_ms": 1000}),
    ({"AFTERCALL_EXPORT_BUDGET_MS": "9" * 30}, ["'9999"], {"export_budget_ms": 1000}),
    ({"AFTERCALL_EXPORT_BUDGET_MS": "1s"}, ["'1s'"], {"export_budget_ms": 1000}),
    ({"AFTERCALL_EXPORT_BUDGET_MS": "\u0661\u0660"}, ["AFTERCALL_EXPORT_BUDGET_MS"], {"export_budget_ms": 1000}),
    ({"AFTERCALL_CAPTURE_BYTES": "4k"}, ["'4k'", "4096 is used"], {"capture_bytes": 4096}),
    ({"AFTERCALL_CAPTURE_BYTES": "-1"}, ["'-1'"], {"capture_bytes": 4096}),
    ({"AFTERCALL_EVENT_BYTES": "5000000"}, ["1048576 is used"], {"event_bytes": 1_048_576}),
    ({"AFTERCALL_DISABLED": "yes"}, ["'yes'", "false is used"], {"disabled": False}),
    ({"AFTERCALL_LOG_LEVEL": "loud"}, ["'loud'", "warn is used"], {"log_level": "warn"}),
    ({"AFTERCALL_SPOOL_DIR": "spool"}, ["'spool'"], {"spool_dir": "/tmp/aftercall"}),
    (
        {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "soon", "OTEL_EXPORTER_OTLP_TIMEOUT": "500"},
        ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ('soon')", "500 is used"],
        {"otlp_timeout_ms": 500},
    ),
    (
        {"OTEL_EXPORTER_OTLP_CLIENT_KEY": "/key.pem"},
        ["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"],
        {"otlp_client_key": ""},
    ),
    ({ENDPOINT: "http://collector:99999"}, ["'http://collector:99999'"], {"exporters": ("log",)}),
    ({ENDPOINT: "http://collector:0"}, ["'http://collector:0'"], {"exporters": ("log",)}),
    ({ENDPOINT: "http://:4318"}, ["'http://:4318'"], {"exporters": ("log",)}),
    ({ENDPOINT: "http://a collector"}, ["'http://a collector'"], {"exporters": ("log",)}),
    ({ENDPOINT: "http://ada:hunter2@collector:99999"}, ["@collector:99999'"], {"exporters": ("log",)}),
    ({ENDPOINT: "ada:hunter2@collector:4318"}, ["@collector:4318'"], {"exporters": ("log",)}),
    ({ENDPOINT: "https:/ada:hunter2@collector"}, ["@collector'"], {"exporters": ("log",)}),
    ({ENDPOINT: "ftp://collector/?token=hunter2"}, ["ftp://collector/"], {"exporters": ("log",)}),
    ({"OTEL_EXPORTER_OTLP_HEADERS": "hunter2"}, ["7 characters, not shown", "left out"], {"otlp_headers": ()}),
    (
        {"OTEL_EXPORTER_OTLP_TRACES_HEADERS": "hunter2", "OTEL_EXPORTER_OTLP_HEADERS": "a=hunter2"},
        ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "the general variable's is used"],
        {"otlp_headers": (("a", "hunter2"),)},
    ),
    ({"AFTERCALL_JSON_HEADERS": "x=hunter2\x01\r\ny"}, ["characters, not shown"], {"json_headers": ()}),
]

# Two variables that agree: the specific one wins, without a line.
AGREED = [
    {ENDPOINT: GOOD, "AFTERCALL_EXPORTER": "log"},
    {ENDPOINT: GOOD, TRACES_ENDPOINT: GOOD},
    {"OTEL_EXPORTER_OTLP_HEADERS": "a=b", "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "a=c"},
    {ENDPOINT: "https://ada:hunter2@collector"},
    {ENDPOINT: "", "AFTERCALL_EXPORTER": " ", "AFTERCALL_EXPORT_BUDGET_MS": ""},
    {"AFTERCALL_EXPORTER": "none"},
]


@pytest.mark.parametrize(("environment", "words", "taken"), CLASHES, ids=[str(row[0]) for row in CLASHES])
def test_one_line_and_the_safest_reading(environment: dict, words: list[str], taken: dict) -> None:
    chosen, (line,) = settings.read(environment)
    assert [word for word in words if word not in line] == []
    assert "hunter2" not in line
    assert "\n" not in line
    assert {name: getattr(chosen, name) for name in taken} == taken


@pytest.mark.parametrize("environment", AGREED, ids=str)
def test_what_does_not_clash_is_not_told(environment: dict) -> None:
    assert settings.read(environment)[1] == []


SIZES = [
    "",
    " ",
    "0",
    "00",
    "17",
    " 17\t",
    "1048576",
    "1048577",
    "99999999",
    "9" * 40,
    "4k",
    "-1",
    "+1",
    "1_000",
    "\u0661\u0660",
]
FOLDERS = ["", " ", "/tmp/a", " /tmp/a// "]
AS_THE_WRAPPER = """
import json, posix, sys
sys.path.insert(0, sys.argv[1])
from _aftercall import capture_rules
found = []
for name, value in json.loads(sys.argv[2]):
    posix.environ.clear()
    posix.environ[name.encode()] = value.encode()
    rules = capture_rules.CaptureRules()
    found.append([rules.call_bytes, rules.event_bytes, capture_rules.spool_folder()])
print(json.dumps(found))
"""


def test_the_wrapper_takes_what_the_extension_says() -> None:
    given = [("AFTERCALL_CAPTURE_BYTES", size) for size in SIZES] + [("AFTERCALL_EVENT_BYTES", size) for size in SIZES]
    given += [("AFTERCALL_SPOOL_DIR", folder) for folder in FOLDERS]
    command = [sys.executable, "-c", AS_THE_WRAPPER, str(ROOT / "runtime_wrappers" / "python"), json.dumps(given)]
    taken = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for (name, value), wrapper in zip(given, taken, strict=True):
        extension, _ = settings.read({name: value})
        assert wrapper == [extension.capture_bytes, max(extension.event_bytes, 65_536), extension.spool_dir], (
            name,
            value,
        )
