"""A flow through functions of three runtimes and the services between them; one of its messages fails.

    API -> ordering (Python) -> SQS -> packing (Node.js) -> SNS -> Shipping (Java)
                                 |                                   '-> DynamoDB stream -> billing (Python)
                                 '-> dead letters -> complaints (Python)

Nothing is added to any message: what joins the hops are ids that the services give (docs/flow.md).
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from aftercall.command.run.otlp_receiver import OtlpReceiver
from aftercall.sandbox import Sandbox, SandboxConfig
from tests.runtime_wrappers.nodejs import parts as nodejs
from tests.tools.demo import runtimes
from tests.tools.demo.flow import services
from tests.tools.demo.flow.joins import Hop, all_of, roots_of, tree_of

if TYPE_CHECKING:
    from rich.console import Console

FUNCTIONS = Path(__file__).parent / "functions"
FILES = {file.stem: file for file in sorted(FUNCTIONS.iterdir()) if file.is_file()}
ORDERS = [{"id": 1, "item": "espresso"}, {"id": 2}]
"""The second has no item, for which packing has no words."""

CAUSE = "TypeError"

EXPECTED = {
    "ordering": ["ok"],
    "packing": ["ok", "error", "error"],
    "Shipping": ["ok"],
    "billing": ["ok"],
    "complaints": ["ok"],
}


class Functions:
    """The flow's functions, each in a sandbox of its own."""

    def __init__(self, layer: Path, environment: dict[str, str], stack: contextlib.AsyncExitStack) -> None:
        self._layer = layer
        self._environment = environment
        self._stack = stack
        self._started: dict[str, Sandbox] = {}

    async def invoke(self, name: str, event: object) -> bool:
        """Whether it succeeded."""
        if name not in self._started:
            self._started[name] = await self._stack.enter_async_context(Sandbox(self._configuration(name)))
        return (await self._started[name].invoke(event)).status == "success"

    def _configuration(self, name: str) -> SandboxConfig:
        program = runtimes.program(FILES[name], "aws_sdk")
        return SandboxConfig(
            command=program.command,
            task_root=program.task_root,
            handler=program.handler,
            layers=[self._layer],
            wrapper="/opt/aftercall/wrapper",
            timeout=60,
            init_timeout=60,
            memory_mb=512,
            runtime_name=program.runtime_name,
            function_name=name,
            environment=self._environment,
        )


def why_not() -> str:
    return next(filter(None, map(runtimes.why_not, FILES.values())), "")


async def play(layer: Path, environment: dict[str, str], console: Console) -> list[str]:
    """Send the orders through all of it and draw the graph; return what is not as it must be."""
    if why_not():
        console.print(
            "demo: the flow through functions of three runtimes is left out, not all of them can run", style="dim"
        )
        return []
    between = services.set_up(environment["AWS_ENDPOINT_URL"])
    async with OtlpReceiver() as receiver:
        environment = {**environment, **between.environment, "PACKAGES": str(nodejs.packages())}
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.endpoint
        async with contextlib.AsyncExitStack() as stack:
            await _deliver(Functions(layer, environment, stack), between)
        roots = roots_of(receiver.spans())
    console.rule("[bold]API, SQS, SNS and a DynamoDB stream: one flow, joined by the ids of the services", align="left")
    for root in roots:
        console.print(tree_of(root))
    return check(roots)


async def _deliver(functions: Functions, between: services.Services) -> None:
    """As Lambda's pollers would: what succeeded is taken out of the queue, what failed comes again."""
    await functions.invoke("ordering", _request(ORDERS))
    for event, handle in services.sqs_events(between, between.orders):
        if await functions.invoke("packing", event):
            between.sqs.delete_message(QueueUrl=between.orders, ReceiptHandle=handle)
    for event in services.sns_events(between):
        await functions.invoke("Shipping", event)
    for event in services.stream_events(between):
        await functions.invoke("billing", event)
    for event, handle in services.sqs_events(between, between.dead_letters):
        await functions.invoke("complaints", event)
        between.sqs.delete_message(QueueUrl=between.dead_letters, ReceiptHandle=handle)


def _request(body: object) -> dict[str, object]:
    """Of an HTTP API."""
    return {
        "version": "2.0",
        "routeKey": "POST /orders",
        "rawPath": "/orders",
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "apiId": "a1b2c3",
            "domainName": "a1b2c3.execute-api.us-east-1.amazonaws.com",
            "http": {"method": "POST", "path": "/orders", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "POST /orders",
            "stage": "$default",
        },
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


def check(roots: list[Hop]) -> list[str]:
    """What is not as it must be: one graph with every invocation in it, and the cause at the dead letter."""
    if len(roots) != 1:
        return [f"{len(roots)} graphs instead of one: {[root.function for root in roots]}"]
    hops = list(all_of(roots[0]))
    found: dict[str, list[str]] = {name: [] for name in EXPECTED}
    for hop in hops:
        found.setdefault(hop.function, []).append(str(hop.span.attributes.get("aftercall.status")))
    wrong = [f"{name} {found[name]} instead of {told}" for name, told in EXPECTED.items() if found[name] != told]
    causes = [hop.died_of.span.exception.get("exception.type", "") for hop in hops if hop.died_of is not None]
    if [CAUSE in str(cause) for cause in causes] != [True]:
        wrong.append(f"the dead letter's causes are {causes}")
    return wrong
