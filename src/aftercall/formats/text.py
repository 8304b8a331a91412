"""What of bytes is text, and the marks that stand where a text cannot be shown."""

from __future__ import annotations

MASKED = "<masked>"
"""Stands in the place of a secret."""

WITHHELD = "<withheld>"
"""Stands in the place of a text whose masking failed: nobody knows what is in it."""

BINARY = "<binary>"
"""Stands in the place of bytes that are not text: they cannot be masked, so they are not sent. """

_BINARY_TYPES = (
    "protobuf", "grpc", "octet-stream", "msgpack", "messagepack", "cbor", "avro", "thrift", "eventstream", "image/",
    "audio/", "video/", "font/", "zip", "pdf", "parquet", "wasm",
)  # fmt: skip
"""Parts of media types whose bytes are no text even where they happen to be valid UTF-8. `image/svg+xml` is text."""

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b\x1e"))
"""What no text holds; ESC colours logs, RS parts JSON texts (RFC 7464)."""


def is_binary_type(media_type: str) -> bool:
    return any(part in media_type for part in _BINARY_TYPES) and not media_type.endswith(("+xml", "+json", "-text"))


def text_of(data: bytes) -> str | None:
    """The text, also when its last character was cut in two; None where it is none.

    Small messages of protobuf are valid UTF-8 by chance: their control characters tell.
    """
    if data.translate(None, _CONTROLS) != data:
        return None
    for cut in range(4):
        try:
            return data[: len(data) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return None
