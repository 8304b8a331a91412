"""Name resolution and TLS handshakes of blocking sockets, added to the call that connects in this context."""

from .. import _native
from ..calls import current
from ..install import point

DIGITS = frozenset("0123456789.")


def resolve_before(_module, args, kwargs):
    call = current.get()
    if call is None:
        return None
    host = args[0] if args else kwargs.get("host")
    if not host or is_address(host):
        call.stage("connect")
        return None
    call.stage("dns")
    return call


def is_address(host):
    """True for an address, which needs no resolver. Only what is cheap to tell; a name more is just a stage more."""
    if isinstance(host, bytes):
        host = host.decode("latin-1")
    return DIGITS.issuperset(host) or ":" in host


def resolve_after(call, _addresses, error):
    if error is None:
        call.stage("connect")


def handshake_before(_socket, _args, _kwargs):
    call = current.get()
    if call is not None:
        call.stage("tls")


POINTS = {
    "socket": (
        point("getaddrinfo", resolve_before, resolve_after),
        # What a response's head and body are read through (http_client.py).
        point("SocketIO.readinto", _native.socket_readinto),
    ),
    # SSLObject: TLS inside TLS (urllib3's SSLTransport behind an HTTPS proxy).
    "ssl": (point("SSLSocket.do_handshake", handshake_before), point("SSLObject.do_handshake", handshake_before)),
}
