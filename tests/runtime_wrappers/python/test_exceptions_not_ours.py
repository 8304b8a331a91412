"""Whatever a hook raises that our code did not raise belongs to the program, wherever in our code it comes up."""

from __future__ import annotations

import json
import sys

import pytest

from .http_server import OK, serving
from .test_urllib3 import SITE

# What arrives is made by `arrive()`, called deep in a hook of ours.
ARRIVALS = """
import ctypes, functools, signal, sys, threading
class Late(Exception): pass
class Spoken(Exception):
    def __init__(self): super().__init__("late")
def by_signal(handler):
    def arrive():
        signal.signal(signal.SIGALRM, handler)
        signal.raise_signal(signal.SIGALRM)
    return arrive
def throw(kind):
    def arrive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(threading.get_ident()), ctypes.py_object(kind))
    return arrive
def plain(signum, frame):
    raise Late("late")
def builtin(signum, frame):
    raise ValueError("late")
def one_shot(signum, frame):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    raise Late("late")
def one_shot_builtin(signum, frame):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    raise TimeoutError("late")
def unused(signum, frame):
    del signum, frame
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    raise OSError("late")
def starred(*_):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    raise RuntimeError("late")
def decorated(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
class Method:
    def on_alarm(self, signum, frame):
        one_shot(signum, frame)
    def __call__(self, signum, frame):
        one_shot_builtin(signum, frame)
def deeper(signum, frame):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    int("no number")
def chained(signum, frame):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    try:
        {}["x"]
    except KeyError as error:
        raise Late("late") from error
def tracing(setter, events):
    def arrive():
        def tracer(frame, event, argument):
            if event in events:
                setter(None)
                raise LookupError("late")
            return tracer
        setter(tracer)
        (lambda: None)()
    return arrive
def monitoring():
    tool = sys.monitoring
    def on_start(code, offset):
        tool.set_events(4, 0)
        tool.free_tool_id(4)
        raise LookupError("late")
    tool.use_tool_id(4, "test")
    tool.register_callback(4, tool.events.PY_START, on_start)
    tool.set_events(4, tool.events.PY_START)
    (lambda: None)()
KINDS = {
    "own": by_signal(plain), "builtin": by_signal(builtin), "one_shot": by_signal(one_shot),
    "one_shot_builtin": by_signal(one_shot_builtin), "unused": by_signal(unused), "starred": by_signal(starred),
    "decorated": by_signal(decorated(one_shot)), "partial": by_signal(functools.partial(one_shot_builtin)),
    "method": by_signal(Method().on_alarm), "callable": by_signal(Method()), "deeper": by_signal(deeper),
    "lambda": by_signal(lambda s, f: one_shot_builtin(s, f)), "chained": by_signal(chained),
    "interrupt": by_signal(signal.default_int_handler),
    "thrown": throw(Late), "thrown_spoken": throw(Spoken), "thrown_builtin": throw(TimeoutError),
    "thrown_value": throw(ValueError), "thrown_base": throw(SystemExit),
    "traced": tracing(sys.settrace, ("call",)), "profiled": tracing(sys.setprofile, ("call", "c_call")),
}
if sys.version_info >= (3, 12):
    KINDS["monitored"] = monitoring
def arrive():
    if armed:
        armed.pop()()
armed = []
"""
# Where it arrives: each leads arrive() into a place that our code passes.
PLACES = """
import http.client, socket
import _aftercall.calls as calls, _aftercall.hooks.sockets as sockets, _aftercall.spool as spool
import _aftercall._native as _native, _aftercall.install as install, _aftercall.faults as faults
def then(function):
    def arriving(*arguments, **more):
        arrive()
        return function(*arguments, **more)
    return arriving
def in_a_folder_of_ours(function):
    text = "def arriving(*arguments, **more):\\n    arrive()\\n    return function(*arguments, **more)\\n"
    names = {"arrive": arrive, "function": function}
    exec(compile(text, calls.__file__, "exec"), names)
    return names["arriving"]
def request():
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", "/")
    connection.getresponse().read()
def sent_in_blocks():
    connection = http.client.HTTPConnection("localhost", port)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", "2")
    connection.endheaders()
    connection.send(iter([b"a", b"b"]))
def refused():
    http.client.HTTPConnection("localhost", 1).request("GET", "/")
def broken_fault():
    _native.fault_with(faults.is_users, in_a_folder_of_ours(faults.count))
    _native.Hook("x", lambda *_: 1 / 0, None)(len, None, ([1],), {})
def dropped():
    call = _native.Call("x", "GET", "http://x/", None, True)
    call.stage("connect")
    call.error = ("x", "y")
    del call
    for _ in range(9):
        pass
def asked():
    _native.fault_with(in_a_folder_of_ours(faults.is_users), faults.count)
    _native.Hook("x", lambda *_: 1 / 0, None)(len, None, ([1],), {})
async def step(): pass
def awaited():
    hook = _native.Hook("x", in_a_folder_of_ours(lambda *_: None), None, True)
    try:
        hook(lambda: step(), None, (), {}).send(None)
    except StopIteration:
        pass
def after():
    _native.Hook("x", None, in_a_folder_of_ours(lambda *_: None))(len, None, ([1],), {})
def after_error():
    hook = _native.Hook("x", None, in_a_folder_of_ours(lambda *_: None))
    try:
        hook(len, None, (1,), {})
    except TypeError as error:
        if error.args != ("late",):
            return
        raise
PLACES = {"decided": request, "resolved": request, "sent": sent_in_blocks, "described": refused,
          "counted": broken_fault, "dropped": dropped, "asked": asked, "awaited": awaited, "after": after,
          "after_error": after_error}
if place == "decided":
    calls.rules.of = in_a_folder_of_ours(calls.rules.of)
if place == "resolved":
    sockets.is_address = in_a_folder_of_ours(sockets.is_address)
if place == "sent":
    import _aftercall.hooks.sent_body as sent_body
    sent_body.count_sent = in_a_folder_of_ours(sent_body.count_sent)
if place in ("described", "dropped"):
    _native.describe_with(in_a_folder_of_ours(calls.failure))
outcomes = {}
for name, kind in KINDS.items():
    del armed[:]
    armed.append(kind)
    try:
        PLACES[place]()
        outcomes[name] = "swallowed" if not armed else "not armed"
    except ConnectionRefusedError:
        outcomes[name] = "swallowed"
    except BaseException as error:
        ours = [frame for frame in __import__("traceback").extract_tb(error.__traceback__) if "_aftercall" in frame[0]]
        outcomes[name] = f"{type(error).__name__} {error}".strip() + (f" through {ours[0][2]}" if ours else "")
    sys.settrace(None), sys.setprofile(None)
print(__import__("json").dumps([outcomes, spool.writer.faults]))
"""
EXPECTED = {
    **dict.fromkeys(["own", "one_shot", "decorated", "method", "chained"], "Late late"),
    **dict.fromkeys(["one_shot_builtin", "partial", "callable", "lambda"], "TimeoutError late"),
    **dict.fromkeys(["traced", "profiled", "monitored"], "LookupError late"),
    "builtin": "ValueError late",
    "unused": "OSError late",
    "starred": "RuntimeError late",
    "deeper": "ValueError invalid literal for int() with base 10: 'no number'",
    "interrupt": "KeyboardInterrupt",
    "thrown": "Late",
    "thrown_spoken": "Spoken late",
    "thrown_builtin": "TimeoutError",
    "thrown_value": "ValueError",
    "thrown_base": "SystemExit",
}


@pytest.mark.parametrize(
    "place",
    ["decided", "resolved", "sent", "described", "counted", "dropped", "asked", "awaited", "after", "after_error"],
)
def test_what_others_raise_in_a_hook_goes_on(runner, python, place):
    with serving(*[OK] * 30) as server:
        ran = runner.run(python, f"place, port = {place!r}, {server.port}\n" + ARRIVALS + PLACES)
    outcomes, faults = ran.json
    assert outcomes == {name: outcome for name, outcome in EXPECTED.items() if name in outcomes}
    assert len(outcomes) >= len(EXPECTED) - 1
    assert faults in ({}, {"x": 1}, {"x": len(outcomes)})


STEPS = """
import faulthandler, json, signal, sys
faulthandler.dump_traceback_later(100, exit=True)
sys.path[:0] = [{site!r}] if {library!r} in ("httpx", "aiohttp") else []
import _aftercall
HERE = _aftercall.__path__[0]
class Late(Exception): pass
def one_shot(signum, frame):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    raise Late(signum)
place, step, arrives = None, 0, 1
def trace(frame, event, argument):
    global step, place
    if not frame.f_code.co_filename.startswith(HERE):
        return None
    frame.f_trace_opcodes = True
    if event == "opcode":
        step += 1
        if step == arrives:
            place = f"{{frame.f_code.co_name}}:{{frame.f_lineno}}"
            signal.signal(signal.SIGALRM, one_shot)
            signal.raise_signal(signal.SIGALRM)
    return trace
in_callbacks = []
def is_late(error):  # libraries put errors of their own around it
    return error is not None and (isinstance(error, Late) or is_late(error.__cause__ or error.__context__))
{exercise}
exercise()
raised, swallowed, arrives = 0, [], 0
while True:
    arrives += 1
    step = 0
    sys.settrace(trace)
    late = False
    del in_callbacks[:]
    try:
        exercise()
    except Exception as error:
        late = is_late(error)
    late = late or any(map(is_late, in_callbacks))
    sys.settrace(None)
    if step < arrives:
        break
    raised += late
    if not late:
        swallowed.append(place)
from _aftercall import spool
print(json.dumps([raised, swallowed, spool.writer.faults]))
"""
EXERCISES = {
    "pip._vendor.urllib3": """
from pip._vendor import urllib3
def exercise():
    urllib3.PoolManager(retries=False).request("GET", "http://localhost:%d/")
""",
    "httpx": """
import httpx
def exercise():
    httpx.get("http://localhost:%d/", trust_env=False, verify=False)
""",
    "aiohttp": """
import aiohttp, asyncio
async def get():
    asyncio.get_running_loop().set_exception_handler(lambda _, context: in_callbacks.append(context.get("exception")))
    async with aiohttp.ClientSession() as session, session.get("http://127.0.0.1:%d/") as response:
        await response.read()
async def limited():
    # An exception in its own callbacks may leave aiohttp waiting: it is given a moment from then on.
    task = asyncio.ensure_future(get())
    interrupted = False
    while not task.done() and not interrupted:
        interrupted = step >= arrives
        await asyncio.wait([task], timeout=0.1)
    task.cancel()
    await task
def exercise():
    asyncio.run(limited())
""",
}


def test_a_signal_handlers_exception_goes_on_from_each_instruction_of_a_hook(runner, python):
    """The handler is a one-shot: at the time when we look, nobody knows it any longer."""
    each_instruction(runner, python, "pip._vendor.urllib3")


@pytest.mark.parametrize("library", ["httpx", "aiohttp"])
def test_so_it_does_under_other_libraries(runner, library):
    each_instruction(runner, sys.executable, library)


def each_instruction(runner, python, library):
    with serving(*[OK] * 6000) as server:
        exercise = EXERCISES[library] % server.port
        ran = runner.run(python, STEPS.format(site=SITE, library=library, exercise=exercise))
    raised, swallowed, faults = json.loads(ran.stdout)
    assert (swallowed, faults) == ([], {})
    assert raised > 100


STRESS = """
import http.client, json, random, signal, sys
random.seed(12)
class Late(Exception): pass
fired = caught = 0
lost = []  # in destructors of others, as without us
sys.unraisablehook = lambda told: lost.append(repr(told.object)) if isinstance(told.exc_value, Late) else None
pending = False
def one_shot(signum, frame):
    global fired, pending
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    fired += 1
    pending = False
    raise Late
def is_late(error):
    return error is not None and (isinstance(error, Late) or is_late(error.__cause__ or error.__context__))
for _ in range(600):
    try:
        pending = True
        signal.signal(signal.SIGALRM, one_shot)
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00005, 0.002))
        while pending:
            connection = http.client.HTTPConnection("localhost", %d)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
    except Exception as error:
        caught += is_late(error)
from _aftercall import spool
print(json.dumps([fired, caught, lost, spool.writer.faults]))
"""


def test_alarms_at_random_are_all_met(runner, python):
    with serving(*[OK] * 20_000) as server:
        ran = runner.run(python, STRESS % server.port)
    fired, caught, lost, faults = ran.json
    assert fired == 600
    # Without us one is missing now and then: what the standard library was doing told an error of its own.
    assert caught + len(lost) >= fired - 5
    assert not [where for where in lost if "aftercall" in where]
    assert faults == {}
