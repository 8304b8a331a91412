"""Shows one invocation as its `json` document would leave, coloured, and which rules masked how much."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.text import Text

from aftercall.command.check.exports import exported
from aftercall.command.check.inputs import NO_REQUEST
from aftercall.exporters.function import Function
from aftercall.exporters.json_document import document_of
from aftercall.pipeline.binary import BINARY
from aftercall.pipeline.limit import limit
from aftercall.pipeline.record import MASKED, WITHHELD
from aftercall.pipeline.redact import Redactor

if TYPE_CHECKING:
    from rich.console import Console

    from aftercall.extension.settings import Settings
    from aftercall.masking.rules import Rules
    from aftercall.pipeline.model import Invocation

_STYLES = {MASKED: "bold green", WITHHELD: "bold yellow", f"{BINARY[:-1]}[^>]*>": "bold yellow"}
"""Patterns, and how what they match is shown."""

_SHOWN = ("event", "response", "error", "calls", "init")


def report(console: Console, name: str, invocation: Invocation, rules: Rules, settings: Settings) -> dict[str, str]:
    """Prints it; gives what each exporter would send."""
    rules.audit = []
    redactor = Redactor(bodies=True, rules=rules)
    document = document_of(limit(redactor.record(invocation)), Function({}, {}))
    request_id = document.get("request_id", "")
    console.print(Text(name if request_id in {"", NO_REQUEST} else f"{name} {request_id}", style="bold"))
    for part in _SHOWN:
        if document.get(part):
            console.print(_coloured(part, document[part]))
    found = Counter(rules.audit)
    for rule, count in found.most_common():
        console.print(Text(f"  {count:4} masked by {rule}", style="green"))
    masked = _count(document)
    by_place = masked - sum(found.values())
    if by_place > 0:
        console.print(Text(f"  {by_place:4} masked by the name of a header, a parameter or a path", style="green"))
    if redactor.withheld:
        console.print(Text(f"  {redactor.withheld:4} withheld", style="yellow"))
    return exported(invocation, rules, settings)


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
