"""Makes the exporters that the settings name. Each is imported only here and only when it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.exporters.log import LogExporter
from aftercall.extension import log_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aftercall.exporters.exporter import Exporter
    from aftercall.exporters.function import Function
    from aftercall.settings import Settings


def make_exporters(settings: Settings, function: Function, environment: Mapping[str, str]) -> list[Exporter]:
    """Ready to export. One that cannot be made is logged and left out. If none is left, `log` is used."""
    made: list[Exporter] = []
    for name in settings.exporters:
        try:
            exporter = _make(name, settings, function, environment)
            exporter.prepare()
        except Exception as error:  # a certificate that cannot be read must not cost the whole extension
            # The message of an error that is not ours may quote a setting, with a secret in it.
            told = str(error) if type(error).__module__.startswith("aftercall.") else type(error).__name__
            log_lines.warn(f"exporter {name}: {told}; it is left out")
        else:
            made.append(exporter)
    if settings.exporters and not made:
        made.append(LogExporter(log_lines.write_line))
    return made


def _make(name: str, settings: Settings, function: Function, environment: Mapping[str, str]) -> Exporter:
    if name == "log":
        return LogExporter(log_lines.write_line)
    from aftercall.transport.http import Transport  # noqa: PLC0415 - only for exporters that send
    from aftercall.transport.tls import TlsFiles  # noqa: PLC0415

    if name == "json":
        from aftercall.exporters.json_http import JsonExporter  # noqa: PLC0415

        transport = Transport(settings.json_endpoint, settings.json_headers, environment)
        return JsonExporter(transport, function)
    from aftercall.exporters.otlp import OtlpExporter, endpoint_of  # noqa: PLC0415
    from aftercall.exporters.otlp_json import resource_of  # noqa: PLC0415

    transport = Transport(
        endpoint_of(settings.otlp_traces_endpoint, settings.otlp_endpoint),
        settings.otlp_headers,
        environment,
        tls=TlsFiles(settings.otlp_certificate, settings.otlp_client_certificate, settings.otlp_client_key),
        timeout=settings.otlp_timeout_ms / 1e3,
        gzip=settings.otlp_compression == "gzip",
    )
    resource = resource_of(function, settings.service_name, settings.resource_attributes, environment)
    return OtlpExporter(transport, resource, pointers=settings.span_pointers)
