"""Streamed answers of HTTP (`HttpResponseStream.from`): status and headers stand before the body.

By AWS's runtime clients: content type `application/vnd.awslambda.http-integration-response`, one JSON object, eight
NULs, then the body's bytes. The content type is a header of the post, which the spool does not have: the rest is plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_text import loads
from aftercall.http1.message import Message

if TYPE_CHECKING:
    from typing import Any

_SEPARATOR = bytes(8)
_MAX_PRELUDE_BYTES = 65_536


class Streamed:
    """`prelude` as it stands there, `fields` what it says."""

    __slots__ = ("body", "fields", "prelude")

    def __init__(self, prelude: bytes, fields: dict[str, Any], body: bytes) -> None:
        self.prelude = prelude
        self.fields = fields
        self.body = body

    @property
    def message(self) -> Message:
        """The body with its headers."""
        headers = self.fields.get("headers")
        pairs = headers.items() if isinstance(headers, dict) else ()
        return Message("", [(name, value) for name, value in pairs if isinstance(value, str)], self.body)

    @property
    def before_body(self) -> int:
        return len(self.prelude) + len(_SEPARATOR)


def streamed_of(response: bytes) -> Streamed | None:
    """None where the response is no such answer."""
    end = response.find(_SEPARATOR, 0, _MAX_PRELUDE_BYTES)
    if end < 2 or response[:1] != b"{":
        return None
    try:
        fields = loads(response[:end].decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    return Streamed(response[:end], fields, response[end + len(_SEPARATOR) :])
