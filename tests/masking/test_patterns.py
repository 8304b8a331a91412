"""The linear matcher against Python's own `re`, and the patterns on which that would hang."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.masking.patterns import Pattern

PIECES = st.sampled_from(
    [
        "a",
        "b",
        "[ab]",
        "[^a]",
        ".",
        r"\d",
        r"\w",
        "ab",
        "(?:a|bc)",
        "(ab)",
        "a?",
        "b*",
        "[0-9]+",
        "a{2,3}",
        "(?:ab)+",
        "c",
    ]
)


def covered(pattern: str, text: bytes) -> set[int]:
    """What any match covers, by trying `re` on every piece of the text."""
    compiled = re.compile(pattern.encode())
    found: set[int] = set()
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if compiled.fullmatch(text, start, end):
                found.update(range(start, end))
    return found


@given(st.lists(PIECES, min_size=1, max_size=5), st.text(alphabet="abc01 \n", max_size=12))
def test_it_covers_what_any_match_covers(pieces: list[str], text: str) -> None:
    pattern = "".join(pieces)
    try:
        matcher = Pattern(pattern)
    except ValueError:
        assert re.fullmatch(pattern, "")
        return
    data = text.encode()
    assert {at for start, end in matcher.spans(data) for at in range(start, end)} == covered(pattern, data)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\bACME-\d{4}\b", b"see ACME-1234, not XACME-1234 or ACME-12345", [(4, 13)]),
        (r"(?i)cust_[a-z]+", b"CUST_abc", [(0, 8)]),
        (r"^\d+", b"12 34", [(0, 2)]),
        (r"\d+$", b"12 34", [(3, 5)]),
        ("Müller", "Herr Müller".encode(), [(5, 12)]),
        (r"x.*?y", b"axbyb", [(1, 4)]),
    ],
)
def test_what_users_write(pattern: str, text: bytes, found: list[tuple[int, int]]) -> None:
    assert list(Pattern(pattern).spans(text)) == found


@pytest.mark.parametrize("pattern", ["(a)\\1", "a(?=b)", "(?<!a)b", "a\\bb", "(", "a*", "", "a{5000}", "[z-a]"])
def test_what_cannot_be_matched_in_linear_time_is_refused_with_a_reason(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){12}b", "([a-zA-Z]+)*x", "(a|a?)+b"])
def test_the_classics_end(pattern: str) -> None:
    """Each of these takes `re` longer than a life on such a text."""
    try:
        matcher = Pattern(pattern)
    except ValueError:
        return
    list(matcher.spans(b"a" * 20_000 + b"!"))
