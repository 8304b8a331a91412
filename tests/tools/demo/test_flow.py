"""The flow of the demo: one graph of joins in what was exported, and what is missing in it is told."""

from __future__ import annotations

import asyncio

import pytest
from rich.console import Console

from aftercall.formats import semconv
from tests.tools.demo import servers
from tests.tools.demo.flow import joins, play


def _played(layer, environment=None) -> tuple[list[str], list]:
    """What was not as expected, and the roots that were drawn."""
    drawn: list = []

    class Roots(Console):
        def print(self, *objects, **_options) -> None:
            drawn.extend(objects)

    async def run() -> list[str]:
        async with servers.api() as api:
            with servers.aws() as aws:
                return await play.play(layer, {"API": api, "AWS_ENDPOINT_URL": aws}, Roots(width=200))

    return asyncio.run(run()), drawn


def test_every_hop_is_joined_and_the_cause_stands_at_the_dead_letter(layer) -> None:
    if play.why_not():
        pytest.skip(play.why_not())
    wrong, (_title, _tree) = _played(layer)
    assert wrong == []


def test_where_a_runtime_is_missing_it_is_left_out(layer, monkeypatch) -> None:
    monkeypatch.setattr(play, "why_not", lambda: "no npm")
    wrong, (line,) = _played(layer)
    assert wrong == []
    assert "left out" in line


class Spans:
    """Two invocations of which the first woke the second."""

    def __init__(self) -> None:
        self.first = _span("1", "", {semconv.FAAS_INVOCATION_ID: "a", semconv.AFTERCALL_STATUS: "ok"}, "ordering")
        self.call = _span("2", "1", {semconv.AFTERCALL_FLOW_SENT: ["sqs:x"]}, "ordering")
        received = {semconv.FAAS_INVOCATION_ID: "b", semconv.AFTERCALL_FLOW_RECEIVED: ["sqs:x"]}
        self.second = _span("3", "", received, "packing")

    def roots(self) -> list[joins.Hop]:
        return joins.roots_of([self.first, self.call, self.second])


def _span(span_id: str, parent_id: str, attributes: dict, function: str):
    from aftercall.command.run.trace import Span

    resource = {semconv.FAAS_NAME: function}
    return Span("t", span_id, parent_id, "name", int(span_id), 9, False, attributes, resource, {})


def test_a_key_joins_and_no_key_does_not() -> None:
    (root,) = Spans().roots()
    assert [hop.function for hop in joins.all_of(root)] == ["ordering", "packing"]
    apart = Spans()
    apart.second.attributes[semconv.AFTERCALL_FLOW_RECEIVED] = ["sqs:another"]
    assert [root.function for root in apart.roots()] == ["ordering", "packing"]
    assert play.check(apart.roots()) == ["2 graphs instead of one: ['ordering', 'packing']"]


def test_what_is_missing_in_the_graph_is_told() -> None:
    told = play.check(Spans().roots())
    assert "packing [''] instead of ['ok', 'error', 'error']" in [line.replace("None", "") for line in told]
    assert "the dead letter's causes are []" in told
