"""Why nothing is seen: one line for the user, one process frame for the extension, by the interpreter's own means, for
our C part did not load. Older Pythons than those that we watch run this too, 3.6 the oldest.
"""

import posix
import sys
import time

from . import __version__
from .capture_rules import spool_folder, variable


def tell(reason):
    if variable("AFTERCALL_LOG_LEVEL").lower() != "off":
        sys.stderr.write(f"aftercall: this function is not watched: {reason}\n")
        sys.stderr.flush()  # before 3.9 it would be lost with the process image
    spool(reason)


def spool(reason):
    """Write it, if there is a spool. Never raises OSError: without one the extension sees no process at all."""
    pid, start = posix.getpid(), int(time.time() * 1e9)
    version = ".".join(map(str, sys.version_info[:3]))
    header = (
        f'{{"kind":"process","time":{start},"format":2,"runtime":"python","runtime_version":"{version}","pid":{pid}'
        f',"start":{start},"wrapper":"{__version__}","not_watched":{escaped(reason)}}}'
    ).encode("ascii")
    frame = len(header).to_bytes(8, "little") + header
    frame += bytes(-len(frame) % 8)
    head = b"aftcall\2" + bytes(8) + (2).to_bytes(4, "little") + bytes(44)  # it will not be written again, nor used
    path = f"{spool_folder()}/{pid}-{start}-1.segment"
    flags = posix.O_WRONLY | posix.O_CREAT | posix.O_EXCL | posix.O_CLOEXEC | posix.O_NOFOLLOW
    try:
        descriptor = posix.open(path, flags, 0o600)
    except OSError:
        return
    try:
        posix.fchmod(descriptor, 0o600)  # whatever the umask
        posix.write(descriptor, head + frame)
        posix.pwrite(descriptor, len(frame).to_bytes(4, "little"), 8)  # committed
    except OSError:
        pass  # a full disk
    finally:
        posix.close(descriptor)


def escaped(text):
    from json import dumps

    return dumps(text)
