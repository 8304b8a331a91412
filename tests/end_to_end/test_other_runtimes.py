"""A runtime without a wrapper (provided.*, Go, Rust, Ruby, .NET): what can be seen from outside, and nothing waits."""

import asyncio
import json

import pytest

from aftercall.sandbox import Sandbox, SandboxConfig
from tests.end_to_end.watching import FUNCTIONS, WRAPPER, backend
from tests.log_lines import records_in


def run(layer, events, *, wrapper, environment=None):
    async def invoke_all():
        config = SandboxConfig(
            command=[str(FUNCTIONS / "bootstrap.sh")],
            task_root=FUNCTIONS,
            layers=[layer],
            wrapper=wrapper,
            environment=environment or {},
            runtime_name="provided.al2023",
            memory_mb=512,
        )
        async with Sandbox(config) as sandbox:
            outcomes = [await sandbox.invoke(event) for event in events]
        return outcomes, [line.text for line in sandbox.extension_log]

    return asyncio.run(invoke_all())


@pytest.mark.parametrize("wrapper", [None, WRAPPER])
def test_each_invocation_has_its_record_with_what_lambda_says_of_it(layer, wrapper) -> None:
    """With the wrapper variable set on a runtime that has none, nothing changes but a plain exec."""
    outcomes, lines = run(layer, [{"n": 1}, {"n": 2, "do": "fail"}, {"n": 3}], wrapper=wrapper)
    assert [outcome.status for outcome in outcomes] == ["success", "error", "success"]
    assert json.loads(outcomes[0].response) == {"n": 1}
    assert [line for line in lines if not line.startswith("{")] == []
    records = records_in(lines)
    assert [record["request_id"] for record in records] == [outcome.request_id for outcome in outcomes]
    assert [record["status"] for record in records] == ["ok", "error", "ok"]
    assert [record.get("cold_start") for record in records] == [True, False, False]
    assert all(record["billed_ms"] > 0 and record["cost_usd"] > 0 for record in records[:2])
    assert records[0]["init_ms"] > 0
    assert "init_ms" not in records[1]


def test_a_process_that_ends_is_a_crash(layer) -> None:
    outcomes, lines = run(layer, [{"do": "exit"}, {"n": 2}], wrapper=None)
    assert [outcome.status for outcome in outcomes] == ["crash", "success"]
    assert [record["status"] for record in records_in(lines)] == ["crash", "ok"]


def test_spans_of_invocation_and_init(layer) -> None:
    with backend() as (url, received):
        environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": url}
        outcomes, _ = run(layer, [{"n": 1}, {"n": 2}], wrapper=None, environment=environment)
    spans = [
        span
        for request in received
        for resource in request.json["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]
    assert [span["name"] for span in spans if span["name"] != "report"] == ["function", "init", "function"]
    assert spans[1]["parentSpanId"] == spans[0]["spanId"]
    assert int(spans[1]["endTimeUnixNano"]) <= int(spans[0]["startTimeUnixNano"])
    attributes = {entry["key"]: entry["value"] for entry in spans[0]["attributes"]}
    assert attributes["faas.invocation_id"]["stringValue"] == outcomes[0].request_id
    assert attributes["aftercall.cost_usd"]["doubleValue"] > 0
