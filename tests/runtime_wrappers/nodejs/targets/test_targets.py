"""Whether a body is excluded is judged by what a call is for, whatever proxy or address stands between."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.runtime_wrappers.nodejs import parts
from tests.runtime_wrappers.nodejs.conftest import since

SCRIPT = Path(__file__).resolve().parent / "send.js"
SECRET = b"KtQ7-marker-of-a-secret"
EXCLUDED = "vault.internal"
HOSTS = 5

OF_HTTP = (
    "fetch env-proxy",
    "http env-proxy",
    "http agent proxyEnv",
    "http lookup",
    "http Host header",
    "http host header with port",
    "http Host header in capitals",
    "http raw headers",
    "http Host set later",
    "http absolute path",
    "http absolute path alone",
    "http createConnection",
    "http agent connects elsewhere",
    "hpagent",
    "tunnel",
    "axios proxy",
    "axios proxy to https",
    "http connects to it",
    "http2 connects to it",
    "http2 authority",
    "http2 host",
)
OF_EACH_UNDICI = (
    "ProxyAgent",
    "Host header",
    "Host header in a list",
    "absolute path",
    "Client of an address",
    "connect options",
    "connects to it",
    "connects elsewhere",
)
OF_NEWER_UNDICI = ("ProxyAgent tunnels true", "ProxyAgent tunnels false", "EnvHttpProxyAgent", "interceptors.dns")
WAYS = (
    *OF_HTTP,
    *(f"{name} {way}" for name in ("undici-5", "undici", "undici-7", "undici-8") for way in OF_EACH_UNDICI),
    *(f"{name} {way}" for name in ("undici", "undici-7", "undici-8") for way in OF_NEWER_UNDICI),
)
OLDEST = {"undici-7": 20, "undici-8": 24, "fetch env-proxy": 24, "http env-proxy": 24, "http agent proxyEnv": 24}
"""Way or library -> the oldest Node.js that has it, where not all do."""
SINCE = {way: OLDEST.get(way) or OLDEST.get(way.split(" ")[0], 18) for way in WAYS}
# Here the URL is an address, and only a header says what the call is for.
ADDRESSED = (
    "connects to it",
    "host header",
    "raw headers",
    "host set later",
    "client of an address",
    "interceptors.dns",
)
PROXIED = ("env-proxy", "proxyEnv", "ProxyAgent", "hpagent", "axios")


@pytest.fixture
def proxy(node):
    """The port of what answers, and is a proxy to itself."""
    server = subprocess.Popen([node, str(SCRIPT), "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


def sent(runner, node, proxy, way, wrapped):
    address = f"http://127.0.0.1:{proxy}"
    environment = {"PROXY_PORT": str(proxy), "AFTERCALL_EXCLUDE_HOSTS": EXCLUDED}
    if "env-proxy" in way:
        environment |= {"NODE_USE_ENV_PROXY": "1", "HTTP_PROXY": address}
    text = f"process.argv.push({json.dumps(way)}, {json.dumps(str(parts.packages()))});\n{SCRIPT.read_text()}"
    return runner.script(node, text, wrapped=wrapped, **environment)


@pytest.mark.parametrize("way", since(SINCE))
def test_no_body_of_an_excluded_host_is_spooled(runner, node, proxy, way) -> None:
    plain = sent(runner, node, proxy, way, wrapped=False)
    assert plain.returncode == 0, plain.stderr
    watched = sent(runner, node, proxy, way, wrapped=True)
    assert (watched.returncode, watched.stdout) == (0, plain.stdout), watched.stderr
    spooled = b"".join(path.read_bytes() for path in runner.spool.iterdir())
    assert SECRET not in spooled
    calls = [call for call in watched.calls if call.start["method"] != "CONNECT"]
    if not way.endswith("connects to it"):  # which is known when the call has begun
        assert [call.start.get("bodies") for call in calls] == ["excluded"] * HOSTS
    assert not watched.of_kind("drops"), watched.of_kind("drops")


@pytest.mark.parametrize(
    "way",
    since({way: major for way, major in SINCE.items() if not any(word in way.lower() for word in ADDRESSED)}),
)
def test_target_and_proxy_are_told_apart(runner, node, proxy, way) -> None:
    watched = sent(runner, node, proxy, way, wrapped=True)
    calls = [call.start for call in watched.calls if call.start["method"] != "CONNECT"]
    hosts = [urlsplit(call["url"]).hostname for call in calls]
    assert EXCLUDED in hosts
    assert "127.0.0.1" not in hosts
    if any(word in way for word in PROXIED) and way != "hpagent":
        assert {call.get("proxy") for call in calls} == {f"http://127.0.0.1:{proxy}"}


def test_the_script_knows_no_other_ways(node) -> None:
    done = subprocess.run([node, str(SCRIPT), "--ways"], capture_output=True, check=True, timeout=60)
    assert json.loads(done.stdout) == list(WAYS)
