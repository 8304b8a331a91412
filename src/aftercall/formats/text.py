"""Text in bytes, and the marks that stand where a text cannot be shown."""

from __future__ import annotations

MASKED = "<masked>"
"""Stands in the place of a secret."""

WITHHELD = "<withheld>"
"""Stands in the place of a text whose masking failed: nobody knows what is in it."""

BINARY = "<binary>"
"""Stands in the place of bytes that are not text: they cannot be masked, so they are not sent."""

_BINARY_TYPES = (
    "protobuf", "grpc", "octet-stream", "msgpack", "messagepack", "cbor", "avro", "thrift", "eventstream", "image/",
    "audio/", "video/", "font/", "zip", "pdf", "parquet", "wasm",
)  # fmt: skip
"""Parts of media types that are not text, even if the bytes happen to be valid UTF-8. `image/svg+xml` is text."""

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\b\x1b\x1e"))
"""Control characters that no text holds. ESC colours logs, RS separates JSON texts (RFC 7464)."""


def is_binary_type(media_type: str) -> bool:
    return any(part in media_type for part in _BINARY_TYPES) and not media_type.endswith(("+xml", "+json", "-text"))


def text_of(data: bytes) -> str | None:
    """The text, even if its last character was cut in two; None if the bytes are not text.

    A small protobuf message may be valid UTF-8 by chance: its control characters give it away.
    """
    if data.translate(None, _CONTROLS) != data:
        return None
    for cut in range(4):
        try:
            return data[: len(data) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return None
