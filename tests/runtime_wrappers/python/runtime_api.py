"""A Runtime API of a few lines for unit tests: hands out events, keeps what is posted. The sandbox is the real one."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:demo"


class RuntimeApi:
    """`events` are bytes; `posts` holds (path, body) in order, `trailers` what came after chunked bodies.

    With no event left, `next` sets `idle` and ends the runtime by 410, or with `holds` waits until close().
    """

    def __init__(self, *events: bytes, holds: bool = False):
        self.events, self.given = list(events), 0
        self.posts: list[tuple[str, bytes]] = []
        self.trailers: list[str] = []
        self.idle, self.closing = threading.Event(), threading.Event()
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if not api.events:
                    api.idle.set()
                if not api.events and holds:
                    api.closing.wait()
                    self.close_connection = True
                    return
                if not api.events:
                    self.answer(410, b'{"errorMessage":"no more events","errorType":"Gone"}', {})
                    return
                api.given += 1
                headers = {
                    "Lambda-Runtime-Aws-Request-Id": f"request-{api.given}",
                    "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 3000),
                    "Lambda-Runtime-Invoked-Function-Arn": ARN,
                    "Lambda-Runtime-Trace-Id": f"Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e70{api.given};Sampled=1",
                }
                self.answer(200, api.events.pop(0), headers)

            def do_POST(self):
                chunked = self.headers.get("Transfer-Encoding", "") == "chunked"
                body = read_chunks(self.rfile, api.trailers) if chunked else self.rfile.read(self.length)
                api.posts.append((self.path.partition("/runtime/")[2], body))
                self.answer(202, b'{"status":"OK"}', {})

            @property
            def length(self):
                return int(self.headers.get("Content-Length", 0))

            def answer(self, status, body, headers):
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def read_chunks(file, trailers: list[str]) -> bytes:
    body = b""
    while size := int(file.readline(), 16):
        body += file.read(size)
        file.readline()
    while trailer := file.readline().strip():
        trailers.append(trailer.decode())
    return body
