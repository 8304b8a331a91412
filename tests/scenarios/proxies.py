"""Forwarding proxies, tunnels, and hosts whose bodies are never written."""

from __future__ import annotations

from . import scripts
from .failures import REFUSED_BY_PROXY, UNTRUSTED
from .rows import PUT_BYTES, STORED, Ends, Scenario, fails
from .scripts import answer, http
from .sites import Behaviour

NO_PROXIES = dict.fromkeys(
    ("fetch", "http2", "got", "node-fetch", "superagent", "aws-sdk-3", "aws-sdk-2"), "leaves proxies to agents"
)
NO_FORWARDING = {
    **NO_PROXIES,
    "h2": "speaks HTTP/1.1 to a forwarding proxy",
    "undici": "tunnels to all origins",
}
NO_TUNNELS = {**NO_PROXIES, "node-http": "leaves tunnels to agents"}
PROXY = {"proxy": "http://127.0.0.1:{port}"}
PROXIES = (
    Scenario("proxy", http(answer()), url="http://origin.test/{name}/key", session=PROXY, not_possible=NO_FORWARDING),
    Scenario(
        "proxy_407",
        http(answer(407)),
        ends=(Ends(407),),
        url="http://origin.test/{name}/key",
        session=PROXY,
        not_possible=NO_FORWARDING,
    ),
    Scenario(
        "tunnel",
        http(answer(), on_connection=scripts.tunnels("origin.test")),
        url="https://origin.test/{name}/key",
        session=PROXY,
        not_possible=NO_TUNNELS,
    ),
    Scenario(
        "tunnel_407",
        Behaviour(on_connection=scripts.refuses_tunnel),
        ends=fails("proxy", REFUSED_BY_PROXY),
        url="https://origin.test/{name}/key",
        session=PROXY,
        not_possible=NO_TUNNELS,
    ),
    Scenario(
        "tunnel_untrusted",
        http(answer(), on_connection=scripts.tunnels("other.test")),
        ends=fails("tls", UNTRUSTED),
        url="https://origin.test/{name}/key",
        session=PROXY,
        not_possible=NO_TUNNELS,
    ),
    Scenario(
        "excluded_by_name",
        http(scripts.continues(STORED), on_connection=scripts.tunnels("secretsmanager.eu-west-1.amazonaws.com")),
        url="https://secretsmanager.eu-west-1.amazonaws.com/{name}/key",
        request=PUT_BYTES,
        session=PROXY,
        bodies=False,
        not_possible=NO_TUNNELS,
    ),
    # The harness runs every function with AFTERCALL_EXCLUDE_HOSTS=localhost; all others say 127.0.0.1.
    Scenario(
        "excluded_by_setting",
        http(answer(), certificate="localhost"),
        url="{scheme}://localhost:{port}/{name}/key",
        bodies=False,
    ),
)
