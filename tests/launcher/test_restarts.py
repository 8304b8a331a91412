"""A Python part that dies, hangs, starves or cannot be started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.launcher.fake_lambda import invoke, shutdown
from tests.launcher.launched import NO_LEAK_CHECK, is_running, state_of, wait_until

DIES_ONCE = """
def invoke(part, event):
    if part.incarnation == 1:
        part.die()
    part.say("done")
"""
BEATS_UNTIL_TOLD = """
def invoke(part, event):
    while not os.path.exists(part.journal + ".go"):
        part.say("beat 200")
        time.sleep(0.05)
    part.say("done")
"""


def go(launched):
    launched.journal.with_name("journal.go").touch()


def test_the_event_is_given_again_to_the_next_incarnation(launch, fake):
    launched = launch(DIES_ONCE)
    fake.send_event(invoke("r-1"))
    again = launched.wait_noted("INVOKE", incarnation=2)
    assert again[0]["packet"]["requestId"] == "r-1"
    assert launched.noted("INIT", incarnation=2)[0]["packet"]["incarnation"] == 2
    fake.wait_for("next", 2)
    fake.send_event(invoke("r-2"))
    fake.wait_for("next", 3)
    assert len(launched.noted("INVOKE", incarnation=2)) == 2


def test_a_finished_event_is_not_given_again(launch, fake):
    launched = launch()
    fake.send_event(invoke("r-1"))
    fake.wait_for("next", 2)
    os.kill(launched.noted("INIT")[0]["pid"], signal.SIGKILL)
    launched.wait_noted("INIT", incarnation=2)
    fake.send_event(invoke("r-2"))
    fake.wait_for("next", 3)
    assert [line["packet"]["requestId"] for line in launched.noted("INVOKE", incarnation=2)] == ["r-2"]


def test_a_death_releases_next_before_any_pause(launch, fake):
    """The third restart has a pause of 400 ms; next is asked for all the same."""
    launched = launch("def invoke(part, event):\n    part.die()")
    for i in range(3):
        launched.wait_noted("INIT", i + 1)
        fake.send_event(invoke(f"r-{i}"))
        fake.wait_for("next", i + 2)
    died = launched.noted("INVOKE")[-1]["at"]
    assert fake.of_kind("next")[-1].at < launched.wait_noted("INIT", incarnation=4)[0]["at"]
    assert died > 0


def test_an_event_that_comes_while_nobody_is_there_holds_nothing_up_and_is_given_to_the_next(launch, fake):
    """The fourth restart has a pause of 1,600 ms: two events come in it, and the last one is the current one."""
    launched = launch("""
        def invoke(part, event):
            if part.incarnation < 5:
                part.die()
            part.say("done")
    """)
    for i in range(4):
        launched.wait_noted("INIT", i + 1)
        fake.send_event(invoke(f"r-{i}"))
        fake.wait_for("next", i + 2)
    for i in (4, 5):
        current = invoke(f"r-{i}")
        fake.send_event(current)
        fake.wait_for("next", i + 2)
    wait_until(lambda: launched.noted("INVOKE", incarnation=5, packet=current), launched.told)
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0
    assert launched.log_lines() == []


def test_a_stopped_python_part_is_noticed_killed_and_replaced(launch, fake):
    launched = launch(BEATS_UNTIL_TOLD)
    launched.wait_told("Python part ready")
    fake.send_event(invoke())
    (first,) = launched.wait_noted("INVOKE")
    os.kill(first["pid"], signal.SIGSTOP)
    stopped = time.monotonic()
    released = fake.wait_for("next", 2)[1].at
    # 200 ms of beat and 750 of patience; far under the 30 s of the deadline, whatever the machine is doing
    assert 0.7 < released - stopped < 10
    launched.wait_noted("INVOKE", incarnation=2)
    assert not is_running(first["pid"])
    go(launched)


def test_one_that_was_stopped_before_the_event_is_noticed_too(launch, fake):
    launched = launch()
    launched.wait_told("Python part ready")
    os.kill(launched.noted("INIT")[0]["pid"], signal.SIGSTOP)
    time.sleep(1.5)
    assert launched.is_first_incarnation(), "without an event no beats are asked for"
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    launched.wait_noted("INVOKE", incarnation=2)


def test_beats_keep_it_alive_and_long_beats_are_believed(launch, fake):
    launched = launch("""
        def invoke(part, event):
            part.say("beat 2500")
            time.sleep(2)
            part.say("done")
    """)
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    assert launched.is_first_incarnation()


def test_a_thaw_is_not_a_hang(launch, fake):
    """Everything is stopped between two events for longer than any beat, then goes on."""
    launched = launch(BEATS_UNTIL_TOLD)
    launched.wait_told("Python part ready")
    go(launched)
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    everybody = [launched.process.pid, launched.noted("INIT")[0]["pid"]]
    for pid in everybody:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(1.5)
    for pid in everybody:
        os.kill(pid, signal.SIGCONT)
    fake.send_event(invoke())
    fake.wait_for("next", 3)
    assert launched.is_first_incarnation()


def test_a_freeze_in_an_unfinished_event_that_its_deadline_released_is_not_a_hang(launch, fake):
    launched = launch("""
        def invoke(part, event):
            while not os.path.exists(part.journal + ".go"):
                part.say("beat 200")
                time.sleep(0.05)
            part.say(f"done {part.events}")
    """)
    launched.wait_told("Python part ready")
    fake.send_event(invoke(in_ms=300))
    fake.wait_for("next", 2)
    everybody = [launched.process.pid, launched.noted("INIT")[0]["pid"]]
    for pid in everybody:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(1.5)
    # the launcher is the first to wake
    for pid in everybody:
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.3)
    go(launched)
    fake.send_event(invoke())
    fake.wait_for("next", 3)
    assert launched.is_first_incarnation()


def test_one_that_is_runnable_is_starved_not_hung(launch, fake):
    """It computes for longer than a beat and its patience, without a word."""
    launched = launch("""
        def invoke(part, event):
            part.say("beat 100")
            end = time.monotonic() + 2.5
            while time.monotonic() < end:
                pass
            part.note("computed")
            part.say("done")
    """)
    launched.wait_told("Python part ready")
    fake.send_event(invoke())
    asked = fake.wait_for("next", 2)[1]
    assert asked.at >= launched.noted("computed")[0]["at"]
    assert launched.is_first_incarnation()


def test_one_that_computes_for_ever_is_hung_in_the_end(launch, fake):
    launched = launch("""
        def invoke(part, event):
            while part.incarnation == 1:
                pass
            part.say("done")
    """)
    launched.wait_told("Python part ready")
    fake.send_event(invoke(in_ms=120_000))
    fake.wait_for("next", 2)
    launched.wait_noted("INVOKE", incarnation=2)


@pytest.mark.parametrize(
    "stuck", ["time.sleep(3600)", "os.kill(os.getpid(), signal.SIGSTOP)"], ids=["asleep", "stopped"]
)
def test_a_start_that_is_stuck_is_given_up_after_some_seconds(launch, fake, stuck):
    launched = launch(f"import signal\ndef start(part):\n    if part.incarnation == 1:\n        {stuck}")
    launched.wait_noted("INIT")
    fake.send_event(invoke(in_ms=120_000))
    begun = fake.wait_for("next")[0].at
    launched.wait_noted("INVOKE", incarnation=2)
    assert fake.wait_for("next", 2)[1].at - begun > 2


def test_a_start_that_is_starved_is_given_ten_seconds(launch, fake):
    """It computes for longer than a stuck one is given."""
    launched = launch("""
        def start(part):
            end = time.monotonic() + 4
            while time.monotonic() < end:
                pass
    """)
    launched.wait_noted("INIT")
    fake.send_event(invoke(in_ms=120_000))
    fake.wait_for("next", 2)
    assert launched.noted("INVOKE", incarnation=1)
    assert launched.is_first_incarnation()


def test_a_start_that_computes_for_ever_is_given_up(launch, fake):
    launched = launch("def start(part):\n    while part.incarnation == 1:\n        pass")
    launched.wait_noted("INIT")
    fake.send_event(invoke(in_ms=120_000))
    fake.wait_for("next", 2)
    launched.wait_noted("INVOKE", incarnation=2)


def test_a_closed_socket_is_not_a_death_but_a_hang(launch, fake):
    launched = launch("""
        def invoke(part, event):
            if part.incarnation == 1:
                part.socket.close()
                time.sleep(3600)
            part.say("done")
    """)
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    launched.wait_noted("INVOKE", incarnation=2)
    cpu = os.sysconf("SC_CLK_TCK")
    spent = sum(map(int, Path(f"/proc/{launched.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    assert spent < cpu, "the launcher waits, it does not spin"


PARENT_AND_CHILD = """
def start(part):
    # PyInstaller's one-file program: the parent waits, the child holds the descriptors and works
    child = os.fork()
    if child:
        part.note("parent", child=child)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 127)
    part.note("child")
"""


@pytest.mark.parametrize("victim", ["parent", "child"])
def test_of_two_processes_none_survives_the_other(launch, fake, victim):
    launched = launch(PARENT_AND_CHILD)
    (parent,) = launched.wait_noted("parent", incarnation=1)
    (child,) = launched.wait_noted("child", incarnation=1)
    launched.wait_told("Python part ready")
    os.kill({"parent": parent["pid"], "child": parent["child"]}[victim], signal.SIGKILL)
    launched.wait_noted("child", incarnation=2)
    wait_until(lambda: not is_running(parent["pid"]) and not is_running(child["pid"]), launched.told)
    fake.send_event(invoke())
    launched.wait_noted("INVOKE", incarnation=2)


def test_what_python_started_goes_with_it(launch):
    """A process that holds no end of a socket, so that nothing but the signal ends it."""
    launched = launch("""
        def start(part):
            if part.incarnation == 1 and os.fork() == 0:
                part.socket.close()
                part.note("helper")
                time.sleep(3600)
    """)
    (helper,) = launched.wait_noted("helper")
    launched.wait_told("Python part ready")
    os.kill(launched.noted("INIT")[0]["pid"], signal.SIGKILL)
    launched.wait_noted("INIT", incarnation=2)
    wait_until(lambda: not is_running(helper["pid"]), launched.told)


def test_orphans_are_adopted_and_reaped(launch):
    launched = launch("""
        def start(part):
            if os.fork() == 0:
                parent = os.getpid()
                if os.fork() == 0:
                    while os.getppid() == parent:
                        time.sleep(0.01)
                    part.note("grandchild", parent=os.getppid())
                os._exit(0)
            os.wait()
    """)
    (grandchild,) = launched.wait_noted("grandchild")
    assert grandchild["parent"] == launched.process.pid
    wait_until(lambda: state_of(grandchild["pid"]) is None, lambda: "a zombie was left")


def test_after_five_deaths_it_idles_and_the_wrappers_are_off(launch, fake, tmp_path):
    launched = launch("def start(part):\n    part.die()")
    # a segment and a folder of the extension's own go with it
    launched.wait_noted("INIT")  # the folder was looked at by then
    (launched.spool / "outbox").mkdir()
    (launched.spool / "outbox" / "1").touch()
    (launched.spool / "1-2-3.open").write_bytes(b"frame")
    held = [(launched.spool / f"1-2-{n}.segment").open("w+b") for n in (4, 5)]
    for file, taken in zip(held, (b"\x08", b"\0"), strict=True):
        file.write(b"aftcall\2\x08".ljust(32, b"\0") + taken.ljust(32, b"\0"))
        file.flush()
    launched.wait_told("died too often")
    wait_until(lambda: not launched.spool.exists(), launched.told)
    assert len(launched.noted("INIT")) == 5
    (line,) = launched.log_lines()
    assert line == (
        "aftercall: the extension's Python part died too often (5 times): nothing more is recorded in this "
        "environment, the function goes on; segments that were not sent: 2"
    )
    assert [os.pread(file.fileno(), 4, 44) for file in held] == [b"\1\0\0\0"] * 2, "a writer has mapped them"
    for i in range(3):
        fake.send_event(invoke(f"r-{i}"))
        fake.wait_for("next", i + 2)
    wait_until(lambda: not list(tmp_path.glob("spool*")), lambda: str(list(tmp_path.iterdir())))
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0


def test_an_incarnation_that_worked_ten_events_makes_a_new_start(launch, fake):
    launched = launch()
    sent = 0
    for incarnation in range(1, 8):
        launched.wait_noted("INIT", incarnation=incarnation)
        for _ in range(10):
            fake.send_event(invoke(f"r-{sent}"))
            sent += 1
            fake.wait_for("next", sent + 1)
        os.kill(launched.noted("INIT", incarnation=incarnation)[0]["pid"], signal.SIGKILL)
    launched.wait_noted("INIT", incarnation=8)


def test_a_command_that_is_not_there_idles_in_the_end(fake, program, tmp_path):
    done = subprocess.Popen(
        [program, str(tmp_path / "missing")],
        env={**NO_LEAK_CHECK, "AWS_LAMBDA_RUNTIME_API": fake.address, "AFTERCALL_SPOOL_DIR": str(tmp_path / "spool")},
        stdout=subprocess.PIPE,
        text=True,
    )
    fake.wait_for("next")
    wait_until(lambda: (tmp_path / "spool").exists() is False, lambda: "not retired")
    fake.send_event(shutdown())
    output, _ = done.communicate(timeout=30)
    assert done.returncode == 0
    assert "cannot start the Python part" in output
    assert "died too often" in output


def test_the_python_part_dies_with_the_launcher(launch):
    """Even one that does not look at its socket."""
    launched = launch("def start(part):\n    time.sleep(3600)")
    (first,) = launched.wait_noted("INIT")
    launched.process.kill()
    launched.process.wait()
    wait_until(lambda: not is_running(first["pid"]), lambda: "a process outlived the launcher")


def test_the_launcher_is_small(launch, fake, program):
    if "sanitized" in program:
        # the sanitizer's shadow is most of that one
        return
    launched = launch()
    fake.wait_for("next")
    rollup = Path(f"/proc/{launched.process.pid}/smaps_rollup").read_text().splitlines()
    private = sum(int(line.split()[1]) for line in rollup if line.startswith(("Private_Dirty", "Private_Clean")))
    assert private < 1024, f"{private} kB on {sys.platform}"
