"""Hooks as such: installed at import, taken off again, and failing open with a count."""

from __future__ import annotations

import pytest

from .http_server import OK, serving

INSIDE = """
import json, sys
import _aftercall.install as install, _aftercall.spool as spool, _aftercall.imports as imports
"""


def test_every_install_can_be_undone(runner, python):
    ran = runner.run(
        python,
        INSIDE
        + """
from importlib.machinery import PathFinder
import http.client, socket, ssl
from pip._vendor.urllib3 import connection, connectionpool, response
owners = [PathFinder, socket, ssl.SSLSocket]
owners += [http.client.HTTPConnection, http.client.HTTPSConnection, http.client.HTTPResponse]
owners += [connectionpool.HTTPConnectionPool, connectionpool.HTTPSConnectionPool, connection.HTTPConnection]
owners += [response.HTTPResponse]
def hooked():
    return [name for owner in owners for name, value in vars(owner).items() if isinstance(value, install.Hooked)]
installed = len(hooked())
originals = [(owner(), name, vars(owner())[name].__wrapped__) for owner, names in install.applied.items()
             for name in names]
install.uninstall()
left = hooked()
same = all(vars(owner)[name] is original for owner, name, original in originals)
imports.watch()
print(json.dumps([installed, left, same, len(hooked())]))
""",
    )
    installed, left, same, again = ran.json
    assert installed >= 20
    assert (left, same, again) == ([], True, installed)


def test_imports_look_as_without_us(runner, python):
    text = """
import importlib, importlib.util, traceback, sys, pickle
(folder := __import__("pathlib").Path("urllib3")).mkdir(exist_ok=True)
(folder / "__init__.py").write_text("")
(folder / "connection.py").write_text("import nothing_like_this")
(folder / "connectionpool.py").write_text("1/0")
(folder / "response.py").write_text("def f(:")
for name in ("connection", "connectionpool", "response", "missing", "connection"):
    try:
        importlib.import_module("urllib3." + name)
    except BaseException:
        print(traceback.format_exc())
spec = importlib.util.find_spec("http.client")
print(spec.loader, sorted(vars(spec.loader).keys() - {"exec_module"}), spec.origin)
import http.client, inspect
print(http.client.__loader__, vars(http.client.__loader__).keys(), http.client.__spec__)
print(inspect.signature(http.client.HTTPConnection.request), inspect.signature(http.client.HTTPConnection.send))
lazy = importlib.util.LazyLoader.factory(importlib.machinery.SourceFileLoader)
print([finder.__name__ for finder in sys.meta_path if isinstance(finder, type)])
"""
    watched = runner.run(python, text)
    plain = runner.run(python, text, wrapped=False)
    import re

    assert re.sub("0x[0-9a-f]+", "", watched.stdout) == re.sub("0x[0-9a-f]+", "", plain.stdout)


def test_found_and_never_executed_leaves_a_module_importable(runner, python):
    with serving(OK) as server:
        ran = runner.run(
            python,
            f"""
            import importlib.util
            importlib.util.find_spec("http.client")
            importlib.util.find_spec("http.client")
            import urllib.request
            print(urllib.request.urlopen("http://127.0.0.1:{server.port}/").read())
            """,
        )
    assert ran.call.response["status"] == 200


@pytest.mark.parametrize(
    ("sabotage", "repair"),
    [
        ("calls.rules.known = None", "calls.rules.known = {}"),
        ("calls.rules.of = broken", "del calls.rules.of"),
        ("spool.fields, fields = broken, spool.fields", "spool.fields = fields"),
        ("spool.frame, frame = broken, spool.frame", "spool.frame = frame"),
        ("sockets.is_address, is_address = broken, sockets.is_address", "sockets.is_address = is_address"),
    ],
)
def test_what_breaks_inside_us_is_counted_and_the_program_goes_on(runner, python, sabotage, repair):
    """Something that the hooks stand on raises, on purpose."""
    with serving(OK, OK) as server:
        ran = runner.run(
            python,
            INSIDE
            + f"""
import http.client, socket, urllib.request
import _aftercall._native as _native, _aftercall.calls as calls, _aftercall.hooks.sockets as sockets
def broken(*arguments, **more):
    raise ZeroDivisionError("on purpose")
port = {server.port}
url = f"http://127.0.0.1:{{port}}/"
{sabotage}
try:
    print(urllib.request.urlopen(url).read().decode())
finally:
    {repair}
urllib.request.urlopen(url).read()
""",
        )
    assert ran.stdout == "hello\n"
    assert sum(sum(frame["faults"].values()) for frame in ran.of_kind("drops")) > 0
    assert ran.calls[-1].response["status"] == 200


def test_a_users_signal_handler_is_never_swallowed(runner, python):
    """It may run while our code does: its exception is the user's, whatever it is."""
    with serving(*[OK] * 3) as server:
        ran = runner.run(
            python,
            INSIDE
            + f"""
import http.client, signal
import _aftercall._native as _native, _aftercall.calls as calls
class Late(Exception): pass
def handler(*_):
    raise {{"own": Late, "builtin": ValueError}}[kind]("late")
signal.signal(signal.SIGALRM, handler)
def slow(*arguments):
    signal.raise_signal(signal.SIGALRM)
    return calls.rules.of(*arguments)
calls.rules.of = slow
for kind in ("own", "builtin"):
    connection = http.client.HTTPConnection("127.0.0.1", {server.port})
    try:
        connection.request("GET", "/")
        print("swallowed")
    except (Late, ValueError) as error:
        print(type(error).__name__, error)
print(spool.writer.faults)
""",
        )
    assert ran.stdout == "Late late\nValueError late\n{}\n"


def test_an_unanswered_fork_says_nothing_of_its_parents_calls(runner, python):
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel") as server:
        ran = runner.run(
            python,
            f"""
            import http.client, os, gc
            connection = http.client.HTTPConnection("127.0.0.1", {server.port})
            connection.request("GET", "/")
            response = connection.getresponse()
            if not os.fork():
                response.close()
                del response, connection
                gc.collect()
                os._exit(0)
            os.wait()
            """,
        )
    assert len(ran.segments) == 1
    assert ran.call.end["complete"] is False
