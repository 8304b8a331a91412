"""urllib3's connections that are not http.client's: urllib3.future under niquests, and urllib3's own HTTP/2."""

from __future__ import annotations

import sys

import pytest

from tests.promises import packages
from tests.scenarios import scripts
from tests.scenarios.scripts import answer, http
from tests.scenarios.sites import Sites

from .http_server import CLOSE, OK, serving
from .test_urllib3 import CHUNKED, SITE

VERSION = "{}.{}".format(*sys.version_info)
NIQUESTS = """
import sys
sys.path[:0] = [{packages!r}]
import niquests
session = niquests.Session(disable_http3=True, disable_ipv6=True)
session.trust_env = False
url = "http://127.0.0.1:" + sys.argv[1] + "/"
try:
    {text}
except Exception as error:
    print(type(error).__name__)
"""


@pytest.fixture
def niquests(runner):
    folder = str(packages.installed("niquests", sys.executable, VERSION))

    def run(server, text):
        return runner.run(sys.executable, NIQUESTS.format(packages=folder, text=text), str(server.port))

    return run


def silent(connection):
    connection.recv(65536)
    connection.settimeout(20)
    connection.recv(1)


def silent_in_body(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n123456789")
    connection.settimeout(20)
    connection.recv(1)


CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n123456789"
NO_BODY = b"HTTP/1.1 204 No\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "text", "stages", "size", "complete"),
    [
        (OK, "print(session.get(url).content)", ["connect", "response_head"], 5, True),
        (OK, "print(session.get(url, stream=True).content)", ["connect", "response_head"], 5, True),
        (OK, "print(session.post(url, data=b'abc').content)", ["connect", "request", "response_head"], 5, True),
        (CHUNKED, "print(session.get(url).content)", ["connect", "response_head"], 5, True),
        (NO_BODY, "print(session.get(url).content)", ["connect", "response_head"], 0, True),
        ((CUT, CLOSE), "print(session.get(url).content)", ["connect", "response_head"], None, False),
        ((CUT, CLOSE), "print(session.get(url, stream=True).content)", ["connect", "response_head"], None, False),
        (silent_in_body, "session.get(url, timeout=0.3).content", ["connect", "response_head"], None, False),
        (OK, "session.get(url, stream=True).close()", ["connect", "response_head"], None, None),
    ],
    ids=["whole", "streamed", "posted", "chunked", "no-body", "cut", "cut-streamed", "silent-body", "closed"],
)
def test_niquests(niquests, answer, text, stages, size, complete):
    with serving(answer) as server:
        ran = niquests(server, text)
    call = ran.call
    assert call.stages == stages
    assert call.response["status"] in (200, 204)
    assert size is None or call.end["response_size"] == size
    assert complete is None or call.end.get("complete", True) is complete
    assert complete is not False or "error_type" in call.end
    assert ran.of_kind("drops") == []


def test_what_hangs_in_the_response_is_told_so(niquests):
    with serving(silent) as server:
        ran = niquests(server, "session.get(url, timeout=0.3)")
    assert ran.call.stages == ["connect", "response_head"]
    assert (ran.call.end["stage"], ran.call.response) == ("response_head", None)


def test_a_multiplexed_request_is_one_call_and_no_fault(niquests):
    with serving(OK) as server:
        ran = niquests(
            server, "session.multiplexed = True; answer = session.get(url); session.gather(); answer.content"
        )
    assert ran.of_kind("drops") == []
    assert ran.calls


HTTP2 = """
import sys
sys.path[:0] = [{site!r}]
import urllib3, urllib3.http2
urllib3.http2.inject_into_urllib3()
pool = urllib3.PoolManager(retries=False, ca_certs={trust!r}, timeout=1)
try:
    {text}
except Exception as error:
    print(type(error).__name__)
"""


@pytest.fixture
def sites():
    found = Sites()
    yield found
    found.close()


def test_urllib3s_own_http2(runner, sites):
    site = sites.add(http(answer()), "h2", tls=True)
    program = HTTP2.format(
        site=SITE,
        trust=sites.authority.trust,
        text="""
    first = pool.request("GET", "{url}")
    second = pool.request("POST", "{url}", body=b"abc")
    print(first.status, len(first.data), second.version)""".format(url=site.base + "/"),
    )
    ran = runner.run(sys.executable, program)
    status, size, version = ran.stdout.split()
    assert version == "20"
    first, second = ran.calls
    assert "request" not in first.stages
    assert first.stages[-1] == second.stages[-1] == "response_head"
    assert (first.response["status"], first.end["response_size"]) == (int(status), int(size))
    assert first.part("response_head").startswith(b"HTTP/2 200")
    assert second.part("request_body") == b"abc"
    assert ran.of_kind("drops") == []


def test_what_hangs_in_urllib3s_http2_is_told_so(runner, sites):
    site = sites.add(http(scripts.silent_in_body), "h2", tls=True)
    text = f"pool.request('GET', {site.base + '/'!r})"
    ran = runner.run(sys.executable, HTTP2.format(site=SITE, trust=sites.authority.trust, text=text))
    assert ran.call.end["stage"] == "response_head"
    assert "error_type" in ran.call.end
