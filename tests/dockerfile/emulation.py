"""Programs of another architecture, run by qemu in a user namespace of their own: nothing of the machine changes.

Since Linux 6.7 each user namespace can have its own binfmt_misc, the kernel's table of who runs which file.

    python -m tests.dockerfile.emulation COMMAND...      runs it where arm64's programs can be started
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from aftercall.sandbox import kernel_calls

TABLE = Path("/proc/sys/fs/binfmt_misc")
NAME = "aftercall-arm64"
INTERPRETER = "qemu-aarch64-static"
# An ELF header up to e_machine: 64 bits, little-endian, executable or shared object (the mask leaves both), EM_AARCH64.
MAGIC = b"\x7fELF\x02\x01\x01" + 9 * b"\x00" + b"\x02\x00\xb7\x00"
MASK = 7 * b"\xff" + b"\x00" + 8 * b"\xff" + b"\xfe\xff\xff\xff"
IDENTITY = "0 0 65536\n"
"""Each user and group is itself: files made inside belong to the same ones outside."""


def missing() -> str:
    """Why it cannot be done here, and the remedy; empty where it can."""
    if platform.machine() != "x86_64":
        return f"emulation of arm64 was made for x86_64 machines, this one is {platform.machine()}"
    if not shutil.which(INTERPRETER):
        return f"{INTERPRETER}: apt-get install qemu-user-static"
    release = tuple(int(part) for part in platform.release().split(".")[:2])
    if release < (6, 7):
        return f"Linux 6.7 or newer, where a user namespace has its own binfmt_misc; this is {platform.release()}"
    if os.geteuid() != 0:
        return "root, who may map users into a namespace: sudo make layer-arm64"
    return ""


def active() -> bool:
    """This process runs in such a namespace."""
    return (TABLE / NAME).exists()


def run(command: list[str]) -> int:
    """Exit status of the command, run where files of arm64 can be started."""
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            kernel_calls.unshare(kernel_calls.CLONE_NEWUSER | kernel_calls.CLONE_NEWNS)
            os.write(ready[1], b".")
            os.read(go[0], 1)
            _register()
            os.execvp(command[0], command)
        except OSError as error:
            print(f"emulation: {error}", file=sys.stderr)
        finally:
            os._exit(127)
    os.close(ready[1])
    if os.read(ready[0], 1):
        for kind in ("uid", "gid"):
            Path(f"/proc/{child}/{kind}_map").write_text(IDENTITY)
        os.write(go[1], b".")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _register() -> None:
    """F: the interpreter is opened now, so that it is found in every root; P: argv[0] is kept; O: by descriptor."""
    kernel_calls.mount("none", "/", None, kernel_calls.MS_REC | kernel_calls.MS_PRIVATE)
    kernel_calls.mount("binfmt_misc", str(TABLE), "binfmt_misc", 0)
    magic, mask = ("".join(f"\\x{byte:02x}" for byte in pattern) for pattern in (MAGIC, MASK))
    interpreter = shutil.which(INTERPRETER)
    (TABLE / "register").write_text(f":{NAME}:M::{magic}:{mask}:{interpreter}:FOP")


if __name__ == "__main__":
    if why := missing():
        sys.exit(f"emulation needs {why}")
    sys.exit(run(sys.argv[1:]))
