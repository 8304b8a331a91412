"""What never ends, once in each stage."""

from __future__ import annotations

from . import scripts
from .proxies import NO_TUNNELS, PROXY
from .rows import HUGE, Hang, put
from .scripts import http
from .sites import Behaviour

PATIENT = {"timeout": 600}
HANGS = (
    # In a namespace where the resolver never answers: no site can be reached from there.
    Hang("dns", scripts.NEVER_ACCEPTS, url="{scheme}://hangs.test/{name}/key", session=PATIENT),
    Hang("connect", scripts.NEVER_ACCEPTS, session=PATIENT),
    Hang("tls", Behaviour(on_connection=scripts.never_tls), tls=True, session=PATIENT),
    Hang(
        "proxy",
        Behaviour(on_connection=scripts.silent_tunnel),
        url="https://origin.test/{name}/key",
        session={**PATIENT, **PROXY},
        not_possible=NO_TUNNELS,
    ),
    Hang("request", http(scripts.unread), request=put("bytes", HUGE), session=PATIENT),
    Hang("response_head", http(scripts.silent), session=PATIENT),
    Hang("response_body", http(scripts.silent_in_body), session=PATIENT),
    Hang(
        "queue",
        http(scripts.silent, streams=1),
        verb="behind",
        session={**PATIENT, "limit": 1},
        not_possible={
            "http.client": "has no pool",
            "urllib": "has no pool",
            "fetch": "opens a connection for each call",
            "boto3": "opens more connections than its pool keeps",
        },
    ),
)
