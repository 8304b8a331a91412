"""HTTP by urllib3, for TLS and proxies. Imported only for these."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aftercall.masking.shown_value import shown_text
from aftercall.transport.outcome import Answer, ExchangeError, TransportError, innermost, words
from aftercall.transport.proxy import basic

if TYPE_CHECKING:
    from collections.abc import Mapping

    import urllib3

    from aftercall.transport.tls import TlsFiles


class PooledRoute:
    """Posts to one URL. Not for several threads at once. Raises TransportError for an unusable proxy or file."""

    may_hang = True
    """Its time-outs are those of single waits."""

    def __init__(
        self, url: str, headers: dict[str, str], proxy: str, tls: TlsFiles, environment: Mapping[str, str]
    ) -> None:
        _load_urllib3()
        # Python would load this codec at the first post, to look up the host's name.
        "localhost".encode("idna")
        self._url = url
        self._headers = headers
        self._tls = tls
        self._environment = environment
        self._pool = self._make_pool(proxy)

    def exchange(self, body: bytes, seconds: float, max_answer: int) -> Answer:
        """No retry, no redirect. Each wait ends within `seconds`; raises ExchangeError."""
        import urllib3  # noqa: PLC0415 - loaded by __init__

        try:
            response = self._pool.request(
                "POST",
                self._url,
                body=body,
                headers=self._headers,
                timeout=urllib3.Timeout(connect=seconds, read=seconds),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            received = response.read(max_answer, decode_content=True)
            if response.read(1):  # too long to be worth reading to its end
                response.close()
            response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise ExchangeError(words(innermost(error))) from None
        return Answer(response.status, received, response.headers.get("Retry-After", ""))

    def close(self) -> None:
        self._pool.clear()

    def _make_pool(self, proxy: str) -> urllib3.PoolManager:
        import urllib3  # noqa: PLC0415 - loaded by __init__

        context = self._tls.context(self._environment) if self._url.lower().startswith("https:") else None
        if not proxy:
            return urllib3.PoolManager(num_pools=1, maxsize=1, ssl_context=context)
        proxy_scheme, _, rest = proxy.partition("://")
        user_info, at, proxy_host = rest.rpartition("@")
        if proxy_scheme.lower() not in {"http", "https"}:
            raise TransportError(f"proxy {shown_text(proxy)}: only http and https proxies are known here")
        headers = {"Proxy-Authorization": basic(user_info)} if at else None
        try:
            return urllib3.ProxyManager(
                f"{proxy_scheme}://{proxy_host}",
                num_pools=1,
                maxsize=1,
                proxy_headers=headers,
                ssl_context=context,
                proxy_ssl_context=self._tls.context(self._environment) if proxy_scheme.lower() == "https" else None,
            )
        except (urllib3.exceptions.HTTPError, ValueError):  # its message quotes the password
            raise TransportError(
                f"proxy {shown_text(proxy)}: a URL such as http://proxy.example:3128 is needed"
            ) from None


def _load_urllib3() -> None:
    """Import urllib3 without importlib.metadata.

    urllib3.http2 imports its `version` and calls it only if HTTP/2 is injected, which nobody does here. With csv,
    zipfile and lzma behind it, that import costs as much as all the rest of urllib3.
    """
    if "urllib3" in sys.modules or "importlib.metadata" in sys.modules:
        return
    stand_in = type(sys)("importlib.metadata")
    stand_in.version = str  # type: ignore[attr-defined]
    sys.modules["importlib.metadata"] = stand_in
    try:
        import urllib3  # noqa: F401, PLC0415
    finally:
        del sys.modules["importlib.metadata"]
