"""What stands, and what was asked, before the first `next`."""

import json
import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from tests.launcher.fake_lambda import IDENTIFIER, REGISTERED, Answer, invoke, refusal, shutdown
from tests.launcher.launched import NO_LEAK_CHECK


def test_what_the_runtime_relies_on_stands_before_register_is_answered(launch, fake, tmp_path):
    fake.answers["register"].append(Answer(silent=True))
    launched = launch()
    fake.wait_for("register")
    assert stat.S_IMODE(launched.spool.stat().st_mode) == 0o700
    listening = {line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if " 0A " in line}
    own = {
        os.readlink(f"/proc/{launched.process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{launched.process.pid}/fd")
    }
    assert "anon_inode:inotify" in own
    assert any(address.startswith("00000000:") for address in listening)


def test_register_subscribe_next_in_this_order(launch, fake):
    launched = launch()
    fake.wait_for("next")
    register, subscribe, following = fake.requests
    assert [one.kind for one in fake.requests] == ["register", "subscribe", "next"]
    assert register.method == "POST"
    assert register.headers["lambda-extension-name"] == "aftercall"
    assert register.headers["lambda-extension-accept-feature"] == "accountId"
    assert json.loads(register.body) == {"events": ["INVOKE", "SHUTDOWN"]}
    asked = json.loads(subscribe.body)
    assert subscribe.method == "PUT"
    assert subscribe.headers["lambda-extension-identifier"] == IDENTIFIER
    assert asked["schemaVersion"] == "2025-01-29"
    assert asked["types"] == ["platform"]
    assert asked["buffering"]["timeoutMs"] == 25
    assert asked["destination"]["protocol"] == "HTTP"
    host, _, port = asked["destination"]["URI"].removeprefix("http://").partition(":")
    assert host == "sandbox.localdomain"
    socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()
    assert following.method == "GET"
    assert following.headers["lambda-extension-identifier"] == IDENTIFIER
    (first,) = launched.wait_noted("INIT")
    assert first["packet"]["registered"] == REGISTERED
    assert first["packet"]["telemetry"] is True
    assert first["packet"]["incarnation"] == 1
    assert first["packet"]["name"] == "aftercall"
    assert isinstance(first["packet"]["sinceStart"], int)


def test_next_does_not_wait_for_the_python_part(launch, fake):
    launch("def start(part):\n    time.sleep(3600)")
    fake.wait_for("next")


def test_the_python_part_has_three_descriptors_and_the_lowest_priority(launch, fake):
    launched = launch("""
        def start(part):
            import signal
            paths = {fd: f"/proc/self/fd/{fd}" for fd in range(64)}
            kinds = {fd: os.readlink(path) for fd, path in paths.items() if os.path.exists(path)}
            part.note("state", fds=kinds, nice=os.getpriority(os.PRIO_PROCESS, 0),
                      group=os.getpgrp(), session=os.getsid(0),
                      oom=open("/proc/self/oom_score_adj").read().strip(), parent=os.getppid(),
                      sigterm=signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
                      blocked=[int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
                      named=part.descriptors)
    """)
    (state,) = launched.wait_noted("state")
    named = state["named"]
    assert set(named) == {"events", "telemetry", "bell"}
    assert state["fds"][str(named["bell"])] == "anon_inode:inotify"
    assert state["fds"]["0"] == "/dev/null"
    sockets = {int(fd) for fd, link in state["fds"].items() if link.startswith("socket:")}
    assert sockets == {named["events"], named["telemetry"]}
    assert not [link for link in state["fds"].values() if "signalfd" in link]
    assert state["nice"] == 19
    assert state["group"] == state["pid"]
    assert state["session"] == os.getsid(launched.process.pid), (
        "a session of its own undoes the priority under autogroups"
    )
    assert state["oom"] == "1000"
    assert state["sigterm"]
    assert state["blocked"] == []


def test_disabled_registers_for_shutdown_and_idles(launch, fake):
    launched = launch(AFTERCALL_DISABLED="TRUE")
    fake.wait_for("next")
    assert [one.kind for one in fake.requests] == ["register", "next"]
    assert json.loads(fake.requests[0].body) == {"events": ["SHUTDOWN"]}
    assert not launched.spool.exists()
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0
    assert launched.lines() == []
    assert launched.log_lines() == []


def test_without_a_command_it_idles(launch, fake):
    launched = launch(command=False)
    fake.wait_for("next")
    assert not launched.spool.exists()
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0


def test_managed_instances_register_for_shutdown_and_run_python(launch, fake):
    launched = launch(AWS_LAMBDA_INITIALIZATION_TYPE="lambda-managed-instances")
    fake.wait_for("next")
    assert json.loads(fake.of_kind("register")[0].body) == {"events": ["SHUTDOWN"]}
    launched.wait_noted("INIT")


def test_a_refused_invoke_registers_for_shutdown(launch, fake):
    fake.answers["register"].append(refusal(403, "Extension.InvalidEventType"))
    launched = launch()
    first, second = fake.wait_for("register", 2)
    assert json.loads(first.body) == {"events": ["INVOKE", "SHUTDOWN"]}
    assert json.loads(second.body) == {"events": ["SHUTDOWN"]}
    launched.wait_noted("INIT")


@pytest.mark.parametrize(
    "bad",
    [
        refusal(500),
        refusal(403),
        Answer(close=True),
        Answer(raw=b"garbage\r\n\r\n"),
        Answer(200, b"{}"),
        Answer(200, b"{}", {"Lambda-Extension-Identifier": "x" * 200}),
    ],
    ids=["500", "403", "closed", "garbage", "no-identifier", "long-identifier"],
)
def test_register_is_asked_again(launch, fake, bad):
    fake.answers["register"].extend([bad] * 3)
    launched = launch()
    fake.wait_for("register", 4)
    launched.wait_noted("INIT")
    assert [line.split(":")[0] for line in launched.log_lines()] == ["aftercall"]


def test_a_registration_that_is_never_answered_is_asked_for_again(launch, fake):
    fake.answers["register"].append(Answer(silent=True))
    launched = launch()
    first, second = fake.wait_for("register", 2)
    assert second.at - first.at > 4, "a second one while the first is on its way would be refused"
    launched.wait_noted("INIT")
    assert launched.log_lines() == []


def test_an_absent_api_is_asked_until_it_is_there(launch, fake):
    fake.close()
    launched = launch()
    launched.wait_told("the Extensions API does not answer register")
    assert launched.process.poll() is None


@pytest.mark.parametrize(
    "address", ["nowhere", "127.0.0.1:0", "127.0.0.1:99999", "example.org:80", ":", "[::1:80", "x" * 300 + ":1"]
)
def test_an_unusable_address_is_named(launch, address):
    launched = launch(AWS_LAMBDA_RUNTIME_API=address)
    assert launched.wait_ended() == 2
    (line,) = launched.log_lines()
    assert line.startswith(f"aftercall: cannot connect to the Extensions API (AWS_LAMBDA_RUNTIME_API={address}): ")


def test_localhost_is_an_address(launch, fake):
    launch(AWS_LAMBDA_RUNTIME_API=fake.address.replace("127.0.0.1", "localhost"))
    fake.wait_for("next")


@pytest.mark.parametrize(
    "answer",
    [refusal(202), refusal(403), refusal(500), Answer(close=True), Answer(raw=b"\0\0\0"), Answer(silent=True)],
    ids=["202", "403", "500", "closed", "garbage", "silent"],
)
def test_a_refused_subscription_is_told_to_the_python_part(launch, fake, answer):
    # twice, since a kept connection that was closed is opened again
    fake.answers["subscribe"].extend([answer] * 2)
    launched = launch()
    (first,) = launched.wait_noted("INIT")
    assert first["packet"]["telemetry"] is False
    fake.send_event(invoke())
    launched.wait_noted("INVOKE")
    fake.wait_for("next", 2)
    assert launched.log_lines() == []


@pytest.mark.parametrize("body", [b"not json", b"[1]", b'{"a":', b'{"a":"%s"}' % (b"x" * 5000), b""])
def test_an_odd_answer_to_register_is_not_passed_on(launch, fake, body):
    fake.answers["register"].append(Answer(200, body, {"Lambda-Extension-Identifier": IDENTIFIER}))
    (first,) = launch().wait_noted("INIT")
    assert first["packet"]["registered"] == {}


def test_without_lambda_a_human_is_told(program):
    done = subprocess.run([program], env=NO_LEAK_CHECK, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "AWS_LAMBDA_RUNTIME_API" in done.stderr
