"""Files and iterables given to HTTPConnection.send(), seen block by block as http.client reads them."""

import io
from _functools import partial

from .. import _native
from ..faults import fault
from ..install import Wrapped
from .http_exchange import count_sent


def watched_body(exchange, body):
    """What to send instead of `body`: the same bytes, and no frame of ours when the user's code in it raises."""
    if hasattr(body, "read"):
        return watched_file(exchange, body)
    try:
        memoryview(body)
    except TypeError as error:
        if _native.is_users(error):
            raise
        return watched_iterable(exchange, body)
    count_sent(exchange, memoryview(body).cast("B"))
    return body


def watched_iterable(exchange, body):
    """Begun when http.client begins it, which connects first. All in C: an exception of the user's iterator passes
    no frame of ours.
    """
    return type("WatchedIterable", (), {"__iter__": staticmethod(partial(map, counter(exchange), body))})()


def counter(exchange):
    def count(block):
        try:
            if not isinstance(block, str):
                count_sent(exchange, block)
        except Exception as error:
            if fault("http.client:body", error):
                raise
        return block

    return count


class WatchedFile:
    """http.client asks a file for read() alone, and whether it is text."""


class WatchedText(io.TextIOBase):
    """The same for text, which http.client tells by its class and encodes as ISO 8859-1."""


def watched_file(exchange, file):
    def before(_file, _args, _kwargs):
        return exchange

    watched = WatchedText() if isinstance(file, io.TextIOBase) else WatchedFile()
    watched.read = Wrapped(file.read, _native.Hook("http.client:body.read", before, read_after, fault, False, False))
    return watched


def read_after(exchange, block, error):
    if error is None and block:
        count_sent(exchange, block.encode("iso-8859-1", "replace") if isinstance(block, str) else block)
