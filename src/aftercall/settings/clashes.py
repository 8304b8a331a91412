"""Settings that are valid alone and not together: one line names them, and the safest reading is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aftercall.settings.table import Settings


def choose_exporters(settings: Settings, environment: Mapping[str, str], complaints: list[str]) -> None:
    chosen: tuple[str, ...] | None = settings.exporters
    if chosen is None:
        chosen = _exporters_by_endpoint(settings, complaints)
    elif settings.otel_disabled and "otlp" in chosen:
        complaints.append("AFTERCALL_EXPORTER ('otlp'): OTEL_SDK_DISABLED is true; nothing is sent by OTLP")
    if "otlp" in chosen and not settings.otel_disabled:
        chosen = _with_endpoint(chosen, "otlp", usable=_otlp_endpoint_is_usable(settings, environment, complaints))
    if "json" in chosen and not settings.json_endpoint:
        if not environment.get("AFTERCALL_JSON_ENDPOINT", "").strip():
            complaints.append("AFTERCALL_EXPORTER ('json'): AFTERCALL_JSON_ENDPOINT is needed for it; left out")
        chosen = _with_endpoint(chosen, "json", usable=False)
    if settings.otel_disabled:
        chosen = tuple(name for name in chosen if name != "otlp")
    settings.exporters = chosen


def _exporters_by_endpoint(settings: Settings, complaints: list[str]) -> tuple[str, ...]:
    if not (settings.otlp_traces_endpoint or settings.otlp_endpoint):
        return ("json",) if settings.json_endpoint else ("log",)
    if settings.json_endpoint:
        complaints.append(
            "AFTERCALL_JSON_ENDPOINT: an OTLP endpoint is set too, and is used; to send to both, set AFTERCALL_EXPORTER"
            " to json,otlp"
        )
    return ("otlp",)


def _otlp_endpoint_is_usable(settings: Settings, environment: Mapping[str, str], complaints: list[str]) -> bool:
    """False if one was set and cannot be used: the default is not what the user meant then."""
    if settings.otlp_traces_endpoint or settings.otlp_endpoint:
        return True
    named = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    if any(environment.get(name, "").strip() for name in named):
        return False
    complaints.append(
        "AFTERCALL_EXPORTER ('otlp'): OTEL_EXPORTER_OTLP_ENDPOINT is not set; http://localhost:4318 is used"
    )
    return True


def _with_endpoint(chosen: tuple[str, ...], name: str, usable: bool) -> tuple[str, ...]:
    """Without this exporter if its endpoint cannot be used; `log` if none is left."""
    return chosen if usable else tuple(one for one in chosen if one != name) or ("log",)


def choose_client_certificate(settings: Settings, complaints: list[str]) -> None:
    if bool(settings.otlp_client_certificate) != bool(settings.otlp_client_key):
        complaints.append(
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY: "
            "one is of no use without the other; no client certificate is used"
        )
        settings.otlp_client_certificate = settings.otlp_client_key = ""
