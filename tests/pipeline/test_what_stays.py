"""What outlives an invocation stays small with any number of invocations. What Lambda repeats is exported once."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.exporters.log import line_of
from aftercall.pipeline.assemble import MAX_HELD_BYTES, Assembler
from aftercall.pipeline.billing import Billing
from aftercall.pipeline.exported import MAX_LEFT_OPEN, MAX_LEFT_OPEN_BYTES
from aftercall.pipeline.redact import Redactor
from aftercall.spool import Frame

if TYPE_CHECKING:
    from aftercall.pipeline.model import Call

T = 1_764_000_000_000_000_000
SECOND = 10**9
PROCESS = {"kind": "process", "time": T, "format": 2, "runtime": "python", "pid": 17, "start": T, "client": "x 1"}
PART = 65_536


def frame(kind: str, seconds: float, request_id: str = "", payload: bytes = b"", **header: Any) -> Frame:
    return Frame({"kind": kind, "time": T + int(seconds * SECOND), "request_id": request_id, **header}, payload)


def response(seconds: float, request_id: str, span: str, size: int = PART) -> Frame:
    parts = [["response_body", size]]
    return frame("call_response", seconds, request_id, b"x" * size, span_id=span, status=200, parts=parts)


def left_open(number: int, *, told: str) -> Assembler:
    """Invocations with an open call each, whose response comes before or after their record."""
    assembler = Assembler()
    runtime = assembler.process(PROCESS)
    for at in range(1, number + 1):
        request_id, span = f"r-{at}", f"{at:016x}"
        frames = [
            frame("invocation_start", at, request_id, number=at),
            frame("call_start", at, request_id, span_id=span, method="GET", url=f"https://h/{at}"),
            frame("invocation_end", at + 0.5, request_id, status="ok"),
        ]
        frames.insert(2 if told == "before" else 3, response(at, request_id, span))
        for one in frames[:-1] if told == "after" else frames:
            assembler.frame(one, runtime)
        assembler.take(request_id)
        if told == "after":
            assembler.frame(frames[-1], runtime)
    return assembler


@pytest.mark.parametrize("told", ["before", "after"])
def test_calls_that_are_left_open_keep_few_bytes(told: str) -> None:
    assembler = left_open(2 * MAX_LEFT_OPEN, told=told)
    assert len(assembler.exported._left_open) == MAX_LEFT_OPEN
    assert sum(map(held_by, assembler.exported._left_open.values())) <= MAX_LEFT_OPEN_BYTES
    assert not assembler._held
    last = 2 * MAX_LEFT_OPEN
    for at in (last, last - MAX_LEFT_OPEN + 1):  # the newest, and the oldest that is remembered
        assembler.frame(frame("call_end", at + 9, f"r-{at}", span_id=f"{at:016x}"), None)
        taken = assembler.take(f"r-{at}")
        assert taken is not None
        (call,) = taken.calls.values()
        assert (call.url, call.status, call.end) == (f"https://h/{at}", 200, T + (at + 9) * SECOND)
        assert held_by(call) == (PART if at == last else 0)


def held_by(call: "Call") -> int:
    return sum(map(len, call.parts.values()))


def test_the_record_itself_has_all_that_was_there() -> None:
    assembler = Assembler()
    for at in range(1, 201):
        span = f"{at:016x}"
        assembler.frame(frame("call_start", at, "r-1", span_id=span, url="https://h/"), None)
        assembler.frame(response(at, "r-1", span), None)
    taken = assembler.take("r-1", "timeout")
    assert taken is not None
    assert [held_by(call) for call in taken.calls.values()] == [PART] * 200


def test_each_init_has_bytes_of_its_own() -> None:
    assembler = Assembler()
    for at in range(1, 6):
        span = f"{at:016x}"
        assembler.frame(frame("call_start", at, span_id=span, url="https://h/"), None)
        assembler.frame(response(at, "", span, MAX_HELD_BYTES // 2), None)
        init = assembler.take_init()
        assert init is not None
        assert init.init is not None
        assert [held_by(call) for call in init.init.calls.values()] == [MAX_HELD_BYTES // 2]


METRICS = {"durationMs": 3.2, "billedDurationMs": 4, "memorySizeMB": 128, "maxMemoryUsedMB": 64}


def report(**metrics: object) -> dict[str, Any]:
    return {"requestId": "r-1", "status": "success", "metrics": {**METRICS, **metrics}}


@pytest.mark.parametrize("exported_by", ["us", "us, with its report", "an earlier process"])
def test_a_report_that_comes_twice_is_told_once(exported_by: str) -> None:
    """Lambda repeats a batch that it takes for lost."""
    assembler, billing = Assembler(), Billing()
    told = 0
    if exported_by == "an earlier process":
        assembler.exported.add_id("r-1")
    else:
        assembler.invoke({"requestId": "r-1"})
        if exported_by == "us, with its report":
            assembler.platform("platform.report", report(), T)
        taken = assembler.take("r-1", "ok")
        assert taken is not None
        record = Redactor(bodies=False).record(taken)
        told += record.billed_ms is not None
        billing.note(record)
    for _ in range(3):
        assembler.platform("platform.report", report(), T)
        told += sum(billing.report(*one) is not None for one in assembler.exported.reports)
        assembler.exported.reports = []
    assert told == 1
    assert not billing.awaits("r-1")


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("value", [-1, -0.5, -1e300, float("nan"), float("-inf"), True, "4", None, [4]])
def test_what_is_no_measure_is_not_told(name: str, value: object) -> None:
    assembler = Assembler()
    assembler.invoke({"requestId": "r-1"})
    assembler.platform("platform.report", report(**{name: value}), T)
    taken = assembler.take("r-1", "ok")
    assert taken is not None
    record = Redactor(bodies=False).record(taken)
    measures = (record.duration_ms, record.billed_ms, record.memory_mb, record.max_memory_mb)
    assert all(measure is None or measure >= 0 for measure in measures)
    assert [record.billed_ms, record.memory_mb, record.max_memory_mb].count(None) == (name != "durationMs")
    json.loads(line_of(record))
