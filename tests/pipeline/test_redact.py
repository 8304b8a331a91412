"""The names that everybody masks are masked anywhere, and harmless names stay."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.formats.text import MASKED, WITHHELD
from aftercall.masking.names import is_secret_header, is_secret_name
from aftercall.masking.redact_text import redact_text
from aftercall.masking.redact_url import redact_url
from aftercall.pipeline.model import Call, Invocation
from aftercall.pipeline.redact import Redactor

SECRET = "hunter2-Zx81-correct-horse"


@pytest.mark.parametrize(
    "name",
    ["password", "Passwd", "DB_PWD", "dbPassword", "client_secret", "token", "access_token", "AWS_SESSION_TOKEN",
     "api_key", "apiKey", "x-api-key", "SecretAccessKey", "credential", "Signature", "sessionid", "privateKey"],
)  # fmt: skip
def test_secret_names(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["keyboard", "monkey", "passenger", "author", "id", "max_tokens", "nextToken", "compass", "turkey"]
)
def test_harmless_names(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "x-amz-security-token", "Proxy-Authorization"]
)
def test_secret_headers(name: str) -> None:
    assert is_secret_header(name)


PLACES = {
    "json": json.dumps({"user": "ada", "password": SECRET, "n": 1}),
    "nested": json.dumps({"a": [{"b": {"db_password": SECRET}}]}),
    "object under the name": json.dumps({"credentials": {"value": SECRET, "more": [SECRET]}}),
    "json in a string in json": json.dumps({"body": json.dumps({"password": SECRET})}),
    "twice in strings": json.dumps({"body": json.dumps({"body": json.dumps({"token": SECRET})})}),
    "form": f"user=ada&password={SECRET}&x=1",
    "url in a text": f"cannot reach https://ada:{SECRET}@example.com/?token={SECRET}",
    "assignment in a message": f"login failed: password={SECRET}",
    "bearer in a message": f"header was Bearer {SECRET}",
    "python's repr": repr({"password": SECRET, "user": "ada"}),
    "xml": f"<login><password>{SECRET}</password></login>",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_masked_in_every_place(place: str) -> None:
    masked = redact_text(PLACES[place])
    assert SECRET not in masked
    assert MASKED in masked


@pytest.mark.parametrize("place", ["json", "nested", "json in a string in json", "twice in strings", "form"])
def test_a_document_cut_anywhere_is_masked_as_well(place: str) -> None:
    whole = PLACES[place]
    for cut in range(len(whole)):
        masked = redact_text(whole[:cut])
        assert not any(SECRET[i : i + 8] in masked for i in range(len(SECRET) - 8)), whole[:cut]


def test_harmless_documents_stay_as_they_were() -> None:
    text = json.dumps({"keyboard": "qwerty", "author": "ada", "monkey": [1, 2], "url": "https://example.com/?page=2"})
    assert redact_text(text) == text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"https://ada:{SECRET}@example.com:8443/a/b", f"https://{MASKED}@example.com:8443/a/b"),
        (f"https://example.com/a?page=2&api_key={SECRET}&n=1", f"https://example.com/a?page=2&api_key={MASKED}&n=1"),
        (f"https://example.com/a?api%5Fkey={SECRET}", f"https://example.com/a?api%5Fkey={MASKED}"),
        (f"https://example.com/?X-Amz-Signature={SECRET}#x", f"https://example.com/?X-Amz-Signature={MASKED}#x"),
        (f"https://example.com/#access_token={SECRET}&state=1", f"https://example.com/#access_token={MASKED}&state=1"),
        (f"/orders?token={SECRET}", f"/orders?token={MASKED}"),
        (f"https://hooks.slack.com/services/T1/B2/{SECRET}", f"https://hooks.slack.com/{MASKED}"),
    ],
)
def test_urls(url: str, shown: str) -> None:
    assert redact_url(url) == shown


@pytest.mark.parametrize(
    "name",
    ["X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "AWSAccessKeyId", "Signature", "sig",
     "X-Goog-Signature"],
)  # fmt: skip
def test_parameters_that_the_conventions_want_redacted(name: str) -> None:
    """OpenTelemetry's own list for `url.full`."""
    assert redact_url(f"https://example.com/a?page=2&{name}=abc") == f"https://example.com/a?page=2&{name}={MASKED}"


def test_of_cookies_the_names_are_shown() -> None:
    raw = Invocation("r-1")
    raw.calls["a" * 16] = call = Call("a" * 16)
    head = f"GET / HTTP/1.1\r\nCookie: theme=dark; session={SECRET}\r\n\r\n"
    call.parts["request_head"] = head.encode()
    (shown,) = Redactor(bodies=True).record(raw).calls
    ((name, value),) = shown.request_headers
    assert (name, value) == ("Cookie", f"theme=dark; session={MASKED}")


def test_what_cannot_be_masked_is_withheld_and_counted(monkeypatch) -> None:
    def broken(text: str) -> str:
        raise RuntimeError(text)

    monkeypatch.setattr("aftercall.pipeline.redact.redact_url", broken)
    raw = Invocation("r-1")
    raw.calls["a" * 16] = call = Call("a" * 16)
    call.url = f"https://example.com/?token={SECRET}"
    redactor = Redactor(bodies=True)
    record = redactor.record(raw)
    assert record.calls[0].url == WITHHELD
    assert redactor.withheld >= 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)


@given(JSON, st.integers(0, 400))
def test_a_secret_beside_anything_is_masked_at_any_cut(beside: object, cut: int) -> None:
    text = json.dumps({"beside": beside, "password": SECRET, "after": beside})
    masked = redact_text(text[: max(cut, text.index(SECRET) + len(SECRET))])
    assert SECRET not in masked


@given(st.text(max_size=300))
def test_any_text_is_masked_without_an_exception(text: str) -> None:
    with contextlib.suppress(RecursionError):  # then the caller withholds it
        redact_text(text)
