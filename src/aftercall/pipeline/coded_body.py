"""Base64 bodies in HTTP events and answers: `{"headers": {...}, "body": "iVBO...", "isBase64Encoded": true}`.

A body that is not text is withheld, as in calls. A text is masked like any other. If the document was cut within the
body, `isBase64Encoded` may be missing: then the body itself must show it.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from typing import TYPE_CHECKING

from aftercall.formats.text import BINARY, is_binary_type, text_of
from aftercall.masking.redact_text import redact_bytes

if TYPE_CHECKING:
    from aftercall.masking.rules import Rules

_FLAG = re.compile(rb"""isBase64Encoded\\*"\s*:\s*true""")
_BODY = re.compile(rb""""body\\*"\s*:\s*\\*"((?:[A-Za-z0-9+/=_-]|\\+[/nr])+)(\\*"|\Z)""")
_ESCAPED = re.compile(rb"\\+[nr]|\\+(?=/)")
_MEDIA_TYPE = re.compile(rb"""content-type\\*"\s*:\s*(?:\[\s*)?\\*"([a-z0-9/+.-]{1,80})""", re.IGNORECASE)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_GZIP = b"\x1f\x8b"
_MIN_CUT = 64
"""So many characters of a cut body show that it is base64 and not a word."""


def redact_coded_bodies(data: bytes, rules: Rules, place: str, *, truncated: bool) -> bytes:
    flagged = _FLAG.search(data) is not None
    media_type = _MEDIA_TYPE.search(data)
    written: list[bytes] = []
    copied = 0
    for body in _BODY.finditer(data):
        cut = truncated and not body.group(2)
        if not flagged and not (cut and len(body.group(1)) >= _MIN_CUT):
            continue
        raw = _plain(body.group(1))
        instead = None if raw is None else _shown(raw, media_type, rules, place, truncated=cut)
        if instead is not None:
            written += (data[copied : body.start(1)], instead)
            copied = body.end(1)
    return b"".join((*written, data[copied:]))


def _shown(
    raw: bytes, media_type: re.Match[bytes] | None, rules: Rules, place: str, *, truncated: bool
) -> bytes | None:
    """What replaces the coded body; None if it may stay."""
    named = media_type.group(1).decode("ascii").lower() if media_type else ""
    if raw[:2] == _GZIP:  # unpacked and masked with all other base64
        return None
    if text_of(raw) is None or is_binary_type(named):
        size = f"{len(raw)} bytes or more" if truncated else f"{len(raw)} bytes"
        return f"{BINARY[:-1]} {named + ', ' if named else ''}{size}>".encode("ascii")
    masked = _below(raw, rules, place)
    masked = redact_bytes(masked, rules, truncated=truncated)
    return None if masked == raw else b2a_base64(masked, newline=False)


def _below(raw: bytes, rules: Rules, place: str) -> bytes:
    """Mask what the user's paths lead to through `body`."""
    if not rules.paths:
        return raw
    from aftercall.masking.paths import redact_below  # noqa: PLC0415 - few have such rules

    return redact_below(raw, rules.paths, place, "body")


def _plain(coded: bytes) -> bytes | None:
    """The decoded bytes, as far as they go; None if it is not base64."""
    standard = _ESCAPED.sub(b"", coded).rstrip(b"=").translate(_URL_SAFE)
    standard = standard[: len(standard) - (len(standard) % 4 == 1)]
    try:
        return a2b_base64(standard + b"=" * (-len(standard) % 4))
    except ValueError:
        return None
