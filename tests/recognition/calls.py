"""Short ways to say an exchange."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aftercall.http1.message import Message
from aftercall.recognition.calls import operation_of
from aftercall.recognition.exchange import Exchange
from tests.recognition.sent_by_botocore import REGION, authorization

if TYPE_CHECKING:
    from aftercall.recognition.operation import Operation


def exchange(
    url: str,
    method: str = "POST",
    *,
    headers: dict[str, str] | None = None,
    body: Any = b"",
    answer: Any = b"",
    answered: dict[str, str] | None = None,
    status: int = 200,
) -> Exchange:
    """A body that is not bytes becomes JSON."""
    request = Message("", list((headers or {}).items()), _bytes(body))
    return Exchange(method, url, request, Message("", list((answered or {}).items()), _bytes(answer)), status=status)


def operation(url: str, method: str = "POST", **others: Any) -> Operation:
    found = operation_of(exchange(url, method, **others))
    assert found is not None
    return found


def aws(service: str, target: str = "", *, url: str = "", **others: Any) -> Operation:
    """Signed for the service; `target`: X-Amz-Target."""
    headers = {"Authorization": authorization(service), **({"X-Amz-Target": target} if target else {})}
    headers |= others.pop("headers", {})
    return operation(url or f"https://{service}.{REGION}.amazonaws.com/", headers=headers, **others)


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
