"""What a watched function leaves in the spool: an invocation with HTTP calls as requests or boto3 make them."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from tests.extension.spool import Writer, frame

if TYPE_CHECKING:
    from pathlib import Path

REQUEST = (
    b"POST /v1/orders/%d?page=2 HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: python-requests/2.32.3\r\n"
    b"Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: keep-alive\r\nContent-Type: application/json\r\n"
    b"Authorization: Bearer 0123456789abcdef0123456789abcdef\r\nContent-Length: 94\r\n\r\n"
    b'{"customer": "c-1042", "items": [{"sku": "a-1", "count": 2}], "note": "ring twice", "total": 1}'
)
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nDate: Sat, 03 Jan 2026 10:00:00 GMT\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\nConnection: keep-alive\r\nX-Request-Id: 7f1c\r\nCache-Control: no-store\r\n\r\n%b"
)
BODY = b'{"orders": [%b]}' % b", ".join(
    b'{"id": %d, "state": "paid", "price": 12.5, "currency": "EUR", "lines": [1, 2, 3]}' % number for number in range(8)
)


class Function:
    """Its frames are written as one process's, from this one's pid, so that it counts as alive."""

    def __init__(self, folder: Path) -> None:
        self._writer = Writer(folder, pid=os.getpid())

    def works(self, request_id: str, calls: int) -> None:
        """Everything of an invocation but its end."""
        self._writer.start(request_id)
        for number in range(calls):
            self._writer.write(*call(request_id, number))

    def ends(self, request_id: str) -> float:
        """The moment of the bell, on the monotonic clock."""
        self._writer.write(frame("invocation_end", [("response", b'{"ok": true}')], request_id=request_id, status="ok"))
        moment = time.monotonic()
        self._writer.ring()
        return moment


def call(request_id: str, number: int) -> tuple[bytes, bytes, bytes]:
    named: Any = {"request_id": request_id, "span_id": f"{number + 1:016x}"}
    url = f"https://api.example.com/v1/orders/{number}?page=2"
    response = RESPONSE % (len(BODY), BODY)
    wire = [("request_wire", REQUEST % number), ("response_wire", response)]
    return (
        frame("call_start", library="urllib3", method="POST", url=url, stage="request", **named),
        frame("call_response", status=200, **named),
        frame("call_end", wire, request_size=94, response_size=len(BODY), **named),
    )
