"""No line about an unusable setting shows a secret in its value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aftercall import settings
from aftercall.exporters.function import Function
from aftercall.extension import log_lines
from aftercall.extension.exporting import make_exporters
from aftercall.settings.masking_rules import masking_rules

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2-Zx81-correct-horse"
TOKEN = "ghp_8fK2mZq7Rt4Xv9Lw3Nc6Pb1Yd5Hs0Jg8uA2e"
VALUES = {
    "URL": f"https://user:{SECRET}@vault.example/x y",
    "URL with a port that is none": f"https://user:{SECRET}@vault.example:port/",
    "URL with a sign in its password": f"https://user:a@{SECRET}@vault.example:port/",
    "without a scheme": f"user:{SECRET}@vault.example",
    "with half a scheme": f"https//user:{SECRET}@vault.example",
    "of a proxy that is none": f"socks5://user:{SECRET}@vault.example:1080",
    "two hosts": f"a.example,https://user:{SECRET}@vault.example",
    "parameter": f"vault.example/?token={SECRET}",
    "pair": f"password={SECRET}",
    "pair behind another": f"a=b, password={SECRET}",
    "header": f"Authorization: Bearer {SECRET}",
    "token": TOKEN,
    "token in a list": f"a b,{TOKEN}",
    "token in a pattern": f"({TOKEN}[",
    "token in a path": f"event.{TOKEN}[[",
    "connection string": f"postgres://user:{SECRET}@db.example/app",
}
NAMES = [name for variable in settings.VARIABLES for name in variable.names]
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")


def told(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(log_lines, "warn", lines.append)
    monkeypatch.setattr(log_lines, "debug", lines.append)
    environment = {"LAMBDA_TASK_ROOT": "/nonexistent", **environment}
    chosen, complaints = settings.read(environment)
    masking_rules(chosen, environment, complaints)
    make_exporters(chosen, Function({}, {}), environment)
    return complaints + lines


def assert_not_shown(lines: list[str]) -> None:
    shown = [line for line in lines if SECRET[8:] in line or TOKEN[8:] in line]
    assert not shown


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", NAMES)
def test_no_line_about_a_setting_shows_it(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_not_shown(told({name: VALUES[value]}, monkeypatch))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", PROXIES)
def test_nor_one_about_what_lies_on_the_way(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for exporter in ("AFTERCALL_JSON_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"):
        for endpoint in ("https://h.example/", "http://h.example/"):
            assert_not_shown(told({exporter: endpoint, name: VALUES[value]}, monkeypatch))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"])
def test_nor_one_about_a_file(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"OTEL_EXPORTER_OTLP_ENDPOINT": "https://h.example/", "OTEL_EXPORTER_OTLP_CLIENT_KEY": VALUES[value]}
    lines = told({**given, name: VALUES[value]}, monkeypatch)
    assert lines
    assert_not_shown(lines)


RULES = ("level", "keys", "values", "paths", "allow", "exclude_hosts")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("key", [*RULES, "unknown"])
def test_nor_one_about_a_rules_file(key: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = VALUES[value]
    rules = {text: 1} if key == "unknown" else {key: text if key == "level" else [text]}
    (tmp_path / "rules.json").write_text(json.dumps(rules))
    assert_not_shown(told({"AFTERCALL_MASKING_FILE": str(tmp_path / "rules.json")}, monkeypatch))
    assert_not_shown(told({"AFTERCALL_MASKING_FILE": str(tmp_path / text.replace("/", "_"))}, monkeypatch))
