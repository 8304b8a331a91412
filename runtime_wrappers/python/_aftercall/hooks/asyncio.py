"""Event loops: name resolution and TLS handshakes, added to the call that connects in this context.

httpcore and aiohttp say when they connect; what they leave to the loop is seen here. uvloop's TLS is inside its C code.
"""

from .. import _native
from ..install import hooked, point, put
from .sockets import handshake_before, resolve_after, resolve_before

POINTS = {
    # Not left to socket.getaddrinfo's hook: the executor's thread runs in another context.
    "asyncio.base_events": (point("BaseEventLoop.getaddrinfo", resolve_before, resolve_after, awaits=True),),
    "asyncio.sslproto": (point("SSLProtocol._start_handshake", handshake_before),),
    "uvloop": (),
}


def installed(module):
    """uvloop.Loop inherits getaddrinfo from a class that cannot be changed; the hook goes on the subclass."""
    loop = getattr(module, "Loop", None)
    original = getattr(loop, "getaddrinfo", None)
    if original is None or "getaddrinfo" in vars(loop):
        return
    hook = _native.Hook("uvloop:Loop.getaddrinfo", resolve_before, resolve_after, True)
    put(loop, "getaddrinfo", hooked(original, hook, is_method=True))
