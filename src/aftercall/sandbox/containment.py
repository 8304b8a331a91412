"""The sandbox's side of the warden: starts processes, stops and continues all of them, ends them.

See warden.py for the messages. Which isolation the machine permits is found by trying, from the strongest on.
"""

import asyncio
import contextlib
import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import aftercall
from aftercall.sandbox import process_tree
from aftercall.sandbox.config import SandboxError
from aftercall.sandbox.private_root import RootPlan

_MAX_PACKET = 1 << 20
_CLOSE_SECONDS = 10.0
_START_WARDEN = """
import sys
sys.path.insert(0, sys.argv[1])
from aftercall.sandbox import warden
warden.main(int(sys.argv[2]))
"""
ISOLATIONS = ("namespaces", "mounts", "paths")


class ContainedProcess:
    """`pid` is as seen inside; `exited` gives the wait status (os.waitpid)."""

    def __init__(self, process_id: int) -> None:
        loop = asyncio.get_running_loop()
        self.process_id = process_id
        self.pid = 0
        self.spawned: asyncio.Future[None] = loop.create_future()
        self.exited: asyncio.Future[int] = loop.create_future()


def describe_exit(status: int) -> str:
    """Like Go's os.ProcessState, whose words AWS's messages carry: `exit status 1`, `signal: killed`."""
    if os.WIFSIGNALED(status):
        return f"signal: {signal.strsignal(os.WTERMSIG(status)) or os.WTERMSIG(status)}".lower()
    return f"exit status {os.waitstatus_to_exitcode(status)}"


class Containment:
    """Everything that runs in one environment; `isolation` is one of ISOLATIONS, `refusals` why not a stronger one."""

    def __init__(self, warden: subprocess.Popen[bytes], sock: socket.socket) -> None:
        self.isolation = ""
        self.refusals: list[str] = []
        self._warden = warden
        self._sock = sock
        self._processes: dict[int, ContainedProcess] = {}
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._last_number = 0
        self._root_pid = 0

    @classmethod
    async def start(cls, plan: RootPlan, *, work: str, allowed: Sequence[str]) -> "Containment":
        """The first of `allowed` that the machine permits."""
        refusals: list[str] = []
        for isolation in allowed:
            containment = cls(*_start_warden())
            message = {"set_up": {"isolation": isolation, "work": work, "root": dataclasses.asdict(plan)}}
            containment._sock.send(json.dumps(message).encode())
            try:
                answer = await containment._receive()
            except asyncio.CancelledError:
                containment._sock.close()  # the warden ends by itself
                raise
            if "ready" in answer:
                containment.isolation = isolation
                containment.refusals = refusals
                containment._listen()
                return containment
            refusals.append(f"{isolation}: {answer.get('failed', 'its process ended')}")
            await containment.close()
            # The keeper removes the working folder at its end.
            for path in (plan.tmp, plan.mount_point):
                os.makedirs(path, exist_ok=True)
        raise SandboxError(f"no environment can be made on this machine ({'; '.join(refusals)}): use --isolation auto")

    async def spawn(
        self, argv: Sequence[str], *, environment: Mapping[str, str], cwd: str, output: int
    ) -> ContainedProcess:
        """Start a program with `output` (which is closed here) as stdout and stderr. Raises OSError when exec fails."""
        self._last_number += 1
        process = ContainedProcess(self._last_number)
        self._processes[process.process_id] = process
        message = {"spawn": process.process_id, "argv": list(argv), "env": dict(environment), "cwd": cwd}
        try:
            socket.send_fds(self._sock, [json.dumps(message).encode()], [output])
        finally:
            os.close(output)
        await process.spawned
        return process

    def signal(self, process: ContainedProcess, number: int) -> None:
        if not process.exited.done():
            self._send({"signal": process.process_id, "number": number})

    async def freeze(self) -> None:
        await self._ask("freeze")

    async def thaw(self) -> None:
        await self._ask("thaw")

    async def kill_all(self) -> None:
        """When it returns nothing of the environment runs, and all exits are known."""
        await self._ask("kill_all")

    def processes(self) -> list[process_tree.Process]:
        """What runs in the environment now, the warden left out."""
        states = process_tree.descendants(self._root_pid)
        return [process for state in states if (process := process_tree.describe(state)) is not None]

    def path_of(self, path: str) -> str:
        """A path inside the environment, as this process can open it."""
        return path if self.isolation == "paths" else f"/proc/{self._root_pid}/root{path}"

    async def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._sock.fileno())
        self._sock.close()
        try:
            await asyncio.wait_for(asyncio.to_thread(self._warden.wait), _CLOSE_SECONDS)
        except TimeoutError:
            self._warden.kill()
        self._lose("the sandbox was closed")

    async def _receive(self) -> dict[str, Any]:
        packet = await asyncio.get_running_loop().sock_recv(self._sock, _MAX_PACKET)
        answer: dict[str, Any] = json.loads(packet) if packet else {}
        return answer

    def _listen(self) -> None:
        if self.isolation == "paths":
            self._root_pid = self._warden.pid
        else:
            self._root_pid = process_tree.descendants(self._warden.pid)[0].pid
        asyncio.get_running_loop().add_reader(self._sock.fileno(), self._on_readable)

    def _on_readable(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while packet := self._sock.recv(_MAX_PACKET):
                self._on_message(json.loads(packet))
            asyncio.get_running_loop().remove_reader(self._sock.fileno())
            self._lose("the sandbox's warden process has ended")

    def _on_message(self, message: dict[str, Any]) -> None:
        if "spawned" in message:
            process = self._processes[message["spawned"]]
            process.pid = message["pid"]
            _resolve(process.spawned, None)
        elif "not_spawned" in message:
            process = self._processes.pop(message["not_spawned"])
            if not process.spawned.done():
                process.spawned.set_exception(OSError(message["errno"], os.strerror(message["errno"])))
        elif "exited" in message:
            _resolve(self._processes.pop(message["exited"]).exited, message["status"])
        elif "answered" in message:
            _resolve(self._answers.pop(message["answered"]), message)

    def _lose(self, why: str) -> None:
        """The warden is gone, and with it all that it contained."""
        for process in self._processes.values():
            if not process.spawned.done():
                process.spawned.set_exception(OSError(why))
            _resolve(process.exited, int(signal.SIGKILL))
        self._processes.clear()
        for answer in self._answers.values():
            _resolve(answer, {})
        self._answers.clear()

    async def _ask(self, what: str) -> None:
        self._last_number += 1
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[self._last_number] = answer
        self._send({what: self._last_number})
        await answer

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._sock.send(json.dumps(message).encode())
        except OSError:
            self._lose("the sandbox's warden process has ended")


def _start_warden() -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    packages = os.path.dirname(os.path.dirname(os.path.abspath(aftercall.__file__)))
    with theirs:
        warden = subprocess.Popen(
            [sys.executable, "-S", "-E", "-c", _START_WARDEN, packages, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            # A session of its own, so that Ctrl-C reaches the command alone, which then ends things in order.
            start_new_session=True,
            cwd="/",
        )
    return warden, ours


def _resolve(future: asyncio.Future[Any], value: Any) -> None:
    if not future.done():
        future.set_result(value)
