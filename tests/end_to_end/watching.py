"""Runs a function under AWS's own runtime client with the built layer, and keeps all that came out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftercall.sandbox import LogLine, Outcome, Sandbox, SandboxConfig
from tests.log_lines import records_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

FUNCTIONS = Path(__file__).parent / "functions"
WRAPPER = "/opt/aftercall/wrapper"


@dataclass(frozen=True)
class Watched:
    """What a run showed: to the caller, in the log, and in the telemetry."""

    outcomes: list[Outcome]
    function_log: list[LogLine]
    extension_log: list[LogLine]
    telemetry: list[dict[str, Any]]

    @property
    def extension_lines(self) -> list[str]:
        return [line.text for line in self.extension_log]

    @property
    def records(self) -> list[dict[str, Any]]:
        """The log exporter's lines, parsed."""
        return records_in(self.extension_lines)

    @property
    def notices(self) -> list[str]:
        """What the extension said about itself."""
        return [line for line in self.extension_lines if not line.startswith("{")]


def configuration(
    handler: str,
    *,
    layer: Path | None,
    environment: Mapping[str, str] | None = None,
    wrapper: str | None = WRAPPER,
    **settings: Any,
) -> SandboxConfig:
    """`handler` is a module of functions/ and a name in it."""
    return SandboxConfig(
        command=[sys.executable, "-m", "awslambdaric", handler],
        task_root=FUNCTIONS,
        handler=handler,
        layers=[layer] if layer else [],
        wrapper=wrapper if layer else None,
        environment=environment or {},
        **settings,
    )


def watch(
    handler: str,
    events: Sequence[Any] = ({},),
    *,
    layer: Path | None,
    between: Callable[[Sandbox, int], Awaitable[None]] | None = None,
    **settings: Any,
) -> Watched:
    """Invoke `handler` once for each event, `between` after each, then shut down."""

    async def run() -> Watched:
        outcomes = []
        async with Sandbox(configuration(handler, layer=layer, **settings)) as sandbox:
            for number, event in enumerate(events):
                outcomes.append(await sandbox.invoke(event))
                if between:
                    await between(sandbox, number)
        return Watched(outcomes, list(sandbox.function_log), list(sandbox.extension_log), list(sandbox.telemetry))

    return asyncio.run(run())


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@contextlib.contextmanager
def backend(status: int = 200) -> Iterator[tuple[str, list[Received]]]:
    """An HTTP server that keeps what it is sent. Gives its URL and the list."""
    received: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST  # noqa: N815 - http.server's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()
