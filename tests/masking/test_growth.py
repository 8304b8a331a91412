"""No text takes more than linear time, as far as a search of some seconds can tell; `make fuzz-masking` searches on."""

from __future__ import annotations

import pytest

from tests.masking.growth import WAYS, Text, is_slow, slow_texts

FOUND = (
    Text("body", b"%41", b"@tcp(AKIAIOSFODNN7EXAMPLE/*", b""),
    Text("body", b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", b";https://u:p@h/%22:", b""),
    Text("body", b"", b'\r\n&gt;name="password"', b""),
    Text("cut body", b"value=", b'name="password"&gt;}', b"\\u0070]]>"),
    Text("own rules", b"'", b'\r\n--name="password">', b""),
    Text("own rules", b"\r\n\r\n", b"AKIAIOSFODNN7EXAMPLEwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", b""),
)
"""By longer searches, before they were mended."""


@pytest.mark.parametrize("text", FOUND, ids=lambda text: text.repeated.decode())
def test_what_was_found_stays_linear(text: Text) -> None:
    assert not (is_slow(text) and is_slow(text))


def test_a_search_finds_no_slow_text() -> None:
    slow = [text for text in slow_texts(seed=11, until=6) if text is not None]
    assert not slow


def test_the_search_knows_a_slow_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def walk_to_the_end_from_each_byte(text: bytes) -> None:
        for at in range(0, len(text), 4):
            text.count(b"x", at)

    monkeypatch.setitem(WAYS, "body", walk_to_the_end_from_each_byte)
    assert is_slow(Text("body", b"", b"x", b""))
