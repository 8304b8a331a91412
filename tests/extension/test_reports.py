"""What Lambda billed for an invocation reaches every exporter, though it comes one invocation late."""

import json
import os
import time

import pytest

from tests.exporters.receivers import receiver, say
from tests.extension.spool import Writer
from tests.log_lines import records_in, reports_in

METRICS = {"durationMs": 123.4, "billedDurationMs": 124, "memorySizeMB": 512, "maxMemoryUsedMB": 96}
TOLD = (124, 512, 96)
PATIENCE_SECONDS = 20.0


def run(launcher, writer: Writer | None, request_id: str, number: int) -> None:
    launcher.invoke(request_id)
    if writer is not None:
        writer.start(request_id, number)
        writer.end(request_id)
    assert launcher.word() == "done"


def report(launcher, request_id: str, **metrics: object) -> None:
    launcher.tell(
        ("platform.report", {"requestId": request_id, "status": "success", "metrics": {**METRICS, **metrics}})
    )


def of_log(launcher, _requests: list) -> dict[str, tuple]:
    """Request id -> billed duration, memory, memory used; from the invocation's line, or a line of its own."""
    lines = [*records_in(launcher.output), *reports_in(launcher.output)]
    return {
        line["request_id"]: (line["billed_ms"], line.get("memory_mb", 512), line["max_memory_mb"])
        for line in lines
        if line.get("cost_usd", 0) > 0
    }


def of_json(_launcher, requests: list) -> dict[str, tuple]:
    documents = [json.loads(body) for _, _, body in requests]
    return {
        document["request_id"]: tuple(document["platform"][key] for key in ("billed_ms", "memory_mb", "max_memory_mb"))
        for document in documents
        if document.get("platform", {}).get("cost_usd", 0) > 0
    }


def of_otlp(_launcher, requests: list) -> dict[str, tuple]:
    """By its parent: the report's span is a child of the span that was sent before."""
    spans = [
        span
        for _, _, body in requests
        for resource in json.loads(body)["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]
    values = {
        span["spanId"]: {pair["key"]: next(iter(pair["value"].values())) for pair in span["attributes"]}
        for span in spans
        if "attributes" in span
    }
    found = {}
    for span in spans:
        told = values.get(span["spanId"], {})
        if told.get("aftercall.cost_usd", 0) > 0:
            invocation = told if "faas.invocation_id" in told else values[span["parentSpanId"]]
            memory = int(told.get("faas.max_memory", 512 << 20)) >> 20
            found[invocation["faas.invocation_id"]] = (
                told["aftercall.billed_ms"],
                memory,
                int(told["aftercall.max_memory_mb"]),
            )
    return found


EXPORTERS = {"log": of_log, "json": of_json, "otlp": of_otlp}
WAYS = {
    "with the next one": ("r-1", "r-2", "report r-1", "r-3"),
    "during the next one": ("r-1", "begin r-2", "report r-1", "end r-2"),
    "at the end of the environment": ("r-1", "report r-1"),
    "after the end was announced": ("r-1", "shutdown", "report r-1"),
    "two at once": ("r-1", "r-2", "r-3", "report r-1", "report r-2", "r-4"),
    "three invocations late": ("r-1", "r-2", "r-3", "r-4", "report r-1", "r-5"),
    "twice": ("r-1", "report r-1", "report r-1", "r-2"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("exporter", EXPORTERS)
@pytest.mark.parametrize("watched", [True, False])
def test_what_was_billed_is_told(launch, exporter: str, way: str, watched: bool) -> None:
    with receiver() as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        environment = {"AFTERCALL_EXPORTER": exporter, "AFTERCALL_JSON_ENDPOINT": url}
        environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = url
        if not watched:
            environment["AWS_LAMBDA_EXEC_WRAPPER"] = ""
        launcher = launch(environment).start()
        writer = Writer(launcher.folder, pid=os.getpid()) if watched else None
        play(launcher, writer, WAYS[way])
    billed = {step.removeprefix("report ") for step in WAYS[way] if step.startswith("report")}
    assert EXPORTERS[exporter](launcher, server.requests) == dict.fromkeys(billed, TOLD)


def play(launcher, writer: Writer | None, steps: tuple[str, ...]) -> None:
    number = 0
    is_over = False
    for step in steps:
        word, _, request_id = step.partition(" ")
        if word == "report":
            report(launcher, request_id)
        elif word == "shutdown":
            deadline = int((time.time() + 2.0) * 1e3)
            launcher.send({"eventType": "SHUTDOWN", "deadlineMs": deadline, "shutdownReason": "spindown"})
            is_over = True
        elif word == "begin":
            launcher.invoke(request_id)
            if writer is not None:
                writer.start(request_id, number + 1)
        elif word == "end":
            if writer is not None:
                writer.end(request_id)
            assert launcher.word() == "done"
        else:
            number += 1
            run(launcher, writer, step, number)
    if is_over:
        assert launcher.word() == "bye"
        assert launcher.exit_status() == 0
    else:
        assert launcher.shutdown("spindown") == 0


def test_a_record_that_waits_for_its_receiver_tells_it_itself(launch) -> None:
    refused = [True]

    def answer(handler, _number: int) -> None:
        say(handler, 503 if refused[0] else 200)

    with receiver(answer) as server:
        launcher = launch({"AFTERCALL_JSON_ENDPOINT": f"http://127.0.0.1:{server.server_port}/"}).start()
        writer = Writer(launcher.folder, pid=os.getpid())
        run(launcher, writer, "r-1", 1)
        report(launcher, "r-1")
        refused[0] = False
        tried = len(server.requests)
        run(launcher, writer, "r-2", 2)
        launcher.shutdown("spindown")
    taken = [json.loads(body) for _, _, body in server.requests[tried:]]
    assert [document["request_id"] for document in taken] == ["r-1", "r-2"]
    assert taken[0]["platform"]["billed_ms"] == METRICS["billedDurationMs"]
    assert "event" in taken[0]


def test_what_nobody_can_read_of_a_report_harms_nothing(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid())
    run(launcher, writer, "r-1", 1)
    shapes: tuple[object, ...] = (
        None,
        [],
        {},
        {"billedDurationMs": "x"},
        {"billedDurationMs": 2**70},
        {"memorySizeMB": -1},
    )
    for metrics in shapes:
        launcher.tell(("platform.report", {"requestId": "r-1", "metrics": metrics}))
    launcher.tell(("platform.report", {"requestId": "another"}))
    run(launcher, writer, "r-2", 2)
    assert launcher.shutdown("spindown") == 0
    assert [record["request_id"] for record in launcher.last_records] == ["r-1", "r-2"]
