"""Calls of language models: which model, and how many tokens, where request and answer say it.

Found by search, since an answer may be a stream of events, or end where the capture did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv

if TYPE_CHECKING:
    from aftercall.recognition.exchange import Exchange
    from aftercall.recognition.operation import Operation

_HEADERS = (
    ("x-amzn-bedrock-input-token-count", semconv.GEN_AI_USAGE_INPUT_TOKENS),
    ("x-amzn-bedrock-output-token-count", semconv.GEN_AI_USAGE_OUTPUT_TOKENS),
)
_NAMES = (
    (semconv.GEN_AI_USAGE_INPUT_TOKENS, (b'"inputTokens"', b'"input_tokens"', b'"prompt_tokens"')),
    (semconv.GEN_AI_USAGE_OUTPUT_TOKENS, (b'"outputTokens"', b'"output_tokens"', b'"completion_tokens"')),
)
"""Bedrock's Converse, Anthropic, OpenAI."""


def count_tokens(operation: Operation, exchange: Exchange) -> None:
    for header, key in _HEADERS:
        number = _number(exchange.response.header(header).encode("utf-8", "replace"))
        if number is not None:
            operation.attributes[key] = number
    body = exchange.response_body
    if b"okens" not in body:
        return
    for key, names in _NAMES:
        for name in names:
            number = _last(body, name)
            if number is not None:
                operation.attributes.setdefault(key, number)


def _last(body: bytes, name: bytes) -> int | None:
    """Streams count up: the last number is the sum."""
    at = body.rfind(name)
    return _number(body[at + len(name) : at + len(name) + 24].lstrip(b" :\t\r\n")) if at >= 0 else None


def _number(text: bytes) -> int | None:
    digits = text[: len(text) - len(text.lstrip(b"0123456789"))]
    return int(digits) if 0 < len(digits) <= 15 else None
