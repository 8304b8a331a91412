"""TLS: which CAs are trusted, and the client's certificate."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.masking.shown_value import shown_text
from aftercall.transport.outcome import TransportError, words

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

CA_FILES = (
    "/etc/pki/tls/certs/ca-bundle.crt",  # Amazon Linux
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""The frozen program's OpenSSL would look for them where the build machine has them."""


class TlsFiles:
    """Paths of PEM files; empty: the system's CAs, no client certificate."""

    __slots__ = ("ca", "client_certificate", "client_key")

    def __init__(self, ca: str = "", client_certificate: str = "", client_key: str = "") -> None:
        self.ca = ca
        self.client_certificate = client_certificate
        self.client_key = client_key

    def context(self, environment: Mapping[str, str]) -> ssl.SSLContext:
        """A client's context. Raises TransportError for a file that cannot be used."""
        import ssl  # noqa: PLC0415 - only for https

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            if ca := self.ca or _system_ca(environment):
                context.load_verify_locations(cafile=ca)
            else:
                context.load_default_certs()
        except (OSError, ValueError) as error:
            raise TransportError(f"CA file {shown_text(ca)}: {words(error)}; name a readable PEM file") from None
        if self.client_certificate:
            try:
                # An empty password: a key with a passphrase is refused, not asked for on the terminal.
                context.load_cert_chain(self.client_certificate, self.client_key, password="")
            except (OSError, ValueError) as error:
                shown = shown_text(self.client_certificate)
                raise TransportError(f"client certificate {shown}: {words(error)}") from None
        return context


def _system_ca(environment: Mapping[str, str]) -> str:
    """The first CA file that is there."""
    candidates = (environment.get("SSL_CERT_FILE", ""), *CA_FILES)
    return next((path for path in candidates if path and os.path.isfile(path)), "")
