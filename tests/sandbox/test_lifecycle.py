"""Freeze, time-out, crash, shutdown, and what is left behind: nothing."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap

import pytest

TICKING = """
import os, subprocess, sys, time
# A daemonised grandchild that counts up while it runs.
DAEMON = '''
import os, time
if os.fork() or os.setsid():
    os._exit(0)
parent = os.getpid()
if os.fork():
    os._exit(0)
while os.getppid() == parent:
    time.sleep(0.001)
while True:
    try:
        with open("%s/ticks", "a") as file:
            file.write("x")
    except OSError:
        pass  # it does not die because its folder did
    time.sleep(0.005)
'''
def handler(event, context):
    import tempfile
    folder = tempfile.gettempdir()
    subprocess.run([sys.executable, "-c", DAEMON % folder], check=True)
    while not os.path.exists(folder + "/ticks"):
        time.sleep(0.005)
"""
HANGS = "import time\ndef handler(event, context):\n    print('hanging', flush=True)\n    time.sleep(event)\n"


def ticks(sandbox):
    return size(sandbox, "ticks")


def size(sandbox, name):
    path = os.path.join(sandbox.tmp, name)
    return os.path.getsize(path) if os.path.exists(path) else 0


def shutdown_reasons(sandbox):
    events = [json.loads(line.text) for line in sandbox.extension_log if line.text.startswith("{")]
    return [event["shutdownReason"] for event in events if event["eventType"] == "SHUTDOWN"]


async def test_everything_is_frozen_between_invocations(sandboxed, make_layer, plain_extension, isolation, until):
    async with sandboxed(TICKING, layers=[make_layer(one=plain_extension)], isolation=isolation) as sandbox:
        await sandbox.invoke({})
        # Runtime, extension, and the daemon that has left its parents, of whom the last may be about to be reaped.
        await until(lambda: [process.state for process in sandbox.processes()] == ["T"] * 3)
        before = ticks(sandbox)
        await asyncio.sleep(0.2)
        assert ticks(sandbox) == before
        invocation = sandbox.start_invocation({})
        await invocation.finished
        await until(lambda: ticks(sandbox) > before)


async def test_without_freeze_processes_go_on(sandboxed, until):
    async with sandboxed(TICKING, freeze=False) as sandbox:
        await sandbox.invoke({})
        before = ticks(sandbox)
        await until(lambda: ticks(sandbox) > before)


async def test_a_process_that_was_stopped_by_others_stays_stopped(sandboxed):
    function = """
    import os, signal, subprocess, sys
    children = []
    def handler(event, context):
        if not children:
            children.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]))
            os.kill(children[0].pid, signal.SIGSTOP)
            os.waitid(os.P_PID, children[0].pid, os.WSTOPPED)
        with open(f"/proc/{children[0].pid}/stat") as file:
            return file.read().split(")")[1].split()[0]
    """
    async with sandboxed(function) as sandbox:
        assert [(await sandbox.invoke({})).response_json for _ in range(3)] == ["T", "T", "T"]


async def test_a_time_out_kills_the_runtime_tells_extensions_and_keeps_tmp(
    sandboxed, make_layer, plain_extension, isolation, events_of
):
    function = HANGS + "open(__import__('tempfile').gettempdir() + '/kept', 'a').write('x')\n"
    layers = [make_layer(one=plain_extension)]
    async with sandboxed(function, layers=layers, timeout=4.0, isolation=isolation) as sandbox:
        outcome = await sandbox.invoke(600)
        assert (outcome.status, outcome.error_type) == ("timeout", "Sandbox.Timedout")
        assert outcome.response_json["errorMessage"].endswith("Error: Task timed out after 4.00 seconds")
        assert outcome.duration >= 4000
        assert shutdown_reasons(sandbox) == ["timeout"]
        assert sandbox.processes() == []
        assert (await sandbox.invoke(0)).status == "success"
        assert size(sandbox, "kept") == 2, "written by both generations"
        phases = [event["record"]["phase"] for event in events_of(sandbox, "platform.initStart")]
        assert phases == ["init", "invoke"]


async def test_an_extension_that_is_busy_past_the_deadline_times_the_invocation_out(sandboxed, make_layer):
    source = """
    _, identifier, _ = register("INVOKE", "SHUTDOWN")
    loop(identifier, lambda event: time.sleep(600))
    """
    async with sandboxed(layers=[make_layer(one=source)], timeout=3.0) as sandbox:
        outcome = await sandbox.invoke({"n": 1})
        assert outcome.status == "timeout"
        assert outcome.response_json == {"event": {"n": 1}}, "the caller has had it long since"
        assert outcome.responded_at < outcome.finished_at - 0.1
        assert sandbox.processes() == []


async def test_an_extension_that_ignores_shutdown_is_killed_at_its_deadline(sandboxed, make_layer):
    source = """
    _, identifier, _ = register("INVOKE", "SHUTDOWN")
    signal.signal(signal.SIGTERM, lambda *_: say("SIGTERM"))
    def stay(event):
        if event["eventType"] == "SHUTDOWN":
            say(round(event["deadlineMs"] - time.time() * 1000))
            time.sleep(600)
    loop(identifier, stay)
    """
    async with sandboxed(layers=[make_layer(one=source)]) as sandbox:
        await sandbox.invoke({})
        await sandbox.shutdown()
        assert sandbox.processes() == []
        (left,) = (line.text for line in sandbox.extension_log)
        assert 0 < int(left) <= 2000, "and never a SIGTERM"


async def test_one_not_registered_for_shutdown_is_killed_without_waiting(sandboxed, make_layer):
    source = "_, identifier, _ = register('INVOKE')\nloop(identifier)"
    async with sandboxed(layers=[make_layer(one=source)]) as sandbox:
        await sandbox.invoke({})
        await sandbox.shutdown()
        assert sandbox.processes() == []


@pytest.mark.parametrize("with_extension", [True, False])
async def test_the_runtime_gets_sigterm_only_where_extensions_are_registered(
    sandboxed, make_layer, plain_extension, with_extension
):
    function = """
    import signal, sys
    signal.signal(signal.SIGTERM, lambda *_: (print("SIGTERM", flush=True), sys.exit(0)))
    def handler(event, context):
        pass
    """
    layers = [make_layer(one=plain_extension)] if with_extension else []
    # With this name AWS's client waits in a thread, so that Python's signal handlers run.
    async with sandboxed(function, layers=layers, runtime_name="python3.12") as sandbox:
        await sandbox.invoke({})
        await sandbox.shutdown()
        said = [line.text for line in sandbox.function_log]
        assert said == (["SIGTERM"] if with_extension else [])


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
async def test_a_runtime_that_ends_is_a_crash(*, sandboxed, make_layer, plain_extension, end, message, events_of):
    function = f"import os\ndef handler(event, context):\n    if event: {end}\n"
    async with sandboxed(function, layers=[make_layer(one=plain_extension)]) as sandbox:
        outcome = await sandbox.invoke(True)
        assert (outcome.status, outcome.error_type) == ("crash", "Runtime.ExitError")
        assert outcome.response_json["errorMessage"] == f"RequestId: {outcome.request_id} Error: {message}"
        assert shutdown_reasons(sandbox) == ["failure"]
        assert (await sandbox.invoke(False)).status == "success"
        statuses = [event["record"]["status"] for event in events_of(sandbox, "platform.runtimeDone")]
        assert statuses == ["failure", "success"]


async def test_a_runtime_that_ends_after_its_response_has_answered(custom_runtime):
    runtime = """
    _, headers, _ = next_invocation()
    respond(headers["Lambda-Runtime-Aws-Request-Id"], "done")
    """
    async with custom_runtime(runtime) as sandbox:
        outcome = await sandbox.invoke({})
        assert (outcome.status, outcome.response_json, outcome.error) == ("crash", "done", None)


async def test_children_of_the_runtime_are_gone_after_a_crash(sandboxed, isolation):
    function = TICKING + "    os._exit(1)\n"
    async with sandboxed(function, isolation=isolation) as sandbox:
        assert (await sandbox.invoke({})).status == "crash"
        assert sandbox.processes() == []


LEAVES = """
import asyncio, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job inherits ignored
from aftercall.sandbox import Sandbox, SandboxConfig

async def main():
    command = [sys.executable, "-m", "awslambdaric", "app.handler"]
    settings = {"task_root": sys.argv[1], "isolation": sys.argv[2], "layers": [sys.argv[3]], "timeout": 600}
    async with Sandbox(SandboxConfig(command=command, **settings)) as sandbox:
        await sandbox.invoke(0)
        sandbox.start_invocation(600)
        while len(sandbox.function_log) < 2 or len(sandbox.processes()) < 4:
            await asyncio.sleep(0.01)
        print(*(process.pid for process in sandbox.processes()), flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_nothing_is_left_when_the_sandboxs_process_is_ended(
    *, make_function, make_layer, plain_extension, isolation, number, until, tmp_path
):
    # The handler leaves a daemon behind, which dies with no parent.
    function = TICKING + "    print('hanging', flush=True)\n    time.sleep(event)\n"
    stubborn = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + textwrap.dedent(plain_extension)
    arguments = [make_function(function), isolation, make_layer(one=stubborn)]
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        LEAVES,
        *map(str, arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert process.stdout is not None
    pids = [int(word) for word in (await process.stdout.readline()).split()]
    process.send_signal(number)
    await process.wait()
    assert len(pids) >= 4, "runtime, extension, two daemons"
    await until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))
    await until(lambda: not list(folder.iterdir()))
