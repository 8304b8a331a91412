"""Events: how they come from Lambda, how they are handed over, and when `next` is asked for again."""

import json
import os
import signal
import time
from itertools import pairwise

import pytest

from tests.launcher.fake_lambda import Answer, invoke, refusal, shutdown
from tests.launcher.launched import wait_until

# Read by one of its two lengths it is an event.
SMUGGLED = b'{"eventType":"INVOKE","deadlineMs":9999999999999,"requestId":"smuggled"}'
TWO_LENGTHS = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: %d\r\n\r\n%b" % (len(SMUGGLED), SMUGGLED)

NEVER_DONE = """
def invoke(part, event):
    while True:
        part.say("beat 200")
        time.sleep(0.1)
"""


@pytest.mark.parametrize("style", ["plain", "split", "chunked", "eof", "http10"])
def test_answers_are_read_however_they_travel(launch, fake, style):
    fake.event_style = style
    launched = launch()
    for i in range(3):
        fake.send_event(invoke(f"r-{i}"))
    fake.wait_for("next", 4)
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0
    assert [line["packet"]["requestId"] for line in launched.noted("INVOKE")] == ["r-0", "r-1", "r-2"]
    assert launched.noted("SHUTDOWN")
    assert launched.log_lines() == []


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 9000 + b"\r\n",
    ],
    ids=["interim-answer", "bare-newline", "long-header"],
)
def test_unusual_heads_are_understood(launch, fake, before):
    event = json.dumps(invoke()).encode()
    fake.answers["next"].append(Answer(raw=before + b"CONTENT-length:  %d \r\n\r\n" % len(event) + event))
    launched = launch()
    assert launched.wait_noted("INVOKE")
    fake.wait_for("next", 2)
    assert len(fake.of_kind("next")) == 2


def test_an_event_is_handed_over_byte_by_byte(launch, fake):
    launched = launch("def invoke(part, event):\n    part.note('seen', event=event)\n    part.say('done')")
    event = json.dumps(
        {**invoke(), "tracing": {"type": "X-Amzn-Trace-Id", "value": 'Root=1;"{}é'}}, indent=3, ensure_ascii=False
    )
    fake.send_event(event.encode())
    (seen,) = launched.wait_noted("seen")
    assert seen["event"] == json.loads(event)


def test_next_waits_for_done(launch, fake):
    launched = launch("""
        def invoke(part, event):
            for i in range(8):
                part.say("beat 200")
                time.sleep(0.1)
            part.note("doing done")
            part.say("done")
    """)
    fake.send_event(invoke())
    asked = fake.wait_for("next", 2)[1]
    assert asked.at >= launched.noted("doing done")[0]["at"]


@pytest.mark.parametrize("size", [65_536, 65_537, 200_000])
def test_an_event_past_64_kib_is_replaced(launch, fake, size):
    launched = launch()
    event = invoke("long", filler="")
    event["filler"] = "x" * (size - len(json.dumps(event)))
    # what is looked for stands behind the filler
    last = {name: event[name] for name in ("filler", "requestId", "deadlineMs", "eventType")}
    last["filler"] += "x" * (size - len(json.dumps(last)))
    fake.send_event(json.dumps(last).encode())
    (seen,) = launched.wait_noted("INVOKE")
    if size <= 65_536:
        assert seen["packet"] == last
    else:
        assert seen["packet"] == {"eventType": "INVOKE", "deadlineMs": event["deadlineMs"], "truncated": True}
    fake.wait_for("next", 2)


def test_near_the_deadline_next_is_asked_for_whatever_python_does(launch, fake):
    launched = launch(NEVER_DONE)
    launched.wait_noted("INIT")
    event = invoke(in_ms=1500)
    fake.send_event(event)
    fake.wait_for("next", 2)
    assert time.time() * 1000 < event["deadlineMs"] + 1000
    assert launched.is_first_incarnation(), "it was slow, not dead"


def test_a_short_deadline_has_a_margin_of_a_tenth(launch, fake):
    launched = launch(
        "def invoke(part, event):\n    part.say('beat 200')\n    time.sleep(0.05)\n    part.note('tried')\n"
        "    part.say('done')"
    )
    launched.wait_told("Python part ready")
    fake.send_event(invoke(in_ms=200))
    launched.wait_noted("tried")
    fake.wait_for("next", 2)


def test_an_event_that_came_while_the_last_one_was_unfinished_is_worked_on_too(launch, fake):
    """Released by its deadline: the launcher tells the two apart by the number of events that `done` counts."""
    launched = launch("""
        def invoke(part, event):
            if event["requestId"] == "slow":
                part.say("beat 5000")
                while not os.path.exists(part.journal + ".go"):
                    time.sleep(0.01)
                part.say("done 1")
                return
            while not os.path.exists(part.journal + ".more"):
                part.say("beat 200")
                time.sleep(0.05)
            part.say("done 2")
    """)
    launched.wait_told("Python part ready")
    fake.send_event(invoke("slow", in_ms=300))
    fake.wait_for("next", 2)
    fake.send_event(invoke("second"))
    wait_until(lambda: launched.told().count("INVOKE, deadline") == 2, launched.told)
    launched.journal.with_name("journal.go").touch()
    launched.wait_noted("INVOKE", 2)
    time.sleep(0.3)
    assert len(fake.of_kind("next")) == 2, "the second event is not finished"
    launched.journal.with_name("journal.more").touch()
    fake.wait_for("next", 3)


@pytest.mark.parametrize(
    "event", [b"", b"{}", b"not json", b'{"eventType":"RESTORE"}', b'["eventType","INVOKE"]', b"\xff" * 70_000]
)
def test_what_is_no_event_is_asked_for_again(launch, fake, event):
    launched = launch()
    fake.send_event(event)
    fake.wait_for("next", 2)
    fake.send_event(invoke())
    assert launched.wait_noted("INVOKE")


def test_an_invoke_without_a_deadline_waits_for_done(launch, fake):
    launched = launch("def invoke(part, event):\n    time.sleep(0.3)\n    part.note('did')\n    part.say('done')")
    fake.send_event(b'{"eventType":"INVOKE"}')
    asked = fake.wait_for("next", 2)[1]
    assert asked.at >= launched.noted("did")[0]["at"]


@pytest.mark.parametrize(
    "bad",
    [
        refusal(403),
        refusal(500),
        refusal(429),
        Answer(close=True),
        Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}"),
        Answer(raw=TWO_LENGTHS),
        Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Answer(raw=b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20_000),
        Answer(raw=b"SSH-2.0-OpenSSH\r\n\r\n"),
    ],
    ids=["403", "500", "429", "closed", "cut", "two-lengths", "bad-chunk", "endless-head", "not-http"],
)
def test_a_refused_next_is_asked_for_again_and_events_go_on(launch, fake, bad):
    fake.answers["next"].extend([bad] * 2)
    launched = launch()
    fake.wait_for("next", 3)
    fake.send_event(invoke("after"))
    (seen,) = launched.wait_noted("INVOKE")
    assert seen["packet"]["requestId"] == "after"
    assert launched.process.poll() is None


def test_pauses_between_refusals_grow_and_stay_under_a_second(launch, fake):
    fake.answers["next"].extend([refusal(403)] * 7)
    launched = launch()
    moments = [request.at for request in fake.wait_for("next", 8)]
    gaps = [after - before for before, after in pairwise(moments)]
    assert gaps[0] >= 0.045
    assert gaps[5] >= 0.9
    assert len(launched.log_lines()) == 1


def test_a_connection_that_is_lost_while_next_is_pending(launch, fake):
    launched = launch()
    fake.wait_for("next")
    fake.drop_connections()
    fake.wait_for("next", 2)
    fake.send_event(invoke())
    launched.wait_noted("INVOKE")


def test_half_an_event_and_then_silence_is_given_up(launch, fake):
    half = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"eventType":'
    fake.answers["next"].append(Answer(raw=half, silent=True))
    launched = launch()
    fake.wait_for("next", 2)
    fake.send_event(invoke())
    launched.wait_noted("INVOKE")


def test_sigterm_and_closed_output_do_not_end_it(launch, fake):
    launched = launch()
    fake.wait_for("next")
    os.kill(launched.process.pid, signal.SIGTERM)
    os.kill(launched.process.pid, signal.SIGPIPE)
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    assert launched.process.poll() is None


def test_words_nobody_knows_change_nothing(launch, fake):
    launched = launch("""
        def start(part):
            for message in [
                "", "x" * 500, "done", "done -1", "done 99", "done x", "bye",
                "beat", "beat x", "beat -5", "beat " + 20 * "9",
            ]:
                if message:
                    part.say(message)
    """)
    launched.wait_told("Python part ready")
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    assert launched.is_first_incarnation()


def test_a_python_part_that_talks_without_end_does_not_keep_lambda_waiting(launch, fake):
    launched = launch("""
        def invoke(part, event):
            part.socket.setblocking(False)
            end = time.monotonic() + 1
            while time.monotonic() < end:
                try:
                    part.say("beat 1000")
                except BlockingIOError:
                    pass
            part.socket.setblocking(True)
            part.say("done")
    """)
    launched.wait_told("Python part ready")
    fake.send_event(invoke(in_ms=600))
    fake.wait_for("next", 2)
    assert launched.is_first_incarnation()


def test_a_python_part_that_does_not_read_gets_the_event_when_it_does(launch, fake):
    """The socket fills with events that the deadlines have released; the last one is held until there is room."""
    launched = launch("""
        def invoke(part, event):
            if part.events == 1:
                while not os.path.exists(part.journal + ".go"):
                    time.sleep(0.01)
            part.say("done" if event["requestId"] == "last" else f"done {part.events}")
    """)
    launched.wait_told("Python part ready")
    for i in range(12):
        fake.send_event(invoke(f"r-{i}", in_ms=50, filler="x" * 50_000))
        fake.wait_for("next", i + 2)
    fake.send_event(invoke("last", filler="x" * 50_000))
    wait_until(lambda: launched.told().count("INVOKE, deadline") == 13, launched.told)
    launched.journal.with_name("journal.go").touch()
    fake.wait_for("next", 14)
    assert launched.wait_noted("INVOKE")
    assert launched.noted("INVOKE")[-1]["packet"]["requestId"] == "last"
    assert launched.is_first_incarnation()
