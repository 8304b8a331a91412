"""Shows one invocation as its `json` document would leave, coloured, and which rules masked how much."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from aftercall.command.check.exports import exported
from aftercall.command.check.inputs import NO_REQUEST
from aftercall.command.check.shown_names import shown_names
from aftercall.exporters.function import Function
from aftercall.exporters.json_document import document_of
from aftercall.formats.text import BINARY, MASKED, WITHHELD
from aftercall.pipeline.limit import limit
from aftercall.pipeline.recognise import recognise
from aftercall.pipeline.redact import Redactor

if TYPE_CHECKING:
    from rich.console import Console

    from aftercall.masking.rules import Rules
    from aftercall.pipeline.model import Invocation
    from aftercall.settings import Settings

_STYLES = {MASKED: "bold green", WITHHELD: "bold yellow", f"{BINARY[:-1]}[^>]*>": "bold yellow"}
"""Patterns, and how what they match is shown."""

_SHOWN = ("trigger", "event", "response", "error", "calls", "init")


@dataclass(frozen=True)
class Look:
    """One invocation, as it would leave."""

    name: str
    document: dict[str, Any]
    masked: dict[str, int]
    """By rule, the most frequent first."""
    masked_by_place: int
    """By the name of a header, a parameter or a path."""
    withheld: int
    shown: dict[str, str]
    """Names with a secret's words whose values leave -> why."""
    sent: dict[str, str]
    """By exporter."""


def look(name: str, invocation: Invocation, rules: Rules, settings: Settings) -> Look:
    recognise(invocation, rules)
    rules.audit = []
    redactor = Redactor(bodies=True, rules=rules)
    document = document_of(limit(redactor.record(invocation)), Function({}, {}))
    found = Counter(rules.audit)
    by_place = max(0, _count(document) - found.total())
    masked, why_shown = dict(found.most_common()), shown_names(document, rules)
    return Look(name, document, masked, by_place, redactor.withheld, why_shown, exported(invocation, rules, settings))


def for_people(console: Console, looked_at: Look, leaks: dict[str, list[str]]) -> None:
    document = looked_at.document
    request_id = document.get("request_id", "")
    title = looked_at.name if request_id in {"", NO_REQUEST} else f"{looked_at.name} {request_id}"
    console.print(Text(title, style="bold"))
    for part in _SHOWN:
        if document.get(part):
            console.print(_coloured(part, document[part]))
    for rule, count in looked_at.masked.items():
        console.print(Text(f"  {count:4} masked by {rule}", style="green"))
    if looked_at.masked_by_place:
        told = f"  {looked_at.masked_by_place:4} masked by the name of a header, a parameter or a path"
        console.print(Text(told, style="green"))
    if looked_at.withheld:
        console.print(Text(f"  {looked_at.withheld:4} withheld", style="yellow"))
    for shown, reason in looked_at.shown.items():
        console.print(Text(f"       {shown} is shown: {reason}", style="dim"))
    for secret, exporters in leaks.items():
        click.echo(f"aftercall check: {secret} would leave by {', '.join(exporters)}", err=True)


def as_json(looked_at: Look, leaks: dict[str, list[str]]) -> None:
    """`leaks`: how a secret was given -> the exporters by which it would leave."""
    seen = {
        "input": looked_at.name,
        "document": looked_at.document,
        "masked": looked_at.masked,
        "masked_by_place": looked_at.masked_by_place,
        "withheld": looked_at.withheld,
        "shown": looked_at.shown,
        "leaks": leaks,
    }
    click.echo(json.dumps(seen))


def _coloured(part: str, value: Any) -> Text:
    shown = json.dumps(_unfolded(value), indent=2, ensure_ascii=False)
    text = Text(f"{part}: {shown}")
    for sign, style in _STYLES.items():
        text.highlight_regex(sign, style)
    return text


def _unfolded(value: Any) -> Any:
    """Bodies that are JSON as JSON: a person reads them."""
    if isinstance(value, dict):
        return {key: _unfolded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unfolded(item) for item in value]
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _count(document: Any) -> int:
    return json.dumps(document).count(MASKED)
