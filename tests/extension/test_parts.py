"""The parts without I/O of their own: JSON, endpoints, proxies, settings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall import settings
from aftercall.exporters.otlp import endpoint_of
from aftercall.formats.json_text import dumps, loads
from aftercall.transport.proxy import proxy_for


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_json_by_its_c_halves_is_json(value: object) -> None:
    import json

    assert json.loads(dumps(value)) == value
    assert loads(json.dumps(value)) == value
    assert loads(f" \n{json.dumps(value)}\t") == value


@pytest.mark.parametrize("text", ["", "{", "[1,]", "1 2", "nul", '"\\u12"', "{1:2}"])
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own kinds of it are as good
        loads(text)


@pytest.mark.parametrize(
    ("traces", "general", "expected"),
    [
        ("", "", "http://localhost:4318/v1/traces"),
        ("", "https://c:4318", "https://c:4318/v1/traces"),
        ("", "https://c:4318/base/", "https://c:4318/base/v1/traces"),
        ("https://c/exactly/here", "https://other", "https://c/exactly/here"),
        ("https://c", "", "https://c"),
    ],
)
def test_the_endpoint_by_opentelemetrys_rules(traces: str, general: str, expected: str) -> None:
    assert endpoint_of(traces, general) == expected


@pytest.mark.parametrize(
    ("environment", "host", "expected"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "c.example", "http://p:1"),
        ({"https_proxy": "http://lower:1", "HTTPS_PROXY": "http://p:1"}, "c.example", "http://lower:1"),
        ({"HTTP_PROXY": "http://p:1"}, "c.example", ""),
        ({"ALL_PROXY": "p:1"}, "c.example", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".example"}, "c.example", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example"}, "c.example", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "xample"}, "c.example", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "c.example:444"}, "c.example", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "c.example:443"}, "c.example", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, "10.1.2.3", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "fd00::/8,[::1]:443"}, "fd00::1", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "c.example", ""),
        ({"HTTPS_PROXY": "http://p:1"}, "localhost", ""),
    ],
)
def test_the_proxy_of_an_https_url(environment: dict, host: str, expected: str) -> None:
    assert proxy_for("https", host, 443, environment) == expected


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
