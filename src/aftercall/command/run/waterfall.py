"""Draws an invocation's spans as a waterfall for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from aftercall.command.run.trace import Span

BAR_CELLS = 28
EIGHTHS = " ▏▎▍▌▋▊▉█"


def waterfall(root: Span) -> RenderableType:
    """One invocation: a headline, then a row for each call in the order of their start.

    Below a call stands the invocation that it led to, where that one's spans are known too.
    """
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column(no_wrap=True, max_width=34, overflow="ellipsis")
    table.add_column(justify="right", no_wrap=True, min_width=9)
    table.add_column(no_wrap=True, min_width=BAR_CELLS)
    begin = min(span.start for span, _ in _rows(root, 0))
    end = max(span.end for span, _ in _rows(root, 0))
    for span, depth in _rows(root, 0):
        style = "red" if span.failed else "green" if depth == 0 else "cyan"
        label = Text("  " * depth + _label(span, depth))
        outcome = Text(_outcome(span), style="red" if span.failed else "")
        table.add_row(label, outcome, f"{span.milliseconds:,.1f} ms", Text(_bar(span, begin, end), style=style))
    return Group(table, *_error_lines(root))


def _rows(span: Span, depth: int) -> Iterator[tuple[Span, int]]:
    yield span, depth
    for child in sorted(span.children, key=lambda child: child.start):
        yield from _rows(child, depth + 1)


def _label(span: Span, depth: int) -> str:
    if depth == 0 or "faas.invocation_id" in span.attributes:
        cold = " (cold start)" if span.attributes.get("faas.coldstart") else ""
        return f"{span.resource.get('faas.name', span.name)}{cold}"
    method, url = span.attributes.get("http.request.method"), span.attributes.get("url.full")
    return f"{method} {url}" if url else span.name


def _outcome(span: Span) -> str:
    if span.hung_in:
        return f"HUNG in {span.hung_in}"
    if "aftercall.billed_ms" in span.attributes and span.name == "report":
        return f"billed {span.attributes['aftercall.billed_ms']:.0f} ms"
    status = str(span.attributes.get("http.response.status_code") or span.attributes.get("aftercall.status") or "")
    error = str(span.attributes.get("error.type") or "")
    # A status of 404 is its error type, too.
    return status if error in ("", status) else f"{status} {error}".strip()


def _error_lines(root: Span) -> Iterator[Text]:
    for span, _ in _rows(root, 0):
        if span.exception:
            told = [str(span.exception.get(f"exception.{part}", "")) for part in ("type", "message")]
            yield Text("  " + ": ".join(part for part in told if part), style="red")


def _bar(span: Span, begin: int, end: int) -> str:
    """Where the span lies between `begin` and `end`, to an eighth of a cell at its right edge."""
    scale = BAR_CELLS / max(end - begin, 1)
    left = min(int((span.start - begin) * scale), BAR_CELLS - 1)
    eighths = max(1, round((span.end - begin) * scale * 8) - left * 8)
    full, rest = divmod(min(eighths, (BAR_CELLS - left) * 8), 8)
    return " " * left + "█" * full + (EIGHTHS[rest] if rest else "")
