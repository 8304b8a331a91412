"""One transaction across functions of several runtimes, each in a sandbox of its own, with AFTERCALL_PROPAGATE=true."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from aftercall.command.run.otlp_receiver import OtlpReceiver
from aftercall.command.run.trace import roots_of
from aftercall.command.run.waterfall import Waterfall
from aftercall.sandbox import Sandbox, SandboxConfig
from tests.tools.demo import runtimes, servers

if TYPE_CHECKING:
    from rich.console import Console

    from aftercall.command.run.trace import Span
    from aftercall.sandbox import Outcome

FUNCTIONS = Path(__file__).parent / "functions"
LEGS = {FUNCTIONS / "checkout.py": "item", FUNCTIONS / "price.js": "price", FUNCTIONS / "Stock.java": "stock"}
"""Each calls the next one by its URL, which is in its NEXT_URL, and puts a word of its own into the answer."""


async def play(layer: Path, environment: dict[str, str], console: Console) -> list[str]:
    """Invoke the first of those that can run here and draw what came out; return what is not as it must be."""
    legs = tuple(leg for leg in LEGS if not runtimes.why_not(leg))
    if len(legs) < 2:
        console.print("demo: the transaction across runtimes is left out, only one of them can run here", style="dim")
        return []
    programs = {leg: runtimes.program(leg) for leg in legs}
    async with OtlpReceiver() as receiver:
        environment = {
            **environment,
            "AFTERCALL_PROPAGATE": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
        }
        async with contextlib.AsyncExitStack() as stack:
            for leg in reversed(legs):
                config = SandboxConfig(
                    command=programs[leg].command,
                    task_root=programs[leg].task_root,
                    handler=programs[leg].handler,
                    layers=[layer],
                    wrapper="/opt/aftercall/wrapper",
                    timeout=60,
                    init_timeout=60,
                    runtime_name=programs[leg].runtime_name,
                    function_name=leg.stem,
                    environment=environment,
                )
                sandbox = await stack.enter_async_context(Sandbox(config))
                if leg != legs[0]:
                    environment = {
                        **environment,
                        "NEXT_URL": await stack.enter_async_context(servers.function_url(sandbox)),
                    }
            outcome = await sandbox.invoke({"item": "espresso"})
        roots = roots_of(receiver.spans())
    told = " calls ".join(f"{leg.stem} ({programs[leg].runtime_name})" for leg in legs)
    console.rule(f"[bold]{escape(told)}: one trace", align="left")
    for root in roots:
        console.print(Waterfall(root))
    return [*check_answer(outcome, legs), *check(roots, legs)]


def check_answer(outcome: Outcome, legs: tuple[Path, ...]) -> list[str]:
    """What is not as it must be: the first function's caller has the word of each function that was called."""
    if outcome.status != "success":
        return [f"{legs[0].stem} ended with {outcome.status} ({outcome.error_type})"]
    answer = json.loads(outcome.response or b"{}")
    missing = [leg.stem for leg in legs if LEGS[leg] not in answer]
    return [f"the answer has nothing from {', '.join(missing)}"] if missing else []


def check(roots: list[Span], legs: tuple[Path, ...]) -> list[str]:
    """What is not as it must be: one tree, one trace id, each function below the call that led to it."""
    if len(roots) != 1:
        return [f"{len(roots)} trees of spans instead of one: {[root.name for root in roots]}"]
    spans = list(_all(roots[0]))
    wrong = []
    if len({span.trace_id for span in spans}) != 1:
        wrong.append(f"trace ids {sorted({span.trace_id for span in spans})}")
    names = [span.resource.get("faas.name") for span in spans if "faas.invocation_id" in span.attributes]
    if names != [leg.stem for leg in legs]:
        wrong.append(f"functions {names} instead of {[leg.stem for leg in legs]}")
    return wrong


def _all(span: Span):
    yield span
    for child in span.children:
        yield from _all(child)
