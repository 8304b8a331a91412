"""Plain HTTP without urllib3: connections that are kept or not, and how long an exchange may take."""

import socket
import threading
import time

import pytest

from aftercall.transport.http import Transport
from aftercall.transport.outcome import TransportError
from aftercall.transport.retry import deliver
from tests.exporters.receivers import receiver, say


def test_one_connection_serves_many_posts() -> None:
    ports = set()

    def answer(handler, number) -> None:
        ports.add(handler.client_address[1])
        say(handler, 200)

    with receiver(answer) as server:
        made = Transport(f"http://localhost:{server.server_port}/a b?c=d#e", (), {})
        assert [made.post(b"{}", 5).status for _ in range(3)] == [200] * 3
    assert len(ports) == 1
    path, headers, _ = server.requests[0]
    assert path == "/a%20b?c=d"
    assert headers["host"] == f"localhost:{server.server_port}"


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7", "[::1]", "[fd00::7]", "localhost"])
def test_what_needs_no_name_server_ends_in_time(host: str) -> None:
    made = Transport(f"http://{host}:4318/", (), {})
    assert made.may_hang, "not prepared yet"
    made.prepare()
    assert not made.may_hang


@pytest.mark.parametrize("url", ["http://collector.internal:4318/", "http://4318.example/", "https://127.0.0.1/"])
def test_what_may_wait_longer_than_it_is_given(url: str) -> None:
    made = Transport(url, (), {})
    made.prepare()
    assert made.may_hang


def test_a_refusal_in_the_middle_of_the_request_is_heard() -> None:
    """A receiver that finds it too large may answer and close before all of it was sent."""
    listener = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        connection, _ = listener.accept()
        connection.recv(1_000)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 20):
            pass
        connection.close()

    thread = threading.Thread(target=refuse)
    thread.start()
    with listener:
        made = Transport(f"http://127.0.0.1:{listener.getsockname()[1]}/", (), {})
        assert made.post(b"x" * 3_000_000, 20).status == 413
        made.forget_connections()
        thread.join()


def test_an_answer_drop_by_drop_does_not_stretch_the_time() -> None:
    stopped = threading.Event()

    def drip(handler, _number) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not stopped.wait(0.05):
            handler.wfile.write(b"x")

    with receiver(drip) as server:
        delivery = deliver(Transport(f"http://127.0.0.1:{server.server_port}/", (), {}), b"{}", time.monotonic() + 0.5)
        stopped.set()
    assert "TimeoutError" in delivery.reason


@pytest.mark.parametrize("header", [("x-a", "b\r\nx-injected: c"), ("x-a\nb", "c")])
def test_a_header_with_a_line_break_is_refused_before_anything_is_sent(header: tuple[str, str]) -> None:
    with pytest.raises(TransportError, match=r"header 'x-a' holds a line break"):
        Transport("http://127.0.0.1:9/", (header,), {}).prepare()
