"""One JSON document for each invocation, posted to any HTTP endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.exporters.exporter import Exporter, Result
from aftercall.exporters.json_document import document_of
from aftercall.formats.json_text import dumps
from aftercall.transport.retry import deliver

if TYPE_CHECKING:
    from aftercall.exporters.function import Function
    from aftercall.pipeline.record import InvocationRecord
    from aftercall.transport.http import Transport


class JsonExporter(Exporter):
    """Posts in order. After the first failure the remaining records wait for the next flush."""

    name = "json"
    bodies = True
    waits = True

    def __init__(self, transport: Transport, function: Function) -> None:
        self._transport = transport
        self._function = function

    def prepare(self) -> None:
        self._transport.prepare()
        self.may_hang = self._transport.may_hang

    def export(self, records: list[InvocationRecord], deadline: float) -> Result:
        result = Result()
        for position, record in enumerate(records):
            try:
                body = dumps(document_of(record, self._function)).encode("ascii")
            except Exception as error:  # a fault of ours costs this record alone
                result.dropped += 1
                result.error = f"{type(error).__name__}; a record is left out"
                continue
            delivery = deliver(self._transport, body, deadline)
            result.sent_bytes += delivery.sent_bytes
            if not delivery.reason:
                continue
            result.error = delivery.reason
            if delivery.is_final:
                result.dropped += 1
                continue
            result.not_before = delivery.not_before
            result.kept = records[position:]
            break
        return result
