"""SHUTDOWN: handed over, waited for, and over in time."""

import os
import signal
import time

import pytest

from tests.launcher.fake_lambda import invoke, shutdown
from tests.launcher.launched import is_running, wait_until


@pytest.mark.parametrize("reason", ["spindown", "timeout", "FAILURE", "SandboxTerminated"])
def test_it_is_handed_over_and_bye_ends_it(launch, fake, reason):
    launched = launch()
    fake.wait_for("next")
    fake.send_event(shutdown(reason))
    assert launched.wait_ended() == 0
    (seen,) = launched.noted("SHUTDOWN")
    assert seen["packet"]["shutdownReason"] == reason
    assert launched.spool.is_dir(), "what is left is for the next process of this environment"
    assert launched.log_lines() == []


def test_one_that_says_bye_and_stays_is_ended(launch, fake):
    launched = launch("def end(part, event):\n    part.say('bye')\n    time.sleep(3600)")
    launched.wait_noted("INIT")
    fake.send_event(shutdown(in_ms=20_000))
    begun = time.monotonic()
    assert launched.wait_ended() == 0
    assert time.monotonic() - begun < 15


def test_time_is_given_until_the_deadline(launch, fake):
    launched = launch("""
        def end(part, event):
            time.sleep(1)
            part.note("flushed")
            part.say("bye")
            sys.exit(0)
    """)
    launched.wait_told("Python part ready")
    fake.send_event(shutdown(in_ms=20_000))
    assert launched.wait_ended() == 0
    assert launched.noted("flushed")


@pytest.mark.parametrize(
    "behaviour", ["time.sleep(3600)", "os.kill(os.getpid(), 19)", "part.say('done'); time.sleep(3600)"]
)
def test_at_the_deadline_the_whole_group_is_ended(launch, fake, behaviour):
    launched = launch(f"def end(part, event):\n    {behaviour}")
    launched.wait_noted("INIT")
    event = shutdown(in_ms=1000)
    fake.send_event(event)
    assert launched.wait_ended() == 0
    assert time.time() * 1000 < event["deadlineMs"] + 5000
    wait_until(lambda: not any(map(is_running, launched.pids())), launched.told)


def test_without_a_deadline_it_has_its_own(launch, fake):
    launched = launch("def end(part, event):\n    time.sleep(3600)")
    launched.wait_noted("INIT")
    fake.send_event(b'{"eventType":"SHUTDOWN","shutdownReason":"spindown"}')
    assert launched.wait_ended() == 0


def test_a_death_in_shutdown_ends_it(launch, fake):
    launched = launch("def end(part, event):\n    part.die()")
    launched.wait_noted("INIT")
    fake.send_event(shutdown(in_ms=60_000))
    assert launched.wait_ended() == 0
    assert len(launched.noted("INIT")) == 1


def test_between_two_incarnations_one_is_started_for_it(launch, fake):
    """The fourth restart has a pause of 1,600 ms: SHUTDOWN does not wait for it."""
    launched = launch("def invoke(part, event):\n    part.die()")
    for i in range(4):
        launched.wait_noted("INIT", incarnation=i + 1)
        fake.send_event(invoke(f"r-{i}"))
        fake.wait_for("next", i + 2)
    fake.send_event(shutdown(in_ms=20_000))
    assert launched.wait_ended() == 0
    assert launched.noted("SHUTDOWN", incarnation=5)


def test_it_comes_while_an_event_is_unfinished(launch, fake):
    """The function was killed by its time-out: the deadline had released next."""
    launched = launch("""
        def invoke(part, event):
            part.say("beat 5000")
            time.sleep(1)
            part.say("done 1")
    """)
    launched.wait_told("Python part ready")
    fake.send_event(invoke(in_ms=200))
    fake.wait_for("next", 2)
    fake.send_event(shutdown("timeout", in_ms=20_000))
    assert launched.wait_ended() == 0
    assert launched.noted("SHUTDOWN")


def test_a_hung_one_does_not_hold_up_shutdown_after_its_deadline(launch, fake):
    launched = launch()
    launched.wait_told("Python part ready")
    os.kill(launched.noted("INIT")[0]["pid"], signal.SIGSTOP)
    fake.send_event(shutdown(in_ms=500))
    assert launched.wait_ended() == 0
