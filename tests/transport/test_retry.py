"""Posts to real receivers: what is tried again, what is final, and that no wait is longer than the budget."""

import gzip
import socket
import ssl
import threading
import time

import pytest
import trustme

from aftercall.transport.http import Transport
from aftercall.transport.retry import deliver
from aftercall.transport.tls import TlsFiles
from tests.exporters.receivers import ok, receiver, say

BODY = b'{"a":1}'


def transport(url: str, environment: dict | None = None, **settings) -> Transport:
    made = Transport(url, (("x-tenant", "blue"),), environment or {}, **settings)
    made.prepare()
    return made


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


def test_a_post_arrives_with_its_headers() -> None:
    with receiver() as server:
        delivery = deliver(transport(f"http://127.0.0.1:{server.server_port}/v1/traces"), BODY, soon())
    assert delivery.reason == ""
    ((path, headers, body),) = server.requests
    assert (path, headers["x-tenant"], headers["content-type"], body) == (
        "/v1/traces",
        "blue",
        "application/json",
        BODY,
    )


def test_gzip() -> None:
    with receiver() as server:
        deliver(transport(f"http://127.0.0.1:{server.server_port}/", gzip=True), BODY, soon())
    ((_, headers, body),) = server.requests
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == BODY


def test_ipv6() -> None:
    with receiver(family=socket.AF_INET6) as server:
        assert deliver(transport(f"http://[::1]:{server.server_port}/"), BODY, soon()).reason == ""
    assert len(server.requests) == 1


def test_a_custom_ca_is_trusted_and_no_other(tmp_path) -> None:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with receiver(tls=context) as server:
        url = f"https://localhost:{server.server_port}/"
        assert deliver(transport(url, tls=TlsFiles(str(tmp_path / "ca.pem"))), BODY, soon()).reason == ""
        refused = deliver(transport(url), BODY, soon())
    assert len(server.requests) == 1
    assert "SSLCertVerificationError" in refused.reason
    assert "localhost" in refused.reason


def test_a_proxy_is_asked_for_the_whole_url() -> None:
    with receiver() as proxy:
        environment = {"HTTP_PROXY": f"http://user:pass@127.0.0.1:{proxy.server_port}"}
        assert deliver(transport("http://collector.example/v1/traces", environment), BODY, soon()).reason == ""
    ((path, headers, _),) = proxy.requests
    assert path == "http://collector.example/v1/traces"
    assert headers["proxy-authorization"].startswith("Basic ")


def test_no_proxy_is_followed() -> None:
    with receiver() as server:
        environment = {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "localhost"}
        assert deliver(transport(f"http://localhost:{server.server_port}/", environment), BODY, soon()).reason == ""


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_passing_trouble_is_tried_once_more(status: int) -> None:
    def answer(handler, number) -> None:
        say(handler, status if number == 0 else 200)

    with receiver(answer) as server:
        assert deliver(transport(f"http://127.0.0.1:{server.server_port}/"), BODY, soon()).reason == ""
    assert len(server.requests) == 2


def test_retry_after_beyond_the_budget_is_for_the_next_flush() -> None:
    with receiver(lambda handler, _: say(handler, 503, Retry_After="30")) as server:
        delivery = deliver(transport(f"http://127.0.0.1:{server.server_port}/"), BODY, soon(1))
    assert len(server.requests) == 1
    assert not delivery.is_final
    assert delivery.not_before > soon(20)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_a_refusal_is_final(status: int) -> None:
    with receiver(lambda handler, _: say(handler, status)) as server:
        delivery = deliver(transport(f"http://127.0.0.1:{server.server_port}/"), BODY, soon())
    assert len(server.requests) == 1
    assert delivery.is_final
    assert str(status) in delivery.reason


def test_a_connection_that_died_in_the_freeze_is_made_anew() -> None:
    def answer(handler, number) -> None:
        ok(handler, number)
        if number == 0:
            handler.close_connection = True  # without notice, like a router that drops it

    with receiver(answer) as server:
        made = transport(f"http://127.0.0.1:{server.server_port}/")
        assert deliver(made, BODY, soon()).reason == ""
        assert deliver(made, BODY, soon()).reason == ""
    assert len(server.requests) == 2


def test_a_receiver_that_never_answers_costs_the_budget_and_no_more() -> None:
    released = threading.Event()
    with receiver(lambda _handler, _: released.wait(30)) as server:
        began = time.monotonic()
        delivery = deliver(transport(f"http://127.0.0.1:{server.server_port}/", timeout=60), BODY, soon(0.5))
        took = time.monotonic() - began
        released.set()
    assert delivery.reason
    assert not delivery.is_final
    # Far above the budget, for a busy machine, and far below the thirty seconds of the receiver.
    assert took < 15


def test_a_secret_in_the_endpoint_is_not_told() -> None:
    delivery = deliver(transport("http://user:hunter2@127.0.0.1:9/?api_key=hunter2"), BODY, soon(1))
    assert "hunter2" not in delivery.reason
    assert "127.0.0.1" in delivery.reason
