"""A process may say late what it is: its calls are written before its runtime client is there.

The last `process` frame holds for the whole process, in whichever segment it stands.
"""

import os

import pytest

from tests.exporters.receivers import receiver
from tests.extension.spool import Writer, frame

SPAN = "0123456789abcdef"
REASON = "no known runtime client was loaded"
EARLY = {"client": None, "not_watched": REASON, "runtime_version": None}
LATE = {"client": "aws-lambda-java-runtime-interface-client 2.6.0", "not_watched": None, "runtime_version": "21.0.1"}


def early_call(writer: Writer) -> None:
    writer.write(
        frame("call_start", span_id=SPAN, stage="dns", method="GET", url="https://config.example/"),
        frame("call_end", span_id=SPAN, response_size=0),
    )


def said(writer: Writer, facts: dict) -> None:
    writer.describes(**{key: value for key, value in facts.items() if value is not None})


def new_segment(writer: Writer) -> None:
    writer.close()
    writer.ring()
    said(writer, LATE)


def middle_of_the_segment(writer: Writer) -> None:
    said(writer, LATE)
    writer.write_process()


def never(_writer: Writer) -> None:
    """Only the frames of its invocations say so."""


def new_segment_without_details(writer: Writer) -> None:
    writer.close()
    writer.ring()
    said(writer, {})


WAYS = {way.__name__: way for way in (new_segment, middle_of_the_segment, never, new_segment_without_details)}


@pytest.mark.parametrize("read_before", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_a_process_that_is_watched_after_all_is_watched(launch, way: str, read_before: bool) -> None:
    launcher = launch().start()
    writer = Writer(launcher.folder, pid=os.getpid())
    said(writer, EARLY)
    early_call(writer)
    if read_before:
        ring_for_another(launcher)
    WAYS[way](writer)
    for number in (1, 2):
        writer.start(f"r-{number}", number)  # before the event: what comes later may be too late for the first
        launcher.invoke(f"r-{number}")
        assert launcher.is_silent(0.3), "the invocation is waited for"
        writer.end(f"r-{number}")
        assert launcher.word() == "done"
        assert [record["request_id"] for record in launcher.records(number)][-1] == f"r-{number}"


def ring_for_another(launcher) -> None:
    """Another process rings the bell, and everything is read."""
    other = Writer(launcher.folder, pid=os.getppid(), not_watched=REASON)
    other.write(frame("drops", frames={}))
    other.ring()
    assert launcher.is_silent(0.3)


@pytest.mark.parametrize("way", ["new_segment", "middle_of_the_segment"])
def test_the_runtimes_details_are_those_of_the_last_word(launch, way: str) -> None:
    with receiver() as server:
        launcher = launch({"AFTERCALL_JSON_ENDPOINT": f"http://127.0.0.1:{server.server_port}/"}).start()
        writer = Writer(launcher.folder, pid=os.getpid())
        said(writer, EARLY)
        early_call(writer)
        ring_for_another(launcher)
        launcher.invoke("r-1")
        writer.start("r-1")
        WAYS[way](writer)
        writer.end("r-1")
        assert launcher.word() == "done"
        launcher.shutdown("spindown")
    assert server.requests
    body = server.requests[0][2].decode()
    assert str(LATE["client"]) in body
    assert "21.0.1" in body


def test_a_process_that_is_not_watched_is_not_waited_for(launch) -> None:
    launcher = launch().start()
    writer = Writer(launcher.folder, pid=os.getpid())
    said(writer, EARLY)
    early_call(writer)
    writer.ring()
    launcher.invoke("r-1")
    assert launcher.word() == "done"
