"""Nothing is sent before the caller has its answer, and what is billed after it keeps to the export budget.

Order is what is judged, not time: the receiver's clock and the sandbox's are the same machine's.
"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from tests.promises.backend import Backend, backend
from tests.promises.run import TIMEOUT_SECONDS, Run

if TYPE_CHECKING:
    from pathlib import Path

INVOCATIONS = 3
BUDGET_MS = 700
MARGIN_MS = 8_000
"""For a machine that is busy with other tests; waiting without a budget would last until the time-out of 90 s."""

ENDPOINTS = {"json": "AFTERCALL_JSON_ENDPOINT", "otlp": "OTEL_EXPORTER_OTLP_ENDPOINT"}


def run_with(layer: Path, folder: Path, exporter: str, url: str) -> Run:
    """Three invocations and a shutdown."""
    environment = {
        "AFTERCALL_EXPORTER": exporter,
        ENDPOINTS[exporter]: url,
        "AFTERCALL_EXPORT_BUDGET_MS": str(BUDGET_MS),
    }

    async def played() -> Run:
        async with Run(layer, folder, environment) as run:
            await run.start()
            for number in range(1, INVOCATIONS + 1):
                await run.invoke(number, payload="x" * 60_000)
            await run.sandbox.shutdown()
        return run

    return asyncio.run(played())


def billed_after_the_answer(run: Run) -> list[float]:
    """Milliseconds for each invocation."""
    return [(outcome.finished_at - outcome.responded_at) * 1000 for outcome in run.outcomes]


def opened_before_an_answer(run: Run, receiver: Backend) -> list[float]:
    """Moments at which a connection came while a handler ran."""
    return [
        moment
        for moment in receiver.accepted
        if any(outcome.started_at < moment < outcome.responded_at for outcome in run.outcomes)
    ]


# Both send by the same transport: json shows the ends of the table.
@pytest.mark.parametrize(
    ("exporter", "manner"),
    [(one, manner) for manner in ("answers", "silent") for one in ENDPOINTS]
    + [("otlp", "deaf"), ("otlp", "drips"), ("otlp", "refuses")],
)
def test_a_receiver_costs_its_budget_and_only_after_the_answer(
    layer: Path, tmp_path: Path, exporter: str, manner: str
) -> None:
    with backend(manner) as receiver:
        run = run_with(layer, tmp_path, exporter, receiver.url)
    assert [outcome.response_json["n"] for outcome in run.outcomes] == [1, 2, 3]
    assert receiver.accepted
    assert opened_before_an_answer(run, receiver) == []
    assert max(billed_after_the_answer(run)) < BUDGET_MS + MARGIN_MS < TIMEOUT_SECONDS * 1000 / 2
    told = [line for line in run.notices if f"export {exporter}:" in line]
    assert bool(told) == (manner != "answers"), run.notices
    assert len(told) <= 2, "one line for each reason, not one an invocation"


def test_nobody_listens(layer: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    run = run_with(layer, tmp_path, "otlp", f"http://127.0.0.1:{port}")
    assert [outcome.status for outcome in run.outcomes] == ["success"] * INVOCATIONS
    assert max(billed_after_the_answer(run)) < BUDGET_MS + MARGIN_MS
    assert any("3 records could not be sent before the environment ended" in line for line in run.notices)
