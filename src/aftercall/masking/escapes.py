r"""Undoes what JSON writes otherwise than it means it: `\u0070` is `p`, `\/` is `/`; also in strings within strings."""

from __future__ import annotations

import re

from aftercall.masking.spans import MAX_DEPTH

_ESCAPED = re.compile(rb"\\(?:/|u00)")
_ESCAPED_ASCII = re.compile(rb"\\u00([2-6][0-9a-fA-F]|7[0-9a-eA-E])")
_CUT_ESCAPE = re.compile(rb"\\u?[0-9a-fA-F]{0,3}\Z")
_MAX_SLASHES = 128
_DEEP_QUOTE = b"\\" * (2 ** (MAX_DEPTH + 1) - 1)
_DEEP_ENTITY = b"&" + b"amp;" * (MAX_DEPTH - 1)


def is_too_deep(data: bytes) -> bool:
    """Whether JSON is nested in JSON strings, or XML in XML texts, more deeply than we look."""
    return data.find(_DEEP_QUOTE) >= 0 or data.find(_DEEP_ENTITY) >= 0


def without_escaped_letters(data: bytes) -> bytes:
    r"""`\u0026` and `\/` are `&` and `/`: the same text to every reader of JSON, and words again to us."""
    if _ESCAPED.search(data) is None:
        return data
    for _ in range(2**MAX_DEPTH):
        if data.find(b"\\/") < 0:  # `in` would first try it as a number, which costs more than the search
            break
        data = data.replace(b"\\/", b"/")
    return _with_letters(data)


def without_cut_escape(data: bytes) -> bytes:
    r"""`\u00` at the end, the half of an escape, would hide what stands before it."""
    cut = _CUT_ESCAPE.search(data, max(0, len(data) - 6))
    return data[: cut.start()].rstrip(b"\\") if cut else data


def _with_letters(data: bytes) -> bytes:
    written: list[bytes] = []
    copied = 0
    for escape in _ESCAPED_ASCII.finditer(data):
        end = escape.start() + 1
        before = data[max(copied, end - _MAX_SLASHES) : end]
        slashes = len(before) - len(before.rstrip(b"\\"))
        own = slashes & -slashes  # 1 in JSON, 2 in a string in JSON, 4 in one within that; the others are backslashes
        letter = bytes((int(escape.group(1), 16),))
        if letter == b'"':
            letter = b"\\" * (2 * own - 1) + letter
        elif letter == b"\\":
            letter = b"\\" * (2 * own)
        written += (data[copied : end - own], letter)
        copied = escape.end()
    return b"".join((*written, data[copied:]))
