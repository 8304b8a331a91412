"""What a call of AWS names, wherever its protocol put it: path, query, form, JSON, CBOR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.urls import percent_decoded
from aftercall.recognition.bodies import form_fields, json_fields

if TYPE_CHECKING:
    from typing import Any

    from aftercall.http1.message import Message
    from aftercall.recognition.exchange import Exchange


class Fields:
    """Of one call. Each part is read when it is first asked for."""

    __slots__ = ("_answer", "_asked", "_query", "exchange", "labels")

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.labels: dict[str, str] = {}
        """Of the path's template, percent-coded."""
        self._query: dict[str, str] | None = None
        self._asked: dict[str, Any] | None = None
        self._answer: dict[str, Any] | None = None

    @property
    def path(self) -> str:
        return self.exchange.url.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        if self._query is None:
            query = self.exchange.url.target.partition("?")[2]
            self._query = form_fields(query) if query else {}
        return self._query

    @property
    def asked(self) -> dict[str, Any]:
        """The members of the request's body."""
        if self._asked is None:
            self._asked = _members(self.exchange.request, self.exchange.request_body)
        return self._asked

    @property
    def answer(self) -> dict[str, Any]:
        """The members of the answer's body; {} for XML."""
        if self._answer is None:
            self._answer = _members(self.exchange.response, self.exchange.response_body)
        return self._answer

    def text(self, name: str) -> str:
        """Of the first of path, body and query that has a text of that name; empty if none has."""
        label = self.labels.get(name)
        if label is not None:
            return percent_decoded(label.replace("+", "%2B")) if "%" in label else label
        value = self.asked.get(name)
        if value is None:
            value = self.query.get(name, "")
        return value if isinstance(value, str) else ""


def _members(message: Message, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if body[:1] in b"{ \n[":
        return json_fields(body)
    media_type = message.header("content-type")
    if "cbor" in media_type or message.header("smithy-protocol") == "rpc-v2-cbor":
        from aftercall.recognition.aws import cbor  # noqa: PLC0415 - few services speak it

        return cbor.fields_of(body)
    if "form-urlencoded" in media_type:
        return form_fields(body.decode("utf-8", "replace"))
    return {}
