"""One HTTP exchange as it is looked at: heads and the beginnings of bodies, content coding undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.urls import Url
from aftercall.http1.captured import undo_coding

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.http1.message import Message


class Exchange:
    """`url` as the client named it. A body that was not captured, or cannot be decoded, is empty."""

    __slots__ = (
        "_request_body", "_response_body", "decoded", "method", "request", "response", "status", "url",
    )  # fmt: skip

    def __init__(
        self,
        method: str,
        url: str,
        request: Message,
        response: Message,
        *,
        status: int | None = None,
        decoded: bool = False,
    ) -> None:
        self.method = method
        self.url = Url(url)
        self.request = request
        self.response = response
        self.status = status if status is not None else response.status
        self.decoded = decoded
        """The client undid the response's content coding."""
        self._request_body: bytes | None = None
        self._response_body: bytes | None = None

    @property
    def request_body(self) -> bytes:
        if self._request_body is None:
            self._request_body = _plain(self.request, decoded=False)
        return self._request_body

    @property
    def response_body(self) -> bytes:
        if self._response_body is None:
            self._response_body = _plain(self.response, decoded=self.decoded)
        return self._response_body

    def replace_bodies(self, replaced: Callable[[bytes, str], bytes]) -> None:
        """`replaced` is given each body and whose it is, `request` or `response`."""
        self._request_body = replaced(self.request_body, "request")
        self._response_body = replaced(self.response_body, "response")


def _plain(message: Message, *, decoded: bool) -> bytes:
    coding = "" if decoded else message.header("content-encoding")
    if not coding or coding == "aws-chunked":
        return message.body
    undone = undo_coding(message.body, coding)
    return b"" if undone is None else undone[0]
