"""URLs and forms: what is a secret in them is masked by position, all else stays byte for byte."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.formats.text import MASKED
from aftercall.masking.redact_url import redact_url, without_query

RANDOM = "q7Rk29XvLm3TzB8nWc5Yd1Hf6"

MASKED_URLS = {
    "user info": ("amqps://u:p@host:5671/%2Fprod", "amqps://<masked>@host:5671/%2Fprod"),
    "a password with a slash": ("postgres://u:p/w@db:5432/x", "postgres://<masked>@db:5432/x"),
    "a password with a question mark": ("redis://:p?w#1@db:6379/0", "redis://<masked>@db:6379/0"),
    "without a scheme": ("//u:p@host/a", "//<masked>@host/a"),
    "OAuth's code": ("https://a.example/cb?state=up&code=SplxlOBeZQQYbYS6WxSbIA", "https://a.example/cb?state=up&code=<masked>"),
    "a code by mail": ("https://a.example/?code=772444", "https://a.example/?code=<masked>"),
    "an API key": (f"https://a.example/?key={RANDOM}&q=x", "https://a.example/?key=<masked>&q=x"),
    "a random t": (f"https://a.example/?t={RANDOM}", "https://a.example/?t=<masked>"),
    "OAuth 1": ("https://a.example/?oauth_token=ab&oauth_verifier=xy", "https://a.example/?oauth_token=<masked>&oauth_verifier=<masked>"),
    "Firebase": ("https://a.example/?mode=resetPassword&oobCode=AbC1", "https://a.example/?mode=resetPassword&oobCode=<masked>"),
    "CAS": ("https://a.example/?ticket=ST-18-aA5Yuvrxzpv8Tau1cYQ7", "https://a.example/?ticket=<masked>"),
    "Akamai": ("https://a.example/v.m3u8?hdnts=exp=17~acl=/*~hmac=ab", "https://a.example/v.m3u8?hdnts=<masked>"),
    "AWS": (
        "https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA/2025&X-Amz-Date=20250101T000000Z&X-Amz-Signature=abc",
        "https://b.s3.amazonaws.com/k?X-Amz-Credential=<masked>&X-Amz-Date=20250101T000000Z&X-Amz-Signature=<masked>",
    ),
    "Azure": ("https://x.blob.core.windows.net/c/b?sv=2022&se=2025-01-01&sp=r&sig=aB%3D", "https://x.blob.core.windows.net/c/b?sv=2022&se=2025-01-01&sp=r&sig=<masked>"),
    "Google": ("https://storage.googleapis.com/b/o?X-Goog-Expires=9&X-Goog-Signature=ab", "https://storage.googleapis.com/b/o?X-Goog-Expires=9&X-Goog-Signature=<masked>"),
    "a URL in a parameter": (
        "https://a.example/?next=https%3A%2F%2Fb.example%2F%3Ftoken%3Dabc%26x%3D%2520y&n=1",
        "https://a.example/?next=https%3A%2F%2Fb.example%2F%3Ftoken%3D<masked>%26x%3D%2520y&n=1",
    ),
    "a path in a parameter": ("/login?next=%2Fcb%3Ftoken%3Dabc", "/login?next=%2Fcb%3Ftoken%3D<masked>"),
    "a form in a parameter": ("/a?state=b%3D1%26token%3Dabc", "/a?state=b%3D1%26token%3D<masked>"),
    "coded twice": ("/a?next=%252Fb%253Ftoken%253Dabc", "/a?next=%252Fb%253Ftoken%253D<masked>"),
    "JSON in a parameter": ("/a?q=%7B%22password%22%3A%22x%22%7D&n=1", "/a?q=<masked>&n=1"),
    "a session in the path": ("/shop;jsessionid=AB12?x=1", "/shop;jsessionid=<masked>?x=1"),
    "semicolons": ("/a?x=1;token=abc;y=2", "/a?x=1;token=<masked>;y=2"),
    "both separators": ("/a?x=1;token=abc&y=2", "/a?x=1;token=<masked>&y=2"),
    "a form in a value": ("/a?b=token=abc&d", "/a?b=token=<masked>&d"),
    "a semicolon in a password": ("/a?password=ab;cd&y=2", "/a?password=<masked>&y=2"),
    "a semicolon in a password alone": ("/a?password=ab;cd", "/a?password=<masked>"),
    "the fragment": ("https://a.example/#access_token=abc&state=1", "https://a.example/#access_token=<masked>&state=1"),
    "another alphabet": ("/a?next=%2F%3F%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C%3Dabc", "/a?next=%2F%3F%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C%3D<masked>"),
    "an IBAN": ("https://bank.example/accounts/DE89370400440532013000/x", "https://bank.example/accounts/<masked>/x"),
    "names of today": ("/?application_key=a1&authkey=b1&apitoken=c1&wstoken=d1", "/?application_key=<masked>&authkey=<masked>&apitoken=<masked>&wstoken=<masked>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MASKED_URLS)
def test_secrets_are_masked_where_they_stand(kind: str) -> None:
    url, shown = MASKED_URLS[kind]
    assert redact_url(url) == shown
    assert redact_url(shown) == shown


@pytest.mark.parametrize(
    "url",
    [
        "amqps://host:5671/%2Fprod", "https://a.example/%7Euser/a%20b?q=a+b%20c&x=%e4#top", "https://a.example/?code=DE&key=id",
        "https://a.example/?key=uploads/2025/report.pdf", "https://a.example/?t=42", "https://a.example/?s=keyword",
        "https://a.example/?next=https%3A%2F%2Fb.example%2F%3Fpage%3D2%26q%3Da%2Bb", "http://[::1]:8080/a@b",
        "https://a.example/?token=", "https://a.example/users/550e8400-e29b-41d4-a716-446655440000", "", "?", "#", "://",
        "https://a.example/?max_tokens=12&next_token_type=x&sort_key=a&page_token=abc", "https://@host/", "/a;b=1;c/d",
        "https://a.example/?q=%7B%22name%22%3A%22x%22%7D", "s3://bucket/a@b/c", "https://host:8443/a:b@c",
    ],
)  # fmt: skip
def test_all_else_stays_as_it_was_written(url: str) -> None:
    assert redact_url(url) == url


def test_without_its_query_a_url_shows_no_part_of_a_password() -> None:
    assert without_query("redis://:p?w#1@db:6379/0?token=x#y") == f"redis://{MASKED}@db:6379/0"


PIECES = st.sampled_from(
    ["a", "1", "/", "?", "#", "&", ";", "=", "%", "%3D", "%26", "%253D", "@", ":", "://", "token", "code", "key", "+", "{",
     '"', "é", "%D0%BF", " ", "x" * 20, "http"]
)  # fmt: skip
URLS = st.lists(PIECES, max_size=30).map("".join)


@given(URLS | st.text(max_size=200))
def test_what_is_shown_stands_in_the_url_and_twice_is_as_once(url: str) -> None:
    shown = redact_url(url)
    at = 0
    for piece in shown.split(MASKED):
        at = url.find(piece, at)
        assert at >= 0
        at += len(piece)
    assert redact_url(shown) == shown


@given(URLS, URLS, st.integers(0, 7))
def test_a_secret_under_its_name_is_masked_whatever_stands_around_it(before: str, after: str, depth: int) -> None:
    secret = "hunter2Zx81"
    inner = f"/cb?x=1&token={secret}"
    for _ in range(depth):
        inner = f"https://a.example/?next={quote(inner, safe='')}"
    around = before.replace("@", "")
    assert secret not in redact_url(f"https://a.example/{around}?{around}&next={quote(inner, safe='')}&{after}")
