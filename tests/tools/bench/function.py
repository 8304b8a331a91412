"""A function's process under the real runtime client, with or without the wrapper, driven one invocation at a time."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.segments import furnish, take_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[3]
FUNCTIONS = Path(__file__).resolve().parent / "functions"
PATIENCE = 60  # seconds for a process to start, or to answer
ARN = "arn:aws:lambda:eu-central-1:123456789012:function:bench"
ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"OK"}'


class Function:
    """One environment: the process, its Runtime API and its spool. `wrapper` is the script that starts it, if any."""

    def __init__(
        self,
        wrapper: Path | None,
        handler: str = "bench_app.handler",
        command: Sequence[str] = (),
        folder: Path = FUNCTIONS,
        stderr: int | None = None,
        **environment: str,
    ) -> None:
        """`command` is another runtime's, with its function in `folder`; else it is awslambdaric with `handler`."""
        self.folder = Path(tempfile.mkdtemp(prefix="aftercall-bench-"))
        self.spool = self.folder / "spool"
        furnish(self.spool, spares=2)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        command = command or [sys.executable, "-m", "awslambdaric", handler]
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [*([str(wrapper)] if wrapper else []), *command],
            cwd=folder,
            stderr=stderr,
            env={
                **kept,
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.listener.getsockname()[1]}",
                "AFTERCALL_SPOOL_DIR": str(self.spool),
                "AWS_EC2_METADATA_DISABLED": "true",
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
        )
        self.number = 0

    def wait_until_started(self) -> None:
        """Return when the runtime has asked for the first event, and so waits."""
        self.connection = self.listener.accept()[0]
        self.connection.settimeout(PATIENCE)
        self._request()

    def cpu_ms(self) -> float:
        """CPU time of the main thread since the fork: what ran before in this process (the shells) included."""
        with open(f"/proc/{self.process.pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e6

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the answer when the next event has been asked for: nothing of this invocation is left to do then."""
        self.number += 1
        body = json.dumps(event).encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-{self.number:012}\r\n"
            f"Lambda-Runtime-Deadline-Ms: 4000000000000\r\nLambda-Runtime-Invoked-Function-Arn: {ARN}\r\n"
            "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419\r\n\r\n"
        )
        self.connection.sendall(head.encode() + body)
        path, answer = self._request()
        assert path.endswith("/response"), f"{path}: {answer.decode()}"
        self.connection.sendall(ACCEPTED)
        self._request()
        take_all(self.spool)
        answered = json.loads(answer)
        return answered if isinstance(answered, dict) else {"answer": answered}

    def _request(self) -> tuple[str, bytes]:
        """The next request's (path, body)."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._received()
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        while length and len(body) < int(length[1]):
            if b"100-continue" in head.lower() and not body:
                self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            body += self._received()
        return head.split()[1].decode(), body

    def _received(self) -> bytes:
        data = self.connection.recv(1 << 20)
        if not data:
            raise ConnectionError(f"the function's process ended with status {self.process.wait(PATIENCE)}")
        return data

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def started(wrapper: Path | None, command: Sequence[str] = (), **settings: Any) -> Iterator[Function]:
    function = Function(wrapper, command=command, **settings)
    try:
        function.wait_until_started()
        yield function
    finally:
        function.close()


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The URL of the server that measured calls go to."""
    server = subprocess.Popen([sys.executable, str(FUNCTIONS / "bench_server.py")], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.kill()
        server.wait(PATIENCE)
