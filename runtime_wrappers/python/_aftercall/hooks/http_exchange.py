"""What one request and response share, and where its bytes on the wire are counted (native/http_exchange.c).

urllib3's connections are http.client's: its hooks make an Exchange too and put it on the connection, so that the hooks
on http.client add to the same call. Other libraries attach exchanges of their own.
"""

from .._native import HttpExchange as Exchange
from .._native import attach, attached, count_sent
from ..faults import is_users

__all__ = ["SMALL_REQUEST", "Exchange", "attach", "attached", "chunk_size", "count_chunk", "count_sent"]

# Less than any send buffer: a request below this size cannot wait for its peer to read. As in http_hooks.c.
SMALL_REQUEST = 8192


def chunk_size(data):
    """The size of the one chunk that `data` is; None when it is not a chunk as a whole."""
    try:
        return int(bytes(data[:20]).partition(b"\r\n")[0], 16)
    except ValueError as error:
        if is_users(error):
            raise
        return None


def count_chunk(exchange, size):
    exchange.chunks += size
    exchange.body_done = size == 0
