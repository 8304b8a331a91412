"""The loop with real sockets, inotify and telemetry: what ends an invocation, and what is exported then."""

import os
import signal
import time

import pytest

from tests.extension.spool import Writer, frame

SPAN = "0123456789abcdef"
NOT_WRAPPED = {"AWS_LAMBDA_EXEC_WRAPPER": ""}
NOBODY = 4_194_303
"""The highest possible pid: nearly always of no process."""


def test_the_bell_ends_an_invocation(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.call("r-1", SPAN)
    assert launcher.is_silent(0.3), "what was there at the start was read"
    writer.end("r-1")
    assert launcher.word() == "done"
    (record,) = launcher.records(1)
    assert (record["request_id"], record["status"], record["cold_start"]) == ("r-1", "ok", True)
    assert record["calls"][0]["status"] == 200
    assert launcher.comes_to_hold()


def test_a_bell_for_another_invocation_ends_nothing(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-2")
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.is_silent(0.5)
    writer.start("r-2", 2)
    writer.end("r-2")
    assert launcher.word() == "done"
    assert {record["request_id"] for record in launcher.records(2)} == {"r-1", "r-2"}


def test_it_beats_while_it_waits_and_not_between_invocations(launcher) -> None:
    assert launcher.is_silent(0.5)
    assert launcher.beats == []
    launcher.invoke("r-1")
    assert launcher.is_silent(1.0)
    assert len(launcher.beats) >= 3
    assert max(launcher.beats) <= 1_000


def test_runtime_done_ends_an_invocation_whose_end_was_not_written(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.call("r-1", SPAN)
    launcher.runtime_done("r-1", "error", errorType="Runtime.Unknown")
    assert launcher.word() == "done"
    (record,) = launcher.records(1)
    assert (record["status"], record["error_type"], record["call_count"]) == ("error", "Runtime.Unknown", 1)


@pytest.mark.parametrize(("platform", "status"), [("timeout", "timeout"), ("failure", "crash")])
def test_runtime_done_tells_of_a_killed_process(launcher, platform: str, status: str) -> None:
    writer = Writer(launcher.folder, pid=NOBODY)
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.call("r-1", SPAN, ends=False)
    launcher.runtime_done("r-1", platform)
    assert launcher.word() == "done"
    (record,) = launcher.records(1)
    assert record["status"] == status
    assert "hung in tls" in record["aftercall"]


@pytest.mark.parametrize(
    ("reason", "status"), [("timeout", "timeout"), ("FAILURE", "crash"), ("spindown", "unknown"), ("", "unknown")]
)
def test_shutdown_takes_out_what_was_running(launcher, reason: str, status: str) -> None:
    writer = Writer(launcher.folder, pid=NOBODY)
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.call("r-1", SPAN, ends=False)
    assert launcher.shutdown(reason) == 0
    (record,) = launcher.last_records
    assert record["status"] == status
    assert record["calls"][0] | {"ms": 0} == {
        "method": "GET",
        "url": "https://example.com/a",
        "ms": 0,
        "stage": "tls",
        "open": True,
    }
    assert launcher.comes_to_hold()


def test_near_the_deadline_next_is_let_go_and_shutdown_tells_the_rest(launcher) -> None:
    writer = Writer(launcher.folder, pid=NOBODY)
    launcher.invoke("r-1", seconds=1.0)
    writer.start("r-1", deadline=int(time.time() * 1e3) + 1_000)
    assert launcher.word() == "done"
    assert launcher.records() == []
    launcher.shutdown("timeout")
    assert [record["status"] for record in launcher.last_records] == ["timeout"]


@pytest.mark.parametrize(("platform", "status"), [("success", "ok"), ("error", "error"), ("timeout", "timeout")])
def test_of_one_that_no_frame_tells_the_end_of_the_next_one_tells_nothing(launcher, platform: str, status: str) -> None:
    """The function emptied /tmp; its telemetry may be posted after the next invocation's end."""
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    launcher.runtime_done("r-1")
    assert launcher.word() == "done"
    launcher.invoke("r-2")
    assert launcher.word() == "done"
    launcher.invoke("r-3")
    writer.start("r-3", 3)
    writer.end("r-3")
    assert launcher.word() == "done"
    launcher.runtime_done("r-2", platform)
    launcher.shutdown("spindown")
    told = {record["request_id"]: record["status"] for record in launcher.last_records}
    assert told == {"r-1": "ok", "r-2": status, "r-3": "ok"}


def test_without_a_wrapper_nobody_waits_and_telemetry_tells(launch) -> None:
    launcher = launch(NOT_WRAPPED).start()
    launcher.invoke("r-1")
    assert launcher.word() == "done"
    assert launcher.records() == []
    launcher.tell(("platform.initStart", {"phase": "init"}), ("platform.initRuntimeDone", {"status": "success"}))
    launcher.runtime_done("r-1", metrics={"durationMs": 12.5})
    assert launcher.records() == [], "what it cost is not known yet"
    launcher.invoke("r-2")
    assert launcher.word() == "done"
    report = {"durationMs": 12.5, "billedDurationMs": 13, "memorySizeMB": 128, "maxMemoryUsedMB": 40}
    launcher.tell(("platform.report", {"requestId": "r-1", "status": "success", "metrics": report}))
    (record,) = launcher.records(1)
    assert (record["status"], record["duration_ms"], record["cold_start"]) == ("ok", 12.5, True)
    assert (record["billed_ms"], record["max_memory_mb"]) == (13, 40)
    assert "init_ms" in record
    assert 2e-7 < record["cost_usd"] < 3e-7


def test_a_report_that_never_comes_holds_a_record_back_for_eight_invocations(launch) -> None:
    launcher = launch(NOT_WRAPPED).start()
    requests = [f"r-{number}" for number in range(1, 10)]
    for request_id in requests:
        launcher.invoke(request_id)
        assert launcher.word() == "done"
        launcher.runtime_done(request_id)
    assert [record["request_id"] for record in launcher.records(1)] == ["r-1"]
    launcher.shutdown("spindown")
    assert [record["request_id"] for record in launcher.last_records] == requests


def test_a_restore_from_a_snapshot_is_told_as_one(launch) -> None:
    launcher = launch({**NOT_WRAPPED, "AFTERCALL_EXPORTER": "log"}).start()
    launcher.tell(("platform.initStart", {"phase": "init"}), ("platform.initRuntimeDone", {"status": "success"}))
    launcher.tell(("platform.restoreStart", {}), ("platform.restoreRuntimeDone", {"status": "success"}))
    launcher.invoke("r-1")
    assert launcher.word() == "done"
    launcher.runtime_done("r-1")
    launcher.shutdown("spindown")
    (record,) = launcher.last_records
    assert record["init_ms"] == 0.0


def test_without_wrapper_and_telemetry_the_record_goes_out_with_the_next_event(launch) -> None:
    launcher = launch(NOT_WRAPPED, telemetry=False).start()
    launcher.invoke("r-1")
    assert launcher.word() == "done"
    launcher.invoke("r-2")
    assert launcher.word() == "done"
    assert [record["request_id"] for record in launcher.records(1)] == ["r-1"]
    launcher.shutdown("spindown")
    assert [record["request_id"] for record in launcher.last_records] == ["r-1", "r-2"]


def test_a_wrapper_variable_that_nobody_obeys_costs_one_wait(launcher) -> None:
    launcher.invoke("r-1")
    assert launcher.is_silent(0.5)
    launcher.runtime_done("r-1")
    assert launcher.word() == "done"
    launcher.invoke("r-2")
    assert launcher.word() == "done"


def test_a_process_that_is_not_watched_is_not_waited_for(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid(), not_watched="no runtime client was recognised")
    writer.call("", SPAN)
    writer.ring()
    launcher.invoke("r-1")
    assert launcher.word() == "done"


def test_without_telemetry_a_wrapper_is_given_half_a_second_to_show_itself(launch) -> None:
    launcher = launch(telemetry=False).start()
    launcher.invoke("r-1")
    assert launcher.word() == "done"
    launcher.invoke("r-2")
    writer = Writer(launcher.folder, pid=os.getpid())
    writer.start("r-2", 2)
    assert launcher.is_silent(1.0)
    writer.end("r-2")
    assert launcher.word() == "done"


def test_without_inotify_the_spool_is_read_all_the_same(launch) -> None:
    launcher = launch(bell=False).start()
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    assert len(launcher.records(1)) == 1


def test_an_event_too_large_to_be_handed_over_is_ended_by_any_bell(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.send({"eventType": "INVOKE", "deadlineMs": int(time.time() * 1e3) + 30_000, "truncated": True})
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    assert [record["request_id"] for record in launcher.records(1)] == ["r-1"]


def test_invocations_with_a_freeze_between_them(launcher) -> None:
    writer = Writer(launcher.folder, pid=os.getpid())
    for number in (1, 2, 3):
        launcher.invoke(f"r-{number}")
        writer.start(f"r-{number}", number)
        writer.end(f"r-{number}")
        assert launcher.word() == "done"
        launcher.process.send_signal(signal.SIGSTOP)
        launcher.process.send_signal(signal.SIGCONT)
    records = launcher.records(3)
    assert [record["request_id"] for record in records] == ["r-1", "r-2", "r-3"]
    assert [record["cold_start"] for record in records] == [True, False, False]


def test_calls_of_a_forked_child_and_of_the_init_phase_are_joined(launcher) -> None:
    parent, child = Writer(launcher.folder, pid=os.getpid()), Writer(launcher.folder, pid=os.getppid())
    parent.call("", "00000000000000aa")
    launcher.invoke("r-1")
    parent.start("r-1")
    child.call("r-1", "00000000000000bb")
    parent.end("r-1")
    assert launcher.word() == "done"
    (record,) = launcher.records(1)
    assert (record["call_count"], record["init_call_count"]) == (1, 1)
    assert [call["url"] for call in record["calls"]] == [call["url"] for call in record["init_calls"]]
    assert launcher.comes_to_hold(), "nothing is left of what was read"
    assert sum(path.suffix == ".segment" for path in launcher.folder.iterdir()) == 2, "both processes live"


def test_late_calls_make_a_record_of_their_own_once(launcher) -> None:
    writer, child = Writer(launcher.folder, pid=os.getpid()), Writer(launcher.folder, pid=os.getppid())
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    child.call("r-1", "00000000000000cc")
    for number in (2, 3):
        launcher.invoke(f"r-{number}")
        writer.start(f"r-{number}", number)
        writer.end(f"r-{number}")
        assert launcher.word() == "done"
    late = [record for record in launcher.records(4) if record.get("late")]
    assert [(record["request_id"], record["call_count"]) for record in late] == [("r-1", 1)]


@pytest.mark.parametrize("order", ["wrapper first", "telemetry first", "telemetry at the end", "no telemetry"])
def test_an_init_error_without_an_invocation_is_one_record(launch, order: str) -> None:
    launcher = launch(telemetry=order != "no telemetry").start()
    told = (
        ("platform.initStart", {"phase": "init"}),
        (
            "platform.initRuntimeDone",
            {"phase": "init", "status": "error", "errorType": "Function.Unknown"},
        ),
    )
    if order == "telemetry first":
        launcher.tell(*told)
    writer = Writer(launcher.folder, pid=os.getpid())
    error = b'{"errorType":"Runtime.ImportModuleError","errorMessage":"No module named app","stackTrace":[]}'
    writer.write(frame("invocation_end", [("error", error)], phase="init", status="error"))
    writer.ring()
    if order == "wrapper first":
        launcher.tell(*told)
    if order == "telemetry at the end":
        assert launcher.is_silent(0.2)
        launcher.tell(*told)
    launcher.shutdown("failure")
    (record,) = launcher.last_records
    assert (record["status"], record["init_error"]) == ("error", "Runtime.ImportModuleError")


def test_no_raw_secret_is_in_any_line(launch) -> None:
    launcher = launch({"AFTERCALL_LOG_LEVEL": "debug"}).start()
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.call("r-1", SPAN, url="https://user:hunter2@example.com/?token=hunter2")
    writer.end("r-1")
    assert launcher.word() == "done"
    launcher.shutdown("spindown")
    assert launcher.last_records
    assert "hunter2" not in "\n".join(launcher.output)


def test_debug_tells_each_phase(launch) -> None:
    launcher = launch({"AFTERCALL_LOG_LEVEL": "debug"}).start()
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    launcher.shutdown("spindown")
    told = [line.removeprefix("aftercall: ").split(" ")[0] for line in launcher.output if not line.startswith("{")]
    assert {"init", "invoke", "ended", "read", "export", "done", "shutdown"} <= set(told)
    assert told.index("init") < told.index("invoke") < told.index("ended") < told.index("done") < told.index("shutdown")


def test_it_ends_when_the_launcher_is_gone(launcher) -> None:
    launcher.hang_up()
    assert launcher.exit_status() == 0


@pytest.mark.parametrize("telemetry", [True, False])
@pytest.mark.parametrize("at_once", [2, 20])
def test_where_no_event_is_handed_over_many_run_at_once(launch, at_once: int, telemetry: bool) -> None:
    """On Managed Instances only the end of each invocation says that it is over."""
    launcher = launch(telemetry=telemetry).start()
    ids = [f"r-{number}" for number in range(at_once)]
    writers = [Writer(launcher.folder, pid=os.getpid(), started=time.time_ns() + number) for number in range(at_once)]
    for request_id, writer in zip(ids, writers, strict=True):
        writer.start(request_id, 2)
        writer.ring()
    for ended, (request_id, writer) in enumerate(zip(ids, writers, strict=True), 1):
        writer.end(request_id)
        assert [record["request_id"] for record in launcher.records(ended)] == ids[:ended]
    assert launcher.shutdown("spindown") == 0
    assert [record["status"] for record in launcher.last_records] == ["ok"] * at_once
