"""Calls by boto3 itself against moto, as the exchanges that a wrapper would have captured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from aftercall.http1.message import Message
from aftercall.recognition.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Iterable

REGION = "eu-west-1"


class Answer(NamedTuple):
    """`parsed`: what boto3 made of it, `code`: the error that it raised."""

    exchange: Exchange
    parsed: dict[str, Any]
    code: str


class Account:
    """Clients of one account, and what they last exchanged."""

    def __init__(self, endpoint: str | None) -> None:
        self._endpoint = endpoint
        self._clients: dict[str, Any] = {}
        self._request: Any = None
        self._exchange: Exchange | None = None

    def call(self, service: str, method: str, **parameters: Any) -> Answer:
        client = self._client(service)
        try:
            parsed, code = getattr(client, method)(**parameters), ""
        except ClientError as error:
            parsed, code = dict(error.response), error.response["Error"]["Code"]
        assert self._exchange is not None
        return Answer(self._exchange, parsed, code)

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            client = boto3.client(
                service,
                region_name=REGION,
                endpoint_url=self._endpoint,
                aws_access_key_id="AKIDEXAMPLE",
                aws_secret_access_key="example",
                config=Config(retries={"total_max_attempts": 1}),
            )
            client.meta.events.register_first("before-send", self._note_request)
            client.meta.events.register("response-received", self._note_response)
            self._clients[service] = client
        return self._clients[service]

    def _note_request(self, request: Any, **_: Any) -> None:
        self._request = request

    def _note_response(self, response_dict: Any, **_: Any) -> None:
        request = self._request
        body = request.body.read() if hasattr(request.body, "read") else request.body
        self._exchange = Exchange(
            request.method,
            request.url,
            Message("", _texts(request.headers.items()), body.encode() if isinstance(body, str) else body or b""),
            Message("", _texts(response_dict["headers"].items()), _bytes(response_dict["body"])),
            status=response_dict["status_code"],
            decoded=True,
        )


def _bytes(body: Any) -> bytes:
    """Streams stay the caller's."""
    return body if isinstance(body, bytes) else b""


def _texts(headers: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    return [(str(name), value.decode() if isinstance(value, bytes) else str(value)) for name, value in headers]
