"""Where the peers' exporters send: on loopback, at the ports that they take by default.

A sink keeps what comes and reads it only when it is asked how many calls it was told of. Spans of invocations are no
calls: of a library that a peer does not hook there is none.
"""

from __future__ import annotations

import gzip
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler, ThreadingUDPServer
from typing import TYPE_CHECKING, Any, ClassVar

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.tools.compare.msgpack import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATADOG_INFO = {"version": "7.70.0", "endpoints": ["/v0.4/traces", "/v0.5/traces"], "client_drop_p0s": True}


class Sink:
    """One peer's. `messages` and `calls` are those since the last `clear`."""

    name: ClassVar[str]

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._waiting: list[tuple[str, bytes]] = []
        self._calls = 0
        self.messages = 0

    def take(self, path: str, body: bytes) -> None:
        self._waiting.append((path, body))
        self.messages += 1

    def calls(self) -> int:
        while self._waiting:
            self._calls += self.calls_in(*self._waiting.pop(0))
        return self._calls

    def calls_in(self, path: str, body: bytes) -> int:
        raise NotImplementedError


class HttpSink(Sink):
    """`context` makes it speak TLS."""

    ports: ClassVar[tuple[int, ...]]

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        for port in self.ports:
            server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
            if context is not None:
                server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> bytes:
        return b""


def _handler(sink: HttpSink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.body()
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            sink.take(self.path, body)
            answer = sink.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_PUT = do_GET = do_POST  # noqa: N815 (the base class's names)

        def body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


class OtlpSink(HttpSink):
    name = "OpenTelemetry"
    ports = (4318,)

    def calls_in(self, path: str, body: bytes) -> int:
        if path != "/v1/traces":
            return 0
        request = ExportTraceServiceRequest.FromString(body)
        scopes = (scope for resource in request.resource_spans for scope in resource.scope_spans)
        return sum(span.kind == Span.SPAN_KIND_CLIENT for scope in scopes for span in scope.spans)


class DatadogSink(HttpSink):
    """Their extension: an agent at 8126, and what their libraries tell of invocations at 8124."""

    name = "Datadog"
    ports = (8126, 8124)

    def answer(self, path: str) -> bytes:
        return json.dumps(DATADOG_INFO if path == "/info" else {"rate_by_service": {}}).encode()

    def calls_in(self, path: str, body: bytes) -> int:
        if not path.endswith("/traces"):
            return 0
        content = unpacked(body)
        if path == "/v0.4/traces":
            return sum(span.get("meta", {}).get("span.kind") == "client" for trace in content for span in trace)
        words, traces = content  # strings stand in one table, a span is an array: its tenth is `meta`
        kind, client = (words.index(word) if word in words else None for word in ("span.kind", "client"))
        return sum(kind in span[9] and span[9][kind] == client for trace in traces for span in trace)


class LumigoSink(HttpSink):
    name = "Lumigo"
    ports = (443,)

    def calls_in(self, path: str, body: bytes) -> int:
        return sum(span.get("type") == "http" for span in json.loads(body))


class XraySink(Sink):
    """The daemon at UDP 2000: a line that says the format, and a segment or a subsegment."""

    name = "X-Ray"
    port = 2000

    def __init__(self) -> None:
        super().__init__()
        sink = self

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                sink.take("", self.request[0])

        server = ThreadingUDPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def calls_in(self, path: str, body: bytes) -> int:
        return sum(one.get("namespace") in {"remote", "aws"} for one in _nested(json.loads(body.partition(b"\n")[2])))


def _nested(segment: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield segment
    for one in segment.get("subsegments", ()):
        yield from _nested(one)


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """The sides of a TLS server for `localhost`: its own, and the file that clients are to trust."""
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file
