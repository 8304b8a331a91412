"""Looks for pieces of a secret in what an exporter would send, also behind the encodings that a reader would undo."""

from __future__ import annotations

import base64
import html
import re
import zlib
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_MAX_UNFOLDED = 64


def leaked(sent: str, pieces: Iterable[str]) -> list[str]:
    """The pieces that can be read in `sent`, by whoever undoes escapes, entities, percent signs, base64 and gzip."""
    views = "\0".join(unfolded(sent))
    return [piece for piece in pieces if piece in views]


def unfolded(text: str) -> Iterator[str]:
    seen = {text}
    waiting = [text]
    while waiting and len(seen) < _MAX_UNFOLDED:
        view = waiting.pop(0)
        yield view
        for undone in _undone(view):
            if undone not in seen:
                seen.add(undone)
                waiting.append(undone)
    yield from waiting


def _undone(text: str) -> Iterator[str]:
    if "\\" in text:
        yield _ESCAPE.sub(_one_escape, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "%" in text:
        yield unquote(text)
    if "+" in text:  # as forms write blanks
        yield unquote(text.replace("+", " "))
    if "&" in text:
        yield html.unescape(text)
    decoded = [found for run in _BASE64.findall(text) for found in _from_base64(run)]
    if decoded:
        yield "\n".join(decoded)


def _one_escape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _NAMED.get(match[3], match[3])


def _from_base64(run: str) -> Iterator[str]:
    run = run.rstrip("=").replace("-", "+").replace("_", "/")
    for offset in range(4):
        part = run[offset:]
        part = part[: len(part) // 4 * 4]
        raw = base64.b64decode(part)
        # Only what reads as text can be told from chance.
        yield raw.decode("utf-8", "ignore")
        if raw[:2] == b"\x1f\x8b":
            yield _gunzipped(raw)


def _gunzipped(raw: bytes) -> str:
    try:
        return zlib.decompressobj(47).decompress(raw).decode("utf-8", "replace")
    except zlib.error:
        return ""
