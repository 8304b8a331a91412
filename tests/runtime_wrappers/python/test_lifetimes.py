"""What a hooked function belongs to lives as long as without us: modules, classes, and what users have put on them."""

from __future__ import annotations

import sys

import pytest

from .test_urllib3 import SITE

COPIES = """
import gc, importlib, json, sys, weakref
sys.path[:0] = {path!r}
def imported():
    for name in [name for name in sys.modules if name == {root!r} or name.startswith({root!r} + ".")]:
        del sys.modules[name]
    module = importlib.import_module({module!r})
    owner = getattr(module, {owner!r})
    owner.marker = type("Marker", (), {{}})()
    return weakref.ref(module), weakref.ref(owner), weakref.ref(owner.marker)
references = [imported() for _ in range(8)]
alive = lambda: [sum(reference() is not None for reference in each) for each in zip(*references)]
for _ in range(3):
    gc.collect()
print(json.dumps(alive()))
"""
OWNERS = {
    "pip._vendor.urllib3": ("pip._vendor.urllib3.connectionpool", "HTTPConnectionPool"),
    "http": ("http.client", "HTTPConnection"),
}
OTHERS = {
    "urllib3": ("urllib3.connection", "HTTPConnection"),
    "httpcore": ("httpcore", "ConnectionPool"),
    "aiohttp": ("aiohttp", "ClientSession"),
}


def die_as_without_us(runner, python, path, root, module, owner):
    text = COPIES.format(path=path, root=root, module=module, owner=owner)
    watched, plain = (runner.run(python, text, wrapped=wrapped).json for wrapped in (True, False))
    assert watched == plain
    assert max(plain) < 8


@pytest.mark.parametrize("root", OWNERS)
def test_modules_that_are_imported_again_and_again_die(runner, python, root):
    die_as_without_us(runner, python, [], root, *OWNERS[root])


@pytest.mark.parametrize("root", OTHERS)
def test_those_of_packages_die_too(runner, root):
    die_as_without_us(runner, sys.executable, [SITE], root, *OTHERS[root])


ENDS = """
import http.client, socket, ssl, sys, gc
from pip._vendor import urllib3
class Ending:
    def __init__(self, name): self.name = name
    def __del__(self): print("ended", self.name, flush=True)
{where} = Ending("it")
"""
WHERE = [
    "http.client.HTTPConnection.marker",
    "http.client.marker",
    "http.client.HTTPConnection.send.marker",
    "socket.marker",
    "socket.getaddrinfo.__globals__['marker']",
    "ssl.SSLSocket.marker",
    "urllib3.connectionpool.marker",
    "urllib3.connectionpool.HTTPConnectionPool.marker",
    "urllib3.connectionpool.HTTPConnectionPool.urlopen.__kwdefaults__",
    "marker",
]


@pytest.mark.parametrize("where", WHERE)
def test_destructors_run_at_exit_as_without_us(runner, python, where):
    program = ENDS.format(where=where)
    if where.endswith("__kwdefaults__"):
        program = program.replace('= Ending("it")', '= {"marker": Ending("it")}')
    watched = runner.run(python, program)
    plain = runner.run(python, program, wrapped=False)
    assert watched.stdout == plain.stdout
