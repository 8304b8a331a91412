"""Draws an invocation's spans as a waterfall, as wide as the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from aftercall.exporters.sentence import PROTOCOLS
from aftercall.formats import semconv
from aftercall.formats.urls import Url, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType

    from aftercall.command.run.trace import Span

EIGHTHS = " ▏▎▍▌▋▊▉█"
CUT = "…"
_ITEMS = (semconv.AFTERCALL_OUTCOME_FAILED_ITEMS, semconv.AFTERCALL_OUTCOME_ITEMS)


@dataclass(frozen=True)
class Waterfall:
    """One invocation: a headline, then a row for each call in the order of their start; tries share one row.

    Below a call stands the invocation that it led to, where that one's spans are known too.
    """

    root: Span

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        yield _drawn(self.root, options.max_width)


def _drawn(root: Span, width: int) -> RenderableType:
    rows = list(_rows(root, 0))
    begin, end = min(span.start for span, _ in rows), max(span.end for span, _ in rows)
    outcomes, times = [_outcome(span) for span, _ in rows], [f"{span.milliseconds:,.1f} ms" for span, _ in rows]
    bar_cells = max(12, min(28, width // 6))
    outcome_cells = min(34, width // 4 + 2, max(map(len, outcomes)))
    label_cells = max(12, width - bar_cells - outcome_cells - max(map(len, times)) - 3)
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, overflow="ellipsis", width=label_cells)
    table.add_column(no_wrap=True, overflow="ellipsis", width=outcome_cells)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, width=bar_cells)
    # The scheme is the least of a URL: it is left out of all labels where one would not fit.
    schemes = all(len(_label(span, depth, 10_000)) <= label_cells - 2 * depth for span, depth in rows)
    for (span, depth), outcome, time in zip(rows, outcomes, times, strict=True):
        style = "red" if span.failed else "green" if depth == 0 else "cyan"
        label = "  " * depth + _label(span, depth, label_cells - 2 * depth, schemes=schemes)
        bar = Text(_bar(span, begin, end, bar_cells), style=style)
        table.add_row(Text(label), Text(outcome, style="red" if span.failed else ""), time, bar)
    return Group(table, *_error_lines(root))


def _rows(span: Span, depth: int) -> Iterator[tuple[Span, int]]:
    yield span, depth
    for child in sorted(_below(span), key=lambda child: child.start):
        yield from _rows(child, depth + 1)


def _below(span: Span) -> list[Span]:
    """Tries are left out: what a try led to stands below its operation."""
    if semconv.AFTERCALL_OPERATION_TRIES not in span.attributes:
        return span.children
    return [below for one in span.children for below in (one.children if _is_try(one) else [one])]


def _is_try(span: Span) -> bool:
    return semconv.URL_FULL in span.attributes


def _label(span: Span, depth: int, cells: int, *, schemes: bool = True) -> str:
    if depth == 0 or semconv.FAAS_INVOCATION_ID in span.attributes:
        cold = " (cold start)" if span.attributes.get(semconv.FAAS_COLDSTART) else ""
        return f"{span.resource.get(semconv.FAAS_NAME, span.name)}{cold}"
    if semconv.AFTERCALL_OPERATION_API in span.attributes:
        return _operation_label(span, cells)
    method, url = span.attributes.get(semconv.HTTP_REQUEST_METHOD), span.attributes.get(semconv.URL_FULL)
    if not url:
        return span.name
    shown = str(url) if schemes else str(url).partition("://")[2] or str(url)
    return f"{method} {shortened(shown, cells - len(str(method)) - 1)}"


def _operation_label(span: Span, cells: int) -> str:
    """`DynamoDB PutItem orders`: of what is too long the resource's end stays."""
    service, named = (
        str(span.attributes.get(key) or "")
        for key in (semconv.AFTERCALL_OPERATION_SERVICE, semconv.AFTERCALL_OPERATION_NAME)
    )
    api = str(span.attributes[semconv.AFTERCALL_OPERATION_API])
    service = service or PROTOCOLS.get(api, "")
    # Without an operation the span has the name of its path.
    name = f"{service} {named or span.name}".strip() if service != span.name else service
    resource = str(span.attributes.get(semconv.AFTERCALL_OPERATION_RESOURCE) or "")
    if api in PROTOCOLS:
        resource = Url(str(span.attributes.get(semconv.URL_FULL) or "")).authority
    if not resource or len(name) + 1 + len(resource) <= cells:
        return f"{name} {resource}".rstrip()
    left = max(cells - len(name) - 1, min(len(resource), cells // 2))
    return f"{_cut_end(name, cells - left - 1)} {CUT}{resource[len(resource) - left + 1 :]}"


def _cut_end(text: str, cells: int) -> str:
    return text if len(text) <= cells else text[: max(0, cells - 1)] + CUT


def _outcome(span: Span) -> str:
    if span.hung_in:
        return f"HUNG in {span.hung_in}"
    if semconv.AFTERCALL_BILLED_MS in span.attributes and span.name == "report":
        return f"billed {span.attributes[semconv.AFTERCALL_BILLED_MS]:.0f} ms"
    status = str(
        span.attributes.get(semconv.HTTP_RESPONSE_STATUS_CODE) or span.attributes.get(semconv.AFTERCALL_STATUS) or ""
    )
    error = str(span.attributes.get(semconv.ERROR_TYPE) or "")
    # A status of 404 is its error type, too; an error of the service says more than its status.
    is_named = semconv.AFTERCALL_OPERATION_API in span.attributes and error
    told = [error if is_named else status if error in ("", status) else f"{status} {error}".strip()]
    failed, items = (span.attributes.get(key) for key in _ITEMS)
    if failed and items and is_named:  # not the call failed with that, a part of it did
        told.insert(0, f"{failed} of {items} failed")
    elif failed:
        told.append(f"{failed} of {items} failed" if items else f"{failed} failed")
    if tries := span.attributes.get(semconv.AFTERCALL_OPERATION_TRIES):
        told.append(f"{tries} tries")
    return ", ".join(filter(None, told))


def _error_lines(root: Span) -> Iterator[Text]:
    for span, _ in _rows(root, 0):
        if span.exception:
            told = [str(span.exception.get(f"exception.{part}", "")) for part in ("type", "message")]
            yield Text("  " + ": ".join(part for part in told if part), style="red")


def _bar(span: Span, begin: int, end: int, cells: int) -> str:
    """Where the span lies between `begin` and `end`, to an eighth of a cell at its right edge."""
    scale = cells / max(end - begin, 1)
    left = min(int((span.start - begin) * scale), cells - 1)
    eighths = max(1, round((span.end - begin) * scale * 8) - left * 8)
    full, rest = divmod(min(eighths, (cells - left) * 8), 8)
    return " " * left + "█" * full + (EIGHTHS[rest] if rest else "")
