"""Frames without request id, out of order, with a wrong time, or after their record: no record becomes wrong."""

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from aftercall.exporters.function import Function
from aftercall.exporters.log import line_of
from aftercall.exporters.otlp_json import request_of, resource_of
from aftercall.formats.times import YEAR, plausible
from aftercall.pipeline.assemble import Assembler
from aftercall.pipeline.redact import Redactor
from aftercall.spool import Frame

if TYPE_CHECKING:
    from aftercall.pipeline.record import InvocationRecord

T = 1_764_000_000_000_000_000
SECOND = 10**9
PROCESS = {"kind": "process", "time": T, "format": 2, "runtime": "python", "pid": 17, "start": T, "client": "x 1"}
CHILD = {**PROCESS, "pid": 18, "start": T + 5 * SECOND}
FUNCTION = Function({"functionName": "shop", "functionVersion": "7"}, {})


def frame(kind: str, seconds: float, request_id: str = "", **header: Any) -> Frame:
    return Frame({"kind": kind, "time": T + int(seconds * SECOND), "request_id": request_id, **header}, b"")


def call(number: int, began: float, ended: float | None = None) -> list[Frame]:
    """A frame of a writer that knows no request id."""
    span = f"{number:016x}"
    frames = [frame("call_start", began, span_id=span, method="GET", url=f"https://h/{number}", stage="dns")]
    return frames if ended is None else [*frames, frame("call_end", ended, span_id=span, response_size=0)]


class Environment:
    """Invocation 1 from second 10 to 11, invocation 2 from second 3600 to 3601."""

    def __init__(self) -> None:
        self.assembler = Assembler()
        self.runtime = self.assembler.process(PROCESS)
        self.child = self.assembler.process(CHILD)
        self.records: dict[str, list[InvocationRecord]] = {}

    def read(self, frames: list[Frame]) -> None:
        for one in frames:
            self.assembler.frame(one, self.child)

    def start(self, request_id: str, seconds: float, number: int) -> None:
        self.assembler.frame(frame("invocation_start", seconds, request_id, number=number), self.runtime)

    def end(self, request_id: str, seconds: float) -> None:
        self.assembler.frame(frame("invocation_end", seconds, request_id, status="ok"), self.runtime)
        self.take()

    def take(self) -> None:
        for invocation in self.assembler.open():
            taken = self.assembler.take(invocation.request_id)
            assert taken is not None
            record = Redactor(bodies=True).record(taken)
            self.records.setdefault(record.request_id, []).append(record)


# name: (call begins, ends, read at: before 1, in 1, between, in 2, after; where it belongs)
STRAYS: dict[str, tuple[float, float, str, str]] = {
    "in the init": (1, 2, "before", "init"),
    "from the init into the first": (1, 10.5, "in 1", "init"),
    "in the first": (10.2, 10.4, "in 1", "r-1"),
    "in the first, read between": (10.2, 10.4, "between", "r-1"),
    "from the first into the second": (10.2, 3600.5, "in 2", "r-1"),
    "between": (20, 30, "between", "r-1"),
    "in the second": (3600.2, 3600.4, "in 2", "r-2"),
    "in the second, read after": (3600.2, 3600.4, "after", "r-2"),
}


@pytest.mark.parametrize("name", STRAYS)
def test_a_call_without_request_id_belongs_to_the_invocation_in_which_it_began(name: str) -> None:
    began, ended, read, owner = STRAYS[name]
    environment = Environment()
    frames = call(1, began, ended)
    for moment in ("before", "in 1", "between", "in 2", "after"):
        if moment == "in 1":
            environment.start("r-1", 10, 1)
        if moment == "in 2":
            environment.start("r-2", 3600, 2)
        if moment == read:
            environment.read(frames)
        if moment.startswith("in"):
            environment.end(f"r-{moment[-1]}", 11 if moment == "in 1" else 3601)
    environment.take()
    seen = {
        "init" if one.init is not None and one.init.calls else request_id
        for request_id, records in environment.records.items()
        for one in records
        if one.calls or (one.init is not None and one.init.calls)
    }
    assert seen == {owner}
    for record in itertools.chain(*environment.records.values()):
        line = json.loads(line_of(record))
        assert line.get("init_ms", 0) < 60_000
        assert record.init is None or record.cold_start
    assert environment.assembler.take_init() is None


def test_a_call_of_an_init_that_is_repeated_within_its_invocation_is_the_inits() -> None:
    environment = Environment()
    environment.assembler.platform("platform.start", {"requestId": "r-1"}, T)
    environment.assembler.platform("platform.initStart", {"phase": "invoke"}, T + SECOND)
    environment.read(call(1, 2, 3))
    environment.assembler.platform("platform.initRuntimeDone", {"status": "error", "errorType": "E"}, T + 4 * SECOND)
    environment.take()
    (record,) = environment.records["r-1"]
    assert record.init is not None
    assert (len(record.init.calls), record.calls) == (1, [])


STAGES = ["dns", "connect", "tls", "request"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_latest_stage_holds_in_whatever_order_they_are_read(order: tuple[int, ...]) -> None:
    frames = [frame("call_start", 10.1, "r-1", span_id="0" * 15 + "1", method="GET", url="https://h/", stage=STAGES[0])]
    frames += [
        frame("call_stage", 10.1 + after / 10, "r-1", span_id="0" * 15 + "1", stage=stage)
        for after, stage in enumerate(STAGES[1:], 1)
    ]
    environment = Environment()
    environment.start("r-1", 10, 1)
    environment.read([frames[at] for at in order])
    environment.end("r-1", 11)
    assert environment.records["r-1"][0].calls[0].stage == "request"


@pytest.mark.parametrize("has_response", [True, False])
@pytest.mark.parametrize("invocations_later", [0, 1, 5])
def test_the_end_of_a_call_that_went_out_open_is_told(invocations_later: int, has_response: bool) -> None:
    environment = Environment()
    span = "0" * 15 + "1"
    environment.start("r-1", 10, 1)
    environment.read([frame("call_start", 10.1, "r-1", span_id=span, method="GET", url="https://h/", stage="tls")])
    environment.end("r-1", 11)
    assert environment.records["r-1"][0].calls[0].open
    for number in range(invocations_later):
        environment.start(f"later-{number}", 12 + number, 2 + number)
        environment.end(f"later-{number}", 12.5 + number)
    if has_response:
        environment.read([frame("call_response", 20, "r-1", span_id=span, status=200)])
        environment.take()
        assert len(environment.records["r-1"]) == 1, "nothing to tell yet"
    environment.read([frame("call_end", 21, "r-1", span_id=span, response_size=3)] * 2)
    environment.take()
    _, late = environment.records["r-1"]
    (told,) = late.calls
    assert late.late
    assert (told.span_id, told.open, told.end, told.url) == (span, False, T + 21 * SECOND, "https://h/")
    assert told.status == (200 if has_response else None)
    assert "https://h/" in line_of(late)


TIMES = st.integers() | st.integers(-(2**80), 2**80) | st.sampled_from([2**63 - 1, 2**63, -1, 0, 2**70])
HEADERS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("number", "deadline", "event_size", "response_size", "status", "request_size"), TIMES)
)
METRICS = st.fixed_dictionaries(
    {},
    optional={
        key: TIMES | st.floats()
        for key in ("durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs")
    },
)


@given(st.lists(st.tuples(TIMES, HEADERS), min_size=6, max_size=6), METRICS, st.integers(0, 2**63), TIMES)
def test_no_number_makes_a_receiver_refuse_the_batch(
    drawn: list[tuple[int, dict[str, Any]]], metrics: dict[str, Any], platform: int, process_start: int
) -> None:
    assembler = Assembler()
    runtime = assembler.process({**PROCESS, "start": process_start})
    kinds = ("call_start", "invocation_start", "call_start", "call_response", "call_end", "invocation_end")
    for (time, header), kind, request_id in zip(drawn, kinds, ("", "r", "r", "r", "r", "r"), strict=True):
        described = {"kind": kind, "time": time, "request_id": request_id, "span_id": "0" * 15 + "a", **header}
        assembler.frame(Frame(described, b""), runtime)
    assembler.platform("platform.start", {"requestId": "r"}, platform)
    assembler.platform("platform.report", {"requestId": "r", "metrics": metrics}, platform)
    taken = assembler.take("r")
    assert taken is not None
    record = Redactor(bodies=True).record(taken)
    record.trace_id, record.span_id = "ab" * 16, "cd" * 8
    sent = json.loads(request_of([record], resource_of(FUNCTION, "", (), {})))
    message = ParseDict(sent, ExportTraceServiceRequest())
    for span in message.resource_spans[0].scope_spans[0].spans:
        assert 0 <= span.start_time_unix_nano <= span.end_time_unix_nano < 2**63


@pytest.mark.parametrize("time", [0, -1, 2**70, -(2**70), T - 2 * YEAR, T + 2 * YEAR])
def test_a_time_years_away_is_the_readers(time: int) -> None:
    assert plausible(time, T) == T
    assert plausible(T - YEAR // 2, T) == T - YEAR // 2


@pytest.mark.parametrize("number", [2, 7, 1_000])
def test_after_a_restart_of_ours_a_stray_call_makes_no_hour_of_init(number: int) -> None:
    """The exported invocations are forgotten: the call is exported with its own times."""
    environment = Environment()
    environment.read(call(1, 3_599, 3_599.5))
    environment.start("r-2", 3_600, number)
    environment.end("r-2", 3_601)
    (record,) = environment.records["r-2"]
    assert record.init is not None
    assert [one.url for one in record.init.calls] == ["https://h/1"]
    assert record.init.end - record.init.start <= SECOND


@pytest.mark.parametrize("knows_its_own", [True, False])
@pytest.mark.parametrize("later", [2, 100, 255, 256, 257, 600])
def test_a_call_that_ends_many_invocations_later_makes_no_new_one(later: int, knows_its_own: bool) -> None:
    environment = Environment()
    environment.start("r-0", 0, 1)
    (begin,) = call(1, 0.5)
    begin.header["request_id"] = begin.request_id = "r-0" if knows_its_own else ""
    environment.read([begin])
    environment.end("r-0", 1)
    for number in range(1, later):
        environment.start(f"r-{number}", number + 1, number + 1)
        environment.end(f"r-{number}", number + 1.5)
    environment.read([frame("call_end", later + 2, "r-0" if knows_its_own else "", span_id=f"{1:016x}")])
    environment.take()
    first, late = environment.records["r-0"]
    assert (first.late, late.late) == (False, True)
    assert [(one.url, one.open) for one in late.calls] == [("https://h/1", False)]


def test_where_only_an_end_is_known_it_did_not_begin_with_the_epoch() -> None:
    environment = Environment()
    environment.read([frame("call_end", 2, "r-0", span_id=f"{1:016x}")])
    environment.take()
    (record,) = environment.records["r-0"]
    assert (record.start, record.duration_ms) == (T + 2 * SECOND, 0)
