"""Every kind of secret that once was shown, and every kind of harmless value that once was masked."""

from __future__ import annotations

import base64
import gzip
import json
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest

from aftercall.command.check.leaks import leaked
from aftercall.pipeline.redact import Redactor
from tests.masking import known_leaks, known_shown
from tests.masking.judged import cut, hidden, leaks, pieces_of, rules_of, shown
from tests.masking.pipeline import Seen, read_back, record_of, sent
from tests.masking.templates import draw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.masking.known_leaks import Kind
    from tests.masking.templates import Drawn

CUT_PLACES = ("text", "event", "body", "message", "stack", "call's error")
"""Headers and addresses are never cut within."""


def _rows(kinds: tuple[Kind, ...]) -> list[object]:
    return [
        pytest.param(kind, name, id=f"{kind.name}/{name}/{kind.place}") for kind in kinds for name in kind.templates
    ]


def _drawn(kind: Kind, name: str) -> Drawn:
    return draw(kind.templates[name], Random(f"{kind.name}/{name}"))


@pytest.mark.parametrize(("kind", "name"), [*_rows(known_leaks.KINDS), *_rows(known_shown.KINDS)])
def test_it_is_masked(kind: Kind, name: str) -> None:
    drawn = _drawn(kind, name)
    seen = shown(drawn.text, kind.place, rules_of({}))
    assert not leaks(drawn, seen), seen.field


@pytest.mark.parametrize(("kind", "name"), [*_rows(known_leaks.KINDS), *_rows(known_shown.KINDS)])
def test_nothing_else_is_masked(kind: Kind, name: str) -> None:
    drawn = _drawn(kind, name)
    seen = shown(drawn.text, kind.place, rules_of({}))
    assert not hidden(drawn, seen.field), seen.field


@pytest.mark.parametrize(
    ("kind", "name"), _rows(tuple(kind for kind in known_leaks.KINDS if kind.place.split(":")[0] in CUT_PLACES))
)
def test_it_is_masked_wherever_the_document_is_cut(kind: Kind, name: str) -> None:
    drawn = _drawn(kind, name)
    for at in _cuts(drawn):
        seen = cut(drawn.text, at, rules_of({}))
        assert not leaks(drawn, seen), (at, seen.field)


def _cuts(drawn: Drawn) -> Iterator[int]:
    """Every byte behind the secret's beginning; of long documents those near secrets, and some between."""
    text = drawn.text
    first, last = len(text[: drawn.first_cut()].encode()), len(text.encode())
    near = {at for start, end in drawn.spans("secret") for at in range(start, end + 8)}
    yield from (at for at in range(first, last) if at in near or last < 1000 or at % 997 == 0)


# The function's own variables

WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": lambda value: f"cannot use {value} here",
    "a string of JSON": lambda value: json.dumps({"a": value}),
    "a string of JSON, not escaped": lambda value: json.dumps({"a": value}, ensure_ascii=False),
    "JSON in JSON": lambda value: json.dumps({"a": json.dumps({"b": value})}),
    "JSON with escaped slashes": lambda value: json.dumps({"a": value}).replace("/", r"\/"),
    "percent-coded": lambda value: f"GET /x?a={quote(value, safe='')} failed",
    "percent-coded, with slashes": lambda value: f"GET /x?a={quote(value)} failed",
    "a form": lambda value: f"a={quote_plus(value)}&b=1",
    "XML": lambda value: f"<a>{escape(value)}</a>",
    "XML, with quotes": lambda value: '<a b="{}"/>'.format(escape(value, {'"': "&quot;", "'": "&#39;"})),
    "Python": lambda value: f"got {value!r}",
    "Python's bytes": lambda value: f"got {value.encode()!r}",
    "base64": lambda value: json.dumps({"a": base64.b64encode(value.encode()).decode()}),
    "base64 of more": lambda value: json.dumps({"a": base64.b64encode(f"app:{value}".encode()).decode()}),
    "YAML": lambda value: "a: '{}'\n".format(value.replace("'", "''")),
    "a shell": lambda value: "A='{}'\n".format(value.replace("'", "'\\''")),
    "SQL": lambda value: "SELECT '{}'".format(value.replace("'", "''")),
    "JavaScript": lambda value: "{{ a: '{}' }}".format(json.dumps(value, ensure_ascii=False)[1:-1].replace("'", "\\'")),
}


@pytest.mark.parametrize("name", known_leaks.VARIABLES)
def test_a_variable_that_is_a_secret_by_its_name_is_masked_in_any_text(name: str) -> None:
    drawn = draw("sent ⟦pw#own⟧ to «db-1»", Random(name))
    seen = shown(drawn.text, "text", rules_of({name: drawn.secrets[0].text}))
    assert not leaks(drawn, seen)
    assert not hidden(drawn, seen.field)


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("value", known_leaks.OWN_VALUES)
def test_a_variables_value_is_masked_as_each_format_writes_it(value: str, written: str) -> None:
    drawn = draw(known_leaks.OWN_VALUES[value], Random(value))
    rules = rules_of({"SHOP_API_KEY": drawn.text})
    field = shown(WRITTEN[written](drawn.text), "text", rules).field
    assert not leaked(field, [piece for secret in drawn.secrets for piece in pieces_of(secret)]), field


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("value", [name for name in known_leaks.OWN_VALUES if name.startswith("JSON")])
def test_so_are_the_strings_within_a_value_that_is_json(value: str, written: str) -> None:
    drawn = draw(known_leaks.OWN_VALUES[value], Random(value))
    rules = rules_of({"SHOP_API_KEY": drawn.text})
    for secret in drawn.secrets:
        field = shown(WRITTEN[written](secret.text), "text", rules).field
        assert not leaked(field, pieces_of(secret)), field


# Errors


def test_the_other_fields_of_an_error_can_be_read() -> None:
    error = {"errorType": "E", "errorMessage": "m", "cause": "disk full", "detail": {"password": "Tr0ub4dor-horse17"}}
    exported = sent(record_of(Seen(error=json.dumps(error).encode()), Redactor(bodies=True)))
    assert "disk full" in exported["json"]
    assert not any(leaked(text, ["Tr0ub4dor"]) for text in exported.values())


# Codings


def _varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + _varint(number >> 7)


def _protobuf(*fields: str) -> bytes:
    return b"".join(
        bytes([at << 3 | 2]) + _varint(len(text.encode())) + text.encode() for at, text in enumerate(fields, 1)
    )


def test_a_body_in_gzip_can_be_read() -> None:
    body = gzip.compress(b'{"city": "Bonn", "password": "Tr0ub4dor-horse17"}', mtime=0)
    seen = Seen(
        response_headers=[("Content-Encoding", "gzip"), ("Content-Type", "application/json")], response_body=body
    )
    exported = sent(record_of(seen, Redactor(bodies=True)))
    assert read_back(exported)["calls"][0]["response"]["body"]["text"] == '{"city": "Bonn", "password": "<masked>"}'


def test_a_body_in_gzip_that_no_header_names_can_be_read() -> None:
    body = gzip.compress(b'{"city": "Bonn", "password": "Tr0ub4dor-horse17"}', mtime=0)
    exported = sent(record_of(Seen(response_body=body), Redactor(bodies=True)))
    text = read_back(exported)["calls"][0]["response"]["body"]["text"]
    assert "Bonn" in text
    assert not leaked(text, ["Tr0ub4dor"])


def test_a_body_in_base64_of_gzip_can_be_read() -> None:
    packed = base64.b64encode(gzip.compress(b'{"city": "Bonn", "password": "Tr0ub4dor-horse17"}', mtime=0)).decode()
    field = shown(json.dumps({"data": packed}), "event", rules_of({})).field
    assert leaked(field, ["Bonn"])
    assert not leaked(field, ["Tr0ub4dor"])


def test_the_texts_of_a_protobuf_body_are_withheld_since_nothing_says_which_are_secrets() -> None:
    body = _protobuf("maria", "Tr0ub4dor-horse17")
    seen = Seen(response_headers=[("Content-Type", "application/x-protobuf")], response_body=body)
    exported = sent(record_of(seen, Redactor(bodies=True)))
    assert read_back(exported)["calls"][0]["response"]["body"]["text"] == "<binary application/x-protobuf>"
