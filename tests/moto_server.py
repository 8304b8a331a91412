"""moto's server on loopback: AWS as far as it goes, empty at each start."""

from __future__ import annotations

import contextlib
import logging
import urllib.request
from typing import TYPE_CHECKING

from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def moto_server() -> Iterator[str]:
    """Gives its URL, for AWS_ENDPOINT_URL."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    try:
        # What an earlier one in this process was given is still there.
        urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST"), timeout=60).close()
        yield url
    finally:
        server.stop()
