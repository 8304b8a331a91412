"""Texts of elements in XML, by search: no parser, so no entity is expanded and nothing is nested."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TEXT = 2_048
_ENTITIES = (("&quot;", '"'), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&amp;", "&"))


def first(data: bytes, name: str) -> str:
    """The text of the first element of that name that holds nothing but text; empty if there is none."""
    return next(texts(data, name), "")


def texts(data: bytes, name: str) -> Iterator[str]:
    """Those of all such elements."""
    opening, closing = f"<{name}>".encode("ascii"), f"</{name}>".encode("ascii")
    at = data.find(opening)
    while at >= 0:
        start = at + len(opening)
        end = data.find(b"<", start)
        if end >= 0 and end - start <= MAX_TEXT and data.startswith(closing, end):
            yield _plain(data[start:end].decode("utf-8", "replace"))
        at = data.find(opening, start)


def root(data: bytes) -> str:
    """The name of the outermost element, as far as it is there."""
    start = data.find(b"<")
    while data.startswith((b"<?", b"<!"), start):
        start = data.find(b"<", start + 1)
    if start < 0:
        return ""
    name = data[start + 1 : start + 1 + 64].decode("latin-1")
    return name.replace(">", " ").replace("/", " ").partition(" ")[0]


def _plain(text: str) -> str:
    if "&" in text:
        for entity, letter in _ENTITIES:
            text = text.replace(entity, letter)
    return text.strip()
