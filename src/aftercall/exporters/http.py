"""The network side of the exporters: one receiver, posts to it by urllib3 with proxy, TLS, IPv6 and gzip.

Errors are translated here, once, into TransportError, whose words hold no secret.
"""

from __future__ import annotations

import os
import time
import zlib

from aftercall.exporters.proxy import proxy_for
from aftercall.pipeline.redact_url import percent_decoded, redact_url

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    import urllib3

MAX_ANSWER_BYTES = 65_536
MAX_IDLE_SECONDS = 30
"""A connection that was idle for longer may be dead without a sign: routers forget it, and a freeze hides it."""

GZIP_LEVEL = 3
"""Most of the gain of level 6 for half of its CPU, which is billed."""

CA_FILES = (
    "/etc/pki/tls/certs/ca-bundle.crt",  # Amazon Linux
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""The frozen program's OpenSSL would look where its build machine had them."""


class TransportError(Exception):
    """No answer. `on_reused_connection`: it failed on a kept connection, so a fresh one may do."""

    def __init__(self, reason: str, *, on_reused_connection: bool = False) -> None:
        super().__init__(reason)
        self.on_reused_connection = on_reused_connection


class Answer:
    """`retry_after` in seconds from now, None where the receiver named no time."""

    __slots__ = ("body", "retry_after", "status")

    def __init__(self, status: int, body: bytes, retry_after: float | None) -> None:
        self.status = status
        self.body = body
        self.retry_after = retry_after


class TlsFiles:
    """Paths of PEM files; empty: the system's CAs, no client certificate."""

    __slots__ = ("ca", "client_certificate", "client_key")

    def __init__(self, ca: str = "", client_certificate: str = "", client_key: str = "") -> None:
        self.ca = ca
        self.client_certificate = client_certificate
        self.client_key = client_key


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
        self._pool: urllib3.PoolManager | None = None
        self._used_at: float | None = None

    @property
    def shown_url(self) -> str:
        return redact_url(self._url)

    def prepare(self) -> None:
        """Import, read certificates, load codecs: all that must not wait for the first post. Raises TransportError."""
        import socket  # noqa: PLC0415 - urllib3 needs it, the log exporter does not

        _load_urllib3()
        # Python loads this codec at the first look-up of a name; the frozen program's folder is empty by then.
        "localhost".encode("idna")
        socket.getaddrinfo("127.0.0.1", 0)
        self._headers = self._all_headers()
        self._pool = self._make_pool()

    def encode(self, body: bytes) -> bytes:
        if not self._gzip:
            return body
        compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)  # 31: with gzip's header
        return compressor.compress(body) + compressor.flush()

    def post(self, encoded: bytes, seconds: float) -> Answer:
        """One exchange, no retry, no redirect. Each wait ends within `seconds`; raises TransportError."""
        import urllib3  # noqa: PLC0415 - loaded by `prepare`

        if self._pool is None:
            self.prepare()
        assert self._pool is not None  # noqa: S101 - for the type checker
        reused = self._keeps_connection()
        limit = min(seconds, self._timeout)
        try:
            response = self._pool.request(
                "POST",
                self._url,
                body=encoded,
                headers=self._headers,
                timeout=urllib3.Timeout(connect=limit, read=limit),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            body = response.read(MAX_ANSWER_BYTES, decode_content=True)
            if response.read(1):  # more than anybody needs to say: not worth reading to its end
                response.close()
            response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise TransportError(self._reason(error), on_reused_connection=reused) from None
        self._used_at = time.time()
        return Answer(response.status, body, _retry_after(response.headers.get("Retry-After", "")))

    def forget_connections(self) -> None:
        if self._pool is not None:
            self._pool.clear()
        self._used_at = None

    def _keeps_connection(self) -> bool:
        # The wall clock, since the monotonic one may stand still while the environment is frozen.
        if self._used_at is not None and not 0 <= time.time() - self._used_at < MAX_IDLE_SECONDS:
            self.forget_connections()
        return self._used_at is not None

    def _all_headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "aftercall", "Accept-Encoding": "identity"}
        if self._gzip:
            headers["Content-Encoding"] = "gzip"
        user_info = self._url.partition("://")[2].partition("/")[0].rpartition("@")[0]
        if user_info:
            headers["Authorization"] = _basic(user_info)
        headers.update(self._given_headers)
        return headers

    def _make_pool(self) -> urllib3.PoolManager:
        import urllib3  # noqa: PLC0415 - only when something is sent

        scheme, host, port = _address(self._url)
        context = self._ssl_context() if scheme == "https" else None
        proxy = proxy_for(scheme, host, port, self._environment)
        if not proxy:
            return urllib3.PoolManager(num_pools=1, maxsize=1, ssl_context=context)
        proxy_scheme, _, rest = proxy.partition("://")
        user_info, at, proxy_host = rest.rpartition("@")
        if proxy_scheme.lower() not in {"http", "https"}:
            raise TransportError(f"proxy {redact_url(proxy)}: only http and https proxies are known here")
        headers = {"Proxy-Authorization": _basic(user_info)} if at else None
        return urllib3.ProxyManager(
            f"{proxy_scheme}://{proxy_host}",
            num_pools=1,
            maxsize=1,
            proxy_headers=headers,
            ssl_context=context,
            proxy_ssl_context=self._ssl_context() if proxy_scheme.lower() == "https" else None,
        )

    def _ssl_context(self) -> ssl.SSLContext:
        import ssl  # noqa: PLC0415 - only for https

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        files = self._tls
        try:
            if ca := files.ca or _system_ca(self._environment):
                context.load_verify_locations(cafile=ca)
            else:
                context.load_default_certs()
        except (OSError, ValueError) as error:
            raise TransportError(f"CA file {ca}: {_words(error)}; name a readable PEM file") from None
        if files.client_certificate:
            try:
                # An empty password: a key with a passphrase is refused, not asked for on the terminal.
                context.load_cert_chain(files.client_certificate, files.client_key, password="")
            except (OSError, ValueError) as error:
                raise TransportError(f"client certificate {files.client_certificate}: {_words(error)}") from None
        return context

    def _reason(self, error: BaseException) -> str:
        """The innermost cause, by its class and its system's words; never urllib3's, which repeat the URL."""
        cause: BaseException = error
        for _ in range(8):
            # urllib3's SSLError and ProtocolError have what they wrap among their arguments.
            wrapped = next((word for word in cause.args if isinstance(word, BaseException)), None)
            inner = (
                getattr(cause, "original_error", None) or getattr(cause, "reason", None) or wrapped or cause.__cause__
            )
            if not isinstance(inner, BaseException) or inner is cause:
                break
            cause = inner
        return f"{self.shown_url}: {_words(cause)}"


def _load_urllib3() -> None:
    """Import urllib3 without importlib.metadata.

    urllib3.http2 asks for its `version` at import and calls it only when HTTP/2 is injected, which nobody does here;
    with csv, zipfile and lzma behind it, it costs as much as all the rest of urllib3.
    """
    import sys  # noqa: PLC0415 - the log exporter comes without all this

    if "urllib3" in sys.modules or "importlib.metadata" in sys.modules:
        return
    stand_in = type(sys)("importlib.metadata")
    stand_in.version = str  # type: ignore[attr-defined]
    sys.modules["importlib.metadata"] = stand_in
    try:
        import urllib3  # noqa: F401, PLC0415
    finally:
        del sys.modules["importlib.metadata"]


def _words(error: BaseException) -> str:
    known = getattr(error, "strerror", None) or getattr(error, "verify_message", None)
    name = type(error).__name__
    return f"{name} ({known})" if known else name


def _retry_after(value: str) -> float | None:
    """Seconds, or an HTTP date."""
    value = value.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) < 9:
        return float(value)
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - urllib3 has loaded it

    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def _address(url: str) -> tuple[str, str, int]:
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    if authority.startswith("["):
        host, _, after = authority[1:].partition("]")
        port = after.removeprefix(":")
    else:
        host, _, port = authority.partition(":")
    return scheme.lower(), host, int(port) if port else 443 if scheme.lower() == "https" else 80


def _basic(user_info: str) -> str:
    import binascii  # noqa: PLC0415 - only for URLs with user info

    plain = percent_decoded(user_info.replace("+", "%2B")).encode("utf-8")
    return "Basic " + binascii.b2a_base64(plain, newline=False).decode("ascii")


def _system_ca(environment: Mapping[str, str]) -> str:
    """The first CA file that is there."""
    candidates = (environment.get("SSL_CERT_FILE", ""), *CA_FILES)
    return next((path for path in candidates if path and os.path.isfile(path)), "")
