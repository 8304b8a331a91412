"""Streamed answers of HTTP: the body behind the prelude is shown by its own content type."""

import base64
import gzip
import json

import pytest

from aftercall.masking.paths import Path
from aftercall.masking.rules import Rules
from aftercall.pipeline.model import Invocation
from aftercall.pipeline.record import Body
from aftercall.pipeline.redact import Redactor

SECRET = "correct horse battery staple"
BODIES = {
    "text": ({"content-type": "text/plain"}, b"hello", "hello"),
    "JSON": ({"Content-Type": "application/json"}, json.dumps({"a": 1, "password": SECRET}).encode(), '"a": 1'),
    "no type": ({}, b"hello", "hello"),
    "gzip": ({"content-type": "text/plain", "content-encoding": "gzip"}, gzip.compress(b"hello " * 20), "hello hello"),
    "an image": ({"content-type": "image/png"}, b"\x89PNG\0\0\0", "<binary image/png>"),
    "bytes": ({}, bytes(range(256)), "<binary>"),
    "NULs of its own": ({"content-type": "application/x-own"}, bytes(16) + b"x", "<binary application/x-own>"),
    "nothing": ({"content-type": "text/plain"}, b"", '"statusCode": 201'),
}


def shown(
    response: bytes, *, size: int | None = None, event_bytes: int = 65_536, rules: Rules | None = None
) -> Body | None:
    raw = Invocation("r-1")
    raw.start, raw.end, raw.status = 1, 2, "ok"
    raw.response, raw.response_size = response, len(response) if size is None else size
    return Redactor(bodies=True, event_bytes=event_bytes, rules=rules).record(raw).response


def prelude(headers: dict[str, str]) -> bytes:
    return json.dumps({"statusCode": 201, "headers": {**headers, "x-api-key": SECRET}}).encode() + bytes(8)


@pytest.mark.parametrize("name", BODIES)
def test_status_headers_and_body_are_shown(name: str) -> None:
    headers, body, expected = BODIES[name]
    response = prelude(headers) + body
    answer = shown(response)
    assert answer is not None
    assert answer.text.startswith('{"statusCode": 201')
    assert expected in answer.text
    assert SECRET not in answer.text
    assert "\0" not in answer.text
    assert answer.size == len(response)


def test_what_was_cut_says_so() -> None:
    response = prelude({"content-type": "text/plain"}) + b"x" * 5_000
    for answer in (shown(response, size=9_000), shown(response, event_bytes=1_000)):
        assert answer is not None
        assert answer.truncated


@pytest.mark.parametrize(
    "response", [b"a" + bytes(8) + b"b", b"[1]" + bytes(8) + b"b", b"{" + bytes(8), bytes(8), b"{}\0"]
)
def test_what_only_looks_like_it_is_binary_as_before(response: bytes) -> None:
    answer = shown(response)
    assert answer is not None
    assert answer.text == "<binary>"


@pytest.mark.parametrize("is_coded", [False, True])
@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("response.body.customer.no", "C-77"),
        ("*.body.customer.no", "C-77"),
        ("response.body.customer", "C-77"),
        ("response.*.customer.no", "C-77"),
        ("response.body", "maria"),
        ("response.*", "maria"),
    ],
)
def test_paths_lead_into_the_body_as_in_answers_that_are_not_streamed(
    path: str, hidden: str, is_streamed: bool, is_coded: bool
) -> None:
    rules = Rules()
    rules.paths = (Path(path),)
    body = json.dumps({"name": "maria", "customer": {"no": "C-77"}})
    if is_streamed:
        coding = {"content-encoding": "gzip"} if is_coded else {}
        response = prelude(coding) + (gzip.compress(body.encode()) if is_coded else body.encode())
    else:
        text = base64.b64encode(body.encode()).decode() if is_coded else body
        response = json.dumps({"statusCode": 201, "headers": {}, "body": text, "isBase64Encoded": is_coded}).encode()
    answer = shown(response, rules=rules)
    assert answer is not None
    plain = answer.text
    if is_coded and not is_streamed and hidden == "C-77":
        plain = base64.b64decode(json.loads(answer.text)["body"]).decode()
    assert hidden not in plain
    assert "<masked>" in plain
