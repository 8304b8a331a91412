"""The graph of a flow, from the exported spans alone: who sent what woke whom (docs/flow.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from aftercall.formats import semconv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aftercall.command.run.trace import Span

_TRIGGER = (semconv.AFTERCALL_TRIGGER_SOURCE, semconv.AFTERCALL_TRIGGER_RESOURCE)


@dataclass(eq=False)
class Hop:
    """An invocation, and what its calls led to."""

    span: Span
    calls: list[Span]
    next: list[tuple[Span, Hop]] = field(default_factory=list)
    """The call that sent, and the invocation that was woken by it."""
    died_of: Hop | None = None
    """The failed invocation that had received the same message before: this one was woken by its dead letter."""

    @property
    def function(self) -> str:
        return str(self.span.resource.get(semconv.FAAS_NAME, self.span.name))

    @property
    def sent(self) -> dict[str, Span]:
        return {key: call for call in self.calls for key in call.attributes.get(semconv.AFTERCALL_FLOW_SENT, ())}

    @property
    def received(self) -> list[str]:
        return list(self.span.attributes.get(semconv.AFTERCALL_FLOW_RECEIVED, ()))


def roots_of(spans: list[Span]) -> list[Hop]:
    """Invocations that nothing else in the spans has woken, with all that they led to, in the order of their start."""
    invocations = [span for span in spans if semconv.FAAS_INVOCATION_ID in span.attributes]
    calls = {root.span_id: [span for span in spans if span.parent_id == root.span_id] for root in invocations}
    hops = [Hop(span, calls[span.span_id]) for span in sorted(invocations, key=lambda span: span.start)]
    senders = {key: (hop, call) for hop in hops for key, call in hop.sent.items()}
    roots: list[Hop] = []
    seen: dict[str, Hop] = {}
    for hop in hops:
        found = next(((key, senders[key]) for key in hop.received if key in senders), None)
        if found is None:
            roots.append(hop)
            continue
        key, (sender, call) = found
        sender.next.append((call, hop))
        earlier = seen.setdefault(key, hop)
        if earlier.function != hop.function:
            hop.died_of = earlier
    return roots


def all_of(hop: Hop) -> Iterator[Hop]:
    yield hop
    for _, one in hop.next:
        yield from all_of(one)


def tree_of(hop: Hop) -> Tree:
    """The picture: a line for each invocation, below it the calls that led to others."""
    tree = Tree(_line(hop))
    _add(tree, hop)
    return tree


def _add(tree: Tree, hop: Hop) -> None:
    branches: dict[str, Tree] = {}
    for call, woken in hop.next:
        if call.span_id not in branches:
            branches[call.span_id] = tree.add(Text(call.name, style="cyan"))
        _add(branches[call.span_id].add(_line(woken)), woken)


def _line(hop: Hop) -> Text:
    status = str(hop.span.attributes.get(semconv.AFTERCALL_STATUS, ""))
    line = Text(f"{hop.function} ", style="bold")
    line.append(_woken_by(hop.span), style="dim")
    line.append(f"{status} {hop.span.milliseconds:,.0f} ms", style="red" if hop.span.failed else "green")
    if words := _words(hop.span):
        line.append(f" {words}", style="red")
    if hop.died_of is not None:
        line.append(f" a dead letter of {hop.died_of.function}: {_words(hop.died_of.span)}", style="red")
    return line


def _woken_by(span: Span) -> str:
    told = [str(span.attributes.get(key, "")) for key in _TRIGGER]
    times = span.attributes.get(semconv.AFTERCALL_TRIGGER_RECEIVE_COUNT, 1)
    words = " ".join(filter(None, told)) + (f", received {times} times" if times > 1 else "")
    return f"by {words} " if words else ""


def _words(span: Span) -> str:
    told = [str(span.exception.get(key, "")) for key in (semconv.EXCEPTION_TYPE, semconv.EXCEPTION_MESSAGE)]
    return ": ".join(filter(None, told))
