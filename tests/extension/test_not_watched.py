"""Every exporter shows in the record why an invocation is not watched."""

import json
import os

import pytest

from tests.exporters.receivers import receiver
from tests.extension.spool import Writer, frame

REASON = "no known runtime client was imported"
ADAPTER = "/opt/bootstrap"
CASES = {
    "the process says so": ("/opt/aftercall/wrapper", True, REASON),
    "another wrapper, as Lambda Web Adapter has it": (ADAPTER, False, ADAPTER),
    "another wrapper, and the process says so": (ADAPTER, True, REASON),
    "no wrapper": ("", False, ""),
}


@pytest.mark.parametrize("exporter", ["log", "json", "otlp"])
@pytest.mark.parametrize("case", CASES)
def test_why_it_is_not_watched_is_told(launch, case: str, exporter: str) -> None:
    wrapper, speaks, expected = CASES[case]
    with receiver() as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        environment = {"AFTERCALL_EXPORTER": exporter, "AFTERCALL_JSON_ENDPOINT": url}
        environment |= {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url, "AWS_LAMBDA_EXEC_WRAPPER": wrapper}
        launcher = launch(environment).start()
        if speaks:
            writer = Writer(launcher.folder, pid=os.getpid(), not_watched=REASON)
            writer.write(frame("drops", frames={}))
            writer.ring()
            assert launcher.is_silent(0.2)
        launcher.invoke("r-1")
        launcher.runtime_done("r-1")
        assert launcher.word() == "done"
        launcher.shutdown("spindown")
    told = "".join(launcher.output) if exporter == "log" else "".join(body.decode() for _, _, body in server.requests)
    assert "r-1" in told
    assert ("not_watched" in told) == bool(expected)
    assert expected in told


def test_a_watched_one_has_no_reason_and_tells_its_trigger(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid())
    event = json.dumps({"detail-type": "Scheduled Event", "source": "aws.events"}).encode()
    launcher.invoke("r-1")
    writer.write(frame("invocation_start", [("event", event)], request_id="r-1", number=1, event_size=len(event)))
    writer.end("r-1")
    assert launcher.word() == "done"
    (record,) = launcher.records(1)
    assert record["trigger"]["kind"] == "timer"
    assert "not_watched" not in record
