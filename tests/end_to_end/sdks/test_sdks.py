"""Real SDKs of three languages ask moto's server: each call is named by what the function asked for, alike by all."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.command.run.otlp_receiver import OtlpReceiver
from aftercall.formats import semconv
from aftercall.sandbox import Sandbox, SandboxConfig
from tests.end_to_end.sdks.aws import aws
from tests.end_to_end.sdks.operations import ASKED, REGION, Asked
from tests.end_to_end.watching import WRAPPER
from tests.runtime_wrappers.java import parts as java
from tests.runtime_wrappers.nodejs import parts as nodejs

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.command.run.trace import Span

HERE = Path(__file__).parent

TOLD = {
    ("SQS", "AWS.SimpleQueueService.NonExistentQueue"): "QueueDoesNotExist",
    ("SNS", "NotFoundException"): "NotFound",
}
"""(service, what an SDK says to the function) -> what the service says: old protocols and classes have their own."""


def of_python() -> dict[str, Any]:
    handler = "asks.handler"
    command = [sys.executable, "-m", "awslambdaric", handler]
    return {"command": command, "task_root": HERE, "handler": handler}


def of_javascript() -> dict[str, Any]:
    handler, major = "asks.handler", nodejs.majors()[-1]
    command = [nodejs.node(major), *nodejs.CLIENTS[-1].command(handler)]
    environment = {"PACKAGES": str(nodejs.packages())}
    return {"command": command, "task_root": HERE, "handler": handler, "environment": environment}


def of_java() -> dict[str, Any]:
    handler = "Asks::handle"
    # Kinesis would be asked in CBOR of its own, which moto does not read.
    environment = {"CBOR_ENABLED": "false"}
    command = java.runtime_command(java.chosen()[-1], handler)
    root = java.package((HERE / "java",), "aws_sdk", "11")
    return {"command": command, "task_root": root, "handler": handler, "environment": environment}


SDKS: dict[str, Callable[[], dict[str, Any]]] = {
    "boto3": of_python,
    "javascript": of_javascript,
    "java": of_java,
}


@pytest.fixture(scope="module", params=SDKS)
def asked(request, layer) -> list[tuple[Asked, str, list[Span]]]:
    """Each operation with the error code that the function was given, and the spans of its calls."""
    operations = [one for one in ASKED if request.param == "boto3" or getattr(one, request.param)]
    settings = SDKS[request.param]()
    return asyncio.run(play(operations, settings, layer))


async def play(operations: list[Asked], settings: dict[str, Any], layer: Path) -> list[tuple[Asked, str, list[Span]]]:
    with aws() as (variables, queue_url):
        async with OtlpReceiver() as receiver:
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.endpoint
            settings["environment"] = settings.get("environment", {}) | variables
            config = SandboxConfig(
                layers=[layer],
                wrapper=WRAPPER,
                region=REGION,
                timeout=100,
                init_timeout=100,
                memory_mb=1024,
                **settings,
            )
            async with Sandbox(config) as sandbox:
                outcomes = [await sandbox.invoke([one.event(queue_url)]) for one in operations]
    spans = receiver.spans()
    told = []
    for one, outcome in zip(operations, outcomes, strict=True):
        assert outcome.status == "success", (one.id, outcome.error)
        (root,) = (span for span in spans if span.attributes.get(semconv.FAAS_INVOCATION_ID) == outcome.request_id)
        (code,) = json.loads(outcome.response or b"[null]")
        calls = [span for span in spans if span.parent_id == root.span_id and semconv.URL_FULL in span.attributes]
        told.append((one, TOLD.get((one.service, code), code), calls))
    return told


def test_functions_are_given_what_they_ask_for(asked) -> None:
    """Else moto has answered what AWS would not, and the names below say little."""
    assert [(one.id, code) for one, code, _ in asked] == [(one.id, one.error) for one, _, _ in asked]


def test_each_call_has_the_name_of_what_was_asked_for(asked) -> None:
    names = (semconv.AFTERCALL_OPERATION_SERVICE, semconv.AFTERCALL_OPERATION_NAME)
    found = [
        (one.id, [tuple(call.attributes.get(name, "") for name in names) for call in calls]) for one, _, calls in asked
    ]
    assert found == [(one.id, [(one.service, one.operation)]) for one, _, _ in asked]


def test_and_the_name_of_what_it_acts_on(asked) -> None:
    name = semconv.AFTERCALL_OPERATION_RESOURCE
    found = [(one.id, [call.attributes.get(name, "") for call in calls]) for one, _, calls in asked]
    assert found == [(one.id, [one.resource]) for one, _, _ in asked]


def test_and_the_services_own_word_for_what_went_wrong(asked) -> None:
    found = [(one.id, [call.attributes.get(semconv.ERROR_TYPE, "") for call in calls]) for one, _, calls in asked]
    assert found == [(one.id, [one.error]) for one, _, _ in asked]
