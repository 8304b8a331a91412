"""What a program can see of hooked functions, bodies and clocks: each program runs with and without the wrapper."""

from __future__ import annotations

import pytest

from .http_server import OK, serving
from .test_start import without_addresses

LOOKS = """
import asyncio.base_events, copy, http.client, inspect, pickle, socket, ssl
from importlib.machinery import PathFinder
from pip._vendor import urllib3
connection = http.client.HTTPConnection("localhost")
pool = urllib3.connectionpool.HTTPConnectionPool("localhost")
for it in (http.client.HTTPConnection.send, http.client.HTTPConnection.connect, http.client.HTTPResponse.begin,
           socket.getaddrinfo, ssl.SSLSocket.do_handshake, urllib3.connectionpool.HTTPConnectionPool.urlopen,
           asyncio.base_events.BaseEventLoop.getaddrinfo, connection.send, pool.urlopen, PathFinder.find_spec):
    print(repr(it), str(it), it.__name__, it.__qualname__, it.__module__, it.__doc__ and it.__doc__[:9])
    print(inspect.signature(it), inspect.isfunction(it), inspect.ismethod(it), inspect.iscoroutinefunction(it))
    print(f"{it}", "%r" % (it,), it == it, it in {it}, bool(it), inspect.getsourcefile(it), it.__class__)
for it in (http.client.HTTPConnection.send, socket.getaddrinfo):
    print(pickle.loads(pickle.dumps(it)) is it, copy.copy(it) is it, copy.deepcopy(it) is it)
"""


def agree(runner, python, text, *arguments):
    watched = runner.run(python, text, *arguments)
    plain = runner.run(python, text, *arguments, wrapped=False)
    assert without_addresses(watched.stdout) == without_addresses(plain.stdout)
    return watched


def test_hooked_functions_look_like_the_originals(runner, python):
    agree(runner, python, LOOKS)


BODIES = """
import http.client, sys
port = int(sys.argv[1])
log = []
class Connection(http.client.HTTPConnection):
    def connect(self):
        log.append("connect")
        super().connect()
class Body:
    def __init__(self, items=(b"a", b"bc"), fails=False): self.items, self.fails = items, fails
    def __iter__(self):
        log.append("begun")
        if self.fails: raise LookupError("in the user's __iter__")
        for item in self.items:
            log.append("given")
            yield item
class Fails(Body):
    def __iter__(self):
        log.append("begun")
        raise LookupError("in the user's __iter__")
def generator():
    log.append("begun")
    yield b"abc"
kinds = {"iterable": Body, "fails": Fails, "generator": generator, "iterator": lambda: iter(Body()),
         "list": lambda: [b"abc"], "tuple": lambda: (b"a", b"bc"), "text": lambda: Body(("x",)),
         "map": lambda: map(bytes, [[1], [2], [3]])}
def sent(body, where, open_first):
    connection = Connection("127.0.0.1", where)
    if open_first:
        connection.connect()
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", "3")
    connection.endheaders() if open_first else None
    try:
        connection.send(body)
        if not open_first:
            return
        print(connection.getresponse().read())
    finally:
        connection.close()
import traceback
for name, kind in kinds.items():
    for where, open_first in ((port, True), (1, False)):
        del log[:]
        body = kind()
        for attempt in range(2):
            try:
                sent(body, where, open_first)
            except Exception as error:
                print(type(error).__name__, [frame.name for frame in traceback.extract_tb(error.__traceback__)])
            if name != "iterable":
                break
        print(name, where == port, log)
"""


def test_a_body_is_begun_when_and_as_often_as_without_us(runner, python):
    with serving(*[OK] * 40) as server:
        agree(runner, python, BODIES, str(server.port))


ODD_BODIES = """
import copy, ctypes, http.client, pickle, sys, traceback
port = int(sys.argv[1])
class Unsized(bytes):
    def __len__(self): raise LookupError("in the user's __len__")
class Indexed:
    def __getitem__(self, index): return (b"abcd", )[index]
class Fails:
    def __iter__(self): raise LookupError("in the user's __iter__")
released = memoryview(b"abcd")
released.release()
def closed():
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()
    return connection
for body in (memoryview(ctypes.c_int(5)), Unsized(b"abcd"), released, memoryview(b"a-b-c-d-")[::2], 4, None, Indexed(),
             Fails(), {b"abcd": 1}):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", "4")
    connection.endheaders()
    try:
        connection.send(body)
        print(connection.getresponse().read())
    except Exception:
        print(traceback.format_exc())
    connection.close()
for again in (copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))):
    connection = again(closed())
    connection.request("GET", "/")
    print(connection.getresponse().read())
"""


def test_what_is_sent_refused_and_copied_is_so_without_us(runner, python):
    with serving(*[OK] * 40) as server:
        ran = agree(runner, python, ODD_BODIES, str(server.port))
    assert not ran.of_kind("drops")
    assert len(ran.calls) == 15


FROZEN = """
import sys, time
real = {real!r}
def frozen(*_): return {{"time": 1326499200.0}}.get(real, 1326499200_000000000)
original = getattr(time, real)
def freeze():
    # As freezegun does: each attribute of each module that is the original.
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if value is original and module is not sys.modules["__main__"]:
                setattr(module, name, frozen)
"""


@pytest.mark.parametrize("real", ["time_ns", "time", "monotonic", "perf_counter"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_our_clock_is_not_the_one_that_the_user_has_frozen(runner, python, real, when):
    freeze, imports = "freeze()\n", "import _aftercall.hooks.runtime_client as boundary, _aftercall.spool as spool\n"
    text = FROZEN.format(real=real) + (freeze + imports if when == "before" else imports + freeze)
    text += """
boundary.open_invocation = "r"
boundary.end_invocation("ok", (), "", "r")
spool.writer.count_fault("x")
spool.writer.forked()
spool.writer.write("note", 1, "r")
"""
    ran = runner.run(python, text)
    times = [frame.header["time"] for frame in ran.frames if frame.kind != "note"]
    assert len(times) >= 4
    assert min(times) > 1_700_000_000_000_000_000
