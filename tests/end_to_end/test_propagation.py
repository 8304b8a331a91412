"""AFTERCALL_PROPAGATE in Python functions, and a transaction that crosses functions of several runtimes."""

from __future__ import annotations

import asyncio
import io

import pytest
from rich.console import Console

from tests.end_to_end.watching import backend, watch
from tests.tools.demo import crossing, runtimes, servers

W3C = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE_ID = W3C.split("-")[1]


def called(layer, **event) -> tuple[dict[str, str | None], list[dict]]:
    """({path: its `traceparent`}, the calls of the record) of one invocation of propagates.py."""
    environment = {} if event.pop("off", False) else {"AFTERCALL_PROPAGATE": "true"}
    with backend() as (url, received):
        watched = watch(
            "propagates.handler",
            [{"url": url, **event}],
            layer=layer,
            timeout=60,
            init_timeout=60,
            environment=environment,
        )
    assert watched.outcomes[0].status == "success", watched.outcomes[0]
    assert not watched.notices, watched.notices
    seen = {request.path: request.headers.get("traceparent") for request in received}
    return seen, watched.records[0]["calls"]


def test_each_client_passes_on_the_trace_and_its_calls_own_span(layer) -> None:
    seen, calls = called(layer, headers={"traceparent": W3C})
    assert len(seen) == len(calls) == 13
    for path, header in seen.items():
        if path.endswith("/own"):
            assert header == "the-users-own", path
        else:
            version, trace_id, span_id, flags = str(header).split("-")
            assert (version, trace_id, len(span_id), flags) == ("00", TRACE_ID, 16, "01"), path
    spans = [header for header in seen.values() if header != "the-users-own"]
    assert len(set(spans)) == len(spans)


def test_it_is_off_by_default(layer) -> None:
    seen, _ = called(layer, off=True, headers={"traceparent": W3C})
    assert {header for path, header in seen.items() if not path.endswith("/own")} == {None}


def test_a_transaction_across_runtimes_is_one_trace(layer) -> None:
    for reason in filter(None, map(runtimes.why_not, crossing.LEGS)):
        pytest.skip(reason)

    async def play() -> list[str]:
        async with servers.api() as url:
            return await crossing.play(layer, {"API": url}, Console(file=io.StringIO()))

    assert asyncio.run(play()) == []
