"""Plain HTTP without urllib3: answers of every shape, whole and byte by byte, and connections that are kept or not."""

import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercall.http1.answer import AnswerReader, BadAnswerError
from aftercall.transport.http import Transport
from aftercall.transport.outcome import TransportError
from aftercall.transport.retry import deliver
from tests.exporters.receivers import receiver, say

MAX_BODY = 32
OK = b"HTTP/1.1 200 OK\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nX: y\r\n\r\n"
WHOLE = {
    "counted": (OK + b"Content-Length: 2\r\n\r\n{}", 200, b"{}", True),
    "empty": (OK + b"Content-Length: 0\r\n\r\n", 200, b"", True),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
    "no reason phrase": (b"HTTP/1.1 503\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", 503, b"", True),
    "chunked": (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n", 200, b"{}", True),
    "trailers": (OK + b"transfer-encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\nExpires: 0\r\n\r\n", 200, b"{}", True),
    "a chunk that looks like the last": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n",
        200,
        b"0\r\n\r\n",
        True,
    ),
    "interim": (INTERIM + OK + b"Content-Length: 0\r\n\r\n", 200, b"", True),
    "closed": (OK + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}", False),
    "old": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}", False),
    "old and kept": (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}", True),
    "more than it says": (OK + b"Content-Length: 2\r\n\r\n{}HTTP/1.1 200", 200, b"{}", False),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_a_whole_answer(name: str, size: int) -> None:
    data, status, body, reusable = WHOLE[name]
    reader = AnswerReader(MAX_BODY)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    whole = next(number for number, piece in enumerate(pieces, 1) if reader.feed(piece))
    assert (reader.status, reader.body) == (status, body)
    assert reader.reusable == (reusable or (size == 1 and name == "more than it says"))
    assert whole == len(pieces) or name == "more than it says"


def test_without_a_length_the_end_ends_it() -> None:
    reader = AnswerReader(MAX_BODY)
    assert not reader.feed(OK + b"\r\n{")
    assert not reader.feed(b"}")
    assert reader.feed(b"")
    assert (reader.body, reader.reusable) == (b"{}", False)


@pytest.mark.parametrize(
    "head", [b"Content-Length: 1000\r\n\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n3e8\r\n"]
)
def test_a_long_body_is_cut(head: bytes) -> None:
    reader = AnswerReader(MAX_BODY)
    assert reader.feed(OK + head + b"x" * 500)
    assert (reader.body, reader.reusable) == (b"x" * MAX_BODY, False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 20",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 two\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: 9\r\n\r\n{}",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
    ],
)
def test_what_is_no_answer_is_said_to_be_none(data: bytes) -> None:
    reader = AnswerReader(MAX_BODY)
    pieces = iter([data, b""])
    with pytest.raises(BadAnswerError):
        any(map(reader.feed, pieces))
    assert not reader.reusable


@given(st.lists(st.binary(max_size=40), max_size=8), st.booleans())
def test_any_bytes_come_to_an_end(pieces: list[bytes], is_answer: bool) -> None:
    reader = AnswerReader(MAX_BODY)
    try:
        for piece in [OK, *pieces] if is_answer else pieces:
            if piece and reader.feed(piece):
                return
        reader.feed(b"")
    except BadAnswerError:
        assert not reader.reusable


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


def test_a_refusal_in_the_middle_of_the_request_is_heard() -> None:
    """Who finds it too large may say so and close before all of it was sent."""
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
