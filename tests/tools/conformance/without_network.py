"""python -m tests.tools.conformance.without_network FOLDER COMMAND...   runs it there, with no network but loopback."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys

SIOCSIFFLAGS, IFF_UP = 0x8914, 1  # <linux/sockios.h>, <linux/if.h>
INSIDE = "--inside"


def main(*arguments: str) -> None:
    if arguments[0] != INSIDE:
        namespaces = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]
        os.execvp("unshare", [*namespaces, sys.executable, "-S", __file__, INSIDE, *arguments])
    _, folder, *command = arguments
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
    os.chdir(folder)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
