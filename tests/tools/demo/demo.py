"""`make demo`: real functions, run with the layer in the local sandbox; what they did comes out as OTLP and is drawn.

Each scene names what must be seen. A scene that shows something else ends the demo with status 1.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from rich.console import Console
from rich.markup import escape

from aftercall.command.run.otlp_receiver import OtlpReceiver
from aftercall.command.run.trace import Span, roots_of
from aftercall.command.run.waterfall import Waterfall
from aftercall.sandbox import Outcome, Sandbox, SandboxConfig, SandboxError
from tests.runtime_wrappers.nodejs import parts
from tests.tools.demo import crossing, runtimes, servers
from tests.tools.demo.flow import play as flow

FUNCTIONS = Path(__file__).parent / "functions"


@dataclass(frozen=True, eq=False)
class Scene:
    """One function (a file), its events, and what must be seen of it."""

    title: str
    function: str
    status: str
    calls: int
    events: list[dict] = field(default_factory=lambda: [{}])
    hung_in: str | None = None
    error_type: str | None = None


SCENES = [
    Scene(
        "requests, boto3 and urllib; cold, then twice after a freeze",
        "shop",
        "ok",
        4,
        [{"order": n} for n in (1, 2, 3)],
    ),
    Scene("raises an exception", "broken", "error", 1, error_type="KeyError"),
    Scene(
        "killed by its time-out while a call hangs in the TLS handshake", "hangs_in_tls", "timeout", 2, hung_in="tls"
    ),
    Scene(
        "killed by its time-out while a call waits for the response",
        "hangs_in_response",
        "timeout",
        1,
        hung_in="response_head",
    ),
    Scene("its process killed by SIGKILL in the middle of a call", "killed", "crash", 2, hung_in="response_head"),
]
TWO_ORDERS = [{"order": 1}, {"order": 2}]
NODE_SCENE = Scene("Node.js: fetch, the AWS SDK and http; cold, then warm", "parcels.js", "ok", 3, TWO_ORDERS)
OTHER_SCENES = (NODE_SCENE, Scene("Java: HttpURLConnection; cold, then warm", "Shop.java", "ok", 2, TWO_ORDERS))


async def play(scene: Scene, layer: Path, environment: dict[str, str], console: Console) -> list[str]:
    """Run one scene and draw it; return what is not as it must be."""
    async with OtlpReceiver() as receiver:
        file = FUNCTIONS / scene.function if "." in scene.function else FUNCTIONS / f"{scene.function}.py"
        program = runtimes.program(file)
        config = SandboxConfig(
            command=program.command,
            task_root=program.task_root,
            handler=program.handler,
            layers=[layer],
            wrapper="/opt/aftercall/wrapper",
            timeout=program.timeout,
            init_timeout=max(10, program.timeout),
            runtime_name=program.runtime_name,
            function_name=file.stem,
            environment=environment | {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint},
        )
        async with Sandbox(config) as sandbox:
            outcomes = [await sandbox.invoke(event) for event in scene.events]
        roots = roots_of(receiver.spans())
        console.rule(f"[bold]{escape(scene.title)}", align="left")
        for outcome, root in zip(outcomes, roots, strict=False):
            answered = (outcome.responded_at - outcome.started_at) * 1000
            console.print(
                f"caller answered after {answered:,.0f} ms, environment busy for {outcome.duration:,.0f} ms",
                style="dim",
            )
            console.print(Waterfall(root))
        for line in sandbox.extension_log:
            console.print(f"extension: {escape(line.text)}", style="yellow")
        return [*check(scene, outcomes, roots), *check_protobuf(receiver)]


def check(scene: Scene, outcomes: list[Outcome], roots: list[Span]) -> list[str]:
    """What of the scene is not as it must be."""
    wrong = []
    if len(roots) != len(scene.events):
        wrong.append(f"{len(scene.events)} invocations, {len(roots)} came out")
    for outcome, root in zip(outcomes, roots, strict=False):
        seen = root.attributes.get("faas.invocation_id")
        if seen != outcome.request_id:
            wrong.append(f"invocation {outcome.request_id} came out as {seen}")
        if root.attributes.get("aftercall.status") != scene.status:
            wrong.append(f"status {root.attributes.get('aftercall.status')}, expected {scene.status}")
        calls = [span for span in root.children if "url.full" in span.attributes]
        if len(calls) != scene.calls:
            wrong.append(f"{len(calls)} calls seen, expected {scene.calls}")
        hung = [span.hung_in for span in calls if span.hung_in]
        if hung != ([scene.hung_in] if scene.hung_in else []):
            wrong.append(f"hung in {hung}, expected {scene.hung_in}")
        if scene.error_type and root.attributes.get("error.type") != scene.error_type:
            wrong.append(f"error type {root.attributes.get('error.type')}, expected {scene.error_type}")
    return wrong


def check_protobuf(receiver: OtlpReceiver) -> list[str]:
    """Parse what was sent with the official definitions, which refuse unknown fields and wrong types."""
    for request in receiver.trace_requests():
        try:
            ParseDict(request, ExportTraceServiceRequest())
        except ValueError as error:
            return [f"OTLP that was sent is not an ExportTraceServiceRequest: {error}"]
    return []


async def run(layer: Path) -> int:
    console = Console(width=None if sys.stdout.isatty() else 130)
    started = time.monotonic()
    wrong = []
    async with contextlib.AsyncExitStack() as stack:
        console.print("demo: starting an HTTP API, a peer that is silent in TLS, and moto as AWS", style="dim")
        environment = {
            "API": await stack.enter_async_context(servers.api()),
            "SILENT": stack.enter_context(servers.silent()),
            "AWS_ENDPOINT_URL": stack.enter_context(servers.aws()),
        }
        others = {scene: runtimes.why_not(FUNCTIONS / scene.function) for scene in OTHER_SCENES}
        if not others[NODE_SCENE]:
            environment["PACKAGES"] = str(parts.packages())
        scenes = [*SCENES, *(scene for scene, reason in others.items() if not reason)]
        for scene in scenes:
            wrong += [f"{scene.function}: {problem}" for problem in await play(scene, layer, environment, console)]
        wrong += [f"crossing: {problem}" for problem in await crossing.play(layer, environment, console)]
        wrong += [f"flow: {problem}" for problem in await flow.play(layer, environment, console)]
        for reason in filter(None, others.values()):
            console.print(reason, style="dim")
    console.rule()
    for problem in wrong:
        first, *_ = problem.splitlines() or [""]
        console.print(f"NOT AS EXPECTED: {escape(first)}", style="bold red", no_wrap=True, overflow="ellipsis")
    invocations = sum(len(scene.events) for scene in scenes)
    verdict = (
        "not as expected, see above" if wrong else "all as expected, OTLP valid by the official protobuf definitions"
    )
    console.print(
        f"{invocations} invocations of {len(scenes)} functions in {time.monotonic() - started:.0f} s: {verdict}"
    )
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layer", type=Path, required=True, help="the layer's zip, from `make layer`")
    try:
        return asyncio.run(run(parser.parse_args().layer.resolve()))
    except SandboxError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
