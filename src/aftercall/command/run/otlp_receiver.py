"""A small OTLP/HTTP receiver on loopback, so that a local run shows what a real backend would be sent."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from aftercall.command.run.trace import Span, spans_of

if TYPE_CHECKING:
    from types import TracebackType

MAX_REQUEST_BYTES = 64 * 1024 * 1024


class OtlpReceiver:
    """Keeps every request it is sent. `async with` starts it; `endpoint` is for OTEL_EXPORTER_OTLP_ENDPOINT."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, bytes]] = []
        """(path, body as it was sent after Content-Encoding was undone)"""
        self.endpoint = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        app.router.add_post("/{path:.*}", self._receive)
        self._runner = web.AppRunner(app, access_log=None, auto_decompress=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.endpoint = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    def spans(self) -> list[Span]:
        """All spans received so far."""
        return [span for request in self.trace_requests() for span in spans_of(request)]

    def trace_requests(self) -> list[dict[str, Any]]:
        """Each ExportTraceServiceRequest as JSON, in the order of arrival."""
        return [json.loads(body) for path, body in self.requests if path.endswith("/v1/traces")]

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.requests.append((request.path, body))
        return web.json_response({})
