"""Time stays linear whatever comes in: what is quadratic takes minutes for such texts, what is linear, seconds."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftercall.masking.paths import Path, redact_paths
from aftercall.masking.redact_text import redact_bytes
from aftercall.masking.redact_url import redact_url
from tests.cpu_time import least_seconds
from tests.masking.hostile import texts

SIZE = 150_000
GENEROUS_SECONDS = 12
"""Of CPU, on a machine much slower than any that was seen."""

TEXTS = texts(SIZE)
SHORT, LONG, MORE_THAN_LINEAR = texts(10_000), texts(40_000), 8
REMEMBERED = {"many names"}
"""The short one's names are all remembered from run to run, the long one's are not."""


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_takes_more_than_linear_time(name: str) -> None:
    began = time.process_time()
    redact_bytes(TEXTS[name], truncated=True)
    assert time.process_time() - began < GENEROUS_SECONDS


@pytest.mark.parametrize("name", sorted(SHORT.keys() - REMEMBERED))
def test_time_grows_with_the_text(name: str) -> None:
    """What is quadratic and quick enough for the test above: sixteen times for four times the text."""

    def seconds(text: bytes) -> float:
        return least_seconds(lambda: redact_bytes(text, truncated=True))

    # A busy machine may slow down one of the two; what is quadratic is so each time.
    ratios = (seconds(LONG[name]) / seconds(SHORT[name]) for _ in range(3))
    assert any(ratio < MORE_THAN_LINEAR for ratio in ratios)


@pytest.mark.parametrize(
    "name", ["objects", "arrays", "quotes", "backslashes", "open strings under names", "one long word"]
)
def test_paths_and_urls_are_linear_too(name: str) -> None:
    began = time.process_time()
    redact_paths(TEXTS[name], (Path("event.a.b"), Path("*.a.*.c")), "event")
    redact_url(f"https://h.example/{TEXTS[name].decode('latin-1')}")
    assert time.process_time() - began < GENEROUS_SECONDS


PIECES = st.sampled_from(
    [b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b":", b",", b"=", b"&", b"<", b">", b"%", b"password",
     b"name", b"value",
     b"cookie", b"token", b" ", b"\n", b"\\n", b"\\u0022", b"%22", b"&quot;", b"://", b"@", b"eyJhIjogMX0K", b"4111",
     b"/", b"\xff", b"\xc3\xa4", b"-----BEGIN PRIVATE KEY-----", b"Bearer ", b"authorization", b"x",
     b"AKIAABCDEFGHIJKLMNOP", b"//", b"/*", b"*/", b"- ", b"|", b"!", b"(", b")", b";", b"--", b"#", b"is ", b"</",
     b"/>", b"&lt;", b"&gt;", b"<![CDATA[", b"key", b"api key"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60), st.booleans())
def test_any_text_is_masked_without_an_exception(pieces: list[bytes], truncated: bool) -> None:
    redact_bytes(b"".join(pieces), truncated=truncated)


@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=12))
def test_a_token_between_anything_is_masked(before: list[bytes], after: list[bytes]) -> None:
    token = b"ghp_8fK2mZq7Rt4Xv9Lw3Nc6Pb1Yd5Hs0Jg8uA2e"
    text = b"".join(before) + b" " + token + b" " + b"".join(after)
    masked = redact_bytes(text)
    assert not any(token[at : at + 8] in masked for at in range(4, len(token) - 8))


@pytest.mark.parametrize(
    "last",
    [
        b' {"password": "Zx81-hunter2"} ',
        b"<password>Zx81-hunter2</password>",
        b"\npassword=Zx81-hunter2&a=b\n",
    ],
)
@given(
    st.lists(PIECES.filter(lambda piece: piece not in {b"\\", b"'", b'"'}), max_size=8),
    st.lists(PIECES, max_size=12),
)
@example([b"<", b"cookie"], [b">"])
@example([b"Bearer ", b"://"], [b"\n"])
@example([b"password", b"=", b"{", b"{"], [])
def test_a_password_after_anything_is_masked(last: bytes, before: list[bytes], after: list[bytes]) -> None:
    text = b"".join(before) + last + b"".join(after)
    assert b"hunter2" not in redact_bytes(text)
