"""The process that contains an execution environment: parent of everything in it, and its end is theirs.

    sandbox  --socket pair-->  keeper (stays on the machine's mounts)  --fork-->  warden (PID 1 of the environment)

Without namespaces keeper and warden are one process, a subreaper. The socket's end of file means that the sandbox is
gone, however it went: the warden then kills all that is left, and the keeper removes the working folder.

Messages are JSON objects, one a packet (SOCK_SEQPACKET). Sandbox to warden:

    {"set_up": {"isolation": .., "work": .., "root": {..}}}     first; `root` as private_root.RootPlan
    {"spawn": id, "argv": [..], "env": {..}, "cwd": ".."}        with one descriptor, for stdout and stderr
    {"signal": id, "number": n}
    {"freeze": n}  {"thaw": n}  {"kill_all": n}                  answered by {"answered": n, ...}

Warden to sandbox:

    {"ready": true}  or  {"failed": "why"}
    {"spawned": id, "pid": n}  or  {"not_spawned": id, "errno": n}
    {"exited": id, "status": wait status}

Standard library only: it starts with every sandbox, and must be whole in memory before the mounts change.
"""

import contextlib
import json
import os
import resource
import selectors
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from aftercall.sandbox import kernel_calls, private_root, process_tree

_MAX_PACKET = 1 << 20
_SETTLE_SECONDS = 5.0
_OPEN_FILES = 1024  # Lambda's limit


def main(descriptor: int) -> None:
    os.set_inheritable(descriptor, False)
    sock = socket.socket(fileno=descriptor)
    packet = sock.recv(_MAX_PACKET)
    if not packet:
        return
    set_up = json.loads(packet)["set_up"]
    # Imported now: once the sandbox is gone its packages may be, too.
    import shutil  # noqa: PLC0415 - 8 ms that overlap the sandbox's own start

    try:
        if set_up["isolation"] == "paths":
            kernel_calls.adopt_orphans()
            _Warden(sock, alone=False).serve()
        else:
            _keep(sock, set_up)
    except OSError as error:
        _send(sock, {"failed": str(error)})
    finally:
        shutil.rmtree(set_up["work"], onerror=_make_removable)


def _keep(sock: socket.socket, set_up: dict[str, Any]) -> None:
    """Fork the warden into its namespaces and wait for its end; this process stays on the machine's mounts."""
    own_pids = set_up["isolation"] == "namespaces"
    user, group = os.geteuid(), os.getegid()
    flags = kernel_calls.CLONE_NEWPID if own_pids else 0
    if not _is_permitted(kernel_calls.CLONE_NEWNS):
        flags |= kernel_calls.CLONE_NEWUSER
    kernel_calls.unshare(flags)
    if flags & kernel_calls.CLONE_NEWUSER:
        _map_user(user, group)
    child = os.fork()
    if child == 0:
        _become_warden(sock, set_up, own_pids=own_pids)
    sock.close()
    os.waitpid(child, 0)


def _is_permitted(flags: int) -> bool:
    """Tried in a child; root in a container often may not."""
    child = os.fork()
    if child == 0:
        try:
            kernel_calls.unshare(flags)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _map_user(user: int, group: int) -> None:
    """The same ids inside as outside: the function shall not believe that it is root."""
    for name, content in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(content)


def _become_warden(sock: socket.socket, set_up: dict[str, Any], *, own_pids: bool) -> NoReturn:
    try:
        kernel_calls.die_with_parent(signal.SIGKILL)
        kernel_calls.unshare(kernel_calls.CLONE_NEWNS)
        private_root.build(private_root.RootPlan(**set_up["root"]), own_proc=own_pids)
        if not own_pids:
            kernel_calls.adopt_orphans()
        _Warden(sock, alone=own_pids).serve()
    except OSError as error:
        _send(sock, {"failed": str(error)})
    finally:
        os._exit(0)


class _Warden:
    """`alone`: everything else in this PID namespace is the environment's."""

    def __init__(self, sock: socket.socket, *, alone: bool) -> None:
        self._sock = sock
        self._alone = alone
        self._ids: dict[int, int] = {}  # pid -> the sandbox's id
        self._frozen: set[int] = set()

    def serve(self) -> None:
        selector = selectors.DefaultSelector()
        wake_read, wake_write = socket.socketpair()
        for end in (wake_read, wake_write):
            end.setblocking(False)
        signal.set_wakeup_fd(wake_write.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        selector.register(self._sock, selectors.EVENT_READ)
        selector.register(wake_read, selectors.EVENT_READ)
        _send(self._sock, {"ready": True})
        try:
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if wake_read in ready:
                    wake_read.recv(4096)
                    self._reap()
                if self._sock in ready and not self._take_message():
                    return
        finally:
            self._kill_all()

    def _take_message(self) -> bool:
        try:
            packet, descriptors, _, _ = socket.recv_fds(self._sock, _MAX_PACKET, 1)
        except ConnectionError:
            return False
        if not packet:
            return False
        message = json.loads(packet)
        if "spawn" in message:
            self._spawn(message, descriptors[0])
        elif "signal" in message:
            self._signal(message["signal"], message["number"])
        elif "freeze" in message:
            _send(self._sock, {"answered": message["freeze"], "stopped": self._freeze()})
        elif "thaw" in message:
            self._thaw()
            _send(self._sock, {"answered": message["thaw"]})
        elif "kill_all" in message:
            self._kill_all()
            _send(self._sock, {"answered": message["kill_all"]})
        return True

    def _spawn(self, message: dict[str, Any], output: int) -> None:
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            _execute(message, output, write_end)
        os.close(write_end)
        os.close(output)
        with open(read_end, "rb") as pipe:
            failure = pipe.read()
        if failure:
            os.waitpid(pid, 0)
            _send(self._sock, {"not_spawned": message["spawn"], "errno": int(failure)})
        else:
            self._ids[pid] = message["spawn"]
            _send(self._sock, {"spawned": message["spawn"], "pid": pid})

    def _signal(self, process_id: int, number: int) -> None:
        for pid, known in self._ids.items():
            if known == process_id:
                # Its group, as AWS's supervisor does. Not reaped yet, so the number is still its own.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, number)

    def _living(self) -> list[process_tree.ProcessState]:
        states = process_tree.all_states()
        if self._alone:
            return [state for pid, state in states.items() if pid != 1]
        return process_tree.descendants(os.getpid(), states)

    def _freeze(self) -> int:
        """Stop everything; what was stopped already by somebody else is not ours to continue."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < deadline:
            running = [state.pid for state in self._living() if state.state not in process_tree.STOPPED_STATES]
            if not running:
                break
            # Again until a look finds nothing: a process may fork between the look and the signal.
            for pid in running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
                self._frozen.add(pid)
        return len(self._frozen)

    def _thaw(self) -> None:
        for pid in self._frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self._frozen.clear()

    def _kill_all(self) -> None:
        deadline = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < deadline:
            living = self._living()
            for state in living:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(state.pid, signal.SIGKILL)
            self._reap()
            if not living:
                break
            time.sleep(0.001)
        self._frozen.clear()

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._frozen.discard(pid)
            if pid in self._ids:
                _send(self._sock, {"exited": self._ids.pop(pid), "status": status})


def _execute(message: dict[str, Any], output: int, failure: int) -> NoReturn:
    """In the child: become the program, or write the error number to `failure`."""
    try:
        # A group of its own, as AWS's supervisor gives it; not a session: with autogroups that would change priorities.
        os.setpgid(0, 0)
        kernel_calls.die_with_parent(signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(message["cwd"])
        os.execvpe(message["argv"][0], message["argv"], message["env"])  # noqa: S606 - no shell is meant
    except OSError as error:
        os.write(failure, str(error.errno or 0).encode())
    finally:
        os._exit(127)


def _send(sock: socket.socket, message: dict[str, Any]) -> None:
    # The sandbox may be gone; the next read tells.
    with contextlib.suppress(ConnectionError):
        sock.send(json.dumps(message).encode())


def _make_removable(function: Any, path: str, _failure: Any) -> None:
    """Give the owner his rights back where a function took them away, and try once more."""
    with contextlib.suppress(OSError):
        os.chmod(os.path.dirname(path), 0o700)
        os.chmod(path, 0o700, follow_symlinks=True)
        function(path)


if __name__ == "__main__":
    main(int(sys.argv[1]))
