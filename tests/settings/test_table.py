"""How the variables are read, and which exporters they choose."""

import pytest

from aftercall import settings


@pytest.mark.parametrize(
    ("environment", "exporters"),
    [
        ({}, ("log",)),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c"}, ("otlp",)),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c"}, ("otlp",)),
        ({"AFTERCALL_JSON_ENDPOINT": "http://c"}, ("json",)),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "AFTERCALL_EXPORTER": "LOG, otlp,log"}, ("log", "otlp")),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "not a url"}, ("log",)),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "TRUE"}, ()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "1"}, ("otlp",)),
        ({"AFTERCALL_EXPORTER": "none"}, ()),
    ],
)
def test_which_exporters_are_chosen(environment: dict, exporters: tuple) -> None:
    assert settings.read(environment)[0].exporters == exporters


def test_headers_are_percent_decoded_and_the_signals_own_win() -> None:
    environment = {
        "OTEL_EXPORTER_OTLP_HEADERS": "a=general",
        "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "authorization=Basic%20YTpi+x, b = 1%2C2 ",
    }
    read, complaints = settings.read(environment)
    assert read.otlp_headers == (("authorization", "Basic YTpi+x"), ("b", "1,2"))
    assert complaints == []


def test_every_variable_has_a_help_of_one_line() -> None:
    for variable in settings.VARIABLES:
        assert variable.help.endswith(".")
        assert "\n" not in variable.help
