"""Files and iterables given to HTTPConnection.send(), seen block by block as http.client reads them."""

import io
from _collections_abc import Iterable
from _functools import partial

from .. import _native
from ..faults import is_users
from ..install import Wrapped
from .http_exchange import count_sent


def watched_body(exchange, body):
    """What to send instead of `body`: the same bytes, and no frame of ours when the user's code in it raises."""
    if hasattr(body, "read"):
        return watched_file(exchange, body)
    try:
        memoryview(body)
    except TypeError as error:
        if is_users(error):
            raise
        # What is neither, http.client refuses by its name.
        return watched_iterable(exchange, body) if isinstance(body, Iterable) else body
    count_sent(exchange, memoryview(body).cast("B"))
    return body


def watched_iterable(exchange, body):
    """Begun when http.client begins it, which connects first. All that is called around a block is C: an exception of
    the user's iterator, or of what interrupts us, passes no frame of ours. Its context is what the socket said of the
    body, by the name of its type.
    """
    seen = hooked_body("http.client:body", AS_IT_IS, exchange, block_after)
    return type(type(body).__name__, (), {"__iter__": staticmethod(partial(map, seen, body))})()


def block_after(exchange, block, _error):
    if not isinstance(block, str):
        count_sent(exchange, block)


AS_IT_IS = partial({}.get, None)
"""AS_IT_IS(block) is block, without a frame."""


def hooked_body(name, function, exchange, after):
    """`function` with after(exchange, what it returned, error) behind it."""
    return Wrapped(function, _native.Hook(name, lambda *_: exchange, after))


class WatchedFile:
    """http.client asks a file for read() alone, and whether it is text."""


class WatchedText(io.TextIOBase):
    """The same for text, which http.client tells by its class and encodes as ISO 8859-1."""


def watched_file(exchange, file):
    watched = WatchedText() if isinstance(file, io.TextIOBase) else WatchedFile()
    watched.read = hooked_body("http.client:body.read", file.read, exchange, read_after)
    return watched


def read_after(exchange, block, error):
    if error is None and block:
        count_sent(exchange, block.encode("iso-8859-1", "replace") if isinstance(block, str) else block)
