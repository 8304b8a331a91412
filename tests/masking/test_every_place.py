"""The function's own rules hold wherever a value stands in a record, for each exporter, however short the value is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from aftercall import settings
from aftercall.command.check.exports import exported
from aftercall.pipeline.model import Call, Init, Invocation
from aftercall.settings.masking_rules import masking_rules
from tests.masking.pipeline import Seen, invocation_of

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = {
    "value, short": ({"AFTERCALL_MASKING_VALUES": r"\bACME-\d{4}\b"}, "ACME-1234"),
    "value, long": ({"AFTERCALL_MASKING_VALUES": r"\bACME-\d{6,16}\b"}, "ACME-1234567890123"),
    "variable, short": ({"DB_PASSWORD": "tiger7"}, "tiger7"),
    "variable, long": ({"DB_PASSWORD": "hunter2-Zx81-correct"}, "hunter2-Zx81-correct"),
    "variable, in UTF-8": ({"DB_PASSWORD": "tigär-wörd7"}, "tigär-wörd7"),
    "level": ({"AFTERCALL_MASKING": "strict"}, "maria@shop.example"),
}


def _in_small_codes(value: str) -> str:
    return re.sub("%..", lambda code: code.group().lower(), quote(value, safe=""))


PLACES: dict[str, Callable[[str], Seen]] = {
    "event": lambda value: Seen(event=json.dumps({"a": f"of {value} here"}).encode()),
    "event, not escaped": lambda value: Seen(event=json.dumps({"a": value}, ensure_ascii=False).encode()),
    "response": lambda value: Seen(response=json.dumps({"a": value}).encode()),
    "error's type": lambda value: Seen(error=json.dumps({"errorType": value, "errorMessage": "x"}).encode()),
    "error's message": lambda value: Seen(error=json.dumps({"errorType": "E", "errorMessage": value}).encode()),
    "stack trace": lambda value: Seen(error=json.dumps({"errorType": "E", "stackTrace": [f"at {value}"]}).encode()),
    "error that is no JSON": lambda value: Seen(error=f"died of {value} today".encode()),
    "path": lambda value: Seen(url=f"https://shop.example/of/{value}/x"),
    "path, percent-coded": lambda value: Seen(url=f"https://shop.example/of/{quote(value, safe='')}/x"),
    "path, in small letters": lambda value: Seen(url=f"https://shop.example/of/{_in_small_codes(value)}/x"),
    "query": lambda value: Seen(url=f"https://shop.example/?a={value}&b=1"),
    "host": lambda value: Seen(url=f"https://{value}.example/"),
    "proxy": lambda value: Seen(proxy=f"http://proxy.example/{value}"),
    "method": lambda value: Seen(method=value),
    "request's header": lambda value: Seen(request_headers=[("X-Customer", value)]),
    "response's header": lambda value: Seen(response_headers=[("X-Customer", value)]),
    "header of many words": lambda value: Seen(response_headers=[("X-Customer", f"one {value} more")]),
    "header's name": lambda value: Seen(request_headers=[(value, "1")]),
    "cookie": lambda value: Seen(request_headers=[("Cookie", f"sid={value}")]),
    "cookie's name": lambda value: Seen(request_headers=[("Cookie", f"{value}=1; a=b")]),
    "cookie's path": lambda value: Seen(response_headers=[("Set-Cookie", f"a=b; Path=/{value}")]),
    "address in a header": lambda value: Seen(response_headers=[("Location", f"https://a.example/{value}")]),
    "head without wire": lambda value: Seen(request_headers=[("X-Customer", value)], parsed=True),
    "request's body": lambda value: Seen(request_body=f"of {value} here".encode()),
    "response's body": lambda value: Seen(response_body=json.dumps({"a": value}).encode()),
    "call's error": lambda value: Seen(error_type="E", error_message=f"no {value} there"),
    "call's error type": lambda value: Seen(error_type=value, error_message="x"),
    "coding": lambda value: Seen(response_headers=[("Content-Encoding", value)], response_body=b"abc"),
}  # fmt: skip


def _sent(invocation: Invocation, variables: dict[str, str], *exporters: str) -> dict[str, str]:
    environment = {"LAMBDA_TASK_ROOT": "/nonexistent", **variables}
    if exporters:
        environment.update({"AFTERCALL_EXPORTERS": ",".join(exporters)})
    chosen, complaints = settings.read(environment)
    rules = masking_rules(chosen, environment, complaints)
    assert not complaints
    return exported(invocation, rules, chosen)


def _assert_hidden(sent: dict[str, str], value: str) -> None:
    forms = {value, json.dumps(value)[1:-1], quote(value, safe=""), _in_small_codes(value)}
    shown = [name for name, text in sent.items() if any(form in text for form in forms)]
    assert not shown, sent[shown[0]]
    assert "masked" in sent["json"], "the value did not come into the record"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_rule_holds_in_every_place_for_every_exporter(place: str, kind: str) -> None:
    variables, value = KINDS[kind]
    seen = PLACES[place](value)
    _assert_hidden(_sent(invocation_of(seen.frames()), variables), value)


@pytest.mark.parametrize("kind", KINDS)
def test_so_it_is_for_an_init(kind: str) -> None:
    variables, value = KINDS[kind]
    for told in ({"errorType": value}, {"errorType": "E", "errorMessage": value}, {"stackTrace": [value]}):
        _assert_hidden(_sent(_failed_init(json.dumps(told).encode(), "https://a.example/"), variables), value)
    _assert_hidden(_sent(_failed_init(b"{}", f"https://a.example/{value}"), variables), value)


KEYED = {
    "event": lambda text: Seen(event=json.dumps(dict([text.split("=")])).encode()),
    "event's text": lambda text: Seen(event=json.dumps({"a": text}).encode()),
    "error's message": lambda text: Seen(error=json.dumps({"errorType": "E", "errorMessage": text}).encode()),
    "request's header": lambda text: Seen(request_headers=[("X-Said", text)]),
    "header's name": lambda text: Seen(request_headers=[tuple(text.split("="))]),
    "path": lambda text: Seen(url=f"https://shop.example/of;{text}/x"),
    "query": lambda text: Seen(url=f"https://shop.example/?{text}"),
    "request's body": lambda text: Seen(request_body=text.encode()),
    "call's error": lambda text: Seen(error_type="E", error_message=text),
}


@pytest.mark.parametrize("text", ["ref=77K", "customer_no=ACME-1234567"])
@pytest.mark.parametrize("place", KEYED)
def test_a_key_holds_in_every_place(place: str, text: str) -> None:
    seen = KEYED[place](text)
    _assert_hidden(
        _sent(invocation_of(seen.frames()), {"AFTERCALL_MASKING_KEYS": "ref,customer_no"}), text.split("=")[1]
    )


def _failed_init(error: bytes, url: str) -> Invocation:
    invocation = Invocation("")
    invocation.status = "error"
    invocation.init = Init()
    invocation.init.error = invocation.error = error
    call = invocation.init.calls["1" * 16] = Call("1" * 16)
    call.method, call.url, call.status = "GET", url, 200
    return invocation
