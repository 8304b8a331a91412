"""What the functions under test call: one site for each way in which a call can go, on loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.scenarios import scripts
from tests.scenarios.isolation import RESOLVER
from tests.scenarios.scripts import http
from tests.scenarios.sites import Sites

if TYPE_CHECKING:
    from tests.scenarios.exchange import Exchange

# Libraries of functions/calls.py.
LIBRARIES = ("http.client", "urllib", "urllib3", "requests", "boto3", "httpx", "httpx-async", "aiohttp")
JSON = [("Content-Type", "application/x-amz-json-1.0")]


def says(status: int, answer: object):
    """The same for every request, its body read or not."""

    async def script(exchange: Exchange) -> None:
        await exchange.read_body()
        await exchange.respond(status, JSON, json.dumps(answer).encode())

    return script


ERROR = {"__type": "com.amazonaws.sqs#InternalError", "message": "out of order"}
BEHAVIOURS = {
    "ok": http(says(200, {"QueueUrls": []})),
    "status": http(says(500, ERROR)),
    "timeout": http(scripts.silent),
    "reset": http(scripts.reset_unanswered),
    "garbage": http(scripts.garbage),
    "cut": http(scripts.cut(2000, 500)),
    "tls": http(says(200, {}), trusted=False),
    "not_tls": http(says(200, {})),
}
OVER_TLS = ("tls", "not_tls")


class Servers:
    """`url(way)` leads to a call that goes this way: the keys of BEHAVIOURS, `refused` and `dns`."""

    def __init__(self) -> None:
        self.sites = Sites()
        self._urls = {name: self._add(name) for name in BEHAVIOURS}
        self._urls["refused"] = f"http://127.0.0.1:{self.sites.reserve()}"
        self._urls["dns"] = "http://no-such-host.invalid"

    def _add(self, name: str) -> str:
        base = self.sites.add(BEHAVIOURS[name], tls=name == "tls").base
        return base.replace("http:", "https:") if name in OVER_TLS else base

    def url(self, way: str) -> str:
        return self._urls[way] + "/orders"

    def close(self) -> None:
        self.sites.close()


RESOLV_CONF = f"nameserver {RESOLVER}\noptions timeout:1 attempts:1\n"
"""Nothing listens there: a name is not found, at once."""
