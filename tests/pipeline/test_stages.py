"""A fault within a stage costs one frame or one record, and is counted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from aftercall.pipeline.assemble import Assembler
from aftercall.pipeline.redact import Redactor
from aftercall.pipeline.stages import Stages
from aftercall.spool import Frame, SegmentReader

if TYPE_CHECKING:
    import pytest


def frame(kind: str, request_id: str, time: int) -> Frame:
    return Frame({"kind": kind, "time": time, "request_id": request_id, "number": 1, "status": "ok"}, b"")


def stages_over(frames: list[Frame], lines: list[str]) -> Stages:
    segment = SimpleNamespace(reader=SegmentReader(), pending=set())
    folder: Any = SimpleNamespace(read=lambda: ((segment, one) for one in frames))
    return Stages(folder, Assembler(), Redactor(bodies=False), warn=lines.append, debug=lines.append)


def test_a_frame_that_cannot_be_assembled_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    stages = stages_over([frame("invocation_start", f"r-{number}", number) for number in range(3)], lines)
    whole = stages.assembler.frame

    def broken(one: Frame, runtime: Any) -> None:
        if one.request_id == "r-1":
            raise RuntimeError("a fault of ours")
        whole(one, runtime)

    monkeypatch.setattr(stages.assembler, "frame", broken)
    assert stages.read_and_assemble() == 3
    assert [invocation.request_id for invocation in stages.assembler.open()] == ["r-0", "r-2"]
    assert stages.counters == {"frame_faults": 1}
    assert len(lines) == 1


def test_a_record_that_cannot_be_made_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    stages = stages_over([frame("invocation_start", f"r-{number}", number) for number in range(3)], lines)
    stages.read_and_assemble()
    whole = stages.redactor.record

    def broken(raw: Any) -> Any:
        if raw.request_id == "r-1":
            raise RuntimeError("a fault of ours")
        return whole(raw)

    monkeypatch.setattr(stages.redactor, "record", broken)
    taken = [taken for one in stages.assembler.open() if (taken := stages.assembler.take(one.request_id)) is not None]
    assert [record.request_id for record in stages.records(taken)] == ["r-0", "r-2"]
    assert stages.counters == {"record_faults": 1}
    assert len(lines) == 1
