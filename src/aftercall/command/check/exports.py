"""What each exporter would send of an invocation: by the code that redacts and exports it in the function."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall.exporters.function import Function
from aftercall.exporters.json_http import JsonExporter
from aftercall.exporters.log import LogExporter
from aftercall.exporters.otlp import OtlpExporter
from aftercall.exporters.otlp_json import resource_of
from aftercall.pipeline.limit import limit
from aftercall.pipeline.recognise import recognise
from aftercall.pipeline.redact import Redactor
from aftercall.transport.http import Transport
from aftercall.transport.outcome import Answer

if TYPE_CHECKING:
    from aftercall.exporters.exporter import Exporter
    from aftercall.masking.rules import Rules
    from aftercall.pipeline.model import Invocation
    from aftercall.settings import Settings

_SECONDS = 60


def exported(invocation: Invocation, rules: Rules, settings: Settings) -> dict[str, str]:
    """By exporter's name. The log is redacted without bodies, unless another exporter beside it shows them."""
    recognise(invocation, rules)
    sent: list[str] = []
    transport = _Kept(sent)
    function = Function({}, {})
    exporters: list[Exporter] = [
        LogExporter(sent.append),
        JsonExporter(transport, function),
        OtlpExporter(transport, resource_of(function, settings.service_name, settings.resource_attributes, {})),
    ]
    beside = any(exporter.bodies for exporter in exporters if exporter.name in settings.exporters)
    found = {}
    for exporter in exporters:
        redactor = Redactor(bodies=exporter.bodies or beside, rules=rules)
        exporter.export([limit(redactor.record(invocation))], time.monotonic() + _SECONDS)
        found[exporter.name] = "\n".join(sent)
        sent.clear()
    return found


class _Kept(Transport):
    """Keeps what it is given to post."""

    def __init__(self, sent: list[str]) -> None:
        super().__init__("http://localhost/", (), {})
        self._sent = sent

    def post(self, encoded: bytes, seconds: float) -> Answer:  # noqa: ARG002 - nobody is waited for
        self._sent.append(encoded.decode("ascii"))
        return Answer(200, b"", "")
