"""Frames in any order, from any segment, twice: the same invocation."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from aftercall.pipeline.assemble import Assembler
from aftercall.pipeline.limit import limit
from aftercall.pipeline.redact import Redactor
from aftercall.spool import Frame

T = 1_764_000_000_000_000_000
RID = "8f507cfc-0000-4697-b07a-ac58fc914c95"
SPAN = "53995c3f42cd8ad8"
PROCESS = {"kind": "process", "time": T, "format": 2, "runtime": "python", "pid": 17, "start": T, "client": "x 1"}


def frame(kind: str, after: int, payload: bytes = b"", **header) -> Frame:
    return Frame({"kind": kind, "time": T + after, "request_id": RID, **header}, payload)


FRAMES = [
    frame("invocation_start", 1, b"{}", number=1, deadline=5, arn="arn:x", event_size=2, parts=[["event", 2]]),
    frame("call_start", 2, span_id=SPAN, library="urllib3", method="GET", url="https://h/", stage="dns"),
    frame("call_stage", 3, span_id=SPAN, stage="tls"),
    frame("call_response", 4, b"HTTP/1.1 200 OK\r\n\r\n", span_id=SPAN, status=200, parts=[["response_wire", 19]]),
    frame("call_end", 5, span_id=SPAN, response_size=0, complete=True),
    frame("invocation_end", 6, b"null", status="ok", response_size=4, parts=[["response", 4]]),
]


def assembled(frames: list[Frame]) -> dict:
    assembler = Assembler()
    runtime = assembler.process(PROCESS)
    for one in frames:
        assembler.frame(one, runtime)
    invocation = assembler.take(RID)
    assert invocation is not None
    record = limit(Redactor(bodies=True).record(invocation))
    (call,) = record.calls
    return {
        "status": record.status, "cold": record.cold_start, "start": record.start, "end": record.end,
        "call": (call.method, call.url, call.status, call.stage, call.start, call.end, call.open, call.library),
    }  # fmt: skip


def test_the_order_of_the_frames_does_not_matter() -> None:
    expected = assembled(FRAMES)
    assert expected["call"] == ("GET", "https://h/", 200, "response_body", T + 2, T + 5, False, "urllib3")
    assert all(assembled(list(order)) == expected for order in itertools.permutations(FRAMES))


def test_frames_that_come_twice_change_nothing() -> None:
    doubled = FRAMES * 2
    random.Random(7).shuffle(doubled)
    assert assembled(doubled)["call"][:4] == assembled(FRAMES)["call"][:4]


def test_a_call_without_an_end_keeps_the_stage_it_hung_in() -> None:
    shown = assembled([*FRAMES[:3]])
    assert shown["call"][3] == "tls"
    assert shown["call"][6] is True


def test_calls_of_the_init_phase_belong_to_the_first_invocation() -> None:
    assembler = Assembler()
    runtime = assembler.process(PROCESS)
    early = Frame({**FRAMES[1].header, "request_id": ""}, b"")
    for one in (early, FRAMES[0], FRAMES[5]):
        assembler.frame(one, runtime)
    invocation = assembler.take(RID)
    assert invocation is not None
    record = Redactor(bodies=False).record(invocation)
    assert record.init is not None
    assert [call.url for call in record.init.calls] == ["https://h/"]
    assert record.calls == []


def test_what_was_lost_in_the_init_phase_is_told_with_the_first_invocation() -> None:
    assembler = Assembler()
    runtime = assembler.process(PROCESS)
    drops = Frame({"kind": "drops", "time": T, "frames": {"write": 2}, "bytes": 9, "faults": {"socket:x": 1}}, b"")
    for one in (drops, FRAMES[0], FRAMES[5]):
        assembler.frame(one, runtime)
    invocation = assembler.take(RID)
    assert invocation is not None
    record = Redactor(bodies=False).record(invocation)
    assert (record.drops, record.faults) == ({"write": 2, "bytes": 9}, {"socket:x": 1})
    assembler.frame(drops, runtime)
    later = assembler.take(RID)
    assert later is not None
    assert (later.late, later.faults) == (True, {"socket:x": 1})
    assert assembler.take_init() is None


def test_late_frames_of_an_exported_invocation_make_a_late_record() -> None:
    assembler = Assembler()
    runtime = assembler.process(PROCESS)
    for one in (FRAMES[0], FRAMES[5]):
        assembler.frame(one, runtime)
    assembler.take(RID)
    assembler.frame(FRAMES[1], runtime)
    late = assembler.take(RID)
    assert late is not None
    assert late.late
    assert assembler.has_ended(RID)


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers(), max_size=3)
KEYS = [
    "span_id",
    "status",
    "stage",
    "url",
    "method",
    "number",
    "deadline",
    "trace",
    "error_type",
    "frames",
    "faults",
    "bytes",
]
KINDS = [
    "invocation_start",
    "call_start",
    "call_stage",
    "call_response",
    "call_end",
    "invocation_end",
    "drops",
    "weather",
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.integers(-(2**65), 2**65),
            st.sampled_from(["", RID, "other"]),
            st.dictionaries(st.sampled_from(KEYS), VALUES | st.just(SPAN)),
            st.binary(max_size=40),
        ),
        max_size=12,
    )
)
def test_whatever_frames_say_a_record_comes_of_it(described: list) -> None:
    assembler = Assembler()
    runtime = assembler.process(PROCESS)
    for kind, time, request_id, header, payload in described:
        parts = [["event", len(payload)]] if payload else []
        assembler.frame(
            Frame({"kind": kind, "time": time, "request_id": request_id, **header, "parts": parts}, payload), runtime
        )
    redactor = Redactor(bodies=True)
    for invocation in assembler.open():
        taken = assembler.take(invocation.request_id)
        assert taken is not None
        limit(redactor.record(taken))
