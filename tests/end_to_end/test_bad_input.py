"""Every wrong value ends in one line that names it and the remedy, and never in a failed function."""

import pytest

from tests.end_to_end.watching import watch

BAD = [
    ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
    ({"OTEL_EXPORTER_OTLP_ENDPOINT": "ftp://collector"}, "OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://collector"),
    (
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "grpc",
    ),
    (
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_TIMEOUT": "soon"},
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "soon",
    ),
    ({"AFTERCALL_EXPORTER": "carrier-pigeon"}, "AFTERCALL_EXPORTER", "carrier-pigeon"),
    ({"AFTERCALL_EXPORTER": "otlp"}, "OTEL_EXPORTER_OTLP_ENDPOINT", "AFTERCALL_EXPORTER"),
    ({"AFTERCALL_EXPORTER": "json"}, "AFTERCALL_JSON_ENDPOINT", "AFTERCALL_EXPORTER"),
    ({"AFTERCALL_EXPORT_BUDGET_MS": "-5"}, "AFTERCALL_EXPORT_BUDGET_MS", "-5"),
    ({"AFTERCALL_CAPTURE_BYTES": "many"}, "AFTERCALL_CAPTURE_BYTES", "many"),
    ({"AFTERCALL_LOG_LEVEL": "loud"}, "AFTERCALL_LOG_LEVEL", "loud"),
    ({"AFTERCALL_DISABLED": "perhaps"}, "AFTERCALL_DISABLED", "perhaps"),
    ({"AFTERCALL_SPOOL_DIR": "/proc/nowhere"}, "AFTERCALL_SPOOL_DIR", "/proc/nowhere"),
]


@pytest.mark.parametrize(("environment", "variable", "value"), BAD, ids=[f"{case[1]}={case[2]}" for case in BAD])
def test_one_line_names_the_variable_and_the_value(layer, environment: dict, variable: str, value: str) -> None:
    watched = watch("plain.ok", [1, 2], layer=layer, environment=environment)
    assert [outcome.status for outcome in watched.outcomes] == ["success", "success"]
    told = [line for line in watched.notices if variable in line]
    assert len(told) == 1, watched.extension_lines
    assert value in told[0]


def test_a_header_that_cannot_be_parsed_is_told_without_its_value(layer) -> None:
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "OTEL_EXPORTER_OTLP_HEADERS": "hunter2-without-equals",
    }
    watched = watch("plain.ok", [1], layer=layer, environment=environment)
    assert any("OTEL_EXPORTER_OTLP_HEADERS" in line for line in watched.notices)
    assert "hunter2" not in "\n".join(watched.extension_lines)
