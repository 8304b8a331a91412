"""Every wrong value ends in one line that names it and the remedy, and never in a failed function.

All of the extension's values are in tests/settings/test_clashes.py; here is what launcher and wrapper have to do
with, and a few of each kind through the whole layer.
"""

import asyncio
import os
from pathlib import Path

import pytest

from aftercall.sandbox import Bind, Sandbox
from tests.end_to_end.watching import configuration, watch

BAD = [
    ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
    ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://ada:hunter2@host:99999"}, "OTEL_EXPORTER_OTLP_ENDPOINT", "@host:99999"),
    (
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "grpc",
    ),
    (
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_HEADERS": "hunter2-without-equals"},
        "OTEL_EXPORTER_OTLP_HEADERS",
        "22 characters, not shown",
    ),
    ({"AFTERCALL_EXPORTER": "otlp"}, "OTEL_EXPORTER_OTLP_ENDPOINT", "AFTERCALL_EXPORTER"),
    ({"AFTERCALL_EXPORTER": "json"}, "AFTERCALL_JSON_ENDPOINT", "AFTERCALL_EXPORTER"),
    ({"AFTERCALL_EXPORT_BUDGET_MS": "-5"}, "AFTERCALL_EXPORT_BUDGET_MS", "-5"),
    ({"AFTERCALL_CAPTURE_BYTES": "many"}, "AFTERCALL_CAPTURE_BYTES", "many"),
    ({"AFTERCALL_DISABLED": "perhaps"}, "AFTERCALL_DISABLED", "perhaps"),
    ({"AFTERCALL_SPOOL_DIR": "/proc/nowhere"}, "AFTERCALL_SPOOL_DIR", "/proc/nowhere"),
    ({"AFTERCALL_SPOOL_DIR": "spool"}, "AFTERCALL_SPOOL_DIR", "(spool: it is not an absolute path)"),
    ({"AFTERCALL_SPOOL_DIR": "/"}, "AFTERCALL_SPOOL_DIR", "(/: "),
    ({"AFTERCALL_SPOOL_DIR": "/tmp"}, "AFTERCALL_SPOOL_DIR", "(/tmp: it is the root of a file system)"),
]


@pytest.mark.parametrize(("environment", "variable", "value"), BAD, ids=[str(case[0]) for case in BAD])
def test_one_line_names_the_variable_and_the_value(layer, environment: dict, variable: str, value: str) -> None:
    watched = watch("plain.ok", [1, 2], layer=layer, environment=environment)
    assert [outcome.status for outcome in watched.outcomes] == ["success", "success"]
    told = [line for line in watched.notices if variable in line]
    assert len(told) == 1, watched.extension_lines
    assert value in told[0]
    assert "hunter2" not in "\n".join(watched.extension_lines)


def a_file(holder: Path) -> None:
    (holder / "spool").write_text("the user's")


def a_symlink(holder: Path) -> None:
    (holder / "elsewhere").mkdir(mode=0o700)
    (holder / "spool").symlink_to("elsewhere")


def somebody_elses(holder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (holder / "spool").mkdir(mode=0o777)
    os.chown(holder / "spool", 12345, 12345)


def the_users_own(holder: Path) -> None:
    (holder / "spool").mkdir()
    (holder / "spool" / "orders.csv").write_text("the user's")


def nothing(_holder: Path) -> None:
    """The file system is read-only."""


def content(holder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.lstat().st_mode) for path in holder.rglob("*"))


@pytest.mark.parametrize("obstacle", [a_file, a_symlink, somebody_elses, the_users_own, nothing])
def test_a_folder_that_is_not_ours_is_told_and_left_alone_by_all_three(layer, tmp_path: Path, obstacle) -> None:
    obstacle(tmp_path)
    before = content(tmp_path)
    watched = watch(
        "plain.ok",
        [1, 2],
        layer=layer,
        environment={"AFTERCALL_SPOOL_DIR": "/holder/spool"},
        binds=[Bind(tmp_path, "/holder", writable=obstacle is not nothing)],
    )
    assert [outcome.status for outcome in watched.outcomes] == ["success", "success"]
    (line,) = watched.extension_lines
    assert line.startswith("aftercall: cannot use the spool folder (/holder/spool: ")
    assert content(tmp_path) == before, "neither the launcher nor the wrapper has touched it"


def seen(layer: Path, environment: dict[str, str]) -> dict[str, bool]:
    """Which parts of the layer are at work: the wrapper's hooks, the launcher's folder, the extension's records."""

    async def run() -> dict[str, bool]:
        async with Sandbox(configuration("plain.looks_around", layer=layer, environment=environment)) as sandbox:
            outcome = await sandbox.invoke({})
            modules = outcome.response_json["modules"]
            folder = "aftercall" in os.listdir(sandbox.tmp)
        records = [line for line in sandbox.extension_log if line.text.startswith("{")]
        return {"wrapper": "_aftercall" in modules, "launcher": folder, "extension": bool(records)}

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("value", "disabled"), [("true", True), (" TRUE\t", True), ("1", True), ("yes", False), ("0", False), (" ", False)]
)
def test_disabled_means_the_same_to_all_three(layer, value: str, disabled: bool) -> None:
    assert set(seen(layer, {"AFTERCALL_DISABLED": value}).values()) == {not disabled}


@pytest.mark.parametrize("value", ["/tmp/elsewhere", " /tmp/elsewhere// "])
def test_another_folder_is_the_same_to_all_three(layer, value: str) -> None:
    watched = watch("plain.ok", [{"a": 1}], layer=layer, environment={"AFTERCALL_SPOOL_DIR": value})
    assert [record["duration_ms"] > 0 for record in watched.records] == [True]
    assert watched.notices == []


@pytest.mark.parametrize(("value", "speaks"), [("TRACE", True), (" debug", True), ("Off", False)])
def test_the_log_level_means_the_same_to_all_three(layer, value: str, speaks: bool) -> None:
    environment = {"AFTERCALL_LOG_LEVEL": value, "AFTERCALL_EXPORT_BUDGET_MS": "soon"}
    watched = watch("plain.ok", [1], layer=layer, environment=environment)
    assert bool([line for line in watched.notices if "launcher" in line]) == speaks
    assert bool([line for line in watched.notices if line.startswith("aftercall: invoke")]) == speaks
    assert bool([line for line in watched.notices if "AFTERCALL_EXPORT_BUDGET_MS" in line]) == speaks
    assert len(watched.records) == 1
