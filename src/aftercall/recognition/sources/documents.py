"""JSON documents in texts and bytes that may be cut, packed, hostile, or no JSON at all. Bounded in time and memory."""

from __future__ import annotations

from binascii import Error, a2b_base64
from typing import TYPE_CHECKING

from aftercall.formats.cut_json import read_cut
from aftercall.formats.json_fields import fields_of
from aftercall.formats.json_text import loads

if TYPE_CHECKING:
    from typing import Any

MAX_CHARACTERS = 1_048_576
"""Of one document that is read whole: Lambda takes 6 MB, and the spool keeps 64 KB of them unless told otherwise."""

_MAX_CUT = 262_144
"""Of one that is cut: reading it costs ten times as much."""

_MAX_ID = 256
"""Characters of an id: the beginning of one is another's, or nobody's. That of a longer text may be a message."""

_PACKED = ("eyJ", "ewo", "ewk", "ew0", "eyA", "H4sI")
"""How base64 begins of what can be looked at: an object of JSON, gzip."""

_GZIP = b"\x1f\x8b"


def read(text: str) -> tuple[Any, bool]:
    """The document, and whether it is whole. None if it is no JSON."""
    if len(text) <= MAX_CHARACTERS:
        try:
            return loads(text), True
        except ValueError:
            pass
        except RecursionError:
            return fields_of(text[:_MAX_CUT]), True
    try:
        return read_cut(text[:_MAX_CUT], _MAX_ID), False
    except ValueError:
        return None, False
    except RecursionError:
        return fields_of(text[:_MAX_CUT]), False


def read_object(text: Any, *, may_be_cut: bool) -> dict[str, Any] | None:
    """The object in a string that may be anything; None if it is none."""
    if not isinstance(text, str) or text[:64].lstrip()[:1] != "{":
        return None
    if may_be_cut:
        found = read(text)[0]
    else:
        try:
            found = loads(text) if len(text) <= MAX_CHARACTERS else None
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


def unpack(data: Any, limit: int) -> str:
    """The text in base64, of gzip at most `limit` bytes of it; empty if it begins neither as JSON nor as gzip."""
    if not isinstance(data, str) or not data.startswith(_PACKED):
        return ""
    try:
        plain = a2b_base64(data[: len(data) & ~3])
    except (Error, ValueError):
        return ""
    if plain.startswith(_GZIP):
        plain = _gunzip(plain, limit)
    return plain.decode("utf-8", "replace")


def _gunzip(packed: bytes, limit: int) -> bytes:
    import zlib  # noqa: PLC0415 - only for events that carry it

    try:
        return zlib.decompressobj(47).decompress(packed, limit) if limit > 0 else b""
    except zlib.error:
        return b""
