"""No input ends the loop, and one line names what cannot be used."""

import os
import subprocess
import sys

import pytest

from tests.extension.spool import Writer


def one_invocation(launcher) -> dict:
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    count = 1
    # What stood in the spool before may go out first, or with it.
    while not (found := [record for record in launcher.records(count) if record["request_id"] == "r-1"]):
        count += 1
    return dict(found[0])


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n{{{",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + b"[" * 100_000,
        b'POST / HTTP/1.1\r\nContent-Length: 19\r\n\r\n[1,null,{"type":1}]',
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_malformed_telemetry_is_counted_and_harms_nothing(launcher, request_bytes: bytes) -> None:
    assert launcher.raw(request_bytes).startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))
    assert one_invocation(launcher)["counters"]["malformed_telemetry"] >= 1


@pytest.mark.parametrize(
    "record",
    [
        {"requestId": 1, "status": []},
        {"requestId": "r-1", "status": None, "metrics": 7},
        {"requestId": "r-1", "metrics": {"durationMs": "long"}},
        {},
    ],
)
def test_platform_records_of_other_shapes_harm_nothing(launcher, record: dict) -> None:
    for kind in ("platform.start", "platform.report", "platform.runtimeDone", "platform.new", "function"):
        launcher.tell((kind, record))
    assert one_invocation(launcher)["status"] in {"ok", "unknown"}


def test_telemetry_in_chunks_on_one_kept_connection(launcher) -> None:
    record = b'{"requestId":"r-1","status":"success"}'
    body = b'[{"time":"2026-01-01T00:00:00Z","type":"platform.runtimeDone","record":%b}]' % record
    launcher.invoke("r-1")
    chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    assert launcher.raw(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]" + chunked) == b"HTTP/1.1 200 OK"
    assert launcher.word() == "done"


@pytest.mark.parametrize("event", [{}, {"eventType": "NEW"}, {"eventType": "INVOKE", "requestId": 5}])
def test_events_of_other_shapes_harm_nothing(launcher, event: dict) -> None:
    launcher.send(event)
    launcher.runtime_done("anything")
    if event.get("eventType") == "INVOKE":
        assert launcher.word() == "done"
    assert one_invocation(launcher)["status"] == "ok"


def test_frames_of_other_shapes_harm_nothing(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid())
    writer.start("r-0")
    writer.call("r-0", "no span id", url=["x"], library=7)
    writer.start("r-0", arn=None, trace={}, deadline="soon")
    writer.ring()
    assert one_invocation(launcher)["status"] == "ok"


@pytest.mark.parametrize(
    ("variable", "value", "shown"),
    [
        ("AFTERCALL_EXPORTER", "log,graphite", "'log,graphite'"),
        ("AFTERCALL_EXPORTER", "json", "AFTERCALL_JSON_ENDPOINT"),
        ("AFTERCALL_EXPORT_BUDGET_MS", "fast", "'fast'"),
        ("AFTERCALL_EXPORT_BUDGET_MS", "-1", "'-1'"),
        ("AFTERCALL_LOG_LEVEL", "loud", "'loud'"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "'collector'"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://user:hunter2@host", "'ftp://<masked>@host'"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "hunter2", "7 characters, not shown"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api key=hunter2", "15 characters, not shown"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "'grpc'"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1s", "'1s'"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "'zstd'"),
    ],
)
def test_one_line_names_the_variable_and_nothing_stops(launch, variable: str, value: str, shown: str) -> None:
    launcher = launch({variable: value}).start()
    (line,) = launcher.lines(1)
    assert variable in line
    assert shown in line
    assert "hunter2" not in line
    assert one_invocation(launcher)["status"] == "ok"


def test_a_certificate_that_cannot_be_read_leaves_the_log(launch) -> None:
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "https://127.0.0.1:1",
        "OTEL_EXPORTER_OTLP_CERTIFICATE": "/no/such/ca.pem",
    }
    launcher = launch(environment).start()
    (line,) = launcher.lines(1)
    assert "/no/such/ca.pem" in line
    assert one_invocation(launcher)["status"] == "ok"


@pytest.mark.parametrize("given", [None, "", "events=x telemetry=1 bell=2", "events=-1 telemetry=-1 bell=-1"])
def test_without_a_launcher_one_line_and_status_2(given: str | None) -> None:
    environment = {"PATH": os.environ["PATH"]} | ({} if given is None else {"AFTERCALL_LAUNCHER": given})
    ended = subprocess.run(
        [sys.executable, "-m", "aftercall.extension"], env=environment, capture_output=True, check=False, text=True
    )
    assert ended.returncode == 2
    assert ended.stderr == ""
    assert len(ended.stdout.splitlines()) == 1
    assert "AFTERCALL_LAUNCHER" in ended.stdout
