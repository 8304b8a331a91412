"""The exporters that the settings ask for, made and prepared. Only their modules are loaded."""

from __future__ import annotations

from aftercall.extension import log_lines

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from collections.abc import Mapping

    from aftercall.exporters.exporter import Exporter
    from aftercall.exporters.function import Function
    from aftercall.extension.settings import Settings


def make(settings: Settings, function: Function, environment: Mapping[str, str]) -> list[Exporter]:
    """One for each name in `settings.exporters`. One that cannot be prepared says why and is kept."""
    makers = {"log": _log, "json": _json, "otlp": _otlp}
    exporters = [makers[name](settings, function, environment) for name in settings.exporters]
    for exporter in exporters:
        try:
            exporter.prepare()
        except Exception as error:
            log_lines.warn(f"exporter {exporter.name}: {error}")
    return exporters


def _log(_settings: Settings, _function: Function, _environment: Mapping[str, str]) -> Exporter:
    from aftercall.exporters.log import LogExporter  # noqa: PLC0415 - only when it is asked for

    return LogExporter(log_lines.write_line)


def _json(settings: Settings, function: Function, environment: Mapping[str, str]) -> Exporter:
    from aftercall.exporters.http import Transport  # noqa: PLC0415 - only when it is asked for
    from aftercall.exporters.json_http import JsonExporter  # noqa: PLC0415

    transport = Transport(settings.json_endpoint, settings.json_headers, environment)
    return JsonExporter(transport, function)


def _otlp(settings: Settings, function: Function, environment: Mapping[str, str]) -> Exporter:
    from aftercall.exporters.http import TlsFiles, Transport  # noqa: PLC0415 - only when it is asked for
    from aftercall.exporters.otlp import OtlpExporter, endpoint_of  # noqa: PLC0415
    from aftercall.exporters.otlp_json import resource_of  # noqa: PLC0415

    transport = Transport(
        endpoint_of(settings.otlp_traces_endpoint, settings.otlp_endpoint),
        settings.otlp_headers,
        environment,
        tls=TlsFiles(settings.otlp_certificate, settings.otlp_client_certificate, settings.otlp_client_key),
        timeout=settings.otlp_timeout_ms / 1000,
        gzip=settings.otlp_compression == "gzip",
    )
    resource = resource_of(function, settings.service_name, settings.resource_attributes, environment)
    return OtlpExporter(transport, resource)
