"""Each Node of Lambda, in every run: an invocation and a call of each kind. The tables run on the oldest and newest.

Node changes what it keeps to itself in patch releases too: late ones of 20 lost the symbol by which a session of http2
was found, and 22 alone tells of a request before its agent knows which socket is its own.
"""

from __future__ import annotations

import json

import pytest

from . import parts

APP = """
    const http = require('http');
    const http2 = require('http2');
    const listens = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    exports.handler = async (event) => {
      const server = http.createServer((request, response) => response.end('one'));
      const server2 = http2.createServer((request, response) => response.end('two'));
      await Promise.all([listens(server), listens(server2)]);
      const { port } = server.address();
      const url = `http://127.0.0.1:${port}`;
      await new Promise((resolve) => {
        http.get(`${url}/http`, { agent: false }, (response) => response.resume().on('close', resolve));
      });
      const proxied = { path: 'http://orders.example/proxied', headers: { Host: 'orders.example' }, agent: false };
      await new Promise((resolve) => {
        http.get({ host: '127.0.0.1', port, ...proxied }, (response) => response.resume().on('close', resolve));
      });
      await (await fetch(`${url}/fetch`)).text();
      const session = http2.connect(`http://127.0.0.1:${server2.address().port}`);
      await new Promise((resolve) => session.request({ ':path': '/http2' }).on('close', resolve).resume());
      await new Promise((resolve) => session.close(resolve));
      server.close();
      server.closeAllConnections();
      server2.close();
      return url;
    };
"""


@pytest.mark.parametrize("major", parts.ALL)
@pytest.mark.parametrize("propagate", ["", "true"], ids=["", "propagates"])
def test_an_invocation_and_its_calls_are_seen(runner, major: int, propagate: str) -> None:
    client = parts.CLIENTS[0]
    served = runner.serve(parts.node(major), client, {"app.js": APP}, b"{}", AFTERCALL_PROPAGATE=propagate)
    url = json.loads(served.posts[0][1])
    called = [(frame["library"], frame["url"].rpartition("/")[2]) for frame in served.of_kind("call_start")]
    assert called == [("http", "http"), ("http", "proxied"), ("undici", "fetch"), ("http2", "http2")]
    assert [frame.get("proxy") for frame in served.of_kind("call_start")] == [None, url, None, None]
    ends = served.of_kind("call_end")
    assert [frame.get("error_type") for frame in ends] == [None] * 4
    assert len(served.of_kind("invocation_end")) == 1
    assert not served.of_kind("drops")
