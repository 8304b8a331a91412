"""Small real functions and extensions, and sandboxes that run them."""

import asyncio
import inspect
import os
import stat
import sys
import textwrap
from contextlib import asynccontextmanager

import pytest

from aftercall.sandbox import Sandbox, SandboxConfig

# What every extension of these tests begins with: the Extensions API by hand, since that is what is tested.
PRELUDE = """
import http.client, json, os, signal, sys, threading, time

NAME = os.path.basename(sys.argv[0])

def call(method, path, headers=None, body=None):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers or {})
    answer = connection.getresponse()
    content = answer.read()
    return answer.status, dict(answer.getheaders()), json.loads(content) if content else None

def say(*words):
    print(*words, flush=True)

def register(*events, name=NAME, **headers):
    status, answer, body = call("POST", "/2020-01-01/extension/register",
                                {"Lambda-Extension-Name": name, **headers}, {"events": list(events)})
    return status, answer.get("Lambda-Extension-Identifier"), body

def next_event(identifier):
    return call("GET", "/2020-01-01/extension/event/next", {"Lambda-Extension-Identifier": identifier})

def subscribe(identifier, port, types=("platform", "function", "extension"), **buffering):
    return call("PUT", "/2022-07-01/telemetry", {"Lambda-Extension-Identifier": identifier}, {
        "schemaVersion": "2025-01-29", "types": list(types),
        "buffering": {"maxItems": 1000, "maxBytes": 262144, "timeoutMs": 25, **buffering},
        "destination": {"protocol": "HTTP", "URI": f"http://sandbox.localdomain:{port}"}})

def loop(identifier, on_event=lambda event: None):
    while True:
        _, _, event = next_event(identifier)
        on_event(event)
        if event["eventType"] == "SHUTDOWN":
            return
"""

PLAIN_EXTENSION = """
_, identifier, _ = register("INVOKE", "SHUTDOWN")
loop(identifier, lambda event: say(json.dumps(event)))
"""

# A custom runtime: the Runtime API by hand. `answer` and `handle` are what tests add.
RUNTIME_PRELUDE = (
    PRELUDE
    + """
def next_invocation():
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request("GET", "/2018-06-01/runtime/invocation/next", headers={"User-Agent": "test-runtime/1"})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()

def respond(request_id, body, **headers):
    return call("POST", f"/2018-06-01/runtime/invocation/{request_id}/response", headers, body)
"""
)

ECHO = """
def handler(event, context):
    print("handling", event)
    return {"event": event}
"""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Tests that are coroutines run in a loop of their own; the time-out is for those that would hang."""
    if not inspect.iscoroutinefunction(pyfuncitem.function):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    asyncio.run(asyncio.wait_for(pyfuncitem.function(**arguments), timeout=120))
    return True


@pytest.fixture
def make_layer(tmp_path):
    """make_layer(name=source, ...): a folder with these Python extensions."""

    def make(**extensions):
        folder = tmp_path / "layer"
        for name, source in extensions.items():
            write_script(folder / "extensions" / name, PRELUDE + textwrap.dedent(source))
        return folder

    return make


def write_script(path, source, mode=0o755):
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not the environment's own, which a function does not see where the checkout lies below /tmp.
    path.write_text(f"#!{os.path.realpath(sys.executable)}\n{source}")
    path.chmod(mode | stat.S_IRUSR)
    return path


@pytest.fixture
def make_function(tmp_path):
    """make_function(source): a task root whose app.handler it is."""

    def make(source=ECHO):
        folder = tmp_path / "function"
        folder.mkdir(exist_ok=True)
        (folder / "app.py").write_text(textwrap.dedent(source))
        return folder

    return make


@pytest.fixture
def sandboxed(make_function):
    """`async with sandboxed(function=source, layers=[..], ...)`: a running sandbox; the rest as SandboxConfig."""

    @asynccontextmanager
    async def run(function=ECHO, **settings):
        settings.setdefault("command", [sys.executable, "-m", "awslambdaric", "app.handler"])
        settings.setdefault("timeout", 30.0)
        async with Sandbox(SandboxConfig(task_root=make_function(function), **settings)) as sandbox:
            yield sandbox

    return run


@pytest.fixture
def custom_runtime(make_function, sandboxed):
    """`async with custom_runtime(source, ...)`: the source is a runtime of its own."""

    @asynccontextmanager
    async def run(source, **settings):
        write_script(make_function() / "bootstrap", RUNTIME_PRELUDE + textwrap.dedent(source))
        async with sandboxed(command=["./bootstrap"], runtime_name="provided.al2023", **settings) as sandbox:
            yield sandbox

    return run


@pytest.fixture(params=["auto", "paths"])
def isolation(request):
    return request.param


async def until(condition, seconds=30.0):
    """Wait for a condition of which no event tells."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "did not come true in time"
        await asyncio.sleep(0.01)


@pytest.fixture(name="until")
def _until():
    return until


@pytest.fixture
def events_of():
    """The telemetry events of one type."""
    return lambda sandbox, kind: [event for event in sandbox.telemetry if event["type"] == kind]


@pytest.fixture(scope="session")
def plain_extension():
    return PLAIN_EXTENSION
