"""AFTERCALL_PROPAGATE: the header that calls pass on, and the span id that it shares with the frames."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aftercall.pipeline import trace_context
from aftercall.recognition import trace_headers
from tests.end_to_end.watching import backend
from tests.scenarios import libraries

from .test_boundary import newest, run_function  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from tests.end_to_end.watching import Received

    from .conftest import Ran

CALLS = {
    "http.client": """
        import http.client
        def get(url, headers):
            connection = http.client.HTTPConnection(url.split("/")[2])
            connection.request("GET", url, None, headers)
            return connection.getresponse().read()
    """,
    "urllib3": """
        import urllib3
        pool = urllib3.PoolManager()
        def get(url, headers):
            return pool.request("POST", url, body=b"text", headers=headers).data
    """,
    "requests": """
        import requests
        def get(url, headers):
            return requests.get(url, headers=headers).text
    """,
    "httpx": """
        import httpx
        client = httpx.Client()
        def get(url, headers):
            return client.post(url, content=b"text", headers=headers).text
    """,
    "httpx-async": """
        import asyncio, httpx
        async def fetch(url, headers):
            async with httpx.AsyncClient() as client:
                return (await client.get(url, headers=headers)).text
        def get(url, headers):
            return asyncio.run(fetch(url, headers))
    """,
    "aiohttp": """
        import aiohttp, asyncio
        async def fetch(url, headers):
            async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
                return await response.text()
        def get(url, headers):
            return asyncio.run(fetch(url, headers))
    """,
}
HANDLER = """
def handler(event, context):
    get(event["url"] + "/plain", {})
    get(event["url"] + "/again", {"x": "y"})
    get(event["url"] + "/own", {"Traceparent": "the-users-own"})
"""
W3C = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"


def called(runner, python, client, library: str, event: dict, **environment: str) -> tuple[list[Received], Ran]:
    """(what the server got, the function's frames) of one invocation that makes three calls."""
    packages = libraries.install(python)["current"]
    text = f"import sys\nsys.path.append({packages!r})\n" + "\n".join(
        line.removeprefix("        ") for line in CALLS[library].splitlines()
    )
    with backend() as (url, received):
        body = json.dumps({"url": url, **event}).encode()
        ran, posts = run_function(runner, python, client, text + HANDLER, body, **environment)
    assert posts[0][0].endswith("/response"), posts
    return received, ran


@pytest.mark.parametrize("event", [{}, {"headers": {"traceparent": W3C}}], ids=["from-xray", "from-event"])
@pytest.mark.parametrize("library", CALLS)
def test_each_call_carries_its_own_span_id_and_the_invocations_trace_id(
    runner,
    python,
    newest,  # noqa: F811
    library,
    event,
) -> None:
    received, ran = called(runner, python, newest, library, event, AFTERCALL_PROPAGATE="true")
    own = received.pop()
    assert own.headers["traceparent"] == "the-users-own"
    xray = ran.of_kind("invocation_start")[0]["trace"]
    expected = trace_context.from_event(json.dumps(event).encode()) or trace_headers.from_xray(xray)
    assert expected is not None
    spans = [frame["span_id"] for frame in ran.of_kind("call_start")]
    flags = "01" if expected.sampled else "00"
    assert [request.headers["traceparent"] for request in received] == [
        f"00-{expected.trace_id}-{span}-{flags}" for span in spans[:2]
    ]
    assert ran.of_kind("drops") == []


@pytest.mark.parametrize("library", CALLS)
def test_it_is_off_by_default(runner, python, newest, library) -> None:  # noqa: F811
    received, _ = called(runner, python, newest, library, {})
    assert [request.headers.get("traceparent") for request in received] == [None, None, "the-users-own"]
