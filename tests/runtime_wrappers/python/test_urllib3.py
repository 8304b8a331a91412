"""urllib3: retries, redirects, pools and proxies; the installed release, and pip's copy under every Python."""

from __future__ import annotations

import os
import re
import ssl
import sys
from dataclasses import dataclass

import pytest
import trustme
import urllib3

from .conftest import Runner, found_pythons
from .http_server import CLOSE, OK, serving

SITE = os.path.dirname(os.path.dirname(urllib3.__file__))


def copies():
    """(copy, Python): the installed one under the Python that it was installed for, pip's under each."""
    yield pytest.param("urllib3", sys.executable, id="urllib3")
    for version, python in found_pythons().items():
        yield pytest.param("pip._vendor.urllib3", python, id=f"pip-{version}")


CLIENT = """
import sys
sys.path[:0] = [{site!r}] if {copy!r} == "urllib3" else []
import importlib
urllib3 = importlib.import_module({copy!r})
url = "http://127.0.0.1:" + sys.argv[1]
pool = urllib3.PoolManager(retries=False)
"""
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"


@dataclass
class Client:
    """Runs CLIENT with a test's own lines under one copy and one Python."""

    runner: Runner
    copy: str
    python: str

    def __call__(self, server, text, **environment):
        client = CLIENT.format(copy=self.copy, site=SITE)
        return self.runner.run(self.python, client + text, str(server.port), **environment)


@pytest.fixture
def run(request, runner):
    return Client(runner, *request.param)


def pytest_generate_tests(metafunc):
    if "run" in metafunc.fixturenames:
        pairs = list(copies())
        metafunc.parametrize("run", [pair.values for pair in pairs], ids=[pair.id for pair in pairs], indirect=True)


def test_keep_alive_and_vendored_copies(run):
    with serving(OK, OK) as server:
        ran = run(server, "print([pool.request('GET', url + '/a').data for _ in range(2)])")
    first, second = ran.calls
    assert first.stages == ["connect", "response_head"]
    assert second.kinds == ["call_start", "call_response", "call_end"]
    assert second.start["library"] == "urllib3"
    assert second.url == f"http://127.0.0.1:{server.port}/a"
    assert (second.part("request_wire"), second.part("response_wire")) == (server.requests[1], OK)
    assert second.end["response_size"] == 5


@pytest.mark.parametrize("read", ["list(response.stream(2))", "response.read()", "response.read(1), response.read()"])
def test_chunked_responses(run, read):
    with serving(CHUNKED) as server:
        ran = run(server, f"response = pool.request('GET', url, preload_content=False); print({read})")
    assert ran.call.end["response_size"] == 5
    assert "complete" not in ran.call.end
    assert ran.call.part("response_wire") == CHUNKED


@pytest.mark.parametrize("cut", [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", CHUNKED[:-5]])
def test_chunked_responses_cut_short(run, cut):
    with serving((cut, CLOSE)) as server:
        ran = run(
            server,
            """
response = pool.request("GET", url, preload_content=False)
try:
    list(response.stream(2))
except Exception as error:
    print(type(error).__name__)""",
        )
    assert ran.call.end["complete"] is False
    assert "error_type" in ran.call.end


def test_retries_are_one_record_each(run):
    refusal = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"
    with serving((CLOSE,), refusal, OK) as server:
        ran = run(
            server,
            """
retries = urllib3.util.retry.Retry(total=3, status_forcelist=[503], backoff_factor=0)
print(pool.request("GET", url, retries=retries).data)""",
        )
    dropped, busy, done = ran.calls
    assert dropped.end["stage"] == "response_head"
    assert dropped.end["error_type"].endswith(("RemoteDisconnected", "ProtocolError"))
    assert dropped.end["time"] <= busy.start["time"]
    assert [call.response["status"] for call in (busy, done)] == [503, 200]
    assert "complete" not in busy.end


def test_redirects_are_one_record_each(run):
    found = b"HTTP/1.1 303 See Other\r\nLocation: /next\r\nContent-Length: 3\r\n\r\nabc"
    with serving(found, OK) as server:
        ran = run(server, "print(pool.request('POST', url + '/first', body=b'x', retries=2).data)")
    assert [(call.method, call.url[-5:], call.response["status"]) for call in ran.calls] == [
        ("POST", "first", 303),
        ("GET", "/next", 200),
    ]


@pytest.mark.parametrize(
    ("body", "slow"), [("b'x' * 100", False), ("b'x' * 9000", True), ("iter([b'a', b'b'])", True), ("'text'", False)]
)
def test_bodies(run, body, slow):
    with serving(OK) as server:
        ran = run(server, f"print(pool.request('POST', url, body={body}, headers={{}}).data)")
    assert ("request" in ran.call.stages) == slow
    assert server.requests[0].startswith(ran.call.part("request_wire"))
    assert ran.call.end["request_size"] == {"b'x' * 100": 100, "b'x' * 9000": 9000, "'text'": 4}.get(body, 2)


def test_a_pool_that_blocks_is_a_stage(run):
    with serving(OK) as server:
        ran = run(server, "pool = urllib3.PoolManager(block=True, maxsize=1); print(pool.request('GET', url).data)")
    assert ran.call.stages == ["queue", "connect", "response_head"]


def test_a_call_inside_the_body_of_another_is_its_own(run):
    with serving(OK, OK) as server:
        ran = run(
            server,
            """
def body():
    yield b"a"
    import urllib.request
    urllib.request.urlopen(url + "/inner").read()
    yield b"b"
print(pool.request("PUT", url + "/outer", body=body()).data)""",
        )
    outer, inner = ran.calls
    assert (outer.url[-6:], inner.url[-6:]) == ("/outer", "/inner")
    assert outer.stages == ["connect", "request", "response_head"]
    assert outer.end["request_size"] == 2


def test_tls_and_its_failure_are_a_stage(run, tmp_path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with serving(OK, context=context) as server:
        ran = run(
            server,
            f"""
url = url.replace("http:", "https:")
try:
    pool.request("GET", url)
except Exception as error:
    print(type(error).__name__)
print(urllib3.PoolManager(ca_certs={str(tmp_path / "ca.pem")!r}).request("GET", url).data)""",
        )
    refused, fine = ran.calls
    assert refused.stages == ["connect", "tls"]
    assert refused.end["error_type"].endswith(("SSLError", "SSLCertVerificationError"))
    assert fine.stages == ["connect", "tls", "response_head"]
    assert fine.part("request_wire") == server.requests[0]


def test_a_tunnel_and_a_forwarding_proxy(run):
    def tunnel(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
        return False

    with serving(tunnel, OK) as server:
        ran = run(
            server,
            """
proxy = urllib3.ProxyManager(url, retries=False)
try:
    proxy.request("GET", "https://inside.example/x")
except Exception as error:
    print(type(error).__name__)
print(proxy.request("GET", "http://inside.example/y").data)""",
        )
    refused, forwarded = ran.calls
    assert (refused.url, refused.stages) == ("https://inside.example/x", ["connect", "proxy"])
    assert refused.end["stage"] == "proxy"
    assert forwarded.url == "http://inside.example/y"
    assert refused.start["proxy"] == forwarded.start["proxy"] == f"http://127.0.0.1:{server.port}"


def test_tracebacks_are_the_same_without_us(run, runner):
    text = """
import traceback
for retries in (False, 1):
    try:
        pool.request("GET", "http://127.0.0.1:1/", retries=retries)
    except Exception:
        print(traceback.format_exc())
try:
    pool.request("GET", url)
except Exception:
    print(traceback.format_exc())
"""
    with serving((CLOSE,)) as server:
        ran = run(server, text)
    program = (runner.folder / "script.py").name
    with serving((CLOSE,)) as server:
        plain = runner.command(run.python, program, str(server.port), wrapped=False)

    def scrubbed(printed):
        return re.sub(r"0x[0-9a-f]+|port=\d+", "0x", printed)

    assert scrubbed(ran.stdout) == scrubbed(plain.stdout)
    assert len(ran.calls) == 4


def test_botocores_own_expect_handling(runner):
    text = f"""
import sys
sys.path.insert(0, {SITE!r})
import io
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
url = "http://127.0.0.1:" + sys.argv[1] + "/key"
request = AWSRequest("PUT", url, headers={{"Expect": b"100-continue"}}, data=io.BytesIO(b"q" * 300))
print(URLLib3Session().send(request.prepare()).content)
"""

    def expecting(connection):
        head = connection.recv(65536)
        assert b"100-continue" in head
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = b""
        while len(body) < 300:
            body += connection.recv(65536)
        connection.sendall(OK)

    def refusing(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 307 Moved\r\nContent-Length: 2\r\n\r\nno")

    for serve, status, size in ((expecting, 200, 300), (refusing, 307, 0)):
        for path in runner.spool.iterdir():
            path.unlink()
        with serving(serve) as server:
            ran = runner.run(sys.executable, text, str(server.port))
        assert ran.call.response["status"] == status
        assert ran.call.stages == ["connect", "request", "response_head"]
        assert ran.call.end["request_size"] == size
        assert "complete" not in ran.call.end
