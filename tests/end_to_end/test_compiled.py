"""The frozen extension masks bodies by compiled code, and loads it only where there are bodies to mask."""

import re

import pytest

from tests.end_to_end.watching import backend, watch


def modules_found_by_the_dynamic_linker(layer, exporter: str) -> set[str]:
    """Of all processes: those of glibc report which symbols they bind."""
    with backend() as (url, _), backend() as (intake, _):
        environment = {
            "AFTERCALL_EXPORTER": exporter,
            "AFTERCALL_JSON_ENDPOINT": intake,
            "OTEL_EXPORTER_OTLP_ENDPOINT": intake,
            "LD_DEBUG": "bindings",
        }
        watched = watch("plain.posts_a_password", [{"url": url}], layer=layer, environment=environment)
    assert watched.outcomes[0].status == "success"
    return set(re.findall(r"normal symbol `PyInit_(\w+)'", "\n".join(watched.extension_lines)))


@pytest.mark.parametrize("exporter", ["json", "otlp"])
def test_it_is_loaded_for_bodies(layer, exporter: str) -> None:
    assert modules_found_by_the_dynamic_linker(layer, exporter) >= {"_scanner", "aftercall_compiled"}


def test_the_log_alone_does_not_load_it(layer) -> None:
    found = modules_found_by_the_dynamic_linker(layer, "log")
    assert "posix" in found
    assert not found & {"_scanner", "aftercall_compiled"}
