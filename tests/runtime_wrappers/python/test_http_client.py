"""http.client and urllib: one record an exchange, whatever its course."""

from __future__ import annotations

import os
import socket
import time

import pytest

from .http_server import CLOSE, OK, serving

CLIENT = """
import http.client, json, socket, sys, urllib.error, urllib.request
port = int(sys.argv[1])
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
"""


def run(runner, python, server, text, **environment):
    return runner.run(python, CLIENT + text, str(server.port), **environment)


def test_a_keep_alive_call_without_a_body_costs_three_frames(runner, python):
    with serving(OK, OK) as server:
        ran = run(
            runner,
            python,
            server,
            """for _ in range(2):
                connection.request("GET", "/a?b=1")
                print(connection.getresponse().read())""",
        )
    assert server.connections == 1
    first, second = ran.calls
    assert first.stages == ["connect", "response_head"]
    assert second.kinds == ["call_start", "call_response", "call_end"]
    assert second.stages == ["response_head"]
    assert (second.method, second.url) == ("GET", f"http://127.0.0.1:{server.port}/a?b=1")
    assert second.part("request_wire") == server.requests[1]
    assert second.part("response_wire") == OK
    assert second.end["request_size"] == 0
    assert second.end["response_size"] == 5
    assert "complete" not in second.end
    assert second.start["library"] == "http.client"
    assert "request_id" not in second.start


def test_urllib_names_the_resolver_first(runner, python):
    with serving(OK) as server:
        ran = runner.run(
            python, f"import urllib.request; print(urllib.request.urlopen('http://localhost:{server.port}/').read())"
        )
    assert ran.call.stages == ["dns", "connect", "response_head"]
    assert ran.call.response["status"] == 200


@pytest.mark.parametrize(
    ("body", "size", "wire"),
    [
        ("b'x' * 10", 10, b"x" * 10),
        ("'text'", 4, b"text"),
        ("bytearray(b'y' * 20000)", 20000, b"y" * 4096),
        ("memoryview(b'z' * 9000)", 9000, b"z" * 4096),
        ("iter([b'ab', b'', b'cde'])", 5, b"2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"),
        ("__import__('io').BytesIO(b'f' * 9000)", 9000, b"2000\r\n" + b"f" * 4090),
        ("__import__('io').StringIO('caf\\u00e9')", 4, b"4\r\ncaf\xe9\r\n0\r\n\r\n"),
    ],
)
def test_request_bodies(runner, python, body, size, wire):
    with serving(OK) as server:
        ran = run(
            runner,
            python,
            server,
            f"""
connection.request("POST", "/", body={body})
print(connection.getresponse().read())""",
        )
    head, _, sent = ran.call.part("request_wire").partition(b"\r\n\r\n")
    assert server.requests[0].startswith(head + b"\r\n\r\n" + sent[:4000])
    assert sent == wire
    assert ran.call.end["request_size"] == size
    slow = "iter" in body or "IO" in body or size > 8192
    assert ("request" in ran.call.stages) == slow


@pytest.mark.parametrize(
    "body", ["b'q' * 300", "__import__('io').BytesIO(b'q' * 300)", "[b'q' * 100] * 3", "(b'q' for _ in range(300))"]
)
def test_a_body_sent_by_hand_is_announced_before_it_comes(runner, python, body):
    with serving(OK) as server:
        ran = run(
            runner,
            python,
            server,
            f"""
connection.putrequest("PUT", "/")
connection.putheader("Content-Length", "300")
connection.endheaders()
connection.send({body})
print(connection.getresponse().read())""",
        )
    assert ran.call.stages == ["connect", "request", "response_head"]
    assert ran.call.end["request_size"] == 300
    assert ran.call.part("request_wire") == server.requests[0]


def test_an_exception_of_the_users_body_is_the_users(runner, python):
    text = """
import traceback
def blocks():
    yield b"a"
    raise KeyError("mine")
class File:
    def read(self, size):
        raise OSError("my file")
for body in (blocks(), File()):
    for send in (lambda: connection.request("POST", "/", body=body), lambda: connection.send(body)):
        try:
            send()
        except Exception:
            print(traceback.format_exc())
        connection.close()
"""
    with serving(OK, OK, OK, OK) as server:
        ran = run(runner, python, server, text)
    with serving(OK, OK, OK, OK) as server:
        plain = runner.run(python, CLIENT + text, str(server.port), wrapped=False)
    assert ran.stdout == plain.stdout
    assert [call.end.get("error_type") for call in ran.calls][:1] == ["KeyError"]


@pytest.mark.parametrize(
    ("answer", "method", "size", "complete"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", "GET", 0, True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "GET", 0, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD", 0, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET", 0, True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "GET", 5, True),
        ((b"HTTP/1.0 200 OK\r\n\r\nto the end", CLOSE), "GET", 10, True),
        ((b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nabc", CLOSE), "POST", 3, True),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", CLOSE), "GET", 3, False),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", CLOSE), "GET", None, False),
    ],
)
def test_response_bodies(runner, python, answer, method, size, complete):
    with serving(answer) as server:
        ran = run(
            runner,
            python,
            server,
            f"""
connection.request("{method}", "/")
response = connection.getresponse()
try:
    response.read()
except http.client.IncompleteRead as error:
    print(error)""",
        )
    call = ran.call
    assert call.part("response_wire") == (answer if isinstance(answer, bytes) else b"".join(answer))
    assert ("complete" not in call.end) == complete
    if size is not None and complete:
        assert call.end["response_size"] == size
    if not complete:
        assert call.end["error_type"] == "http.client.IncompleteRead"


@pytest.mark.parametrize(
    "leave",
    [
        "response.read(100); response.close()",
        "response.read(100); del response; __import__('gc').collect()",
        "response.close()",
        "del response",
    ],
)
def test_a_response_given_up_is_not_complete(runner, python, leave):
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\nConnection: close\r\n\r\n" + b"x" * 300_000) as server:
        ran = run(
            runner, python, server, f"connection.request('GET', '/'); response = connection.getresponse(); {leave}"
        )
    assert ran.call.end["complete"] is False
    assert "error_type" not in ran.call.end
    assert ran.call.end["response_size"] == (100 if "read" in leave else 0)
    assert len(ran.call.part("response_wire").partition(b"\r\n\r\n")[2]) <= 4096


def test_a_response_never_read_still_has_its_head(runner, python):
    with serving(OK) as server:
        ran = run(
            runner,
            python,
            server,
            "connection.request('GET', '/'); response = connection.getresponse(); sys.stdout.flush()"
            "; __import__('os').kill(__import__('os').getpid(), 0)",
        )
    assert ran.call.response["status"] == 200


def refused(server):
    server.listener.close()


@pytest.mark.parametrize(
    ("answer", "stage", "error"),
    [
        ((CLOSE,), "response_head", "http.client.RemoteDisconnected"),
        (b"garbage\r\n\r\n", "response_head", "http.client.BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\n" + b"x" * 70000, "response_head", "http.client.LineTooLong"),
        (lambda connection: time.sleep(3), "response_head", "TimeoutError"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", b""), "response_body", "IncompleteRead"),
    ],
)
def test_errors_name_their_stage(runner, python, answer, stage, error):
    with serving(answer) as server:
        ran = run(
            runner,
            python,
            server,
            """
connection.timeout = 1
try:
    connection.request("GET", "/")
    connection.getresponse().read()
except (OSError, http.client.HTTPException) as error:
    print(type(error).__name__)""",
        )
    assert ran.call.end["stage"] == stage
    assert ran.call.end["error_type"].endswith(
        (error, "socket.timeout" if error == "TimeoutError" else error, "timeout")
    )
    assert ran.call.end["complete"] is False


def test_a_time_out_while_the_body_is_read(runner, python):
    def hang(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        time.sleep(3)

    with serving(hang) as server:
        ran = run(
            runner,
            python,
            server,
            """
connection.timeout = 1
connection.request("GET", "/")
try:
    connection.getresponse().read()
except OSError:
    pass""",
        )
    assert ran.call.end["stage"] == "response_body"
    assert ran.call.end["error_type"].rpartition(".")[2] in ("timeout", "TimeoutError")
    assert ran.call.part("response_wire").endswith(b"\r\n\r\nabc")


def test_refused_and_unknown_hosts(runner, python):
    with socket.socket() as closed:  # bound, but nobody listens
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        ran = runner.run(
            python,
            f"""
        import urllib.request
        for url in ("http://127.0.0.1:{port}/", "http://no-such-host.invalid/x"):
            try:
                urllib.request.urlopen(url)
            except OSError as error:
                print(error)
        """,
        )
    refused, unknown = ran.calls
    assert (refused.end["error_type"], refused.end["stage"]) == ("ConnectionRefusedError", "connect")
    assert refused.part("request_wire") == b""
    assert (unknown.end["error_type"], unknown.end["stage"]) == ("socket.gaierror", "dns")
    assert unknown.url == "http://no-such-host.invalid/x"


def test_an_explicit_connect_belongs_to_the_request_after_it(runner, python):
    with serving(OK) as server:
        ran = run(
            runner,
            python,
            server,
            "connection.connect(); connection.request('GET', '/x'); connection.getresponse().read()",
        )
    assert (ran.call.start["method"], ran.call.method) == ("", "GET")
    assert ran.call.url.endswith("/x")
    assert ran.call.stages == ["connect", "response_head"]


def test_misuse_is_the_users_own_error_and_no_record(runner, python):
    with serving(OK, OK) as server:
        ran = run(
            runner,
            python,
            server,
            """
connection.request("GET", "/1")
try:
    connection.request("GET", "/2")
except http.client.CannotSendRequest:
    print("cannot")
first = connection.getresponse()
connection.request("GET", "/3")
try:
    connection.getresponse()
except http.client.ResponseNotReady:
    print("not ready")
first.read()
print(connection.getresponse().read())""",
        )
    assert ran.stdout == "cannot\nnot ready\nb'hello'\n"
    assert [call.url[-2:] for call in ran.calls] == ["/1", "/3"]
    assert all("error_type" not in call.end and call.end["response_size"] == 5 for call in ran.calls)


def test_an_answer_before_the_body_was_taken(runner, python):
    def early(connection):
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        time.sleep(0.3)

    with serving(early) as server:
        ran = run(
            runner,
            python,
            server,
            """
try:
    connection.request("POST", "/", body=b"x" * 30_000_000)
except (BrokenPipeError, ConnectionResetError):
    print("broken")
try:
    print(connection.getresponse().status)
except OSError as error:
    print(type(error).__name__)""",
        )
    assert ran.call.end is not None
    assert "request" in ran.call.stages


def test_connection_closed_without_a_response(runner, python):
    with serving(OK) as server:
        ran = run(runner, python, server, "connection.request('GET', '/'); connection.close(); print(1)")
    assert ran.call.end["complete"] is False
    assert ran.call.response is None


def test_a_proxy_tunnel(runner, python):
    def proxy(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return True

    with serving(proxy, OK) as server:
        ran = run(
            runner,
            python,
            server,
            "connection.set_tunnel('inside.example', 8080); connection.request('GET', '/t');"
            "print(connection.getresponse().read())",
        )
    assert ran.call.stages == ["connect", "proxy", "response_head"]
    assert ran.call.url == "http://inside.example:8080/t"
    assert ran.call.start["proxy"] == f"http://127.0.0.1:{server.port}"
    assert ran.call.part("request_wire") == server.requests[0]
    assert ran.call.part("response_wire") == OK


def test_a_refusing_proxy(runner, python):
    with serving(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as server:
        ran = run(
            runner,
            python,
            server,
            """
connection.set_tunnel("inside.example", 8080)
try:
    connection.request("GET", "/t")
except OSError as error:
    print(error)""",
        )
    assert ran.call.end["stage"] == "proxy"
    assert ran.call.end["error_type"] == "OSError"


def test_an_http_proxy_gets_the_whole_url(runner, python):
    with serving(OK) as server:
        ran = runner.run(
            python,
            f"""
            import urllib.request
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({{"http": "http://127.0.0.1:{server.port}"}}))
            print(opener.open("http://inside.example/p?q=1").read())
            """,
        )
    assert ran.call.url == "http://inside.example/p?q=1"
    assert ran.call.start["proxy"] == f"http://127.0.0.1:{server.port}"


def test_redirects_are_one_record_each(runner, python):
    with serving(b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 3\r\n\r\nabc", OK) as server:
        ran = run(runner, python, server, "urllib.request.urlopen(f'http://127.0.0.1:{port}/first').read()")
    assert [(call.url[-5:], call.response["status"]) for call in ran.calls] == [("first", 302), ("/next", 200)]
    assert all(call.end["time"] for call in ran.calls)


def test_excluded_hosts_and_the_runtime_api(runner, python):
    with serving(OK, OK) as server:
        text = "connection.request('POST', '/', body=b'secret'); connection.getresponse().read()"
        ran = run(runner, python, server, text, AFTERCALL_EXCLUDE_HOSTS="other, 127.0.0.1")
        assert ran.call.start["bodies"] == "excluded"
        assert not any(frame.payload for frame in ran.frames)
        assert ran.call.response["status"] == 200
        for path in runner.spool.iterdir():
            path.unlink()
        ran = run(runner, python, server, text, AWS_LAMBDA_RUNTIME_API=f"127.0.0.1:{server.port}")
    assert ran.frames == []


def test_capture_bytes_is_the_users_choice(runner, python):
    with serving(OK) as server:
        ran = run(
            runner,
            python,
            server,
            "connection.request('POST', '/', body=b'abcdef'); connection.getresponse().read()",
            AFTERCALL_CAPTURE_BYTES="3",
        )
    assert ran.call.part("request_wire").endswith(b"\r\n\r\nabc")
    assert ran.call.part("response_wire").endswith(b"\r\n\r\nhel")


@pytest.mark.parametrize("cut", ["folder", "nothing"])
def test_a_killed_process_leaves_its_call_and_stage(runner, python, cut):
    def hang(connection):
        connection.recv(65536)
        time.sleep(60)

    with serving(hang) as server:
        process_text = CLIENT + "connection.request('GET', '/hangs'); connection.getresponse()"
        import subprocess

        process = subprocess.Popen(
            ["/bin/sh", runner.wrapper / "wrapper", python, runner.script(process_text), str(server.port)],
            env=runner.environment(),
        )
        from .conftest import Ran, read_spool

        deadline = time.monotonic() + 60
        while not any(b'"response_head"' in path.read_bytes() for path in runner.spool.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.kill(process.pid, 9)
        process.wait()
    call = Ran(0, "", "", read_spool(runner.spool)).call
    assert call.end is None
    assert call.stages[-1] == "response_head"
    assert call.url.endswith("/hangs")
