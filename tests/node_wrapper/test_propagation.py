"""AFTERCALL_PROPAGATE: the header that calls pass on, and the span id that it shares with the frames."""

from __future__ import annotations

import json

import pytest

from aftercall.pipeline import trace_context
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
    expected = trace_context.from_event(json.dumps(event).encode()) or trace_context.from_xray(xray)
    assert expected is not None
    spans = [frame["span_id"] for frame in served.of_kind("call_start")]
    flags = "01" if expected.sampled else "00"
    assert [request.headers["traceparent"] for request in received] == [
        f"00-{expected.trace_id}-{span}-{flags}" for span in spans[:3]
    ]


def test_it_is_off_by_default(runner, node) -> None:
    received, _ = called(runner, node, {})
    assert [request.headers.get("traceparent") for request in received] == [None, None, None, "the-users-own"]
