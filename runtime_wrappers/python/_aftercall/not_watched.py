"""One process frame that says why nothing is seen, by the interpreter's own means: our C part did not load."""

import posix
import sys
import time

from . import __version__
from .capture_rules import spool_folder


def spool(reason):
    """Write it, if there is a spool. Never raises OSError: without one the extension sees no process at all."""
    pid, start = posix.getpid(), time.time_ns()
    version = ".".join(map(str, sys.version_info[:3]))
    header = (
        f'{{"kind":"process","time":{start},"format":1,"runtime":"python","runtime_version":"{version}","pid":{pid}'
        f',"start":{start},"wrapper":"{__version__}","not_watched":{escaped(reason)}}}'
    ).encode("ascii")
    path = f"{spool_folder()}/{pid}-{start}-1.open"
    flags = posix.O_WRONLY | posix.O_APPEND | posix.O_CREAT | posix.O_EXCL | posix.O_CLOEXEC | posix.O_NOFOLLOW
    try:
        descriptor = posix.open(path, flags, 0o600)
    except OSError:
        return
    try:
        posix.write(descriptor, len(header).to_bytes(8, "little") + header)
    finally:
        posix.close(descriptor)


def escaped(text):
    from json import dumps

    return dumps(text)
