"""Each call has a record and stages of its own, whatever connections it shares or waits for."""

from __future__ import annotations

import json

import pytest

from tests.runtime_wrappers.nodejs import parts
from tests.runtime_wrappers.nodejs.conftest import since

UNDICIS = {"undici-5": 18, "undici": 18, "undici-7": 20, "undici-8": 24}
"""Release -> the oldest Node.js that it runs on."""
STAGES = ("queue", "dns", "connect", "proxy", "tls", "request", "response_head", "response_body")

# A key that both sides know, so that no certificate is needed.
COMMON = """
    const [library, packages] = %s;
    const http = require('http');
    const http2 = require('http2');
    const net = require('net');
    const undici = require(`${packages}/${library}`);
    const KEY = { psk: Buffer.from('00112233445566778899aabbccddeeff', 'hex'), identity: 'connections' };
    const TLS = { ciphers: 'PSK', maxVersion: 'TLSv1.2' };
    const CLIENT = { ...TLS, pskCallback: () => KEY, checkServerIdentity: () => undefined };
    const listening = (server) => new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(server.address().port));
    });
    const lookup = (_host, options, done) =>
      options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
    const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
"""

OVER_HTTP2 = """
    (async () => {
      const server = http2.createSecureServer({ ...TLS, pskCallback: () => KEY.psk }, (request, response) => {
        response.end(`over ${request.httpVersion}`);
      });
      const port = await listening(server);
      const dispatcher = new undici.Agent({ connect: CLIENT, allowH2: true });
      const url = `https://127.0.0.1:${port}/`;
      const seen = [];
      for (let turn = 0; turn < 3; turn += 1) seen.push(await (await undici.fetch(url, { dispatcher })).text());
      const both = [undici.request(url, { dispatcher }), undici.fetch(url, { dispatcher })];
      const [requested, fetched] = await Promise.all(both);
      seen.push(await requested.body.text(), await fetched.text());
      // A session of the user's own beside it.
      const session = http2.connect(url, CLIENT);
      let text = '';
      for await (const piece of session.request({ ':path': '/own' }).setEncoding('utf8')) text += piece;
      seen.push(text);
      console.log(JSON.stringify(seen));
      process.exit();
    })();
"""

# The first connection waits for a name, the second for a handshake, the third for a response.
APART = """
    (async () => {
      const silent = await listening(net.createServer());
      const settings = { ...TLS, allowHTTP1: true, pskCallback: () => KEY.psk };
      const answering = await listening(http2.createSecureServer(settings));
      let turn = 0;
      const port = await listening(net.createServer((socket) => {
        // Which of the two it is for is the order in which they come.
        const peer = net.connect(turn === 2 ? silent : answering, '127.0.0.1');
        socket.on('error', () => {});
        peer.on('error', () => {});
        socket.pipe(peer).pipe(socket);
      }));
      const named = (host, options, done) => {
        turn += 1;
        if (turn > 1) lookup(host, options, done);
      };
      const dispatcher = new undici.Agent({ connect: { ...CLIENT, lookup: named, timeout: 60_000 }, allowH2: false });
      for (const path of ['/dns', '/tls', '/head']) {
        undici.fetch(`https://example.invalid:${port}${path}`, { dispatcher }).catch(() => {});
        await later(300);
      }
      await later(300);
      process.exit();
    })();
"""

AT_ONCE = """
    (async () => {
      const port = await listening(http.createServer((request, response) => {
        request.resume().on('end', () => response.end('x'.repeat(100_000)));
      }));
      const dispatcher = new undici.Agent({ connect: { lookup } });
      const url = `http://example.invalid:${port}/`;
      const each = async (at) => {
        const options = at % 2 ? { dispatcher } : { dispatcher, method: 'POST', body: 'some text' };
        return (await (await undici.fetch(url + at, options)).text()).length;
      };
      const sizes = await Promise.all(Array.from({ length: 200 }, (_, at) => each(at)));
      console.log(sizes.every((size) => size === 100_000));
      process.exit();
    })();
"""

TUNNELS = """
    (async () => {
      const server = http.createServer().on('connect', (_request, socket) => {
        socket.end('HTTP/1.1 200 Connection established\\r\\n\\r\\n');
      });
      const port = await listening(server);
      const authority = 'vault.internal:80';
      await new Promise((resolve) => {
        http.request({ host: '127.0.0.1', port, method: 'CONNECT', path: authority }).on('connect', resolve).end();
      });
      const client = new undici.Client(`http://127.0.0.1:${port}`);
      (await client.connect({ path: authority })).socket.destroy();
      const second = http2.createServer();
      second.on('stream', (stream) => { stream.respond({ ':status': 200 }); stream.end(); });
      const session = http2.connect(`http://127.0.0.1:${await listening(second)}`);
      await new Promise((resolve) => {
        session.request({ ':method': 'CONNECT', ':authority': authority }).on('response', resolve);
      });
      await later(50);
      console.log(port);
      process.exit();
    })();
"""


def ran(runner, node, library, text):
    head = COMMON % json.dumps([library, str(parts.packages())])
    watched = runner.script(node, head + text)
    assert watched.returncode == 0, watched.stderr
    assert not watched.of_kind("drops"), watched.of_kind("drops")
    return watched


@pytest.mark.parametrize("library", since({"undici-7": 20, "undici-8": 24}))
def test_a_fetch_over_http2_is_one_call(runner, node, library) -> None:
    watched = ran(runner, node, library, OVER_HTTP2)
    assert watched.json == ["over 2.0"] * 6
    assert [call.start["library"] for call in watched.calls] == ["undici"] * 5 + ["http2"]
    assert all(call.end is not None for call in watched.calls)


@pytest.mark.parametrize("library", since(UNDICIS))
def test_a_call_is_told_its_own_stage_and_no_neighbours(runner, node, library) -> None:
    watched = ran(runner, node, library, APART)
    last = {call.url.rpartition("/")[2]: call.stages[-1] for call in watched.calls}
    assert last == {"dns": "dns", "tls": "tls", "head": "response_head"}


@pytest.mark.parametrize("library", since(UNDICIS))
def test_stages_of_many_calls_at_once_are_told_once_and_in_their_order(runner, node, library) -> None:
    watched = ran(runner, node, library, AT_ONCE)
    assert watched.json is True
    assert len(watched.calls) == 200
    orders = [[STAGES.index(stage) for stage in call.stages] for call in watched.calls]
    assert all(order == sorted(set(order)) for order in orders), orders
    assert max(len(order) for order in orders) <= 4  # dns, connect, request, response_head


@pytest.mark.parametrize("library", since(UNDICIS))
def test_connect_is_shown_with_its_authority(runner, node, library) -> None:
    watched = ran(runner, node, library, TUNNELS)
    assert [call.url for call in watched.calls] == ["http://vault.internal:80"] * 3
    assert [call.start.get("proxy") for call in watched.calls[:2]] == [f"http://127.0.0.1:{watched.json}"] * 2


WAITING = """
    (async () => {
      class Never extends http.Agent { createSocket() {} }
      const request = http.request({ host: 'example.invalid', method: 'POST', agent: new Never() });
      request.on('error', () => {});
      await later(30);
      request.end('ended late');
      await later(30);
      try { http.request({ host: '127.0.0.1', port: 99999999 }); } catch { /* nobody has it */ }
      await later(30);
      process.exit();
    })();
"""


def test_a_call_that_never_gets_a_connection_is_there_and_one_that_was_never_made_is_not(runner, node) -> None:
    (call,) = ran(runner, node, "undici-5", WAITING).calls
    assert (call.url, call.stages, call.end) == ("http://example.invalid/", ["dns"], None)
