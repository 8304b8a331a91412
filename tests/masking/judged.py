"""What of a drawn document leaves: which pieces of its secrets, and which of its harmless values do not.

A document goes the way of its place: a text through `redact_bytes`, all others through the whole pipeline.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from aftercall import settings
from aftercall.command.check.leaks import leaked
from aftercall.masking.redact_text import redact_bytes
from aftercall.masking.rules import Rules
from aftercall.pipeline.redact import Redactor
from aftercall.settings.masking_rules import masking_rules
from tests.masking.pipeline import Seen, read_back, record_of, sent
from tests.masking.templates import PIECE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.masking.templates import Drawn, Piece

DEFAULT = Rules()

_MASK = re.compile(r"""(?:\\*["'])?<masked>(?:\\*["'])?""")
"""What stood bare is in quotes once it is masked, so that JSON stays JSON."""


@dataclass(frozen=True)
class Shown:
    """`field` is what stands where the document stood; `exported` is all that leaves, one text for each exporter."""

    field: str
    exported: tuple[str, ...]


def rules_of(variables: Mapping[str, str]) -> Rules:
    """The rules of a function that has these variables."""
    if not variables:
        return DEFAULT
    environment = {"LAMBDA_TASK_ROOT": "/nonexistent", **variables}
    chosen, complaints = settings.read(environment)
    return masking_rules(chosen, environment, complaints)


def shown(text: str, place: str, rules: Rules) -> Shown:
    if place == "text":
        return _as_text(text.encode(), rules, truncated=False)
    build, field = PLACES[place.partition(":")[0]]
    redactor = Redactor(bodies=True, rules=rules)
    exported = sent(record_of(build(text, place.partition(":")[2]), redactor))
    assert not redactor.withheld, "a fault was hidden by withholding"
    return Shown(field(read_back(exported)), tuple(exported.values()))


def cut(text: str, at: int, rules: Rules) -> Shown:
    """The document cut at a byte."""
    return _as_text(text.encode()[:at], rules, truncated=True)


def _as_text(data: bytes, rules: Rules, *, truncated: bool) -> Shown:
    field = redact_bytes(data, rules, truncated=truncated).decode("utf-8", "replace")
    return Shown(field, (field,))


def _headers(text: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (line.partition(": ") for line in text.split("\n"))]


def _body(text: str, media_type: str) -> Seen:
    headers = [("Content-Type", media_type)] if media_type else []
    return Seen(request_headers=headers, request_body=text.encode())


def _error(**fields: Any) -> Seen:
    return Seen(error=json.dumps({"errorType": "Error", "errorMessage": "it failed", **fields}).encode())


def _header_lines(found: dict[str, Any], side: str) -> str:
    return "\n".join(f"{name}: {value}" for name, value in found["calls"][0][side]["headers"])


def _value_of(found: dict[str, Any], side: str) -> str:
    value: str = found["calls"][0][side]["headers"][0][1]
    return value


PLACES: dict[str, tuple[Callable[[str, str], Seen], Callable[[dict[str, Any]], str]]] = {
    "header": (lambda text, _: Seen(request_headers=_headers(text)), lambda found: _header_lines(found, "request")),
    "answer's header": (
        lambda text, _: Seen(response_headers=_headers(text)),
        lambda found: _header_lines(found, "response"),
    ),
    "cookie": (lambda text, _: Seen(request_headers=[("Cookie", text)]), lambda found: _value_of(found, "request")),
    "set-cookie": (
        lambda text, _: Seen(response_headers=[("Set-Cookie", text)]),
        lambda found: _value_of(found, "response"),
    ),
    "url": (lambda text, _: Seen(url=text), lambda found: found["calls"][0]["url"]),
    "event": (lambda text, _: Seen(event=text.encode()), lambda found: found["event"]["text"]),
    "body": (_body, lambda found: found["calls"][0]["request"]["body"]["text"]),
    "message": (lambda text, kind: _error(errorMessage=text, errorType=kind or "Error"), lambda found: found["error"]["message"]),
    "stack": (lambda text, _: _error(stackTrace=text.split("\n")), lambda found: found["error"]["stack_trace"]),
    "call's error": (
        lambda text, kind: Seen(error_type=kind or "Error", error_message=text),
        lambda found: found["calls"][0]["error"]["message"],
    ),
}  # fmt: skip


# Leaks


def pieces_of(secret: Piece) -> set[str]:
    text = secret.text[secret.public :]
    return {text} if len(text) <= PIECE else {text[at : at + PIECE] for at in range(len(text) - PIECE + 1)}


@cache
def _always() -> str:
    """What stands in every record: six digits of a code may be those of a time."""
    return "".join(sent(record_of(Seen(), Redactor(bodies=True))).values())


def leaks(drawn: Drawn, seen: Shown) -> list[Piece]:
    """The secrets of which a piece is in what leaves."""
    public = [piece.text if piece.role != "secret" else piece.text[: piece.public] for piece in drawn.pieces]
    known = "\0".join([*public, _always()])
    return [secret for secret in drawn.secrets if _leaks(secret, drawn, seen, known)]


def _leaks(secret: Piece, drawn: Drawn, seen: Shown, known: str) -> bool:
    pieces = {piece for piece in pieces_of(secret) if piece not in known}
    stands = _stands_in_its_place(secret, drawn, seen.field) if len(secret.text) < PIECE else None
    if stands is not None:  # three digits are somewhere in every record
        return stands
    return any(leaked(text, pieces) for text in seen.exported)


def _stands_in_its_place(secret: Piece, drawn: Drawn, field: str) -> bool | None:
    runs = placed(drawn.text, field)
    if runs is None:
        return None
    own = [(a, b) for a, b in drawn.spans("secret") if drawn.text[a:b] == secret.text]
    return any(start <= a and b <= end for a, b in own for start, end in runs)


# Harmless values


def hidden(drawn: Drawn, field: str) -> list[str]:
    """The harmless values that do not stand in their places any more."""
    text = drawn.text
    runs = placed(text, field)
    kept = [text[start:end] for start, end in drawn.spans("kept")]
    if runs is None:  # coded anew: the values can only be looked for
        return [value for value in kept if not leaked(field, [value])]
    return [text[a:b] for a, b in drawn.spans("kept") if not any(start <= a and b <= end for start, end in runs)]


def placed(text: str, field: str) -> list[tuple[int, int]] | None:
    """Where each run between two masks stands in the text; None where one stands nowhere."""
    runs, at = [], 0
    parts = _MASK.split(field)
    for number, run in enumerate(parts):
        last = number == len(parts) - 1
        start = len(text) - len(run) if last else text.find(run, at + (1 if number else 0))
        if start < at or (number == 0 and start != 0) or text[start : start + len(run)] != run:
            return None
        runs.append((start, start + len(run)))
        at = start + len(run)
    return runs
