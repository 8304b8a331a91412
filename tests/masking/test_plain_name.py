"""What is taken for a plain name or id at a glance holds nothing that the rules for texts would find."""

from __future__ import annotations

import base64

from hypothesis import example, given
from hypothesis import strategies as st

from aftercall.masking.plain_name import is_plain_id, is_plain_name
from aftercall.masking.redact_text import redact_text
from aftercall.masking.redact_url import redact_url

PLAIN_WORDS = st.sampled_from(
    [
        "password",
        "token",
        "secret",
        "api_key",
        "Bearer",
        "hunter2",
        "Zx81x",
        "orders",
        "1",
        "a1B2c3D4e5F6",
        "AKIA",
        "sk-",
        "user",
        "Basic",
        "eyJ",
        "key",
        "2026",
        "{id}",
        "x" * 15,
        "4111",
        "ghp_",
        "xoxb-",
        "card",
        "pin",
        "SK",
        "no",
        "--",
    ]
)
PLAIN = st.lists(st.tuples(PLAIN_WORDS, st.sampled_from(["/", ".", "_", "-", ""])), max_size=12).map(
    lambda parts: "".join(word + mark for word, mark in parts)
)


@given(PLAIN | st.text("abcXYZ0123456789/._-{}", max_size=60))
@example("s3cret/Password-1/x")
@example("{id}AKIA.password.password/")
def test_a_plain_name_holds_nothing_that_the_text_rules_find(text: str) -> None:
    shown = redact_url(text)
    if is_plain_name(shown):
        assert redact_text(shown) == shown


@given(st.text("0123456789abcdefABCDEF-", max_size=80) | st.text("abcXYZ0123456789=", max_size=18))
def test_a_plain_id_holds_nothing_either(text: str) -> None:
    if is_plain_id(text):
        assert redact_text(text) == text


def test_ids_that_are_no_ids_are_masked_as_texts() -> None:
    for text in ("password=x", "Bearer abc", "4111111111111111", base64.b64encode(b"x" * 40).decode()):
        assert not is_plain_id(text)
