"""Bodies in base64 of the events and answers of API Gateway, ALB and function URLs: binary is withheld, text is masked."""

from __future__ import annotations

import base64
import gzip
import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.command.check.leaks import leaked
from aftercall.masking.paths import Path
from aftercall.masking.rules import Rules
from aftercall.pipeline.redact import Redactor
from tests.masking.pipeline import Seen, read_back, record_of, sent

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "hunter2-Zx81-correct-horse"
IMAGE = b"\x89PNG\r\n\x1a\n" + Random(1).randbytes(49_000)
WAYS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "API Gateway's answer": lambda media, body: {"statusCode": 200, "headers": {"Content-Type": media}, "body": body, "isBase64Encoded": True},
    "flag first": lambda media, body: {"isBase64Encoded": True, "statusCode": 200, "headers": {"content-type": media}, "body": body},
    "ALB's answer": lambda media, body: {"isBase64Encoded": True, "statusDescription": "200 OK", "multiValueHeaders": {"Content-Type": [media]}, "body": body},
    "API Gateway's event": lambda media, body: {"resource": "/", "httpMethod": "POST", "headers": {"content-type": media}, "body": body, "isBase64Encoded": True},
    "function URL's event": lambda media, body: {"version": "2.0", "rawPath": "/", "headers": {"content-type": media}, "requestContext": {}, "body": body, "isBase64Encoded": True},
    "without media type": lambda _media, body: {"statusCode": 200, "headers": {}, "body": body, "isBase64Encoded": True},
}  # fmt: skip
WRITTEN: dict[str, Callable[[Any], str]] = {
    "compact": lambda document: json.dumps(document, separators=(",", ":")),
    "with blanks": lambda document: json.dumps(document, indent=1),
    "with escaped slashes": lambda document: json.dumps(document).replace("/", "\\/"),
    "in a string": lambda document: json.dumps({"Payload": json.dumps(document)}),
}
SLOTS = ("event", "response", "request_body", "response_body")


def shown(text: str, slot: str, *, cut: int | None = None, rules: Rules | None = None) -> str:
    seen = Seen(sizes={slot: len(text)})
    setattr(seen, slot, text.encode()[:cut])
    document = read_back(sent(record_of(seen, Redactor(bodies=True, rules=rules))))
    side, _, part = slot.partition("_")
    found: str = (document["calls"][0][side][part] if part else document[slot])["text"]
    return found


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("way", WAYS)
def test_an_image_is_withheld(way: str, written: str, slot: str) -> None:
    for code in (base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes):
        coded = code(IMAGE).decode()
        text = shown(WRITTEN[written](WAYS[way]("image/png", coded)), slot)
        assert len(text) < 500
        assert f"{len(IMAGE)} bytes>" in text
        assert way == "without media type" or "<binary image" in text


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("way", WAYS)
def test_so_is_one_that_was_cut_within(way: str, slot: str) -> None:
    text = WRITTEN["compact"](WAYS[way]("image/png", base64.b64encode(IMAGE).decode()))
    for cut in (400, 4_096, 40_001, 65_000):
        found = shown(text, slot, cut=cut)
        assert "<binary" in found
        assert len(found) < 500


TEXTS = {
    "form": f"user=maria&password={SECRET}",
    "JSON": json.dumps({"user": "maria", "password": SECRET}),
    "short": "pin=4711",
    "shorter than a word": "a&pw=x8Jq",
    "other letters": f"пароль={SECRET}",
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("way", WAYS)
def test_text_is_masked_as_what_it_says(way: str, name: str, written: str) -> None:
    text = TEXTS[name]
    coded = base64.b64encode(text.encode()).decode()
    found = shown(WRITTEN[written](WAYS[way]("application/x-www-form-urlencoded", coded)), "event")
    assert coded not in found
    assert not leaked(found, [SECRET[:8], SECRET[8:16]])


def test_a_path_leads_into_it() -> None:
    rules = Rules()
    rules.paths = (Path("event.body.customer.no"),)
    coded = base64.b64encode(json.dumps({"customer": {"no": "C-77", "name": "maria"}}).encode()).decode()
    found = json.loads(shown(json.dumps({"headers": {}, "body": coded, "isBase64Encoded": True}), "event", rules=rules))
    assert json.loads(base64.b64decode(found["body"])) == {"customer": {"no": "<masked>", "name": "maria"}}


@pytest.mark.parametrize(
    "document",
    [
        {"statusCode": 200, "headers": {}, "body": "aGVsbG8gd29ybGQgYW5kIG1vcmU=", "isBase64Encoded": True},
        {"statusCode": 200, "headers": {}, "body": "iVBORw0KGgo", "isBase64Encoded": False},
        {"body": "iVBORw0KGgo", "headers": {}},
        {"statusCode": 200, "headers": {}, "body": "", "isBase64Encoded": True},
        {"statusCode": 200, "headers": {}, "body": "not base64!", "isBase64Encoded": True},
        {"statusCode": 200, "headers": {}, "body": base64.b64encode(gzip.compress(b"words")).decode(), "isBase64Encoded": True},
    ],
)  # fmt: skip
def test_what_is_harmless_stays(document: dict[str, Any]) -> None:
    assert json.loads(shown(json.dumps(document), "response")) == document
