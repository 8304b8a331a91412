"""Calls open and rename nothing in the spool: it is what they cost before anything else."""

from __future__ import annotations

import ctypes
import os

from tests.segments import furnish

from .http_server import OK, serving

IN_CLOSE, IN_OPEN, IN_MOVED_TO, IN_CREATE = 0x18, 0x20, 0x80, 0x100
WARM, CALLS = 20, 200


def touched(watch: int) -> list[int]:
    """The masks of what happened. Opening and closing take turns, so that the kernel joins no two of them."""
    found: list[int] = []
    while True:
        try:
            data = os.read(watch, 1 << 20)
        except BlockingIOError:
            return found
        while data:
            found.append(int.from_bytes(data[4:8], "little"))
            data = data[16 + int.from_bytes(data[12:16], "little") :]


def test_two_hundred_warm_calls_touch_hardly_a_file(runner, python):
    furnish(runner.spool, spares=2)
    watch = ctypes.CDLL(None).inotify_init1(os.O_NONBLOCK)
    wanted = IN_OPEN | IN_CLOSE | IN_MOVED_TO | IN_CREATE
    assert ctypes.CDLL(None).inotify_add_watch(watch, os.fsencode(runner.spool), wanted) >= 0
    with serving(*[OK] * (WARM + CALLS)) as server:
        ran = runner.run(
            python,
            f"""
            import http.client
            connection = http.client.HTTPConnection("127.0.0.1", {server.port})
            def call():
                connection.request("GET", "/orders")
                connection.getresponse().read()
            for _ in range({WARM + CALLS}):
                call()
            """,
        )
    assert len(ran.calls) == WARM + CALLS
    masks = touched(watch)
    os.close(watch)
    opened_or_renamed = sum(bool(mask & (IN_OPEN | IN_MOVED_TO | IN_CREATE)) for mask in masks)
    assert 0 < opened_or_renamed <= 10
