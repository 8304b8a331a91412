"""Exports within their budget, to backends that hang, come back, or refuse; and what waits for them."""

import json
import os
import threading
import time

import pytest

from aftercall.exporters.exporter import Exporter, Result
from aftercall.extension.outlet import MAX_RECORDS, Outlet
from aftercall.pipeline.record import Body, InvocationRecord
from tests.exporters.receivers import ok, receiver, say
from tests.extension.spool import Writer


def run(launcher, writer: Writer, request_id: str, number: int = 1, *, seconds: float = 30.0) -> float:
    """Run one invocation. Returns the seconds from its end to `done`."""
    launcher.invoke(request_id, seconds=seconds)
    writer.start(request_id, number)
    began = time.monotonic()
    writer.end(request_id)
    assert launcher.word() == "done"
    return time.monotonic() - began


def test_each_invocation_is_one_document(launch) -> None:
    with receiver() as server:
        endpoint = f"http://127.0.0.1:{server.server_port}/in?source=a"
        launcher = launch({"AFTERCALL_JSON_ENDPOINT": endpoint, "AFTERCALL_JSON_HEADERS": "x-key=a%20b"}).start()
        writer = Writer(launcher.folder, pid=os.getpid())
        run(launcher, writer, "r-1")
        run(launcher, writer, "r-2", 2)
    paths, headers, bodies = zip(*server.requests, strict=True)
    assert [json.loads(body)["request_id"] for body in bodies] == ["r-1", "r-2"]
    assert set(paths) == {"/in?source=a"}
    assert headers[0]["x-key"] == "a b"
    assert launcher.comes_to_hold()


def test_a_backend_that_never_answers_costs_the_budget_and_its_records_come_later(launch) -> None:
    hanging = [True]

    def answer(handler, number: int) -> None:
        until = time.monotonic() + 30
        while hanging[0] and time.monotonic() < until:
            time.sleep(0.02)
        ok(handler, number)

    with receiver(answer) as server:
        environment = {
            "AFTERCALL_JSON_ENDPOINT": f"http://127.0.0.1:{server.server_port}/",
            "AFTERCALL_EXPORT_BUDGET_MS": "300",
        }
        launcher = launch(environment).start()
        writer = Writer(launcher.folder, pid=os.getpid())
        assert run(launcher, writer, "r-1") < 5
        assert launcher.segments() != []  # not deleted before it is delivered
        hanging[0] = False
        run(launcher, writer, "r-2", 2)
        launcher.shutdown("spindown")
    assert {"r-1", "r-2"} <= {json.loads(body)["request_id"] for _, _, body in server.requests}
    assert launcher.comes_to_hold()
    assert "no answer within the export budget" in launcher.output[0] or "Time" in launcher.output[0]


def test_an_export_ends_before_the_deadline_of_the_invocation(launch) -> None:
    with receiver(lambda _handler, _number: time.sleep(20)) as server:
        environment = {
            "AFTERCALL_JSON_ENDPOINT": f"http://127.0.0.1:{server.server_port}/",
            "AFTERCALL_EXPORT_BUDGET_MS": "20000",
        }
        launcher = launch(environment).start()
        assert run(launcher, Writer(launcher.folder, pid=os.getpid()), "r-1", seconds=2.0) < 5


def test_a_receiver_that_refuses_costs_the_record_and_says_so_once(launch) -> None:
    with receiver(lambda handler, _number: say(handler, 403)) as server:
        launcher = launch({"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}"}).start()
        writer = Writer(launcher.folder, pid=os.getpid())
        for number in (1, 2, 3):
            run(launcher, writer, f"r-{number}", number)
        launcher.shutdown("spindown")
    complaints = [line for line in launcher.output if "403" in line]
    assert len(complaints) == 1
    counted = [json.dumps(json.loads(body)) for _, _, body in server.requests]
    assert "aftercall.counters.dropped_records" in counted[1]
    assert launcher.comes_to_hold()


def test_two_exporters_get_the_same_record(launch) -> None:
    with receiver() as server:
        environment = {
            "AFTERCALL_EXPORTER": "log,otlp",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"http://127.0.0.1:{server.server_port}/custom",
        }
        launcher = launch(environment).start()
        run(launcher, Writer(launcher.folder, pid=os.getpid()), "r-1")
        assert launcher.records(1)[0]["request_id"] == "r-1"
    ((path, _, body),) = server.requests
    assert path == "/custom"
    assert "r-1" in body.decode()


@pytest.mark.parametrize("variable", ["OTEL_SDK_DISABLED", "AFTERCALL_EXPORTER"])
def test_nothing_is_sent_when_it_is_switched_off(launch, variable: str) -> None:
    with receiver() as server:
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            variable: "true" if variable == "OTEL_SDK_DISABLED" else "none",
        }
        launcher = launch(environment).start()
        run(launcher, Writer(launcher.folder, pid=os.getpid()), "r-1")
        launcher.shutdown("spindown")
    assert server.requests == []
    assert launcher.output == []
    assert launcher.comes_to_hold()


# The queue by itself


class Plain(Exporter):
    """Raises for records whose id is `poison`, and keeps what `keeps` says."""

    name = "plain"

    def __init__(self, *, keeps: bool = False) -> None:
        self.keeps = keeps
        self.delivered: list[str] = []

    def export(self, records: list[InvocationRecord], deadline: float) -> Result:
        result = Result()
        if any(record.request_id == "poison" for record in records):
            raise KeyError("poison")
        if self.keeps:
            result.kept, result.error = records, "not today"
        else:
            self.delivered += [record.request_id for record in records]
        return result


def flush(outlet: Outlet, *request_ids: str) -> None:
    outlet.add([InvocationRecord(request_id) for request_id in request_ids])
    outlet.start(time.monotonic() + 5)
    outlet.wait(time.monotonic() + 5, lambda: None)


def test_a_record_that_cannot_be_exported_costs_itself_alone() -> None:
    exporter = Plain()
    outlet = Outlet(exporter)
    flush(outlet, "a", "poison", "b")
    assert exporter.delivered == ["a", "b"]
    assert (outlet.dropped, outlet.held()) == (1, [])


class Hangs(Exporter):
    """Does not keep its deadline, like the look-up of a name, or a receiver that sends drop by drop."""

    name = "hangs"
    may_hang = True

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.ended = threading.Event()

    def export(self, records: list[InvocationRecord], deadline: float) -> Result:
        self.let_go.wait(30)
        self.ended.set()
        return Result()


def test_an_exporter_that_keeps_no_deadline_is_waited_for_until_it_and_no_longer() -> None:
    exporter = Hangs()
    outlet = Outlet(exporter)
    record = InvocationRecord("a")
    outlet.add([record])
    outlet.start(time.monotonic() + 0.05)
    outlet.wait(time.monotonic() + 0.05, lambda: None)
    assert not exporter.ended.is_set()
    assert outlet.held() == [record]
    exporter.let_go.set()
    outlet.wait(time.monotonic() + 30, lambda: None)
    assert exporter.ended.is_set()
    assert outlet.held() == []


class Waits(Exporter):
    """Keeps its deadline, and says in which thread it ran."""

    name = "waits"
    waits = True
    thread = 0

    def export(self, records: list[InvocationRecord], deadline: float) -> Result:
        self.thread = threading.get_ident()
        return Result()


@pytest.mark.parametrize(
    ("may_hang", "seconds", "others_follow", "own"),
    [(False, 1.0, False, False), (False, 1.0, True, True), (False, 5.0, False, True), (True, 1.0, False, True)],
    ids=["short and last", "others wait", "longer than a beat may stay out", "may hang"],
)
def test_a_thread_is_started_only_where_the_main_loop_has_more_to_do(
    may_hang: bool, seconds: float, others_follow: bool, own: bool
) -> None:
    exporter = Waits()
    exporter.may_hang = may_hang
    outlet = Outlet(exporter)
    outlet.add([InvocationRecord("a")])
    outlet.start(time.monotonic() + seconds, others_follow=others_follow)
    outlet.wait(time.monotonic() + 30, lambda: None)
    assert (exporter.thread != threading.get_ident()) == own
    assert outlet.held() == []


def test_what_waits_is_bounded_by_number_and_the_oldest_goes_first() -> None:
    outlet = Outlet(Plain(keeps=True))
    flush(outlet, *(str(number) for number in range(MAX_RECORDS + 10)))
    assert outlet.dropped == 10
    assert outlet.held()[0].request_id == "10"


def test_what_waits_is_bounded_by_size() -> None:
    outlet = Outlet(Plain(keeps=True))
    records = [InvocationRecord(str(number)) for number in range(10)]
    for record in records:
        record.event = Body("x" * 1_000_000, size=None, truncated=False)
    outlet.add(records)
    assert outlet.dropped == 6
    assert outlet.held()[-1].request_id == "9"
