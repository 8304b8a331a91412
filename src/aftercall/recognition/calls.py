"""What an HTTP call is: an operation of AWS, of a well-known API, a GraphQL operation, or a URL of some template."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.recognition.exchange import Exchange
    from aftercall.recognition.operation import Operation


def operation_of(exchange: Exchange) -> Operation | None:
    """None: a plain HTTP call, of which the URL says all."""
    del exchange
    return None
