"""Runs the tool again where nothing but loopback is, and where Lambda's /opt holds what Datadog's libraries look for.

A network namespace leaves each peer the port that it sends to by default. One of processes takes all with it when the
tool ends, however it ends. One of mounts gives /opt/extensions/datadog-agent: without that file Datadog's libraries
write their traces to the log, with it they send them to the agent beside them, as with Datadog's layer.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import sys

from tests.tools.compare.installed import CACHE, ROOT

INSIDE = "AFTERCALL_COMPARE_INSIDE"
SIOCSIFFLAGS, IFF_UP = 0x8914, 1  # <linux/sockios.h>, <linux/if.h>
DATADOG = "/opt/extensions/datadog-agent"


def enter(arguments: list[str]) -> None:
    """Become the tool inside; does not return."""
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    kinds = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    os.environ[INSIDE] = "1"
    os.chdir(ROOT)
    os.execvp("unshare", ["unshare", *user, *kinds, sys.executable, "-m", "tests.tools.compare", *arguments])


def is_inside() -> bool:
    return INSIDE in os.environ


def prepare() -> None:
    """Once inside."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
    if not os.path.exists(DATADOG):
        file = CACHE / DATADOG.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        below = f"lowerdir={CACHE / 'opt'}:/opt"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", below, "/opt"], check=True)
