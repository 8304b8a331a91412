"""A private mount namespace for the functions under test: names fail or hang as the scenario wants, on any machine.

/etc/resolv.conf names a loopback address. Nothing listens there (a look-up fails at once), or, with `hanging_dns`, a
socket that never answers; that one needs a private network namespace too, since port 53 of the machine is not ours.
Run as a script inside the namespaces, it sets them up and becomes the command.
"""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile

RESOLVER = "127.0.0.253"
FILES = {
    "/etc/resolv.conf": f"nameserver {RESOLVER}\noptions timeout:30 attempts:1\n",
    "/etc/nsswitch.conf": "hosts: files dns\n",
}
SIOCSIFFLAGS, IFF_UP = 0x8914, 1  # <linux/sockios.h>, <linux/if.h>


@functools.cache
def permitted() -> bool:
    """Whether this system lets us make namespaces: root may, and others on kernels with user namespaces."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_unshare("-mn"), "true"], check=False, capture_output=True).returncode == 0


def isolated(command: list[str], *, hanging_dns: bool = False) -> list[str]:
    """The command, to be run with names under our control; as it is where namespaces are not permitted."""
    if not permitted():
        return command
    namespaces = _unshare("-mn" if hanging_dns else "-m")
    return [*namespaces, sys.executable, "-S", __file__, "hang" if hanging_dns else "fail", *command]


def _unshare(namespaces: str) -> list[str]:
    return ["unshare", namespaces] if os.geteuid() == 0 else ["unshare", "-Ur", namespaces]


def main(mode: str, *command: str) -> None:
    for path, content in FILES.items():
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(content)
            file.flush()
            subprocess.run(["mount", "--bind", file.name, path], check=True)
    if mode == "hang":
        _never_answer()
    os.execvp(command[0], command)


def _never_answer() -> None:
    """Bring loopback up and leave a child behind that holds port 53; it is killed with its process group."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(listener, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
    listener.bind((RESOLVER, 53))
    if os.fork() == 0:
        signal.pause()
    listener.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
