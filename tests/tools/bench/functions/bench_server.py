"""The server that the measured calls go to, in a process of its own: HTTP/1.1, kept alive, one small answer to all.

python bench_server.py ADDRESS      prints its port
"""

import itertools
import re
import socketserver
import sys

BODY = b'{"Item":{"id":{"S":"1"},"name":{"S":"a small answer, as most are"}}}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n" % len(BODY)
ANSWER = HEAD + b"x-amzn-RequestId: 4KBNVRGD25RG1K%010d\r\n\r\n" + BODY
numbers = itertools.count(1)  # of requests: some tracers take calls with one id for one call


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        waiting = b""
        while data := self.request.recv(65536):
            waiting += data
            while (end := self.end_of_request(waiting)) is not None:
                waiting = waiting[end:]
                self.request.sendall(ANSWER % next(numbers))

    @staticmethod
    def end_of_request(data):
        head, blank, body = data.partition(b"\r\n\r\n")
        if not blank:
            return None
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        size = int(length[1]) if length else 0
        return None if len(body) < size else len(head) + 4 + size


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


if __name__ == "__main__":
    with Server((sys.argv[1], 0), Connection) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
