"""AFTERCALL_PROPAGATE: the header that calls pass on, and the span id that it shares with the frames."""

from __future__ import annotations

import json

import pytest

from aftercall.pipeline import trace_context
from aftercall.recognition import trace_headers
from tests.end_to_end.watching import backend

from . import parts

CLIENT = parts.CLIENTS[0]
CALLS = """
    const http = require('http');
    const get = (url, options) => new Promise((resolve) => {
      http.get(url, options, (response) => response.resume().on('end', resolve));
    });
    exports.handler = async (event) => {
      await get(event.url + '/plain', {});
      await get(event.url + '/array', { headers: ['host', new URL(event.url).host, 'x', 'y'] });
      await (await fetch(event.url + '/fetch', { method: 'POST', body: 'text' })).text();
      await get(event.url + '/own', { headers: { traceparent: 'the-users-own' } });
    };
"""
W3C = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"


def called(runner, node, event: dict, **environment: str):
    """(what the server got, the function's frames) of one invocation that makes four calls."""
    with backend() as (url, received):
        body = json.dumps({"url": url, **event}).encode()
        served = runner.serve(node, CLIENT, {"app.js": CALLS}, body, **environment)
    assert served.posts[0][0].endswith("/response"), served.posts
    return received, served


@pytest.mark.parametrize("event", [{}, {"headers": {"traceparent": W3C}}], ids=["from-xray", "from-event"])
def test_each_call_carries_its_own_span_id_and_the_invocations_trace_id(runner, node, event) -> None:
    received, served = called(runner, node, event, AFTERCALL_PROPAGATE="true")
    own = received.pop()
    assert own.headers["traceparent"] == "the-users-own"
    xray = served.of_kind("invocation_start")[0]["trace"]
    expected = trace_context.from_event(json.dumps(event).encode()) or trace_headers.from_xray(xray)
    assert expected is not None
    spans = [frame["span_id"] for frame in served.of_kind("call_start")]
    flags = "01" if expected.sampled else "00"
    assert [request.headers["traceparent"] for request in received] == [
        f"00-{expected.trace_id}-{span}-{flags}" for span in spans[:3]
    ]


HTTP2 = """
    const http2 = require('http2');
    exports.handler = async () => {
      const seen = [];
      const server = http2.createServer((request, response) => {
        seen.push(request.headers.traceparent || null);
        response.end('x');
      });
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
      const sent = (headers) => new Promise((resolve) => session.request(headers).on('close', resolve).resume());
      await sent({ ':path': '/in-the-first-tick', [http2.sensitiveHeaders]: ['a'], a: 'b' });
      await sent();
      await sent({ ':path': '/own', TraceParent: 'the-users-own' });
      await new Promise((resolve) => session.close(resolve));
      await new Promise((resolve) => server.close(resolve));
      return seen;
    };
"""


@pytest.mark.parametrize("propagate", ["true", ""], ids=["on", "off"])
def test_streams_of_http2_carry_it_too(runner, node, propagate) -> None:
    event = json.dumps({"headers": {"traceparent": W3C}}).encode()
    served = runner.serve(node, CLIENT, {"app.js": HTTP2}, event, AFTERCALL_PROPAGATE=propagate)
    spans = [frame["span_id"] for frame in served.of_kind("call_start")]
    assert len(spans) == 3
    trace_id = W3C.split("-")[1]
    wanted = [f"00-{trace_id}-{span}-00" if propagate else None for span in spans[:2]]
    assert json.loads(served.posts[0][1]) == [*wanted, "the-users-own"]
    assert not served.of_kind("drops")


NEW_IN_24 = """
    const http2 = require('http2');
    exports.handler = async () => {
      const server = http2.createServer((request, response) => response.end(request.headers.traceparent));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
      const stream = session.request([':path', '/list', 'x', 'y']).setEncoding('utf8');
      let text = '';
      for await (const piece of stream) text += piece;
      session.close();
      server.close();
      return text;
    };
"""


def test_headers_of_http2_may_be_a_list(runner) -> None:
    served = runner.serve(parts.node(parts.EDGES[1]), CLIENT, {"app.js": NEW_IN_24}, b"{}", AFTERCALL_PROPAGATE="true")
    (start,) = served.of_kind("call_start")
    assert json.loads(served.posts[0][1]).split("-")[2] == start["span_id"]


def test_it_is_off_by_default(runner, node) -> None:
    received, _ = called(runner, node, {})
    assert [request.headers.get("traceparent") for request in received] == [None, None, None, "the-users-own"]
