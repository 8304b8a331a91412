"""What an earlier process left behind is exported once."""

import json
import os
import time

from tests.exporters.receivers import ok, receiver, say
from tests.extension.spool import NOBODY, Writer, frame

SPAN = "0123456789abcdef"
LONG_AGO = time.time_ns() - 10**15


def records_of(launcher) -> dict[str, str]:
    return {record["request_id"]: record["status"] for record in launcher.last_records}


def test_what_an_earlier_environment_left_comes_out_at_the_start(launch) -> None:
    launcher = launch()
    writer = Writer(launcher.folder, pid=NOBODY, started=LONG_AGO)
    writer.start("ended")
    writer.end("ended")
    writer.start("killed", 2)
    writer.call("killed", SPAN, ends=False)
    launcher.start()
    launcher.invoke("r-1")
    writer = Writer(launcher.folder, pid=os.getpid())
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    launcher.shutdown("spindown")
    assert records_of(launcher) == {"ended": "ok", "killed": "unknown", "r-1": "ok"}
    assert launcher.comes_to_hold()


def test_the_init_phase_of_an_earlier_environment_is_not_given_to_the_next_invocation(launch) -> None:
    launcher = launch()
    Writer(launcher.folder, pid=NOBODY, started=LONG_AGO).call("", "00000000000000aa", ends=False)
    launcher.start()
    launcher.invoke("r-1")
    writer = Writer(launcher.folder, pid=os.getpid())
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    assert [record.get("init_call_count", 0) for record in launcher.records(2)] == [1, 0]


def test_a_killed_incarnation_is_followed_by_one_that_goes_on(launch) -> None:
    launcher = launch().start()
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    writer.start("r-1")
    writer.call("r-1", SPAN)
    assert launcher.is_silent(0.5)
    launcher.kill()
    launcher.start()
    launcher.invoke("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    (record,) = launcher.records(1)
    assert (record["request_id"], record["call_count"]) == ("r-1", 1)


def test_an_end_that_was_written_while_nobody_listened_is_found(launch) -> None:
    launcher = launch().start()
    launcher.invoke("r-1")
    launcher.kill()
    writer = Writer(launcher.folder, pid=os.getpid())
    writer.start("r-1")
    writer.end("r-1")
    launcher.start()
    launcher.invoke("r-1")
    assert launcher.word() == "done"
    assert len(launcher.records(1)) == 1


def test_a_new_incarnation_sends_nothing_a_second_time(launch) -> None:
    launcher = launch().start()
    writer, child = Writer(launcher.folder, pid=os.getpid()), Writer(launcher.folder, pid=os.getppid())
    launcher.invoke("r-1")
    writer.start("r-1")
    child.call("r-1", SPAN)  # its segment stays open, and on disk
    writer.end("r-1")
    assert launcher.word() == "done"
    launcher.kill()
    launcher.start()
    launcher.invoke("r-1")  # given again: the launcher had not heard `done`
    assert launcher.word() == "done"
    launcher.shutdown("spindown")
    assert launcher.last_records == []


def test_calls_of_an_open_segment_that_came_after_the_export_still_come_out(launch) -> None:
    launcher = launch().start()
    writer, child = Writer(launcher.folder, pid=os.getpid()), Writer(launcher.folder, pid=os.getppid())
    launcher.invoke("r-1")
    writer.start("r-1")
    child.call("r-1", "00000000000000aa")
    writer.end("r-1")
    assert launcher.word() == "done"
    launcher.kill()
    child.call("r-1", "00000000000000bb")
    launcher.start()
    launcher.shutdown("spindown")
    (record,) = launcher.last_records
    assert (record["late"], record["call_count"]) == (True, 1)


def test_a_segment_that_brought_the_reader_down_twice_is_put_aside_and_counted(launch) -> None:
    launcher = launch()
    writer = Writer(launcher.folder, pid=NOBODY, started=LONG_AGO)
    writer.start("poison")
    segment = writer.write(frame("invocation_end", request_id="poison", status="ok"))
    writer.store("tries", 2)
    launcher.start()
    launcher.invoke("r-1")
    writer = Writer(launcher.folder, pid=os.getpid())
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    (record,) = launcher.records(1)
    assert record["counters"]["segments_put_aside"] == 1
    assert launcher.comes_to_hold(segment.with_suffix(".aside").name)


def test_what_was_counted_is_told_by_the_next_incarnation(launch) -> None:
    launcher = launch()
    writer = Writer(launcher.folder, pid=NOBODY, started=LONG_AGO)
    writer.start("poison")
    writer.write(frame("invocation_end", request_id="poison", status="ok"))
    writer.store("tries", 2)
    launcher.start()
    assert launcher.comes_to_note("segments_put_aside")
    launcher.kill()
    launcher.start()
    for request_id in ("r-1", "r-2"):
        launcher.invoke(request_id)
        writer = Writer(launcher.folder, pid=os.getpid())
        writer.start(request_id)
        writer.end(request_id)
        assert launcher.word() == "done"
    first, second = launcher.records(2)
    assert first["counters"] == {"segments_put_aside": 1}
    assert "counters" not in second
    launcher.kill()
    launcher.start()
    launcher.shutdown("spindown")
    assert launcher.last_records == [], "nothing is told twice"


def test_deaths_during_an_outage_cost_no_record(launch) -> None:
    """A segment that waits for its receiver is read again by each incarnation, and kills none of them."""
    outage = True
    with receiver(lambda handler, number: say(handler, 503) if outage else ok(handler, number)) as server:
        launcher = launch({"AFTERCALL_JSON_ENDPOINT": f"http://127.0.0.1:{server.server_port}/"})
        launcher.start()
        launcher.invoke("r-1")
        writer = Writer(launcher.folder, pid=os.getpid())
        writer.start("r-1")
        writer.end("r-1")
        assert launcher.word() == "done"
        for _ in range(4):
            launcher.kill()
            launcher.start()
            launcher.invoke("r-1")  # given again, and finished once the export has failed again
            assert launcher.word() == "done"
        refused = len(server.requests)
        outage = False
        launcher.shutdown("spindown")
        (taken,) = [json.loads(body) for _, _, body in server.requests[refused:]]
    # Its status is in the segment alone.
    assert (taken["request_id"], taken["status"]) == ("r-1", "ok")
    assert launcher.comes_to_hold()


def test_a_segment_that_was_being_read_once_is_tried_again(launch) -> None:
    launcher = launch()
    writer = Writer(launcher.folder, pid=NOBODY, started=LONG_AGO)
    writer.start("r-0")
    writer.write(frame("invocation_end", request_id="r-0", status="ok"))
    writer.store("tries", 1)
    launcher.start()
    assert [record["request_id"] for record in launcher.records(1)] == ["r-0"]


def test_deaths_while_an_invocation_goes_on_put_nothing_aside(launch) -> None:
    """Reading half an invocation has harmed nobody."""
    launcher = launch().start()
    writer = Writer(launcher.folder, pid=os.getpid())
    launcher.invoke("r-1")
    for _ in range(3):
        writer.call("r-1", SPAN)
        writer.ring()
        assert launcher.is_silent(0.3)
        launcher.kill()
        launcher.start()
        launcher.invoke("r-1")
    writer.start("r-1")
    writer.end("r-1")
    assert launcher.word() == "done"
    (record,) = launcher.records(1)
    assert "counters" not in record


def test_damage_is_counted_in_bytes_and_what_stood_before_it_comes_out(launch) -> None:
    launcher = launch()
    writer = Writer(launcher.folder, pid=NOBODY, started=LONG_AGO)
    writer.start("r-0")
    writer.write(frame("invocation_end", request_id="r-0", status="ok"), b"\x0a\x00\x00\x00\x00\x00\x00\x00{")
    writer.ring()
    launcher.start()
    (record,) = launcher.records(1)
    assert record["request_id"] == "r-0"
    assert record["counters"] == {"lost_bytes.torn_frame": 16}


def test_a_folder_that_vanishes_and_comes_back_costs_nothing_more(launch) -> None:
    launcher = launch({"AFTERCALL_LOG_LEVEL": "debug"}).start()
    launcher.folder.rename(launcher.folder.with_name("gone"))
    launcher.invoke("r-1")
    launcher.runtime_done("r-1")
    assert launcher.word() == "done"
    launcher.folder.mkdir(mode=0o700)
    launcher.invoke("r-2")
    assert launcher.word() == "done"
    launcher.shutdown("spindown")
    assert records_of(launcher).keys() == {"r-1", "r-2"}
    assert not any("fault" in line for line in launcher.output)


def test_a_note_that_makes_no_sense_is_not_believed(launch) -> None:
    launcher = launch()
    for note in (b"", b"\xff", b"[" * 100_000, json.dumps({"exported": [1], "offsets": {"1-1-1": "x"}}).encode()):
        (launcher.folder / "exported").write_bytes(note)
        launcher.start()
        assert launcher.shutdown("spindown") == 0
