"""Posts to one receiver, with proxy, TLS, IPv6 and gzip.

The endpoint decides the route: plain HTTP goes direct (direct.py), everything else by urllib3 (pooled.py).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aftercall.formats.urls import Url
from aftercall.masking.redact_url import redact_url
from aftercall.transport.outcome import ExchangeError, TransportError
from aftercall.transport.proxy import basic, proxy_for
from aftercall.transport.tls import TlsFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aftercall.transport.direct import DirectRoute
    from aftercall.transport.outcome import Answer
    from aftercall.transport.pooled import PooledRoute

MAX_ANSWER_BYTES = 65_536
MAX_IDLE_SECONDS = 30
"""A connection that was idle for longer may be dead without notice: routers drop it, and a freeze hides that."""

GZIP_LEVEL = 3
"""Nearly as small as level 6, for half of its CPU, which is billed."""


class Transport:
    """Posts to one URL. Not for several threads at once."""

    def __init__(
        self,
        url: str,
        headers: tuple[tuple[str, str], ...],
        environment: Mapping[str, str],
        *,
        tls: TlsFiles | None = None,
        timeout: float = 10.0,
        gzip: bool = False,
    ) -> None:
        self._url = url
        self._given_headers = headers
        self._environment = environment
        self._tls = tls or TlsFiles()
        self._timeout = timeout
        self._gzip = gzip
        self._route: DirectRoute | PooledRoute | None = None
        self._used_at: float | None = None

    @property
    def shown_url(self) -> str:
        return redact_url(self._url)

    def prepare(self) -> None:
        """Do what must not wait for the first post: import, read certificates. Raises TransportError."""
        if self._gzip:
            import zlib  # noqa: F401, PLC0415
        self._route = self._make_route()

    @property
    def may_hang(self) -> bool:
        """A post may last longer than it was given."""
        return self._route is None or self._route.may_hang

    def encode(self, body: bytes) -> bytes:
        if not self._gzip:
            return body
        import zlib  # noqa: PLC0415 - only where it is asked for

        compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)  # 31: with gzip's header
        return compressor.compress(body) + compressor.flush()

    def post(self, encoded: bytes, seconds: float) -> Answer:
        """One exchange, no retry, no redirect. Each wait ends within `seconds`; raises TransportError."""
        route = self._route = self._route or self._make_route()
        reused = self._keeps_connection()
        try:
            answer = route.exchange(encoded, min(seconds, self._timeout), MAX_ANSWER_BYTES)
        except ExchangeError as error:
            raise TransportError(f"{self.shown_url}: {error}", on_reused_connection=reused) from None
        self._used_at = time.time()
        return answer

    def forget_connections(self) -> None:
        if self._route is not None:
            self._route.close()
        self._used_at = None

    def _keeps_connection(self) -> bool:
        # Not the monotonic clock: it may stand still while the environment is frozen.
        if self._used_at is not None and not 0 <= time.time() - self._used_at < MAX_IDLE_SECONDS:
            self.forget_connections()
        return self._used_at is not None

    def _all_headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "aftercall", "Accept-Encoding": "identity"}
        if self._gzip:
            headers["Content-Encoding"] = "gzip"
        if user_info := Url(self._url).user_info:
            headers["Authorization"] = basic(user_info)
        headers.update(self._given_headers)
        return headers

    def _make_route(self) -> DirectRoute | PooledRoute:
        url = Url(self._url)
        port = url.port_number() or 0
        headers = self._all_headers()
        for name, value in headers.items():
            if any(letter in f"{name}{value}" for letter in "\r\n\0"):
                raise TransportError(f"{self.shown_url}: header {name.split()[0]!r} holds a line break")
        proxy = proxy_for(url.scheme, url.host, port, self._environment)
        if url.scheme == "http" and not proxy:
            from aftercall.transport.direct import DirectRoute  # noqa: PLC0415 - one of the two is imported

            return DirectRoute(url, headers)
        from aftercall.transport.pooled import PooledRoute  # noqa: PLC0415

        return PooledRoute(self._url, headers, proxy, self._tls, self._environment)
